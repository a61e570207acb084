"""Somebody with every right on the database changes something: verify names it, nothing is built upon it, no reader is misled."""

import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.editions import submitting
from content.integrity import article_integrity
from evidence import triggers
from reviews import publishing
from reviews.decisions import signing, withdrawing
from reviews.models import Signoff
from tests import cast
from tests.flow.attacks import ABSENT, ATTACKS, DAMAGED, NOT_SHOWN, SHOWN, UNGUARDED
from tests.flow.hands import refusals_of
from tests.flow.machine.guards import ROOT
from tests.tampering import change, put_back, stored

ADDRESS = "/articles/immunotherapy-kaposi/"
ADDRESSES = (ADDRESS, f"{ADDRESS}history/", f"{ADDRESS}snapshot.json")


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """The first edition is public and lost a contribution; the second waits to be published. Another article is public."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built()
        transaction.set_rollback(True)


def built():
    people = cast.cast()
    first = cast.signed(cast.submitted(people["ann"]), people, contribution="asa")
    live = cast.publish(first, people["dora"])
    contribution = Signoff.objects.get(kind__kind="contribution")
    withdrawing.withdraw(contribution, by=people["asa"], reason="I was wrong.")
    other = cast.published(people, title="Another", slug="another").edition
    article = first.article
    with cast.saving(article, people["ann"]):
        section = article.sections.first()
        section.body = "<p>Medicines, taken as 4 mg pills, once a day.</p>"
        section.save()
    second = submitting.submit(article, by=people["ann"], change="minor")
    cast.signed(second, people)
    found = {"people": people, "article": article, "first": first, "second": second, "other": other}
    # What pages showed before the attack: there may be nothing left to ask for it.
    cid = people["cid"]
    found["shown"] = publishing.shown_to(second, by=people["dora"])
    found["answer"] = cast.answer(second, "medical-review", cid)
    found["to_rule"] = cast.shown_to_rule(second, first, "medical-review", cid)
    return SimpleNamespace(**found, live=live, head=verified("--export-head")[1].strip())


@pytest.fixture
def attacked(house):
    """What one attack does is undone behind it."""
    before = transaction.savepoint()
    yield house
    transaction.savepoint_rollback(before)


def verified(*words):
    """Whether verify found nothing, and what it printed."""
    printed = StringIO()
    try:
        call_command("verify", *words, stdout=printed)
    except CommandError:  # manage.py ends with exit code 1 then, and with 0 otherwise
        return False, printed.getvalue()
    return True, printed.getvalue()


def evidence():
    return {
        model: stored(model)
        for model in triggers.evidence_models()
        if model._meta.db_table != "evidence_refusal"
    }


def answers(*addresses):
    return [Client().get(address).status_code for address in addresses]


def listed():
    text = Client().get("/").content.decode()
    if "Immunotherapy for Kaposi Sarcoma" in text:
        return SHOWN
    return NOT_SHOWN if f"{ADDRESS}</a>" in text else ABSENT


def publish(house):
    return publishing.publish(house.second, by=house.people["dora"], shown=house.shown)


def signed_and_ruled(house):
    """What signing and ruling are refused for; where they are not, all is as before."""
    cid, before = house.people["cid"], transaction.savepoint()
    asked = {"kind": "medical-review", "by": cid, "organisation": cid.organisation}
    signed = refusals_of(lambda: signing.sign(house.second, answer=house.answer, **asked))
    ruled = refusals_of(lambda: cast.rule(house.second, house.first, cid, shown=house.to_rule))
    if not signed:
        transaction.savepoint_rollback(before)
    # Where nothing is damaged, what the pages showed may be gone.
    return [[code for code in codes if not code.startswith("stale-")] for codes in (signed, ruled)]


def param(attack):
    return pytest.param(
        attack, id=attack.name, marks=getattr(pytest.mark, attack.only) if attack.only else ()
    )


@pytest.mark.parametrize("attack", [param(attack) for attack in ATTACKS])
def test_an_attack_is_named_and_nothing_is_built_upon_it(attacked, attack):
    house, head = attacked, ("--head", attacked.head) if attack.by_head else ()
    backup = {model: stored(model) for model in attack.tables}
    lines = attack.does(house)

    holds, printed = verified(*head)
    as_data = json.loads(verified("--json", *head)[1])

    assert (holds, printed.splitlines()) == (False, lines)
    assert (as_data["holds"], as_data["problems"]) == (False, lines)
    assert answers(*ADDRESSES) == [attack.status] * 3
    assert listed() == attack.listed
    before = evidence()
    # Where nothing is damaged, the page that was shown may be another now as well.
    assert set(refusals_of(lambda: publish(house))) - {"stale-page"} == {attack.code}
    assert signed_and_ruled(house) == (
        [[attack.code]] * 2 if attack.code in (DAMAGED, UNGUARDED) else [[], ["not-minor"]]
    )
    assert evidence() == before
    for model, rows in backup.items():
        put_back(model, rows)
    connection.check_constraints()
    triggers.install(connection)
    assert verified()[0]
    assert answers(*ADDRESSES) == [200] * 3
    assert refusals_of(lambda: publish(house)) == []


def test_the_house_holds_before_it_is_attacked(attacked):
    assert verified("--head", attacked.head)[0]
    assert answers(*ADDRESSES, "/articles/another/") == [200] * 4
    assert listed() == SHOWN


def test_a_damaged_page_can_be_taken_down_and_stays_named_until_it_is_put_back(attacked):
    change(attacked.live, credit="Developed by somebody famous.")
    gone = {"by": attacked.people["dora"], "reason": "unsafe", "note": "Ask your care team."}

    refused = refusals_of(lambda: publishing.withdraw(attacked.live, **gone))

    assert refused == []
    assert verified()[1].splitlines() == [
        f"content_publication, row {attacked.live.pk}: was changed before the ledger recorded its end"
    ]
    assert answers(ADDRESS) == [503]
    change(attacked.live, credit=attacked.live.credit)
    assert verified()[0]
    assert answers(ADDRESS) == [410]


def test_a_sign_off_of_a_damaged_article_can_be_withdrawn(attacked):
    change(attacked.live, credit="Developed by somebody famous.")
    row = Signoff.objects.get(edition=attacked.second, kind__kind="medical-review")

    assert refusals_of(lambda: withdrawing.withdraw(row, by=attacked.people["bob"], reason="No.")) == []


def test_other_articles_are_read_and_listed_while_one_is_damaged(attacked):
    change(attacked.first, snapshot=attacked.first.snapshot.replace("4 mg", "8 mg"))

    page = Client().get("/").content.decode()

    assert answers("/articles/another/", "/", "/content-usage/") == [200] * 3
    assert ("Another" in page, "mg" in page) == (True, False)


def test_a_damaged_draft_that_never_was_public_is_told_to_nobody(attacked):
    edition = cast.submitted(attacked.people["ann"], title="Secret", slug="secret")
    change(edition, number=3)

    assert answers("/articles/secret/", "/articles/secret/history/") == [404, 404]


def test_looking_takes_as_many_queries_at_five_editions_as_at_two(attacked):
    article, people = attacked.article, attacked.people
    few = queries_of(lambda: article_integrity.of(article))
    for number in range(3):
        with cast.saving(article, people["ann"]):
            section = article.sections.first()
            section.body = f"<p>Take {number} pills.</p>"
            section.save()
        cast.signed(submitting.submit(article, by=people["ann"], change="minor"), people)

    many = queries_of(lambda: article_integrity.of(article))

    assert few == many
    assert article.editions.count() == 5


def test_the_front_page_takes_as_many_queries_at_three_articles_as_at_two(attacked):
    Client().get("/")  # what is cached between requests
    two = queries_of(lambda: Client().get("/"))
    cast.published(attacked.people, title="Third", slug="third")

    assert queries_of(lambda: Client().get("/")) == two


def queries_of(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_documentation_has_this_table():
    written = (ROOT / "docs" / "reliability.md").read_text()

    assert table() in written


def table():
    rows = [
        "| what was changed by hand | publishing answers | the address answers | the front page lists it | why not 503 |",
        "|---|---|---|---|---|",
        *(
            f"| {each.name} | `{each.code}` | {each.status} | {each.listed} | {each.why} |"
            for each in ATTACKS
        ),
    ]
    return "\n".join(rows)
