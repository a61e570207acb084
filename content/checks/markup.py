from collections.abc import Iterator
from datetime import date
from typing import Any

from content import prose
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

RULE = "A30"


def prose_of(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Give the place where it is fixed, and the HTML, of every piece of prose."""
    text = snapshot["parts"]["text"]
    yield "#id_lead", text["lead"]
    for number, section in enumerate(text["sections"], start=1):
        yield f"#sections-{number - 1}", section["body"]


def lines_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from lines_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from lines_of(item)


def readable(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Give the place where it is fixed, and the plain text, of everything a reader sees, without addresses of links."""
    text = snapshot["parts"]["text"]
    yield "#id_title", text["title"]
    for number, section in enumerate(text["sections"], start=1):
        yield f"#sections-{number - 1}", section["heading"]
    for fix, html in prose_of(snapshot):
        yield fix, prose.text(html)
    for reference in snapshot["parts"]["references"]:
        yield "#citations-group", "".join(reference["text"]).replace(reference["url"] or "\0", "")
    yield "", snapshot["parts"]["listing"]["condition"] or ""
    for part, fix in (("drugs", ""), ("figures", ""), ("public_note", "#id_public_note")):
        for line in lines_of(snapshot["parts"][part]):
            yield fix, line


def markup_is_clean(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for fix, html in prose_of(snapshot):
        if not prose.is_clean(html):
            words = (
                "The text contains formatting that is not allowed. Save the draft again, which removes it."
            )
            yield Finding("markup-unclean", words, rule=RULE, subject=fix, fix=fix)


def characters_are_whole(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for fix, text in readable(snapshot):
        for flaw in prose.mojibake(text):
            words = f"The word “{flaw.snippet}” is damaged: {flaw.words}. Type it again."
            yield Finding("mojibake", words, rule=RULE, subject=flaw.snippet, fix=fix)
        for flaw in prose.hidden_characters(text):
            words = f"The word “{flaw.snippet}” contains an invisible character: {flaw.words}. Delete the word and type it again."
            yield Finding("hidden-characters", words, rule=RULE, subject=flaw.snippet, fix=fix)


def characters_are_what_they_look_like(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for fix, text in readable(snapshot):
        for flaw in prose.strange(text):
            words = f"The word “{flaw.snippet}” can be taken for another: {flaw.words}. Type it again."
            yield Finding("strange-characters", words, rule=RULE, subject=flaw.snippet, fix=fix)
