"""Loading the demonstration step by step. Each step is one transaction, and the ledger remembers that it was done."""

from collections.abc import Callable, Iterator

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from content.models import Article
from evidence import ledger
from evidence.models import LedgerEvent
from reviews.demo import (
    access_checks,
    chemotherapy,
    kaposi,
    library,
    overview,
    people,
    side_effects,
)
from reviews.demo.names import uid

VERB = "load demonstration"

# What others link to goes first, so that the links are live when the page is published.
STEPS: dict[str, Callable[[], None]] = {
    "people": people.load,
    "library": library.load,
    side_effects.SLUG: side_effects.load,
    overview.SLUG: overview.load,
    chemotherapy.SLUG: chemotherapy.load,
    kaposi.SLUG: kaposi.load,
    "access checks": access_checks.load,
}


def steps_to_do() -> list[str]:
    """List the steps in order: all of them in an empty database, none where the demonstration was loaded to its end."""
    done = {event.facts["step"] for event in LedgerEvent.objects.filter(verb=VERB)}
    return [step for step in STEPS if step not in done]


def do(step: str) -> None:
    with transaction.atomic():
        if step in steps_to_do():  # asked again: another process may have done it meanwhile
            STEPS[step]()
            ledger.record(VERB, by=None, at=timezone.now(), rows=[], step=step)


def foreign_rows() -> Iterator[str]:
    """Say in words what somebody else has put into this database."""
    was_begun = "people" not in steps_to_do()
    ours = [login.username for login in people.LOGINS] if was_begun else []
    users = get_user_model()._default_manager.exclude(username__in=ours).order_by("pk")
    yield from (f"the account “{user.get_username()}”" for user in users[:3])
    articles = Article.objects.exclude(uid__in=[uid(step) for step in STEPS] if was_begun else [])
    yield from (f"the article “{article}”" for article in articles[:3])
    houses = Organisation.objects.exclude(
        code__in=[row["code"] for row in people.ORGANISATIONS] if was_begun else []
    )
    yield from (f"the organisation “{house}”" for house in houses[:3])
