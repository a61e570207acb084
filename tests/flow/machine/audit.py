"""What must be true after every step, whatever was done: of the rows, of the ledger, and of what readers are shown."""

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

import rfc8785
from django.test import Client
from lxml import html

from content.models import Article, Edition, Notice, Publication
from evidence.models import LedgerEvent
from tests.content.public import reading
from tests.flow.machine.needs import PARTS
from tests.flow.machine.rows import ENDS, EVIDENCE, parsed

# What may change a page without the article's own draft or edition being touched: another page came or went.
SHOWN = (Publication, Notice)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def digest_of_row(model, row):
    said = [
        model.evidence_name,
        model.evidence_schema,
        row["id"],
        *(plain(row[name]) for name in model.evidence),
    ]
    return sha256(rfc8785.dumps(said))


@lru_cache(maxsize=500)
def digests(text):
    parts = parsed(text)["parts"]
    return sha256(text.encode()), {name: sha256(rfc8785.dumps(part)) for name, part in parts.items()}


# Rows and ledger


def whole(rows):
    grown({model: [] for model in rows}, rows)


def grown(before, after):
    """Evidence was only added to, and the ledger names each new row, and each that was ended, as it now is."""
    named = chained(before[LedgerEvent], after[LedgerEvent])
    for model in EVIDENCE:
        table, old = model.evidence_name, before[model]
        assert [row["id"] for row in after[model][: len(old)]] == [row["id"] for row in old], table
        by_key = {row["id"]: row for row in after[model]}
        changed = [row for row in old if by_key[row["id"]] != row]
        assert all(model is Publication and is_ended(row, by_key[row["id"]]) for row in changed), table
        new = {row["id"] for row in (*changed, *after[model][len(old) :])}
        told = {key for each, key in named if each == table}
        assert new <= told, f"{table}: the ledger does not name {new - told}"
        for key in told:
            told_as, is_now = named[table, key], digest_of_row(model, by_key[key])
            assert told_as == is_now, f"{table} {key} is not as the ledger says"


def is_ended(old, new):
    kept = {name for name in old if old[name] != new[name]}
    return old["until_at"] is None and kept <= ENDS and new["until_at"] is not None


def chained(old, new):
    """The rows that the new events name, with their digests."""
    assert new[: len(old)] == old
    previous = old[-1]["digest"] if old else "0" * 64
    named = {}
    for number, event in enumerate(new[len(old) :], start=len(old) + 1):
        said = {
            "number": number,
            "at": plain(event["recorded_at"]),
            "verb": event["verb"],
            "article": plain(event["article_uid"]),
            "by": event["recorded_by_id"],
            "by_name": event["recorded_by_name"],
            "facts": event["facts"],
            "rows": event["evidence_rows"],
            "previous": previous,
        }
        assert event["digest"] == sha256(rfc8785.dumps(said)), f"event {number} of the ledger"
        previous = event["digest"]
        named |= {(row["row"], row["key"]): row["sha256"] for row in event["evidence_rows"]}
    return named


def count_superseded(rows):
    return sum(row["end_kind"] == "superseded" for row in rows[Publication])


def everything(oracle):
    for row in oracle.rows[Edition]:
        assert (row["digest"], row["parts"]) == digests(row["snapshot"])
    for article in {row["id"] for row in oracle.rows[Article]}:
        found = oracle.of_article(article)
        assert [row["number"] for row in found] == list(range(1, len(found) + 1))
        assert len({row["digest"] for row in found}) == len(found)
        assert sum(row["until_at"] is None for row in oracle.publications(article)) <= 1


# Pages


def page(oracle, article):
    """What readers get at the article's address: the signed words, the earned facts, or a plain word that it is gone."""
    row = next(row for row in oracle.rows[Article] if row["id"] == article)
    response = Client().get(f"/articles/{row['slug']}/")
    live, publications = oracle.live(article), oracle.publications(article)
    if live is None:
        assert response.status_code == (410 if publications else 404)
        return
    assert response.status_code == 200
    [shown] = html.fromstring(response.content.decode()).xpath("//article")
    edition = oracle.editions[live["edition_id"]]
    assert reading.signed_words(shown) == words_of(edition, live)
    approvals = oracle.approvals(edition["id"], until=live["from_at"])
    assert reading.lines(shown, ".//p[@class='credit']") == credit(oracle, approvals)
    dates = [line for line in reading.lines(shown, ".//div[@class='dates']/p") if "Medical" in line]
    assert dates in last_medical_review(oracle, edition["id"], approvals, live["from_at"])
    covered = {part for row in approvals for part in row["covered"]}
    took_away = not covered >= PARTS or (
        oracle.credit(approvals) if approvals else "",
        oracle.last_medical_review(approvals),
    ) != (
        live["credit"],
        live["last_medical_review_on"],
    )
    assert bool(shown.xpath(".//div[@class='notice']")) or not took_away
    links = {link.get("href") for link in shown.xpath(".//a")}
    assert not any(link.startswith("article:") for link in links)


def offered_bytes(oracle, article):
    """The snapshot that readers can fetch is the one that was signed."""
    row, live = next(row for row in oracle.rows[Article] if row["id"] == article), oracle.live(article)
    response = Client().get(f"/articles/{row['slug']}/snapshot.json")
    shown = response.content.decode() if response.status_code == 200 else None
    assert shown == (oracle.editions[live["edition_id"]]["snapshot"] if live else None)


def credit(oracle, approvals):
    """That of the publication, less what was withdrawn since."""
    return [oracle.credit(approvals)] if approvals else []


def last_medical_review(oracle, edition, approvals, until):
    """Every line that may stand there: one, or two where both are true of the corrections."""
    on = oracle.last_medical_review(approvals)
    if on is None:
        return ([],)
    line = f"Last Medical Review: {on:%B} {on.day}, {on.year}"
    minor = f"{line} (before minor corrections)"
    return {True: ([minor],), False: ([line],), None: ([line], [minor])}[
        oracle.before_minor_corrections(edition, approvals, until)
    ]


def words_of(edition, live):
    parts = parsed(edition["snapshot"])["parts"]
    text, on = parts["text"], live["last_revised_on"]
    found = [*text["title"].split(), *words_of_prose(text["lead"])]
    for section in text["sections"]:
        found += [*section["heading"].split(), *words_of_prose(section["body"])]
    found.append("References")
    for reference, access in zip(parts["references"], parts["access_dates"], strict=True):
        found += access["printed"].join(reference["text"]).split()
    return [*found, "Last", "Revised:", f"{on:%B}", f"{on.day},", str(on.year)]


def words_of_prose(prose):
    return reading.words(html.fromstring(f"<div>{prose}</div>"))
