"""What a reader sees, made from a snapshot and the facts of its publication alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from content import prose
from content.citing import formatting
from content.integrity import article_integrity
from content.models import Edition, Notice, PageFrame, Publication, SectionKind
from content.public import addresses, alternates, pictures
from content.public.alternates import Alternate
from content.public.markers import Markers, Place
from content.public.pictures import Figure
from content.snapshots import snapshot
from content.snapshots.snapshot import Snapshot
from content.translations import source_edition

# What a preview prints where the access date is still missing; the gate lets no such page out.
NO_DATE = "[…]"


@dataclass(frozen=True)
class Facts:
    """What stands on the page and was not typed: earned, computed or recorded."""

    number: int | None = None
    last_revised_on: date | None = None
    last_medical_review_on: date | None = None
    before_minor_corrections: bool = False
    credit: str = ""
    notices: list[Notice] = field(default_factory=list)
    published_at: datetime | None = None
    # Of a translation: the page it was made from, where that has changed since.
    newer_source: Alternate | None = None


@dataclass(frozen=True)
class PageSection:
    anchor: str
    level: int
    heading: str
    pronunciation: str
    body: SafeString
    kind: str
    picture: Figure | None


@dataclass(frozen=True)
class PageReference:
    """Without an anchor where the text has no markers."""

    text: SafeString
    anchor: str
    places: list[Place]


@dataclass(frozen=True)
class Page:
    language: str
    title: str
    lead: SafeString
    sections: list[PageSection]
    references: list[PageReference]
    facts: Facts
    frame: PageFrame | None
    public_note: str

    @property
    def contents(self) -> list[PageSection]:
        return [section for section in self.sections if section.level == 2 and section.heading]

    @property
    def has_markers(self) -> bool:
        return any(reference.anchor for reference in self.references)

    @property
    def last_revised(self) -> str:
        return self.written(self.facts.last_revised_on)

    @property
    def last_medical_review(self) -> str:
        return self.written(self.facts.last_medical_review_on)

    def written(self, day: date | None) -> str:
        return formatting.date_text(day, self.language) if day else ""


def facts_of(publication: Publication) -> Facts:
    # As published, less what a later notice took away.
    notices = [
        n
        for n in publication.notices.select_related("lifted_by")
        if not hasattr(n, "lifted_by") and n.lifts_id is None
    ]
    corrected = [notice for notice in notices if notice.credit is not None]
    newest = corrected[-1] if corrected else None
    return Facts(
        number=publication.edition.number,
        last_revised_on=publication.last_revised_on,
        last_medical_review_on=newest.last_medical_review_on
        if newest
        else publication.last_medical_review_on,
        before_minor_corrections=(newest or publication).before_minor_corrections,
        credit=newest.credit or "" if newest else publication.credit,
        notices=notices,
        published_at=publication.from_at,
    )


def published(publication: Publication) -> Page:
    content = snapshot.parsed(publication.edition.snapshot)
    source = newer_source(content, publication.edition)
    return page(content, replace(facts_of(publication), newer_source=source), pictures_at=pictures.PUBLIC)


def newer_source(content: Snapshot, edition: Edition) -> Alternate | None:
    newer = source_edition.newer(edition.article, content["parts"]["listing"]["source"])
    return alternates.page_of(newer.article) if newer else None


def of_edition(edition: Edition, facts: Facts) -> Page:
    return page(snapshot.parsed(edition.snapshot), facts)


def page(content: Snapshot, facts: Facts, *, pictures_at: str = pictures.STAFF) -> Page:
    parts = content["parts"]
    text = parts["text"]
    texts = [text["lead"], *(section["body"] for section in text["sections"])]
    public = addresses.public([link.href for html in texts for link in prose.links(html)])
    markers = Markers(parts["references"], texts)
    with translation.override(content["language"]):
        return Page(
            language=content["language"],
            title=text["title"],
            lead=rendered(text["lead"], public, markers),
            sections=list(
                sections(parts, public, markers, pictures.figures(parts["figures"], address=pictures_at))
            ),
            references=list(references(parts, markers)),
            facts=facts,
            frame=article_integrity.frame(),
            public_note=parts["public_note"]["text"],
        )


def rendered(html: str, public: dict[str, str], markers: Markers) -> SafeString:
    """Return prose as stored, cleaned once more (whoever wrote it), its inner links resolved and its markers
    numbered.
    """
    linked = prose.linked(prose.canonical(html), lambda uid: public.get(f"{addresses.ARTICLE}{uid}"))
    marked = prose.marked(linked, markers.sign)
    # A table wider than a phone scrolls by itself, and must then be reachable by keyboard.
    reachable = marked.replace("<table>", '<table tabindex="0">')
    return mark_safe(reachable)  # noqa: S308  canonical() is the sanitiser


def sections(
    parts: dict[str, Any], public: dict[str, str], markers: Markers, figures: list[Figure]
) -> Iterator[PageSection]:
    spoken = {drug["uid"]: drug["pronunciation"] for drug in parts["drugs"]}
    unplaced = iter(figures)
    seen: set[str] = {"references", *markers.anchors}
    for section in parts["text"]["sections"]:
        is_figure = section["kind"] == SectionKind.FIGURE
        yield PageSection(
            anchor=anchor(section["heading"], seen),
            level=section["level"],
            heading=section["heading"],
            pronunciation=spoken.get(section["drug"], "") if section["drug"] else "",
            body=rendered(section["body"], public, markers),
            kind=section["kind"],
            picture=next(unplaced) if is_figure else None,
        )


def anchor(heading: str, seen: set[str]) -> str:
    """Return an id that no other heading of the page has."""
    base = slugify(heading) or "section"
    name, number = base, 2
    while name in seen:
        name, number = f"{base}-{number}", number + 1
    seen.add(name)
    return name


def references(parts: dict[str, Any], markers: Markers) -> Iterator[PageReference]:
    both = zip(parts["references"], parts["access_dates"], strict=True)
    for number, (entry, access) in enumerate(both, start=1):
        yield PageReference(reference(entry, access), markers.anchor(number), markers.places(number))


def reference(entry: dict[str, Any], access: dict[str, Any]) -> SafeString:
    """Return the house-style string with its access date in its slot and its address made a link."""
    before, *after = entry["text"]
    html = linked_address(before, entry["url"], entry["href"])
    if after:
        html += escape(access["printed"] or NO_DATE) + escape(after[0])
    return mark_safe(html)  # noqa: S308  every piece was escaped


def linked_address(text: str, url: str, href: str) -> str:
    start = text.rfind(url) if url and href.startswith(("http://", "https://")) else -1
    if start < 0:
        return str(escape(text))
    link = f'<a href="{escape(href)}">{escape(url)}</a>'
    return f"{escape(text[:start])}{link}{escape(text[start + len(url) :])}"
