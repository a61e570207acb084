"""States of a cited work: how a draft comes to it, and what the checks say."""

from datetime import date, timedelta

from django.utils import timezone

from content.access_checks import recording
from content.models import Citation, Product, Reference
from tests import cast

TODAY = "2025-12-05 12:00:00-05:00"
JOURNAL = {"type": "article-journal", "container_title": "J Clin Oncol", "url": ""}
SET_ID = "2b25ef01-5c9e-11e1-b86c-0800200c9a66"
LABEL = {"type": "label", "url": f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_ID}"}


def cite(article, by, **columns):
    """One more reference, opened yesterday and found to support the article."""
    given = {"type": "webpage", "title": "Another source", "url": "https://example.org/another", **columns}
    with cast.saving(article, by):
        row = Reference(**given)
        row.save()
        day = timezone.localdate() - timedelta(days=1)
        check = recording.opened(row, by=by, on=day, found="unchanged")
        Citation(article=article, reference=row, position=2, access_check=check, supports="yes").save()
    return row


def replace_the_only_source(article, by, **columns):
    with cast.saving(article, by):
        article.citations.get().delete()
    return cite(article, by, **columns)


def drop_the_only_source(article, by):
    with cast.saving(article, by):
        article.citations.get().delete()


def superseded(article, by, **columns):
    newer = Reference.objects.create(
        type=columns.get("type", "webpage"), title="The newer one", version="3.2026"
    )
    return cite(article, by, superseded_by=newer, **columns)


def behind(article, by):
    """The library's row got a new version after the draft took it."""
    row = cite(article, by, type="guideline", version="2.2026")
    with cast.as_person(by):
        row.version = "3.2026"
        row.save()


def at_odds(article, by):
    Reference.objects.create(type="article-journal", title="Elsewhere", doi="10.1200/jco.1", pmid="2")
    cite(article, by, doi="https://doi.org/10.1200/JCO.1", pmid="1", **JOURNAL, issued=[2024])


def twice(article, by, **columns):
    cite(article, by, title="One", **columns)
    cite(article, by, title="The same", **columns)


def label(article, by, *, issued, revised_on):
    Product.objects.update(label_set_id=SET_ID, label_revised_on=revised_on)
    cite(article, by, issued=issued, **LABEL)


def retraction(kind, day="2025-11-01"):
    return {
        "retraction": kind,
        "retracted_on": date.fromisoformat(day),
        "retraction_source": "https://example.org/n",
    }


NOTHING = []
ROWS = {
    "nothing cited": (drop_the_only_source, {}, [("reference-missing", "blocker"), ]),
    "no authority": (replace_the_only_source, {"type": "webpage"}, [("authority-missing", "follow-up")]),
    "a guideline is one": (replace_the_only_source, {"type": "guideline", "version": "2.2026"}, NOTHING),
    "a label is one": (replace_the_only_source, {"type": "label"}, NOTHING),
    "retracted": (cite, retraction("retracted"), [("reference-retracted", "blocker")]),
    "under concern": (cite, retraction("expression-of-concern"), [("reference-under-concern", "follow-up")]),
    "superseded page": (superseded, {}, [("reference-superseded", "follow-up")]),
    "superseded guideline": (
        superseded,
        {"type": "guideline", "version": "2.2026"},
        [("reference-superseded", "blocker")],
    ),
    "guideline without version": (cite, {"type": "guideline"}, [("guideline-version-missing", "blocker")]),
    "guideline of next year": (cite, {"type": "guideline", "version": "2.2026"}, NOTHING),
    "newer version in the library": (behind, {}, [("guideline-version-behind", "blocker")]),
    "unreadable DOI": (cite, {**JOURNAL, "doi": "ten.1200"}, [("identifier-unreadable", "blocker")]),
    "unreadable PubMed number": (cite, {**JOURNAL, "pmid": "PMC12"}, [("identifier-unreadable", "blocker")]),
    "unreadable ISBN": (cite, {"type": "book", "isbn": "123"}, [("identifier-unreadable", "blocker")]),
    "DOI and PubMed number at odds": (at_odds, {}, [("identifiers-disagree", "blocker")]),
    "five years and a day old": (cite, {**JOURNAL, "issued": [2020, 12, 4]}, [("reference-old", "follow-up")]),
    "five years old": (cite, {**JOURNAL, "issued": [2020, 12, 5]}, NOTHING),
    "of a month five years ago": (cite, {**JOURNAL, "issued": [2020, 12]}, NOTHING),
    "of a year that ended five years ago": (cite, {**JOURNAL, "issued": [2019]}, [("reference-old", "follow-up")]),
    "of a year five years ago": (cite, {**JOURNAL, "issued": [2020]}, NOTHING),
    "an old book": (cite, {"type": "book", "issued": [2010]}, NOTHING),
    "older label": (label, {"issued": [2024, 3], "revised_on": date(2024, 4, 1)}, [("label-behind", "follow-up")]),
    "label of the same month": (label, {"issued": [2024, 4], "revised_on": date(2024, 4, 9)}, NOTHING),
    "label of the year": (label, {"issued": [2024], "revised_on": date(2024, 4, 9)}, NOTHING),
    "the same DOI twice": (
        twice,
        {**JOURNAL, "doi": "10.1200/jco.1"},
        [("reference-duplicated", "follow-up")],
    ),
    "the same address twice": (twice, {"url": "https://example.org/one/page"}, [("reference-duplicated", "follow-up")]),
    "the same front page twice": (twice, {"url": "www.nccn.org"}, NOTHING),
    "two chapters of a book": (twice, {"type": "chapter", "url": "", "isbn": "9780306406157"}, NOTHING),
    "a book twice": (
        twice,
        {"type": "book", "url": "", "isbn": "9780306406157"},
        [("reference-duplicated", "follow-up")],
    ),
}  # fmt: skip
