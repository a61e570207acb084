"""The safety net under placing: every word of the file is placed or reported, and in its order."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from content import prose
from content.decoding import Note
from content.importing import source
from content.importing.faults import WORDS_SHOWN, WordsLost, first_words
from content.importing.imported import Imported


def check(html: str, imported: Imported) -> None:
    """Compare the file with what was placed. Raises WordsLost."""
    given = source.words(html)
    streams = [
        list(stream) for stream in (text(imported), references(imported), pictures(imported), rest(imported))
    ]
    placed = [word for stream in streams for word in stream]
    missing = Counter(note.words for note in given) - Counter(placed)
    added = Counter(placed) - Counter(note.words for note in given)
    if missing:
        raise WordsLost([first_gap(given, placed, missing)])
    if added:
        words = " ".join(list(added)[:WORDS_SHOWN])
        raise WordsLost(
            [
                Note(
                    0,
                    f"These words would be stored and are not in the file: “{words}”. Nothing was imported.",
                )
            ]
        )
    for stream in streams[:2]:  # a caption may stand above its picture; what is left out may stand anywhere
        refuse_disorder(given, stream)


def text(imported: Imported) -> Iterator[str]:
    yield from split(imported.title)
    yield from prose.words(imported.lead)
    for section in imported.sections:
        yield from split(section.heading)
        yield from prose.words(section.body)


def pictures(imported: Imported) -> Iterator[str]:
    for section in imported.sections:
        yield from split(section.alt, section.caption, section.credit)


def references(imported: Imported) -> Iterator[str]:
    yield from split(*(reference.kept() for reference in imported.references))


def rest(imported: Imported) -> Iterator[str]:
    yield from split(*imported.reference_headings, *(left.text for left in imported.left_out))


def split(*texts: str) -> Iterator[str]:
    for each in texts:
        yield from each.split()


def first_gap(given: list[Note], placed: list[str], missing: Counter[str]) -> Note:
    # Where the file goes on and what was placed does not.
    matcher = SequenceMatcher(None, [note.words for note in given], placed)
    gaps = [
        given[start:end] for kind, start, end, _, _ in matcher.get_opcodes() if kind in {"delete", "replace"}
    ]
    holding = (gap for gap in gaps if any(note.words in missing for note in gap))
    gap = next(holding, [note for note in given if note.words in missing])
    lost = [note for note in gap if note.words in missing]
    return Note(
        lost[0].line,
        f"These words would be lost: “{first_words(lost)}”. The markup here may be broken. Nothing was imported.",
    )


def refuse_disorder(given: Iterable[Note], stream: Iterable[str]) -> None:
    remaining = (note.words for note in given)
    for word in stream:
        if word not in remaining:  # uses up `remaining` as far as the word
            raise WordsLost(
                [
                    Note(
                        0,
                        f"From the word “{word}” on, the order of the file would be lost. Nothing was imported.",
                    )
                ]
            )
