"""What the admin's own pages have in common: who asks, what was shown to them, and what a refusal looks like."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from content.drafts import concurrent_saves
from content.models import Article
from content.request_numbers import number
from evidence.findings import NO_RIGHT, Refused


def person(request: HttpRequest) -> User:
    """The signed-in person; the admin lets nobody else in."""
    assert request.user.is_authenticated
    return request.user


def shown_saves(request: HttpRequest) -> int:
    """The draft's counter on the page that was posted; one that carries none matches no draft."""
    shown = number(request.POST.get("saves", ""))
    return -1 if shown is None else shown


def saved_meanwhile(request: HttpRequest, article: Article) -> dict[str, Any]:
    """For the page that is shown again: what was saved since it was opened, nothing where that was not why."""
    shown = shown_saves(request)
    if shown == article.saves:
        return {}
    return {"meanwhile": concurrent_saves.since(article, shown if shown >= 0 else None)}


def tell(request: HttpRequest, refused: Refused) -> int:
    """Say every reason; gives the status of the answer."""
    for reason in refused.reasons:
        messages.error(request, reason.words)
    if NO_RIGHT in refused.codes:
        return 403
    return 409 if any(code.startswith("stale") for code in refused.codes) else 422
