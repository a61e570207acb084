"""The staff side in a real browser: its pages keep to the security policy and to WCAG, and the way through the house."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from content import editions
from content.models import Article, Citation, Edition, Publication, Section
from reviews import assigning, publishing, routes
from tests import cast


@pytest.fixture
def people(people_there):
    return people_there


def faults(page):
    """What breaks the policy, a script, or WCAG 2.2 AA on this page."""
    against_policy = page.evaluate("window.violations") + page.complaints  # before axe adds styles of its own
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    nodes = [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]
    return against_policy + nodes


def house(people):
    """A public article whose changed text is in review with all that a page can show; a draft with faults; a withdrawn page."""
    ann, edi, bob, dora = (people[name] for name in ("ann", "edi", "bob", "dora"))
    article = cast.published(people).article
    with cast.saving(article, ann):
        section = article.sections.first()
        section.body = "<p>Medicines, taken as 40 mg pills.</p>"
        section.save()
    edition = editions.submit(
        Article.objects.get(pk=article.pk), by=ann, change="minor", note="See the dose."
    )
    medical = next(step for step in routes.steps(edition) if step.kind.code == "medical-review")
    assigning.assign(edition, step=medical, person=bob, due_on=timezone.localdate(), by=ann)
    cast.sign(edition, bob, "medical-review", decision="request changes", reason="Is 40 right?")
    cast.sign(edition, edi, "editorial-review", conflict="declared", conflict_text="I hold shares.")
    faulty = cast.article(ann, title="Chemotherapy", slug="chemotherapy")
    with cast.saving(faulty, ann):
        Section(article=faulty, position=3, level=6, heading="Far too deep").save()
        Citation.objects.filter(article=faulty).update(access_check=None)
    ready = cast.signed(cast.submitted(ann, title="Living with it", slug="living"), people)
    gone = cast.published(people, title="Older", slug="older")
    publishing.withdraw(gone, by=dora, reason="outdated", note="We write a new one.")
    return {"article": article, "edition": edition, "faulty": faulty, "ready": ready, "gone": gone}


def editors_pages(of):
    draft, faulty = (f"/admin/content/article/{of[name].pk}" for name in ("article", "faulty"))
    source = of["faulty"].citations.get()
    return [
        "/admin/",
        "/admin/content/article/",
        "/admin/content/article/add/",
        f"{draft}/change/",
        f"{faulty}/change/",
        f"{faulty}/opened/{source.pk}/",
        f"{draft}/history/",
        f"{draft}/audit/",
        f"/admin/content/reference/{source.reference_id}/change/",
        f"/admin/content/reference/{source.reference_id}/audit/",
        "/admin/content/drug/",
        "/admin/content/chrome/add/",
        f"/admin/articles/{of['faulty'].pk}/readiness/",
        f"/admin/articles/{of['faulty'].pk}/hand-in/",
        f"/admin/articles/{of['faulty'].pk}/preview/",
        f"/admin/editions/{of['edition'].pk}/",
    ]


def reviewers_pages(of):
    first = Edition.objects.get(article=of["article"], number=1)
    return [
        "/admin/",
        f"/admin/editions/{of['edition'].pk}/",
        f"/admin/editions/{first.pk}/",
        f"/admin/editions/{of['edition'].pk}/since/{first.pk}/",
        f"/admin/content/article/{of['article'].pk}/change/",
        f"/admin/publications/{Publication.objects.get(edition=first).pk}/",
    ]


def publishers_pages(of):
    return [
        "/admin/",
        f"/admin/editions/{of['edition'].pk}/publish/",
        f"/admin/editions/{of['ready'].pk}/publish/",
        f"/admin/publications/{of['gone'].pk}/",
        "/admin/reviews/route/",
    ]


@pytest.mark.parametrize(
    ("who", "pages"), [("ann", editors_pages), ("bob", reviewers_pages), ("dora", publishers_pages)]
)
def test_staff_pages_break_neither_the_policy_nor_wcag(at, people, who, pages):
    addresses = pages(house(people))

    found = {address: faults(at(who, address)) for address in addresses}

    assert found == {address: [] for address in addresses}


def test_login_page_breaks_neither_the_policy_nor_wcag(at):
    assert faults(at("visitor", "/admin/login/")) == []


def test_faults_of_a_page_are_seen(at):
    """The tests above would pass on any page if nobody listened."""
    page = at("ann", "/admin/")

    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<input><i style=\"top: 0\"></i>')"
    )

    assert [fault.split(":")[0].split(" ")[0] for fault in faults(page)] == [
        "style-src-attr",
        "Applying",
        "label",
    ]


def type_into(page, field, words):
    """Into the text editor that stands for the field."""
    page.locator(f".prose-editor:has(#{field}) .ProseMirror").click()
    page.keyboard.type(words)


def sign(at, who, edition):
    page = at(who, f"/admin/editions/{edition.pk}/")
    page.get_by_role("radio", name="Approve", exact=True).check()
    page.get_by_label("I have no interest that readers should know of").check()
    page.get_by_role("button", name="Sign my decision").click()
    expect(page.get_by_text("Your approval is stored. Thank you.")).to_be_visible()


def test_an_article_goes_from_the_editor_to_its_readers(at, people):
    page = at("ann", "/admin/content/article/add/")
    page.get_by_label("Title").fill("Immunotherapy")
    type_into(page, "id_lead", "It helps your immune system.")
    page.get_by_role("button", name="Add another Section").click()
    page.locator("#id_sections-0-heading").fill("How it is given")
    type_into(page, "id_sections-0-body", "Some people take pills.")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.locator(".readiness").get_by_role("link", name="Hand in").click()
    page.get_by_label("major: readers should be told").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Edition 1 is handed in.")).to_be_visible()
    edition = Edition.objects.get()

    sign(at, "edi", edition)
    sign(at, "bob", edition)
    page = at("dora", "/admin/")
    page.get_by_role("link", name="Immunotherapy, edition 1").click()
    page.get_by_role("button", name="Publish edition 1").click()
    expect(page.get_by_text("Edition 1 is public.")).to_be_visible()

    page = at("visitor", "/articles/immunotherapy/")
    assert page.locator(
        "article h1, article .lead, article h2, article h2 + p, .credit"
    ).all_inner_texts() == [
        "Immunotherapy",
        "It helps your immune system.",
        "How it is given",
        "Some people take pills.",
        "Developed by the American Cancer Society medical and editorial content team.",
    ]


def headings(article):
    return list(Section.objects.filter(article=article).values_list("heading", flat=True))


def test_sections_stay_in_the_order_they_are_moved_to(at, people):
    article = cast.article(people["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    page.get_by_role("button", name="Add another Section").click()
    page.locator("#id_sections-2-heading").fill("New in the middle")
    page.locator("#sections-2").get_by_role("button", name="Move up").click()
    page.locator("#sections-1").get_by_role("button", name="Move up").click()
    page.locator("#sections-1").get_by_role("button", name="Move up").click()
    page.get_by_role("button", name="Save and continue editing").first.click()

    assert headings(article) == ["Pomalidomide (Pomalyst)", "What it is", "New in the middle"]


def test_sections_stay_in_the_order_they_are_dragged_to(at, people):
    article = cast.article(people["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    page.get_by_role("button", name="Fold all").click()
    page.locator("#sections-1 h3").drag_to(page.locator("#sections-0 h3"))
    page.get_by_role("button", name="Save and continue editing").first.click()

    assert headings(article) == ["Pomalidomide (Pomalyst)", "What it is"]


def test_removing_a_new_section_leaves_the_stored_ones_their_rows(at, people):
    article = cast.article(people["ann"])
    stored = set(Section.objects.filter(article=article).values_list("pk", flat=True))
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    for number, heading in ((2, "Kept"), (3, "Removed")):
        page.get_by_role("button", name="Add another Section").click()
        page.locator(f"#id_sections-{number}-heading").fill(heading)
    page.locator("#sections-2").get_by_role("button", name="Move up").click()
    page.locator("#sections-3").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save and continue editing").first.click()

    assert headings(article) == ["What it is", "Kept", "Pomalidomide (Pomalyst)"]
    assert stored < set(Section.objects.filter(article=article).values_list("pk", flat=True))


def test_saving_without_a_change_counts_no_save(at, people):
    article = cast.article(people["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    page.locator(".prose-editor .ProseMirror").first.click()
    page.get_by_role("button", name="Save and continue editing").first.click()

    expect(page.locator(".messagelist")).to_be_visible()
    assert Article.objects.get().saves == article.saves


def test_ctrl_s_saves_and_stays(at, people):
    article = cast.article(people["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    page.get_by_label("Title").fill("A better title")
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    assert Article.objects.get().title == "A better title"
    assert page.url.endswith(f"/admin/content/article/{article.pk}/change/")


def questions_on_leaving(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/")
    return asked


def test_leaving_unsaved_text_asks_first(at, people):
    page = at("ann", f"/admin/content/article/{cast.article(people['ann']).pk}/change/")

    type_into(page, "id_lead", "More words. ")

    assert questions_on_leaving(page) == ["beforeunload"]


def test_leaving_untouched_text_asks_nothing(at, people):
    page = at("ann", f"/admin/content/article/{cast.article(people['ann']).pk}/change/")

    page.get_by_label("Title").click()

    assert questions_on_leaving(page) == []


def test_a_finding_leads_to_its_field_without_losing_text(at, people):
    article = cast.article(people["ann"])
    with cast.saving(article, people["ann"]):
        Section(article=article, position=3, level=6, heading="Far too deep").save()
    page = at("ann", f"/admin/content/article/{article.pk}/change/")

    page.get_by_label("Title").fill("Not saved yet")
    page.get_by_role("button", name="Fold all").click()
    page.locator(".readiness").get_by_role("link", name="Go there").first.click()

    expect(page.locator("#id_sections-2-heading")).to_be_focused()
    assert page.get_by_label("Title").input_value() == "Not saved yet"


def test_a_save_over_somebody_elses_says_so_and_keeps_the_text(at, people):
    article = cast.article(people["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")
    with cast.saving(article, people["edi"]):
        Article.objects.filter(pk=article.pk).update(title="Edi was here")

    page.get_by_label("Title").fill("Ann was here")
    page.get_by_role("button", name="Save and continue editing").first.click()

    expect(page.get_by_role("heading", name="Somebody else saved this article meanwhile")).to_be_visible()
    assert page.get_by_label("Title").input_value() == "Ann was here"
    assert Article.objects.get().title == "Edi was here"


def test_a_decision_on_an_edition_that_was_replaced_is_given_back(at, people):
    first = cast.submitted(people["ann"])
    page = at("bob", f"/admin/editions/{first.pk}/")
    with cast.saving(first.article, people["ann"]):
        Article.objects.filter(pk=first.article_id).update(title="Another title")
    editions.submit(Article.objects.get(), by=people["ann"], change="minor")

    page.get_by_role("radio", name="Request changes", exact=True).check()
    page.get_by_role("textbox", name="Why").fill("Two long paragraphs of advice.")
    page.get_by_role("button", name="Sign my decision").click()

    expect(page.get_by_role("heading", name="Edition 2 was handed in after this one")).to_be_visible()
    expect(page.get_by_text("Two long paragraphs of advice.")).to_be_visible()


def test_every_editing_area_has_a_name(at, people):
    page = at("ann", f"/admin/content/article/{cast.article(people['ann']).pk}/change/")

    names = page.locator(".ProseMirror").evaluate_all("areas => areas.map((area) => area.ariaLabel)")

    assert names == ["Lead", "Body", "Body"]
