"""What stands on the paper: the text, all else the signature covers, and who signed it, when and with what meaning.

A signed record shows on every printed form the signer's name, the date and time, and the meaning (21 CFR 11.50).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from content import prose
from content.editions import current
from content.models import Act, Article, Edition, Picture
from content.phrases import moment
from content.pictures.storing import Damaged, stored
from content.public import addresses, pages
from content.snapshots import snapshot, wording
from content.snapshots.snapshot import Snapshot
from reviews.approvals import validity
from reviews.approvals.objections import answer_to
from reviews.approvals.validity import Evidence
from reviews.models import Signoff

NO_FILE = "No file was uploaded for this picture."


@dataclass(frozen=True)
class Signature:
    meaning: str
    who: str
    on_behalf_of: str
    at: str
    decided: str
    standing: str


@dataclass(frozen=True)
class Target:
    """Where a link leads; nobody sees that on paper."""

    words: str
    leads_to: str


@dataclass(frozen=True)
class Print:
    """A picture with its bytes, or why there are none."""

    data: bytes
    media_type: str
    missing: str


@dataclass(frozen=True)
class Paper:
    """`name` and `digest` stand at the foot of every page."""

    name: str
    standing: str
    digest: str
    made_at: str
    page: pages.Page
    content: Snapshot
    prints: list[Print]
    signatures: list[Signature]
    targets: list[Target]

    def drug_rows(self) -> list[tuple[str, ...]]:
        # A row for each product, or one for a drug without any.
        return [row for drug in self.content["parts"]["drugs"] for row in drug_rows(drug)]


def drug_rows(drug: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    name = f"{drug['name']} ({drug['pronunciation']})" if drug["pronunciation"] else drug["name"]
    group = drug["class"]["name"] if drug["class"] else ""
    if group and drug["class"]["short_name"]:
        group = f"{group} ({drug['class']['short_name']})"
    if not drug["products"]:
        yield name, group, "none on the market", "", ""
    for product in drug["products"]:
        statuses = [
            f"{status['condition']}: {wording.status(status['status'], status['since'])}"
            for status in product["statuses"]
        ]
        yield (
            name,
            group,
            f"{product['brand']}: {product['full_name']}",
            wording.route(product["route"]),
            "; ".join(statuses),
        )


def of_edition(edition: Edition) -> Paper:
    live = current.live_publication(edition.article)
    is_live = live is not None and live.edition_id == edition.pk
    facts = pages.facts_of(live) if live and is_live else pages.Facts(number=edition.number)
    return paper(
        snapshot.parsed(edition.snapshot),
        name=f"Edition {edition.number}",
        standing=f"Edition {edition.number}, {last_act(edition)}"
        + (", public" if is_live else ", not public"),
        digest=edition.digest,
        facts=facts,
        signatures=list(signatures(edition)),
    )


def of_draft(article: Article) -> Paper:
    content = snapshot.build(article)
    digest = snapshot.digest(snapshot.canonical(content))
    standing = "Draft, not submitted and not signed"
    return paper(
        content,
        name="Draft, not signed",
        standing=standing,
        digest=digest,
        facts=pages.Facts(),
        signatures=[],
    )


def paper(
    content: Snapshot,
    *,
    name: str,
    standing: str,
    digest: str,
    facts: pages.Facts,
    signatures: list[Signature],
) -> Paper:
    return Paper(
        name=name,
        standing=standing,
        digest=digest,
        made_at=moment(timezone.now()),
        page=pages.page(content, facts),
        content=content,
        prints=[print_of(figure["digest"]) for figure in content["parts"]["figures"]],
        signatures=signatures,
        targets=list(targets(content)),
    )


def last_act(edition: Edition) -> str:
    newest = edition.submissions.order_by("-pk").first()
    assert newest, "an edition is made by submitting it"
    taken_back = " and taken back" if newest.act == Act.TAKEN_BACK else ""
    submission = edition.submissions.filter(act=Act.SUBMITTED).order_by("-pk")[0]
    return f"submitted{taken_back} {moment(submission.recorded_at)} by {submission.recorded_by_name}"


def signatures(edition: Edition) -> Iterator[Signature]:
    """List every decision on this edition, those on others that hold for it, and objections that stand against it."""
    known = validity.evidence(edition)
    holds = {approval.signoff.pk for approval in validity.approvals(edition, known)}
    objected = {objection.pk for objection in known.objections_to(edition)}
    for signoff in known.signoffs:
        if signoff.edition_id == edition.pk or signoff.pk in holds | objected:
            yield Signature(
                meaning=f"{signoff.kind}: {signoff.meaning}",
                who=signoff.signature(),
                on_behalf_of=signoff.organisation_name,
                at=moment(signoff.signed_at),
                decided=decided(signoff),
                standing=standing_of_objection(signoff, edition, known)
                if signoff.is_objection
                else standing_of(signoff, edition, is_holding=signoff.pk in holds),
            )


def decided(signoff: Signoff) -> str:
    done = signoff.decided[:1].upper() + signoff.decided[1:]
    return done if signoff.is_approval else f"{done}: {signoff.reason}"


def standing_of(signoff: Signoff, edition: Edition, *, is_holding: bool) -> str:
    if validity.is_withdrawn(signoff):
        taken = signoff.withdrawal
        return f"Withdrawn {moment(taken.withdrawn_at)} by {taken.withdrawn_by_name}: {taken.reason}"
    if not signoff.is_approval:
        return ""
    if not is_holding:
        return "Not valid for this edition."
    if signoff.edition_id == edition.pk:
        return "Valid for this edition."
    return f"Signed for edition {signoff.edition.number}, and valid for this edition."


def standing_of_objection(objection: Signoff, edition: Edition, known: Evidence) -> str:
    """Say that it is open, or how it was closed."""
    if validity.is_withdrawn(objection):
        return standing_of(objection, edition, is_holding=False)
    raised_on = (
        "" if objection.edition_id == edition.pk else f"Raised on edition {objection.edition.number}. "
    )
    if objection.pk in {each.pk for each in known.objections_to(edition)}:
        return f"{raised_on}Open: it stands against this edition."
    if hasattr(objection, "overruling"):
        closed = objection.overruling
        return (
            f"Overruled {moment(closed.signed_at)} by {closed.signature()}, on behalf of {closed.organisation_name}: "
            f"{closed.reason}"
        )
    answer = answer_to(objection, edition, known.signoffs)
    return f"Answered {moment(answer.signed_at)}: approved edition {answer.edition.number}." if answer else ""


def targets(content: Snapshot) -> Iterator[Target]:
    text = content["parts"]["text"]
    links = [
        link for html in (text["lead"], *(s["body"] for s in text["sections"])) for link in prose.links(html)
    ]
    uids = {
        link.href.removeprefix(addresses.ARTICLE) for link in links if link.href.startswith(addresses.ARTICLE)
    }
    titles = {f"{addresses.ARTICLE}{a.uid}": a.title for a in Article.objects.filter(uid__in=uids)}
    for link in links:
        yield Target(link.text, leads_to(link.href, titles))


def leads_to(href: str, titles: dict[str, str]) -> str:
    if href in titles:
        return f"the article “{titles[href]}” of this site"
    if href.startswith(addresses.UNRESOLVED):
        return f"no article yet (it led to {href.removeprefix(addresses.UNRESOLVED)})"
    return href


def print_of(digest: str) -> Print:
    picture = Picture.objects.filter(digest=digest).first() if digest else None
    if picture is None:
        return Print(b"", "", NO_FILE)
    try:
        return Print(stored(picture), picture.media_type, "")
    except Damaged as damaged:
        return Print(
            b"",
            "",
            f"The picture cannot be shown: {damaged}. Ask your administrator to run “manage.py verify”.",
        )


def whole(html: str) -> str:
    # Addresses within the site lead nowhere from a file.
    return html.replace('href="/', f'href="{settings.SITE_URL}/')
