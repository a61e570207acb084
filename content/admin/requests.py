"""What the pages of the staff have in common: who asks, what was shown to them, and what becomes of a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from accounts.models import User
from content.drafts import concurrent_saves
from content.models import Article, Edition
from content.request_numbers import number
from evidence import refusals
from evidence.findings import NO_RIGHT, Refused

# What a page showed is no longer so, through nobody's fault: look again.
OVERTAKEN = frozenset(
    {"already-withdrawn", "not-in-review", "not-live", "not-open", "not-the-newest", "form-used"}
)


def person(request: HttpRequest) -> User:
    # The pages of the staff let nobody else in.
    assert request.user.is_authenticated
    return request.user


@dataclass
class Attempt:
    """What became of the verb that a page asked for."""

    refused: Refused | None = None

    @property
    def status(self) -> int:
        """The status of the answer that shows the page again."""
        if self.refused is None:
            return HTTPStatus.OK
        codes = self.refused.codes
        if NO_RIGHT in codes:
            return HTTPStatus.FORBIDDEN
        is_overtaken = any(code.startswith("stale") or code in OVERTAKEN for code in codes)
        return HTTPStatus.CONFLICT if is_overtaken else HTTPStatus.UNPROCESSABLE_ENTITY

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(reason.words for reason in self.refused.reasons) if self.refused else ()


@contextmanager
def attempt(
    request: HttpRequest, *, article: Article | None = None, edition: Edition | None = None
) -> Iterator[Attempt]:
    """Run one verb for a page. A refusal is recorded and told, and goes no further: the page asks for it afterwards."""
    tried = Attempt()
    try:
        with refusals.recorded(by=person(request), article=article, edition=edition):
            yield tried
    except Refused as refused:
        tried.refused = refused
        for words in tried.words:
            messages.error(request, words)


@contextmanager
def attempt_in(
    form: BaseForm, field: str | None, *, by: User, article: Article | None = None
) -> Iterator[None]:
    """Run one verb while a form is cleaned. A refusal is recorded, and stands beside the field, or above the form."""
    try:
        with refusals.recorded(by=by, article=article):
            yield
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(field, reason.words)


def shown_saves(request: HttpRequest) -> int:
    # A page that carries no counter matches no draft.
    shown = number(request.POST.get("saves", ""))
    return -1 if shown is None else shown


def saved_meanwhile(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Return what was saved since the page was opened, or nothing where that was not why it is shown again."""
    shown = shown_saves(request)
    if shown == article.saves:
        return {}
    return {"meanwhile": concurrent_saves.since(article, shown if shown >= 0 else None)}
