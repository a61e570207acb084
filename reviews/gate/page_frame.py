from collections.abc import Iterator

from django.urls import reverse

from content.models import PageFrame
from evidence.findings import Finding
from reviews.gate.state import State


def rights_are_stated(state: State) -> Iterator[Finding]:
    frame = PageFrame.objects.current()
    if frame is None or not frame.rights_line or not frame.usage_policy:
        words = (
            "The page frame has no rights line or no usage policy. Propose a page frame that has both, and ask "
            "another publisher to approve it."
        )
        yield Finding(
            "rights-line-missing", words, rule="A35", fix=reverse("admin:content_pageframe_changelist")
        )
