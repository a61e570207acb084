"""Are two references one work? Keys by which a database finds those that may be, and the reasons on a second look.

Keys are whole numbers: of each identifier, and of the title's consonants with none, one, or those of a whole word left out.
So equal keys bring together what differs by accents, hyphens, vowels, one wrong consonant or one missing word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit

STOP_WORDS = frozenset(
    "a an and as at by for from in of on the to with el la los las de del en para con por y".split()
)
ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
GREEK = str.maketrans({"α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "κ": " kappa "})
SPELLED_ALIKE = (
    (re.compile("[ao]e"), "e"),
    (re.compile("sulph"), "sulf"),
    (re.compile("z"), "s"),
    (re.compile(r"(.)\1+"), r"\1"),
)
# With fewer letters or words than these, a slip or a gap makes another title.
LETTERS_FOR_A_SLIP = 8
WORDS_FOR_A_GAP = 5
SHORT_WORD = 4


class Key(NamedTuple):
    """Two equal numbers bring references together where their years meet, unless both are of titles less a word."""

    number: int
    is_part: bool = False
    since: int = 0
    until: int = 9999

    def meets(self, other: "Key") -> bool:
        return (
            self.number == other.number
            and not (self.is_part and other.is_part)
            and self.since <= other.until
            and other.since <= self.until
        )


def keys(row: Any) -> dict[int, Key]:
    """Return the keys of a Reference, stored or not, by their number.

    Its identifiers are normalised. A title of ten words has some 50.
    """
    found = [Key(numbered(column, value)) for column, value in identifiers(row)]
    first = year(row)
    years = (first, first + (row.type in IN_VOLUMES)) if first else ()
    titles = [Key(number, is_part, *years) for number, is_part in title_keys(row.title)]
    return {key.number: key for key in (*titles, *found)}


def identifiers(row: Any) -> Iterator[tuple[str, str]]:
    for column in ("doi", "pmid", "isbn"):
        if value := getattr(row, f"{column}_normalised"):
            yield column, value
    if names_a_page(row.url_normalised):
        yield "url", row.url_normalised


def names_a_page(url: str) -> bool:
    # A site's front page is cited for many works: www.nccn.org for every guideline.
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def are_at_one_page(one: Any, other: Any) -> bool:
    return bool(one.url_normalised == other.url_normalised and names_a_page(one.url_normalised))


def title_keys(title: str) -> Iterator[tuple[int, bool]]:
    # Whole titles come last, so that they win where a part of the same title reads alike.
    found = telling(title)
    bones = [skeleton(word) for word in found if not is_number(word)]
    numbers = " ".join(sorted(filter(is_number, found)))
    if not found:
        return
    if len(found) > WORDS_FOR_A_GAP:
        for place in range(len(bones)):
            yield numbered(f"words {numbers}", "".join(bones[:place] + bones[place + 1 :])), True
    for slip in slips(bones):
        yield numbered(f"letters {numbers}", slip), False
    yield numbered(f"words {numbers}", "".join(bones)), False
    yield numbered(f"letters {numbers}", "".join(bones)), False


def slips(bones: Sequence[str]) -> Iterator[str]:
    # All of them as one, less one letter that begins no word: two that got one letter wrong have one of these in
    # common.
    if sum(map(len, bones)) > LETTERS_FOR_A_SLIP:
        for place, bone in enumerate(bones):
            before, after = "".join(bones[:place]), "".join(bones[place + 1 :])
            yield from (f"{before}{rest}{after}" for rest in less_a_letter(bone))


def less_a_letter(bone: str) -> Iterator[str]:
    return (bone[:place] + bone[place + 1 :] for place in range(1, len(bone)))


def numbered(kind: str, text: str) -> int:
    # As large as a signed 64-bit column holds.
    digest = blake2b(f"{kind}:{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def words(text: str) -> list[str]:
    """Return the words in lower case, without accents, markup, and the ’s of possession."""
    bare = re.sub(r"</?[a-z]+>", "", text.casefold()).translate(GREEK).replace("&", " and ")
    plain = [each for each in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(each)]
    return re.findall(r"[0-9]+(?:\.[0-9]+)*|\w+", re.sub(r"['’`]s\b|['’`]", "", "".join(plain)))


def telling(text: str) -> list[str]:
    # Words that any title may have tell nothing, unless there are no others.
    found = words(text)
    return [word for word in found if word not in STOP_WORDS] or found


def is_number(word: str) -> bool:
    # Phase II is not phase III, nor the first edition the second.
    return any(character.isdigit() for character in word) or ROMAN.fullmatch(word) is not None


def skeleton(word: str) -> str:
    """Return the word's first letter and its consonants, without the s of a plural: tumours and tumor are tmr."""
    if is_number(word):
        return word
    bare = singular(word)
    for pattern, instead in SPELLED_ALIKE:
        bare = pattern.sub(instead, bare)
    return bare[0] + re.sub("[aeiouy]", "", bare[1:])


def singular(word: str) -> str:
    return word[:-1] if len(word) > SHORT_WORD and word.endswith("s") and not word.endswith("ss") else word


def share(one: str, other: str) -> float:
    """Return how many of the shorter text's words the longer one has too, of all."""
    fewer, more = sorted(({skeleton(word) for word in telling(text)} for text in (one, other)), key=len)
    return len(fewer & more) / len(fewer) if fewer else 0.0


# A word more or less that makes another work: “non-small cell”, “Retraction: …”, “Reply to …”.
TURNING = frozenset(
    "anti comment correction corrigendum editorial erratum no non not part post pre protocol reply retraction "
    "sin spanish supplement update updated versus vs without".split()
)
ALIKE_AS_WORD = 0.72


def nearly_same(one: str, other: str) -> bool:
    """Tell whether two titles differ by no more than slips and one forgotten word."""
    ours, theirs = telling(one), telling(other)
    if sorted(filter(is_number, ours)) != sorted(filter(is_number, theirs)):
        return False
    gaps = 0
    for kind, start, end, there, until in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        mine, its = ours[start:end], theirs[there:until]
        if kind in ("insert", "delete"):
            gaps += len(mine + its)
            if not TURNING.isdisjoint(mine + its):
                return False
        elif kind == "replace" and not is_slip("".join(mine), "".join(its)):
            return False
    return gaps == 0 or (gaps == 1 and min(len(ours), len(theirs)) >= WORDS_FOR_A_GAP)


def is_slip(one: str, other: str) -> bool:
    # Lenalidomide is no slip for pomalidomide, nor apatinib for lapatinib.
    bones = skeleton(one), skeleton(other)
    if {bones[0], *less_a_letter(bones[0])}.isdisjoint((bones[1], *less_a_letter(bones[1]))):
        return False
    return bones[0] == bones[1] or SequenceMatcher(None, one, other, False).ratio() >= ALIKE_AS_WORD


def names(row: Any) -> list[list[str]]:
    """List the words of each author, or of each editor where there is no author.

    Of a person the family name alone counts.
    """
    people = row.author or row.more.get("editor") or []
    return [found for name in people if (found := words(name.get("family") or name.get("literal") or ""))]


def same_name(one: Sequence[str], other: Sequence[str]) -> bool:
    # “van der Berg” and “Berg”, “Groopman JE” and “Groopman”, “National Cancer Institute” and “NCI” are the same.
    fewer, more = sorted((list(one), list(other)), key=len)
    if len(fewer) == 1:
        return fewer[0] in more or fewer[0] == "".join(word[0] for word in more if word not in STOP_WORDS)
    return fewer == more[-len(fewer) :]


def somebody_in_common(one: Any, other: Any) -> bool | None:
    # None where one of them names nobody.
    ours, theirs = names(one), names(other)
    if not ours or not theirs:
        return None
    return any(same_name(mine, its) for mine in ours for its in theirs)


def reasons(one: Any, other: Any) -> list[str]:
    """Say why two references may be one work, the weightiest reason first: doi, pmid, isbn, url, title.

    Empty where they are not.
    """
    theirs = set(identifiers(other))
    same = [column for column, value in identifiers(one) if (column, value) in theirs]
    sure = [column for column in same if column in SURE]
    if sure or are_surely_two(one, other):
        return sure
    found = [column for column in same if is_telling(column, one, other)]
    return found or (["title"] if same_title_and_year(one, other) else [])


# Of each work there is one; two works never share it.
SURE = ("doi", "pmid")


def are_surely_two(one: Any, other: Any) -> bool:
    return any(differ(*(getattr(row, f"{column}_normalised") for row in (one, other))) for column in SURE)


def is_telling(column: str, one: Any, other: Any) -> bool:
    # Chapters share the ISBN of their book, and one address may bring every version of a guideline.
    if is_another_version(one, other):
        return False
    if column == "isbn" and "chapter" in (one.type, other.type):
        return one.type == other.type and nearly_same(one.title, other.title)
    titles = (one.title, other.title)
    return not all(titles) or share(*titles) >= 0.5


def is_another_version(one: Any, other: Any) -> bool:
    return differ(one.version, other.version) or differ(one.more.get("edition"), other.more.get("edition"))


# Out ahead of print in one year and in a volume of the next. What else has the same title comes out anew each year.
IN_VOLUMES = frozenset(("article-journal", "paper-conference", "document"))
# First told to a congress, then printed: two works, as a rule of the same authors.
TOLD_AND_PRINTED = {"paper-conference", "article-journal"}
SHORT_TITLE = 3


def same_title_and_year(one: Any, other: Any) -> bool:
    shared = somebody_in_common(one, other)
    slack = int({one.type, other.type} <= IN_VOLUMES)
    if shared is False or years_apart(one, other) > slack or {one.type, other.type} == TOLD_AND_PRINTED:
        return False
    if len(telling(one.title)) < SHORT_TITLE and not shared and not (year(one) and year(other)):
        return False
    return nearly_same(one.title, other.title) and not stand_apart(one, other)


def years_apart(one: Any, other: Any) -> int:
    # 0 where a year is not known.
    ours, theirs = year(one), year(other)
    return abs(ours - theirs) if ours and theirs else 0


def year(row: Any) -> int:
    # 0 where none is named.
    text = str(row.issued[0]) if row.issued else str(row.more.get("issued", ""))
    found = re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", text)
    return int(found[0]) if found else 0


def stand_apart(one: Any, other: Any) -> bool:
    # Something that only one work has differs between the two.
    if is_another_version(one, other):
        return True
    if one.type == other.type == "chapter":
        books = (one.container_title, other.container_title)
        return all(books) and share(*books) < 0.5
    return differ(one.more.get("volume"), other.more.get("volume")) or differ(*map(first_page, (one, other)))


def first_page(row: Any) -> str:
    return str(row.more.get("page", "")).replace("\u2013", "-").partition("-")[0]


def differ(one: object, other: object) -> bool:
    # Only where both say something.
    ours, theirs = (str(value or "").strip().casefold() for value in (one, other))
    return bool(ours and theirs) and ours != theirs
