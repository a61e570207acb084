"""The staff side in a real browser: its pages keep to the security policy and to WCAG, and the way through the house."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from content.editions import submitting
from content.links import recording, scheduling
from content.links.visiting import Look
from content.models import Article, Citation, Edition, Outcome, Publication, Section, WatchedLink
from reviews import publishing
from reviews.approvals import routes
from reviews.decisions import assigning
from reviews.refreshing import signing
from tests import cast
from tests.choosing import choose_source
from tests.conftest import session_of
from tests.reviews.refreshing.house import begun, opened_again, reviewed


@pytest.fixture
def people(people_there):
    return people_there


def faults(page):
    """What breaks the policy, a script, or WCAG 2.2 AA on this page, and a heading too many or too few."""
    against_policy = page.evaluate("window.violations") + page.complaints  # before axe adds styles of its own
    headings = [] if page.locator("h1").count() == 1 else ["not one heading of level 1"]
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    nodes = [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]
    return against_policy + headings + nodes


def house(people):
    """A public article whose changed text is in review with all that a page can show; a draft with faults; a withdrawn page."""
    ann, edi, bob, dora = (people[name] for name in ("ann", "edi", "bob", "dora"))
    article = cast.published(people).article
    with cast.saving(article, ann):
        section = article.sections.first()
        section.body = "<p>Medicines, taken as 40 mg pills.</p>"
        section.save()
    edition = submitting.submit(
        Article.objects.get(pk=article.pk), by=ann, change="minor", note="See the dose."
    )
    medical = next(step for step in routes.steps(edition) if step.kind.code == "medical-review")
    assigning.assign(edition, step=medical, person=bob, due_on=timezone.localdate(), by=ann)
    cast.sign(edition, bob, "medical-review", decision="request-changes", reason="Is 40 right?")
    cast.sign(edition, edi, "editorial-review", conflict="declared", conflict_text="I hold shares.")
    faulty = cast.article(ann, title="Chemotherapy", slug="chemotherapy")
    with cast.saving(faulty, ann):
        Section(article=faulty, position=3, level=6, heading="Far too deep").save()
        Citation.objects.filter(article=faulty).update(access_check=None)
    ready = cast.signed(cast.submitted(ann, title="Living with it", slug="living"), people)
    cast.unsaved_text(faulty, ann, title="Typed by Ann", lead="<p>Typed by Ann.</p>")
    with cast.saving(faulty, edi):
        Article.objects.filter(pk=faulty.pk).update(title="Saved by Edi", lead="<p>Saved by Edi.</p>")
    gone = cast.published(people, title="Older", slug="older")
    publishing.withdraw(gone, by=dora, reason="outdated", note="We write a new one.")
    refresh = refreshed(people)
    twins = [cast.reference(ann, title="Twins", url=f"https://example.org/{url}") for url in ("one", "other")]
    return {
        "article": article, "edition": edition, "faulty": faulty, "ready": ready, "gone": gone, "refresh": refresh,
        "twins": twins,
    }  # fmt: skip


def let_links_be_dead():
    scheduling.enrol()
    for link in WatchedLink.objects.all():
        for days in (3, 0):
            recording.keep(link, Look(Outcome.BROKEN, 404), timezone.now() - timedelta(days=days))


def refreshed(people):
    """A refresh with something to sign, something to publish and something left out."""
    for name in ("Fresh", "Fresher"):
        cast.published(people, title=name, slug=name.lower())
    opened_again(people["edi"])
    refresh = begun(people)
    next(iter(signing.sign(reviewed(refresh, people["edi"]), by=people["edi"])))
    return refresh


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
        f"{faulty}/kept/{of['faulty'].unsaved_texts.get().pk}/merge/",
        f"{draft}/history/",
        f"{draft}/audit/",
        "/admin/content/reference/",
        "/admin/content/reference/import/",
        "/admin/content/reference/add/?from=https://example.org/kaposi",
        f"/admin/content/reference/{source.reference_id}/change/",
        f"/admin/content/reference/{source.reference_id}/audit/",
        "/admin/content/reference/duplicates/",
        f"/admin/content/reference/{source.reference_id}/merge/?q=twin",
        f"/admin/content/reference/{of['twins'][0].pk}/merge/{of['twins'][1].pk}/",
        "/admin/content/drug/",
        "/admin/content/pageframe/add/",
        f"/admin/articles/{of['faulty'].pk}/readiness/",
        f"/admin/articles/{of['faulty'].pk}/hand-in/",
        f"/admin/articles/{of['faulty'].pk}/preview/",
        f"/admin/editions/{of['edition'].pk}/",
        "/admin/sources/?whose=all",
        "/admin/refreshes/?whose=all",
        f"/admin/refreshes/{of['refresh'].pk}/",
        f"/admin/refreshes/{of['refresh'].pk}/review/",
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
        f"/admin/refreshes/{of['refresh'].pk}/",
        "/admin/reviews/approvalroute/",
    ]


def auditors_pages(of):
    return [
        "/admin/evidence/ledgerevent/",
        "/admin/evidence/refusal/",
        "/admin/content/accesscheck/",
        "/admin/reviews/kindversion/",
        f"/admin/content/article/{of['article'].pk}/audit/",
    ]


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("ann", editors_pages),
        ("bob", reviewers_pages),
        ("dora", publishers_pages),
        ("gus", auditors_pages),
    ],
)
def test_staff_pages_break_neither_the_policy_nor_wcag(at, people, settings, who, pages):
    settings.WATCH_LINKS = True
    addresses = pages(house(people))
    let_links_be_dead()

    found = {address: faults(at(who, address)) for address in addresses}

    assert found == {address: [] for address in addresses}


def test_login_page_breaks_neither_the_policy_nor_wcag(at):
    assert faults(at("visitor", "/admin/login/")) == []


def test_faults_of_a_page_are_seen(at):
    """The tests above would pass on any page if nobody listened."""
    page = at("ann", "/admin/")

    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<h1></h1><input><i style=\"top: 0\"></i>')"
    )

    assert [fault.split(":")[0].split(" ")[0] for fault in faults(page)] == [
        "style-src-attr",
        "Applying",
        "not",
        "label",
    ]


def type_into(page, field, words):
    """Into the text editor that stands for the field."""
    page.locator(f".prose-editor:has(#{field}) .ProseMirror").click()
    page.keyboard.type(words)


def sign(at, who, edition):
    page = at(who, f"/admin/editions/{edition.pk}/")
    page.get_by_role("radio", name="Approve", exact=True).check()
    page.get_by_label("No, I have none").check()
    page.get_by_role("button", name="Sign my decision").click()
    expect(page.get_by_text("Your approval is stored. Thank you.")).to_be_visible()


def test_an_article_goes_from_the_editor_to_its_readers(at, people):
    source = cast.reference(people["lib"])
    page = at("ann", "/admin/content/article/add/")
    page.get_by_label("Title").fill("Immunotherapy")
    type_into(page, "id_lead", "It helps your immune system.")
    page.get_by_role("button", name="Add another Section").click()
    page.locator("#id_sections-0-heading").fill("How it is given")
    type_into(page, "id_sections-0-body", "Some people take pills.")
    page.get_by_role("button", name="Add another Citation").click()
    choose_source(page, 0, source.title)
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.get_by_role("button", name="I opened it today").click()
    page.locator(".readiness").get_by_role("link", name="Submit for review").click()
    page.get_by_label("major: readers should be told").check()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Edition 1 is submitted for review.")).to_be_visible()
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
        "References",
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
    page.locator(".readiness").get_by_role("link", name="Fix this").first.click()

    expect(page.locator("#id_sections-2-heading")).to_be_focused()
    assert page.get_by_label("Title").input_value() == "Not saved yet"


def late_save(at, people, article):
    """Ann's page, after she pressed Save on a draft whose first section Edi had saved meanwhile."""
    page = at("ann", f"/admin/content/article/{article.pk}/change/")
    with cast.saving(article, people["edi"]):
        section = article.sections.first()
        section.body = "<p>Medicines, taken as 8 mg pills.</p>"
        section.save()
        Article.objects.filter(pk=article.pk).update(title="Edi was here")
    page.get_by_label("Title").fill("Ann was here")
    to_its_end(page.locator(".prose-editor:has(#id_sections-0-body) .ProseMirror"))
    page.keyboard.type(" Ann's words.")
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.get_by_role("heading", name="Your text is not saved yet")).to_be_visible()
    expect(page.locator(".combined .ProseMirror")).to_be_visible()  # keys pressed before go nowhere
    return page


def to_its_end(editor):
    """ProseMirror puts the cursor where it last was 20 ms after it got the focus, however late that is on a busy machine."""
    editor.focus()
    editor.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    editor.press("Control+End")


def test_a_save_over_somebody_elses_is_merged_with_the_keyboard_alone(at, people):
    article = cast.article(people["ann"])
    page = late_save(at, people, article)

    page.get_by_role("link", name="Title and lead: Title").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Your text").first).to_be_checked()
    page.keyboard.press("Control+s")
    assert Article.objects.get().title == "Edi was here"  # the browser asks for the other decision first
    combined = page.get_by_role("textbox", name="Combined text: Body")
    to_its_end(combined)
    page.keyboard.type(" Ours.")
    expect(page.get_by_role("radio", name="The combined text below").last).to_be_checked()
    page.keyboard.press("Control+s")

    expect(page.get_by_text("The merged text is saved.")).to_be_visible()
    article.refresh_from_db()
    assert page.url.endswith(f"/admin/content/article/{article.pk}/change/")
    assert (article.title, article.sections.first().body) == (
        "Ann was here",
        "<p>Medicines, taken as 8 mg pills.</p><p>Medicines, taken as 4 mg pills. Ann's words. Ours.</p>",
    )


def test_leaving_a_merge_half_done_asks_first_and_an_untouched_one_does_not(at, people):
    article = cast.article(people["ann"])
    page = late_save(at, people, article)

    page.get_by_role("radio", name="Your text").first.check()

    assert questions_on_leaving(page) == ["beforeunload"]
    page.get_by_role("link", name=f"Merge or discard: {Article.objects.get()}").click()
    page.get_by_text("Title and lead").first.click()
    assert questions_on_leaving(page) == []


def test_a_merge_fits_a_phone_and_works_without_scripts(at, people, browser, live_site):
    article = cast.article(people["ann"])
    late_save(at, people, article)
    context = browser.new_context(
        base_url=live_site, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    context.add_cookies([session_of(people["ann"], live_site)])
    page = context.new_page()
    page.goto(f"/admin/content/article/{article.pk}/kept/{article.unsaved_texts.get().pk}/merge/")

    widest = max(box["x"] + box["width"] for box in boxes(page, "fieldset, .side, textarea, .button"))
    page.get_by_role("radio", name="Your text").first.check()
    page.get_by_role("radio", name="The combined text below").last.check()
    page.get_by_label("Combined text: Body").fill("<p>Ours.</p>")
    page.get_by_role("button", name="Save the merged text").click()

    article.refresh_from_db()
    assert (widest <= 390, article.title, article.sections.first().body) == (
        True,
        "Ann was here",
        "<p>Ours.</p>",
    )
    context.close()


def boxes(page, selector):
    return [node.bounding_box() for node in page.locator(selector).all() if node.is_visible()]


def test_a_decision_on_an_edition_that_was_replaced_is_given_back(at, people):
    first = cast.submitted(people["ann"])
    page = at("bob", f"/admin/editions/{first.pk}/")
    with cast.saving(first.article, people["ann"]):
        Article.objects.filter(pk=first.article_id).update(title="Another title")
    submitting.submit(Article.objects.get(), by=people["ann"], change="minor")

    page.get_by_role("radio", name="Approve", exact=True).check()
    page.get_by_role("textbox", name="Why").fill("Two long paragraphs of advice.")
    page.get_by_role("button", name="Sign my decision").click()

    expect(page.get_by_role("heading", name="Edition 2 was submitted after this one")).to_be_visible()
    expect(page.get_by_text("Two long paragraphs of advice.")).to_be_visible()


def test_every_editing_area_has_a_name(at, people):
    page = at("ann", f"/admin/content/article/{cast.article(people['ann']).pk}/change/")

    names = page.locator(".ProseMirror").evaluate_all("areas => areas.map((area) => area.ariaLabel)")

    assert names == ["Lead", "Body", "Body"]
