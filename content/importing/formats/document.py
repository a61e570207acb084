from dataclasses import dataclass, field, replace

from content.decoding import Note
from content.importing.imported import Imported
from content.importing.pieces import LeftOut


@dataclass(frozen=True)
class Document:
    """A file as HTML. What stands on line 12 of the HTML stands on line 12, or in paragraph 12, of the file."""

    html: str
    left_out: list[LeftOut] = field(default_factory=list)
    unsure: list[Note] = field(default_factory=list)

    def reported_in(self, imported: Imported) -> Imported:
        # With what of the file never came into the HTML.
        return replace(
            imported,
            left_out=[*imported.left_out, *self.left_out],
            unsure=[*imported.unsure, *self.unsure],
        )
