"""What Markdown and Word documents become, and which files are refused in which words."""

import io
import zipfile

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from content.decoding import Unreadable
from content.importing import placing
from content.importing.drug_headings import DrugNames
from content.importing.faults import WordsLost
from content.importing.formats import markdown, recognising, word
from content.models import Article
from tests import cast
from tests.content.importing.test_import_article import docx as empty_word
from tests.content.importing.word_files import docx, h, link, note, p, r, repacked, table, title


def of_markdown(text, **options):
    return placed(markdown.read(text.encode()), **options)


def of_word(*body, links=(), **parts):
    return placed(word.read(docx("".join(body), links, **parts)))


def placed(document, **options):
    imported = placing.place(
        document.html, drugs=DrugNames(), article_at=lambda href: None, title_is="a title", **options
    )
    return document.reported_in(imported)


def outline(imported):
    return [(section.level, section.heading, section.body) for section in imported.sections]


# Markdown


def test_markdown_becomes_sections_lists_and_tables():
    imported = of_markdown(
        "# T\n\nLead *soft* **hard**<sup>1</sup>.\n\n## A\n\n1. one\n   - two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )

    assert imported.title == "T"
    assert imported.lead == "<p>Lead <em>soft</em> <strong>hard</strong><sup>1</sup>.</p>"
    assert outline(imported) == [
        (
            2,
            "A",
            "<ol><li>one<ul><li>two</li></ul></li></ol>"
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        )
    ]
    assert list(imported.notes()) == []


def test_markdown_cleans_raw_html_like_any_other():
    imported = of_markdown(
        '# T\n\n<p onclick="x()">One <a href="javascript:x()">two</a></p><script>three()</script>\n\n<div>Four</div>\n'
    )

    assert imported.lead == "<p>One two</p><p>Four</p>"
    assert [note.line for note in imported.notes()] == [3]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            "# T\n\nText.\n\n# Second\n\nText.",
            [(5, "“Second” is a second level 1 heading; it is level 2 now. The title is the first.")],
        ),
        (
            "# T\n\n##\n\nWho may take it?\n\nAdults.",
            [
                (
                    3,
                    "The level 2 heading here is empty, so its section has none yet. "
                    "Give it one; it may be what the section begins with: “Who may take it?”.",
                )
            ],
        ),
        ("# T\n\nText.\n\n##\n", [(5, "An empty level 2 heading is not imported.")]),
        (
            "# T\n\n- Watch these:\n- Skin\n- Liver\n",
            [
                (
                    3,
                    "The list item “Watch these:” announces a list and has none. "
                    "If the items after it belong to it, indent them.",
                )
            ],
        ),
        ("# T\n\n- Watch these:\n  - Skin\n", []),
        (
            "# T\n\n| a |\n|---|\n| - one - two |\n",
            [(5, "The cell “- one - two…” seems to hold a list that lost its lines. Make it a list again.")],
        ),
        (
            "---\ntitle: Other\n---\n# T\n\nText.\n",
            [(2, "Not imported: “title: Other” (front matter, which is for programs and not for readers).")],
        ),
        (
            "# T\n\nText.[^1]\n\n[^1]: Note\n",
            [
                (
                    5,
                    "A footnote begins here: “[^1]:”. Its words stay where they are; "
                    "write its mark as the article should show it.",
                )
            ],
        ),
        (
            "# T\n\nText.\n\n[a]: /x 'Other'\n",
            [(5, "No link uses “[A]: /x Other”. It is not imported.")],
        ),
        (
            "# T\n\nText.\n\n    tablet 5 mg\n",
            [
                (
                    5,
                    "“tablet 5 mg” is program code to Markdown (it is indented or fenced). "
                    "Articles have none: it is plain text now, check its lines.",
                )
            ],
        ),
        (
            "# T\n\nText <!-- ask Bob -->.\n\n<!-- and\nAsa -->\n",
            [
                (3, "The comment “ask Bob” is not imported: no reader would see it."),
                (5, "The comment “and Asa” is not imported: no reader would see it."),
            ],
        ),
        (
            "# T\n\n[One\n\ntwo](/x)\n",
            [(5, "“two](/x)” holds “](”: broken Markdown, which stands there as text. Correct it.")],
        ),
        (
            "# T\n\n[One](https://a.example 'Two three') <del>5 mg</del>\n",
            [
                (3, "“5 mg” is struck out in the file, and plain text here. Delete it if it is not meant."),
                (3, "The tooltip “Two three” on “One” is not imported."),
            ],
        ),
    ],
)
def test_markdown_reports_with_the_lines_of_the_file(text, notes):
    imported = of_markdown(text)

    assert [tuple(note) for note in imported.notes()] == notes


def test_markdown_reports_a_picture_and_keeps_its_words():
    imported = of_markdown(
        "# T\n\n## A\n\n![Two lungs](/a.png)\n\nThe lungs.\n\nCredit: © A. Roe\n\n![](/b.png)\n"
    )

    pictures = [(section.line, section.kind, section.alt) for section in imported.sections[1:]]
    assert pictures == [(5, "figure", "Two lungs"), (11, "figure", "")]
    assert imported.sections[0].body == "<p>The lungs.</p><p>Credit: © A. Roe</p>"
    said = (
        "A picture's file cannot be imported; upload it to its section, which stands after the section “A”."
    )
    assert [tuple(note) for note in imported.notes()] == [(5, said), (11, said)]


def test_markdown_footnote_of_one_word_is_no_link():
    assert of_markdown("# T\n\nText.[^1]\n\n[^1]: Note\n").lead == "<p>Text.[^1]</p><p>[^1]: Note</p>"


def test_markdown_too_deep_for_its_parser_loses_no_word():
    with pytest.raises(WordsLost) as refused:
        markdown.read(("# T\n\n" + "> " * 120 + "dose\n").encode())

    assert refused.value.notes == [
        (3, "Markdown's rules would drop these words: “dose”. Nothing was imported.")
    ]


# Links of every format


PAGE = (
    "# T\n\n[One](/pop/x.aspx?id=1) [two](/pop/x.aspx?id=2) [three](/pop/y.aspx) [four](#r1) [five](#r2)\n\n"
    "[six](more.html) [seven](https://a.example)\n"
)


def test_links_of_a_kind_are_reported_once():
    assert [tuple(note) for note in of_markdown(PAGE).notes()] == [
        (
            3,
            "The link “One” leads to /pop/x.aspx?id=1, which is no article here. It has no target yet. "
            "So do 2 more links to pages in /pop/.",
        ),
        (
            3,
            "The link “four” leads to a place on its own page (“#r1”). Its words are kept, the link is not. "
            "So does 1 more link to places on the page.",
        ),
        (5, "The link “six” leads to more.html, which is no article here. It has no target yet."),
    ]


def test_links_are_resolved_by_the_address_of_the_page():
    imported = of_markdown(PAGE, base_url="https://b.example/a/page.html")

    assert imported.lead == (
        '<p><a href="https://b.example/pop/x.aspx?id=1">One</a> <a href="https://b.example/pop/x.aspx?id=2">two</a> '
        '<a href="https://b.example/pop/y.aspx">three</a> four five</p>'
        '<p><a href="https://b.example/a/more.html">six</a> <a href="https://a.example">seven</a></p>'
    )
    assert [note.line for note in imported.notes()] == [3]


# Word


def test_word_becomes_sections_lists_and_tables():
    imported = of_word(
        h(1, "T"),
        p(
            "Lead ",
            r("soft", "<w:i/>"),
            " ",
            r("hard", "<w:b/>"),
            r("1", '<w:vertAlign w:val="superscript"/>'),
        ),
        h(2, "A"),
        p("one", item=(2, 0)),
        p("two", item=(1, 1)),
        table([p("a"), p("b")], [p("1") + p("2"), p("c", item=(1, 0)) + p("d", item=(1, 0))]),
        p("See ", link(0, "this"), "."),
        links=["https://a.example"],
    )

    assert imported.lead == "<p>Lead <em>soft</em> <strong>hard</strong><sup>1</sup></p>"
    assert outline(imported) == [
        (
            2,
            "A",
            "<ol><li>one<ul><li>two</li></ul></li></ol>"
            "<table><tbody><tr><td>a</td><td>b</td></tr>"
            "<tr><td><p>1</p><p>2</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>"
            '<p>See <a href="https://a.example">this</a>.</p>',
        )
    ]
    assert list(imported.notes()) == []


def test_word_headings_stand_below_a_title_in_the_style_title():
    imported = of_word(title("T"), h(1, "A"), p("a"), h(2, "B"), p("b"))

    assert [(level, heading) for level, heading, _ in outline(imported)] == [(2, "A"), (3, "B")]
    assert list(imported.notes()) == []


def test_word_footnotes_stand_at_the_end_of_their_section():
    mark = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="7"/></w:r>'
    imported = of_word(
        h(1, "T"),
        h(2, "A"),
        table([p("Cell", end)]),
        p("Dose", mark, "."),
        h(2, "B"),
        p("b"),
        footnotes=note("footnote", 7, p("By label.")),
        endnotes=note("endnote", 7, p("See"), p("there.")),
    )

    assert imported.sections[0].body == (
        "<table><tbody><tr><td>Cell<sup>1</sup></td></tr></tbody></table><p>Dose<sup>2</sup>.</p>"
        "<p><sup>1</sup> See</p><p>there.</p><p><sup>2</sup> By label.</p>"
    )
    assert [tuple(note) for note in imported.notes()] == [
        (0, "Its footnotes (there are 2) now stand at the end of their sections. Check them.")
    ]


def test_word_reports_with_the_paragraphs_of_the_file():
    imported = of_word(
        p("Contents 1", style="toc1"),
        h(1, "T"),
        table([p("a"), p("b")]),
        p("Said", '<w:r><w:commentReference w:id="3"/></w:r>'),
        p("Boxed", style="Drugbox"),
        p(r("secret", "<w:vanish/>")),
        h(2, ""),
        p("Who?"),
        comments=f'<w:comment w:id="3" w:author="Ann Roe">{p("Is this so?")}</w:comment>',
        header1=p("House style"),
    )

    assert [tuple(note) for note in imported.notes()] == [
        (0, "Not imported: “House style” (stands in the header of Word's pages)."),
        (
            0,
            "Paragraphs in Word's style “Drug box” are plain text here. Headings need Word's heading styles.",
        ),
        (1, "Not imported: “Contents 1” (stands in Word's table of contents)."),
        (5, "Not imported: “Is this so?” (a comment of Ann Roe)."),
        (7, "“secret” is hidden in Word and stands in the article now. Delete it if it is not meant."),
        (
            8,
            "The level 2 heading here is empty, so its section has none yet. "
            "Give it one; it may be what the section begins with: “Who?”.",
        ),
    ]


def test_word_reports_a_picture_and_keeps_its_words():
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="x" descr="Two lungs"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:embed="L0"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )

    imported = of_word(h(1, "T"), p(drawing), p("The lungs."), links=["media/none.png"])

    assert [(section.kind, section.alt) for section in imported.sections] == [("figure", "Two lungs")]
    assert imported.lead == "<p>The lungs.</p>"
    assert [note.line for note in imported.notes()] == [2]


def test_word_breaks_keep_words_apart():
    imported = of_word(
        h(1, "T"), p("one", '<w:r><w:br w:type="page"/></w:r>', "two", "<w:r><w:tab/></w:r>", "three")
    )

    assert imported.lead == "<p>one<br>two three</p>"


def test_word_takes_no_rules_for_reading_it_from_the_document():
    imported = placed(word.read(with_part("mammoth/style-map", "p => !")))

    assert imported.lead == "<p>Text.</p>"


def test_word_numbers_that_do_not_arrive_are_reported():
    imported = of_word(
        h(1, "T"),
        p("one", item=(2, 0)),
        p("below", item=(2, 1)),
        p("two", item=(2, 0)),
        p("below", item=(2, 1)),
        p("Between."),
        p("three", item=(2, 0)),
        p("Between."),
        p("below", item=(2, 1)),
        p("bullet", item=(1, 0)),
        p("Between."),
        p("bullet", item=(1, 0)),
    )

    assert [tuple(note) for note in imported.notes()] == [
        (
            7,
            "In Word the list that begins here begins with number 3; here with 1. Check what refers to its numbers.",
        )
    ]


def test_word_letters_of_a_list_are_reported():
    letters = repacked(
        docx(h(1, "T") + p("one", item=(2, 0))),
        lambda name, content: content.replace(b"decimal", b"lowerLetter"),
    )

    assert [tuple(note) for note in placed(word.read(letters)).notes()] == [
        (
            2,
            "Word numbers the list that begins here with letters or Roman numbers; here it has 1, 2, 3. "
            "Check what refers to its items.",
        )
    ]


@pytest.mark.parametrize(
    "lost",
    [
        p("Take ", f'<w:fldSimple w:instr="DATE">{r("5 mg")}</w:fldSimple>'),
        p("Take ", "<m:oMath><m:r><m:t>5 mg</m:t></m:r></m:oMath>"),
        p("Take ", f"<w:bdo>{r('5 mg')}</w:bdo>"),
        p(
            "Take ",
            f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{p('5 mg')}</mc:Choice></mc:AlternateContent></w:r>",
        ),
    ],
)
def test_word_refuses_what_would_lose_words(lost):
    with pytest.raises(WordsLost) as refused:
        of_word(h(1, "T"), lost)

    assert [words for _, words in refused.value.notes] == [
        "These words would be lost: “5 mg”. They may stand in a field, an equation or a text box: "
        "put them into the text itself. Nothing was imported."
    ]


# Which format it is


@pytest.mark.parametrize(
    ("name", "data", "wanted", "found"),
    [
        ("a.html", b"", "", "html"),
        ("a.HTM", b"", "", "html"),
        ("a.md", b"", "", "markdown"),
        ("a.docx", b"", "", "docx"),
        ("a.txt", b"", "markdown", "markdown"),
        ("a", docx(""), "", "docx"),
        ("a", b"\xef\xbb\xbf\n<h1>T</h1>", "", "html"),
    ],
)
def test_format_is_what_the_editor_says_or_the_name_or_the_content(name, data, wanted, found):
    assert recognising.format_of(name, data, wanted).name == found


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"%PDF-1.7",
            "This is a PDF document. What can be imported is HTML, Markdown and Word documents (.docx).",
        ),
        (
            b"# T",
            "Its name does not say what the file is. Let it end in one of .html, .htm, .md, .markdown, .docx, "
            "or say it with --format.",
        ),
    ],
)
def test_format_that_nothing_tells_is_refused(data, words):
    with pytest.raises(Unreadable) as refused:
        recognising.format_of("a.txt", data)

    assert refused.value.notes == [(0, words)]


# Files that harm or lie


GOOD = docx(h(1, "T") + p("Text."))
CHANGED = '<w:ins w:id="1" w:author="Ann Roe"><w:r><w:t>5 mg</w:t></w:r></w:ins>'
DELETED = '<w:del w:id="2" w:author="Bob Poe"><w:r><w:delText>4 mg</w:delText></w:r></w:del>'
LOCKED = (
    "The file is locked with a password. Open it in Word, take the password off (File > Info > Protect Document), "
    "save it, and import what you saved."
)
BOMB = b"<x>" + b" " * 11 * 1024 * 1024 + b"</x>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def with_part(name, content):
    data = io.BytesIO(GOOD)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return data.getvalue()


def with_parts(number):
    data = io.BytesIO(GOOD)
    with zipfile.ZipFile(data, "a") as archive:
        for name in range(number):
            archive.writestr(f"word/media/{name}", b"")
    return data.getvalue()


def with_flag(data):
    """The archive with the mark of a password on its first file."""
    at = data.rindex(b"PK\x01\x02", 0, data.index(b"PK\x01\x02") + 4)
    return data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :]


def altered():
    """One byte of the text was changed on its way here."""
    at = GOOD.index(b"word/document.xml") + 40
    return GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]


def declared(name, content):
    if name != "word/styles.xml":
        return content
    return content.replace(b"?>", b"?>" + LAUGHS, 1)


HOSTILE = {
    "empty.docx": (b"", "The file is empty."),
    "html.docx": (b"<h1>T</h1>", "This is text, not a Word document (.docx)."),
    "pdf.docx": (b"%PDF-1.7", "This is a PDF document, not a Word document (.docx)."),
    "sheet.docx": (
        repacked(GOOD, lambda name, content: None if "word" in name else content),
        "This is a ZIP archive, not a Word document (.docx).",
    ),
    "no-text.docx": (empty_word(), "The file is damaged: it contains no text of a Word document."),
    "no-words.docx": (docx(p()), "The document contains no words."),
    "old.docx": (
        b"\xd0\xcf\x11\xe0" + b"\0" * 512,
        "This is a document of an old Microsoft Office (.doc). Open it in Word, save it as a Word document (.docx), "
        "and import what you saved.",
    ),
    "locked.docx": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), LOCKED),
    "locked-zip.docx": (with_flag(GOOD), LOCKED),
    "macros.docx": (
        with_part("word/vbaProject.bin", b"x"),
        "The document contains macros (programs). Save it as a Word document (.docx), which has none.",
    ),
    "twice.docx": (
        with_part("word/twice_.xml", "<x/>").replace(b"word/twice_.xml", b"word/styles.xml"),
        "The file is damaged: two files in its archive have the same name.",
    ),
    "many.docx": (with_parts(2000), "The file contains too many files."),
    "bomb.docx": (
        with_part("word/bomb.xml", BOMB),
        "Unpacked, its text would take 11 MB; 10 MB is the most that can be imported.",
    ),
    "picture-bomb.docx": (
        with_part("word/media/a.png", b"\0" * 101 * 1024 * 1024),
        "Unpacked, its contents would take 101 MB; 100 MB is the most that can be imported.",
    ),
    "large.docx": (
        GOOD + b"\0" * 25 * 1024 * 1024,
        "The file is larger than 25 MB, the most that can be imported.",
    ),
    "entities.docx": (
        repacked(GOOD, declared),
        "word/styles.xml in the file declares a document type, which no Word document does.",
    ),
    "cut.docx": (GOOD[:-30], "This is a damaged ZIP archive, not a Word document (.docx)."),
    "deep.docx": (
        docx(h(1, "T") + "<w:smartTag>" * 20_000 + p("dose") + "</w:smartTag>" * 20_000),
        "The file is damaged: word/document.xml in it is not valid XML.",
    ),
    "odd.docx": (
        docx(h(1, "T") + table([p("a")]).replace("<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr>')),
        "The file is damaged, or built in a way that cannot be read. Open it in Word and save it anew.",
    ),
    "altered.docx": (altered(), "The file is damaged: its archive cannot be opened."),
    "tracked.docx": (
        docx(h(1, "T") + p("Take ", CHANGED, DELETED)),
        ", paragraph 2: The document contains changes of Ann Roe, Bob Poe that are tracked and not decided "
        "(insertions: 1, deletions: 1). In Word, accept or reject them (Review > Accept > Accept All Changes), "
        "save it, and import what you saved.",
    ),
    "mojibake.docx": (
        docx(h(1, "T") + p("a") + p("isnâ€™t")),
        ", paragraph 3: “isnâ€™t”: “â€” is where another character was lost. Type the word again.",
    ),
    "lost-letter.docx": (
        docx(h(1, "T") + p("ther\ufffdpy")),
        ", paragraph 2: In “ther\ufffdpy” a letter was lost (U+FFFD). Type the word again.",
    ),
    "symbol.docx": (
        docx(h(1, "T") + p("5", '<w:r><w:sym w:font="Odd Font" w:char="F0FE"/></w:r>', "g")),
        "A symbol of a special font cannot be read (char F0FE in font Odd Font). Type the character itself.",
    ),
    "no-title.docx": (
        docx(p("Text.")),
        "The file has no title: no level 1 heading (a paragraph in Word's style Title or Heading 1) with words in it.",
    ),
    "empty.md": (b" \n", "The file is empty."),
    "no-title.md": (
        b"Text.",
        "The file has no title: no level 1 heading (a line that begins with “# ”) with words in it.",
    ),
    "json.md": (b'{"title": "# T"}', "This is JSON, not Markdown."),
    "page.md": (
        b"<!doctype html><h1>T</h1>",
        "This is an HTML or XML page, not Markdown. Name it .html, or say --format html.",
    ),
    "word.md": (
        GOOD,
        "This is a Word document (.docx), not Markdown in UTF-8. Save it as that, and import what you saved.",
    ),
    "word.html": (
        GOOD,
        "This is a Word document (.docx), not HTML in UTF-8. Save it as that, and import what you saved.",
    ),
    "markdown.html": (b"# T\n\nText.", "This is plain text, not HTML: it has no headings and paragraphs."),
    "large.md": (
        b"# T\n" + b" " * 5 * 1024 * 1024,
        "The file is larger than 5 MB, the most that can be imported.",
    ),
    "bytes.md": (
        b"# T\n\nisn\x92t",
        ":3: Column 4: the byte 0x92 is not UTF-8 (in Windows-1252 it would be “’”). Save it as UTF-8.",
    ),
    "mojibake.md": (
        "# T\n\n[isnâ€™t](/a?b?c)\n\nDoxil? [this](/Â®person¡¯s)".encode(),
        ":3: “isnâ€™t”: “â€” is where another character was lost. Type the word again.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_file_that_harms_or_lies_is_refused_in_plain_words_and_stores_nothing(name, tmp_path):
    cast.person("ann", "Editors")
    data, words = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    before = rows()

    with pytest.raises(CommandError) as refused:
        call_command("import_article", path, "--by", "ann")

    assert str(refused.value) == (f"{path}{words}" if words[0] in ":," else f"{path}: {words}")
    assert rows() == before


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_many_files_at_once_leave_out_the_bad_one_and_name_it(tmp_path):
    cast.person("ann", "Editors")
    (tmp_path / "a.md").write_text("# One\n\nText.\n")
    (tmp_path / "b.docx").write_bytes(HOSTILE["macros.docx"][0])
    (tmp_path / "c.docx").write_bytes(docx(h(1, "Three") + p("Text.") + h(2, "") + p("Who?")))
    (tmp_path / "d.html").write_text("<h1>Four</h1><p>Text.</p>")
    out = io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("import_article", *sorted(tmp_path.iterdir()), "--by", "ann", stdout=out)

    assert str(refused.value) == "1 of 4 files could not be imported."
    assert [line.partition(";")[0].removeprefix(f"{tmp_path}/") for line in out.getvalue().splitlines()] == [
        "a.md: made into a new article: “One” at one",
        "b.docx: not imported",
        f"b.docx: {HOSTILE['macros.docx'][1]}",
        "c.docx: made into a new article: “Three” at three",
        "c.docx, paragraph 3: The level 2 heading here is empty, so its section has none yet. Give it one",
        "d.html: made into a new article: “Four” at four",
    ]
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["four", "one", "three"]


@pytest.mark.django_db
def test_base_url_that_names_no_site_is_refused(tmp_path):
    cast.person("ann", "Editors")

    with pytest.raises(CommandError) as refused:
        call_command("import_article", tmp_path / "a.md", "--by", "ann", "--base-url", "/types/")

    assert (
        str(refused.value)
        == "“/types/” is not a full address. A full address begins with https:// and names a site."
    )
