"""What somebody could do who has every right on the database, and what answers: the table of docs/reliability.md.

Each attack is carried out by hand while the triggers are away, on a house in which the first edition of an article is
public, a contribution to it was withdrawn, and its second edition waits to be published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from content.models import Contributor, Edition, Notice, PageFrame, Publication, Submission
from evidence import ledger, triggers
from evidence.models import LedgerEvent
from reviews.models import DecisionWithdrawal, KindVersion, ReferenceRuling, Ruling, Signoff
from tests.tampering import change, delete, drop_triggers, execute, insert, triggers_away

DIFFERS = "differs from what the ledger recorded"
UNKNOWN = "the ledger knows nothing of it"
GONE = "recorded in the ledger, and gone"
DAMAGED, UNGUARDED = "evidence-damaged", "evidence-unguarded"
SHOWN, NOT_SHOWN, ABSENT = "as signed", "“cannot be shown”", "not listed"


@dataclass(frozen=True)
class Attack:
    """`does` carries it out and gives the lines that `verify` must then print; `tables` are those it touches."""

    name: str
    does: Callable
    tables: tuple
    code: str = DAMAGED
    status: int = 503
    listed: str = SHOWN
    why: str = ""
    # Seen only with a head of the ledger that was exported before.
    by_head: bool = False
    # The only database that lets it happen.
    only: str = ""


def line(row, wrong):
    return f"{row._meta.db_table}, row {row.pk}: {wrong}"


def of_event(number, wrong):
    return f"evidence_ledgerevent, event {number}: {wrong}"


def signoff(edition, kind="medical-review"):
    return Signoff.objects.get(edition=edition, kind__kind=kind)


def newest_event():
    return LedgerEvent.objects.order_by("number").last()


def one_byte(house):
    edition = house.first
    change(edition, snapshot=edition.snapshot.replace("4 mg", "8 mg"))
    return [
        line(edition, DIFFERS),
        line(edition, f"its bytes do not have its digest {edition.digest}"),
        line(house.live, "the bytes of edition 1 do not have their digest"),
    ]


def renumbered(house):
    change(house.second, number=7)
    return [line(house.second, DIFFERS), line(house.second, "its number is 7 and should be 2")]


def copied_from_another_article(house):
    copy = signoff(house.other)
    copy.edition, copy.nonce = house.second, "copied"
    insert(copy)
    return [
        line(copy, UNKNOWN),
        line(copy, f"was not given on the digest of edition {house.second.pk}"),
        line(copy, f"covers parts that edition {house.second.pk} does not have"),
    ]


def copied_under_ones_own_name(house):
    copy = signoff(house.second)
    copy.signed_by, copy.printed_name = house.people["cid"], "Cid Example, MD"
    insert(copy)
    return [line(copy, UNKNOWN)]


def backdated_signoff(house):
    row = signoff(house.first)
    change(row, signed_at=row.signed_at - timedelta(days=400))
    return [line(row, DIFFERS)]


def deleted_signoff(house):
    row = signoff(house.second)
    delete(row)
    return [line(row, GONE)]


def changed_contributor(house):
    row = Contributor.objects.get(submission__edition=house.first)
    change(row, person_id=house.people["eve"].pk, person_name="Eve Example")
    return [line(row, DIFFERS)]


def deleted_contributor(house):
    row = Contributor.objects.get(submission__edition=house.second)
    delete(row)
    return [line(row, GONE)]


def backdated_submission(house):
    row = Submission.objects.get(edition=house.first)
    change(row, recorded_at=row.recorded_at - timedelta(days=1))
    return [line(row, DIFFERS)]


def in_the_name_of_cid(house):
    return {
        "signed_by": house.people["cid"],
        "printed_name": "Cid Example, MD",
        "organisation": house.people["cid"].organisation,
        "organisation_name": "American Cancer Society",
        "signed_at": house.live.from_at,
        "authentication": "session",
    }


def ruling_by_hand(house):
    row = insert(
        Ruling(
            kind=KindVersion.objects.newest("medical-review"),
            from_edition=house.first,
            to_edition=house.second,
            parts=["text"],
            difference="",
            reason="A comma.",
            **in_the_name_of_cid(house),
        )
    )
    return [line(row, UNKNOWN)]


def ruling_on_a_source_by_hand(house):
    row = insert(
        ReferenceRuling(
            kind=KindVersion.objects.newest("medical-review"),
            reference=house.article.citations.get().reference,
            old={},
            new={},
            reason="Nothing new.",
            **in_the_name_of_cid(house),
        )
    )
    return [line(row, UNKNOWN)]


def edited_page(house):
    change(house.live, credit="Developed by somebody famous.")
    return [
        line(house.live, DIFFERS),
        line(house.live, "the publication of edition 1 is not as the ledger recorded it"),
    ]


def unreadable_page(house):
    change(house.live, last_revised_on="2026-02-30")
    return [line(house.live, DIFFERS)]


def taken_down_by_hand(house):
    """The trigger allows it: a publication's end may be set once."""
    columns = {"until_at": house.live.from_at, "end_kind": "withdrawn", "end_reason": "unsafe"}
    change(house.live, **columns, end_note="Stop your pills.", ended_by_id=house.people["dora"].pk)
    return [line(house.live, DIFFERS)]


def forged_past(house):
    row = Publication.objects.get(pk=house.live.pk)
    row.until_at, row.end_kind = row.from_at, "superseded"
    insert(row)
    return [line(row, UNKNOWN)]


def deleted_publication(house):
    notice = Notice.objects.get()
    delete(notice, house.live)
    return [line(house.live, GONE), line(notice, GONE)]


def deleted_notice(house):
    row = Notice.objects.get()
    delete(row)
    return [line(row, GONE)]


def deleted_withdrawal(house):
    row = DecisionWithdrawal.objects.get()
    delete(row)
    return [line(row, GONE)]


def kind_made_easier(house):
    row = KindVersion.objects.newest("medical-review")
    change(row, independent=False)
    return [line(row, DIFFERS)]


def kind_says_other_things(house):
    row = KindVersion.objects.newest("medical-review")
    change(row, meaning="I looked at the title.")
    signed = Signoff.objects.filter(kind=row).order_by("pk")
    return [
        line(row, DIFFERS),
        *(line(each, "does not say what medical-review, version 1, means") for each in signed),
    ]


def edited_frame(house):
    row = PageFrame.objects.current()
    change(row, banner="Stop your pills.")
    return [line(row, DIFFERS)]


def swapped_events(house):
    first, second = LedgerEvent.objects.filter(article_uid=house.article.uid, verb="sign").order_by("number")[
        :2
    ]
    assert second.number == first.number + 1
    with triggers_away(LedgerEvent):
        for key, number in ((first.pk, 10**6), (second.pk, first.number), (first.pk, second.number)):
            execute("UPDATE evidence_ledgerevent SET number = %s WHERE id = %s", number, key)
    rows = Signoff.objects.filter(edition=house.first).order_by("pk")[:2]
    return [
        of_event(first.number, "does not follow the one before it"),
        of_event(first.number, "its content does not have its digest"),
        of_event(second.number, "does not follow the one before it"),
        of_event(second.number, "its content does not have its digest"),
        of_event(second.number + 1, "does not follow the one before it"),
        *(line(row, UNKNOWN) for row in rows),
    ]


def rewritten_event(house):
    """The page's credit, and with it what the ledger says of it; but not the event's digest."""
    change(house.live, credit="Developed by somebody famous.")
    changed = Publication.objects.get(pk=house.live.pk)
    event = LedgerEvent.objects.get(verb="publish", article_uid=house.article.uid)
    row = {"row": "publication", "schema": 1, "key": changed.pk, "sha256": ledger.row_digest(changed)}
    change(event, evidence_rows=ledger.rfc8785.dumps([row]).decode())
    return [
        of_event(event.number, "its content does not have its digest"),
        line(changed, UNKNOWN),
    ]


def cut_out(house):
    """The withdrawal of the contribution, all that it wrote, and its event."""
    event = LedgerEvent.objects.get(verb="withdraw decision")
    delete(event, Notice.objects.get(), DecisionWithdrawal.objects.get())
    return [
        of_event(event.number + 1, f"stands where event {event.number} should"),
        of_event(event.number + 1, "does not follow the one before it"),
    ]


def cut_tail(house):
    delete(newest_event())
    return [line(signoff(house.second), UNKNOWN)]


def cut_tail_with_its_rows(house):
    event = newest_event()
    delete(event, signoff(house.second))
    return [of_event(event.number, "the exported head is gone; the end of the ledger was cut off")]


def deleted_trigger(house):
    drop_triggers(Signoff)
    return [
        f"trigger {trigger.name}: missing or altered; `manage.py migrate` puts it back"
        for trigger in triggers.triggers_for(Signoff, connection.vendor)
    ]


ATTACKS = (
    Attack("one byte of a snapshot", one_byte, (Edition,), listed=NOT_SHOWN),
    Attack("a renumbered edition", renumbered, (Edition,)),
    Attack("a sign-off copied from another article", copied_from_another_article, (Signoff,)),
    Attack("somebody's sign-off copied under one's own name", copied_under_ones_own_name, (Signoff,)),
    Attack("a back-dated sign-off", backdated_signoff, (Signoff,)),
    Attack("a deleted sign-off", deleted_signoff, (Signoff,)),
    Attack("a back-dated submission", backdated_submission, (Submission,)),
    Attack("another contributor in place of one", changed_contributor, (Contributor,)),
    Attack("a deleted contributor", deleted_contributor, (Contributor,)),
    Attack("a ruling inserted by hand", ruling_by_hand, (Ruling,)),
    Attack(
        "a ruling on a source inserted by hand",
        ruling_on_a_source_by_hand,
        (ReferenceRuling,),
        status=200,
        why="the live page rests on no ruling on a source; the next edition would",
    ),
    Attack("an edited stored page (its credit)", edited_page, (Publication,), listed=NOT_SHOWN),
    Attack(
        "a page's day that no calendar has", unreadable_page, (Publication,), listed=NOT_SHOWN, only="sqlite"
    ),
    Attack("a page taken down by hand", taken_down_by_hand, (Publication,), listed=ABSENT),
    Attack("an earlier publication that never was", forged_past, (Publication,)),
    Attack("a deleted publication", deleted_publication, (Publication, Notice), listed=ABSENT),
    Attack("a deleted notice", deleted_notice, (Notice,), listed=NOT_SHOWN),
    Attack("a deleted withdrawal of a sign-off", deleted_withdrawal, (DecisionWithdrawal,)),
    Attack("a kind version made easier after the fact", kind_made_easier, (KindVersion,)),
    Attack("a kind version that says other things", kind_says_other_things, (KindVersion,)),
    Attack(
        "an edited page frame",
        edited_frame,
        (PageFrame,),
        status=200,
        why="the article is as signed; it is shown without a frame until that is restored",
    ),
    Attack("swapped ledger events", swapped_events, (LedgerEvent,)),
    Attack(
        "a page edited together with its ledger event",
        rewritten_event,
        (LedgerEvent, Publication),
        listed=NOT_SHOWN,
    ),
    Attack(
        "an event cut out of the ledger, with all it wrote",
        cut_out,
        (LedgerEvent, Notice, DecisionWithdrawal),
        status=200,
        why="no row of this article is left to contradict; the gap is seen in the whole chain alone, "
        "so all publishing stops and `verify` fails",
    ),
    Attack("a cut ledger tail", cut_tail, (LedgerEvent,)),
    Attack(
        "a cut ledger tail, with all it wrote",
        cut_tail_with_its_rows,
        (LedgerEvent, Signoff),
        code="medical-review-missing",
        status=200,
        why="what is left is a whole earlier state, in which nobody had signed; only a head exported before tells",
        by_head=True,
    ),
    Attack(
        "a deleted trigger",
        deleted_trigger,
        (),
        code=UNGUARDED,
        status=200,
        why="nothing is changed yet; `migrate` puts it back",
    ),
)
