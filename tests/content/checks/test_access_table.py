"""One row for each state of an access check: what the gate says, on the verb and on the page, and that its link mends it."""

from dataclasses import dataclass
from datetime import timedelta

import lxml.html
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from content import checks
from content.access_checks import recording
from content.editions import submitting
from content.models import AccessCheck, Article, Reference
from evidence.findings import Refused
from reviews import gate
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@dataclass(frozen=True)
class Case:
    """`words` are those after the name of the reference; none where nothing is found."""

    code: str = ""
    words: str = ""
    is_follow_up: bool = False
    days_ago: int | None = 0
    found: str = "unchanged"
    type: str = "agency-page"
    printed: str = ""
    for_another: bool = False
    found_since: str = ""


def ago(days):
    return f"was last opened {days} days ago, on {{day}}. Open it again and record an access check."


CASES = {
    "missing": Case(
        "access-date-missing",
        "has no access date. Open the source and record an access check.",
        days_ago=None,
    ),
    "today": Case(),
    "still to come": Case(
        "access-date-future",
        "has the access date {day}, which is in the future. Record a correct access check.",
        days_ago=-1,
    ),
    "the month only": Case(
        "access-date-imprecise",
        "gives only “May 2025” as its access date. Open the source and record an access check.",
        days_ago=None,
        printed="May 2025",
    ),
    "a day before it is owed": Case(days_ago=179),
    "the day it is owed": Case(days_ago=180),
    "a day after it is owed": Case("access-date-ageing", ago(181), is_follow_up=True, days_ago=181),
    "a day before it blocks": Case("access-date-ageing", ago(364), is_follow_up=True, days_ago=364),
    "the day it blocks": Case("access-date-ageing", ago(365), is_follow_up=True, days_ago=365),
    "a day after it blocks": Case("access-date-over-age", ago(366), days_ago=366),
    "an exempt type": Case(days_ago=4000, type="book"),
    "carried over": Case(for_another=True),
    "changed": Case(
        "source-changed",
        "has changed. On {today} Edi Example found it changed. Read it again and state whether it still supports this article.",
        days_ago=5,
        found_since="changed",
    ),
    "gone": Case(
        "source-gone",
        "is gone. The last person to open it could not find it. Correct its address, or cite another source.",
        found="gone",
    ),
    "gone since": Case(
        "source-gone",
        "is gone. On {today} Edi Example could not find it. Correct its address, or cite another source.",
        days_ago=5,
        found_since="gone",
    ),
    "gone, and behind a login since": Case(
        "source-gone",
        "is gone. The last person to open it could not find it. Correct its address, or cite another source.",
        days_ago=5,
        found="gone",
        found_since="login-needed",
    ),
    "gone, and changed since": Case(
        "source-gone",
        "is gone. The last person to open it could not find it. Correct its address, or cite another source.",
        days_ago=5,
        found="gone",
        found_since="changed",
    ),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def day(days_ago):
    return timezone.localdate() - timedelta(days=days_ago)


def checked(case, by, article, reference):
    """As stored, by whatever way it came to be so: no page takes a day that is still to come."""
    if case.days_ago is None and not case.printed:
        return None
    other = cast.article(by, title="Another", slug="another") if case.for_another else None
    check = AccessCheck(
        reference=reference,
        opened_on=None if case.days_ago is None else day(case.days_ago),
        printed_date=case.printed,
        opened_by=by,
        opened_by_name=str(by),
        found=case.found,
        opened_for=other,
        recorded_by=by,
        recorded_by_name=str(by),
        recorded_at=timezone.now(),
    )
    check.save()
    return check


def handed_in(case, people):
    """An edition whose one source is as the case says."""
    article = cast.article(people["ann"])
    reference = article.citations.get().reference
    Reference.objects.filter(pk=reference.pk).update(type=case.type)
    check = checked(case, people["ann"], article, reference)
    with cast.saving(article, people["ann"]):
        citation = article.citations.get()
        citation.access_check, citation.supports = check, "yes"
        citation.save()
    if case.found_since:
        recording.opened(reference, by=people["edi"], on=day(0), found=case.found_since)
    return submitting.submit(Article.objects.get(pk=article.pk), by=people["ann"], change="major")


def of_the_source(findings):
    """Without what is said of the sign-offs, which nobody has given, and of other rules."""
    codes = {case.code for case in CASES.values()}
    return [each for each in findings if each.code in codes]


def said(case, edition):
    """In full, with the name of the reference."""
    name = checks.cited_works.of(gate.state_of(edition).snapshot)[0].name
    printed = f"{day(case.days_ago or 0):%B %-d, %Y}"
    return f"{name} {case.words.format(day=printed, today=f'{day(0):%B %-d, %Y}')}"


@every_case
def test_the_verb_publishes_or_refuses_with_these_words(people, case):
    edition = cast.signed(handed_in(case, people), people)

    if case.code and not case.is_follow_up:
        with pytest.raises(Refused) as refused:
            cast.publish(edition, people["dora"])
        assert [(r.code, r.words) for r in of_the_source(refused.value.reasons)] == [
            (case.code, said(case, edition))
        ]
        assert not edition.publications.exists()
    else:
        kept = cast.publish(edition, people["dora"]).findings
        expected = [(case.code, said(case, edition))] if case.code else []
        assert [
            (f["code"], f["words"]) for f in kept if f["code"] in {c.code for c in CASES.values()}
        ] == expected


@every_case
def test_the_page_says_so_and_its_link_leads_to_where_it_is_mended(people, case, client):
    edition = cast.signed(handed_in(case, people), people)
    client.force_login(people["dora"])
    page = lxml.html.fromstring(client.get(reverse("edition-publish", args=[edition.pk])).content.decode())
    items = [
        li
        for li in page.xpath("//ul[@class='findings']/li")
        if case.code and said(case, edition) in li.text_content()
    ]

    assert len(items) == bool(case.code)
    assert bool(page.xpath("//button[starts-with(text(), 'Publish edition')]")) == (
        not case.code or case.is_follow_up
    )
    client.force_login(people["ann"])
    for link in [link for item in items for link in item.xpath("./a/@href")]:
        assert client.get(link.partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.code], ids=[n for n, c in CASES.items() if c.code]
)
def test_opening_it_today_beside_the_citation_mends_it(people, case, client):
    edition = handed_in(case, people)
    [finding] = of_the_source(gate.findings(edition))
    assert finding.fix == f"{reverse('admin:content_article_change', args=[edition.article_id])}#citations-0"
    client.force_login(people["edi"])
    page = lxml.html.fromstring(client.get(finding.fix.partition("#")[0]).content.decode())
    [form] = [form for form in page.forms if form.get("id") == "article_form"]
    [button] = form.xpath(".//*[@id='citations-0']//button[@name='opened']")

    client.post(finding.fix.partition("#")[0], {**dict(form.form_values()), "opened": button.get("value")})

    again = submitting.submit(Article.objects.get(pk=edition.article_id), by=people["ann"], change="major")
    assert of_the_source(gate.findings(again)) == []


def test_readiness_says_of_a_draft_what_the_gate_will_say(people, client):
    """What the public page has as well may wait, on both pages."""
    case = Case(days_ago=360)
    publication = cast.publish(cast.signed(handed_in(case, people), people), people["dora"])
    Article.objects.filter(pk=publication.article_id).update(title="Another title")
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        client.force_login(people["ann"])
        page = client.get(reverse("article-readiness", args=[publication.article_id]))
        article = Article.objects.get(pk=publication.article_id)
        of_gate = gate.findings(submitting.submit(article, by=people["ann"], change="minor"))

    [follow_up] = of_the_source(page.context["follow_ups"])
    assert (follow_up.code, of_the_source(page.context["blockers"])) == ("access-date-over-age", [])
    assert [(f.code, f.severity.value) for f in of_the_source(of_gate)] == [
        ("access-date-over-age", "follow-up")
    ]


def test_a_draft_of_an_article_that_was_never_public_is_softened_by_nothing(people, client):
    edition = handed_in(Case(days_ago=400), people)
    client.force_login(people["ann"])

    page = client.get(reverse("article-readiness", args=[edition.article_id]))

    assert [f.code for f in of_the_source(page.context["blockers"])] == ["access-date-over-age"]
