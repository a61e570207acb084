"""What waits for me."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.access_checks import queue
from content.access_checks.queue import Filter
from content.drafts import unsaved_texts
from content.editions import current
from content.models import Act, Article, Edition, Publication, Submission, UnsavedText
from evidence.findings import Finding
from reviews import gate, publishing
from reviews.approvals import routes
from reviews.decisions import signing
from reviews.desk.article_status import standing
from reviews.gate.signatures import is_fulfilled
from reviews.gate.state import State
from reviews.models import Assignment, KindVersion, Refresh, RefreshItem
from reviews.refreshing.progress import progress
from reviews.refreshing.signing import KIND as REFRESH_KIND


@dataclass(frozen=True)
class ToSign:
    edition: Edition
    kind: str
    what: str
    due_on: date
    asked: bool

    @property
    def is_overdue(self) -> bool:
        return timezone.localdate() > self.due_on


@dataclass(frozen=True)
class Own:
    """An article of mine: where it stands, and the edition of it that others read now."""

    article: Article
    standing: str
    in_review: Edition | None


@dataclass(frozen=True)
class Waiting:
    """A refresh with articles that wait for this person's one signature, or to be published in one go."""

    refresh: Refresh
    to_sign: int
    to_publish: int


@dataclass
class Desk:
    to_sign: list[ToSign] = field(default_factory=list)
    to_publish: list[Edition] = field(default_factory=list)
    # In review still, as they were when somebody took them from the public.
    withdrawn: list[Publication] = field(default_factory=list)
    stuck: list[tuple[Edition, list[Finding]]] = field(default_factory=list)
    drafts: list[Own] = field(default_factory=list)
    follow_ups: list[tuple[Publication, list[Finding]]] = field(default_factory=list)
    sources_to_open: int = 0
    refreshes: list[Waiting] = field(default_factory=list)
    kept: list[UnsavedText] = field(default_factory=list)
    organisation_missing: bool = False

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def is_empty(self) -> bool:
        waits = (
            self.to_sign or self.to_publish or self.withdrawn or self.stuck or self.drafts or self.follow_ups
        )
        return not (waits or self.sources_to_open or self.refreshes or self.kept)


def in_review() -> list[Edition]:
    """List editions that were submitted, not taken back and not public.

    Those of a refresh wait together, not one by one.
    """
    newest = Submission.objects.order_by().values("article").annotate(newest=Max("pk")).values("newest")
    waiting = Submission.objects.filter(pk__in=newest, act=Act.SUBMITTED).select_related("edition__article")
    waiting = waiting.exclude(edition__in=Publication.objects.live().values("edition"))
    waiting = waiting.exclude(
        edition__in=RefreshItem.objects.filter(publication=None).exclude(edition=None).values("edition")
    )
    return [row.edition for row in waiting.order_by("recorded_at")]


def desk(me: User) -> Desk:
    if not me.has_perm(permissions.READ_EDITIONS):
        return Desk()
    found = Desk(organisation_missing=me.organisation_id is None and me.groups.exists())
    found.kept = list(unsaved_texts.of(me))
    waiting = in_review()
    found.to_sign = [row for edition in waiting for row in to_sign(edition, me)]
    found.to_sign.sort(key=lambda row: (not row.asked, row.due_on))
    if me.has_perm(permissions.PUBLISH_EDITION):
        found.withdrawn = [row for edition in waiting if (row := current.withdrawn_from_public(edition))]
        taken = {publication.edition_id for publication in found.withdrawn}
        ready = (edition for edition in waiting if edition.pk not in taken)
        found.to_publish = [edition for edition in ready if not gate.blockers(edition)]
    if me.has_perm(permissions.SUBMIT_EDITION):
        own = Article.objects.filter(owner=me, retired_at=None)
        read_now = {edition.article_id: edition for edition in waiting}
        found.drafts = [Own(article, standing(article), read_now.get(article.pk)) for article in own]
        mine = [edition for edition in waiting if edition.article.owner_id == me.pk]
        found.stuck = [(edition, asked) for edition in mine if (asked := requests(edition))]
        live = Publication.objects.live().filter(article__owner=me).select_related("edition", "article")
        found.follow_ups = [
            (publication, owed) for publication in live if (owed := publishing.follow_ups(publication))
        ]
        found.follow_ups.sort(key=lambda row: min(finding.due_on for finding in row[1]))
    found.refreshes = refreshes(me)
    if me.has_perm(permissions.ADD_ACCESS_CHECK):
        owner = me if queue.owns_articles(me) else None
        found.sources_to_open = queue.found(Filter(owner)).count()
    return found


def refreshes(me: User) -> list[Waiting]:
    # Clinicians and contributors have nothing to do with refreshes.
    may_sign = signing.may_sign(me, KindVersion.objects.select_related("may_sign").newest(REFRESH_KIND))
    may_publish = me.has_perm(permissions.PUBLISH_EDITION)
    if not (may_sign or may_publish):
        return []
    keys = RefreshItem.objects.in_hand().untried().values_list("refresh", flat=True)
    found = []
    for refresh in Refresh.objects.filter(pk__in=set(keys)):
        stands = progress(refresh)
        waiting = Waiting(refresh, len(stands.unsigned) * may_sign, len(stands.ready) * may_publish)
        found += [waiting] if waiting.to_sign or waiting.to_publish else []
    return found


def to_sign(edition: Edition, me: User, state: State | None = None) -> list[ToSign]:
    """List the steps of this edition that are open, that this person may sign, and that they have not decided yet."""
    kinds = {kind.code for kind in signing.kinds_open_to(me, edition)}
    if not kinds or me.organisation_id is None:
        return []
    state = state or gate.state_of(edition)
    rows = []
    for step in state.steps:
        mine = step.kind.code in kinds and (
            step.organisation is None or step.organisation.pk == me.organisation_id
        )
        if mine and not is_fulfilled(step, state.approvals) and not has_decided(edition, step.kind.code, me):
            asked = Assignment.objects.filter(edition=edition, kind=step.kind.code, person=me).first()
            due_on = asked.due_on if asked else routes.due_on(step, edition)
            rows.append(ToSign(edition, step.kind.code, step.kind.name, due_on, asked is not None))
    return rows


def has_decided(edition: Edition, kind: str, me: User) -> bool:
    newest = edition.signoffs.filter(kind__kind=kind, signed_by=me).order_by("-pk").first()
    return newest is not None and not hasattr(newest, "withdrawal")


def requests(edition: Edition) -> list[Finding]:
    return [finding for finding in gate.findings(edition) if finding.code == "changes-requested"]
