"""The languages of the public site: the house's own has the plain addresses, each other one a folder of its own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

HOUSE = "en"
NAMES: dict[str, str] = dict(settings.LANGUAGES)
OTHERS = tuple(code for code in NAMES if code != HOUSE)


class OtherLanguage:
    """Converts the first folder of an address; the house's own language never stands there."""

    regex = "|".join(OTHERS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def address(page: str, language: str, **keywords: str) -> str:
    folder = {} if language == HOUSE else {"language": language}
    return reverse(page, kwargs={**folder, **keywords})


def of_path(path: str) -> str:
    folder = path.removeprefix("/").partition("/")[0]
    return folder if folder in OTHERS else HOUSE


def spoken() -> str:
    # The language that what is being made now is made in.
    code = translation.get_language() or HOUSE
    return code if code in NAMES else HOUSE


def by_address(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    # One address speaks one language, whatever the reader's cookies and headers say, so it can be cached.

    def in_language(request: HttpRequest) -> HttpResponseBase:
        with translation.override(of_path(request.path_info)):
            return get_response(request)

    return in_language
