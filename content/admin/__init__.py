from content.admin import articles, library, records, references

__all__ = ["articles", "library", "records", "references"]
