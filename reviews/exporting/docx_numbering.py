"""Lists in a Word document. Each has a number of its own, or Word would go on counting where the last one ended."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

DEEPEST = 8  # Word knows nine levels
SIGNS = "•◦▪"
BULLETS, NUMBERS = 9001, 9002


class Numbering:
    def __init__(self, document: Document) -> None:
        self.root = document.part.numbering_part.element
        first = self.root.find(qn("w:num"))
        for number, ordered in ((BULLETS, False), (NUMBERS, True)):
            levels = "".join(level(at, ordered) for at in range(DEEPEST + 1))
            kind = f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}'
            made = parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{kind}</w:abstractNum>'
            )
            first.addprevious(made)  # Word wants them all before the first list
        self.last = BULLETS

    def begun(self, *, ordered: bool, start: int, depth: int) -> int:
        """Begin a list, and return its number."""
        self.last += 1
        override = (
            f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            if ordered
            else ""
        )
        kind = f'<w:abstractNumId w:val="{NUMBERS if ordered else BULLETS}"/>'
        self.root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{self.last}">{kind}{override}</w:num>'))
        return self.last


def level(at: int, ordered: bool) -> str:
    form, text = ("decimal", f"%{at + 1}.") if ordered else ("bullet", SIGNS[at % len(SIGNS)])
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{360 * (at + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
    )
