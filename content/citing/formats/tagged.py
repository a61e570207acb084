"""Files of tagged lines, RIS and PubMed's: their entries, and what stands under which tag."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from content.citing.formats import text
from content.citing.formats.entries import Fault, Unfit, tidy

LARGEST_ENTRY = 1024 * 1024


class Field(NamedTuple):
    """Without a tag: words before the first one."""

    tag: str
    value: str
    line: int


class Record(NamedTuple):
    """The fields of one entry, the one that begins it included; `is_ended` where its own end was seen."""

    number: int
    fields: list[Field]
    is_ended: bool

    @property
    def line(self) -> int:
        return self.fields[0].line


def records(data: bytes, pattern: re.Pattern[str], *, first: str, last: str) -> Iterator[Record | Fault]:
    """Cut the file into entries. `pattern` finds a tag and its value; `first` and `last` are the tags that begin and
    end an entry.

    Without `last`, the beginning of the next entry is the end of the one before.
    """
    number, inside, size = 0, list[Field](), 0
    for field in fields(data, pattern):
        size += len(field.value) + 100  # what a field takes beside its words
        if field.tag == first:
            if inside:
                yield Record(number, inside, is_ended=not last)
            number, inside, size = number + 1, [field], 0
        elif inside:
            inside.append(field)
            if field.tag == last:
                yield Record(number, inside, is_ended=True)
                inside = []
        elif number or field.tag:
            yield Fault("outside", f"“{field.tag or field.value[:60]}” is outside any entry.", 0, field.line)
        if inside and size > LARGEST_ENTRY:
            raise too_large(number, inside[0].line)
    if inside:
        yield Record(number, inside, is_ended=False)


def fields(data: bytes, pattern: re.Pattern[str]) -> Iterator[Field]:
    # A line without a tag goes on with the value before it.
    tag, parts, began, size = "", list[str](), 0, 0
    for number, line in text.lines(data):
        if found := pattern.match(line):
            if began:
                yield Field(tag, tidy(" ".join(parts)), began)
            tag, parts, began, size = found[1].strip(), [found[2] or ""], number, 0
        else:
            parts.append(line)
            began = began or number
            size += len(line) + 100
        if size > LARGEST_ENTRY:
            raise too_large(0, began)
    if began:
        yield Field(tag, tidy(" ".join(parts)), began)


def too_large(entry: int, line: int) -> Unfit:
    return Unfit(Fault("entry-too-large", "No reference is as long as this entry, over 1 MB.", entry, line))


class Values:
    """The values of one entry by tag. What nobody has taken at the end is left out, and said so."""

    def __init__(self, record: Record) -> None:
        self.fields = [field for field in record.fields if field.value]

    def all(self, *tags: str) -> list[str]:
        return [field.value for field in self.all_fields(*tags)]

    def all_fields(self, *tags: str) -> list[Field]:
        found = [field for field in self.fields if field.tag in tags]
        self.fields = [field for field in self.fields if field.tag not in tags]
        return found

    def first(self, *tags: str) -> str:
        """Return the value of the first of these tags that there is.

        A further value that says something else is left out.
        """
        for tag in tags:
            for field in self.fields:
                if field.tag == tag:
                    self.drop(tag, field.value)
                    return field.value
        return ""

    def drop(self, tag: str, value: str) -> bool:
        before = len(self.fields)
        self.fields = [field for field in self.fields if (field.tag, field.value) != (tag, value)]
        return len(self.fields) < before

    def left(self) -> list[str]:
        return list(dict.fromkeys(field.tag for field in self.fields))
