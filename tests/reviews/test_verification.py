"""Whatever somebody changes behind the system's back, `verify` names it."""

import json
from datetime import timedelta
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.access_checks import recording
from content.editions import submitting
from content.integrity import verification
from content.models import Edition, Publication, Reference, Submission
from content.public import pages
from content.snapshots import snapshot
from evidence import ledger, triggers
from evidence.models import LedgerEvent
from reviews.models import KindVersion, Ruling, Signoff
from reviews.verification import everything_holds
from tests import cast
from tests.tampering import change, delete, drop_triggers, execute, triggers_away

pytestmark = pytest.mark.both


@pytest.fixture
def people(db):
    return cast.cast()


def verify(*words):
    printed = StringIO()
    call_command("verify", *words, stdout=printed)
    return printed.getvalue()


def verify_fails(*words):
    printed = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("verify", *words, stdout=printed)
    assert failed.value.returncode == 1
    return printed.getvalue(), str(failed.value)


def queries_of(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def signoff_of(kind, edition):
    return Signoff.objects.get(kind__kind=kind, edition=edition)


def test_verify_of_honest_work_says_that_all_holds(people):
    cast.published(people)
    cast.submitted(people["ann"], title="Another", slug="another")

    printed = verify()

    assert printed == f"2 editions, 2 sign-offs, {LedgerEvent.objects.count()} events: all as recorded\n"


def test_verify_names_a_changed_byte_of_a_snapshot(people):
    publication = cast.published(people)
    edition = publication.edition
    change(edition, snapshot=edition.snapshot.replace("4 mg", "8 mg"))

    printed, last = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {edition.pk}: differs from what the ledger recorded",
        f"content_edition, row {edition.pk}: its bytes do not have its digest {edition.digest}",
        f"content_publication, row {publication.pk}: the bytes of edition 1 do not have their digest",
    ]
    assert last == "3 things are not as they were signed and recorded."


def test_verify_names_a_snapshot_that_was_changed_with_its_digests(people, client):
    publication = cast.published(people)
    edition = publication.edition
    text = edition.snapshot.replace("4 mg", "8 mg")
    digest, parts = snapshot.digest(text), snapshot.part_digests(snapshot.parsed(text))
    change(edition, snapshot=text, digest=digest, parts=json.dumps(parts))
    editorial, medical = (signoff_of(kind, edition).pk for kind in ("editorial-review", "medical-review"))

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {edition.pk}: differs from what the ledger recorded",
        *(
            f"reviews_signoff, row {key}: {misfit}"
            for key in (editorial, medical)
            for misfit in (
                f"was not given on the digest of edition {edition.pk}",
                f"covers parts that edition {edition.pk} does not have",
            )
        ),
        f"content_publication, row {publication.pk}: "
        "edition 1 does not have the digest that the ledger says was published",
    ]
    assert client.get("/articles/immunotherapy-kaposi/").status_code == 503


def test_verify_names_an_edition_moved_to_another_article(people):
    edition = cast.submitted(people["ann"])
    other = cast.article(people["ann"], title="Another", slug="another")
    change(edition, article_id=other.pk)

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {edition.pk}: differs from what the ledger recorded",
        f"content_edition, row {edition.pk}: it belongs to another article",
    ]


def test_verify_names_a_gap_in_the_numbers_of_editions(people):
    edition = cast.submitted(people["ann"])
    change(edition, number=2)

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {edition.pk}: differs from what the ledger recorded",
        f"content_edition, row {edition.pk}: its number is 2 and should be 1",
    ]


def test_verify_names_bytes_that_are_no_snapshot(people):
    edition = cast.submitted(people["ann"])
    change(edition, snapshot="[1]", digest=snapshot.digest("[1]"))

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {edition.pk}: differs from what the ledger recorded",
        f"content_edition, row {edition.pk}: its bytes are no snapshot",
    ]


def test_verify_names_a_signoff_copied_to_another_edition(people):
    signed = cast.signed(cast.submitted(people["ann"]), people)
    other = cast.submitted(people["ann"], title="Another", slug="another")
    copy = signoff_of("medical-review", signed)
    copy.pk, copy.edition, copy._state.adding = None, other, True
    copy.nonce = "copied"
    copy.save()

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {copy.pk}: the ledger knows nothing of it",
        f"reviews_signoff, row {copy.pk}: was not given on the digest of edition {other.pk}",
        f"reviews_signoff, row {copy.pk}: covers parts that edition {other.pk} does not have",
    ]


def test_verify_names_a_signoff_that_covers_less_than_its_kind(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    signoff = signoff_of("medical-review", edition)
    change(signoff, covered=json.dumps({"text": edition.parts["text"]}))

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {signoff.pk}: differs from what the ledger recorded",
        f"reviews_signoff, row {signoff.pk}: does not cover the parts that medical-review, version 1, covers",
    ]


def test_verify_names_a_signoff_with_another_meaning(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    signoff = signoff_of("medical-review", edition)
    change(signoff, meaning="I looked at the title.")

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {signoff.pk}: differs from what the ledger recorded",
        f"reviews_signoff, row {signoff.pk}: does not say what medical-review, version 1, means",
    ]


@pytest.mark.parametrize(
    ("which", "misfit"),
    [
        ("itself", "reviews changes since the very edition it is about"),
        ("another article's", "reviews changes since an edition of another article"),
    ],
)
def test_verify_names_a_review_of_changes_that_starts_elsewhere(people, which, misfit):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    other = cast.submitted(people["ann"], title="Another", slug="another")
    start = edition if which == "itself" else other
    signoff = signoff_of("medical-review", edition)
    change(signoff, scope="changes-only", since_edition_id=start.pk)

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {signoff.pk}: differs from what the ledger recorded",
        f"reviews_signoff, row {signoff.pk}: {misfit}",
    ]


def test_verify_names_a_ruling_that_bridges_what_none_may(people):
    first, other = (
        cast.submitted(people["ann"]),
        cast.submitted(people["ann"], title="Another", slug="another"),
    )
    ruling = Ruling(
        kind=KindVersion.objects.newest("contribution"),
        from_edition=first,
        to_edition=other,
        parts=["drugs", "references"],
        difference="",
        reason="It suits me.",
        signed_by=people["asa"],
        printed_name="Asa Example",
        organisation=cast.asco(),
        organisation_name="ASCO",
        signed_at=timezone.now(),
        authentication="session",
    )
    ruling.save()

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_ruling, row {ruling.pk}: the ledger knows nothing of it",
        f"reviews_ruling, row {ruling.pk}: joins editions of two articles",
        f"reviews_ruling, row {ruling.pk}: bridges more than text and references",
        f"reviews_ruling, row {ruling.pk}: bridges parts that contribution, version 1, does not cover",
    ]


def test_verify_names_a_backdated_row(people):
    signoff = signoff_of("medical-review", cast.signed(cast.submitted(people["ann"]), people))
    change(signoff, signed_at=signoff.signed_at - timedelta(seconds=1))

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {signoff.pk}: differs from what the ledger recorded"
    ]


@pytest.mark.sqlite
def test_verify_names_a_row_with_a_day_that_does_not_exist_and_checks_the_others(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    first, second = signoff_of("editorial-review", edition), signoff_of("medical-review", edition)
    change(first, signed_at="2026-02-30 10:00:00")
    change(second, meaning="I looked at the title.")

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"reviews_signoff, row {first.pk}: differs from what the ledger recorded",
        f"reviews_signoff, row {second.pk}: differs from what the ledger recorded",
        f"reviews_signoff, row {second.pk}: does not say what medical-review, version 1, means",
    ]


def test_verify_names_a_changed_publication(people):
    publication = cast.published(people)
    change(publication, credit="Developed by somebody famous.")

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_publication, row {publication.pk}: differs from what the ledger recorded",
        f"content_publication, row {publication.pk}: "
        "the publication of edition 1 is not as the ledger recorded it",
    ]


def test_verify_names_a_row_that_is_gone(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    signoff = signoff_of("medical-review", edition)
    delete(signoff)

    printed, _ = verify_fails()

    assert printed.splitlines() == [f"reviews_signoff, row {signoff.pk}: recorded in the ledger, and gone"]


def test_verify_names_swapped_ledger_events(people):
    edition = cast.submitted(people["ann"])
    cast.sign(edition, people["edi"], "editorial-review")
    first = LedgerEvent.objects.order_by("number").last()
    cast.sign(edition, people["bob"], "medical-review")
    second = LedgerEvent.objects.order_by("number").last()
    submitting.take_back(edition, by=people["ann"])
    with triggers_away(LedgerEvent):
        for key, number in ((first.pk, 10**6), (second.pk, first.number), (first.pk, second.number)):
            execute("UPDATE evidence_ledgerevent SET number = %s WHERE id = %s", number, key)

    printed, _ = verify_fails()

    editorial, medical = (signoff_of(kind, edition).pk for kind in ("editorial-review", "medical-review"))
    assert printed.splitlines() == [
        f"evidence_ledgerevent, event {first.number}: does not follow the one before it",
        f"evidence_ledgerevent, event {first.number}: its content does not have its digest",
        f"evidence_ledgerevent, event {second.number}: does not follow the one before it",
        f"evidence_ledgerevent, event {second.number}: its content does not have its digest",
        f"evidence_ledgerevent, event {second.number + 1}: does not follow the one before it",
        f"reviews_signoff, row {editorial}: the ledger knows nothing of it",
        f"reviews_signoff, row {medical}: the ledger knows nothing of it",
    ]


def test_verify_names_an_event_cut_out_of_the_ledger(people):
    cast.submitted(people["ann"])
    event = LedgerEvent.objects.get(verb="record access check")
    delete(event)

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"evidence_ledgerevent, event {event.number + 1}: stands where event {event.number} should",
        f"evidence_ledgerevent, event {event.number + 1}: does not follow the one before it",
        f"content_accesscheck, row {event.evidence_rows[0]['key']}: the ledger knows nothing of it",
    ]


def test_verify_sees_a_tail_cut_off_by_an_exported_head_only(people):
    edition = cast.submitted(people["ann"])
    submitting.take_back(edition, by=people["ann"])
    head = verify("--export-head").strip()
    last = LedgerEvent.objects.order_by("number").last()
    delete(last, Submission.objects.get(act="taken-back"))

    without, (with_head, _) = verify(), verify_fails("--head", head)

    assert head == f"{last.number}:{last.digest}"
    assert without == f"1 edition, 0 sign-offs, {last.number - 1} events: all as recorded\n"
    assert with_head.splitlines() == [
        f"evidence_ledgerevent, event {last.number}: the exported head is gone; the end of the ledger was cut off"
    ]


def test_verify_sees_a_tail_written_anew_by_an_exported_head(people):
    edition = cast.submitted(people["ann"])
    submitting.take_back(edition, by=people["ann"])
    head = verify("--export-head").strip()
    last = LedgerEvent.objects.order_by("number").last()
    delete(last, Submission.objects.get(act="taken-back"))
    submitting.take_back(edition, by=people["ann"], note="Another reason.")

    printed, _ = verify_fails("--head", head)

    assert printed.splitlines() == [
        f"evidence_ledgerevent, event {last.number}: differs from the exported head"
    ]


def test_verify_accepts_an_earlier_head(people):
    head = verify("--export-head").strip()
    cast.published(people)

    printed = verify("--head", head)

    assert printed == f"1 edition, 2 sign-offs, {LedgerEvent.objects.count()} events: all as recorded\n"


@pytest.mark.parametrize("head", ["12", "x:y", f"12:{'A' * 64}", f"-1:{'a' * 64}"])
def test_verify_refuses_what_is_no_head(people, head):
    with pytest.raises(CommandError) as refused:
        verify(f"--head={head}")

    assert str(refused.value) == (
        f"“{head}” is not a head. A head looks like 120:9f86d0…: a number, a colon and 64 of 0–9 and a–f, "
        "as `manage.py verify --export-head` printed it."
    )


def test_verify_names_missing_triggers(people):
    connection.check_constraints()
    drop_triggers(Edition)

    printed, _ = verify_fails()

    assert sorted(printed.splitlines()) == sorted(
        f"trigger {trigger.name}: missing or altered; `manage.py migrate` puts it back"
        for trigger in triggers.triggers_for(Edition, connection.vendor)
    )


def test_verify_names_a_live_page_that_cannot_be_made_again(people):
    publication = cast.published(people)
    edition = cast.submitted(people["ann"], title="Another", slug="another")
    text = snapshot.canonical({"uid": str(edition.article.uid), "language": "en", "parts": []})
    bad = Edition(
        article=edition.article,
        number=2,
        snapshot=text,
        digest=snapshot.digest(text),
        parts={},
        created_at=timezone.now(),
    )
    bad.save()
    page = Publication.objects.get(pk=publication.pk)
    page.pk, page.article, page.edition, page._state.adding = None, edition.article, bad, True
    page.save()
    rows = {"rows": [bad, page], "article_uid": edition.article.uid, "digest": bad.digest}
    ledger.record("publish", by=people["dora"], at=timezone.now(), **rows)

    printed, _ = verify_fails()

    assert printed.splitlines() == [
        f"content_edition, row {bad.pk}: its bytes are no snapshot",
        f"content_publication, row {page.pk}: its page cannot be made again: "
        "TypeError: list indices must be integers or slices, not str",
    ]


def test_verify_as_json_says_the_same_to_programs(people):
    publication = cast.published(people)
    honest = json.loads(verify("--json"))
    change(publication, credit="Developed by somebody famous.")

    printed, _ = verify_fails("--json")

    events = LedgerEvent.objects.count()
    newest = LedgerEvent.objects.get(number=events)
    checked = {"editions": 1, "signoffs": 2, "events": events, "live_pages": 1}
    where = f"content_publication, row {publication.pk}"
    assert honest == {"holds": True, "head": f"{events}:{newest.digest}", **checked, "problems": []}
    assert json.loads(printed) == honest | {
        "holds": False,
        "problems": [
            f"{where}: differs from what the ledger recorded",
            f"{where}: the publication of edition 1 is not as the ledger recorded it",
        ],
    }


def test_verify_reads_in_as_few_queries_at_three_articles_as_at_one(people):
    first = cast.published(people)
    alone = queries_of(lambda: list(everything_holds()))
    for number in (2, 3):
        cast.published(people, title=f"Article {number}", slug=f"article-{number}")

    together = queries_of(lambda: list(everything_holds()))

    # Making a page again is the only thing that asks for each article by itself.
    page = (
        queries_of(lambda: pages.published(Publication.objects.select_related("edition").get(pk=first.pk)))
        - 1
    )
    assert together == alone + 2 * page


def test_verify_finds_the_damage_behind_the_first_chunk(people, monkeypatch):
    monkeypatch.setattr(verification, "CHUNK", 2)
    cast.published(people)
    signoff = Signoff.objects.order_by("pk").last()
    last = LedgerEvent.objects.order_by("number").last()
    change(signoff, signed_at=signoff.signed_at - timedelta(days=1))
    change(last, recorded_by_name="Somebody Else")

    printed, _ = verify_fails()

    assert printed.splitlines()[0] == (
        f"evidence_ledgerevent, event {last.number}: its content does not have its digest"
    )
    assert f"reviews_signoff, row {signoff.pk}: differs from what the ledger recorded" in printed.splitlines()


def test_verbs_carried_out_meanwhile_are_no_damage_and_wait_for_nobody(fresh_database):
    people = cast.cast()
    cast.submitted(people["ann"])
    named = {}

    def open_a_source():
        recording.opened(
            Reference.objects.get(), by=people["ann"], on=timezone.localdate(), found="unchanged"
        )
        connection.close()

    with verification.one_moment():
        ledger_problems = list(verification.ledger_holds(named))
        thread = Thread(target=open_a_source)
        thread.start()
        thread.join()
        evidence_problems = list(verification.evidence_holds(named))

    assert (ledger_problems, evidence_problems) == ([], [])
    assert LedgerEvent.objects.filter(verb="record access check").count() == 2
    assert verify() == f"1 edition, 0 sign-offs, {LedgerEvent.objects.count()} events: all as recorded\n"
