"""Handing in: equal content is the same edition, everything a reader sees is in it, and it knows who wrote it."""

import json

import pytest
import rfc8785

from content.drafts import saving
from content.editions import current, submitting
from content.models import Edition, Section, Submission
from content.snapshots import pins, snapshot
from evidence.findings import Refused
from evidence.ledger import sha256
from evidence.models import LedgerEvent
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def submit(article, by, change="major", **given):
    return submitting.submit(article, by=by, change=change, **given)


def rewrite(article, by, body):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def writers(edition):
    newest = edition.submissions.order_by("-pk").first()
    return sorted(contributor.person_name.split()[0] for contributor in newest.contributors.all())


def test_submit_freezes_canonical_bytes_with_their_digests(people):
    edition = cast.submitted(people["ann"])

    content = json.loads(edition.snapshot)
    assert rfc8785.dumps(content).decode() == edition.snapshot
    assert edition.digest == sha256(edition.snapshot.encode())
    assert edition.parts == {name: sha256(rfc8785.dumps(part)) for name, part in content["parts"].items()}
    assert sorted(content) == ["language", "parts", "schema", "uid"]


def test_submit_twice_gives_one_edition_and_one_row(people):
    draft = cast.article(people["ann"])

    first, second = submit(draft, people["ann"]), submit(draft, people["ann"])

    assert first.pk == second.pk
    assert (Edition.objects.count(), Submission.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Medicines,  taken as\n4 mg pills.</p>",
        "<p>Medicines, taken as 4&#32;mg pills.</p>",
        '<p class="MsoNormal" style="color:red">Medicines, taken as 4 mg pills.</p>',
        "<div><p>Medicines, taken as 4 mg pills.</p></div><p> </p>",
    ],
)
def test_a_change_readers_cannot_see_makes_no_new_edition(people, body):
    first = cast.submitted(people["ann"])

    rewrite(first.article, people["ann"], body)

    assert submit(first.article, people["ann"]).pk == first.pk


def test_content_that_was_there_before_is_that_edition_again(people):
    first = cast.submitted(people["ann"])
    before = first.article.sections.first().body
    rewrite(first.article, people["ann"], "<p>Other.</p>")
    second = submit(first.article, people["ann"])

    rewrite(first.article, people["ann"], before)
    third = submit(first.article, people["ann"])

    assert (first.number, second.number, third.pk) == (1, 2, first.pk)
    assert current.candidate(first.article) == first


def test_taking_back_leaves_nothing_to_sign_and_handing_in_again_brings_it_back(people):
    edition = cast.submitted(people["ann"])

    submitting.take_back(edition, by=people["edi"])
    assert current.candidate(edition.article) is None

    assert submit(edition.article, people["ann"]) == edition
    assert current.candidate(edition.article) == edition
    acts = list(Submission.objects.values_list("act", flat=True))
    assert acts == ["submitted", "taken-back", "submitted"]


def test_taking_back_what_is_not_handed_in_is_refused(people):
    edition = cast.submitted(people["ann"])
    submitting.take_back(edition, by=people["ann"])

    with pytest.raises(Refused) as caught:
        submitting.take_back(edition, by=people["ann"])

    assert caught.value.codes == ["not-in-review"]


@pytest.mark.parametrize(
    ("name", "given", "codes"),
    [
        ("bob", {}, ["no-right"]),
        ("ann", {"change": "tiny"}, ["change-unknown"]),
        ("ann", {"saves": 0}, ["stale-draft"]),
        ("eve", {"change": "tiny", "saves": 0}, ["no-right", "change-unknown", "stale-draft"]),
    ],
)
def test_submit_refuses_with_every_reason(people, name, given, codes):
    draft = cast.article(people["ann"])

    with pytest.raises(Refused) as caught:
        submit(draft, people[name], **given)

    assert caught.value.codes == codes
    assert not Edition.objects.exists()


def test_contributors_are_those_who_saved_and_who_handed_in(people):
    draft = cast.article(people["ann"])
    rewrite(draft, people["cid"], "<p>By Cid.</p>")

    edition = submit(draft, people["edi"])

    assert writers(edition) == ["Ann", "Cid", "Edi"]


def test_contributors_count_from_the_live_edition_on(people):
    draft = cast.article(people["ann"])
    rewrite(draft, people["cid"], "<p>By Cid.</p>")
    first = cast.publish(cast.signed(submit(draft, people["ann"]), people), people["dora"])
    rewrite(draft, people["edi"], "<p>By Edi.</p>")

    second = submit(first.article, people["edi"])

    assert writers(second) == ["Edi"]


def test_contributors_include_who_edited_and_who_undid(people):
    first = cast.published(people).edition
    before = first.article.sections.first().body
    rewrite(first.article, people["bob"], "<p>By Bob.</p>")
    rewrite(first.article, people["cid"], before)

    again = submit(first.article, people["ann"])

    assert again == first
    assert writers(again) == ["Ann", "Bob", "Cid"]


def test_contributors_include_who_wrote_a_library_row_the_draft_took(people):
    first = cast.published(people).edition
    draft = first.article
    drug = draft.sections.get(kind="drug").drug
    with cast.as_person(people["cid"]):
        drug.pronunciation = "other"
        drug.save()
    with cast.saving(draft, people["ann"]):
        pins.take(draft, pins.updates(draft), by=people["ann"])

    assert writers(submit(draft, people["ann"])) == ["Ann", "Cid"]


def test_a_library_edit_reaches_no_draft_by_itself(people):
    first = cast.submitted(people["ann"])
    draft = first.article
    product = draft.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()

    assert submit(draft, people["ann"], change="minor").digest == first.digest
    offered = pins.updates(draft)
    assert [(update.row_kind, update.old.brand, update.new.brand) for update in offered] == [
        ("product", "Pomalyst", "Pomalist")
    ]


def test_a_library_edit_that_readers_cannot_see_is_not_offered(people):
    draft = cast.article(people["ann"])
    product = draft.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.source = "a newer label"
        product.save()

    assert pins.updates(draft) == []


def test_pins_follow_what_the_draft_shows(people):
    draft = cast.article(people["ann"])
    kinds = sorted(draft.pins.values_list("row_kind", flat=True))
    assert kinds == ["condition", "drug", "drug-class", "product", "reference", "status"]

    with cast.as_person(people["ann"]):
        draft.sections.get(kind="drug").delete()
        draft.citations.get().delete()
        saving.saved(draft)

    assert sorted(draft.pins.values_list("row_kind", flat=True)) == ["condition"]


def test_edition_numbers_have_no_gaps(people):
    draft = cast.article(people["ann"])
    numbers = []
    for body in ("<p>1</p>", "<p>2</p>", "<p>1</p>", "<p>3</p>"):
        rewrite(draft, people["ann"], body)
        numbers.append(submit(draft, people["ann"]).number)

    assert numbers == [1, 2, 1, 3]


def test_handing_in_is_in_the_ledger_with_the_rows_it_wrote(people):
    edition = cast.submitted(people["ann"])

    event = LedgerEvent.objects.order_by("number").last()
    tables = [row["row"] for row in event.evidence_rows]
    assert (event.verb, event.facts["digest"]) == ("submit", edition.digest)
    assert tables == ["edition", "submission", "contributor"]


GOLDEN = {
    "schema": 1,
    "uid": "6f3a2c1e-0000-4000-8000-000000000001",
    "language": "en",
    "parts": {
        "text": {
            "title": "Größe & <5%",
            "lead": "<p>“Take” 4\u00a0mg – daily.</p>",
            "sections": [
                {
                    "kind": "drug",
                    "level": 3,
                    "heading": "Pomalidomide (Pomalyst)",
                    "drug": None,
                    "body": "<ul><li>One</li></ul>",
                }
            ],
        },
        "drugs": [],
        "references": [
            {
                "uid": "x",
                "type": "webpage",
                "text": ["A. Accessed at a on ", "."],
                "url": "a",
                "href": "https://a",
            }
        ],
        "access_dates": [
            {
                "reference": "x",
                "on": "2025-10-06",
                "printed": "October 6, 2025",
                "found": "unchanged",
                "imported": False,
                "supports": "yes",
            }
        ],
        "figures": [],
        "listing": {"type": "treatment", "condition": None, "co_branded_with": None, "source": None},
        "public_note": {"text": ""},
    },
}


def test_golden_digests_guard_against_an_upgrade_that_would_void_every_signoff():
    text = snapshot.canonical(GOLDEN)

    assert snapshot.digest(text) == "6e234b178e4fbf97289637e5ec79c62a0806b8cbeb4fc7aac69bc803b53a43a5"
    assert (
        snapshot.part_digests(GOLDEN)["text"]
        == "e6791eea56d207d43243e5c739db8a8ea1bd719c018e33a62a111e8f805b7f36"
    )
    assert (
        snapshot.part_digests(GOLDEN)["references"]
        == "325638c9afee35e4bb6a8f15d830b9a4d8f1eb544a87eaf51ea1309294e9ec6a"
    )


def test_golden_prose_is_stored_as_it_always_was(people):
    article = cast.article(people["ann"])
    section = Section(
        article=article,
        position=9,
        heading="  Two   words ",
        body="<div><p>One&nbsp;two<br></p><ul><li><p>x</p></li></ul><h2>No</h2><script>alert(1)</script></div>",
    )
    section.save()
    section.refresh_from_db()

    assert section.heading == "Two words"
    assert section.body == "<p>One\u00a0two</p><ul><li>x</li></ul><p><strong>No</strong></p>"
