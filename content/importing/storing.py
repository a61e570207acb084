"""An imported file becomes a draft: a new article, or a revision of one that is there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import permissions
from accounts.models import Organisation, User
from content.decoding import Note
from content.drafts import revisions, saving
from content.importing import citations, outline
from content.importing.imported import Imported
from content.models import AccessCheck, Article, Condition, FormerAddress
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if


@dataclass(frozen=True)
class Listing:
    """What a file does not say of its article; what is None stays as it is."""

    language: str = "en"
    condition: Condition | None = None
    co_branded_with: Organisation | None = None


@dataclass
class Stored:
    """`counts` says what was written: “new sections”, “changed sections”, “new references”, “access checks” …"""

    article: Article
    is_new: bool
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    checks: list[AccessCheck] = field(default_factory=list)


def store(
    imported: Imported,
    *,
    by: User,
    file_name: str,
    update: bool = False,
    slug: str = "",
    listing: Listing | None = None,
) -> Stored:
    """Store what was imported. Raises Refused. An update that would change nothing writes nothing."""
    listing = listing or Listing()
    slug = slug or slugify(imported.title)[:150].strip("-")
    with transaction.atomic():
        by = permissions.fresh(by)
        found = Article.objects.select_for_update().filter(language=listing.language, slug=slug).first()
        refuse_if("import", refusals(found, by=by, update=update, slug=slug, listing=listing))
        at = timezone.now()
        with revisions.revision(by=by, comment=f"Imported from {file_name}"):
            stored = Stored(found or begun(imported, by=by, slug=slug, listing=listing), is_new=found is None)
            write(imported, stored, listing=listing, by=by, file_name=file_name, at=at)
        if stored.is_new or stored.counts:
            facts = {"file": file_name, "new": stored.is_new}
            uid = stored.article.uid
            ledger.record("import", by=by, at=at, article_uid=uid, rows=stored.checks, **facts)
        return stored


def refusals(
    found: Article | None, *, by: User, update: bool, slug: str, listing: Listing
) -> Iterator[Finding]:
    right = permissions.CHANGE_ARTICLE if found else permissions.ADD_ARTICLE
    if not permissions.may(by, right):
        yield no_right(
            f"Only editors can import articles, and {by} is not one. An administrator can change that."
        )
    if slug != slugify(slug) or not slug:
        words = (
            f"“{slug}” cannot be an address. Choose one with --slug, of letters a to z, digits and hyphens."
        )
        yield Finding("address-unfit", words)
    if listing.language not in dict(settings.LANGUAGES):
        yield Finding("language-unknown", f"Articles cannot be in the language “{listing.language}” here.")
    if found is None:
        for former in FormerAddress.objects.filter(language=listing.language, slug=slug):
            words = (
                f"The address “{slug}” still leads readers to “{former.article}”. Choose another with --slug."
            )
            yield Finding("address-taken", words)
    elif found.retired_at:
        yield Finding(
            "article-retired",
            f"“{found}” at the address “{slug}” is retired, so it cannot be changed. Ask your administrator.",
        )
    elif not update:
        words = (
            f"There is already an article at the address “{slug}”: “{found}”. "
            "Replace its draft with --update, or choose another address with --slug."
        )
        yield Finding("article-exists", words)


def begun(imported: Imported, *, by: User, slug: str, listing: Listing) -> Article:
    article = Article(title=imported.title, slug=slug, language=listing.language, owner=by)
    saving.begun(article)
    article.save()
    return article


def write(
    imported: Imported, stored: Stored, *, listing: Listing, by: User, file_name: str, at: datetime
) -> None:
    article = stored.article
    lead = outline.with_markers(article.lead, imported.lead, "lead", stored.notes)
    if set_columns(article, replace(imported, lead=lead), listing) and not stored.is_new:
        stored.counts["changed articles"] += 1
    stored.counts += outline.replace(article, imported.sections, stored.notes)
    source = citations.Source(file_name, by, at)
    counts, stored.checks = citations.replace(article, imported.references, source, stored.notes)
    stored.counts += counts
    if stored.is_new or stored.counts:
        saving.saved(article)


def set_columns(article: Article, imported: Imported, listing: Listing) -> bool:
    """Set the columns, and tell whether one of them changes. The row is saved by drafts.saved."""
    wanted = {"title": imported.title, "lead": imported.lead}
    wanted |= {
        name: value
        for name in ("condition", "co_branded_with")
        if (value := getattr(listing, name)) is not None
    }
    changed = {name: value for name, value in wanted.items() if getattr(article, name) != value}
    for name, value in changed.items():
        setattr(article, name, value)
    return bool(changed)
