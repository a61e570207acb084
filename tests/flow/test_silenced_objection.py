"""Story 18: a reviewer's objection is answered, not outvoted; told through the pages that people use."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from content.editions import current
from content.models import Article, Edition, Notification, Publication
from evidence.models import LedgerEvent, Refusal
from evidence.shown import sealed
from reviews import gate, publishing
from reviews.models import DecisionWithdrawal, Overruling, Signoff
from tests import cast
from tests.flow.test_stories import APPROVAL, browser, form, sign_form, submit_form, tree

pytestmark = pytest.mark.django_db
DEADLY = "The dose would kill a child."


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.signed(cast.submitted(people["ann"]), people)


@pytest.fixture
def objection(people, edition):
    answer = sign_form(edition, people["cid"]).send(
        decision="request-changes", reason=DEADLY, conflict="none"
    )
    assert answer.status_code == 302
    return Signoff.objects.get(decision="request-changes")


def with_one_word_more(people):
    article = Article.objects.get()
    with cast.saving(article, people["ann"]):
        section = article.sections.first()
        section.body = section.body.replace("pills", "small pills")
        section.save()
    assert submit_form(article, people["ann"]).send(change="minor").status_code == 302
    return Edition.objects.get(number=2)


def words(element):
    return " ".join(element.text_content().split())


def first_card(person, path):
    """The first section of the page, with what it says."""
    return tree(browser(person).get(path)).xpath("//section")[0]


def overrule_form(edition, objection, person):
    return form(person, f"/admin/editions/{edition.pk}/", f"/overrule/{objection.pk}/")


def codes(edition):
    return [finding.code for finding in gate.blockers(edition)]


def test_the_publisher_can_neither_withdraw_nor_publish_over_it(people, edition, objection):
    publisher = browser(people["dora"])
    live = {"shown": sealed(publishing.shown_to(edition, by=people["dora"]))}

    withdrawn = publisher.post(f"/admin/signoffs/{objection.pk}/withdraw/", {"reason": "She is on leave."})
    published = publisher.post(f"/admin/editions/{edition.pk}/publish/", live)

    assert (withdrawn.status_code, published.status_code) == (403, 422)
    assert [refusal.reasons[0]["code"] for refusal in Refusal.objects.order_by("pk")] == [
        "no-right",
        "changes-requested",
    ]
    assert (DecisionWithdrawal.objects.count(), Publication.objects.count()) == (0, 0)


def test_a_word_more_and_another_reviewer_silence_nobody(people, edition, objection):
    second = with_one_word_more(people)
    assert sign_form(second, people["bob"]).send(**APPROVAL).status_code == 302
    whole = sign_form(second, people["edi"], "editorial-review").send(**APPROVAL, scope="whole-page")
    assert whole.status_code == 302

    shown = sealed(publishing.shown_to(second, by=people["dora"]))
    answer = browser(people["dora"]).post(f"/admin/editions/{second.pk}/publish/", {"shown": shown})

    assert answer.status_code == 422
    assert codes(second) == ["changes-requested"]
    [finding] = gate.blockers(second)
    assert finding.words == f"Cid Example, MD requested changes to edition 1 (Medical review): {DEADLY}"
    assert finding.fix == f"/admin/editions/{second.pk}/#objection-{objection.pk}"
    assert not Publication.objects.exists()


@pytest.mark.parametrize("who", ["bob", "edi", "asa", "ann", "dora", "gus", "cid"])
def test_it_stands_first_on_the_page_of_each_later_edition(people, edition, objection, who):
    second = with_one_word_more(people)

    card = first_card(people[who], f"/admin/editions/{second.pk}/")

    day = date_format(timezone.localtime(objection.signed_at), "DATETIME_FORMAT")
    assert card.get("id") == "objections"
    assert words(card.xpath("./article/p")[0]) == (
        "Cid Example, MD, on behalf of American Cancer Society, requested changes to edition 1 (medical review), "
        f"{day}:"
    )
    assert words(card.xpath("./article/p[@class='quote']")[0]) == DEADLY


def test_it_stands_first_on_the_publishers_page(people, edition, objection):
    second = with_one_word_more(people)

    card = first_card(people["dora"], f"/admin/editions/{second.pk}/publish/")

    assert card.get("aria-labelledby") == "objections-title"
    assert DEADLY in words(card)
    assert card.xpath(".//a/@href")[-1] == f"/admin/editions/{second.pk}/#objection-{objection.pk}"


def offers(person, edition):
    """Addresses of the forms on the card."""
    card = first_card(person, f"/admin/editions/{edition.pk}/")
    return [each.get("action") for each in card.xpath(".//form")]


def test_each_is_offered_what_they_may_do(people, edition, objection):
    second = with_one_word_more(people)

    overrule = f"/admin/editions/{second.pk}/overrule/{objection.pk}/"
    assert offers(people["bob"], second) == [overrule]
    assert offers(people["cid"], second) == [f"/admin/signoffs/{objection.pk}/withdraw/"]
    assert offers(people["ann"], second) == [f"/admin/editions/{second.pk}/ask/medical-review/"]
    for who in ("edi", "dora"):
        assert overrule not in offers(people[who], second)
    assert offers(people["gus"], second) == []


def test_the_editor_asks_its_author_to_look_at_the_new_edition(people, edition, objection):
    second = with_one_word_more(people)
    [asking] = first_card(people["ann"], f"/admin/editions/{second.pk}/").xpath(".//form")
    assert words(asking) == "Ask Cid Example to look at edition 2"

    answer = browser(people["ann"]).post(asking.get("action"), dict(asking.form_values()))

    assert answer.status_code == 302

    told = Notification.objects.filter(recipient=people["cid"]).values_list("subject", flat=True)
    assert sorted(subject.partition(":")[0] for subject in told) == [
        "Edition 2 after your objection",
        "Medical review wanted",
    ]


def test_its_author_closes_it_by_approving_the_new_edition(people, edition, objection):
    second = with_one_word_more(people)

    assert sign_form(second, people["cid"]).send(**APPROVAL).status_code == 302

    assert codes(second) == ["editorial-review-missing"]
    record = tree(browser(people["gus"]).get(f"/admin/editions/{second.pk}/")).xpath("//*[@id='record']")[0]
    assert "Answered: Cid Example approved edition 2" in words(record)


def test_a_peer_who_has_no_part_in_it_overrules_it_with_a_reason_that_stays(people, edition, objection):
    second = with_one_word_more(people)
    reason = "The label gives this dose for adults, and the page is about adults."

    answer = overrule_form(second, objection, people["bob"]).send(reason=reason)

    assert answer.status_code == 302
    assert (Overruling.objects.get().reason, LedgerEvent.objects.latest("number").verb) == (
        reason,
        "overrule objection",
    )
    assert codes(second) == ["editorial-review-missing", "medical-review-missing"]
    told = Notification.objects.get(recipient=people["cid"], subject__startswith="Objection overruled")
    assert reason in told.body
    for page in (edition, second):
        record = tree(browser(people["gus"]).get(f"/admin/editions/{page.pk}/")).xpath("//*[@id='record']")[0]
        assert (
            f"Overruled by {people['bob'].signature()}, on behalf of American Cancer Society, on edition 2"
            in (words(record))
        )
        assert reason in words(record)


def test_whoever_overruled_it_does_not_publish(people, edition, objection):
    pete = cast.person("pete", "Publishers", "Medical reviewers")
    assert overrule_form(edition, objection, pete).send(reason="The label says so.").status_code == 302

    page = tree(browser(pete).get(f"/admin/editions/{edition.pk}/publish/"))
    shown = sealed(publishing.shown_to(edition, by=pete))
    answer = browser(pete).post(f"/admin/editions/{edition.pk}/publish/", {"shown": shown})

    assert "another publisher has to publish this edition" in page.text_content()
    assert answer.status_code == 422
    assert Refusal.objects.latest("pk").reasons[0]["code"] == "own-overruling"
    assert codes(edition) == []
    cast.publish(edition, people["dora"])
    assert current.live_publication(edition.article).edition == edition


@pytest.mark.parametrize("meanwhile", ["another objection", "a newer edition", "its author's approval"])
def test_an_answer_to_what_is_no_longer_so_is_refused_and_kept(people, edition, objection, meanwhile):
    answering = overrule_form(edition, objection, people["bob"])
    if meanwhile == "another objection":
        cast.sign(edition, people["asa"], "medical-review", decision="request-changes", reason="The route.")
    elif meanwhile == "a newer edition":
        with_one_word_more(people)
    else:
        cast.sign(edition, people["cid"], "medical-review")

    answer = answering.send(reason="The label says so, on page 7.")

    assert answer.status_code == 409
    assert not Overruling.objects.exists()
    assert "The label says so, on page 7." in answer.content.decode()


def test_an_answer_that_does_not_say_what_was_read_is_refused_outright(people, edition, objection):
    answering = overrule_form(edition, objection, people["bob"])
    del answering.fields["shown"]

    answer = answering.send(reason="The label says so.")

    assert (answer.status_code, Overruling.objects.count()) == (422, 0)
    assert Refusal.objects.get().reasons[0]["code"] == "nothing-shown"


def test_an_answer_without_a_reason_is_refused(people, edition, objection):
    answer = overrule_form(edition, objection, people["bob"]).send(reason=" ")

    assert (answer.status_code, Overruling.objects.count()) == (422, 0)


@pytest.mark.parametrize(("who", "status"), [("edi", 403), ("ann", 403), ("dora", 403), ("eve", 403)])
def test_who_may_not_answer_is_refused(people, edition, objection, who, status):
    page = sealed(cast.shown_to_overrule(objection, edition, people[who]))
    shown = {"shown": page, "reason": "It is right."}

    answer = browser(people[who]).post(f"/admin/editions/{edition.pk}/overrule/{objection.pk}/", shown)

    assert (answer.status_code, Overruling.objects.count()) == (status, 0)


def test_an_approval_is_not_overruled_nor_an_objection_under_another_article(people, edition, objection):
    other = cast.submitted(people["ann"], title="Another", slug="another")
    approval = edition.signoffs.get(kind__kind="medical-review", decision="approve")
    carried = sealed(cast.shown_to_overrule(objection, edition, people["bob"]))
    shown = {"shown": carried, "reason": "It is right."}

    for page, key in ((edition, approval.pk), (other, objection.pk)):
        answer = browser(people["bob"]).post(f"/admin/editions/{page.pk}/overrule/{key}/", shown)
        assert (answer.status_code, Overruling.objects.count()) == (404, 0)
