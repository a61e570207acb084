from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from content.admin.audit_trail import NonceAdmin
from content.admin.requests import attempt, person
from content.models import Notification, PageFrame, Publication
from content.public import page_frame
from evidence.models import LedgerEvent, Refusal


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LedgerEvent)
class LedgerEventAdmin(ReadOnly):
    list_display = ("number", "recorded_at", "verb", "who", "facts_in_words")
    list_filter = ("verb",)
    search_fields = ("article_uid", "recorded_by_name")

    @admin.display(description="Who", ordering="recorded_by_name")
    def who(self, event: LedgerEvent) -> str:
        return event.recorded_by_name

    @admin.display(description="What")
    def facts_in_words(self, event: LedgerEvent) -> str:
        """Every fact, as “edition: 1”. Digests, which nobody reads in a list, stand whole on the event's own page."""
        return "; ".join(
            f"{name.replace('_', ' ')}: {value}" for name, value in event.facts.items() if name != "digest"
        )


@admin.register(Refusal)
class RefusalAdmin(ReadOnly):
    list_display = ("refused_at", "verb", "who", "edition_number", "reasons_in_words")
    list_filter = ("verb",)

    @admin.display(description="Who", ordering="requested_by_name")
    def who(self, refusal: Refusal) -> str:
        return refusal.requested_by_name

    @admin.display(description="Reasons")
    def reasons_in_words(self, refusal: Refusal) -> str:
        return " ".join(reason["words"] for reason in refusal.reasons)


@admin.register(Publication)
class PublicationAdmin(ReadOnly):
    list_display = ("article", "edition", "from_at", "until_at", "end_kind", "published_by_name")
    list_select_related = ("article", "edition__article")
    list_filter = ("basis", "end_kind")


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    list_display = ("recipient", "subject", "created_at", "sent_at", "attempts", "last_error")
    list_select_related = ("recipient",)


@admin.register(PageFrame)
class PageFrameAdmin(NonceAdmin):
    """A new version is proposed by adding one; somebody else approves it with the action."""

    list_display = ("pk", "site_name", "rights_line", "proposed_by_name", "approved_by_name", "approved_at")
    fields = ("site_name", "banner", "rights_line", "usage_policy", "newsletter_heading", "newsletter_text")
    actions = ("approve",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        current = PageFrame.objects.current()
        start = {name: getattr(current, name) for name in self.fields} if current else {}
        return {**start, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: PageFrame, form: Any, change: bool) -> None:
        page_frame.propose(obj, by=person(request), at=timezone.now())

    @admin.action(description="Approve this page frame for the public site")
    def approve(self, request: HttpRequest, chosen: QuerySet[PageFrame]) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if chosen.count() != 1:
            self.message_user(request, "Not approved: choose exactly one page frame.", messages.ERROR)
            return
        with attempt(request) as tried:
            page_frame.approve(chosen[0], by=person(request))
        if not tried.refused:
            self.message_user(request, "Approved. The public site shows this page frame from now on.")
