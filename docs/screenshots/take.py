"""Take the pictures that README and docs show, of the demonstration: `make screenshots`.

Each page by day, by night and on a phone, as docs/screenshots/PAGE-LOOK.png. The demonstration is loaded into a database of
its own, so neither yours nor what you did to it is seen. Needs Chromium; CHROMIUM names it.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

HERE = Path(__file__).resolve().parent
COLOURS = 96  # a page has few; more of them would double the files and show nothing more
MOST_BYTES = 200_000

WINDOW = {"viewport": {"width": 1280, "height": 800}}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {**WINDOW, "color_scheme": "light"},
    "dark": {**WINDOW, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 780},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "light",
    },
}
PAGES = ("desk", "article-form", "review-page", "public-page")
PICTURES = tuple(f"{page}-{look}.png" for page in PAGES for look in LOOKS)


@dataclass(frozen=True)
class Shown:
    """A page of the demonstration: its address, and the session of whoever looks at it."""

    path: str
    session: str = ""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="imprimatur-screenshots-") as folder:
        os.environ.update(settings_of_the_demonstration(Path(folder)))
        shown = load()
        with served() as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium",
                args=["--no-sandbox", "--disable-gpu"],
            )
            for page, look in ((page, look) for page in PAGES for look in LOOKS):
                keep(f"{page}-{look}.png", picture(browser, site, shown[page], LOOKS[look]))


def settings_of_the_demonstration(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "IMPRIMATUR_DEMO": "1",
        "IMPRIMATUR_DEBUG": "0",
    }


def load() -> dict[str, Shown]:
    """The demonstration, loaded anew, and where its pages are."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import reverse

    from content.models import Article, Edition
    from reviews.demo import chemotherapy, kaposi, overview

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=StringIO())
    draft = Article.objects.get(slug=chemotherapy.SLUG)
    edition = Edition.objects.get(article__slug=overview.SLUG)
    return {
        "desk": Shown(reverse("admin:index"), session_of("ann")),
        "article-form": Shown(reverse("admin:content_article_change", args=[draft.pk]), session_of("ann")),
        "review-page": Shown(reverse("edition", args=[edition.pk]), session_of("bob")),
        "public-page": Shown(Article.objects.get(slug=kaposi.SLUG).get_absolute_url()),
    }


def session_of(username: str) -> str:
    from django.test import Client

    from reviews.demo.people import named

    client = Client()
    client.force_login(named(username))
    return client.cookies["sessionid"].value


@contextmanager
def served() -> Iterator[str]:
    """The site on a free port; gives its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    application: WSGIApplication = get_wsgi_application()
    logging.getLogger("django.server").setLevel(logging.WARNING)
    with ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler) as server:
        server.set_app(application)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def picture(browser: Browser, site: str, shown: Shown, look: dict[str, Any]) -> bytes:
    context = browser.new_context(base_url=site, reduced_motion="reduce", **look)
    if shown.session:
        context.add_cookies([{"name": "sessionid", "value": shown.session, "url": site}])
    page = context.new_page()
    answer = page.goto(shown.path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        sys.exit(f"{shown.path} was not shown: {answer and answer.status}.")
    taken = page.screenshot(animations="disabled")
    context.close()
    return taken


def keep(name: str, taken: bytes) -> None:
    few_colours = Image.open(BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few_colours.save(HERE / name, optimize=True)
    size = (HERE / name).stat().st_size
    print(f"docs/screenshots/{name}: {size // 1000} kB")
    if size > MOST_BYTES:
        sys.exit(
            f"{name} is larger than {MOST_BYTES // 1000} kB; show less of the page, or take fewer colours."
        )


if __name__ == "__main__":
    main()
