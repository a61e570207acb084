"""Every language has its own addresses and words; a translation that fell behind says so."""

import gettext
from pathlib import Path

import polib
import pytest
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

from content import languages
from content.citing import formatting
from content.drafts import saving
from content.editions import submitting
from content.models import Edition, EndKind, NoticeKind, PageWithdrawalReason
from content.models.editions import WITHDRAWAL_WORDS
from content.snapshots import snapshot
from content.translations import starting
from reviews import publishing
from tests import cast
from tests.content.public.reading import document, lines, signed_words
from tests.content.public.test_article_page import facts, full, rendered, words_of
from tests.content.translations import spanish as translations
from tests.saved_states import standing

ENGLISH = "/articles/immunotherapy-kaposi/"
SPANISH = f"/es/articles/{translations.SLUG}/"
ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES"


@pytest.fixture
def people(db):
    return cast.cast()


@pytest.fixture
def english(people):
    return cast.published(people)


@pytest.fixture
def spanish(people, english):
    return spanish_page(people)


@standing.kept
def spanish_page(people):
    return translations.published(people, Edition.objects.get())


def statuses(client, *addresses):
    return {address: client.get(address).status_code for address in addresses}


def spanish_day(day):
    return formatting.date_text(day, "es")


# Addresses


def test_each_language_has_its_own_address(client, spanish) -> None:
    assert spanish.article.get_absolute_url() == SPANISH
    assert statuses(client, ENGLISH, SPANISH, f"{SPANISH}history/", f"{SPANISH}snapshot.json") == {
        ENGLISH: 200,
        SPANISH: 200,
        f"{SPANISH}history/": 200,
        f"{SPANISH}snapshot.json": 200,
    }
    assert client.get(f"{SPANISH}snapshot.json").content.decode() == spanish.edition.snapshot


@pytest.mark.parametrize("ending", ["", "history/", "snapshot.json"])
def test_no_language_finds_the_address_of_another(client, spanish, ending) -> None:
    swapped = [
        f"/articles/{translations.SLUG}/{ending}",
        f"/es/articles/immunotherapy-kaposi/{ending}",
        f"/en/articles/immunotherapy-kaposi/{ending}",
    ]

    assert statuses(client, *swapped) == dict.fromkeys(swapped, 404)


def test_two_articles_may_have_one_slug_in_two_languages(client, people, english) -> None:
    draft = starting.begin(english.edition, language="es", by=people["ann"])
    edition = submitting.submit(draft, by=people["ann"], change="major")
    cast.publish(cast.signed(edition, people), people["dora"])

    pages = [client.get(address) for address in (ENGLISH, f"/es{ENGLISH}")]

    assert [document(page).xpath("//article/@lang") for page in pages] == [["en"], ["es"]]


@pytest.mark.parametrize("ending", ["", "history/", "snapshot.json"])
def test_a_translation_that_was_never_public_is_not_reachable(client, people, english, ending) -> None:
    draft = translations.begun(english.edition, people["ann"])
    cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people)

    assert client.get(SPANISH + ending).status_code == 404
    assert translations.TITLE not in client.get("/es/").content.decode()
    assert document(client.get(ENGLISH)).xpath("//link[@hreflang] | //main/preceding-sibling::nav") == []


def test_a_former_address_redirects_within_its_language(client, people, spanish) -> None:
    article = spanish.article
    article.slug = "otra-direccion"
    with cast.as_person(people["ann"]):
        saving.saved(article, old_slug=translations.SLUG)

    moved = client.get(SPANISH)

    assert (moved.status_code, moved["Location"]) == (301, "/es/articles/otra-direccion/")
    assert client.get(f"/articles/{translations.SLUG}/").status_code == 404


def test_a_withdrawn_translation_leaves_the_other_language_public(client, people, spanish) -> None:
    publishing.withdraw(spanish, by=people["dora"], reason="outdated", note="Pregunte a su equipo.")

    page = client.get(SPANISH)

    root = document(page)
    assert (page.status_code, client.get(ENGLISH).status_code) == (410, 200)
    today = spanish_day(spanish.last_revised_on)
    assert lines(root, "//main/*") == [
        translations.TITLE,
        f"Retiramos esta página el {today}. Estaba desactualizada. Pregunte a su equipo médico qué se sabe hoy.",
        "Qué cambió en esta página y cuándo Todos los artículos",
    ]
    assert root.xpath("//main//a/@href") == [f"{SPANISH}history/", "/es/"]


# Words


def test_article_words_are_the_signed_ones_in_spanish(db) -> None:
    signed = full() | {"language": "es"}

    article = rendered(signed, facts())

    expected = " ".join(words_of(signed, "5 de diciembre de 2025"))
    expected = expected.replace(" References ", " Referencias ")
    expected = expected.replace(" Last Revised: ", " Actualización más reciente: ")
    assert " ".join(signed_words(article)) == expected


def test_public_translation_shows_the_words_of_its_edition(client, spanish) -> None:
    article = document(client.get(SPANISH)).xpath("//article")[0]

    revised = spanish_day(spanish.last_revised_on)
    signed = snapshot.parsed(spanish.edition.snapshot)
    expected = " ".join(words_of(signed, revised)).replace(" References ", " Referencias ")
    assert " ".join(signed_words(article)) == expected.replace(
        " Last Revised: ", " Actualización más reciente: "
    )


def test_lines_that_nobody_signed_are_spanish_too(db) -> None:
    article = rendered(full() | {"language": "es"}, facts())

    assert lines(article, "//*[@data-generated]") == [
        "Aviso de seguridad, 8 de diciembre de 2025 Call your team first.",
        "En esta página Pills A cell More Referencias",
        "PAH-muh-LIH-doh-mide",
        "Developed by the Example Society.",
        "Última revisión médica completa: 1 de octubre de 2025 (antes de correcciones menores)",
        "Edición 4",
        "Qué cambió We named a second pill.",
    ]
    assert article.xpath("//*[@class='credit']/@lang") == ["en"]


def test_pages_say_their_language(client, spanish) -> None:
    addresses = ["/", ENGLISH, "/es/", SPANISH, f"{SPANISH}history/", "/es/nada/", "/no-such-page/"]

    spoken = [document(client.get(address)).get("lang") for address in addresses]

    assert spoken == ["en", "en", "es", "es", "es", "es", "en"]


def test_index_lists_the_articles_of_its_language(client, spanish) -> None:
    pages = [document(client.get(address)) for address in ("/", "/es/")]

    assert [root.xpath("//main//a/@href") for root in pages] == [[ENGLISH], [SPANISH]]
    today = spanish_day(spanish.last_revised_on)
    assert lines(pages[1], "//main/*") == [
        "Artículos",
        "Kaposi sarcoma",
        f"{translations.TITLE} Actualización más reciente: {today}",
    ]


def test_history_is_in_the_language_of_its_page(client, spanish) -> None:
    root = document(client.get(f"{SPANISH}history/"))

    today = spanish_day(spanish.last_revised_on)
    assert lines(root, "//main/ol/li/*") == [
        f"Desde el {today} Publicada ahora",
        "Primera publicación.",
        f"Edición 1 Actualización más reciente {today} Última revisión médica completa {today} "
        "Créditos al publicarse Developed by the American Cancer Society medical and editorial content team.",
    ]


def test_missing_page_is_told_in_the_language_of_its_address(client, db) -> None:
    root = document(client.get("/es/articles/nada/"))

    assert lines(root, "//h1") == ["No encontramos esta página"]
    assert root.xpath("//main//a/@href") == ["/es/"]


def test_language_comes_from_the_address_alone(client, spanish) -> None:
    asked = {"headers": {"accept-language": "es, fr"}}
    client.cookies["django_language"] = "es"

    pages = [client.get(address, **asked) for address in ("/", ENGLISH, SPANISH)]

    assert [document(page).get("lang") for page in pages] == ["en", "en", "es"]
    assert [page.headers.get("Vary") for page in pages] == [None] * 3
    assert [page.headers.get("Set-Cookie") for page in pages] == [None] * 3


def test_one_request_leaves_no_language_to_the_next(client, spanish) -> None:
    client.get(SPANISH)

    assert languages.spoken() == "en"
    assert lines(document(client.get("/no-such-page/")), "//h1") == ["We cannot find this page"]


def test_staff_read_a_translation_in_its_language_among_english_words(client, people, spanish) -> None:
    client.force_login(people["gus"])

    edition = document(client.get(f"/admin/editions/{spanish.edition.pk}/"))
    preview = document(client.get(f"/admin/articles/{spanish.article_id}/preview/"))
    as_public = document(client.get(f"/admin/editions/{spanish.edition.pk}/page/"))

    assert [each.get("lang") for each in (edition, preview, as_public)] == ["en", "es", "es"]
    assert lines(edition, "//*[@id='references']") == ["Referencias"]
    assert lines(as_public, "//a[@class='skip']") == ["Saltar al texto"]


# Other languages of one page


def test_live_pages_of_one_work_name_each_other(client, people, spanish, settings) -> None:
    settings.SITE_URL = "https://example.org"
    cast.published(people, title="Alone", slug="alone")

    pages = [document(client.get(address)) for address in (ENGLISH, SPANISH, "/articles/alone/")]

    both = [("en", f"https://example.org{ENGLISH}"), ("es", f"https://example.org{SPANISH}")]
    assert [alternates(root) for root in pages] == [both, both, []]
    assert [switches(root) for root in pages] == [[("Español", SPANISH)], [("English", ENGLISH)], []]


def alternates(root):
    links = root.xpath("//head/link[@rel='alternate']")
    return [(link.get("hreflang"), link.get("href")) for link in links]


def switches(root):
    return [(link.text, link.get("href")) for link in root.xpath("//nav[@class='languages']//a")]


def test_a_withdrawn_page_is_no_alternate(client, people, spanish) -> None:
    publishing.withdraw(spanish, by=people["dora"], reason="outdated", note="Pregunte a su equipo.")

    root = document(client.get(ENGLISH))

    assert (alternates(root), switches(root)) == ([], [])


def test_front_pages_name_each_other_once_something_is_public_in_both(client, people, english) -> None:
    before = [switches(document(client.get(address))) for address in ("/", "/es/")]

    translations.published(people, english.edition)

    after = [switches(document(client.get(address))) for address in ("/", "/es/")]
    assert before == [[], [("English", "/")]]
    assert after == [[("Español", "/es/")], [("English", "/")]]


# Behind its source


BANNER = (
    "Esta página es una traducción. El original ha cambiado desde entonces. "
    "Puede que aquí falte lo que es nuevo en el original. Lea el original (English)"
)


def banners(client, address=SPANISH):
    return lines(document(client.get(address)), "//article/*[2][@data-generated][contains(@class,'notice')]")


def test_banner_comes_and_goes_with_the_source(client, people, english, spanish) -> None:
    seen = [banners(client)]

    newer = translations.republished(people, english.article, translations.new_lead)
    seen.append(banners(client))
    link = document(client.get(SPANISH)).xpath("//article/div[1]//a")[0]

    starting.renew_source(spanish.article, by=people["ann"], shown=newer.edition.digest)
    seen.append(banners(client))

    spanish.article.refresh_from_db()
    translations.republished(people, spanish.article, translations.new_lead)
    seen.append(banners(client))

    assert seen == [[], [BANNER], [BANNER], []]
    assert (link.get("href"), link.get("hreflang")) == (ENGLISH, "en")


def test_source_has_no_banner_about_its_translation(client, people, english, spanish) -> None:
    translations.republished(people, spanish.article, translations.new_lead)

    assert banners(client, ENGLISH) == []


def test_banner_does_not_appear_for_a_new_note(client, people, english, spanish) -> None:
    translations.republished(people, english.article, lambda article: None)

    assert banners(client) == []


def test_page_shown_before_publishing_has_the_banner_too(client, people, english, spanish) -> None:
    translations.republished(people, english.article, translations.new_lead)
    client.force_login(people["dora"])

    assert banners(client, f"/admin/editions/{spanish.edition.pk}/page/") == [BANNER]


# The catalogue


def words_of_the_templates():
    names = [*(ROOT / "templates" / "public").glob("*.html"), *(ROOT / "templates").glob("[45]0[04].html")]
    found = set()
    for name in names:
        template = engines["django"].get_template(str(name.relative_to(ROOT / "templates"))).template
        for node in template.nodelist.get_nodes_by_type(TranslateNode):
            found.add(str(node.filter_expression.var.literal))
        for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
            words = node.render_token_list(node.singular)[0]
            found.add(trim_whitespace(words) if node.trimmed else words)
    return found


def test_catalogue_has_every_word_and_no_other() -> None:
    catalogue = polib.pofile(CATALOGUE / "django.po")
    labels = {str(label) for kind in (EndKind, NoticeKind, PageWithdrawalReason) for label in kind.labels}
    labels |= {str(words) for words in WITHDRAWAL_WORDS.values()}

    written = {entry.msgid for entry in catalogue}

    assert written == words_of_the_templates() | labels
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    """How to compile it is told at the top of the written one."""
    catalogue = ROOT / "locale" / language / "LC_MESSAGES"
    written = {entry.msgid: entry.msgstr for entry in polib.pofile(catalogue / "django.po")}

    with (catalogue / "django.mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)

    assert {words: said for words, said in compiled.items() if words} == written


def test_every_language_has_a_catalogue() -> None:
    there = [(ROOT / "locale" / code / "LC_MESSAGES" / "django.mo").exists() for code in languages.OTHERS]

    assert (languages.OTHERS, there) == (("es",), [True])
