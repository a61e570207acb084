"""Word documents made by hand, part by part, so that a test can put into one what no program would write."""

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
PACKAGE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
    for name in ("Title", "heading 1", "heading 2", "heading 3", "toc 1", "Drug box", "List Bullet 2")
)
LEVELS = "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{{}}"/></w:lvl>' for level in range(3))
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{number}">{LEVELS.format(kind, kind, kind)}</w:abstractNum>'
    for number, kind in ((1, "bullet"), (2, "decimal"))
) + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))


def docx(body, links=(), **parts):
    """`links` are the targets of r:id="L0", "L1" …; `parts` hold the insides of footnotes, comments, header1 …"""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", PACKAGE)
        archive.writestr("word/_rels/document.xml.rels", relationships(links))
        archive.writestr("word/document.xml", root("document", f"<w:body>{body}</w:body>"))
        archive.writestr("word/styles.xml", root("styles", STYLES))
        archive.writestr("word/numbering.xml", root("numbering", NUMBERING))
        for name, inside in parts.items():
            kind = {"header1": "hdr", "footer1": "ftr"}.get(name, name)
            archive.writestr(f"word/{name}.xml", root(kind, inside))
    return data.getvalue()


def relationships(links):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="L{number}" Type="{R}/hyperlink" Target="{escape(target)}" TargetMode="External"/>'
            for number, target in enumerate(links)
        )
        + "</Relationships>"
    )


def root(name, inside):
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {SPACES}>{inside}</w:{name}>'


def p(*runs, style="", item=None):
    """A paragraph; `item` is (number of the list, level)."""
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if item:
        about += f'<w:numPr><w:ilvl w:val="{item[1]}"/><w:numId w:val="{item[0]}"/></w:numPr>'
    return (
        f"<w:p><w:pPr>{about}</w:pPr>{''.join(run if run.startswith('<') else r(run) for run in runs)}</w:p>"
    )


def r(text, marks=""):
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def title(text):
    return p(text, style="Title")


def h(level, text):
    return p(text, style=f"heading{level}") if text else p(style=f"heading{level}")


def link(number, text):
    return f'<w:hyperlink r:id="L{number}">{r(text)}</w:hyperlink>'


def table(*rows):
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def note(kind, number, *paragraphs):
    return f'<w:{kind} w:id="{number}">{"".join(paragraphs)}</w:{kind}>'


def repacked(data, change):
    """The archive with `change(name, content)` in place of each content; None leaves the file out."""
    old, new = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                archive.writestr(name, content)
    return new.getvalue()
