"""One attempt for each verb of a draft: handing in, taking back, the library's offers, restoring, opening a source."""

import json

from reversion.models import Version

from content.access_checks import recording
from content.drafts import restoring
from content.editions import submitting
from content.library import updates
from content.models import Article, Citation, Edition, Pin, Reference, Section, Submission
from tests.flow.machine import offering, rows
from tests.flow.machine.attempts import Attempt, right
from tests.flow.machine.oracle import Oracle
from tests.flow.machine.world import World


def submit(world: World, oracle: Oracle, article, by, change, saves):
    content, live = world.content(article), oracle.live(article)
    since = None
    if live:
        since = [
            row["recorded_at"]
            for row in oracle.rows[Submission]
            if (row["edition_id"], row["act"]) == (live["edition_id"], "submitted")
            and row["recorded_at"] <= live["from_at"]
        ][-1]
    writers, known = world.writers(article, since), world.known[article].get(content)
    newest = oracle.submissions(article)[-1:]
    is_replay = bool(
        newest
        and (newest[0]["edition_id"], newest[0]["act"], newest[0]["change"]) == (known, "submitted", change)
        and writers <= oracle.contributors(known)
    )
    codes = right(by, "submit")
    if change not in ("major", "minor"):
        codes.add("change-unknown")
    if saves != oracle_saves(oracle, article):
        codes.add("stale-draft")

    def then(edition):
        assert edition.pk == (known or edition.pk), "equal content became another edition"
        assert known or edition.pk not in world.known[article].values(), (
            "other content became the same edition"
        )
        world.known[article][content] = edition.pk
        as_drafted(world, article, edition)
        if not is_replay:
            submission = Submission.objects.order_by("-pk").first()
            wrote = set(submission.contributors.values_list("person", flat=True))
            assert wrote == writers | {by.pk}, "contributors are not everybody who saved"

    return Attempt(
        "submit",
        lambda: submitting.submit(Article.objects.get(pk=article), by=by, change=change, saves=saves),
        codes,
        is_replay,
        then,
    )


def as_drafted(world, article, edition):
    """The frozen words are those of the draft's rows, and of the library as the draft shows it."""
    row, parts = Article.objects.get(pk=article), json.loads(edition.snapshot)["parts"]
    sections = Section.objects.filter(article=article).order_by("position").values("heading", "level", "body")
    [citation], [access] = Citation.objects.filter(article=article), parts["access_dates"]
    [drug], shown = parts["drugs"], world.shown(article)
    text = parts["text"]
    assert (text["title"], text["lead"]) == (row.title, row.lead)
    assert [{name: each[name] for name in ("heading", "level", "body")} for each in text["sections"]] == list(
        sections
    )
    assert parts["public_note"] == {"text": row.public_note}
    assert (parts["listing"]["type"], parts["listing"]["condition"]) == (row.type, shown["condition"])
    assert (drug["pronunciation"], drug["products"][0]["brand"]) == (shown["drug"], shown["product"])
    assert shown["reference"] in "".join(parts["references"][0]["text"])
    _, opened_on, found, supports = world.opened(article, citation)
    assert (access["on"], access["found"], access["supports"]) == (
        opened_on and opened_on.isoformat(),
        found,
        supports,
    )


def oracle_saves(oracle, article):
    return next(row["saves"] for row in oracle.rows[Article] if row["id"] == article)


def take_back(world, oracle, edition, by):
    codes = right(by, "submit")
    if oracle.candidate(oracle.editions[edition]["article_id"]) != edition:
        codes.add("not-in-review")
    return Attempt("take back", lambda: submitting.take_back(Edition.objects.get(pk=edition), by=by), codes)


def decide(world, oracle, word, article, keys, by, saves):
    """Take or leave what the library offers: of the chosen rows the newest version is shown, and all else stays."""
    offered = offering.offered(world, oracle, article, word)
    codes = right(by, "edit")
    if saves != oracle_saves(oracle, article):
        codes.add("stale-draft")
    if not keys:
        codes.add("nothing-chosen")
    elif not set(keys) <= offered:
        codes.add("stale-update")
    row, taken = Article.objects.get(pk=article), {key.split("-")[0] for key in keys if word == "take"}

    def then(result):
        world.saved(article, by.username)
        world.pinned(article)
        for pin in Pin.objects.filter(article=article):
            before = offering.pins(oracle, article)[pin.row_kind]["version"]
            newest = world.versions[pin.row_kind][-1][0]
            assert pin.version == (newest if pin.row_kind in taken else before), (
                f"{word}: pin of {pin.row_kind}"
            )

    return Attempt(word, lambda: getattr(updates, word)(row, keys, by=by, saves=saves), codes, then=then)


def restore(world, oracle, article, by, version, saves):
    """An earlier revision as the draft: each of its rows as it was, and nothing else."""
    revisions = world.revisions[article]
    codes = right(by, "edit")
    if saves != oracle_saves(oracle, article):
        codes.add("stale-draft")
    if version not in revisions:
        codes.add("other-article")
    elif revisions[version] == rows.of_draft(article):
        codes.add("same-already")

    def then(result):
        world.restored[article].append(oracle.now)
        world.saved(article, by.username)
        world.pinned(article)
        assert rows.of_draft(article) == revisions[version], "the draft is not as the revision was"

    row, stored = Article.objects.get(pk=article), Version.objects.get(pk=version)
    return Attempt("restore", lambda: restoring.restore(row, stored, by=by, saves=saves), codes, then=then)


def open_source(world, oracle, by, on, found):
    codes = right(by, "open")
    if on > oracle.today:
        codes.add("access-date-future")
    if found not in ("unchanged", "changed", "gone", "login-needed"):
        codes.add("finding-missing")
    reference = Reference.objects.get()
    return Attempt(
        "record access check", lambda: recording.opened(reference, by=by, on=on, found=found), codes
    )
