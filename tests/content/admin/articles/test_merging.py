"""A save that came too late: nothing typed is lost, both texts are shown, and what is merged is an ordinary save."""

import lxml.html
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone

from content.access_checks import recording
from content.drafts import revisions
from content.models import Article, Citation, Section, UnsavedText
from evidence.models import Refusal
from tests import cast
from tests.content.drawing import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


class Form:
    """A form as somebody's page shows it, in a browser of their own."""

    def __init__(self, person, path, page=None, form="article_form"):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)
        self.page = page or self.client.get(path)
        [found] = tree(self.page).xpath(f"//form[@id='{form}']")
        self.path = found.get("action") or path
        self.fields = {name: value for name, value in found.form_values() if not name.startswith("_")}

    def send(self, **typed):
        return self.client.post(self.path, {**self.fields, "_continue": "1", **typed})


def tree(answer):
    return lxml.html.fromstring(answer.content.decode())


def draft_form(article, person):
    return Form(person, f"/admin/content/article/{article.pk}/change/")


def merge_form(person, page=None):
    """Over the page that came of a save, or opened anew."""
    kept = UnsavedText.objects.filter(typed_by=person).last()
    return Form(person, merge_address(kept), page, form="merge_form")


def merge_address(kept):
    return reverse("admin:content_article_merge", args=[kept.article_id, kept.pk])


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def words(node):
    return " ".join(node.text_content().split())


def pieces(page):
    """Of every piece of the page: its key, and how it is marked."""
    nodes = tree(page).xpath("//*[contains(@class, 'merge-piece')]")
    return {node.get("id"): words(node.xpath(".//*[contains(@class, 'mark')]")[0]) for node in nodes}


def piece(page, key):
    [node] = tree(page).xpath(f"//*[@id='{key}']")
    return words(node)


def clash(article, people, ann=None, edi=None):
    """Ann and Edi open the draft; Ann saves, then Edi does. Gives the answer to Edi."""
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    assert anns.send(**(ann or {"title": "Ann's title"})).status_code == 302
    return edis.send(**(edi or {"title": "Edi's title"}))


def draft():
    article = Article.objects.get()
    sections = {section.heading: section.body for section in article.sections.all()}
    return article.title, sections


BODY = "sections-0-body"
A, B = (
    "<p>Medicines, taken as 4 mg pills.</p>",
    "<p><strong>Possible side effects:</strong> Low blood counts.</p>",
)


def test_a_late_save_stores_nothing_and_keeps_what_was_typed(people, article):
    answer = clash(article, people)

    kept = UnsavedText.objects.get()
    assert answer.status_code == 409
    assert draft()[0] == "Ann's title"
    assert (kept.typed_by, kept.article, kept.saves, kept.text["values"]["title"]) == (
        people["edi"],
        article,
        article.saves,
        "Edi's title",
    )


def test_a_late_save_is_on_record_as_refused(people, article):
    clash(article, people)

    refusal = Refusal.objects.get()
    assert (refusal.verb, refusal.requested_by, refusal.article_uid) == ("save", people["edi"], article.uid)
    assert [reason["code"] for reason in refusal.reasons] == ["stale-draft"]


def test_the_page_says_who_saved_when_and_what(people, article):
    answer = clash(article, people)

    [card] = tree(answer).xpath("//section[@aria-labelledby='meanwhile-title']")
    at = formats.date_format(
        timezone.localtime(Article.objects.get().history.first().history_date), "DATETIME_FORMAT"
    )
    assert "Your text is not saved yet" in words(card)
    assert f"Ann Example, {at}: Title." in words(card)


def test_both_texts_are_shown_where_both_changed_a_piece_and_one_is_taken_elsewhere(people, article):
    answer = clash(
        article,
        people,
        ann={
            "title": "Ann's title",
            BODY: "<p>Medicines, taken as 8 mg pills.</p>",
            "lead": "<p>Ann's lead.</p>",
        },
        edi={
            "title": "Edi's title",
            BODY: "<p>Medicines, taken as 2 mg pills.</p>",
            "public_note": "A note.",
        },
    )

    first = article.sections.first().pk
    assert pieces(answer) == {
        "title": "You decide",
        "lead": "The saved one is used",
        f"section-{first}-body": "You decide",
        "public_note": "Yours is used",
    }
    both = piece(answer, f"section-{first}-body")
    assert "The saved draft, by Ann Example" in both
    assert "Your text" in both
    assert "[removed: 4] [added: 8] mg" in both.replace("[removed: 4][added: 8]", "[removed: 4] [added: 8]")
    assert "[removed: 4] [added: 2] mg" in both.replace("[removed: 4][added: 2]", "[removed: 4] [added: 2]")


def choose(form, **sides):
    """`title="mine"`; for a section, its key with underscores for the hyphens."""
    return form.send(**{f"choose-{key.replace('__', '-')}": side for key, side in sides.items()})


@pytest.mark.parametrize(("side", "title"), [("mine", "Edi's title"), ("theirs", "Ann's title")])
def test_the_side_that_is_chosen_is_saved(people, article, side, title):
    answer = clash(article, people, edi={"title": "Edi's title", "lead": "<p>Edi's lead.</p>"})

    saved = choose(merge_form(people["edi"], answer), title=side)

    article.refresh_from_db()
    assert (saved.status_code, saved["Location"]) == (302, f"/admin/content/article/{article.pk}/change/")
    assert (article.title, article.lead) == (title, "<p>Edi's lead.</p>")
    assert UnsavedText.objects.count() == 0


def test_a_dose_that_two_people_wrote_differently_is_said_first(people, article):
    page = clash(
        article,
        people,
        {BODY: A.replace("4 mg", "4 mg or 8 mg")},
        {BODY: A.replace("4 mg", "40 mg")},
    )

    [node] = tree(page).xpath("//*[contains(@class, 'numbers-differ')]")
    assert words(node) == (
        "Numbers differ: 4 mg in the saved draft, 40 mg pills in your text; "
        "8 mg pills in the saved draft, none in your text."
    )


def test_a_combined_text_is_saved_and_begins_with_all_that_is_new(people, article):
    two = "<p>One.</p><p>Two.</p>"
    with cast.saving(article, people["ann"]):
        section = article.sections.first()
        section.body = two
        section.save()
    answer = clash(
        article, people, ann={BODY: "<p>One, Ann.</p><p>Two.</p>"}, edi={BODY: "<p>One.</p><p>Two, Edi.</p>"}
    )
    key = f"section-{section.pk}-body"
    form = merge_form(people["edi"], answer)

    offered = form.fields[f"text-{key}"].strip()
    form.send(**{f"choose-{key}": "combined", f"text-{key}": f"{offered}<p>Three.</p>"})

    section.refresh_from_db()
    assert offered == "<p>One, Ann.</p><p>Two, Edi.</p>"
    assert section.body == "<p>One, Ann.</p><p>Two, Edi.</p><p>Three.</p>"


def test_a_merge_is_an_ordinary_save_in_the_name_of_whoever_merged(people, article):
    answer = clash(article, people)
    before = revisions.versions(article).count()

    choose(merge_form(people["edi"], answer), title="mine")

    newest, meanwhile, _ = revisions.versions(article)
    assert (newest.field_dict["title"], newest.revision.user) == ("Edi's title", people["edi"])
    assert (meanwhile.field_dict["title"], meanwhile.revision.user) == ("Ann's title", people["ann"])
    assert (before, newest.field_dict["saves"]) == (2, 3)
    row = article.history.first()
    assert (row.title, row.history_user) == ("Edi's title", people["edi"])


def test_what_is_not_decided_is_asked_again_and_nothing_chosen_or_written_is_lost(people, article):
    answer = clash(
        article,
        people,
        ann={"title": "Ann's title", "lead": "<p>Ann's lead.</p>", BODY: "<p>Ann.</p>"},
        edi={"title": "Edi's title", "lead": "<p>Edi's lead.</p>", BODY: "<p>Edi.</p>"},
    )
    key = f"section-{article.sections.first().pk}-body"
    form = merge_form(people["edi"], answer)

    again = form.send(**{"choose-title": "mine", f"choose-{key}": "combined", f"text-{key}": "<p>Ours.</p>"})

    assert (again.status_code, draft()[0]) == (422, "Ann's title")
    assert said(again) == ["Not saved yet: one decision is still to be made."]
    shown = merge_form(people["edi"], again).fields
    assert (shown["choose-title"], shown[f"choose-{key}"], shown[f"text-{key}"].strip()) == (
        "mine",
        "combined",
        "<p>Ours.</p>",
    )


def test_a_third_save_while_merging_is_shown_again_and_then_merged(people, article):
    answer = clash(article, people, edi={"title": "Edi's title", "lead": "<p>Edi's lead.</p>"})
    merging = merge_form(people["edi"], answer)
    draft_form(article, people["lib"]).send(title="Lib's title", public_note="Lib's note.")

    again = choose(merging, title="mine")

    assert (again.status_code, draft()[0]) == (409, "Lib's title")
    assert [refusal.verb for refusal in Refusal.objects.all()] == ["save", "save"]
    kept = UnsavedText.objects.get()
    assert (kept.text["values"]["title"], kept.text["values"]["lead"]) == (
        "Edi's title",
        "<p>Edi's lead.</p>",
    )
    # Of the first merge nothing is asked again: only what the third saved on top of it.
    assert pieces(again) == {
        "title": "You decide",
        "lead": "Yours is used",
        "public_note": "The saved one is used",
    }
    assert "The saved draft, by Lib Example" in piece(again, "title")

    saved = choose(merge_form(people["edi"], again), title="mine")

    article.refresh_from_db()
    assert saved.status_code == 302
    assert (article.title, article.lead, article.public_note) == (
        "Edi's title",
        "<p>Edi's lead.</p>",
        "Lib's note.",
    )


def test_a_page_left_open_over_a_third_save_asks_nothing_again_that_was_decided(people, article):
    """What was not decided is asked over the draft that the page showed; the third save comes next."""
    answer = clash(article, people)
    merging = merge_form(people["edi"], answer)
    draft_form(article, people["lib"]).send(lead="<p>Lib's lead.</p>")

    again = merging.send()

    assert again.status_code == 422
    assert merge_form(people["edi"], again).fields["saves"] == merging.fields["saves"]
    third = choose(merge_form(people["edi"], again), title="mine")
    assert (third.status_code, pieces(third)) == (
        409,
        {"title": "Yours is used", "lead": "The saved one is used"},
    )
    assert merge_form(people["edi"], third).send().status_code == 302
    assert (draft()[0], Article.objects.get().lead) == ("Edi's title", "<p>Lib's lead.</p>")


def test_a_section_they_took_out_and_i_changed_can_be_kept_or_left(people, article):
    gone = article.sections.last().pk
    edis = {"sections-1-body": "<p>Edi's words.</p>"}
    answer = clash(article, people, ann={"sections-1-DELETE": "on"}, edi=edis)
    assert pieces(answer) == {f"section-{gone}": "You decide"}
    assert "Your text: keep it" in piece(answer, f"section-{gone}")

    merge_form(people["edi"], answer).send(**{f"choose-section-{gone}": "mine"})

    assert draft()[1] == {"What it is": A, "Pomalidomide (Pomalyst)": "<p>Edi's words.</p>"}
    assert Section.objects.get(heading__startswith="Pom").drug.generic_name == "Pomalidomide"


def test_a_section_i_took_out_and_they_changed_can_be_left_out(people, article):
    gone = article.sections.last().pk
    answer = clash(article, people, ann={"sections-1-body": "<p>Ann's.</p>"}, edi={"sections-1-DELETE": "on"})

    merge_form(people["edi"], answer).send(**{f"choose-section-{gone}": "mine"})

    assert draft()[1] == {"What it is": A}


def added(number, heading, position=0):
    fields = {
        "heading": heading,
        "level": 2,
        "kind": "text",
        "body": f"<p>{heading}</p>",
        "position": position,
    }
    return {f"sections-{number}-{name}": value for name, value in fields.items()} | {
        "sections-TOTAL_FORMS": number + 1
    }


def headings():
    return list(Article.objects.get().sections.values_list("heading", flat=True))


def test_sections_that_both_added_stand_where_they_were_put(people, article):
    answer = clash(
        article,
        people,
        ann=added(2, "Ann's last"),
        edi={**added(2, "Edi's first", 1), "sections-0-position": 2, "sections-1-position": 3},
    )
    assert list(pieces(answer).values()) == ["Yours is used", "The saved one is used"]

    merge_form(people["edi"], answer).send()

    assert headings() == ["Edi's first", "What it is", "Pomalidomide (Pomalyst)", "Ann's last"]


def test_a_form_sent_twice_adds_its_section_once(people, article):
    edis = draft_form(article, people["edi"])
    first = edis.send(**added(2, "New"))

    again = edis.send(**added(2, "New"))

    assert (first.status_code, again.status_code, headings().count("New")) == (302, 302, 1)
    assert said(again)[-1] == (
        "The draft was saved by you in another window after you opened it. It contains everything you typed. This is "
        "the draft now."
    )
    assert (UnsavedText.objects.count(), Refusal.objects.count()) == (0, 0)


def test_a_form_in_which_nothing_was_typed_is_told_and_keeps_nothing(people, article):
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    anns.send(title="Ann's title")

    answer = edis.send()

    assert (answer.status_code, said(answer)[-1]) == (
        302,
        "The draft was saved by Ann Example after you opened it. It contains everything you typed. This is the draft now.",
    )
    assert (UnsavedText.objects.count(), Refusal.objects.count()) == (0, 0)


def cited(article, people, *titles):
    with cast.saving(article, people["ann"]):
        for title in titles:
            reference = cast.reference(people["ann"], title=title)
            Citation(article=article, reference=reference, position=9).save()
    return Article.objects.get(pk=article.pk)


def titles():
    return list(Article.objects.get().citations.values_list("reference__title", flat=True))


def test_citations_are_merged_by_what_they_cite(people, article):
    article = cited(article, people, "Second")
    third, fourth = (cast.reference(people["ann"], title=title) for title in ("Third", "Fourth"))

    def one_more(reference):
        return {
            "citations-TOTAL_FORMS": 3,
            "citations-2-reference": reference.pk,
            "citations-2-supports": "yes",
            "citations-2-position": 0,
        }

    answer = clash(article, people, ann=one_more(third), edi={**one_more(fourth), "citations-0-DELETE": "on"})
    merge_form(people["edi"], answer).send()

    assert titles() == ["Second", "Fourth", "Third"]


def test_both_may_add_the_same_reference(people, article):
    third = cast.reference(people["ann"], title="Third")
    new = {"citations-TOTAL_FORMS": 2, "citations-1-reference": third.pk, "citations-1-position": 0}
    answer = clash(
        article, people, ann={**new, "citations-1-supports": "no"}, edi={**new, "citations-1-supports": "yes"}
    )
    key = f"citation-{third.pk}-supports"
    assert pieces(answer)[key] == "You decide"

    merge_form(people["edi"], answer).send(**{f"choose-{key}": "mine"})

    assert titles().count("Third") == 1
    assert Citation.objects.get(reference=third).supports == "yes"


def test_a_citation_that_comes_back_brings_its_access_check(people, article):
    citation = article.citations.get()
    newer = recording.opened(citation.reference, by=people["edi"], on=timezone.localdate(), found="unchanged")
    answer = clash(
        article, people, ann={"citations-0-DELETE": "on"}, edi={"citations-0-access_check": newer.pk}
    )

    saved = merge_form(people["edi"], answer).send(**{f"choose-citation-{citation.reference_id}": "mine"})

    assert saved.status_code == 302
    assert Citation.objects.get().access_check == newer


def test_support_that_was_stated_for_another_access_check_is_asked_again(people, article):
    with cast.saving(article, people["ann"]):
        Citation.objects.update(supports="not-stated")
    citation = article.citations.get()
    newer = recording.opened(citation.reference, by=people["ann"], on=timezone.localdate(), found="changed")

    answer = clash(
        article, people, ann={"citations-0-access_check": newer.pk}, edi={"citations-0-supports": "yes"}
    )

    key = f"citation-{citation.reference_id}"
    assert pieces(answer) == {f"{key}-access_check": "The saved one is used", f"{key}-supports": "You decide"}
    assert "Say again whether the source supports the article" in piece(answer, f"{key}-supports")


def figure(article, people):
    with cast.saving(article, people["ann"]):
        Section(article=article, kind="figure", position=3, heading="A cell").save()
    return Article.objects.get(pk=article.pk)


def test_a_picture_that_came_with_a_late_save_is_merged_too(people, article):
    article = figure(article, people)
    answer = clash(
        article,
        people,
        ann={"title": "Ann's title"},
        edi={"sections-2-picture_file": upload(), "sections-2-image_alt": "A cell."},
    )
    section = article.sections.last()
    assert pieces(answer)[f"section-{section.pk}-image"] == "Yours is used"
    assert tree(answer).xpath(f"//*[@id='section-{section.pk}-image']//img[@class='thumbnail']")

    merge_form(people["edi"], answer).send()

    section.refresh_from_db()
    assert (len(section.image_id), section.image_alt) == (64, "A cell.")


def test_a_file_that_is_no_picture_is_told_and_the_text_is_kept_all_the_same(people, article):
    article = figure(article, people)

    answer = clash(
        article, people, edi={"title": "Edi's title", "sections-2-picture_file": upload(b"no picture")}
    )

    assert answer.status_code == 409
    assert said(answer)[-1].endswith("Choose the picture again once your text is saved.")
    assert UnsavedText.objects.get().text["values"]["title"] == "Edi's title"


def test_a_picture_that_is_not_stored_cannot_be_named(people, article):
    article = figure(article, people)

    answer = draft_form(article, people["edi"]).send(**{"sections-2-picture_kept": "0" * 64})

    assert answer.status_code == 200
    assert "The picture for this place was not stored." in answer.content.decode()
    assert article.sections.last().image_id is None


def test_what_the_form_would_not_take_is_said_in_the_form_with_the_merged_text_in_it(people, article):
    answer = clash(article, people, edi={"title": "Edi's title", "sections-0-level": "9"})

    back = choose(merge_form(people["edi"], answer), title="mine")

    assert back.status_code == 200
    assert "less than or equal to 6" in back.content.decode()
    form = Form(people["edi"], f"/admin/content/article/{article.pk}/change/", back)
    assert (form.fields["title"], form.fields["sections-0-level"]) == ("Edi's title", "9")
    assert UnsavedText.objects.count() == 1
    assert form.send(**{"sections-0-level": "3"}).status_code == 302
    assert (draft()[0], UnsavedText.objects.count()) == ("Edi's title", 0)


def test_without_a_record_of_what_was_shown_all_that_differs_is_asked(people, article):
    edis = draft_form(article, people["edi"])
    del edis.fields["shown_saves"]

    answer = edis.send(title="Edi's title", lead="<p>Edi's lead.</p>")

    assert (answer.status_code, pieces(answer)) == (409, {"title": "You decide", "lead": "You decide"})
    assert "is no longer on record" in piece(answer, "title")
    assert choose(merge_form(people["edi"], answer), title="mine", lead="theirs").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.lead) == ("Edi's title", "<p>Immunotherapy helps your immune system.</p>")


@pytest.mark.parametrize("shown", ["99999999999999999999", "-1", "x", "0"])
def test_a_counter_that_never_was_is_as_good_as_none(people, article, shown):
    answer = draft_form(article, people["edi"]).send(title="Edi's title", shown_saves=shown)

    assert answer.status_code == 409
    assert pieces(answer) == {"title": "You decide"}
    assert UnsavedText.objects.get().saves is None


def test_a_merge_that_does_not_say_over_which_draft_is_not_saved(people, article):
    answer = clash(article, people)
    form = merge_form(people["edi"], answer)
    form.fields["saves"] = ""

    again = choose(form, title="mine")

    assert (again.status_code, draft()[0], UnsavedText.objects.count()) == (409, "Ann's title", 1)


def test_a_long_article_is_merged_whole(people, article):
    with cast.saving(article, people["ann"]):
        for number in range(130):  # more than a thousand fields
            Section(article=article, position=9 + number, heading=f"Section {number}").save()
    article.refresh_from_db()
    answer = clash(article, people, edi={"sections-131-body": "<p>The last.</p>"})
    assert answer.status_code == 409
    assert list(pieces(answer).values()) == ["The saved one is used", "Yours is used"]

    assert merge_form(people["edi"], answer).send().status_code == 302

    assert (Section.objects.count(), article.sections.last().body) == (132, "<p>The last.</p>")


# What is kept waits for its owner, on the form and on the desk.


def test_kept_text_waits_on_the_form_and_on_the_desk_of_whoever_typed_it(people, article):
    clash(article, people)

    address = merge_address(UnsavedText.objects.get())
    for page in ("/admin/", f"/admin/content/article/{article.pk}/change/"):
        for who, found in (("edi", 1), ("ann", 0)):
            client = Client()
            client.force_login(people[who])
            assert len(tree(client.get(page)).xpath(f"//a[@href='{address}']")) == found


def test_a_text_that_is_sent_twice_is_kept_once_and_another_beside_it(people, article):
    anns, edis = draft_form(article, people["ann"]), draft_form(article, people["edi"])
    anns.send(title="Ann's title")

    for title in ("Edi's title", "Edi's title", "Edi's other title"):
        edis.send(title=title)

    assert [kept.text["values"]["title"] for kept in UnsavedText.objects.all()] == [
        "Edi's title",
        "Edi's other title",
    ]


def test_text_can_be_discarded_by_whoever_typed_it(people, article):
    clash(article, people)
    kept = UnsavedText.objects.get()
    address = reverse("admin:content_article_discard", args=[article.pk, kept.pk])
    client = Client()
    client.force_login(people["edi"])

    looked, answer = client.get(address), client.post(address)

    assert (looked.status_code, answer.status_code, UnsavedText.objects.count()) == (405, 302, 0)
    assert draft()[0] == "Ann's title"


def test_nobody_else_sees_merges_or_discards_it(people, article):
    clash(article, people)
    kept = UnsavedText.objects.get()
    discard = reverse("admin:content_article_discard", args=[article.pk, kept.pk])

    statuses = {}
    for who in ("ann", "gus", "eve"):
        client = Client()
        client.force_login(people[who])
        statuses[who] = [
            client.get(merge_address(kept)).status_code,
            client.post(merge_address(kept), {"saves": 2, "choose-title": "mine"}).status_code,
            client.post(discard).status_code,
        ]

    assert statuses == {"ann": [404] * 3, "gus": [404] * 3, "eve": [403] * 3}
    assert (UnsavedText.objects.count(), draft()[0]) == (1, "Ann's title")


def test_an_editor_who_lost_the_right_may_read_their_text_and_change_nothing(people, article):
    clash(article, people)
    people["edi"].groups.set(people["gus"].groups.all())
    kept = UnsavedText.objects.get()
    client = Client()
    client.force_login(people["edi"])

    page = client.get(merge_address(kept))
    posts = [
        client.post(merge_address(kept), {"saves": 2, "choose-title": "mine"}),
        client.post(merge_address(kept), {"saves": 2}),
        client.post(reverse("admin:content_article_discard", args=[article.pk, kept.pk])),
    ]

    assert (page.status_code, "Save the merged text" in page.content.decode()) == (200, False)
    assert [answer.status_code for answer in posts] == [403] * 3
    assert (UnsavedText.objects.count(), draft()[0]) == (1, "Ann's title")


def test_a_save_settles_no_text_of_somebody_else_and_none_of_another_article(people, article):
    clash(article, people)
    kept = UnsavedText.objects.get()
    other = cast.article(people["ann"], title="Other", slug="other")

    draft_form(article, people["ann"]).send(title="Again", kept=kept.pk)
    draft_form(other, people["edi"]).send(title="Other again", kept=kept.pk)

    assert UnsavedText.objects.count() == 1


def test_a_draft_is_not_deleted_with_somebody_elses_text(people, article):
    clash(article, people)
    client = Client()
    client.force_login(people["ann"])

    answer = client.post(f"/admin/content/article/{article.pk}/delete/", {"post": "yes"})

    assert Article.objects.filter(pk=article.pk).exists()
    assert "text of Edi Example for Ann&#x27;s title, not saved on" in answer.content.decode()


def test_text_that_is_in_the_draft_by_now_is_said_to_be(people, article):
    clash(article, people)
    draft_form(article, people["edi"]).send(title="Edi's title")
    client = Client()
    client.force_login(people["edi"])

    page = client.get(merge_address(UnsavedText.objects.get()))

    assert "The draft now contains everything you typed." in page.content.decode()
    assert "Save the merged text" not in page.content.decode()


def test_a_merge_that_takes_nothing_of_mine_is_no_save_and_settles_the_text(people, article):
    answer = clash(article, people)
    saves = Article.objects.get().saves

    choose(merge_form(people["edi"], answer), title="theirs")

    assert (Article.objects.get().saves, UnsavedText.objects.count()) == (saves, 0)
