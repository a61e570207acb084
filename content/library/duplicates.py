"""Works that the library may have twice: found by their keys, looked at a second time, and told apart by people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.citing import matching
from content.models import DistinctPair, Reference, ReferenceKey, columns_of
from evidence.findings import Finding, no_right, refuse_if

# A reference has some 50 keys, one with the longest title 400; SQLite takes 32,766 variables.
ROWS_IN_A_QUERY = 50
# What `matching.reasons` gives, in words; the weightiest first.
WORDS = {
    "doi": "the same DOI",
    "pmid": "the same PubMed number",
    "isbn": "the same ISBN",
    "url": "the same address",
    "title": "nearly the same title and year",
}


def in_words(reasons: Sequence[str]) -> str:
    return " and ".join(WORDS[reason] for reason in reasons)


@dataclass(frozen=True)
class Match:
    """A reference of the library that may be the work in question, and why: see WORDS.

    It was met as `met`, which is the reference itself, or one that was merged into it.
    """

    reference: Reference
    reasons: tuple[str, ...]
    met: Reference

    @property
    def words(self) -> str:
        return in_words(self.reasons)


def known(csl: Mapping[str, Any]) -> list[Match]:
    """Find what the library has already of a sound CSL-JSON item that is not stored, the likeliest first."""
    row = Reference(**columns_of(csl))
    row.normalise()
    return matches(row)


def matches(row: Reference) -> list[Match]:
    """Find the matches of a reference, stored or not, with its identifiers normalised.

    What people told apart from it and its other versions are left out. The number of queries is fixed.
    """
    apart = told_apart_from(row.pk) if row.pk else set()
    [others] = sharing_a_key([row])
    return likeliest(row, others, apart)


def likeliest(row: Reference, others: Iterable[Reference], apart: Collection[int] = ()) -> list[Match]:
    found: dict[int, Match] = {}
    for other in others:
        kept = other.merged_into or other
        reasons = tuple(matching.reasons(row, other)) if other.pk not in apart else ()
        if reasons and kept.pk not in {row.pk, *apart} and not is_version_of(row, kept):
            match = Match(kept, reasons, other)
            found[kept.pk] = min(found.get(kept.pk, match), match, key=weight)
    return sorted(found.values(), key=weight)


def sharing_a_key(rows: Sequence[Reference]) -> Iterator[list[Reference]]:
    """Give for each of them what else of the library has a key in common with it, the oldest first, in few queries."""
    for start in range(0, len(rows), ROWS_IN_A_QUERY):
        some = rows[start : start + ROWS_IN_A_QUERY]
        met = list(meeting([matching.keys(row) for row in some]))
        there = Reference.objects.select_related("merged_into").in_bulk(set().union(*met))
        for row, numbers in zip(some, met, strict=True):
            yield [there[number] for number in sorted(numbers - {row.pk})]


def meeting(keys: list[dict[int, matching.Key]]) -> Iterator[set[int]]:
    stored = defaultdict(list)
    for key in ReferenceKey.objects.filter(number__in=set().union(*keys)):
        stored[key.number].append(key)
    for each in keys:
        yield {
            key.reference_id for own in each.values() for key in stored[own.number] if key.as_tuple.meets(own)
        }


def weight(found: "Match | Pair") -> int:
    """Return the weight of its first reason: the less, the likelier that the two are one work."""
    return list(WORDS).index(found.reasons[0])


def told_apart_from(key: int) -> set[int]:
    pairs = told().filter(Q(first=key) | Q(second=key)).values_list("first", "second")
    return {each for pair in pairs for each in pair if each != key}


def telling_apart(one: Reference, other: Reference) -> DistinctPair | None:
    keys = [one.pk, other.pk]
    return told().filter(first__in=keys, second__in=keys).first()


def told() -> QuerySet[Any]:
    # What was said of an alias holds for the one kept: `first` and `second` are today's rows of the two that were
    # told apart.
    return DistinctPair.objects.annotate(
        first=Coalesce("one__merged_into", "one"), second=Coalesce("other__merged_into", "other")
    )


def is_version_of(one: Reference, other: Reference) -> bool:
    # Two works, though they are alike.
    return other.pk == one.superseded_by_id or (one.pk is not None and one.pk == other.superseded_by_id)


@dataclass(frozen=True)
class Pair:
    """Two references of the library that may be one work; the older one first."""

    one: Reference
    other: Reference
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        return in_words(self.reasons)


# Keys meet inside the database: only what shares one comes here, however large the library is.
SHARING_A_KEY = """
WITH shared AS (SELECT number FROM content_referencekey GROUP BY number HAVING COUNT(*) > 1),
met AS (
    SELECT DISTINCT one.reference_id AS one_id, other.reference_id AS other_id
    FROM shared
    JOIN content_referencekey one ON one.number = shared.number
    JOIN content_referencekey other ON other.number = shared.number AND other.reference_id > one.reference_id
    WHERE NOT (one.is_part AND other.is_part) AND one.since <= other.until AND other.since <= one.until
),
told AS (
    SELECT COALESCE(one.merged_into_id, one.id) AS one_id, COALESCE(other.merged_into_id, other.id) AS other_id
    FROM content_distinctpair pair
    JOIN content_reference one ON one.id = pair.one_id
    JOIN content_reference other ON other.id = pair.other_id
)
SELECT one.id, other.id
FROM met
JOIN content_reference one ON one.id = met.one_id AND one.merged_into_id IS NULL
JOIN content_reference other ON other.id = met.other_id AND other.merged_into_id IS NULL
WHERE (one.version IN ('', other.version) OR other.version = '')
AND (one.doi_normalised IN ('', other.doi_normalised) OR other.doi_normalised = ''
     OR one.pmid_normalised = NULLIF(other.pmid_normalised, ''))
AND (one.id, other.id) NOT IN (SELECT one_id, other_id FROM told UNION ALL SELECT other_id, one_id FROM told)
"""


def pairs() -> list[Pair]:
    # The rows read are those of references that share a key.
    with connection.cursor() as cursor:
        cursor.execute(SHARING_A_KEY)
        keys = cursor.fetchall()
    rows = Reference.objects.in_bulk({key for pair in keys for key in pair})
    found = [
        Pair(one, other, tuple(reasons))
        for one, other in ((rows[one], rows[other]) for one, other in keys)
        if not is_version_of(one, other) and (reasons := matching.reasons(one, other))
    ]
    return sorted(found, key=lambda pair: (weight(pair), pair.one.pk, pair.other.pk))


def tell_apart(one: Reference, other: Reference, *, by: User) -> None:
    """Say that these are two works. They are not offered as one any more, until somebody takes that back."""
    with transaction.atomic():
        by = permissions.fresh(by)
        refuse_if("mark references as different", refusals_of_telling(one, other, by=by))
        first, second = sorted((one, other), key=lambda reference: reference.pk)
        if not DistinctPair.objects.filter(one=first, other=second).exists():
            DistinctPair(
                one=first, other=second, recorded_by=by, recorded_by_name=str(by), recorded_at=timezone.now()
            ).save()


def ask_again(pair: DistinctPair, *, by: User) -> None:
    with transaction.atomic():
        refuse_if("compare references again", refusals_of_deciding(permissions.fresh(by)))
        pair.delete()


def refusals_of_telling(one: Reference, other: Reference, *, by: User) -> Iterator[Finding]:
    yield from refusals_of_deciding(by)
    if one.pk == other.pk:
        yield Finding("same-reference", "These are the same entry of the library. Choose two different ones.")


def refusals_of_deciding(by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_REFERENCE):
        yield no_right(
            "Only editors can decide whether references are the same work. Ask an administrator to add you to the "
            "group “Editors”."
        )
