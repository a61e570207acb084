"""What the checks find in the words of an edition."""

from datetime import timedelta

from django.utils import timezone

from content.editions import submitting
from content.models import (
    AccessCheck,
    Article,
    Section,
)
from content.snapshots import pins
from tests import cast, tampering
from tests.content.checks.works import cite
from tests.flow.machine.refused.beginnings import (
    after,
    begun,
    case,
    publishing_it,
    told,
)

# What is wrong with the words


def wrong_in(people, **columns):
    return publishing_it(cast.signed(after(begun(people), people, **columns), people), people)


def cited(people, **columns):
    """An edition whose reference has another access check, or none, or is of no use."""
    draft = begun(people).article
    with cast.saving(draft, people["ann"]):
        citation = draft.citations.get()
        for name, value in columns.items():
            setattr(citation, name, value)
        citation.save()
    return cast.signed(submitting.submit(draft, by=people["ann"], change="minor"), people)


def check(people, **columns):
    made = AccessCheck(
        **{
            "reference": cast.Reference.objects.first() or cast.reference(people["lib"]),
            "opened_on": timezone.localdate(),
            "opened_by": people["ann"],
            "opened_by_name": "Ann Example",
            "found": "unchanged",
            "recorded_by": people["ann"],
            "recorded_by_name": "Ann Example",
            "recorded_at": timezone.now(),
            **columns,
        }
    )
    made.save()
    return made


@case("content.checks.headings", "title-missing")
def publishing_without_a_title(people):
    first = begun(people)
    with cast.saving(first.article, people["ann"]):
        first.article.title = ""
        first.article.save()
    second = submitting.submit(first.article, by=people["ann"], change="minor")
    return publishing_it(cast.signed(second, people), people)


@case("content.checks.headings", "heading-empty", "heading-level-skipped")
def publishing_an_empty_heading(people):
    return wrong_in(people, heading="")


@case("content.checks.headings", "heading-level-skipped")
def publishing_a_skipped_level(people):
    return wrong_in(people, level=4)


@case("content.checks.access_dates", "access-date-missing")
def publishing_without_an_access_date(people):
    return publishing_it(cited(people, access_check=None), people)


@case("content.checks.access_dates", "access-date-imprecise", "access-check-imported")
def citing_a_month(people):
    imported = {"opened_by": None, "opened_by_name": "not recorded", "imported_from": "page.html"}
    made = check(people, opened_on=None, printed_date="May 2025", found="not-stated", **imported)
    return told(cited(people, access_check=made))


@case("content.checks.access_dates", "access-date-future")
def citing_tomorrow(people):
    made = check(people, opened_on=timezone.localdate() + timedelta(days=1))
    return publishing_it(cited(people, access_check=made), people)


@case("content.checks.access_dates", "reference-does-not-support")
def citing_what_does_not_support(people):
    return publishing_it(cited(people, supports="no"), people)


@case("content.checks.access_dates", "access-date-over-age")
def citing_what_was_opened_too_long_ago(people):
    made = check(people, opened_on=timezone.localdate() - timedelta(days=366))
    return publishing_it(cited(people, access_check=made), people)


@case("content.checks.access_dates", "access-date-ageing")
def citing_what_must_soon_be_opened_again(people):
    made = check(people, opened_on=timezone.localdate() - timedelta(days=181))
    return told(cited(people, access_check=made))


@case("content.checks.access_dates", "support-not-stated")
def citing_what_nobody_read_for_this_article(people):
    return publishing_it(cited(people, supports="not-stated"), people)


@case("content.checks.access_dates", "support-not-stated")
def citing_a_book_that_became_another(people):
    draft = begun(people).article
    book = draft.citations.get().reference
    with cast.as_person(people["lib"]):
        book.type, book.url, book.title = "book", "", "Another book"
        book.save()
    with cast.saving(draft, people["ann"]):
        pins.take(draft, pins.updates(draft), by=people["ann"])
    edition = submitting.submit(Article.objects.get(pk=draft.pk), by=people["ann"], change="minor")
    return publishing_it(cast.signed(edition, people), people)


@case("content.checks.access_dates", "source-gone")
def citing_what_is_gone(people):
    return publishing_it(cited(people, access_check=check(people, found="gone")), people)


@case("content.checks.access_dates", "source-changed")
def citing_what_changed_since(people):
    edition = cast.signed(begun(people), people)
    check(people, found="changed")
    return publishing_it(edition, people)


@case("content.checks.markers", "marker-without-reference")
def marking_what_is_not_cited(people):
    first = begun(people)
    marked = marker(cast.reference(people["lib"], title="Not cited"))
    return publishing_it(cast.signed(after(first, people, body=f"<p>Take 4 mg.{marked}</p>"), people), people)


@case("content.checks.markers", "reference-uncited")
def marking_only_one_of_two_sources(people):
    first = begun(people)
    cite(first.article, people["ann"], type="webpage")
    marked = marker(first.article.citations.first().reference)
    return told(cast.signed(after(first, people, body=f"<p>Take 4 mg.{marked}</p>"), people))


def marker(reference):
    return f'<a href="reference:{reference.uid}">※</a>'


@case("content.checks.markup", "markup-unclean")
def publishing_a_script(people):
    draft = begun(people).article
    body = "<p onclick='x()'>Take 4 mg.</p>"
    section = draft.sections.first()
    tampering.execute("UPDATE content_section SET body = %s WHERE id = %s", body, section.pk)
    edition = submitting.submit(draft, by=people["ann"], change="minor")
    return publishing_it(cast.signed(edition, people), people)


@case("content.checks.markup", "mojibake")
def publishing_broken_letters(people):
    return wrong_in(people, body="<p>Donâ€™t stop.</p>")


@case("content.checks.markup", "hidden-characters")
def publishing_what_nobody_sees(people):
    return wrong_in(people, body="<p>Do not sto\u200bp.</p>")


@case("content.checks.markup", "strange-characters")
def publishing_a_cyrillic_letter_in_a_latin_word(people):
    return wrong_in(people, body="<p>Take one d\u043ese.</p>")


@case("content.checks.imitations", "imitates-facts")
def publishing_a_typed_review_date(people):
    return wrong_in(people, body="<p>Last Medical Review: May 1, 2030</p>")


@case("content.checks.imitations", "link-misleads")
def publishing_a_link_that_names_another_site(people):
    return wrong_in(people, body='<p>See <a href="https://evil.example/x">www.cancer.org</a>.</p>')


@case("content.checks.imitations", "link-misleads")
def citing_an_address_that_hides_its_host(people):
    draft = begun(people).article
    cite(draft, people["ann"], url="https://xn--cncer-3ve.org/label")
    edition = submitting.submit(draft, by=people["ann"], change="minor")
    return publishing_it(cast.signed(edition, people), people)


@case("content.checks.figures", "picture-incomplete")
def publishing_half_a_picture(people):
    draft = begun(people).article
    with cast.saving(draft, people["ann"]):
        Section(article=draft, kind="figure", position=9, image_alt="A cell.").save()
    edition = submitting.submit(draft, by=people["ann"], change="minor")
    return publishing_it(cast.signed(edition, people), people)
