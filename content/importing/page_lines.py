"""Lines that are about the page and no part of its text, and what headings say of their sections."""

import re

from content.models import SectionKind

_REFERENCES = re.compile(r"(?:References|Referencias):?", re.IGNORECASE)
_LABELS = (
    "Last Revised|Last Medical Review|Last Reviewed|Last Updated|Actualización más reciente|Última actualización"
    "|Última revisión médica completa|Última revisión médica|Última revisión"
)
_DATE = re.compile(rf"(?:{_LABELS}):.{{1,120}}", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:Developed|Written|Reviewed|Medically reviewed|Desarrollado|Escrito|Revisado) (?:by|por) "
    r".{0,300}(?:\b(?:content team|staff|editorial board|medical review|contribution)\b|\bequipo (?:de|médico)\b)"
    r".{0,300}",
    re.IGNORECASE,
)
_SIDE_EFFECTS = re.compile(r"\bside effects?\b|\befectos secundarios\b", re.IGNORECASE)
_SEE_ALSO = re.compile(r"(?:more information|to learn more|learn more|más información)\b", re.IGNORECASE)


def begins_references(heading: str) -> bool:
    return _REFERENCES.fullmatch(heading) is not None


def is_date(line: str) -> bool:
    return _DATE.fullmatch(line) is not None


def is_credit(line: str) -> bool:
    return _CREDIT.fullmatch(line) is not None


def kind_of(heading: str) -> SectionKind:
    # A hint: an editor may choose another.
    if _SIDE_EFFECTS.search(heading):
        return SectionKind.SIDE_EFFECTS
    return SectionKind.SEE_ALSO if _SEE_ALSO.match(heading) else SectionKind.TEXT
