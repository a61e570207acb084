"""How the demonstration's people write, sign and publish: by the same verbs as everybody."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation, User
from content.access_checks import recording
from content.drafts import revisions, saving
from content.editions import submitting
from content.models import (
    Article,
    ArticleType,
    Change,
    Citation,
    Condition,
    Drug,
    Edition,
    Found,
    Publication,
    Reference,
    Section,
    SectionKind,
    Supports,
)
from reviews import publishing, statements
from reviews.decisions import signing
from reviews.decisions.signing import Answer
from reviews.demo.names import uid
from reviews.demo.people import named
from reviews.models import Conflict, Decision, KindVersion


@dataclass(frozen=True)
class Piece:
    heading: str
    body: str
    level: int = 2
    kind: str = SectionKind.TEXT
    drug: str = ""


@dataclass(frozen=True)
class Source:
    """A reference by its key in the library, opened so many days ago; never where `days` is None."""

    key: str
    days: int | None


@dataclass(frozen=True)
class Text:
    """An article as somebody writes it down the first time."""

    slug: str
    title: str
    lead: str
    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]
    type: str = ArticleType.TREATMENT
    condition: str = ""
    co_branded_with: str = ""


def link(slug: str, words: str) -> str:
    return f'<a href="article:{uid(slug)}">{words}</a>'


def drafted(text: Text, *, by: User) -> Article:
    article = Article(
        uid=uid(text.slug),
        slug=text.slug,
        title=text.title,
        lead=text.lead,
        type=text.type,
        condition=Condition.objects.get(uid=uid(text.condition)) if text.condition else None,
        co_branded_with=Organisation.objects.get(code=text.co_branded_with) if text.co_branded_with else None,
        owner=by,
    )
    with revisions.revision(by=by, comment="First draft"):
        saving.begun(article)
        article.save()
        for position, piece in enumerate(text.pieces, start=1):
            add(piece, article, position)
        for position, source in enumerate(text.sources, start=1):
            cite(source, article, position, by=by)
        saving.saved(article)
    return article


def add(piece: Piece, article: Article, position: int) -> None:
    Section(
        article=article,
        position=position,
        level=piece.level,
        kind=piece.kind,
        heading=piece.heading,
        body=piece.body,
        drug=Drug.objects.get(uid=uid(piece.drug)) if piece.drug else None,
    ).save()


def cite(source: Source, article: Article, position: int, *, by: User) -> None:
    reference, check = Reference.objects.get(uid=uid(source.key)), None
    if source.days is not None:
        day = timezone.localdate() - timedelta(days=source.days)
        seen = {"found": Found.UNCHANGED, "title_seen": reference.title}
        check = recording.opened(reference, by=by, on=day, opened_for=article, **seen)
    Citation(
        article=article,
        reference=reference,
        position=position,
        access_check=check,
        supports=Supports.YES if check else Supports.NOT_STATED,
    ).save()


def submitted(article: Article, *, by: User, note: str, change: str = Change.MAJOR) -> Edition:
    return submitting.submit(article, by=by, change=change, note=note)


def signed(edition: Edition, kind: str, *, by: str) -> None:
    person = named(by)
    assert person.organisation is not None
    version, around = KindVersion.objects.newest(kind), statements.around(edition)
    answer = Answer(
        shown=signing.shown_to(edition, version, by=person, organisation=person.organisation, around=around),
        decision=Decision.APPROVE,
        conflict=Conflict.NONE,
        authentication="demonstration",
    )
    signing.sign(edition, kind=kind, by=person, organisation=person.organisation, answer=answer)


def published(edition: Edition, *, by: str) -> Publication:
    person = named(by)
    return publishing.publish(edition, by=person, shown=publishing.shown_to(edition, by=person))
