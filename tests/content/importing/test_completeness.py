import random
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from content import prose
from content.decoding import Note
from content.importing import completeness, placing, source
from content.importing.drug_headings import DrugNames
from content.importing.faults import WordsLost

PAGE = Path(__file__).parent / "pages" / "made-up-immunotherapy.html"
REAL = Path(__file__).resolve().parents[4] / "shared" / "examples" / "kaposi-immunotherapy.html"


def placed(html):
    return placing.place(html, drugs=DrugNames(), article_at=lambda href: None)


def without_word(words, at):
    return " ".join([*words[:at], *words[at + 1 :]])


def lacking_one_word(imported):
    """The page again for each of its words, without that word."""
    words = imported.title.split()
    yield from (replace(imported, title=without_word(words, at)) for at in range(len(words)))
    words = prose.words(imported.lead)
    yield from (replace(imported, lead=escape(without_word(words, at))) for at in range(len(words)))
    for number in range(len(imported.sections)):
        yield from lacking_one_word_of_a_section(imported, number)
    for number, reference in enumerate(imported.references):
        words = reference.raw.removesuffix(".").split()
        for at in range(len(words)):
            csl = {"type": "document", "title": without_word(words, at)}
            worse = replace(reference, parsed=replace(reference.parsed, csl=csl, accessed_text=""))
            yield replace(imported, references=exchanged(imported.references, number, worse))


def lacking_one_word_of_a_section(imported, number):
    section = imported.sections[number]
    words = section.heading.split()
    worse = [replace(section, heading=without_word(words, at)) for at in range(len(words))]
    words = prose.words(section.body)
    worse += [replace(section, body=escape(without_word(words, at))) for at in range(len(words))]
    yield from (replace(imported, sections=exchanged(imported.sections, number, each)) for each in worse)


def exchanged(rows, at, row):
    return [*rows[:at], row, *rows[at + 1 :]]


def refuses(html, imported):
    try:
        completeness.check(html, imported)
    except WordsLost:
        return True
    return False


def real_page():
    if not REAL.exists():
        pytest.skip("The real example page is not part of the project.")
    return REAL.read_text()


@pytest.mark.parametrize("read", [PAGE.read_text, real_page])
def test_check_sees_any_of_fifty_missing_words(read):
    html = read()
    worse = random.Random(50).sample(list(lacking_one_word(placed(html))), 50)

    refused = [refuses(html, each) for each in worse]

    assert refused == [True] * 50


def test_check_names_the_missing_words_and_their_line():
    imported = placed("<h1>Title</h1>\n<p>Take 4 mg.</p>\n<p>Take 4 mg\nat night.</p>")
    worse = replace(imported, lead="<p>Take 4 mg.</p><p>Take 4 mg</p>")

    with pytest.raises(WordsLost) as refused:
        completeness.check("<h1>Title</h1>\n<p>Take 4 mg.</p>\n<p>Take 4 mg\nat night.</p>", worse)

    assert refused.value.notes == [
        Note(
            4, "These words would be lost: “at night.”. The markup here may be broken. Nothing was imported."
        )
    ]


def test_check_sees_a_word_that_is_not_in_the_file():
    imported = placed("<h1>Title</h1><p>Take 4 mg.</p>")

    with pytest.raises(WordsLost) as refused:
        completeness.check("<h1>Title</h1><p>Take 4 mg.</p>", replace(imported, lead="<p>Do Take 4 mg.</p>"))

    assert refused.value.notes == [
        Note(0, "These words would be stored and are not in the file: “Do”. Nothing was imported.")
    ]


def test_check_sees_words_out_of_order():
    imported = placed("<h1>Title</h1><p>Do not take.</p>")

    with pytest.raises(WordsLost) as refused:
        completeness.check("<h1>Title</h1><p>Do not take.</p>", replace(imported, lead="<p>not Do take.</p>"))

    assert refused.value.notes == [
        Note(0, "From the word “Do” on, the order of the file would be lost. Nothing was imported.")
    ]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>one</p><p>two</p>", [(1, "one"), (1, "two")]),
        ("<p>un<b>broken</b></p>", [(1, "unbroken")]),
        (
            "<p>one<br>two\n three&nbsp;four &lt;5%</p>",
            [(1, "one"), (1, "two"), (2, "three"), (2, "four"), (2, "<5%")],
        ),
        ("<title>no</title><style>no</style><script>no</script><!-- no -->yes", [(1, "yes")]),
        ('<p>a<img alt="A lung">b</p>', [(1, "a"), (1, "A"), (1, "lung"), (1, "b")]),
        ("<td>1</td><td>2</td>", [(1, "1"), (1, "2")]),
    ],
)
def test_words_are_those_a_reader_sees_with_their_lines(html, words):
    assert source.words(html) == words
