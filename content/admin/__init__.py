from content.admin import articles, library, pictures, records, references

__all__ = ["articles", "library", "pictures", "records", "references"]
