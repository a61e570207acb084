"""A publisher's own words on a withdrawn page: readers see them when somebody else has confirmed them.

The fixed words of the reason stand there at once. Words that name a medicine or an amount, or tell readers to take or stop
something, are confirmed by somebody who may give the medical review.
"""

import re
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.models import Article, Drug, DrugAlias, EndKind, Product, Publication, WordsConfirmation
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.shown import Shown, Statement, Statements
from reviews import statements
from reviews.approvals import integrity
from reviews.decisions import signing
from reviews.models import KindVersion

_OF_TREATMENT = re.compile(
    r"\d|\b(?:mg|mcg|ml|milligrams?|doses?|dosis|tablets?|pills?|pastillas?"
    r"|take|taking|takes?n?|stop|stopp(?:ed|ing)|start(?:ed|ing)?|continue|skip|switch"
    r"|tom[ae]r?|tomando|dej[ae]r?|suspend[ae]r?|contin[úu][ae]r?|empiece|empezar)\b",
    re.IGNORECASE,
)


def confirm(publication: Publication, *, by: User, shown: Shown) -> WordsConfirmation:
    """Show the publisher's own words to readers. The same form sent again gives the same row."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=publication.article_id)
        publication = Publication.objects.select_related("edition__article").get(pk=publication.pk)
        by = permissions.fresh(by)
        refuse_if("confirm words", integrity.refusals(publication.edition))
        if is_sent_again(publication, by, shown):
            return publication.words_confirmation
        refuse_if("confirm words", refusals(publication, by=by, shown=shown))
        row = WordsConfirmation(
            publication=publication,
            words=publication.end_note or "",
            nonce=shown.nonce,
            shown_digest=shown.digest,
            confirmed_by=by,
            confirmed_by_name=str(by),
            confirmed_at=timezone.now(),
        )
        row.save()
        facts = {"edition": publication.edition.number}
        uid = publication.edition.article.uid
        ledger.record("confirm words", by=by, at=row.confirmed_at, article_uid=uid, rows=[row], **facts)
        return row


def is_sent_again(publication: Publication, by: User, shown: Shown) -> bool:
    sent = getattr(publication, "words_confirmation", None)
    return sent is not None and (sent.confirmed_by_id, sent.nonce) == (by.pk, shown.nonce)


def statements_of(publication: Publication, *, by: User) -> Statements:
    """Return what the page states on which the words are confirmed."""
    return {
        **statements.of_person(by),
        "publication": Statement("The page", str(publication.pk), alone=True),
        "words": Statement("What readers would be told", publication.end_note or ""),
    }


def shown_to(publication: Publication, *, by: User) -> Shown:
    return evidence_shown.shown(statements_of(publication, by=by))


def refusals(publication: Publication, *, by: User, shown: Shown) -> Iterator[Finding]:
    yield from who_may_not(publication, by)
    if hasattr(publication, "words_confirmation"):
        yield Finding("already-confirmed", "Somebody confirmed these words already, and readers see them.")
    if publication.end_kind != EndKind.WITHDRAWN or not publication.end_note:
        yield Finding("nothing-to-confirm", "This page has no words of a publisher's own.")
    yield from evidence_shown.changed(shown, statements_of(publication, by=by))


def who_may_not(publication: Publication, by: User) -> Iterator[Finding]:
    if publication.ended_by_id == by.pk:
        yield no_right("You wrote these words yourself, so somebody else has to confirm them.")
    if is_of_treatment(publication.end_note or ""):
        if not is_clinician(by):
            yield no_right(
                "These words name a medicine or an amount, or tell readers what to take or stop, so somebody who gives the "
                "medical review has to confirm them."
            )
    elif not any(
        permissions.may(by, each) for each in (permissions.SUBMIT_EDITION, permissions.PUBLISH_EDITION)
    ):
        yield no_right("Only editors and publishers can confirm these words.")


def is_of_treatment(words: str) -> bool:
    if _OF_TREATMENT.search(words):
        return True
    low = words.casefold()
    return any(name and name.casefold() in low for name in names_of_medicines())


def names_of_medicines() -> Iterator[str]:
    yield from Drug.objects.values_list("generic_name", flat=True)
    yield from DrugAlias.objects.values_list("name", flat=True)
    yield from Product.objects.values_list("brand", flat=True)


def is_clinician(person: User) -> bool:
    kinds = KindVersion.objects.select_related("may_sign").current()
    return any(kind.may_be_full and signing.may_sign(person, kind) for kind in kinds)


def may_confirm(publication: Publication, person: User) -> bool:
    """Tell whether a page should offer it to this person."""
    waits = publication.end_note and not hasattr(publication, "words_confirmation")
    return bool(waits) and not list(who_may_not(publication, person))
