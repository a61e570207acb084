"""Stories that must hold, told through the pages that people use: somebody opens a page, fills in the form it shows, and
presses its button. One level down, on the verbs, the same is asked in the files named here:

    1  stale view          reviews/test_signing.py: sign_an_edition_that_a_newer_one_replaced, …_another_editions_digest
    2  edit voids          reviews/test_holding.py, flow/test_holding_table.py
    3  tampering           project/test_frozen.py, reviews/test_verify.py, project/test_leaks.py
    4  no-op save          content/test_editions.py: a_change_readers_cannot_see, submit_twice
    5  exact publish       reviews/test_publishing.py: publish_takes_the_signed_bytes, publish_with_another_digest
    6  self-approval       reviews/test_signing.py: sign_by_a_writer…, sign_by_a_reviewer_who_edited, …_by_an_administrator
    7  opposite decisions  reviews/test_signing.py: sign_without_having_seen_the_newest; at once: flow/test_races.py
    8  wrong object        reviews/test_signing.py and test_publishing.py: …_posted_twice; project/test_roles.py
    9  changes requested   reviews/test_publishing.py: publish_with_a_request_for_changes; reviews/test_holding.py
    10 lost update         content/test_merging.py, content/admin/test_merging.py; content/test_restoring.py for an old
                           revision; at once: flow/test_races.py
    13 evidence            project/test_frozen.py
    14 all or nothing      flow/test_races.py at once and killed; reviews/test_tick.py for mail
    15 gates and leaks     reviews/test_access_table.py for references; leaks: project/test_leaks.py
"""

from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.html
import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.models.people import UserKept
from content.drafts import revisions
from content.editions import authorship, current, submitting
from content.integrity import verification
from content.models import (
    Article,
    Citation,
    Contributor,
    Edition,
    Notice,
    Notification,
    Publication,
    Reference,
    Submission,
)
from content.snapshots import pins
from evidence import shown as evidence_shown
from evidence.findings import Refused
from evidence.frozen import FrozenRow
from evidence.models import LedgerEvent, Refusal
from reviews import gate, initial_data
from reviews import publishing as reviews_publishing
from reviews import verification as reviews_verifying
from reviews.approvals import routes, validity
from reviews.decisions import assigning
from reviews.models import Assignment, DecisionWithdrawal, Ruling, Signoff
from tests import cast, tampering
from tests.content.checks import test_access_table as access

pytestmark = pytest.mark.django_db

EVIDENCE = (
    Edition, Submission, Contributor, Signoff, Ruling, DecisionWithdrawal, Publication, Notice, Assignment, Notification,
    LedgerEvent,
)  # fmt: skip
APPROVAL = {"decision": "approve", "conflict": "none"}


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.submitted(people["ann"])


@pytest.fixture
def ready(people):
    """Signed by everybody a plain article needs."""
    return cast.signed(cast.submitted(people["ann"]), people)


# Pages and forms.


@dataclass
class Form:
    """A form as somebody's page showed it, in a browser of their own."""

    client: Client
    path: str
    fields: dict

    def send(self, **typed):
        return self.client.post(self.path, {**self.fields, **typed})


def browser(person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def form(person, page, button):
    """`button` is the end of the address to which the form is sent."""
    client = browser(person)
    shown = tree(client.get(page))
    fitting = [f for f in shown.forms if urljoin(page, f.get("action") or page).endswith(button)]
    assert len(fitting) == 1, [f.get("action") for f in shown.forms]
    return Form(client, urljoin(page, fitting[0].get("action") or page), dict(fitting[0].form_values()))


def sign_form(edition, person, kind="medical-review"):
    return form(person, f"/admin/editions/{edition.pk}/", f"/sign/{kind}/")


def submit_form(article, person):
    page = f"/admin/articles/{article.pk}/hand-in/"
    return form(person, page, page)


def publish_form(edition, person):
    page = f"/admin/editions/{edition.pk}/publish/"
    return form(person, page, page)


def draft_form(article, person):
    page = f"/admin/content/article/{article.pk}/change/"
    return form(person, page, page)


def handmade(edition, person, kind="medical-review"):
    """Where the page shows no form, somebody may still make one by hand."""
    answer = cast.answer(edition, kind, person)
    fields = {"shown": evidence_shown.sealed(answer.shown), **APPROVAL}
    return Form(browser(person), f"/admin/editions/{edition.pk}/sign/{kind}/", fields)


def publishers(edition, person):
    """What the form of the publisher's page carries, where it shows no form."""
    return evidence_shown.sealed(reviews_publishing.shown_to(edition, by=person))


def tree(answer):
    return lxml.html.fromstring(answer.content.decode())


def text(answer):
    return " ".join(tree(answer).text_content().split())


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def refused(answer, before):
    """Status and codes of a refusal that is on record, told in the same words, and left everything as it was."""
    kept = Refusal.objects.first()
    assert stored() == before
    # What was said before, on a page that nobody opened, is said first.
    assert told(answer)[-len(kept.reasons) :] == [reason["words"] for reason in kept.reasons]
    return answer.status_code, [reason["code"] for reason in kept.reasons]


def stored():
    live = list(Publication.objects.live().values_list("pk", flat=True))
    return [model.objects.count() for model in EVIDENCE], live


def rewrite(article, by, body):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def next_edition(article, by, body="<p>Taken as 8 mg pills.</p>", change="major"):
    rewrite(article, by, body)
    return submitting.submit(Article.objects.get(pk=article.pk), by=by, change=change)


def verified():
    call_command("verify")
    return True


# 1. Stale view.


def test_approval_of_an_edition_that_was_replaced_is_shown_the_difference(people, edition):
    for milligrams in range(2, 8):
        seventh = next_edition(edition.article, people["ann"], f"<p>Taken as {milligrams} mg pills.</p>")
    bobs = sign_form(seventh, people["bob"])
    eighth = next_edition(edition.article, people["ann"], "<p>Taken as 8 mg pills.</p>")
    before = stored()

    answer = bobs.send(**APPROVAL, reason="Well written.")

    assert (seventh.number, eighth.number) == (7, 8)
    assert refused(answer, before) == (409, ["stale-edition"])
    newer = tree(answer).xpath("//section[@aria-labelledby='newer-title']")[0]
    numbers = newer.xpath(".//div[@class='difference-numbers']//li//*[self::del or self::ins]")
    assert [(number.tag, number.text_content()) for number in numbers] == [
        ("del", "7 mg pills"),
        ("ins", "8 mg pills"),
    ]
    assert newer.xpath(".//a/@href")[0] == f"/admin/editions/{eighth.pk}/"
    unsent = tree(answer).xpath("//section[@aria-labelledby='unsent-title']//p[@class='quote']/text()")
    assert unsent == ["Well written."]


@pytest.mark.parametrize("carried", ["", "of my own making"])
def test_decision_that_does_not_say_what_was_read_is_refused_outright(people, edition, carried):
    bobs = sign_form(edition, people["bob"])
    bobs.fields["shown"] = carried
    before = stored()

    answer = bobs.send(**APPROVAL)

    assert refused(answer, before) == (422, ["nothing-shown"])


def test_publishing_what_was_not_read_is_refused_outright(people, ready):
    doras = publish_form(ready, people["dora"])
    del doras.fields["shown"]
    before = stored()

    answer = doras.send()

    assert refused(answer, before) == (422, ["nothing-shown"])


# 2. Edit voids.


def test_changed_dose_voids_every_signature_and_says_so(people):
    first = cast.submitted(people["ann"], co_branded_with=cast.asco())
    cast.signed(first, people, contribution="asa")
    second = next_edition(first.article, people["ann"], "<p>Medicines, taken as 40 mg pills.</p>")
    before = stored()
    page = f"/admin/editions/{second.pk}/publish/"

    answer = browser(people["dora"]).post(page, {"shown": publishers(second, people["dora"])})

    assert refused(answer, before) == (
        422,
        ["editorial-review-missing", "medical-review-missing", "contribution-missing"],
    )
    ending = "signed edition 1, and what this sign-off covers has changed since then."
    assert told(answer) == [
        f"Editorial review: Edi Example, MD {ending}",
        f"Medical review: Bob Example, MD {ending}",
        f"Contribution on behalf of American Society of Clinical Oncology: Asa Example, MD {ending}",
    ]
    for name, kind in [("edi", "editorial-review"), ("bob", "medical-review"), ("asa", "contribution")]:
        assert sign_form(second, people[name], kind).send(**APPROVAL, scope="whole-page").status_code == 302
    assert publish_form(second, people["dora"]).send().status_code == 302


def test_source_opened_again_today_voids_neither_review_nor_contribution(people):
    first = cast.submitted(people["ann"], co_branded_with=cast.asco())
    cast.signed(first, people, contribution="asa")
    citation = first.article.citations.get()
    page = f"/admin/content/article/{first.article_id}/opened/{citation.pk}/"

    opened = form(people["edi"], page, page).send(found="unchanged", supports="yes")
    handed_in = submit_form(first.article, people["ann"]).send(change="minor")

    second = Edition.objects.get(number=2)
    assert (opened.status_code, handed_in.status_code) == (302, 302)
    assert [a.signoff.kind.code for a in validity.approvals(second)] == ["medical-review", "contribution"]
    assert [finding.code for finding in gate.blockers(second)] == ["editorial-review-missing"]


# 3. Tampering.


def other_dose(edition):
    return {"snapshot": edition.snapshot.replace("4 mg", "40 mg")}


def no_snapshot(edition):
    return {"snapshot": "4 mg"}


@pytest.mark.parametrize("changed", [other_dose, no_snapshot])
def test_edition_changed_in_the_database_is_not_published(people, ready, changed):
    doras = publish_form(ready, people["dora"])
    tampering.change(ready, **changed(ready))
    before = stored()

    answer = doras.send()

    assert refused(answer, before)[0] == 422
    assert [reason["code"] for reason in Refusal.objects.first().reasons] == ["evidence-damaged"]
    assert f"content_edition, row {ready.pk}: differs from what the ledger recorded" in problems()


@pytest.mark.parametrize("changed", [other_dose, no_snapshot])
def test_public_edition_changed_in_the_database_is_not_served(people, ready, changed, client):
    publication = cast.publish(ready, people["dora"])
    served = client.get(publication.article.get_absolute_url()).status_code
    tampering.change(ready, **changed(ready))

    answer = client.get(publication.article.get_absolute_url())

    assert (served, answer.status_code) == (200, 503)
    assert f"content_edition, row {ready.pk}: differs from what the ledger recorded" in problems()


def problems():
    return list(reviews_verifying.everything_holds())


@pytest.mark.parametrize(
    "way",
    [
        lambda edition: Edition.objects.filter(pk=edition.pk).update(digest="0" * 64),
        lambda edition: Edition.objects.bulk_update([edition], ["digest"]),
        lambda edition: tampering.execute(
            "UPDATE content_edition SET digest = 'x' WHERE id = %s", edition.pk
        ),
    ],
    ids=["update", "bulk update", "raw SQL"],
)
def test_edition_is_changed_by_nobody_while_the_triggers_stand(people, edition, way):
    with pytest.raises(IntegrityError), transaction.atomic():
        way(edition)

    assert verified()


# 4. No-op save.


def test_save_without_change_makes_no_revision_and_no_edition(people, ready):
    article = ready.article
    revisions = article.history.count()

    saved = draft_form(article, people["edi"]).send()
    handed_in = submit_form(article, people["ann"]).send(change="major")

    assert (saved.status_code, handed_in["Location"]) == (302, f"/admin/editions/{ready.pk}/")
    assert (article.history.count(), Edition.objects.count(), Submission.objects.count()) == (
        revisions,
        1,
        1,
    )
    assert publish_form(ready, people["dora"]).send().status_code == 302


def test_save_that_readers_cannot_see_voids_nothing(people, ready):
    drafts = draft_form(ready.article, people["edi"])
    spaced = drafts.fields["sections-0-body"].replace("Medicines, taken", "Medicines,  \n taken")

    saved = drafts.send(**{"sections-0-body": spaced, "title": f" {ready.article.title} "})
    handed_in = submit_form(ready.article, people["ann"]).send(change="major")

    assert (saved.status_code, handed_in["Location"]) == (302, f"/admin/editions/{ready.pk}/")
    assert gate.blockers(ready) == []


# 5. Exact publish.


def test_draft_saved_between_the_last_signature_and_publish_stays_a_draft(people, ready, client):
    doras = publish_form(ready, people["dora"])
    saved = draft_form(ready.article, people["edi"]).send(**{"sections-0-body": "<p>Taken as 400 mg.</p>"})

    answer = doras.send()

    public = client.get(ready.article.get_absolute_url()).content.decode()
    assert (saved.status_code, answer.status_code) == (302, 302)
    assert ("taken as 4 mg pills" in public, "400 mg" in public) == (True, False)
    event = LedgerEvent.objects.get(verb="publish")
    assert event.facts == {"edition": ready.number, "digest": ready.digest}
    assert client.get(f"{ready.article.get_absolute_url()}snapshot.json").content.decode() == ready.snapshot


def test_draft_handed_in_between_the_last_signature_and_publish_keeps_both_from_the_public(people, ready):
    doras = publish_form(ready, people["dora"])
    next_edition(ready.article, people["ann"])
    before = stored()

    answer = doras.send()

    assert refused(answer, before) == (409, ["not-the-newest"])


# 6. Self-approval in four disguises.

OTHERS = "so somebody else has to sign its medical review."


def may_review(*people):
    for person in people:
        person.groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))


def test_writer_does_not_review_what_they_handed_in(people, edition):
    may_review(people["ann"])
    before = stored()

    answer = handmade(edition, people["ann"]).send()

    assert refused(answer, before) == (422, ["not-independent"])
    assert told(answer) == [f"You submitted this edition yourself, {OTHERS}"]


def test_writer_does_not_review_what_somebody_else_handed_in_for_them(people):
    draft = cast.article(people["ann"])
    may_review(people["ann"])
    submit_form(draft, people["edi"]).send(change="major")
    before = stored()

    answer = handmade(Edition.objects.get(), people["ann"]).send()

    assert refused(answer, before) == (422, ["not-independent"])
    assert told(answer) == [f"You wrote part of this edition before Edi Example submitted it, {OTHERS}"]


def test_reviewer_who_edited_the_text_does_not_review_it(people):
    draft = cast.article(people["ann"])
    people["bob"].groups.add(Group.objects.get(name=initial_data.EDITORS))
    saved = draft_form(draft, people["bob"]).send(**{"sections-0-body": "<p>Taken as 2 mg.</p>"})
    edition = submitting.submit(draft, by=people["ann"], change="major")
    before = stored()

    answer = handmade(edition, people["bob"]).send()

    assert saved.status_code == 302
    assert refused(answer, before) == (422, ["not-independent"])
    assert told(answer) == [f"You wrote part of this edition before Ann Example submitted it, {OTHERS}"]


def as_signer(person):
    return dict.fromkeys(("person", "by", "user", "signer", "person_id", "on_behalf_of"), person.pk)


def test_administrator_does_not_sign_in_the_name_of_a_reviewer(people, edition):
    User.objects.filter(username="eve").update(is_superuser=True)
    before = stored()

    answer = handmade(edition, people["eve"]).send(**as_signer(people["bob"]))

    assert refused(answer, before) == (403, ["no-right"])
    assert Refusal.objects.get().requested_by == people["eve"]
    assert told(answer) == [
        "Only members of the group “Medical reviewers” can sign the medical review. Ask an administrator to add you."
    ]


def test_signer_is_the_signed_in_person_whatever_the_form_says(people, edition):
    User.objects.filter(username="cid").update(is_superuser=True)

    answer = sign_form(edition, people["cid"]).send(**APPROVAL, **as_signer(people["bob"]))

    signoff = Signoff.objects.get()
    assert answer.status_code == 302
    assert (signoff.signed_by, signoff.printed_name) == (people["cid"], "Cid Example")
    assert LedgerEvent.objects.get(verb="sign").recorded_by == people["cid"]


def test_writer_signs_a_kind_that_asks_for_no_independence(people, edition):
    answer = sign_form(edition, people["ann"], "editorial-review").send(**APPROVAL)

    assert (answer.status_code, Signoff.objects.get().signed_by) == (302, people["ann"])


# 7. Opposite decisions.


def test_an_approval_is_told_of_a_request_for_changes_and_may_be_sent_again_knowingly(people, edition):
    bobs, cids = sign_form(edition, people["bob"]), sign_form(edition, people["cid"])
    bobs.send(decision="request-changes", reason="The dose?", conflict="none")
    before = stored()

    answer = cids.send(**APPROVAL)

    assert refused(answer, before) == (409, ["stale-decision"])
    assert told(answer) == [
        "Bob Example, MD requested changes after you opened this page (“The dose?”). Read the page again, then decide."
    ]
    shown = [f for f in tree(answer).forms if (f.get("action") or "").endswith("/sign/medical-review/")]
    again = cids.client.post(cids.path, dict(shown[0].form_values()))
    assert again.status_code == 302
    assert decisions() == ["request-changes", "approve"]


def test_a_request_for_changes_is_stored_against_what_was_shown_and_told_of_the_approval(people, edition):
    bobs, cids = sign_form(edition, people["bob"]), sign_form(edition, people["cid"])
    bobs.send(**APPROVAL)

    answer = cids.send(decision="request-changes", reason="The dose?", conflict="none")

    assert decisions() == ["approve", "request-changes"]
    assert "Since then: Bob Example, MD approved it after you opened this page" in text(
        cids.client.get(answer.url)
    )


def decisions():
    """As stored, which is as the ledger has them."""
    found = list(Signoff.objects.values_list("decision", flat=True))
    assert [e.facts["decision"] for e in LedgerEvent.objects.filter(verb="sign").order_by("number")] == found
    return found


# 8. Wrong object, replay, lost rights.


@pytest.fixture
def other(people):
    return cast.signed(cast.submitted(people["ann"], title="Another", slug="another"), people)


def test_signing_one_edition_with_the_form_of_another_is_refused(people, edition, other):
    bobs = sign_form(other, people["bob"])
    bobs.path = f"/admin/editions/{edition.pk}/sign/medical-review/"
    before = stored()

    answer = bobs.send(**APPROVAL)

    assert refused(answer, before) == (409, ["stale-digest"])


def test_publishing_one_edition_with_the_form_of_another_is_refused(people, ready, other):
    doras = publish_form(other, people["dora"])
    doras.path = f"/admin/editions/{ready.pk}/publish/"
    before = stored()

    answer = doras.send()

    assert refused(answer, before) == (409, ["stale-digest"])


def test_handing_in_one_draft_with_the_form_of_another_is_refused(people, edition, other):
    draft_form(other.article, people["edi"]).send(title="Another title")
    anns = submit_form(Article.objects.get(pk=other.article_id), people["ann"])
    anns.path = f"/admin/articles/{edition.article_id}/hand-in/"
    before = stored()

    answer = anns.send(change="major")

    assert refused(answer, before) == (409, ["stale-draft"])


def test_reviewing_changes_since_an_edition_of_another_article_is_not_offered(people, edition, other):
    before = stored()

    answer = handmade(edition, people["bob"]).send(since=other.pk, scope="changes-only")

    assert (answer.status_code, stored() == before) == (422, True)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/editions/{edition}/sign/no-such-kind/",
        "/admin/editions/{edition}/rule-minor/no-such-kind/",
        "/admin/editions/{edition}/ask/no-such-kind/",
        "/admin/editions/{edition}/ask/medical-review/asco/",
        "/admin/editions/{edition}/ask/contribution/",
        "/admin/editions/999999/sign/medical-review/",
        "/admin/editions/999999/take-back/",
        "/admin/editions/999999/publish/",
        "/admin/articles/999999/hand-in/",
        "/admin/publications/999999/withdraw/",
        "/admin/signoffs/999999/withdraw/",
        "/admin/rulings/999999/withdraw/",
    ],
)
def test_step_or_thing_that_does_not_exist_is_not_found(people, edition, path):
    everything = (initial_data.MEDICAL_REVIEWERS, initial_data.EDITORS, initial_data.PUBLISHERS)
    able = browser(cast.person("able", *everything))
    before = stored()

    answer = able.post(path.format(edition=edition.pk), {"shown": "x", "reason": "x", "note": "x"})

    assert (answer.status_code, stored() == before) == (404, True)


def test_ruling_from_an_edition_of_another_article_is_not_found(people, edition, other):
    before = stored()
    shown = cast.shown_to_rule(edition, other, "medical-review", people["bob"])
    data = {"shown": evidence_shown.sealed(shown), "start": other.pk, "reason": "A comma."}

    answer = browser(people["bob"]).post(f"/admin/editions/{edition.pk}/rule-minor/medical-review/", data)

    assert (answer.status_code, stored() == before) == (404, True)


def test_somebody_who_may_not_sign_the_step_is_not_asked_for_it(people, edition):
    page = f"/admin/editions/{edition.pk}/ask/medical-review/"
    before = stored()

    answer = browser(people["ann"]).post(page, {"person": people["dora"].pk, "due_on": "2099-01-01"})

    assert (answer.status_code, stored() == before) == (422, True)


def submitting_it(people, edition):
    rewrite(edition.article, people["ann"], "<p>New.</p>")
    return submit_form(Article.objects.get(pk=edition.article_id), people["ann"]), {"change": "major"}


def taking_back(people, edition):
    return form(people["ann"], f"/admin/editions/{edition.pk}/", "/take-back/"), {}


def signing(people, edition):
    return sign_form(edition, people["bob"]), APPROVAL


def asking(people, edition):
    asks = form(people["ann"], f"/admin/editions/{edition.pk}/", "/ask/medical-review/")
    return asks, {"person": people["cid"].pk}


def publishing(people, edition):
    cast.signed(edition, people)
    return publish_form(edition, people["dora"]), {}


def withdrawing_page(people, edition):
    publication = cast.publish(cast.signed(edition, people), people["dora"])
    page = f"/admin/publications/{publication.pk}/"
    return form(people["dora"], page, "/withdraw/"), {"reason": "wrong", "note": "We are checking a dose."}


def withdrawing_review(people, edition):
    cast.publish(cast.signed(edition, people), people["dora"])
    [review] = edition.signoffs.filter(kind__kind="medical-review")
    path = f"/signoffs/{review.pk}/withdraw/"
    return form(people["bob"], f"/admin/editions/{edition.pk}/", path), {"reason": "I misread."}


def ruling(people, edition):
    cast.signed(edition, people)
    second = next_edition(edition.article, people["ann"], "<p>Medicines taken as 4 mg pills.</p>", "minor")
    return form(people["bob"], f"/admin/editions/{second.pk}/", "/rule-minor/medical-review/"), {
        "reason": "A comma."
    }


VERBS = (
    submitting_it, taking_back, signing, asking, publishing, withdrawing_page, withdrawing_review, ruling,
)  # fmt: skip
# What cannot be done twice, and says so, because the page that showed it is older than its end.
SAYS_IT_WAS_DONE = {
    taking_back: ["not-in-review"],
    withdrawing_page: ["not-live"],
    withdrawing_review: ["already-withdrawn"],
}
each_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


@each_verb
def test_accepted_form_sent_again_changes_nothing(people, edition, verb):
    sent, typed = verb(people, edition)
    first = sent.send(**typed)
    before = stored()

    again = sent.send(**typed)

    assert first.status_code == 302
    if verb in SAYS_IT_WAS_DONE:
        assert refused(again, before) == (409, SAYS_IT_WAS_DONE[verb])
    else:
        assert (again.status_code, stored() == before) == (302, True)


def test_asking_again_for_another_day_moves_the_day(people, edition):
    asks, typed = asking(people, edition)
    asks.send(**typed)

    asks.send(**typed, due_on="2099-01-01")

    row = Assignment.objects.get()
    assert (str(row.due_on), Notification.objects.count()) == ("2099-01-01", 2)


LOST = [
    (verb, left)
    for verb in VERBS
    for left in ("nothing", "reading")
    if (verb, left) != (withdrawing_review, "reading")
]


@pytest.mark.parametrize(("verb", "left"), LOST, ids=[f"{verb.__name__}, {left} left" for verb, left in LOST])
def test_form_sent_after_losing_the_right_is_refused(people, edition, verb, left):
    sent, typed = verb(people, edition)
    person = User.objects.get(pk=sent.client.session["_auth_user_id"])
    person.groups.set(Group.objects.filter(name=initial_data.AUDITORS if left == "reading" else ""))
    before = stored()

    answer = sent.send(**typed)

    assert (answer.status_code, stored() == before) == (403, True)
    kept = Refusal.objects.get()
    assert (kept.requested_by, kept.reasons[0]["code"]) == (person, "no-right")


def test_somebody_who_may_only_read_still_takes_their_own_decision_back(people, edition):
    sent, typed = withdrawing_review(people, edition)
    people["bob"].groups.set(Group.objects.filter(name=initial_data.AUDITORS))

    answer = sent.send(**typed)

    assert (answer.status_code, DecisionWithdrawal.objects.get().withdrawn_by) == (302, people["bob"])


def test_form_sent_by_an_account_made_inactive_leads_to_the_login(people, edition):
    bobs = sign_form(edition, people["bob"])
    User.objects.filter(username="bob").update(is_active=False)
    before = stored()

    answer = bobs.send(**APPROVAL)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")
    assert stored() == before


def test_nobody_is_asked_to_sign_an_edition_that_was_replaced(people, edition):
    asks, typed = asking(people, edition)
    next_edition(edition.article, people["ann"])
    before = stored()

    answer = asks.send(**typed)

    assert refused(answer, before) == (409, ["stale-edition"])
    [step] = [step for step in routes.steps(edition) if step.kind.code == "medical-review"]
    with pytest.raises(Refused) as caught:
        assigning.assign(
            edition, step=step, person=people["cid"], due_on=timezone.localdate(), by=people["ann"]
        )
    assert caught.value.codes == ["stale-edition"]


# 9. Changes requested.


def test_an_edition_after_a_request_for_changes_waits_for_its_author_and_the_first_round_stays_readable(
    people, edition
):
    sign_form(edition, people["edi"], "editorial-review").send(**APPROVAL)
    sign_form(edition, people["bob"]).send(
        decision="request-changes", reason="Is it 4 mg or 5 mg?", conflict="none"
    )
    blocked = [finding.code for finding in gate.blockers(edition)]
    rewrite(edition.article, people["ann"], "<p>Medicines, taken as 5 mg pills.</p>")

    submit_form(Article.objects.get(), people["ann"]).send(change="major", note="Bob was right.")

    second = Edition.objects.get(number=2)
    assert blocked == ["changes-requested"]
    assert [finding.code for finding in gate.blockers(second)] == [
        "editorial-review-missing",
        "changes-requested",
    ]
    for page in (edition, second):
        record = tree(browser(people["cid"]).get(f"/admin/editions/{page.pk}/")).xpath("//*[@id='record']")[0]
        names = [" ".join(name.text_content().split()) for name in record.xpath(".//span[@class='name']")][:2]
        assert names == [
            "Medical review, edition 1: requested changes",
            "Editorial review, edition 1: approved",
        ]
        assert record.xpath(".//p[@class='quote']/text()")[:1] == ["Is it 4 mg or 5 mg?"]
    assert sign_form(second, people["bob"]).send(**APPROVAL).status_code == 302
    assert [finding.code for finding in gate.blockers(second)] == ["editorial-review-missing"]


# 10. Lost update.


def merge_form(person):
    """Where somebody merges what they could not save, opened later from their desk."""
    desk = tree(browser(person).get("/admin/"))
    [page] = desk.xpath("//section[@aria-labelledby='kept']//a/@href")
    return form(person, page, page)


def test_second_of_two_saves_is_refused_and_both_texts_are_shown_and_can_be_merged(people):
    article = cast.article(people["ann"])
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    first = anns.send(**{"title": "Ann was here", "sections-0-body": "<p>Ann's text.</p>"})
    saves = Article.objects.get().saves

    answer = edis.send(**{"title": "Edi was here", "sections-1-body": "<p>Edi's text.</p>"})

    now = Article.objects.get()
    assert (first.status_code, answer.status_code) == (302, 409)
    assert (now.title, now.sections.first().body, now.saves) == ("Ann was here", "<p>Ann's text.</p>", saves)
    assert [reason["code"] for reason in Refusal.objects.get().reasons] == ["stale-draft"]
    page = text(answer)
    for words in ("Ann Example", "Ann was here", "Ann's text.", "Edi was here", "Edi's text."):
        assert words in page

    assert merge_form(people["edi"]).send(**{"choose-title": "mine"}).status_code == 302

    now = Article.objects.get()
    assert now.title == "Edi was here"
    assert [section.body for section in now.sections.all()] == ["<p>Ann's text.</p>", "<p>Edi's text.</p>"]
    assert Refusal.objects.count() == 1


def test_a_text_is_not_saved_half_decided(people):
    article = cast.article(people["ann"])
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    anns.send(title="Ann was here")
    edis.send(title="Edi was here", lead="<p>Edi's lead.</p>")

    answer = merge_form(people["edi"]).send()

    assert (answer.status_code, Article.objects.get().title) == (422, "Ann was here")


def test_save_from_a_form_that_does_not_say_what_it_showed_is_refused(people):
    article = cast.article(people["ann"])
    anns = draft_form(article, people["ann"])
    del anns.fields["shown_saves"]

    answer = anns.send(title="Ann was here")

    assert (answer.status_code, Article.objects.get().title) == (409, article.title)


def test_text_brought_over_to_a_fresh_form_is_saved(people):
    article = cast.article(people["ann"])
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    anns.send(title="Ann was here")
    edis.send(title="Edi was here")

    again = draft_form(article, people["edi"]).send(title="Ann and Edi were here")

    assert (again.status_code, Article.objects.get().title) == (302, "Ann and Edi were here")


def first_revision(article):
    return f"/admin/content/article/{article.pk}/history/{revisions.versions(article).last().pk}/restore/"


def library_page(article):
    return f"/admin/content/article/{article.pk}/library/"


def changed_library(article, person):
    product = article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(person):
        product.brand = "Pomalist"
        product.save()


@pytest.mark.parametrize(
    ("page", "fields", "button"),
    [
        (first_revision, {}, "Restore anyway"),
        (library_page, {"do": "take"}, "Use all the new versions"),
        (library_page, {"do": "leave {}"}, "Keep ours"),
    ],
    ids=["restore", "take", "leave"],
)
def test_restoring_or_deciding_on_updates_over_somebodys_save_is_shown_it_first(people, page, fields, button):
    article = cast.article(people["ann"])
    changed_library(article, people["lib"])
    draft_form(article, people["ann"]).send(title="Ann was here")
    fields = {name: value.format(pins.updates(article)[0].key) for name, value in fields.items()}
    path = page(article)
    anns = form(people["ann"], path, path)
    draft_form(article, people["edi"]).send(title="Edi was here")

    refused = anns.send(**fields)

    assert (refused.status_code, Article.objects.get().title) == (409, "Edi was here")
    [card] = tree(refused).xpath("//section[@aria-labelledby='meanwhile-title']")
    assert "Edi Example" in card.text_content()
    assert card.xpath(".//del/text()") == ["Ann"]
    assert card.xpath(".//ins/text()") == ["Edi"]
    assert button in text(refused)

    knowingly = form_of(people["ann"], path, refused).send(**fields)

    assert knowingly.status_code == 302
    titles = [version.field_dict["title"] for version in revisions.versions(article)]
    assert titles[1:] == ["Edi was here", "Ann was here", "Immunotherapy for Kaposi Sarcoma"]


def form_of(person, path, answer):
    """The form of a page that came as an answer."""
    [found] = [f for f in tree(answer).forms if urljoin(path, f.get("action") or path) == path]
    return Form(browser(person), path, dict(found.form_values()))


@pytest.mark.parametrize(
    ("page", "fields"), [(first_revision, {}), (library_page, {"do": "take"})], ids=["restore", "take"]
)
def test_a_form_that_was_open_while_somebody_restored_or_took_updates_is_merged(people, page, fields):
    article = cast.article(people["ann"])
    changed_library(article, people["lib"])
    draft_form(article, people["ann"]).send(title="Ann was here")
    edis = draft_form(article, people["edi"])
    path = page(article)
    assert form(people["ann"], path, path).send(**fields).status_code == 302
    restored = Article.objects.get().title

    answer = edis.send(lead="<p>Edi was here.</p>")
    saved = merge_form(people["edi"]).send()

    now = Article.objects.get()
    assert (answer.status_code, saved.status_code) == (409, 302)
    assert (now.title, now.lead) == (restored, "<p>Edi was here.</p>")
    assert len(pins.updates(now)) == (0 if fields else 1)


# 13. Evidence outlives people.


@pytest.fixture
def publication(people, ready):
    return cast.publish(ready, people["dora"])


@pytest.fixture
def root():
    User.objects.create_superuser("root", "root@example.org", cast.PASSWORD)
    return browser(User.objects.get(username="root"))


def as_signed(page):
    """What the record says of the medical review: who, for whom, as what, on which bytes."""
    [row] = [li for li in tree(page).xpath("//*[@id='record']//li") if "Medical review" in li.text_content()]
    words = " ".join(row.text_content().split())
    digest = row.xpath(".//dd[@class='fingerprint']/text()")[0]
    return "Bob Example, MD, on behalf of American Cancer Society" in words, digest


def test_administrator_deletes_no_account_group_reference_or_edition(people, publication, root):
    edition, bob = publication.edition, people["bob"]
    things = [
        ("accounts/user", bob.pk, 403),
        ("auth/group", Group.objects.get(name=initial_data.MEDICAL_REVIEWERS).pk, 403),
        ("content/reference", edition.article.citations.get().reference_id, 403),
        ("content/article", edition.article_id, 403),
    ]
    before = [model.objects.count() for model in (User, Group, Reference, Article, Edition)]

    answers = [
        root.post(f"/admin/{name}/{key}/delete/", {"post": "yes"}).status_code for name, key, _ in things
    ]
    root.post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [bob.pk], "post": "yes"}
    )

    assert answers == [status for _, _, status in things]
    assert [model.objects.count() for model in (User, Group, Reference, Article, Edition)] == before
    assert as_signed(root.get(f"/admin/editions/{edition.pk}/")) == (True, f"{edition.digest[:16]}…")
    assert verified()


@pytest.mark.parametrize(
    ("deletes", "refused_with"),
    [
        (lambda e: User.objects.get(username="bob").delete(), UserKept),
        (lambda e: User.objects.filter(username="bob").delete(), UserKept),
        (lambda e: Group.objects.get(name=initial_data.MEDICAL_REVIEWERS).delete(), ProtectedError),
        (lambda e: Group.objects.filter(name=initial_data.MEDICAL_REVIEWERS).delete(), ProtectedError),
        (lambda e: e.article.citations.get().reference.delete(), ProtectedError),
        (lambda e: Reference.objects.all().delete(), ProtectedError),
        (lambda e: e.article.delete(), ProtectedError),
        (lambda e: e.delete(), FrozenRow),
        (lambda e: Edition.objects.all().delete(), FrozenRow),
        (lambda e: Signoff.objects.all().delete(), FrozenRow),
    ],
)
def test_evidence_and_what_it_names_is_not_deleted_by_objects(people, publication, deletes, refused_with):
    with pytest.raises(refused_with), transaction.atomic():
        deletes(publication.edition)

    assert verified()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("accounts_user", lambda e: User.objects.get(username="bob").pk),
        ("auth_group", lambda e: Group.objects.get(name=initial_data.MEDICAL_REVIEWERS).pk),
        ("content_reference", lambda e: Reference.objects.get().pk),
        ("content_article", lambda e: e.article_id),
        ("content_edition", lambda e: e.pk),
        ("content_publication", lambda e: e.publications.get().pk),
        ("reviews_signoff", lambda e: e.signoffs.first().pk),
    ],
)
def test_evidence_and_what_it_names_is_not_deleted_by_sql(people, publication, table, row):
    key = row(publication.edition)
    # Only evidence is to stand in the way.
    tampering.execute("DELETE FROM accounts_user_groups")
    tampering.execute("DELETE FROM auth_group_permissions")
    Citation.objects.all().delete()

    with pytest.raises(IntegrityError):
        delete_now(table, key)

    assert verified()


@transaction.atomic
def delete_now(table, key):
    tampering.execute(f"DELETE FROM {table} WHERE id = %s", key)
    connection.check_constraints()  # what is deferred to the end of the transaction


def test_writer_of_a_draft_is_not_forgotten_by_deleting_the_account(people):
    article = cast.article(people["ann"])
    rewrite(article, people["edi"], "<p>By Edi.</p>")

    with pytest.raises(UserKept):
        User.objects.filter(username="edi").delete()

    edition = submitting.submit(article, by=people["ann"], change="major")
    assert authorship.contributors(edition) == {people["ann"].pk, people["edi"].pk}


def test_group_that_nobody_signs_in_may_go_and_takes_no_evidence_with_it(people, publication, client):
    Group.objects.get(name=initial_data.PUBLISHERS).delete()

    publication.refresh_from_db()
    assert publication.published_by_name == "Dora Example"
    assert client.get(publication.article.get_absolute_url()).status_code == 200
    assert verified()


def test_reference_dropped_from_the_draft_stays_in_the_edition(people, publication, client):
    words = publication.article.citations.get().reference.title
    Citation.objects.all().delete()

    page = client.get(publication.article.get_absolute_url())

    assert words in page.content.decode()
    assert verified()


def test_reviewer_who_left_and_changed_names_stands_as_they_signed(people, publication, root):
    User.objects.filter(username="bob").update(
        is_active=False, printed_name="Somebody Else", credentials="", organisation=cast.asco()
    )
    people["bob"].groups.clear()

    page = root.get(f"/admin/editions/{publication.edition_id}/")

    assert as_signed(page) == (True, f"{publication.edition.digest[:16]}…")
    assert gate.blockers(publication.edition) == []
    assert verified()


# 14. All or nothing.


def fails(table):
    """From now on the database writes no row of this table, as if its disk were full.

    By nothing that stands among the triggers of frozen tables, for verbs look at those.
    """
    if connection.vendor == "sqlite":
        tampering.execute(
            f"CREATE TEMP TRIGGER full_disk BEFORE INSERT ON main.{table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        return "DROP TRIGGER full_disk"
    tampering.execute(
        "CREATE FUNCTION full_disk(bigint) RETURNS boolean LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full'; END $$"
    )
    connection.check_constraints()
    tampering.execute(f"ALTER TABLE {table} ADD CONSTRAINT full_disk CHECK (full_disk(id)) NOT VALID")
    return f"ALTER TABLE {table} DROP CONSTRAINT full_disk"


LAST_STEPS = [
    *((verb, "evidence_ledgerevent") for verb in VERBS if verb is not asking),
    *((verb, "content_notification") for verb in (asking, withdrawing_page, withdrawing_review)),
    (submitting_it, "content_contributor"),
    (withdrawing_review, "content_notice"),
]


@pytest.mark.parametrize(
    ("verb", "table"), LAST_STEPS, ids=[f"{verb.__name__} without {table}" for verb, table in LAST_STEPS]
)
def test_verb_that_cannot_write_its_last_row_wrote_none_and_can_be_done_again(people, edition, verb, table):
    sent, typed = verb(people, edition)
    before = stored()
    fix = fails(table)

    failed = sent.send(**typed)

    # SQLite says of our trigger that a constraint failed; PostgreSQL, that the disk is full, which is nobody's mistake.
    status = {"sqlite": 500, "postgresql": 503}[connection.vendor]
    assert (failed.status_code, stored() == before) == (status, True)
    tampering.execute(fix)
    assert sent.send(**typed).status_code == 302
    assert stored() != before
    connection.check_constraints()
    assert verified()


def test_mail_that_cannot_be_sent_hinders_no_verb_and_is_sent_later(people, edition, settings):
    sent, typed = withdrawing_page(people, edition)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2

    answer = sent.send(**typed)
    with pytest.raises(CommandError):
        call_command("tick")

    waiting = Notification.objects.get()
    assert (answer.status_code, Publication.objects.live().count()) == (302, 0)
    assert (waiting.attempts, waiting.sent_at) == (0, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("tick")
    call_command("tick")
    assert [message.to for message in mail.outbox] == [["ann@example.org"]]


def test_draft_handed_in_from_two_windows_is_one_edition(people):
    article = cast.article(people["ann"])
    anns, edis = submit_form(article, people["ann"]), submit_form(article, people["edi"])

    answers = [anns.send(change="major"), edis.send(change="major")]

    edition = Edition.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/admin/editions/{edition.pk}/"] * 2
    assert (Submission.objects.count(), LedgerEvent.objects.filter(verb="submit").count()) == (1, 1)
    assert list(verification.editions_hold()) == []


# 15. Medical gates: the references.


@pytest.mark.parametrize("state", ["missing", "a day after it blocks", "still to come"])
def test_reference_without_a_day_of_late_blocks_until_the_link_beside_it_is_followed(people, state):
    case = access.CASES[state]
    edition = cast.signed(access.handed_in(case, people), people)
    words, before = access.said(case, edition), stored()
    page = f"/admin/editions/{edition.pk}/publish/"

    forms = tree(browser(people["dora"]).get(page)).forms
    assert [f for f in forms if urljoin(page, f.get("action") or page) == page] == []
    answer = Form(browser(people["dora"]), page, {"shown": publishers(edition, people["dora"])}).send()
    assert refused(answer, before) == (422, [case.code])
    assert told(answer) == [words]

    shown = tree(browser(people["edi"]).get(f"/admin/editions/{edition.pk}/"))
    [link] = shown.xpath("//ul[@class='findings']/li[contains(., $words)]/a/@href", words=words)
    path, _, place = link.partition("#")
    drafts = draft_form(edition.article, people["edi"])
    [button] = tree(drafts.client.get(path)).xpath(f"//*[@id='{place}']//button[@name='opened']/@value")
    assert (drafts.path, drafts.send(opened=button).status_code) == (path, 302)

    submit_form(edition.article, people["ann"]).send(change="major")
    second = current.candidate(edition.article)
    sign_form(second, people["edi"], "editorial-review").send(**APPROVAL, scope="changes-only")
    assert publish_form(second, people["dora"]).send().status_code == 302
    assert current.live_publication(edition.article).edition == second
