"""PostgreSQL: a ruling on a source is withdrawn at the very moment in which somebody builds upon it, or withdraws it too."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from content.models import Publication
from evidence.findings import Refused
from reviews import publishing
from reviews.decisions import withdrawing
from tests import cast
from tests.reviews.decisions.test_reference_rulings import new_version, next_edition, rule

pytestmark = pytest.mark.postgres


@pytest.fixture
def people(people_there):
    return people_there


@pytest.fixture
def ruled(people):
    """An edition that rests on a ruling, and the ruling. Nothing that is public cites the work."""
    row = cast.reference(people["lib"])
    with cast.as_person(people["lib"]):
        row.type, row.version = "guideline", "2.2026"
        row.save()
    page = cast.published(people)
    new_version(people)
    edition = next_edition(page, people)
    [ruling] = rule(people["cid"])
    publishing.withdraw(page, by=people["dora"], reason="outdated", note="Back soon.")
    cast.sign(edition, people["edi"], "editorial-review")
    return edition, ruling


@pytest.fixture
def elsewhere():
    """Does something over another connection; its outcome, once it has come."""
    with ThreadPoolExecutor(1) as pool:

        def begin(act):
            def closed():
                try:
                    return act()
                finally:
                    connections.close_all()

            return pool.submit(closed)

        yield begin


def while_it_is_withdrawn(monkeypatch, begin):
    """Begins something between the lock of the withdrawal and its first row; gives what that came to."""
    original, begun = withdrawing.refusals, []

    def meanwhile(*args, **kwargs):
        if not begun:
            begun.append(begin())
            with pytest.raises(TimeoutError):
                begun[0].result(timeout=1)
        return original(*args, **kwargs)

    monkeypatch.setattr(withdrawing, "refusals", meanwhile)
    return begun


def test_nothing_is_published_on_a_ruling_that_is_being_withdrawn(people, ruled, elsewhere, monkeypatch):
    edition, ruling = ruled
    begun = while_it_is_withdrawn(
        monkeypatch, lambda: elsewhere(lambda: cast.publish(edition, people["dora"]))
    )

    withdrawing.withdraw_from_reference(ruling, by=people["cid"], reason="I read the wrong one.")

    with pytest.raises(Refused) as refused:
        begun[0].result(timeout=30)
    assert "medical-review-missing" in refused.value.codes
    assert not Publication.objects.live().exists()


def test_of_two_who_withdraw_one_ruling_at_once_the_second_is_told_so(people, ruled, elsewhere, monkeypatch):
    _, ruling = ruled
    twice = {"by": people["dora"], "reason": "Second tab."}
    begun = while_it_is_withdrawn(
        monkeypatch, lambda: elsewhere(lambda: withdrawing.withdraw_from_reference(ruling, **twice))
    )

    withdrawing.withdraw_from_reference(ruling, by=people["cid"], reason="First tab.")

    with pytest.raises(Refused) as refused:
        begun[0].result(timeout=30)
    assert refused.value.codes == ["already-withdrawn"]
