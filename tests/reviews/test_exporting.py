"""Articles as files: the whole text, who signed it, and on every page which text it is."""

import io
import re
import zipfile
from datetime import UTC, datetime

import docx
import lxml.html
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from content import prose
from content.editions import submitting
from content.importing import placing
from content.importing.drug_headings import DrugNames
from content.importing.formats import word
from content.models import Article, Section
from content.pictures import storing
from content.snapshots import snapshot
from reviews import exporting
from reviews.decisions import withdrawing
from tests import cast

pytestmark = pytest.mark.django_db

BODY = (
    "<p>One <strong>two <em>three</em></strong>, H<sub>2</sub>O<sup>1</sup><br>four &lt;5 mg.</p>"
    '<ol start="3"><li>five<ul><li>six</li><li><p>seven</p><p>eight</p></li></ul></li><li>nine</li></ol>'
    "<ol><li>ten</li></ol><blockquote><p>eleven</p></blockquote>"
    '<table><thead><tr><th>a</th><th colspan="2">b</th></tr></thead>'
    '<tbody><tr><td rowspan="2">c</td><td><ul><li>d</li><li>e</li></ul></td><td></td></tr>'
    "<tr><td>f</td><td><p>g</p><p>h</p></td></tr></tbody></table>"
    '<p>See <a href="https://a.example/?b=1&amp;c=2">this <em>page</em></a>, <a href="unresolved:/old/page">that</a>.</p>'
)


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    made = cast.article(people["ann"])
    with cast.as_person(people["ann"]):
        section = made.sections.first()
        section.body = BODY
        section.save()
    return made


@pytest.fixture
def edition(people, article):
    return submitting.submit(article, by=people["ann"], change="major")


def words_of_word(data):
    """Paragraph by paragraph, as Word shows them."""
    document = docx.Document(io.BytesIO(data))
    return [paragraph.text for paragraph in document.paragraphs]


def tables(data):
    document = docx.Document(io.BytesIO(data))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def foot_and_head(data):
    section = docx.Document(io.BytesIO(data)).sections[0]
    return section.header.paragraphs[0].text, section.footer.paragraphs[0].text


def page_of(data):
    return lxml.html.document_fromstring(data)


def texts(elements):
    """What each element shows; only marks may stand inside a word."""
    found = []
    for element in elements:
        for inner in element.iter():
            if inner.tag not in {"a", "em", "strong", "sub", "sup"}:
                inner.text, inner.tail = f" {inner.text or ''}", f" {inner.tail or ''}"
        found.append(" ".join(element.text_content().split()))
    return found


def words_of_text(data):
    """The words of a Word document as far as the signatures."""
    lines = docx.Document(io.BytesIO(data)).element.body.iter("{*}p")
    text = "\n".join("".join(piece.text or " " for piece in line.iter("{*}t", "{*}br")) for line in lines)
    return text.partition("Signatures:")[0].split()


def test_word_document_comes_back_as_the_same_text(edition, article):
    made = exporting.of_edition(edition, "docx")

    document = word.read(made.data)
    imported = placing.place(document.html, drugs=DrugNames(), article_at=lambda href: None)
    assert imported.title == article.title
    assert imported.lead == article.lead
    assert [(s.level, s.heading) for s in imported.sections[:2]] == [
        (2, "What it is"),
        (3, "Pomalidomide (Pomalyst)"),
    ]
    # Word holds no link without a target; mammoth gives no list a number to start from.
    known = BODY.replace('<a href="unresolved:/old/page">that</a>', "that").replace(' start="3"', "")
    known = known.replace(
        "<li><p>seven</p><p>eight</p></li></ul></li><li>nine</li></ol><ol><li>ten</li></ol>", "*"
    )
    found = re.sub("<li>seven</li>.*?<blockquote>", "*<blockquote>", imported.sections[0].body)
    assert found == known
    assert [note.words.partition(";")[0] for note in document.unsure] == [
        "In Word the list that begins here begins with number 3",
        "In Word the list that begins here begins with number 4",
    ]


def test_word_document_begins_each_list_where_the_text_does(edition):
    made = exporting.of_edition(edition, "docx")

    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        numbering = archive.read("word/numbering.xml").decode()
        text = archive.read("word/document.xml").decode()
    starts = dict(
        re.findall(
            r'<w:num w:numId="(\d+)"><w:abstractNumId w:val="9002"/>.*?w:startOverride w:val="(\d+)"',
            numbering,
        )
    )
    used = re.findall(r'<w:numId w:val="(\d+)"/>', text)
    assert [starts[number] for number in used if number in starts] == ["3", "3", "1"]


def test_word_document_and_page_hold_every_word_of_the_text(edition):
    word_file, page = exporting.of_edition(edition, "docx"), exporting.of_edition(edition, "html")

    parts = snapshot.parsed(edition.snapshot)["parts"]
    words = [*parts["text"]["title"].split(), *prose.words(parts["text"]["lead"])]
    for section in parts["text"]["sections"]:
        spoken = [parts["drugs"][0]["pronunciation"]] if section["drug"] else []
        words += [*section["heading"].split(), *spoken, *prose.words(section["body"])]
    words.append("References")
    for entry, access in zip(parts["references"], parts["access_dates"], strict=True):
        words += access["printed"].join(entry["text"]).split()
    assert " ".join(texts(page_of(page.data).iter("article"))).split() == words
    assert words_of_text(word_file.data) == words


def test_every_page_names_its_edition_and_its_fingerprint(edition):
    word_file, page = (
        exporting.of_edition(edition, "docx"),
        exporting.of_edition(edition, "html").data.decode(),
    )

    assert (
        foot_and_head(word_file.data)[1] == f"Edition 1 · fingerprint (SHA-256) {edition.digest} · page  of "
    )
    assert re.findall(r'@bottom-left \{ content: "(.*?)"', page) == [
        f"Edition 1 · fingerprint (SHA-256)\\A {edition.digest}"
    ]
    assert texts(page_of(page).find_class("footer")) == [
        f"Edition 1 · fingerprint (SHA-256) {edition.digest}"
    ]


def test_head_says_where_the_edition_stands(people):
    with time_machine.travel(datetime(2026, 3, 2, 15, 30, tzinfo=UTC), tick=False):
        edition = cast.submitted(people["ann"])
        before = foot_and_head(exporting.of_edition(edition, "docx").data)[0]
        cast.publish(cast.signed(edition, people), people["dora"])
        public = foot_and_head(exporting.of_edition(edition, "docx").data)[0]

    submitted = "submitted March 2, 2026, 10:30 a.m. EST by Ann Example"
    assert before == f"Edition 1, {submitted}, not public"
    assert public == f"Edition 1, {submitted}, public"


def test_head_says_that_an_edition_was_taken_back(people, edition):
    submitting.take_back(edition, by=people["ann"])

    said = page_of(exporting.of_edition(edition, "html").data).find_class("about")[0].text_content()

    assert said.split(" by ")[0].split(" 20")[0].startswith("Edition 1, submitted and taken back")


def test_draft_says_that_nobody_signed_it(article):
    made = exporting.of_draft(article, "docx")

    head, foot = foot_and_head(made.data)
    assert head == "Draft, not submitted and not signed"
    assert re.fullmatch(r"Draft, not signed · fingerprint \(SHA-256\) [0-9a-f]{64} · page  of ", foot)
    assert "Nobody has signed this text." in words_of_word(made.data)
    assert made.name == "immunotherapy-kaposi-draft.docx"


def test_signatures_say_who_signed_for_whom_when_and_with_what_meaning(people):
    with time_machine.travel(datetime(2026, 3, 2, 15, 30, tzinfo=UTC), tick=False):
        edition = cast.sign(cast.submitted(people["ann"]), people["bob"], "medical-review").edition
        cast.sign(edition, people["cid"], "medical-review", decision="request-changes", reason="Wrong dose.")
        held = cast.sign(edition, people["edi"], "editorial-review")
        withdrawing.withdraw(held, by=people["edi"], reason="Too early.")

    rows = tables(exporting.of_edition(edition, "docx").data)[0]

    meaning = edition.signoffs.first()
    assert rows[0] == ["Signed by", "On behalf of", "When", "Meaning", "Decision"]
    assert rows[1] == [
        "Bob Example, MD",
        "American Cancer Society",
        "March 2, 2026, 10:30 a.m. EST",
        f"{meaning.kind}: {meaning.meaning}",
        "Approved\nNot valid for this edition.",
    ]
    assert rows[2][4] == "Requested changes: Wrong dose.\nOpen: it stands against this edition."
    assert rows[3][4].startswith("Approved\nWithdrawn ")
    assert rows[3][4].endswith(" by Edi Example: Too early.")


def test_signature_carried_from_another_edition_names_it(people, edition, article):
    cast.sign(edition, people["bob"], "medical-review")
    article.public_note = "New."
    with cast.as_person(people["ann"]):
        article.save()
    second = submitting.submit(Article.objects.get(pk=article.pk), by=people["ann"], change="major")

    rows = page_of(exporting.of_edition(second, "html").data).xpath("//section//table[1]/tbody/tr")

    assert second.number == 2
    assert texts(rows[0])[-1] == "Approved Signed for edition 1, and valid for this edition."


def test_links_that_nobody_sees_on_paper_are_listed(edition):
    rows = tables(exporting.of_edition(edition, "docx").data)[-1]

    assert rows == [
        ["Words of the link", "Leads to"],
        ["this page", "https://a.example/?b=1&c=2"],
        ["that", "no article yet (it led to /old/page)"],
    ]


@pytest.fixture
def marked(people, article):
    """The text cites its only source by a marker."""
    with cast.as_person(people["ann"]):
        section = article.sections.first()
        uid = article.citations.get().reference.uid
        section.body = f'<p>Take 4 mg.<a href="reference:{uid}">※</a></p>'
        section.save()
    return submitting.submit(article, by=people["ann"], change="major")


def test_citation_markers_are_raised_numbers_on_paper_too(marked):
    made = {form: exporting.of_edition(marked, form).data for form in exporting.FORMATS}

    document = docx.Document(io.BytesIO(made["docx"]))
    (line,) = [each for each in document.paragraphs if each.text.startswith("Take 4 mg.")]
    assert [(run.text, run.font.superscript) for run in line.runs] == [("Take 4 mg.", None), ("1", True)]
    page = page_of(made["html"])
    (marker,) = page.xpath("//sup[@class='marker']/a")
    assert (marker.text, page.get_element_by_id(marker.get("href")[1:]).tag) == ("1", "li")


def test_references_are_numbered_on_paper_where_the_text_names_their_numbers(edition, marked):
    pages = [page_of(exporting.of_edition(each, "html").data) for each in (edition, marked)]
    documents = [word.read(exporting.of_edition(each, "docx").data).html for each in (edition, marked)]

    assert [len(page.xpath("//article/ol/li[@id]")) for page in pages] == [0, 1]
    assert ["<li>Example Cancer Institute" in html for html in documents] == [False, True]


def test_citation_markers_are_no_links_that_paper_lists(marked):
    page = page_of(exporting.of_edition(marked, "html").data)

    assert "Where its links lead" not in texts(page.xpath("//h3"))


def test_drug_facts_are_on_the_paper(edition):
    (rows,) = [table for table in tables(exporting.of_edition(edition, "docx").data) if table[0][0] == "Drug"]

    assert rows[1:] == [
        [
            "Pomalidomide (PAH-muh-LIH-doh-mide)",
            "Immunomodulating drugs (IMiDs)",
            "Pomalyst: pomalidomide",
            "by mouth",
            "Kaposi sarcoma: accelerated approval since May 14, 2020",
        ]
    ]


def test_picture_is_in_the_file_with_its_words(people, article, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dot = io.BytesIO()
    Image.new("RGB", (4, 2), "navy").save(dot, "PNG")
    picture = storing.upload(SimpleUploadedFile("dot.png", dot.getvalue()), by=people["ann"])
    with cast.as_person(people["ann"]):
        Section(
            article=article,
            position=3,
            kind="figure",
            image_id=picture.digest,
            image_alt="A blue dot.",
            image_caption="Small.",
            image_credit="© A. Roe",
        ).save()

    word_file, page = exporting.of_draft(article, "docx"), exporting.of_draft(article, "html")

    with zipfile.ZipFile(io.BytesIO(word_file.data)) as archive:
        assert storing.stored(picture) in [
            archive.read(name) for name in archive.namelist() if "media/" in name
        ]
    shape = docx.Document(io.BytesIO(word_file.data)).inline_shapes[0]
    assert shape._inline.docPr.get("descr") == "A blue dot."
    (image,) = page_of(page.data).iter("img")
    assert (image.get("alt"), image.get("src")[:22]) == ("A blue dot.", "data:image/png;base64,")
    assert texts(page_of(page.data).iter("figcaption")) == ["Small. © A. Roe In words: A blue dot."]


def test_text_of_an_editor_is_no_markup_of_the_page(people, article):
    with cast.as_person(people["ann"]):
        article.title, article.public_note = "<script>x</script>", "</style><script>y</script>"
        article.save()

    page = page_of(exporting.of_draft(article, "html").data)

    assert list(page.iter("script")) == []
    assert texts(page.iter("h1")) == ["<script>x</script>"]


def test_command_writes_the_file_it_is_asked_for(edition, tmp_path):
    path = tmp_path / "paper.docx"
    said = io.StringIO()

    call_command(
        "export_article",
        "immunotherapy-kaposi",
        "--edition=1",
        "--format=docx",
        f"--output={path}",
        stdout=said,
    )

    assert words_of_word(path.read_bytes())[0] == "Immunotherapy for Kaposi Sarcoma"
    assert said.getvalue() == (f"{path}: immunotherapy-kaposi-edition-1.docx, {path.stat().st_size} bytes\n")


@pytest.mark.parametrize(
    ("slug", "options", "words"),
    [
        ("none", {}, "There is no article at the address “none” in “en”."),
        (
            "immunotherapy-kaposi",
            {"edition": 2},
            "“Immunotherapy for Kaposi Sarcoma” has no edition 2; it has 1.",
        ),
        (
            "immunotherapy-kaposi",
            {"output": "here"},
            "{}/here is there already. Name another file, or delete that one first.",
        ),
        (
            "immunotherapy-kaposi",
            {"output": "no/file"},
            "{}/no/file cannot be written: No such file or directory.",
        ),
    ],
)
def test_command_refuses_what_it_cannot_write(edition, tmp_path, slug, options, words):
    (tmp_path / "here").write_text("mine")
    given = {"format": "html", "output": "new.html", **options}
    given["output"] = tmp_path / given["output"]

    with pytest.raises(CommandError) as refused:
        call_command("export_article", slug, **given)

    assert str(refused.value) == words.format(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert (tmp_path / "here").read_text() == "mine"


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("html", "text/html; charset=utf-8"),
    ],
)
def test_reviewer_gets_the_file_from_the_page_of_the_edition(client, people, edition, form, media_type):
    client.force_login(people["bob"])
    address = f"/admin/editions/{edition.pk}/paper.{form}"

    page = page_of(client.get(f"/admin/editions/{edition.pk}/").content)
    answer = client.get(address)

    assert address in [link.get("href") for link in page.iter("a")]
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert answer["Content-Disposition"] == f'attachment; filename="immunotherapy-kaposi-edition-1.{form}"'
    assert client.post(address).status_code == 405


def test_staff_without_rights_gets_no_file(client, people, edition):
    client.force_login(people["eve"])

    answers = {
        client.get(f"/admin/editions/{edition.pk}/paper.{form}").status_code for form in ("docx", "html")
    }

    assert answers == {403}
