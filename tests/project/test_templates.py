"""What every template keeps to, and the partials that several rooms share."""

import re

from django.apps import apps
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string


def links(html):
    return re.findall(r'<a href="([^"]*)"\s*>([^<]*)</a>', html)


def paged(number, **words):
    return render_to_string("staff/_pagination.html", {"page_obj": Paginator("abc", 1).page(number), **words})


def test_pages_of_a_list_lead_to_their_neighbours():
    assert [links(paged(number)) for number in (1, 2, 3)] == [
        [("?p=2", "Older")],
        [("?p=1", "Newer"), ("?p=3", "Older")],
        [("?p=2", "Newer")],
    ]


def test_pages_of_a_list_keep_what_narrows_it():
    html = paged(1, address="/list/", query="whose=all&type=web+page", after="Less urgent")

    assert links(html) == [("/list/?whose=all&amp;type=web+page&amp;p=2", "Less urgent")]


def test_a_list_on_one_page_says_nothing_of_pages():
    assert render_to_string("staff/_pagination.html", {"page_obj": Paginator("a", 1).page(1)}).strip() == ""


LIMIT = 120
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STORED = {
    value
    for app in ("content", "reviews", "accounts", "evidence")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.get_fields()
    for value, _ in getattr(field, "flatchoices", [])
} - set(dict(settings.LANGUAGES))


def test_a_line_of_a_template_fits_the_screen():
    long = [
        (path.name, number)
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LIMIT
    ]

    assert long == []


def test_a_template_asks_what_a_row_is_and_compares_no_stored_value():
    compared = [
        (path.name, value)
        for path in TEMPLATES
        for tag in re.findall(r"{% (?:el)?if .*? %}", path.read_text(encoding="utf-8"))
        for value in re.findall(r'\.\w+ [=!]= "([^"]*)"', tag)
        if value in STORED
    ]

    assert compared == []
