"""Whole files in every format arrive with every word, in order, and with every heading, list item, table and link.

The files are the crawled pages beside the project, where they are there, and a made-up page in the same patterns.
"""

import html
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from content.models import Article
from content.snapshots import snapshot
from tests import cast
from tests.content.importing.pandoc import Facts, converted

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve()
MADE_UP = HERE.parent / "pages" / "made-up-capsules.md"
EXAMPLES = HERE.parents[4] / "shared" / "examples"
NAMES = ("nci-02.md", "nci-06.md", "nci-08.md", "nci-11.md")
BLOCK = re.compile(r"</?(?:p|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|br)\b[^>]*>")
INLINE = re.compile(r"</?(?:a|strong|em|sub|sup)\b[^>]*>")
DATES = re.compile(r"Not imported: “(.*)” \(the system computes these")


def markdown_of(name):
    """What stands below the crawler's own header, if the file has one; without front matter, which no reader sees."""
    path = MADE_UP if name == MADE_UP.name else EXAMPLES / name
    if not path.exists():
        pytest.skip("The crawled pages are not part of the project.")
    text = path.read_text(encoding="utf-8").partition("=" * 64 + "\n")
    return (text[2] or text[0]).lstrip("\n")


def without_front_matter(markdown):
    return re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)


def in_format(markdown, ending, folder):
    if ending != ".md":
        return converted(without_front_matter(markdown), ending, folder)
    path = folder / "page.md"
    path.write_text(markdown, encoding="utf-8")
    return path


def imported(path, *options):
    out = io.StringIO()
    call_command("import_article", path, "--by", "ann", *options, stdout=out)
    return Stored(Article.objects.get(), out.getvalue())


class Stored:
    """An article as the database has it. `fields` are the pieces of its text, in order."""

    def __init__(self, article, report):
        parts = snapshot.build(article)["parts"]
        self.report = report
        self.sections = parts["text"]["sections"]
        self.fields = [html.escape(parts["text"]["title"]), parts["text"]["lead"]]
        for section in self.sections:
            self.fields += [html.escape(section["heading"]), section["body"]]
        self.alts = " ".join(figure["alt"] for figure in parts["figures"]).split()
        dated = zip(parts["references"], parts["access_dates"], strict=True)
        self.references = " ".join(date["printed"].join(entry["text"]) for entry, date in dated).split()
        self.dates = " ".join(DATES.findall(report)).split()

    def words(self):
        return [word for field in self.fields for word in words_of(field)]

    def end(self):
        heading = ["References"] if self.references else []
        return [*heading, *self.references, *self.dates]

    def counts(self):
        bodies = " ".join(self.fields[1::2])
        return Counter(
            headings=1 + sum(bool(section["heading"]) for section in self.sections) + bool(self.references),
            items=bodies.count("<li>"),
            tables=bodies.count("<table>"),
            links=bodies.count("<a ") + fragment_links(self.report),
        )


def fragment_links(report):
    """How many links the report says were to places on their own page; their words are in the text."""
    found = re.search(
        r"leads to a place on its own page[^\n]*?(?:So do(?:es)? (\d+) more links? to places on the page|\n)",
        report,
    )
    return 0 if not found else 1 + int(found[1] or 0)


def words_of(field):
    return html.unescape(INLINE.sub("", BLOCK.sub(" ", field))).split()


def missing(facts, stored_words, stored):
    """The words of the file that are not where they should be."""
    expected, found = facts.words, [*stored_words, *stored.end()]
    return [] if expected == found else sorted((Counter(expected) - Counter(found)).elements()) or ["order"]


def deletions(fields):
    """The words of the article with one run of letters less, once for each run in it."""
    words = [words_of(field) for field in fields]
    for index, field in enumerate(fields):
        before = [word for other in words[:index] for word in other]
        after = [word for other in words[index + 1 :] for word in other]
        for found in re.finditer(r"[^\s<>]+(?![^<>]*>)", field):
            shorter = field[: found.start()] + field[found.end() :]
            yield found[0], [*before, *words_of(shorter), *after]


@pytest.fixture(params=[MADE_UP.name, *NAMES])
def markdown(request):
    return markdown_of(request.param)


@pytest.fixture
def ann():
    return cast.person("ann", "Editors")


@pytest.mark.parametrize("ending", [".md", ".docx", ".html"])
def test_a_file_arrives_with_every_word_in_order_and_every_thing_in_it(ann, markdown, ending, tmp_path):
    facts = Facts(without_front_matter(markdown))

    stored = imported(in_format(markdown, ending, tmp_path))

    assert missing(facts, stored.words(), stored) == []
    assert Counter(stored.alts) == Counter(facts.alts)
    assert stored.counts() == facts.counts


def test_a_word_deleted_from_the_stored_article_is_missed(ann, markdown, tmp_path):
    facts = Facts(without_front_matter(markdown))
    stored = imported(in_format(markdown, ".md", tmp_path))

    noticed = [(gone, bool(missing(facts, words, stored))) for gone, words in deletions(stored.fields)]

    assert [gone for gone, was_noticed in noticed if not was_noticed] == []
    assert len(noticed) >= len(stored.words())
