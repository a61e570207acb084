"""An article as a file, for people who review on paper. What they read there is what the edition's digest covers."""

from reviews.exporting.files import FORMATS, File, of_draft, of_edition

__all__ = ["FORMATS", "File", "of_draft", "of_edition"]
