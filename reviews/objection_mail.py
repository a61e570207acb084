"""Mail about objections: that one was raised, that one was overruled, that there is a later edition to look at."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from content import outbox
from content.editions import current
from content.models import Act, Article, Edition, Submission
from reviews.approvals import validity
from reviews.models import Decision, Overruling, Signoff

LATELY = timedelta(days=30)


def tell_of_objection(objection: Signoff) -> None:
    """Tell the owner of the article, and whoever submitted the edition."""
    edition, article = objection.edition, objection.edition.article
    outbox.notify(
        answerable_for(edition).exclude(pk=objection.signed_by_id),
        subject=f"Changes requested: {article.title}",
        body=(
            f"{objection.signature()}, on behalf of {objection.organisation_name}, requested changes to edition "
            f"{edition.number} of “{article.title}” ({objection.kind}). Reason: {objection.reason}\n\n"
            "Neither this edition nor a later one can be published until this is answered: change the draft and submit "
            "it again, and ask for a new decision."
        ),
        path=address_of(objection, edition),
        at=objection.signed_at,
    )


def tell_of_overruling(overruling: Overruling) -> None:
    """Tell the author of the objection, and those who are answerable for the edition."""
    objection, edition = overruling.objection, overruling.edition
    author = Q(pk=objection.signed_by_id, is_active=True)
    told = answerable_for(edition) | get_user_model()._default_manager.filter(author)
    outbox.notify(
        told.exclude(pk=overruling.signed_by_id).distinct(),
        subject=f"Objection overruled: {edition.article.title}",
        body=(
            f"{overruling.signature()}, on behalf of {overruling.organisation_name}, overruled the objection of "
            f"{objection.signature()} to edition {objection.edition.number} of “{edition.article.title}” "
            f"({objection.kind}), after reading edition {edition.number}.\n\n"
            f"The objection: {objection.reason}\n\nWhy it was overruled: {overruling.reason}\n\n"
            "Both stay on record. Who still sees a reason against publishing can request changes again."
        ),
        path=address_of(objection, edition),
        at=overruling.signed_at,
    )


def tell_of_later_editions() -> int:
    """Tell everybody whose objection stands against an edition that was submitted lately."""
    objected = Signoff.objects.filter(decision=Decision.REQUEST_CHANGES, withdrawal=None, overruling=None)
    lately = Submission.objects.filter(recorded_at__gte=timezone.now() - LATELY, act=Act.SUBMITTED)
    articles = Article.objects.filter(pk__in=lately.values("article")).filter(
        pk__in=objected.values("edition__article")
    )
    candidates = (current.candidate(article) for article in articles.order_by("pk"))
    return sum(tell_of_later_edition(edition) for edition in candidates if edition)


def tell_of_later_edition(edition: Edition) -> int:
    """Tell everybody whose objection to another edition stands against this one, once."""
    own: dict[User, list[Signoff]] = {}
    for objection in validity.evidence(edition).objections_to(edition):
        if objection.edition_id != edition.pk and objection.signed_by.is_active:
            own.setdefault(objection.signed_by, []).append(objection)
    return sum(tell_author(author, raised, edition) for author, raised in own.items())


def tell_author(author: User, raised: list[Signoff], edition: Edition) -> int:
    return outbox.notify_once(
        edition.article_id,
        [author],
        begins=f"Edition {edition.number} after your objection:",
        title=edition.article.title,
        body=(
            f"Edition {edition.number} of “{edition.article.title}” was submitted for review.\n\n{said(raised)}\n\n"
            "Read what changed. Approve this edition if it answers you, withdraw your objection, or request changes again. "
            "Until then it cannot be published."
        ),
        path=reverse("edition", args=[edition.pk]),
    )


def said(raised: Iterable[Signoff]) -> str:
    return "\n".join(
        f"You requested changes to edition {each.edition.number} ({each.kind}): {each.reason}"
        for each in raised
    )


def answerable_for(edition: Edition) -> QuerySet[User]:
    """Find the owner of the article, and whoever submitted the edition last."""
    newest = edition.submissions.filter(act=Act.SUBMITTED).order_by("-pk").first()
    keys = [edition.article.owner_id, *([newest.recorded_by_id] if newest else [])]
    return get_user_model()._default_manager.filter(pk__in=keys, is_active=True)


def address_of(objection: Signoff, edition: Edition) -> str:
    return f"{reverse('edition', args=[edition.pk])}#objection-{objection.pk}"
