"""The pictures of README and docs, and the command that takes them."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from docs.screenshots import take


def test_pictures_are_of_pages_that_the_demonstration_has(empty_database, settings):
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    shown = take.load()

    answers = {}
    for page, where in shown.items():
        client = Client()
        client.cookies["sessionid"] = where.session
        answers[page] = client.get(where.path).status_code
    assert answers == dict.fromkeys(take.PAGES, 200)


def test_picture_is_as_large_as_the_look_says(live_site, browser):
    taken = take.picture(browser, live_site, take.Shown("/"), take.LOOKS["phone"])

    assert Image.open(BytesIO(taken)).size == (780, 1560)


def test_page_that_is_not_there_is_not_taken(live_site, browser):
    with pytest.raises(SystemExit) as refused:
        take.picture(browser, live_site, take.Shown("/articles/none/"), take.LOOKS["light"])

    assert str(refused.value) == "/articles/none/ was not shown: 404."


def test_picture_keeps_few_colours(tmp_path, monkeypatch):
    monkeypatch.setattr(take, "HERE", tmp_path)
    taken = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(taken, "PNG")

    take.keep("gradient.png", taken.getvalue())

    assert len(Image.open(tmp_path / "gradient.png").getcolors()) <= take.COLOURS


def test_picture_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(take, "HERE", tmp_path)
    taken = BytesIO()
    Image.effect_noise((600, 600), 90).save(taken, "PNG")

    with pytest.raises(SystemExit) as refused:
        take.keep("noise.png", taken.getvalue())

    assert str(refused.value) == (
        "noise.png is larger than 200 kB; show less of the page, or take fewer colours."
    )
