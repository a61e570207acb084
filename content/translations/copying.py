"""An edition's words and references as the first draft of another article, read from its own bytes."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Organisation
from content.models import (
    AccessCheck,
    Article,
    Citation,
    Condition,
    Drug,
    Edition,
    Reference,
    Section,
    SectionKind,
    Supports,
)
from content.snapshots import access, snapshot
from evidence.findings import Finding


def copy(source: Edition, article: Article) -> None:
    """Copy the edition into `article`, which is saved with its sections and citations."""
    parts = snapshot.parsed(source.snapshot)["parts"]
    article.title, article.lead = parts["text"]["title"], parts["text"]["lead"]
    set_listing(article, parts["listing"], source.article)
    article.save()
    pictures = iter(parts["figures"])
    for position, entry in enumerate(parts["text"]["sections"], start=1):
        picture = next(pictures) if entry["kind"] == SectionKind.FIGURE else {}
        section(article, position, entry, picture).save()
    cited = set()
    for position, (entry, day) in enumerate(
        zip(parts["references"], parts["access_dates"], strict=True), start=1
    ):
        row = citation(article, position, entry, day)
        # Two that were merged since are one source.
        if row.reference_id not in cited:
            cited.add(row.reference_id)
            row.save()


def set_listing(article: Article, listing: dict[str, Any], original: Article) -> None:
    # The condition is found by its name, and the library may have renamed it since.
    article.type = listing["type"]
    if listing["condition"]:
        named = Condition.objects.filter(name=listing["condition"]).first()
        article.condition = named or original.condition
    if listing["co_branded_with"]:
        article.co_branded_with = Organisation.objects.get(code=listing["co_branded_with"])


def section(article: Article, position: int, entry: dict[str, Any], picture: dict[str, str]) -> Section:
    return Section(
        article=article,
        position=position,
        kind=entry["kind"],
        level=entry["level"],
        heading=entry["heading"],
        drug=Drug.objects.get(uid=entry["drug"]) if entry["drug"] else None,
        body=entry["body"],
        image_id=picture.get("digest") or None,
        **{f"image_{name}": value for name, value in picture.items() if name != "digest"},
    )


def citation(article: Article, position: int, entry: dict[str, Any], day: dict[str, Any]) -> Citation:
    # The new draft prints what the library has today: what was opened may be something else.
    cited = Reference.objects.select_related("merged_into").get(uid=entry["uid"])
    reference = cited.merged_into or cited
    check = access_check(cited, entry, day)
    counts = access.counts(check, reference)
    return Citation(
        article=article,
        reference=reference,
        position=position,
        access_check=check if counts else None,
        supports=day["supports"] if counts else Supports.NOT_STATED,
    )


def access_check(reference: Reference, entry: dict[str, Any], day: dict[str, Any]) -> AccessCheck | None:
    """Return the check whose day and finding the edition prints; of several alike, the first that was recorded."""
    checks = AccessCheck.objects.of_work(reference.kept_id).filter(
        opened_on=day["on"],
        found=day["found"],
        opened_by__isnull=day["imported"],
        address_normalised=entry["href"],
    )
    if day["on"] is None:
        checks = checks.filter(printed_date=day["printed"])
    return checks.order_by("pk").first() if day["found"] else None


def lost(source: Edition) -> Iterator[Finding]:
    """Find what the edition shows and the library no longer has."""
    parts = snapshot.parsed(source.snapshot)["parts"]
    names = {drug["uid"]: drug["name"] for drug in parts["drugs"]}
    sections = parts["text"]["sections"]
    drugs = {entry["drug"]: names.get(entry["drug"], entry["heading"]) for entry in sections if entry["drug"]}
    references = {entry["uid"]: "".join(entry["text"]) for entry in parts["references"]}
    for model, shown in ((Drug, drugs), (Reference, references)):
        there = {str(uid) for uid in model.objects.filter(uid__in=shown).values_list("uid", flat=True)}
        for uid, name in shown.items():
            if uid not in there:
                words = f"“{name}” is no longer in the library. Translate an edition that does not use it."
                yield Finding("library-row-gone", words, subject=uid)
