"""What an editor fills in of a reference: which field holds which variable of CSL-JSON, and which types print it."""

from content.models import ReferenceType
from content.models.references import COLUMNS as VARIABLES_WITH_A_COLUMN

# Fields of variables that have no column of their own: they are kept in `more`.
VARIABLES = {
    "container_title_short": "container-title-short",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "status": "status",
    "chapter_number": "chapter-number",
    "edition": "edition",
    "publisher": "publisher",
    "publisher_place": "publisher-place",
    "genre": "genre",
}
WITH_A_FIELD = {*VARIABLES.values(), *VARIABLES_WITH_A_COLUMN, "editor", "issued", "type", "id", "accessed"}

PAPERS = (ReferenceType.ARTICLE_JOURNAL, ReferenceType.PAPER_CONFERENCE)
BOUND = (ReferenceType.BOOK, ReferenceType.CHAPTER, ReferenceType.LABEL)
PAGES = (
    ReferenceType.WEBPAGE, ReferenceType.AGENCY_PAGE, ReferenceType.GUIDELINE, ReferenceType.REPORT, ReferenceType.DOCUMENT,
)  # fmt: skip
# The types for which the house style prints a field; and books are known by their ISBN. What is not here serves all.
USED_BY: dict[str, tuple[ReferenceType, ...]] = {
    "container_title": (*PAPERS, ReferenceType.CHAPTER, *PAGES),
    "container_title_short": PAPERS,
    "volume": PAPERS,
    "issue": PAPERS,
    "page": (*PAPERS, *BOUND),
    "status": PAPERS,
    "version": PAGES,
    "chapter_number": (ReferenceType.CHAPTER,),
    "edition": BOUND,
    "editors": (ReferenceType.BOOK, ReferenceType.CHAPTER),
    "publisher_place": BOUND,
    "publisher": BOUND,
    "genre": (ReferenceType.BOOK, ReferenceType.LABEL),
    "isbn": (ReferenceType.BOOK, ReferenceType.CHAPTER),
}
STATUSES = {"": "in print, or not stated", "advance-online-publication": "online ahead of print"}
# A change of these may make it another work, or one that the library has.
TELLING = {
    "type", "title", "authors", "issued_on", "version", "volume", "page", "edition", "url", "doi", "pmid", "isbn",
}  # fmt: skip

FIELDSETS = (
    (None, {"fields": ("type", "title", "authors", "issued_on")}),
    (
        "Where it was published",
        {
            "fields": (
                "container_title", "container_title_short", ("volume", "issue", "page"), "status", "version",
            )
        },
    ),
    (
        "Book, chapter or label",
        {"fields": (("chapter_number", "edition"), "editors", ("publisher_place", "publisher"), "genre")},
    ),
    ("Address and identifiers", {"fields": ("url", ("doi", "pmid"), "isbn")}),
    ("Retraction and newer versions", {"fields": ("superseded_by", ("retraction", "retracted_on"), "retraction_source")}),
    ("Further CSL variables", {"classes": ("collapse",), "fields": ("further",)}),
)  # fmt: skip
