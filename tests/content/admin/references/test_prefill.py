import pytest

from content.models import Reference
from tests import cast

pytestmark = pytest.mark.django_db

FORM = "/admin/content/reference/add/"
LINE = "Roe AB, Example Liver Society. Rare tumors. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025."


@pytest.fixture
def ann(client):
    person = cast.person("ann", "Editors")
    client.force_login(person)
    return person


def said(page):
    return [str(message) for message in page.context["messages"]]


def test_the_form_is_filled_in_from_a_line_and_stores_nothing(ann, client):
    page = client.get(FORM, {"from": LINE})

    form = page.context["adminform"].form
    assert {
        name: form.get_initial_for_field(form.fields[name], name)
        for name in form.fields
        if form.initial.get(name)
    } == {
        "type": "webpage",
        "authors": "Roe, A B\nExample Liver Society",
        "title": "Rare tumors",
        "container_title": "LiverBase",
        "issued_on": "2024",
        "url": "https://liver.example/rare",
    }
    assert said(page) == ["“Example Liver Society” among the authors is taken for an organisation."]
    assert Reference.objects.count() == 0


def test_the_form_leads_to_the_work_that_the_library_has(ann, client):
    there = cast.reference(ann, title="<b>Kaposi</b>")

    page = client.get(FORM, {"from": "https://example.org/kaposi"})

    address = f"/admin/content/reference/{there.pk}/change/"
    assert said(page) == [
        f'This seems to be in the library already: <a href="{address}">&lt;b&gt;Kaposi&lt;/b&gt;</a>. '
        "Use that entry if it is the same work."
    ]


def test_the_form_is_empty_where_nothing_was_typed(ann, client):
    page = client.get(FORM, {"from": "  "})

    assert said(page) == []
    assert not any(page.context["adminform"].form.initial.values())


def test_the_form_fills_in_in_its_small_window_too(ann, client):
    page = client.get(FORM, {"from": "www.liver.example", "_popup": "1", "_to_field": "id"}).content.decode()

    assert '<input type="hidden" name="_popup" value="1">' in page
    assert '<input type="hidden" name="_to_field" value="id">' in page


def test_the_box_shows_hostile_words_as_words(ann, client):
    page = client.get(FORM, {"from": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("who", ["eve", "gus"])
def test_nobody_looks_anything_up_who_may_not_add(client, monkeypatch, who):
    monkeypatch.setattr("content.library.prefill.filled", lambda text: pytest.fail("It was looked up."))
    client.force_login(cast.person(who, *(("Auditors",) if who == "gus" else ())))

    assert client.get(FORM, {"from": "10.1000/xyz"}).status_code == 403


def test_the_form_of_a_stored_reference_has_no_box(ann, client):
    there = cast.reference(ann)

    assert 'name="from"' not in client.get(f"/admin/content/reference/{there.pk}/change/").content.decode()
