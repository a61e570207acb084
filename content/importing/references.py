"""The lines of a file's list of references, as the library and its access checks will hold them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.citing import formatting, normalising
from content.citing.parsing import Parsed, parsed
from content.decoding import Note
from content.importing.faults import too_long
from content.models import AccessCheck, Reference, columns_of


@dataclass(frozen=True)
class PlacedReference:
    line: int
    raw: str
    parsed: Parsed

    @property
    def text(self) -> str:
        """The reference as the house style prints it. Two references with the same text are one."""
        return " ".join("".join(formatting.formatted(self.parsed.csl)).split())

    def kept(self) -> str:
        # The house style ends with a full stop, whatever the file did.
        printed = self.parsed.accessed_text.join(formatting.formatted(self.parsed.csl))
        return self.raw if same_words(printed, self.raw) else printed


def same_words(one: str, other: str) -> bool:
    return one.removesuffix(".").split() == other.removesuffix(".").split()


def placed(line: int, raw: str) -> PlacedReference:
    # No word is lost and nothing raised: what cannot be taken apart, or printed again, is all title.
    found = PlacedReference(line, raw, parsed(raw))
    return found if is_sound(found) else PlacedReference(line, raw, whole(found))


def is_sound(reference: PlacedReference) -> bool:
    try:
        normalising.url(reference.parsed.csl.get("URL", ""))
    except ValueError:
        return False
    return reference.kept() == reference.raw and not any(has_no_room(reference))


def whole(reference: PlacedReference) -> Parsed:
    doubt = "It could not be divided into fields, so all of it is in the title, without an access check."
    csl = {"type": "document", "title": reference.raw.removesuffix(".")}
    return replace(reference.parsed, csl=csl, accessed=None, accessed_text="", unsure=[doubt])


def doubts(reference: PlacedReference) -> Iterator[Note]:
    for doubt in reference.parsed.unsure:
        yield Note(reference.line, f"Reference “{reference.raw}”: {doubt}")


def has_no_room(reference: PlacedReference) -> Iterator[Note]:
    texts = {
        name: value for name, value in columns_of(reference.parsed.csl).items() if isinstance(value, str)
    }
    yield from too_long(Reference, reference.line, **texts)
    yield from too_long(AccessCheck, reference.line, printed_date=reference.parsed.accessed_text)
