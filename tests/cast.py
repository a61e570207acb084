"""The people and things of the tests, made by small builders.

ann writes, edi reviews as an editor, bob and cid review as physicians of the house, asa signs for ASCO, dora publishes,
gus audits, eve is staff without rights.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Organisation, User
from content.access_checks import recording
from content.drafts import merging, revisions, unsaved_texts
from content.drafts import saving as draft_saving
from content.editions import submitting
from content.models import (
    Article,
    Citation,
    Condition,
    Drug,
    DrugClass,
    Edition,
    Product,
    ProductStatus,
    Publication,
    Reference,
    Section,
)
from evidence import ledger
from evidence import shown as evidence_shown
from reviews import initial_data, publishing, statements
from reviews.decisions import minor_changes, overruling, reference_rulings, signing
from reviews.decisions.signing import Answer
from reviews.models import Conflict, Decision, KindVersion
from tests.saved_states import ARTICLE, PUBLISHED, SIGNED, SUBMITTED, standing

ROLES = {
    "ann": (initial_data.EDITORS,),
    "edi": (initial_data.EDITORS,),
    "lib": (initial_data.EDITORS,),
    "bob": (initial_data.MEDICAL_REVIEWERS,),
    "cid": (initial_data.MEDICAL_REVIEWERS,),
    "asa": (initial_data.MEDICAL_REVIEWERS, initial_data.CONTRIBUTORS),
    "dora": (initial_data.PUBLISHERS,),
    "gus": (initial_data.AUDITORS,),
    "eve": (),
}
PASSWORD = "correct horse battery staple"
# One round: a cast of nine with passwords hashed as in production would take five seconds a test.
QUICK_HASH = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)


def house():
    return Organisation.objects.get_or_create(
        code="acs",
        defaults={
            "name": "American Cancer Society",
            "in_credit": "American Cancer Society medical and editorial content team",
            "is_publishing": True,
        },
    )[0]


def asco():
    return Organisation.objects.get_or_create(
        code="asco",
        defaults={
            "name": "American Society of Clinical Oncology",
            "in_credit": "the American Society of Clinical Oncology (ASCO)",
        },
    )[0]


def person(name, *groups, organisation=None):
    """One of the cast in just these groups, or somebody new."""
    user = User.objects.filter(username=name).first() or User(
        username=name, printed_name=f"{name.title()} Example", credentials="MD", email=f"{name}@example.org"
    )
    user.organisation = organisation or house()
    user.is_staff = True
    user.password = QUICK_HASH
    user.save()
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def cast():
    """Everybody, by name: those whom the tests' databases hold from their beginning, or new ones in an empty one."""
    there = {each.username: each for each in User.objects.filter(username__in=ROLES)}
    return {name: there.get(name) or from_role(name, groups) for name, groups in ROLES.items()}


def from_role(name, groups):
    return person(name, *groups, organisation=asco() if name == "asa" else house())


@contextmanager
def saving(article, by):
    """Save rows of a draft as the article form does: one revision, in somebody's name, followed up at its end."""
    with revisions.revision(by=by, comment="test"):
        yield
        draft_saving.saved(Article.objects.get(pk=article.pk))


def as_person(by):
    return revisions.revision(by=by, comment="test")


def condition(by, name="Kaposi sarcoma"):
    with as_person(by):
        return Condition.objects.get_or_create(name=name)[0]


def drug(by, name="Pomalidomide", brand="Pomalyst", about=None):
    """A drug of a class, with one product that has a status for the condition."""
    with as_person(by):
        group = DrugClass.objects.get_or_create(
            name="Immunomodulating drugs", defaults={"short_name": "IMiDs"}
        )[0]
        made = Drug(generic_name=name, pronunciation="PAH-muh-LIH-doh-mide", drug_class=group)
        made.save()
        product = Product(
            drug=made,
            brand=brand,
            full_name=name.lower(),
            route="oral",
            source="label",
            checked_on=date(2025, 1, 2),
        )
        product.save()
        if about:
            ProductStatus(
                product=product,
                condition=about,
                status="accelerated",
                since_on=date(2020, 5, 14),
                source="label",
                checked_on=date(2025, 1, 2),
            ).save()
        return made


def reference(by, title="Kaposi sarcoma: how it is treated", url="https://example.org/kaposi"):
    with as_person(by):
        made = Reference(
            type="agency-page",
            author=[{"literal": "Example Cancer Institute"}],
            title=title,
            issued=[2025],
            url=url,
        )
        made.save()
        return made


def article(by, **kwargs):
    """A whole small draft: two sections, one about a drug, and one reference opened a week ago."""
    is_usual = by.username == "ann" and not kwargs
    if is_usual and (key := standing.reached(ARTICLE)):
        return Article.objects.get(pk=key)
    return written(by, **kwargs)


def written(
    by,
    *,
    title="Immunotherapy for Kaposi Sarcoma",
    slug="immunotherapy-kaposi",
    co_branded_with=None,
    owner=None,
):
    about = condition(by)
    pom = Drug.objects.filter(generic_name="Pomalidomide").first() or drug(by, about=about)
    source = Reference.objects.first() or reference(by)
    check = recording.opened(source, by=by, on=timezone.localdate() - timedelta(days=7), found="unchanged")
    made = Article(
        title=title,
        slug=slug,
        lead="<p>Immunotherapy helps your immune system.</p>",
        condition=about,
        co_branded_with=co_branded_with,
        owner=owner or by,
    )
    with as_person(by):
        draft_saving.begun(made)
        made.save()
        Section(
            article=made, position=1, heading="What it is", body="<p>Medicines, taken as 4 mg pills.</p>"
        ).save()
        Section(
            article=made,
            position=2,
            kind="drug",
            level=3,
            heading="Pomalidomide (Pomalyst)",
            drug=pom,
            body="<p><strong>Possible side effects:</strong> Low blood counts.</p>",
        ).save()
        Citation(article=made, reference=source, position=1, access_check=check, supports="yes").save()
        draft_saving.saved(made)
    return Article.objects.get(pk=made.pk)


def unsaved_text(article, by, **typed):
    """What somebody typed over the title, say, and could not save."""
    draft = merging.of_rows(revisions.rows_now(article))
    return unsaved_texts.keep(
        article, replace(draft, values={**draft.values, **typed}), by=by, saves=article.saves
    )


def submitted(by, change="major", **kwargs):
    is_usual = by.username == "ann" and change == "major" and not kwargs
    if is_usual and (key := standing.reached(SUBMITTED)):
        return Edition.objects.select_related("article").get(pk=key)
    return submitting.submit(article(by, **kwargs), by=by, change=change)


SIGNERS = {"editorial-review": "edi", "medical-review": "bob", "contribution": "asa"}


def answer(edition, kind, by=None, organisation=None, **given):
    """What this person says who has their page open now; one of `stated` is what their page says instead."""
    by = by or User.objects.get(username=SIGNERS[kind])
    stated = given.pop("stated", {})
    said = {
        "shown": with_stated(shown_to(edition, kind, by, organisation), stated),
        "decision": Decision.APPROVE,
        "conflict": Conflict.NONE,
        **given,
    }
    return Answer(**said)


def shown_to(edition, kind, by, organisation=None):
    kind, around = KindVersion.objects.newest(kind), statements.around(edition)
    organisation = organisation or by.organisation or house()
    return signing.shown_to(edition, kind, by=by, organisation=organisation, around=around)


def with_stated(shown, values):
    return replace(shown, values={**shown.values, **values})


def sign(edition, by, kind, **given):
    return signing.sign(
        edition, kind=kind, by=by, organisation=by.organisation, answer=answer(edition, kind, by, **given)
    )


def signed(edition, people, *, medical="bob", contribution=None):
    """All that a plain article needs, and a contribution where a name is given."""
    is_usual = standing.is_key(SUBMITTED, edition.pk) and medical == "bob" and not contribution
    if is_usual and standing.reached(SIGNED, since=SUBMITTED):
        return edition
    sign(edition, people["edi"], "editorial-review")
    sign(edition, people[medical], "medical-review")
    if contribution:
        sign(edition, people[contribution], "contribution")
    return edition


def rule(end, start, by, kind="medical-review", stated=None, shown=None, **given):
    organisation, reason = (
        given.get("organisation") or by.organisation or house(),
        given.get("reason", "A comma."),
    )
    shown = shown or with_stated(shown_to_rule(end, start, kind, by, organisation), stated or {})
    asked = {"kind": kind, "by": by, "organisation": organisation, "shown": shown, "reason": reason}
    return minor_changes.rule(end, start=start, **asked)


def shown_to_rule(end, start, kind, by, organisation=None):
    asked = {"by": by, "organisation": organisation or by.organisation or house()}
    newest, around = KindVersion.objects.newest(kind), statements.around(end)
    return evidence_shown.shown(minor_changes.statements_of(newest, start, end, around=around, **asked))


def overrule(objection, edition, by, stated=None, **given):
    organisation = given.pop("organisation", None) or by.organisation or house()
    shown = with_stated(shown_to_overrule(objection, edition, by, organisation), stated or {})
    answer = overruling.Answer(**{"shown": shown, "reason": "The label gives this dose.", **given})
    asked = {"edition": edition, "by": by, "organisation": organisation}
    return overruling.overrule(objection, answer=answer, **asked)


def shown_to_overrule(objection, edition, by, organisation=None):
    organisation = organisation or by.organisation or house()
    return overruling.shown_to(objection, edition, by=by, organisation=organisation)


def rule_on(reference, by, kind="medical-review", stated=None, **given):
    asked = {"by": by, "organisation": given.pop("organisation", None) or by.organisation or house()}
    reprints = reference_rulings.reprints(reference)
    shown = evidence_shown.shown(reference_rulings.statements_of(reprints, **asked))
    asked |= {"shown": with_stated(shown, stated or {}), "reason": "Only the number.", **given}
    return reference_rulings.rule(reference, kind=kind, **asked)


def publish(edition, by):
    is_usual = standing.is_key(SUBMITTED, edition.pk) and by.username == "dora"
    if is_usual and (key := standing.reached(PUBLISHED, since=SIGNED)):
        return Publication.objects.select_related("edition__article").get(pk=key)
    return publish_now(edition, by)


def publish_now(edition, by):
    return publishing.publish(edition, by=by, shown=publishing.shown_to(edition, by=by))


def entered(row, verb, article=None):
    """A row that no verb writes quite so, entered in the ledger as if one had."""
    row._state.adding = True
    row.save()
    uid = article.uid if article else None
    ledger.record(verb, by=None, at=timezone.now(), rows=[row], article_uid=uid)
    return row


def published(people, **kwargs):
    return publish(signed(submitted(people["ann"], **kwargs), people), people["dora"])


def keep_usual_states():
    """What most tests begin with, for `standing` to put back."""
    people = cast()
    standing.record(
        lambda: article(people["ann"]),
        lambda: submitting.submit(Article.objects.get(), by=people["ann"], change="major"),
        lambda: signed(Edition.objects.get(), people),
        lambda: publish(Edition.objects.get(), people["dora"]),
    )
