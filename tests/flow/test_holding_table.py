"""What holds and for how long: one row a case, each done by the verbs and by a person in a browser.

A case gets hands (see hands.py) and the people, makes its story, and says what is open on the newest edition. How an article
comes to be signed or public is the same in most: three of the cases take that way in the browser too, the others begin after it.
"""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from content.access_checks import recording
from content.drafts import saving
from content.editions import current
from content.models import Article, Edition, Section
from content.snapshots import pins
from reviews import gate, initial_data
from reviews.decisions import signoff_kinds
from reviews.models import ApprovalRoute, Late, RouteStep, Ruling
from tests import cast
from tests.flow.hands import Browser, Verbs

TEXT = "<p>You may take 4 mg pills. Do not stop alone. See <a href='https://example.org/a'>more</a>.</p>"
TYPO = TEXT.replace("You may take", "You may take,")
EDITORIAL, MEDICAL, CONTRIBUTION = (
    "editorial-review-missing",
    "medical-review-missing",
    "contribution-missing",
)
OPEN_AGAIN = [EDITORIAL, MEDICAL, CONTRIBUTION]


def newest(article):
    return Edition.objects.filter(article=article).order_by("-number")[0]


def open_on(edition):
    return [finding.code for finding in gate.blockers(edition)]


def begun(people, hands=None):
    """A co-branded article, handed in; by the verbs where no hands are given."""
    hands = hands or Verbs(people)
    draft = cast.article(people["ann"], co_branded_with=cast.asco())
    rewrite(draft, people["ann"], TEXT)
    assert hands.submit(draft, "ann", "major") == []
    return newest(draft)


def signed(people, hands=None):
    hands = hands or Verbs(people)
    edition = begun(people, hands)
    assert hands.sign(edition, "edi", "editorial-review") == []
    assert hands.sign(edition, "bob", "medical-review") == []
    assert hands.sign(edition, "asa", "contribution") == []
    assert open_on(edition) == []
    return edition


def public(people, hands=None):
    hands = hands or Verbs(people)
    edition = signed(people, hands)
    assert hands.publish(edition) == []
    return edition


def rewrite(article, by, body):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def changed(hands, people, edition, body, who="ann"):
    rewrite(edition.article, people[who], body)
    assert hands.submit(edition.article, "ann") == []
    return newest(edition.article)


def refreshed(hands, people, edition):
    """Its source opened again, a day later than before."""
    with cast.as_person(people["ann"]):
        citation = edition.article.citations.get()
        day = timezone.localdate() - timedelta(days=1)
        citation.access_check = recording.opened(
            citation.reference, by=people["ann"], on=day, found="unchanged"
        )
        citation.save()
        saving.saved(Article.objects.get(pk=edition.article_id))
    assert hands.submit(edition.article, "ann") == []
    return newest(edition.article)


def public_page(edition):
    return Client().get(edition.article.get_absolute_url()).content.decode()


# The cases. Each returns the codes that are open at its end.


def a_dose_change(hands, people):
    second = changed(hands, people, signed(people), TEXT.replace("4 mg", "40 mg"))
    assert hands.publish(second) in (OPEN_AGAIN, ["not-offered"])
    return open_on(second)


def a_typo_ruled_minor(hands, people):
    first = public(people, hands)
    second = changed(hands, people, first, TYPO)
    assert hands.rule(second, "bob", "medical-review", first) == []
    assert open_on(second) == [EDITORIAL, CONTRIBUTION]
    assert hands.rule(second, "asa", "contribution", first) == []
    assert hands.sign(second, "edi", "editorial-review") == []
    assert hands.publish(second) == []
    text = public_page(second)
    assert "before minor corrections" in text
    assert "with contribution by the American Society of Clinical Oncology (ASCO)." in text
    return open_on(second)


def refused_ruling(old, new):
    def case(hands, people):
        first = signed(people)
        second = changed(hands, people, first, TEXT.replace(old, new))
        assert hands.rule(second, "bob", "medical-review", first) in (["not-minor"], ["not-offered"])
        assert not Ruling.objects.exists()
        return open_on(second)

    return case


def a_ruling_withdrawn(hands, people):
    first = signed(people)
    second = changed(hands, people, first, TYPO)
    assert hands.rule(second, "bob", "medical-review", first) == []
    assert hands.withdraw(Ruling.objects.get(), "bob") == []
    return open_on(second)


def a_changes_only_review_after_a_whole_page_one(hands, people):
    first = public(people)
    second = changed(hands, people, first, TEXT.replace("4 mg", "2 mg"))
    assert hands.sign(second, "bob", "medical-review", start=first) == []
    assert open_on(second) == [EDITORIAL, CONTRIBUTION]
    assert hands.sign(second, "asa", "contribution", start=first) == []
    assert hands.sign(second, "edi", "editorial-review", start=first) == []
    assert hands.publish(second) == []
    assert "before minor corrections" not in public_page(second)
    return open_on(second)


def a_source_reopened(hands, people):
    second = refreshed(hands, people, signed(people))
    assert second.number == 2
    return open_on(second)


def a_brand_taken_from_the_library(hands, people):
    first = signed(people)
    article = first.article
    product = article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()
    assert hands.submit(article, "ann") == []
    assert newest(article) == first
    with cast.saving(article, people["ann"]):
        pins.take(article, pins.updates(article), by=people["ann"])
    assert hands.submit(article, "ann") == []
    return open_on(newest(article))


def an_edit_and_its_undo_by_another_person(hands, people):
    first = signed(people)
    rewrite(first.article, people["bob"], TYPO)
    rewrite(first.article, people["cid"], TEXT)
    assert hands.submit(first.article, "ann") == []
    assert newest(first.article) == first
    return open_on(first)


def a_signoff_withdrawn_by_its_signer(hands, people):
    first = public(people)
    assert hands.withdraw(first.signoffs.get(kind__kind="contribution"), "asa") == []
    assert "with contribution by" not in public_page(first)
    return open_on(first)


def a_kind_overdue(hands, people):
    first = signed(people, hands)
    with time_machine.travel(timezone.now() + timedelta(days=37 * 31), tick=False):
        return open_on(first)


def late_partner(rule):
    def case(hands, people):
        route = ApprovalRoute(name="With ASCO", co_branded_with=cast.asco())
        route.save()
        steps = (("editorial-review", None), ("medical-review", None), ("contribution", cast.asco()))
        for kind, organisation in steps:
            RouteStep(route=route, kind_id=kind, organisation=organisation, when_late=rule, days=0).save()
        with time_machine.travel(timezone.now() - timedelta(days=2), tick=False):
            edition = begun(people)
        assert hands.sign(edition, "edi", "editorial-review") == []
        assert hands.sign(edition, "bob", "medical-review") == []
        if rule == Late.WITHOUT:
            assert hands.publish(edition) == []
            assert "ASCO" not in public_page(edition)
        return open_on(edition)

    return case


def an_editor_signs_the_contribution_and_not_the_medical_review(hands, people):
    edition = begun(people)
    writer = people["ann"]
    writer.organisation = cast.asco()
    writer.save()
    writer.groups.add(
        *Group.objects.filter(name__in=[initial_data.CONTRIBUTORS, initial_data.MEDICAL_REVIEWERS])
    )
    assert hands.sign(edition, "ann", "contribution") == []
    assert hands.sign(edition, "ann", "medical-review") in (["not-independent"], ["not-offered"])
    return open_on(edition)


def two_signers_where_two_are_asked(hands, people):
    people["dora"].is_superuser = True
    people["dora"].save()
    signoff_kinds.revise("medical-review", by=people["dora"], how_many=2)
    edition = begun(people)
    for who, kind in (("edi", "editorial-review"), ("bob", "medical-review"), ("asa", "contribution")):
        assert hands.sign(edition, who, kind) == []
    assert open_on(edition) == [MEDICAL]
    assert hands.sign(edition, "cid", "medical-review") == []
    return open_on(edition)


def a_decline(hands, people):
    edition = signed(people)
    assert hands.sign(edition, "cid", "medical-review", decision="decline", reason="On leave.") == []
    return open_on(edition)


def a_request_for_changes_and_a_redated_source_after_it(hands, people):
    first = signed(people)
    asked = hands.sign(
        first, "cid", "medical-review", decision="request-changes", reason="Is the dose right?"
    )
    assert asked == []
    return open_on(refreshed(hands, people, first))


def objected(hands, people, edition, who="cid", kind="medical-review"):
    reason = "The dose would kill a child."
    assert hands.sign(edition, who, kind, decision="request-changes", reason=reason) == []
    return edition.signoffs.order_by("-pk")[0]


def an_objection_outvoted_on_the_next_edition(hands, people):
    first = signed(people)
    objected(hands, people, first)
    second = changed(hands, people, first, TEXT.replace("alone", "by yourself"))
    for who, kind in (("edi", "editorial-review"), ("bob", "medical-review"), ("asa", "contribution")):
        assert hands.sign(second, who, kind) == []
    assert hands.publish(second) in (["changes-requested"], ["not-offered"])
    return open_on(second)


def an_objection_that_a_publisher_would_withdraw(hands, people):
    first = signed(people)
    assert hands.withdraw(objected(hands, people, first), "dora") in (["no-right"], ["not-offered"])
    return open_on(first)


def an_objection_withdrawn_by_its_author(hands, people):
    first = signed(people)
    assert hands.withdraw(objected(hands, people, first), "cid") == []
    return open_on(first)


def an_objection_answered_by_its_authors_approval(hands, people):
    first = signed(people)
    objected(hands, people, first)
    second = changed(hands, people, first, TEXT.replace("4 mg", "2 mg"))
    assert hands.sign(second, "cid", "medical-review") == []
    assert hands.sign(second, "edi", "editorial-review") == []
    return open_on(second)


def an_objection_overruled_by_a_peer(hands, people):
    first = signed(people)
    objection = objected(hands, people, first)
    second = changed(hands, people, first, TYPO)
    assert hands.overrule(objection, second, "bob") == []
    return open_on(second)


def an_editors_objection_overruled_by_a_clinician(hands, people):
    first = signed(people)
    objection = objected(hands, people, first, "lib", "editorial-review")
    assert hands.overrule(objection, first, "edi") == []
    other = objected(hands, people, first, "lib", "editorial-review")
    assert hands.overrule(other, first, "bob") == []
    assert hands.publish(first) == []
    return open_on(first)


def an_objection_that_its_writer_would_overrule(hands, people):
    first = signed(people)
    objection = objected(hands, people, first, "edi", "editorial-review")
    assert hands.overrule(objection, first, "ann") in (["not-independent"], ["not-offered"])
    assert hands.overrule(objection, first, "dora") in (["no-right"], ["not-offered"])
    return open_on(first)


def an_objection_raised_after_publication(hands, people):
    first = public(people)
    objected(hands, people, first)
    assert current.live_publication(first.article).edition == first
    second = changed(hands, people, first, TEXT.replace("4 mg", "2 mg"))
    assert "changes-requested" in open_on(second)
    return open_on(first)


def an_objection_to_a_later_edition_than_the_live_one(hands, people):
    first = public(people)
    second = changed(hands, people, first, TEXT.replace("4 mg", "40 mg"))
    objected(hands, people, second)
    assert hands.publish(first) == []
    return open_on(first)


def an_older_text_that_comes_back_after_an_objection(hands, people):
    first = signed(people)
    second = changed(hands, people, first, TEXT.replace("alone", "by yourself"))
    objected(hands, people, second)
    assert changed(hands, people, second, TEXT) == second
    assert current.candidate(first.article) == first
    return open_on(first)


def the_words_objected_to_that_come_back_after_the_answer(hands, people):
    first = signed(people)
    objected(hands, people, first)
    second = changed(hands, people, first, TEXT.replace("4 mg", "2 mg"))
    assert hands.sign(second, "cid", "medical-review") == []
    assert changed(hands, people, second, TEXT) == second
    assert current.candidate(first.article) == first
    return open_on(first)


def a_kind_narrowed_while_the_review_runs(hands, people):
    edition = begun(people)
    assert hands.sign(edition, "bob", "medical-review") == []
    people["dora"].is_superuser = True
    people["dora"].save()
    signoff_kinds.revise("medical-review", by=people["dora"], covers=["text", "drugs"])
    return open_on(edition)


def a_rollback_to_an_edition_whose_signer_has_left(hands, people):
    first = public(people, hands)
    article = first.article
    with cast.saving(article, people["ann"]):
        Section(article=article, position=9, heading="More", body="<p>More.</p>").save()
    assert hands.submit(article, "ann") == []
    second = newest(article)
    for who, kind in (("edi", "editorial-review"), ("cid", "medical-review"), ("asa", "contribution")):
        assert hands.sign(second, who, kind) == []
    assert hands.publish(second) == []
    people["bob"].groups.clear()
    people["bob"].is_active = False
    people["bob"].save()
    assert hands.publish(first) == []
    assert current.live_publication(article).edition == first
    return open_on(first)


CASES = [
    (a_dose_change, OPEN_AGAIN),
    (a_typo_ruled_minor, []),
    (refused_ruling("4 mg", "40 mg"), OPEN_AGAIN),
    (refused_ruling("4 mg", "4 mcg"), OPEN_AGAIN),
    (refused_ruling("Do not stop", "Do stop"), OPEN_AGAIN),
    (refused_ruling("example.org/a", "example.org/b"), OPEN_AGAIN),
    (a_ruling_withdrawn, OPEN_AGAIN),
    (a_changes_only_review_after_a_whole_page_one, []),
    (a_source_reopened, [EDITORIAL]),
    (a_brand_taken_from_the_library, OPEN_AGAIN),
    (an_edit_and_its_undo_by_another_person, [MEDICAL]),
    (a_signoff_withdrawn_by_its_signer, [CONTRIBUTION]),
    (a_kind_overdue, ["access-date-over-age", "review-overdue"]),
    (late_partner(Late.WAIT), [CONTRIBUTION]),
    (late_partner(Late.WITHOUT), []),
    (an_editor_signs_the_contribution_and_not_the_medical_review, [EDITORIAL, MEDICAL]),
    (two_signers_where_two_are_asked, []),
    (a_decline, []),
    (a_request_for_changes_and_a_redated_source_after_it, [EDITORIAL, "changes-requested"]),
    (a_kind_narrowed_while_the_review_runs, [EDITORIAL, CONTRIBUTION]),
    (a_rollback_to_an_edition_whose_signer_has_left, []),
    (an_objection_outvoted_on_the_next_edition, ["changes-requested"]),
    (an_objection_that_a_publisher_would_withdraw, ["changes-requested"]),
    (an_objection_withdrawn_by_its_author, []),
    (an_objection_answered_by_its_authors_approval, [CONTRIBUTION]),
    (an_objection_overruled_by_a_peer, OPEN_AGAIN),
    (an_editors_objection_overruled_by_a_clinician, []),
    (an_objection_that_its_writer_would_overrule, ["changes-requested"]),
    (an_objection_raised_after_publication, ["changes-requested"]),
    (an_objection_to_a_later_edition_than_the_live_one, []),
    (an_older_text_that_comes_back_after_an_objection, ["changes-requested"]),
    (the_words_objected_to_that_come_back_after_the_answer, ["changes-requested"]),
]
NAMES = [
    *(
        "a dose change",
        "a typo ruled minor",
        "a ruling refused for a digit",
        "for a unit",
        "for a not",
        "for a link",
    ),
    *("a ruling withdrawn", "changes only after the whole page", "a source re-opened", "a brand taken"),
    *("an edit and its undo", "a sign-off withdrawn", "a kind overdue", "a late partner waited for"),
    *(
        "a late partner gone without",
        "an editor signs",
        "two signers",
        "a decline",
        "a request and a re-dated source",
    ),
    *("a kind narrowed", "a rollback"),
    *(
        "an objection outvoted",
        "withdrawn by the publisher",
        "withdrawn by its author",
        "answered by its author",
    ),
    *(
        "overruled by a peer",
        "overruled by a clinician",
        "overruled by the writer",
        "raised after publication",
    ),
    *("raised after the live edition", "an older text back", "the words objected to back"),
]
TABLE = [pytest.param(case, expected, id=name) for (case, expected), name in zip(CASES, NAMES, strict=True)]


@pytest.mark.django_db
@pytest.mark.parametrize(("case", "expected"), TABLE)
def test_on_the_verb(case, expected):
    people = cast.cast()

    assert case(Verbs(people), people) == expected


@pytest.mark.parametrize(("case", "expected"), TABLE)
def test_in_the_browser(case, expected, people_there, at):
    assert case(Browser(people_there, at), people_there) == expected
