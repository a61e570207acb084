"""How the codes and days that a snapshot stores are shown to people. What is frozen stays as it is."""

from datetime import date

from django.db.models import TextChoices

from accounts.models import Organisation
from content import languages
from content.models import ArticleType, Found, ReferenceType, SectionKind, Supports
from content.models.drugs import AdministrationRoute, Status
from content.models.references import CSL_TYPES
from content.phrases import long_date

# CSL has one type for what the library tells apart only where the two are called by other names.
CSL_LABELS = {
    csl: ReferenceType(ours).label for ours, csl in CSL_TYPES.items() if csl not in ReferenceType.values
}


def label(choices: type[TextChoices], code: str | None) -> str:
    """Return the label of a code; of one that is no longer known, its words."""
    if not code:
        return ""
    return str(choices(code).label) if code in choices.values else code.replace("-", " ")


def article_type(code: str | None) -> str:
    return label(ArticleType, code)


def section_kind(code: str) -> str:
    return label(SectionKind, code)


def reference_type(code: str) -> str:
    return CSL_LABELS.get(code) or label(ReferenceType, code)


def route(code: str) -> str:
    return label(AdministrationRoute, code)


def found(code: str | None) -> str:
    return label(Found, code)


def supports(code: str | None) -> str:
    return label(Supports, code)


def status(code: str, since: str | None = None) -> str:
    """Return “accelerated approval since May 14, 2020”."""
    return label(Status, code) + (f" since {day(since)}" if since else "")


def day(iso: str | None) -> str:
    try:
        return long_date(date.fromisoformat(iso)) if iso else ""
    except ValueError:
        return iso or ""


def language(code: str) -> str:
    return languages.NAMES.get(code, code)


def society(code: str | None) -> str:
    """Return the organisation's name as it is today, for a snapshot keeps its code alone."""
    if not code:
        return ""
    name = Organisation.objects.filter(code=code).values_list("name", flat=True).first()
    return name or code.upper()
