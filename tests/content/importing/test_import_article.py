import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from reversion.models import Revision

from content.access_checks import recording
from content.integrity import verification
from content.models import (
    AccessCheck,
    Article,
    Citation,
    Drug,
    FormerAddress,
    Pin,
    Product,
    Reference,
    Section,
)
from evidence.models import LedgerEvent, LedgerHead
from tests import cast

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parent / "pages" / "made-up-immunotherapy.html"
SLUG = "immune-treatment-for-example-sarcoma"


@pytest.fixture
def ann():
    return cast.person("ann", "Editors")


@pytest.fixture
def library(ann):
    """The drugs of the made-up page."""
    cast.drug(ann, name="tamolidomide", brand="Quellin")
    cast.drug(ann, name="velorimab", brand="Zentyx")


def run(*files, by="ann", **options):
    out = io.StringIO()
    call_command("import_article", *files, by=by, stdout=out, **options)
    return out.getvalue()


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def written(path, html):
    path.write_text(html, encoding="utf-8")
    return path


def docx():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return data.getvalue()


OTHERWISE = "{}: This is {}, not HTML in UTF-8. Save it as that, and import what you saved."
BAD = {
    "empty": (b" \n", "{}: The file is empty."),
    "no words": (b"<html><body><p></p></body></html>", "{}: The file contains tags but no words."),
    "no title": (
        b"<p>Text.</p>",
        "{}: The file has no title: no level 1 heading (<h1>) with words in it.",
    ),
    "too large": (
        b"<h1>Title</h1>" + b" " * 5 * 1024 * 1024,
        "{}: The file is larger than 5 MB, the most that can be imported.",
    ),
    "PDF": (b"%PDF-1.7\n", OTHERWISE.replace("This is {}", "This is a PDF document")),
    "Word": (docx(), OTHERWISE.replace("This is {}", "This is a Word document (.docx)")),
    "ZIP": (b"PK\x03\x04damaged", OTHERWISE.replace("This is {}", "This is a damaged ZIP archive")),
    "UTF-16": ("<h1>Title</h1>".encode("utf-16"), OTHERWISE.replace("This is {}", "This is text in UTF-16")),
    "JSON": (json.dumps({"title": "<h1>Title</h1>"}).encode(), "{}: This is JSON, not HTML."),
    "XML": (
        b"<?xml version='1.0'?><a>b</a>",
        "{}: This is XML, not HTML: it has no headings and paragraphs.",
    ),
    "plain text": (b"# Title", "{}: This is plain text, not HTML: it has no headings and paragraphs."),
    "bytes": (
        b"<h1>Title</h1>\n<p>isn\x92t, isn\x92t</p>\n<p>\x81</p>",
        "{0}:2: Column 7: the byte 0x92 is not UTF-8 (in Windows-1252 it would be “’”). Save it as UTF-8.\n"
        "{0}:3: Column 4: the byte 0x81 is not UTF-8. Save it as UTF-8.",
    ),
    "charset": (
        b'<h1>Title</h1>\n<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
        "{}:2: Column 61: the file says that it is in “windows-1252”. Save it as UTF-8, and let it say so.",
    ),
    "control character": (
        b"<h1>Title</h1>\n<p>ther\x00apy</p>",
        "{}:2: Column 8: this character cannot be shown (U+0000). Type the word again.",
    ),
    "lost letter": (
        "<h1>Title</h1>\n<p>ther\ufffdpy</p>".encode(),
        "{}:2: Column 8: a letter was lost here (U+FFFD). Type the word again.",
    ),
    "mojibake": (
        "<h1>Title</h1>\n<p>One\nperson¡¯s and isnâ€™t</p>".encode(),
        "{0}:3: “person¡¯s”: “¡¯” is where another character was lost. Type the word again.\n"
        "{0}:3: “isnâ€™t”: “â€” is where another character was lost. Type the word again.",
    ),
    "lost words": (
        b"<h1>Title</h1>\n<p>" + b"<i>" * 3000 + b"dose" + b"</i>" * 3000,
        "{}:2: These words would be lost: “dose”. The markup here may be broken. Nothing was imported.",
    ),
    "no room": (
        b"<h1>" + b"t" * 251 + b"</h1>",
        "{}:1: There is room for 250 characters of article title, and here are 251: “"
        + "t" * 60
        + "…”. Shorten it.",
    ),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD)
def test_import_article_refuses_a_bad_file_and_stores_nothing(ann, tmp_path, data, message):
    path = tmp_path / "page.html"
    path.write_bytes(data)
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(path)

    assert str(refused.value) == message.format(path)
    assert rows() == before


def test_import_article_refuses_a_file_that_is_not_there(ann, tmp_path):
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "none.html")

    assert (
        str(refused.value)
        == f"{tmp_path / 'none.html'}: The file cannot be opened: No such file or directory."
    )


def test_import_article_takes_a_byte_order_mark_and_other_line_ends(ann, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(b"\xef\xbb\xbf<h1>Title</h1>\r\n<p>One\r\ntwo</p>\r\n")

    run(path)

    assert Article.objects.get().lead == "<p>One two</p>"


def test_import_article_lets_addresses_hold_what_would_be_mojibake(ann, tmp_path):
    path = written(
        tmp_path / "page.html",
        '<h1>Title</h1><p>See <a href="https://a.example/one?b?c,person?s">it</a>.</p>',
    )

    run(path)

    assert Article.objects.get().lead == '<p>See <a href="https://a.example/one?b?c,person?s">it</a>.</p>'


def test_import_article_makes_a_draft(ann, library):
    run(PAGE)

    article = Article.objects.get()
    assert (article.title, article.slug, article.owner, article.saves) == (
        "Immune Treatment for Example Sarcoma",
        SLUG,
        ann,
        1,
    )
    sections = article.sections.values_list("position", "level", "kind", "heading", "drug__generic_name")
    assert list(sections) == [
        (1, 2, "text", "Defense-tuning drugs (DTDs)", None),
        (2, 3, "drug", "Tamolidomide (Quellin)", "tamolidomide"),
        (3, 3, "text", "Etorinide (ET-16)", None),
        (4, 2, "text", "Checkpoint openers", None),
        (5, 3, "drug", "Velorimab (Zentyx, Zentyx Flow)", "velorimab"),
        (6, 3, "side-effects", "Possible side effects of checkpoint openers", None),
        (7, 2, "see-also", "More information about immune treatment", None),
    ]
    pinned = set(Pin.objects.filter(article=article).values_list("row_kind", flat=True))
    assert pinned == {"drug", "drug-class", "product", "reference"}


def test_import_article_records_the_printed_access_dates(ann):
    run(PAGE)

    citations = Citation.objects.select_related("access_check", "reference")
    assert [(citation.reference.title, citation.supports) for citation in citations] == [
        ("Example sarcoma: What is new", "not-stated"),
        ("Example Sarcoma Treatment (ECI®)–Nurses’ Version", "not-stated"),
        ("Guidelines in Example Care: Sarcoma", "not-stated"),
        ("Opening checkpoints", "not-stated"),
    ]
    check = citations[0].access_check
    assert (check.opened_on, check.printed_date) == (date(2025, 10, 6), "October 6, 2025")
    assert (check.opened_by, check.opened_by_name, check.found) == (None, "not recorded", "not-stated")
    assert (check.imported_from, check.recorded_by) == (PAGE.name, ann)
    assert citations[3].access_check is None


def test_import_article_records_its_access_checks_in_the_ledger(ann):
    run(PAGE)

    event = LedgerEvent.objects.get(verb="import")
    assert [(row["row"], row["key"]) for row in event.evidence_rows] == [
        ("access-check", check.pk) for check in AccessCheck.objects.order_by("pk")
    ]
    assert (event.recorded_by, event.facts) == (ann, {"file": PAGE.name, "new": True})
    named = {}
    assert [*verification.ledger_holds(named), *verification.evidence_holds(named)] == []


def test_import_article_leaves_no_access_date_of_a_month_as_a_day(ann, tmp_path):
    line = "Roe A. One. 2024. Accessed at https://a.example on May 2025."

    run(written(tmp_path / "page.html", f"<h1>Title</h1><p>Text.</p><h2>References</h2><p>{line}</p>"))

    check = AccessCheck.objects.get()
    assert (check.opened_on, check.printed_date) == (None, "May 2025")


def test_import_article_names_the_importer_in_every_audit_trail(ann, library):
    run(PAGE)

    article = Article.objects.get()
    for trail in (
        Article.history.all(),
        Section.history.all(),
        Citation.history.all(),
        Pin.history.all(),
        Reference.history.all(),
    ):
        assert {row.history_user for row in trail} == {ann}
    revision = Revision.objects.get(
        version__object_id=str(article.pk), version__content_type__model="article"
    )
    assert (revision.user, revision.comment) == (ann, f"Imported from {PAGE.name}")


def test_import_article_prints_what_it_made_and_every_doubtful_line(ann, library):
    said = run(PAGE)

    assert said == (
        f"{PAGE}: made into a new article: “Immune Treatment for Example Sarcoma” at {SLUG}; sections: 7; pictures: 0; "
        "drugs: tamolidomide, velorimab; references: 4, new to the library: 4; new access checks: 3; links without a target: 2.\n"
        f"{PAGE}:8: The drug library does not know “Defense-tuning drugs (DTDs)”. "
        "If it is a drug, add it there and choose it in its section.\n"
        f"{PAGE}:17: The drug library does not know “Etorinide (ET-16)”. "
        "If it is a drug, add it there and choose it in its section.\n"
        f"{PAGE}:21: “Zentyx Flow” is not a brand or other name of velorimab in the drug library.\n"
        f"{PAGE}:22: The link “Chemo for Example Sarcoma” leads to /articles/chemo-example-sarcoma/, "
        "which is no article here. It has no target yet.\n"
        f"{PAGE}:29: The link “How the Defenses Work” leads to /types/example/defenses.html, "
        "which is no article here. It has no target yet.\n"
        f"{PAGE}:36: Not imported: “Last Medical Review: May 2, 2024” (the system computes these dates itself).\n"
        f"{PAGE}:37: Not imported: “Last Revised: December 5, 2025” (the system computes these dates itself).\n"
    )


def test_import_article_links_to_articles_that_are_here(ann, settings):
    target = cast.article(ann, slug="chemo-example-sarcoma")

    run(PAGE)

    section = Section.objects.get(heading="Velorimab (Zentyx, Zentyx Flow)")
    assert section.body == (
        f'<p>Velorimab drips into a vein. See <a href="article:{target.uid}">Chemo for Example Sarcoma</a>.</p>'
    )


def test_import_article_knows_its_own_site_in_full_addresses(ann, settings, tmp_path):
    settings.SITE_URL = "https://house.example"
    target = cast.article(ann, slug="chemo")
    html = '<h1>T</h1><p><a href="https://house.example/articles/chemo/">a</a> <a href="https://house.example/x">b</a></p>'

    run(written(tmp_path / "page.html", html))

    assert Article.objects.get(slug="t").lead == (
        f'<p><a href="article:{target.uid}">a</a> <a href="https://house.example/x">b</a></p>'
    )


def test_import_article_takes_an_address_in_another_language_for_none_of_its_own(ann, tmp_path):
    cast.article(ann, slug="chemo")

    run(written(tmp_path / "page.html", '<h1>T</h1><p><a href="/es/articles/chemo/">a</a></p>'))

    assert Article.objects.get(slug="t").lead == '<p><a href="unresolved:/es/articles/chemo/">a</a></p>'


def test_import_article_dry_run_says_all_and_stores_nothing(ann, library):
    before = rows()

    said = run(PAGE, dry_run=True)

    assert said.splitlines()[0] == (
        f"{PAGE}: would be made into a new article: “Immune Treatment for Example Sarcoma” at {SLUG}; sections: 7; "
        "pictures: 0; drugs: tamolidomide, velorimab; references: 4, new to the library: 4; new access checks: 3; "
        "links without a target: 2."
    )
    assert len(said.splitlines()) == 8
    assert rows() == before


def test_import_article_asks_for_update_over_a_draft(ann):
    run(PAGE)
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(PAGE)

    assert str(refused.value) == (
        f"{PAGE}: There is already an article at the address “{SLUG}”: “Immune Treatment for Example Sarcoma”. "
        "Replace its draft with --update, or choose another address with --slug."
    )
    assert rows() == before


def test_import_article_update_is_one_revision_and_leaves_equal_rows_alone(ann, library, tmp_path):
    run(PAGE)
    revisions = Revision.objects.count()
    trails = {section.heading: section.history.count() for section in Section.objects.all()}
    uids = dict(Section.objects.values_list("heading", "uid"))
    changed = (
        PAGE.read_text()
        .replace("a dry mouth", "a dry cough")
        .replace("<h2>Checkpoint", "<h2>New</h2><h2>Checkpoint")
    )

    said = run(written(tmp_path / "page.html", changed), slug=SLUG, update=True)

    assert said.splitlines()[0].split(":")[1] == " a revision of the draft"
    assert Revision.objects.count() == revisions + 1
    article = Article.objects.get()
    assert article.saves == 2
    headings = list(article.sections.values_list("heading", flat=True))
    assert headings == [*list(trails)[:3], "New", *list(trails)[3:]]
    assert {s.heading: s.uid for s in article.sections.exclude(heading="New")} == uids
    more = {s.heading: s.history.count() - trails[s.heading] for s in article.sections.exclude(heading="New")}
    assert more == dict(zip(trails, [0, 1, 0, 1, 1, 1, 1], strict=True))
    assert AccessCheck.objects.count() == 3
    assert Citation.history.count() == 4


def test_import_article_update_deletes_what_the_file_no_longer_has(ann, library, tmp_path):
    run(PAGE)
    html = "<h1>Immune Treatment for Example Sarcoma</h1><p>Short.</p><h2>Checkpoint openers</h2><p>Text.</p>"

    run(written(tmp_path / "page.html", html), update=True)

    article = Article.objects.get()
    assert list(article.sections.values_list("heading", "body")) == [("Checkpoint openers", "<p>Text.</p>")]
    assert article.citations.count() == 0
    assert not article.pins.exists()
    assert Section.history.filter(history_type="-").count() == 6


def test_import_article_update_with_the_same_file_writes_nothing(ann, library):
    run(PAGE)
    before = rows()

    said = run(PAGE, update=True)

    assert said.splitlines()[0].split(":")[1] == " the draft is like this already; nothing was changed"
    assert rows() == before


def test_import_article_update_keeps_a_later_day_on_which_somebody_opened_the_source(ann):
    run(PAGE)
    citation = Citation.objects.first()
    check = recording.opened(citation.reference, by=ann, on=date(2026, 1, 2), found="unchanged")
    citation.access_check = check
    citation.save()

    said = run(PAGE, update=True)

    citation.refresh_from_db()
    assert citation.access_check == check
    assert said.splitlines()[-1] == (
        f"{PAGE}:32: Ann Example opened this source on January 2, 2026. "
        "That access date is kept, not October 6, 2025."
    )


def test_import_article_update_takes_a_later_day_than_the_one_on_record(ann):
    run(PAGE)
    citation = Citation.objects.first()
    citation.access_check = recording.opened(
        citation.reference, by=ann, on=date(2025, 10, 5), found="unchanged"
    )
    citation.save()

    run(PAGE, update=True)

    citation.refresh_from_db()
    assert (citation.access_check.opened_on, citation.access_check.opened_by) == (date(2025, 10, 6), None)


def test_import_article_update_keeps_the_drug_that_an_editor_chose(ann, library):
    run(PAGE)
    chosen = Section.objects.get(heading="Etorinide (ET-16)")
    chosen.kind, chosen.drug = "drug", Drug.objects.get(generic_name="velorimab")
    chosen.save()

    run(PAGE, update=True)

    chosen.refresh_from_db()
    assert (chosen.kind, chosen.drug.generic_name) == ("drug", "velorimab")


def test_import_article_reuses_references_of_the_library(ann):
    mine = cast.reference(ann, title="Other page of the same site", url="www.guidelines.example")
    run(PAGE)

    said = run(PAGE, slug="again")

    assert Reference.objects.count() == 5
    assert Citation.objects.count() == 8
    assert not mine.citations.exists()
    assert said.splitlines()[0].split("; ")[4] == "references: 4, new to the library: 0"


def test_import_article_reports_another_reference_with_the_same_doi(ann):
    Reference(type="article-journal", title="Opening the checkpoints", doi="10.1000/JMUM.41").save()

    said = run(PAGE)

    assert said.splitlines()[-1] == (
        f"{PAGE}:35: The library has “Opening the checkpoints” under the same DOI or PubMed number. "
        "Merge the two if they are one."
    )


def test_import_article_sets_condition_and_partner(ann):
    cast.condition(ann, "Example sarcoma")
    cast.asco()

    run(PAGE, condition="example sarcoma", co_branded_with="asco")

    article = Article.objects.get()
    assert (article.condition.name, article.co_branded_with.code) == ("Example sarcoma", "asco")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"by": "eve"},
            "Eve Example may not add articles; ask an administrator for the rights of an editor.",
        ),
        (
            {"by": "gone"},
            "Gone Example may not add articles; ask an administrator for the rights of an editor.",
        ),
        ({"by": "nobody"}, "There is nobody with the username “nobody”."),
        ({"condition": "Gout"}, "The library has no condition “Gout”. Add it first."),
        ({"co_branded_with": "who"}, "There is no organisation with the code “who”."),
        (
            {"slug": "A b"},
            f"{PAGE}: “A b” cannot be an address. Choose one with --slug, of letters a to z, digits and hyphens.",
        ),
    ],
)
def test_import_article_refuses_options_that_fit_nothing(ann, options, message):
    cast.person("eve")
    gone = cast.person("gone", "Editors")
    gone.is_active = False
    gone.save()
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(PAGE, **options)

    assert str(refused.value) == message
    assert rows() == before


def test_import_article_takes_the_good_ones_of_several_files(ann, tmp_path):
    bad = written(tmp_path / "bad.html", "<p>No title.</p>")
    good = written(tmp_path / "good.html", "<h1>Good</h1><p>Text.</p>")
    out = io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("import_article", bad, good, by="ann", stdout=out)

    assert str(refused.value) == "1 of 2 files could not be imported."
    assert out.getvalue() == (
        f"{bad}: not imported\n{bad}: The file has no title: no level 1 heading (<h1>) with words in it.\n"
        f"{good}: made into a new article: “Good” at good; sections: 0; pictures: 0; drugs: none; "
        "references: 0, new to the library: 0; new access checks: 0; links without a target: 0.\n"
    )
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


def test_import_article_gives_no_two_files_one_address(ann, tmp_path):
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "a.html", tmp_path / "b.html", slug="one")

    assert str(refused.value) == "--slug is the address of one article; import these files one by one."


def test_import_article_stores_nothing_when_its_last_step_fails(ann):
    LedgerHead.objects.all().delete()
    before = rows()

    with pytest.raises(LedgerHead.DoesNotExist):
        run(PAGE)

    assert rows() == before


def test_import_article_takes_no_address_that_still_leads_to_another_article(ann, tmp_path):
    article = cast.article(ann)
    FormerAddress(article=article, language="en", slug="good").save()

    with pytest.raises(CommandError) as refused:
        run(written(tmp_path / "good.html", "<h1>Good</h1>"))

    assert str(refused.value) == (
        f"{tmp_path / 'good.html'}: The address “good” still leads readers to “Immunotherapy for Kaposi "
        "Sarcoma”. Choose another with --slug."
    )


def test_import_article_brings_no_retired_article_back(ann):
    run(PAGE)
    Article.objects.update(retired_at=timezone.now())

    with pytest.raises(CommandError) as refused:
        run(PAGE, update=True)

    assert str(refused.value) == (
        f"{PAGE}: “Immune Treatment for Example Sarcoma” at the address “{SLUG}” is retired, "
        "so it cannot be changed. Ask your administrator."
    )


def test_import_article_gives_a_brand_off_the_market_its_drug(ann, library):
    Product.objects.filter(brand="Quellin").update(off_market_on=date(2025, 1, 1))

    run(PAGE)

    assert Section.objects.get(heading="Tamolidomide (Quellin)").drug.generic_name == "tamolidomide"
