"""The title of a page, whatever its characters are written in, and whether two titles say the same."""

import codecs
import html
import re
import unicodedata
from email.message import Message

from content.citing import validating
from content.links.http import content_types

LONGEST = 500
LONGEST_WRITTEN = 4000  # with its entities; Python refuses to read numbers of more than 4300 digits
OPENING = re.compile(r"<(!--|[a-z][a-z0-9]{0,20})", re.IGNORECASE)
# Quoted values may hold any character. Possessive, so that what does not match is not tried in other ways.
REST_OF_TAG = re.compile(r"""(?:[^"'>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+>""")
# What is in these is no markup of the page.
CLOSINGS = {
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("title", "script", "style", "textarea", "svg")
}
COMMENT_ENDS = re.compile("-->")
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
# Python knows codecs that are no character sets at all, and some that take very long.
CHARSET = re.compile(
    r"utf-?8|utf-?16(le|be)?|(iso-)?8859-\d{1,2}|iso-8859-\d{1,2}|latin-?1|us-ascii|ascii|windows-\d{3,4}|cp\d{3,4}"
    r"|gb\w{3,5}|big5|euc-\w{2}|shift[_-]jis|koi8-\w|macintosh",
    re.IGNORECASE,
)
IN_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Sites say Latin-1 and mean the larger set of Windows; browsers read it so too.
MEANT = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}


def title_of(body: bytes, headers: Message) -> str:
    words = html.unescape(written(decoded(body, headers).replace("\0", ""))[:LONGEST_WRITTEN])
    shown = "".join(character for character in words if is_shown(character))
    return " ".join(shown.split())[:LONGEST].strip()


def is_shown(character: str) -> bool:
    # Nor what turns round the direction of the words after it: they would not be the title's.
    return validating.is_shown(character) and unicodedata.bidirectional(character) not in TURNS


def written(page: str) -> str:
    """Return what stands between the tags of the first title.

    Each character is taken once: a parser of HTML can be held up for minutes.
    """
    place = 0
    while opening := OPENING.search(page, place):
        name = opening[1].lower()
        if name == "!--":
            place = end_of(COMMENT_ENDS, page, opening.end() - 2)
            continue
        rest = REST_OF_TAG.match(page, opening.end())
        if rest is None:
            break
        place = rest.end()
        if name == "title":
            closing = CLOSINGS[name].search(page, place)
            return page[place : closing.start() if closing else len(page)]
        if name in CLOSINGS:
            place = end_of(CLOSINGS[name], page, place)
    return ""


def end_of(pattern: re.Pattern[str], page: str, place: int) -> int:
    found = pattern.search(page, place)
    return found.end() if found else len(page)


def decoded(body: bytes, headers: Message) -> str:
    for mark, charset in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    in_meta = IN_META.search(body, 0, 4096)
    for name in (content_types.charset(headers), in_meta[1].decode("ascii") if in_meta else ""):
        if CHARSET.fullmatch(name):
            try:
                return body.decode(MEANT.get(name.lower(), name), "replace")
            except LookupError:
                continue
    try:
        # Not `body.decode`: where reading stopped, the last character may be cut in two.
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def are_the_same(one: str, other: str) -> bool:
    # Case, blanks, dashes and quotation marks aside; a version number tells titles apart.
    return words_of(one) == words_of(other)


def words_of(title: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())


def resembles(page: str, expected: str) -> bool:
    # Sites add their own name to the title, or cut it, so half of the words expected are enough.
    wanted = set(words_of(expected))
    return not wanted or 2 * len(wanted & set(words_of(page))) >= len(wanted)
