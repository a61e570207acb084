"""The demonstration: loaded once by the same verbs as everybody's work, and never beside it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from content import checks
from content.editions import authorship
from content.models import Article, Condition, Drug, DrugClass, Edition, Notification, Publication, Section
from content.snapshots import snapshot
from reviews import gate, verification
from reviews.demo import chemotherapy, kaposi, loading, overview, people, side_effects
from reviews.models import Assignment, Signoff
from tests import cast

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True
    # The command hashes in production strength: a second at each loading.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def demo():
    """What it prints on standard output, and on standard error."""
    printed, said = StringIO(), StringIO()
    call_command("demo", stdout=printed, stderr=said, no_color=True)
    return printed.getvalue(), said.getvalue()


def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def article(slug):
    return Article.objects.get(slug=slug)


def test_demo_shows_an_article_signed_for_by_the_society(client):
    demo()

    answer = client.get(f"/articles/{kaposi.SLUG}/")

    page = answer.context["page"]
    day = [timezone.localdate() - timedelta(days=days) for days in (47, 46)]
    first, second = (f"on {day:%B} {day.day}, {day.year}." for day in day)
    assert answer.status_code == 200
    assert page.facts.credit == (
        "Developed by the American Cancer Society medical and editorial content team with medical review and "
        "contribution by the American Society of Clinical Oncology (ASCO)."
    )
    assert page.facts.last_medical_review_on == timezone.localdate()
    publication = Publication.objects.live().get(article__slug=kaposi.SLUG)
    parts = snapshot.parsed(publication.edition.snapshot)["parts"]
    printed = zip(parts["references"], parts["access_dates"], strict=True)
    assert [access["printed"].join(reference["text"]) for reference, access in printed] == [
        "Groopman JE. AIDS-related Kaposi sarcoma: Staging and treatment. UpToDate. 2025. Accessed at "
        f"https://www.uptodate.com/contents/aids-related-kaposi-sarcoma-staging-and-treatment {first}",
        "Krown SE, Singh JC. Classic Kaposi sarcoma: Clinical features, staging, diagnosis, and treatment. UpToDate. "
        "2025. Accessed at https://www.uptodate.com/contents/"
        f"classic-kaposi-sarcoma-clinical-features-staging-diagnosis-and-treatment {first}",
        "National Cancer Institute. Kaposi Sarcoma Treatment (PDQ®)–Health Professional Version. 2025. Accessed at "
        f"https://www.cancer.gov/types/soft-tissue-sarcoma/hp/kaposi-treatment-pdq {second}",
        "National Comprehensive Cancer Network. NCCN Clinical Practice Guidelines in Oncology (NCCN Guidelines): "
        f"Kaposi Sarcoma. Version 2.2026. Accessed at www.nccn.org {second}",
    ]
    assert [drug["name"] for drug in parts["drugs"]] == [
        "Lenalidomide",
        "Nivolumab",
        "Pembrolizumab",
        "Pomalidomide",
    ]


def test_demo_leaves_something_to_do_for_every_role():
    demo()

    draft, waiting = article(chemotherapy.SLUG), article(overview.SLUG).editions.get()
    twice = article(side_effects.SLUG).publications.order_by("pk")
    found = checks.findings(snapshot.build(draft), timezone.localdate())
    assert [finding.code for finding in found] == [
        "heading-level-skipped",
        "access-date-missing",
        "access-date-over-age",
    ]
    assert draft.editions.count() == 0
    assert [str(signoff.kind) for signoff in waiting.signoffs.all()] == ["Editorial review"]
    assert [finding.code for finding in gate.blockers(waiting)] == ["medical-review-missing"]
    assert [row.person.username for row in Assignment.objects.filter(edition=waiting)] == ["bob"]
    assert [(p.edition.number, p.end_kind) for p in twice] == [(1, "superseded"), (2, None)]
    assert snapshot.parsed(twice[1].edition.snapshot)["parts"]["public_note"]["text"] == side_effects.NOTE


def test_demo_is_written_by_named_people_and_its_reviewers_wrote_nothing():
    demo()

    wrote = {
        User.objects.get(pk=key).username
        for edition in Edition.objects.all()
        for key in authorship.contributors(edition)
    }
    nameless = [
        row for model in (Article, Section, Drug) for row in model.history.all() if row.history_user is None
    ]
    assert wrote == {"ann", "lib"}
    assert nameless == []
    assert set(Signoff.objects.values_list("signed_by__username", flat=True)) == {"edi", "bob", "cid", "asa"}


def test_demo_holds_when_verified():
    demo()

    assert list(verification.everything_holds()) == []


def test_demo_called_again_changes_nothing_and_keeps_edits():
    first, _ = demo()
    draft = article(chemotherapy.SLUG)
    with cast.saving(draft, by=people.named("ann")):
        Article.objects.filter(pk=draft.pk).update(title="Chemo, rewritten", slug="chemo")
    cast.person("newcomer", organisation=draft.owner.organisation)
    before = counts()

    second = demo()

    assert counts() == before
    assert article("chemo").title == "Chemo, rewritten"
    assert second == (first, "")


def test_demo_prints_a_login_that_works_for_each_person(client):
    printed, _ = demo()

    lines = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    assert [line[0] for line in lines] == [login.username for login in people.LOGINS]
    assert [client.login(username=line[0], password=line[1]) for line in lines] == [True] * len(lines)


def test_demo_leaves_no_mail_to_be_sent_later():
    demo()

    sent = [(each.to, each.subject) for each in mail.outbox]
    assert sent == [(["bob@example.org"], "Medical review wanted: How Immunotherapy Treats Cancer")]
    assert Notification.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize("demo_setting", [True, False])
def test_demo_in_production_is_refused(settings, demo_setting):
    settings.DEMO, settings.PRODUCTION = demo_setting, demo_setting

    with pytest.raises(CommandError) as refused:
        demo()

    assert str(refused.value) == (
        "The passwords of the demonstration are known to everybody, so it is not loaded here. "
        "Set IMPRIMATUR_DEMO=1, without IMPRIMATUR_PRODUCTION, on a machine that only you can reach."
    )
    assert User.objects.count() == 0


def test_demo_beside_rows_of_somebody_else_is_refused():
    ann = cast.person("ann", "Editors")
    cast.article(ann)
    before = counts()

    with pytest.raises(CommandError) as refused:
        demo()

    assert str(refused.value) == (
        "This database holds the account “ann”, the article “Immunotherapy for Kaposi Sarcoma”, "
        "the organisation “American Cancer Society”: that is not the demonstration's, and nothing was loaded. "
        "Name an empty database in DATABASE_URL, such as sqlite:///demo.sqlite3, and run `manage.py migrate` first."
    )
    assert counts() == before


def test_demo_beside_drug_library_of_somebody_else_undoes_the_step():
    Condition.objects.create(name="Kaposi sarcoma")

    with pytest.raises(CommandError) as refused:
        demo()

    assert (
        str(refused.value).splitlines()[0].startswith("The step “library” met rows that were there already")
    )
    assert (Condition.objects.count(), DrugClass.objects.count()) == (1, 0)


def test_demo_whose_step_is_refused_undoes_it_and_says_why():
    for step in ("people", "library", side_effects.SLUG):
        loading.do(step)
    User.objects.filter(username="bob").update(is_active=False)
    before = counts()

    with pytest.raises(CommandError) as refused:
        demo()

    assert str(refused.value) == (
        "The step “how-immunotherapy-treats-cancer” was undone: Bob Hansen may not sign the medical review of this "
        "edition. Choose somebody else. Somebody changed the people of the demonstration before all of it was loaded. "
        "Undo that change, or name an empty database in DATABASE_URL."
    )
    assert counts() == before


def test_demo_killed_half_way_is_finished_by_the_next_call(empty_database):
    environment = os.environ | {
        "DATABASE_URL": empty_database,
        "IMPRIMATUR_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "manage.py", "demo"]
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    for line in child.stderr:
        if line.startswith("Loading how immunotherapy treats cancer"):
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    child.stderr.close()
    begun = Article.objects.count()

    _, said = demo()

    loaded = said.splitlines()
    assert begun == 1
    assert loaded == [
        "Loading how immunotherapy treats cancer …",
        "Loading chemotherapy kaposi sarcoma …",
        "Loading immunotherapy kaposi sarcoma …",
        "Loading access checks …",
    ]
    assert Article.objects.count() == 4
    assert list(verification.everything_holds()) == []
