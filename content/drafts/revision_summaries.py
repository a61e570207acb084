"""What a revision changed, in a few words: read from the stored rows as they are, for a list of many."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from reversion.models import Version

from content.models import Article, Citation, Pin, Section
from content.phrases import plural

# Table and key of a row -> its columns.
Stored = dict[tuple[type[models.Model], str], dict[str, Any]]

COLUMNS = {
    "title": "title",
    "lead": "lead",
    "slug": "address",
    "language": "language",
    "type": "listing",
    "condition": "listing",
    "co_branded_with": "listing",
    "public_note": "note to readers",
    "owner": "owner",
    "source_digest": "edition it translates",
    "retired_at": "retired or brought back",
}
NAMED = 2


def stored(article: Article, revisions: Iterable[int]) -> dict[int, Stored]:
    # The stored JSON is read as it is: to compare needs no models.
    tables = ContentType.objects.get_for_models(Article, Section, Citation, Pin)
    models_of = {content_type.pk: model for model, content_type in tables.items()}
    found: dict[int, Stored] = defaultdict(dict)
    for row in Version.objects.filter(revision__in=list(revisions), content_type__in=models_of):
        model = models_of[row.content_type_id]
        columns = json.loads(row.serialized_data)[0]["fields"]
        if (int(row.object_id) if model is Article else columns["article"]) == article.pk:
            found[row.revision_id][model, row.object_id] = columns
    return found


def summary(before: Stored | None, after: Stored) -> str:
    if before is None:
        return "This is the first revision."
    said = "; ".join([*article_words(before, after), *section_words(before, after), *rest(before, after)])
    return f"{said[:1].upper()}{said[1:]}." if said else "No change that readers see."


def of(model: type[models.Model], rows: Stored) -> dict[str, dict[str, Any]]:
    return {key: columns for (table, key), columns in rows.items() if table is model}


def article_words(before: Stored, after: Stored) -> list[str]:
    [old], [new] = of(Article, before).values(), of(Article, after).values()
    return list(dict.fromkeys(words for name, words in COLUMNS.items() if old.get(name) != new.get(name)))


def section_words(before: Stored, after: Stored) -> Iterator[str]:
    old, new = of(Section, before), of(Section, after)
    both = old.keys() & new.keys()
    changed = [new[key] for key in new if key in both and unplaced(old[key]) != unplaced(new[key])]
    for rows, done in (
        (changed, "changed"),
        ([new[key] for key in new if key not in old], "added"),
        ([old[key] for key in old if key not in new], "removed"),
    ):
        if rows:
            yield f"{named(rows)} {done}"
    if [key for key in order(old) if key in both] != [key for key in order(new) if key in both]:
        yield "sections in another order"


def unplaced(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name != "position"}


def order(rows: dict[str, dict[str, Any]]) -> list[str]:
    return sorted(rows, key=lambda key: (rows[key]["position"], int(key)))


def named(sections: list[dict[str, Any]]) -> str:
    names = [
        f"“{columns['heading']}”" if columns["heading"] else "a section without a heading"
        for columns in sections
    ]
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def rest(before: Stored, after: Stored) -> Iterator[str]:
    old, new = of(Citation, before), of(Citation, after)
    for count, done in (
        (len(new.keys() - old.keys()), "added"),
        (len(old.keys() - new.keys()), "removed"),
        (sum(old[key] != new[key] for key in old.keys() & new.keys()), "changed"),
    ):
        if count:
            yield f"{plural(count, 'reference')} {done}"
    was, now = of(Pin, before), of(Pin, after)
    both = was.keys() & now.keys()
    if taken := sum(was[key]["version"] != now[key]["version"] for key in both):
        yield f"{plural(taken, 'library update')} used"
    if sum(was.get(key, {}).get("declined_version") != now[key].get("declined_version") for key in now):
        yield "library updates not used"
