"""What a page comes apart into."""

from dataclasses import dataclass, field

from content.decoding import Note


@dataclass(frozen=True)
class Heading:
    line: int
    level: int
    text: str


@dataclass(frozen=True)
class Prose:
    """`items` are its list items or, where it is no list, itself: a line and its words."""

    line: int
    html: str
    items: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    line: int
    alt: str = ""
    caption: str = ""
    credit: str = ""
    src: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Words of the file that are not taken, and why."""

    line: int
    text: str
    why: str


Block = Heading | Prose | Picture | LeftOut | Note
