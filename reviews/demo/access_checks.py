"""Sources opened since the articles were published: one is as it was, and a refresh would print its day; one changed."""

from datetime import timedelta

from django.utils import timezone

from content.access_checks import recording
from content.models import Found, Reference
from reviews.demo.names import uid
from reviews.demo.people import named


def load() -> None:
    opened("nccn", days=1, found=Found.UNCHANGED)
    opened("skin", days=2, found=Found.CHANGED)


def opened(key: str, *, days: int, found: str) -> None:
    reference = Reference.objects.get(uid=uid(key))
    day = timezone.localdate() - timedelta(days=days)
    recording.opened(reference, by=named("lib"), on=day, found=found, title_seen=reference.title)
