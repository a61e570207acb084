"""May the evidence be built upon? Asked under the article's lock by each verb that signs or makes public."""

from collections.abc import Iterable, Iterator

from content.integrity import article_integrity
from content.integrity.verification import misfits
from content.models import Edition, Publication
from content.snapshots import snapshot
from evidence.findings import Finding
from evidence.models import LedgerEvent
from reviews.models import DecisionWithdrawal, ReferenceRuling, RefreshReview


def refusals(edition: Edition) -> Iterator[Finding]:
    return article_integrity.refusals(edition.article, besides=wrong_over_references(edition))


def refusals_of_pages(pages: Iterable[Publication]) -> Iterator[Finding]:
    articles = {page.article_id: page.article for page in pages}
    return article_integrity.refusals(*articles.values())


def refusals_of_act(act: RefreshReview) -> Iterator[Finding]:
    # What somebody goes on with must be what they signed.
    said = LedgerEvent.objects.filter(verb="sign refresh", facts__refresh=act.refresh_id)
    words = article_integrity.words_of(said).get(RefreshReview.evidence_name, {})
    named = {key: word for key, word in words.items() if key == act.pk}
    yield from article_integrity.said(list(misfits(RefreshReview, [(act.pk, act)], named)))


def wrong_over_references(edition: Edition) -> list[str]:
    # Approvals are carried over rulings on cited works, so a damaged ruling spoils them too.
    uids = cited(edition)
    rulings = article_integrity.read(ReferenceRuling.objects.filter(reference__uid__in=uids).order_by("pk"))
    withdrawn = article_integrity.read(
        DecisionWithdrawal.objects.filter(reference_ruling__in=rulings).order_by("pk")
    )
    said = LedgerEvent.objects.filter(article_uid=None, facts__reference__in=uids)
    named = article_integrity.words_of(
        said.filter(verb__in=("rule on reference", "withdraw decision")).order_by("number")
    )
    wrong: list[str] = []
    for model, rows in ((ReferenceRuling, rulings), (DecisionWithdrawal, withdrawn)):
        wrong += misfits(model, rows.items(), named.get(model.evidence_name, {}))
    return wrong


def cited(edition: Edition) -> list[str]:
    try:
        return [entry["uid"] for entry in snapshot.parsed(edition.snapshot)["parts"]["references"]]
    except (ValueError, KeyError, TypeError):  # then it is no snapshot any more, and its own row is named
        return []
