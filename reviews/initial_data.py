"""Groups, rights, sign-off kinds and the plain route, written after every migration; calling it again changes nothing."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from accounts import permissions
from content import initial_data
from content.snapshots.snapshot import PARTS
from evidence import ledger
from reviews.models import ApprovalRoute, KindVersion, RouteStep, SignoffKind

EDITORS = "Editors"
MEDICAL_REVIEWERS = "Medical reviewers"
CONTRIBUTORS = "Contributors"
PUBLISHERS = "Publishers"
AUDITORS = "Auditors"

DRAFT = ("work", "article", "section", "citation", "pin")
LIBRARY = ("condition", "drugclass", "drug", "drugalias", "drugcode", "product", "productstatus", "reference")
READ = (
    permissions.READ_EDITIONS,
    *permissions.on("content", ["view"], [*DRAFT, *LIBRARY, "accesscheck", "accesspolicy"]),
    *permissions.on("accounts", ["view"], ["organisation"]),
)
WRITE = permissions.on("content", ["add", "change", "delete"], DRAFT)
KEEP_LIBRARY = permissions.on("content", ["add", "change"], LIBRARY)

RIGHTS: dict[str, tuple[str, ...]] = {
    EDITORS: (
        *READ,
        *WRITE,
        *KEEP_LIBRARY,
        permissions.ADD_ACCESS_CHECK,
        permissions.LOOK_AT_LINKS,
        permissions.SUBMIT_EDITION,
        permissions.ASSIGN_SIGNOFF,
        permissions.VIEW_PAGE_FRAME,
        permissions.ADD_PAGE_FRAME,
    ),
    MEDICAL_REVIEWERS: READ,
    CONTRIBUTORS: READ,
    PUBLISHERS: (
        *READ,
        permissions.PUBLISH_EDITION,
        permissions.ASSIGN_SIGNOFF,
        permissions.VIEW_PAGE_FRAME,
        permissions.ADD_PAGE_FRAME,
        permissions.CHANGE_PAGE_FRAME,
        permissions.CHANGE_ACCESS_POLICY,
        *permissions.on("reviews", ["view", "add", "change"], ["approvalroute", "routestep"]),
        *permissions.on("reviews", ["delete"], ["routestep"]),
        *permissions.on("reviews", ["view"], ["kindversion"]),
    ),
    AUDITORS: (
        *READ,
        permissions.VIEW_PAGE_FRAME,
        *permissions.on("evidence", ["view"], ["ledgerevent", "refusal"]),
        *permissions.on("content", ["view"], ["publication", "notification"]),
        *permissions.on("accounts", ["view"], ["user"]),
        *permissions.on("reviews", ["view"], ["kindversion", "approvalroute", "routestep"]),
    ),
}

KINDS: tuple[dict[str, Any], ...] = (
    {
        "code": "editorial-review",
        "name": "Editorial review",
        "position": 1,
        "meaning": "I have read this edition. Its language, names, dates and credits are right and fit to be read by patients.",
        "group": EDITORS,
        "covers": list(PARTS),
        "independent": False,
        "may_be_full": False,
        "may_be_ruled_minor": False,
        "term_months": None,
        "earns": "editorial review",
    },
    {
        "code": "medical-review",
        "name": "Medical review",
        "position": 2,
        "meaning": "I have reviewed the medical content of this edition. It is accurate, balanced and current.",
        "group": MEDICAL_REVIEWERS,
        "covers": ["text", "drugs", "references", "figures"],
        "independent": True,
        "may_be_full": True,
        "may_be_ruled_minor": True,
        "term_months": 36,
        "earns": "medical review",
    },
    {
        "code": "contribution",
        "name": "Contribution",
        "position": 3,
        "meaning": "My organisation contributed to this edition and agrees to be named for it.",
        "group": CONTRIBUTORS,
        "covers": ["text", "drugs"],
        "independent": False,
        "may_be_full": False,
        "may_be_ruled_minor": True,
        "term_months": None,
        "earns": "contribution",
    },
)


def ship_after_migrate(using: str, **kwargs: Any) -> None:
    if using != "default":
        return
    initial_data.ship()
    # Our rights exist only once the permissions of every app do, and the other apps' turn may come later.
    for label in ("accounts", "evidence", "content", "reviews"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name, rights in RIGHTS.items():
        ship_group(name, rights)
    for kind in KINDS:
        with transaction.atomic():
            ship_kind(**kind)
    if not ApprovalRoute.objects.exists():
        ship_route()


def ship_group(name: str, rights: tuple[str, ...]) -> None:
    # A group that exists keeps the rights its administrator gave or took; a new one gets the shipped ones.
    group, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        group.permissions.set(permission(right) for right in rights)


def permission(right: str) -> Permission:
    app, codename = right.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def ship_kind(*, code: str, group: str, **columns: Any) -> None:
    if not KindVersion.objects.filter(kind=code).exists():
        may_sign = Group.objects.get(name=group)
        now = timezone.now()
        SignoffKind.objects.get_or_create(code=code)
        stamp = {"version": 1, "recorded_by_name": "shipped", "recorded_at": now}
        kind = KindVersion(kind_id=code, may_sign=may_sign, **stamp, **columns)
        kind.save()
        ledger.record("load initial data", by=None, at=now, rows=[kind], what=f"sign-off kind {code}")


def ship_route() -> None:
    route = ApprovalRoute(name="Every article")
    route.save()
    for kind in ("editorial-review", "medical-review"):
        RouteStep(route=route, kind_id=kind).save()
