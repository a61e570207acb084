"""How far a refresh has come, read from its rows."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from reviews.models import Decision, Refresh, RefreshItem, Signoff
from reviews.refreshing.signing import KIND


@dataclass
class Progress:
    """The articles of a refresh by where they stand; each is in one list."""

    pending: list[RefreshItem] = field(default_factory=list)
    left_out: list[RefreshItem] = field(default_factory=list)
    unsigned: list[RefreshItem] = field(default_factory=list)
    ready: list[RefreshItem] = field(default_factory=list)
    refused: list[RefreshItem] = field(default_factory=list)
    published: list[RefreshItem] = field(default_factory=list)
    taken_back: list[RefreshItem] = field(default_factory=list)

    @property
    def articles(self) -> int:
        return sum(len(items) for items in vars(self).values())

    @property
    def prepared(self) -> int:
        return self.articles - len(self.pending)

    @property
    def in_hand(self) -> int:
        return len(self.unsigned) + len(self.ready) + len(self.refused)


def progress(refresh: Refresh) -> Progress:
    # Two queries, however many articles there are.
    found = Progress()
    approved = Signoff.objects.filter(
        edition=OuterRef("edition"), kind__kind=KIND, decision=Decision.APPROVE, withdrawal=None
    )
    in_hand = set(refresh.items.in_hand().values_list("pk", flat=True))
    items = refresh.items.annotate(is_signed=Exists(approved)).select_related(
        "article", "edition", "publication"
    )
    for item in items.defer("edition__snapshot"):
        getattr(found, standing(item, item.pk in in_hand)).append(item)
    return found


def standing(item: RefreshItem, in_hand: bool) -> str:
    if item.publication_id:
        return "published"
    if item.edition_id is None:
        return "left_out" if item.reasons else "pending"
    if not in_hand:
        return "taken_back"
    if item.reasons:
        return "refused"
    return "ready" if item.is_signed else "unsigned"  # type: ignore[attr-defined]
