"""PostgreSQL: a ruling on a source is withdrawn at the very moment in which a page that rests on it is published."""

import threading

import pytest
from django.db import connection, connections

from content.models import Notice, Publication
from reviews import withdrawing
from tests import cast
from tests.reviews.test_ruling_references import new_version, next_edition, rule

pytestmark = pytest.mark.postgres


@pytest.fixture
def people(fresh_database):
    return cast.cast()


def test_a_page_published_while_its_ruling_is_withdrawn_says_so(people, monkeypatch):
    row = cast.reference(people["lib"])
    with cast.as_person(people["lib"]):
        row.type, row.version = "guideline", "2.2026"
        row.save()
    page = cast.published(people)
    new_version(people)
    edition = next_edition(page, people)
    [stored] = rule(people["cid"])
    # Nothing that is public cites it while the withdrawal looks: the page was taken down meanwhile.
    from reviews import publishing

    publishing.withdraw(page, by=people["dora"], reason=next(iter(reasons())), note="Back soon.")
    cast.sign(edition, people["edi"], "editorial-review")
    original, done = withdrawing.refusals, []

    def meanwhile(*args, **kwargs):
        def other():
            try:
                done.append(cast.publish(edition, people["dora"]))
            finally:
                connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        return original(*args, **kwargs)

    monkeypatch.setattr(withdrawing, "refusals", meanwhile)
    withdrawing.withdraw_from_reference(stored, by=people["cid"], reason="I read the wrong one.")

    assert done, "publishing waited for the withdrawal: then there is no race"
    [live] = Publication.objects.live()
    assert live.last_medical_review_on is None or Notice.objects.filter(publication=live).exists()


def reasons():
    from content.models import WithdrawalReason

    return WithdrawalReason.values


def test_two_who_withdraw_one_ruling_at_once_are_told_so(people, monkeypatch):
    """No live page cites the work any more, so neither waits for the other."""
    from content.findings import Refused
    from reviews import publishing

    row = cast.reference(people["lib"])
    with cast.as_person(people["lib"]):
        row.type, row.version = "guideline", "2.2026"
        row.save()
    page = cast.published(people)
    new_version(people)
    [stored] = rule(people["cid"])
    publishing.withdraw(page, by=people["dora"], reason=reasons()[0], note="Back soon.")
    original = withdrawing.refusals
    seen = []

    def meanwhile(*args, **kwargs):
        found = list(original(*args, **kwargs))
        if not seen:
            seen.append(True)

            def other():
                withdrawing.withdraw_from_reference(stored, by=people["dora"], reason="Second tab.")
                connections.close_all()

            thread = threading.Thread(target=other)
            thread.start()
            thread.join(20)
        return found

    monkeypatch.setattr(withdrawing, "refusals", meanwhile)
    with pytest.raises(Refused):
        withdrawing.withdraw_from_reference(stored, by=people["cid"], reason="First tab.")
