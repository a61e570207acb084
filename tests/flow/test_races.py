"""Two people at the same instant, on two real connections; and a process killed half way.

The first runner pauses while it holds its lock, the second presses its button and has to wait. Each race is run once
more without the lock, and must then go wrong: on PostgreSQL as the table at the end says, on SQLite, whose only lock is
that of BEGIN IMMEDIATE, by an error instead of an answer.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import lxml.html
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from content.drafts import revisions
from content.editions import submitting
from content.models import Article, Edition, Notice, Notification, Publication, Submission, UnsavedText
from content.snapshots import pins, snapshot
from evidence import shown as evidence_shown
from evidence.models import LedgerEvent, Refusal
from reviews import initial_data, publishing
from reviews.models import Assignment, DecisionWithdrawal, Signoff
from tests import cast
from tests.flow.runners import AFTER_COMMIT, FIRST_WRITE, Post, Runner

LOCK = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "FOR UPDATE"}
READS_SECTIONS = 'FROM "content_section"'
WRITES_MAIL = '^INSERT INTO "content_notification"'
WRITES_EVENT = '^INSERT INTO "evidence_ledgerevent"'


@pytest.fixture
def people(fresh_database):
    return cast.cast()


@dataclass
class Race:
    """What came of it. `waited_for` is the statement of the second runner that ended only after the first went on."""

    first: int
    second: int
    waited_for: str
    connections: set


@pytest.fixture
def race(fresh_database):
    runners = []

    def run(first, second, *, pause=FIRST_WRITE, without_lock=""):
        first.pause, first.without_lock = pause, without_lock
        runners[:] = [Runner(fresh_database, first), Runner(fresh_database, second)]
        ahead, behind = runners
        backends = [runner.until("is ready") for runner in runners]
        ahead.go()
        ahead.until("pauses")
        behind.go()
        done = behind.until("is done") if without_lock else wait_until_it_waits(behind, backends[1])
        went_on = time.monotonic()
        ahead.go()
        first_done, second_done = ahead.until("is done"), done or behind.until("is done")
        return Race(
            first_done["status"], second_done["status"], statement_over(went_on, second_done), set(backends)
        )

    yield run
    for runner in runners:
        runner.end()


def wait_until_it_waits(runner, backend):
    runner.until("asks for a lock")
    if connection.vendor == "sqlite":
        time.sleep(0.3)  # BEGIN IMMEDIATE asks again and again, and tells nobody
        return
    until = time.monotonic() + 20
    while not waits(backend) and time.monotonic() < until:
        time.sleep(0.02)


def waits(backend):
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [backend])
        return cursor.fetchone() == ("Lock",)


def statement_over(moment, done):
    over = [sql for sql, began, ended in done["statements"] if began < moment < ended]
    return over[0] if over else ""


def waited(result):
    """Two connections, and the second waited for the lock of the first."""
    return len(result.connections) == 2 and result.waited_for.endswith(LOCK[connection.vendor])


# What people post.


def sign(edition, who, kind="medical-review", decision="approve", reason=""):
    answer = cast.answer(edition, kind, User.objects.get(username=who))
    data = {
        "shown": evidence_shown.sealed(answer.shown),
        "decision": decision,
        "reason": reason,
        "scope": "whole-page",
        "conflict": "none",
    }
    return Post(who, f"/admin/editions/{edition.pk}/sign/{kind}/", data)


def submit(article, who):
    saves = Article.objects.get(pk=article.pk).saves
    return Post(who, f"/admin/articles/{article.pk}/hand-in/", {"saves": saves, "change": "major"})


def publish(edition, who):
    shown = publishing.shown_to(edition, by=User.objects.get(username=who))
    data = {"shown": evidence_shown.sealed(shown)}
    return Post(who, f"/admin/editions/{edition.pk}/publish/", data)


def withdraw_signoff(signoff, who):
    return Post(who, f"/admin/signoffs/{signoff.pk}/withdraw/", {"reason": "I was wrong."})


def ask_bob(edition, people, who, days):
    day = timezone.localdate() + timedelta(days=days)
    data = {"person": people["bob"].pk, "due_on": day.isoformat()}
    return Post(who, f"/admin/editions/{edition.pk}/ask/medical-review/", data)


def save(article, people, who, **columns):
    """The article form as this person's browser shows it, with some fields typed over."""
    path = f"/admin/content/article/{article.pk}/change/"
    client = Client()
    client.force_login(people[who])
    page = lxml.html.fromstring(client.get(path).content.decode())
    form = next(form for form in page.forms if "title" in form.fields)
    return Post(who, path, {**dict(form.form_values()), **columns, "_continue": "1"})


def reasons():
    """Codes of every refusal on record, oldest first."""
    return [reason["code"] for refusal in Refusal.objects.order_by("pk") for reason in refusal.reasons]


def told():
    return [reason["words"] for refusal in Refusal.objects.order_by("pk") for reason in refusal.reasons]


def verbs():
    return list(
        LedgerEvent.objects.exclude(verb__in=["load initial data", "record access check"]).values_list(
            "verb", flat=True
        )
    )


def holds():
    call_command("verify", verbosity=0)
    return True


# The races.


def opposite_decisions(people):
    edition = cast.submitted(people["ann"])
    return sign(edition, "bob", decision="request-changes", reason="The dose?"), sign(edition, "cid")


def test_of_opposite_decisions_one_is_stored_and_the_other_told_of_it(people, race):
    result = race(*opposite_decisions(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert [(s.signed_by.username, s.decision) for s in Signoff.objects.all()] == [("bob", "request-changes")]
    assert told() == [
        "Bob Example, MD requested changes after you opened this page (“The dose?”). Read the page again, then decide."
    ]
    assert [event.facts["decision"] for event in LedgerEvent.objects.filter(verb="sign")] == [
        "request-changes"
    ]
    assert holds()


def one_draft_submitted_twice(people):
    article = cast.article(people["ann"])
    return submit(article, "ann"), submit(article, "edi")


def test_one_draft_handed_in_twice_is_one_edition(people, race):
    result = race(*one_draft_submitted_twice(people))

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    assert list(Edition.objects.values_list("number", flat=True)) == [1]
    assert (Submission.objects.count(), verbs(), reasons()) == (1, ["submit"], [])
    assert holds()


def one_edition_published_twice(people):
    cast.person("pia", initial_data.PUBLISHERS)
    edition = cast.signed(cast.submitted(people["ann"]), people)
    return publish(edition, "dora"), publish(edition, "pia")


def test_of_two_publishers_the_second_is_told_what_is_public(people, race):
    result = race(*one_edition_published_twice(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert [publication.published_by_name for publication in Publication.objects.all()] == ["Dora Example"]
    assert told() == [
        "Edition 1 is public now, which is not what your page showed. Read the page again, then decide."
    ]
    assert holds()


def test_one_publisher_with_two_windows_publishes_once(people, race):
    edition = cast.signed(cast.submitted(people["ann"]), people)

    result = race(publish(edition, "dora"), publish(edition, "dora"))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Publication.objects.count(), verbs().count("publish"), reasons()) == (1, 1, ["stale-live"])


def test_one_button_pressed_twice_publishes_once(people, race):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    button = publish(edition, "dora")

    result = race(button, button)

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    assert (Publication.objects.count(), verbs().count("publish"), reasons()) == (1, 1, [])


def published_while_the_review_is_withdrawn(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    review = edition.signoffs.get(kind__kind="medical-review")
    return publish(edition, "dora"), withdraw_signoff(review, "bob")


def test_a_review_withdrawn_while_its_page_is_published_leaves_a_notice(people, race):
    result = race(*published_while_the_review_is_withdrawn(people))

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    assert verbs()[-2:] == ["publish", "withdraw decision"]
    assert Notice.objects.get().last_medical_review_on is None
    assert holds()


def review_withdrawn_while_its_page_is_published(people):
    return tuple(reversed(published_while_the_review_is_withdrawn(people)))


def test_a_page_is_not_published_when_its_review_is_withdrawn_first(people, race):
    result = race(*review_withdrawn_while_its_page_is_published(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (DecisionWithdrawal.objects.count(), Publication.objects.count()) == (1, 0)
    assert set(reasons()) == {"stale-page", "medical-review-missing"}
    assert "Medical review: Bob Example, MD withdrew the approval of edition 1." in told()


def one_page_withdrawn_twice(people):
    cast.person("pia", initial_data.PUBLISHERS)
    path = f"/admin/publications/{cast.published(people).pk}/withdraw/"
    said = {"reason": "wrong", "note": "We are checking a dose."}
    return Post("dora", path, said), Post("pia", path, said)


def test_of_two_who_withdraw_a_page_the_second_is_told_that_it_is_gone(people, race):
    result = race(*one_page_withdrawn_twice(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Publication.objects.get().ended_by_name, reasons()) == ("Dora Example", ["not-live"])
    assert Notification.objects.count() == 1


def signed_while_a_newer_edition_is_submitted(people):
    edition = cast.submitted(people["ann"])
    rewrite(edition.article, people["ann"])
    return sign(edition, "bob"), submit(edition.article, "ann")


def rewrite(article, by, body="<p>Taken as 8 mg pills.</p>"):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def test_a_decision_that_came_first_is_stored_before_the_newer_edition(people, race):
    result = race(*signed_while_a_newer_edition_is_submitted(people))

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    assert verbs() == ["submit", "sign", "submit"]


def test_a_decision_that_came_second_is_told_of_the_newer_edition(people, race):
    result = race(*reversed(signed_while_a_newer_edition_is_submitted(people)))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Signoff.objects.count(), verbs()) == (0, ["submit", "submit"])
    assert told() == [
        "Edition 2 was submitted after the edition you read (1). Read what changed, then decide on edition 2."
    ]


def submitted_while_somebody_saves(people):
    article = cast.article(people["ann"])
    new = {"title": "New title", "sections-0-body": "<p>New body.</p>"}
    return submit(article, "ann"), save(article, people, "edi", **new)


def title_and_body(edition):
    text = snapshot.parsed(edition.snapshot)["parts"]["text"]
    return text["title"], text["sections"][0]["body"]


OLD = ("Immunotherapy for Kaposi Sarcoma", "<p>Medicines, taken as 4 mg pills.</p>")


def test_an_edition_holds_one_state_of_the_draft(people, race):
    result = race(*submitted_while_somebody_saves(people), pause=READS_SECTIONS)

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    assert title_and_body(Edition.objects.get()) == OLD
    assert Article.objects.get().title == "New title"


def test_a_draft_saved_meanwhile_is_not_handed_in_unseen(people, race):
    result = race(*reversed(submitted_while_somebody_saves(people)))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Edition.objects.count(), reasons()) == (0, ["stale-draft"])


def two_saves(people):
    article = cast.article(people["ann"])
    return (
        save(article, people, "ann", title="Ann was here"),
        save(article, people, "edi", title="Edi was here"),
    )


def test_of_two_saves_the_second_is_refused(people, race):
    result = race(*two_saves(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Article.objects.get().title, Article.objects.get().saves) == ("Ann was here", 2)
    assert reasons() == ["stale-draft"]
    assert both_are_shown(people["edi"], "Ann was here", "Edi was here")


def both_are_shown(person, theirs, mine):
    """On the page where somebody merges what they could not save."""
    kept = UnsavedText.objects.get(typed_by=person)
    client = Client()
    client.force_login(person)
    page = client.get(f"/admin/content/article/{kept.article_id}/kept/{kept.pk}/merge/")
    text = lxml.html.fromstring(page.content.decode()).text_content()
    return theirs.split()[0] in text and mine.split()[0] in text


def restored_while_somebody_saves(people):
    article = cast.article(people["ann"])
    first = revisions.versions(article)[0]
    rewrite(article, people["ann"])
    saves = Article.objects.get().saves
    restore = Post(
        "ann", f"/admin/content/article/{article.pk}/history/{first.pk}/restore/", {"saves": saves}
    )
    return restore, save(article, people, "edi", title="Edi was here")


def test_a_save_that_comes_after_a_restore_is_kept_to_be_merged(people, race):
    result = race(*restored_while_somebody_saves(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Article.objects.get().title, reasons()) == (OLD[0], ["stale-draft"])
    assert Article.objects.get().sections.first().body == OLD[1]
    assert both_are_shown(people["edi"], "Restored", "Edi was here")


def saved_while_somebody_restores(people):
    return tuple(reversed(restored_while_somebody_saves(people)))


def test_a_restore_that_comes_after_a_save_is_told_of_it(people, race):
    result = race(*saved_while_somebody_restores(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Article.objects.get().title, reasons()) == ("Edi was here", ["stale-draft"])
    assert told() == [
        "Edi Example saved this draft after you opened the page. Check what changed, then decide again."
    ]


def taken_while_somebody_saves(people):
    article = cast.article(people["ann"])
    product = article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()
    shown = [update.key for update in pins.updates(article)]
    data = {"saves": article.saves, "do": "take", "shown": shown}
    take = Post("ann", f"/admin/content/article/{article.pk}/library/", data)
    return take, save(article, people, "edi", title="Edi was here")


def brand_shown():
    return snapshot.build(Article.objects.get())["parts"]["drugs"][0]["products"][0]["brand"]


def test_a_save_that_comes_after_updates_were_taken_is_kept_to_be_merged(people, race):
    result = race(*taken_while_somebody_saves(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Article.objects.get().title, brand_shown()) == (OLD[0], "Pomalist")
    assert both_are_shown(people["edi"], "library update used", "Edi was here")


def saved_while_somebody_takes(people):
    return tuple(reversed(taken_while_somebody_saves(people)))


def test_taking_updates_after_a_save_is_told_of_it(people, race):
    result = race(*saved_while_somebody_takes(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert (Article.objects.get().title, brand_shown()) == ("Edi was here", "Pomalyst")
    assert reasons() == ["stale-draft"]


def merged_while_a_third_saves(people):
    ours, theirs = two_saves(people)
    assert (send(ours, people), send(theirs, people)) == (302, 409)
    kept = UnsavedText.objects.get()
    path = f"/admin/content/article/{kept.article_id}/kept/{kept.pk}/merge/"
    merge = Post("edi", path, {"saves": Article.objects.get().saves, "choose-title": "mine"})
    return merge, save(kept.article, people, "lib", title="Lib was here")


def test_a_third_save_that_comes_after_a_merge_is_kept_in_its_turn(people, race):
    result = race(*merged_while_a_third_saves(people))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert Article.objects.get().title == "Edi was here"
    assert both_are_shown(people["lib"], "Edi was here", "Lib was here")


def test_a_merge_that_comes_after_a_third_save_is_shown_again(people, race):
    result = race(*reversed(merged_while_a_third_saves(people)))

    assert (result.first, result.second, waited(result)) == (302, 409, True)
    assert Article.objects.get().title == "Lib was here"
    assert both_are_shown(people["edi"], "Lib was here", "Edi was here")


def bob_asked_twice(people):
    edition = cast.submitted(people["ann"])
    return ask_bob(edition, people, "edi", 7), ask_bob(edition, people, "ann", 9)


def test_somebody_asked_twice_at_once_has_one_day(people, race):
    result = race(*bob_asked_twice(people))

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    day = timezone.localdate() + timedelta(days=9)
    assert [(row.person.username, row.due_on) for row in Assignment.objects.all()] == [("bob", day)]
    assert Notification.objects.count() == 2


def verbs_on_two_articles(people):
    one = cast.submitted(people["ann"])
    other = cast.submitted(people["ann"], title="Another", slug="another")
    return sign(one, "bob"), sign(other, "cid")


def test_events_of_two_articles_are_numbered_one_after_the_other(people, race):
    result = race(*verbs_on_two_articles(people), pause=WRITES_EVENT)

    assert (result.first, result.second, waited(result)) == (302, 302, True)
    numbers = list(LedgerEvent.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert holds()


# Without the lock. Each row: the race, the function whose lock is left out, where the first runner pauses, and what
# then happens on PostgreSQL: the first runner's status, and a fact that must never be.


def both_are_stored():
    return sorted(Signoff.objects.values_list("decision", flat=True)) == ["approve", "request-changes"]


def the_page_claims_a_withdrawn_review():
    live = Publication.objects.live().get()
    return (live.last_medical_review_on, Notice.objects.count()) == (timezone.localdate(), 0)


def an_edition_is_signed_after_a_newer_one_came():
    return verbs() == ["submit", "submit", "sign"]


def the_edition_is_half_old_half_new():
    return title_and_body(Edition.objects.get()) == (OLD[0], "<p>New body.</p>")


def a_save_is_lost():
    article = Article.objects.get()
    return (article.title, article.saves) == ("Ann was here", 2) and article.history.filter(
        title="Edi was here"
    ).count() == 1


def two_saves_have_one_number():
    """The second looked at what the first had shown, and wrote over it."""
    counts = list(Article.objects.get().history.values_list("saves", flat=True))
    return len(counts) == len(set(counts)) + 1


def one_of_them_gets_an_error():
    """The database's own constraint stands behind the lock: nothing false is stored, but nobody is told why."""
    return reasons() == []


WITHOUT_LOCK = [
    (opposite_decisions, "reviews.decisions.signing:sign", FIRST_WRITE, 302, both_are_stored),
    (
        one_draft_submitted_twice,
        "content.editions.submitting:submit",
        FIRST_WRITE,
        500,
        one_of_them_gets_an_error,
    ),
    (one_edition_published_twice, "reviews.publishing:publish", FIRST_WRITE, 500, one_of_them_gets_an_error),
    (
        published_while_the_review_is_withdrawn,
        "reviews.publishing:publish",
        FIRST_WRITE,
        302,
        the_page_claims_a_withdrawn_review,
    ),
    (
        review_withdrawn_while_its_page_is_published,
        "reviews.decisions.withdrawing:withdraw",
        WRITES_MAIL,
        302,
        the_page_claims_a_withdrawn_review,
    ),
    (one_page_withdrawn_twice, "reviews.publishing:withdraw", FIRST_WRITE, 500, one_of_them_gets_an_error),
    (
        signed_while_a_newer_edition_is_submitted,
        "reviews.decisions.signing:sign",
        FIRST_WRITE,
        302,
        an_edition_is_signed_after_a_newer_one_came,
    ),
    (
        submitted_while_somebody_saves,
        "content.editions.submitting:submit",
        READS_SECTIONS,
        302,
        the_edition_is_half_old_half_new,
    ),
    (
        two_saves,
        "content.admin.articles.forms:ArticleForm.refuse_lost_update",
        FIRST_WRITE,
        302,
        a_save_is_lost,
    ),
    (
        restored_while_somebody_saves,
        "content.drafts.restoring:restore",
        FIRST_WRITE,
        302,
        two_saves_have_one_number,
    ),
    (
        saved_while_somebody_restores,
        "content.admin.articles.forms:ArticleForm.refuse_lost_update",
        FIRST_WRITE,
        302,
        two_saves_have_one_number,
    ),
    (
        taken_while_somebody_saves,
        "content.library.updates:deciding",
        FIRST_WRITE,
        302,
        two_saves_have_one_number,
    ),
    (
        merged_while_a_third_saves,
        "content.admin.articles.forms:ArticleForm.refuse_lost_update",
        FIRST_WRITE,
        302,
        two_saves_have_one_number,
    ),
    (bob_asked_twice, "reviews.decisions.assigning:assign", FIRST_WRITE, 500, one_of_them_gets_an_error),
    (verbs_on_two_articles, "evidence.ledger:record", WRITES_EVENT, 500, one_of_them_gets_an_error),
]
NAMES = [f"{row[0].__name__} without the lock of {row[1]}" for row in WITHOUT_LOCK]


@pytest.mark.parametrize(("posts", "lock", "pause", "status", "wrong"), WITHOUT_LOCK, ids=NAMES)
@pytest.mark.postgres
def test_without_its_lock_a_race_goes_wrong(people, race, posts, lock, pause, status, wrong):
    result = race(*posts(people), pause=pause, without_lock=lock)

    assert (result.first, result.second, result.waited_for) == (status, 302, "")
    assert wrong()


@pytest.mark.parametrize(("posts", "lock"), [row[:2] for row in WITHOUT_LOCK], ids=NAMES)
@pytest.mark.sqlite
def test_without_immediate_transactions_the_first_gets_an_error(people, race, posts, lock):
    # Before its first write a deferred transaction holds no lock, whatever it has read.
    result = race(*posts(people), pause=FIRST_WRITE, without_lock=lock)

    assert (result.first, result.second, result.waited_for) == (503, 302, "")


# Killed half way.


def submitting_it(people):
    return submit(cast.article(people["ann"]), "ann")


def signing(people):
    return sign(cast.submitted(people["ann"]), "bob")


def publishing_a_second_edition(people):
    first = cast.published(people)
    with cast.saving(first.article, people["ann"]):
        Article.objects.filter(pk=first.article_id).update(public_note="A new dose.")
    rewrite(first.article, people["ann"])
    second = submitting.submit(Article.objects.get(), by=people["ann"], change="major")
    return publish(cast.signed(second, people), "dora")


def withdrawing_a_review(people):
    publication = cast.published(people)
    return withdraw_signoff(publication.edition.signoffs.get(kind__kind="medical-review"), "bob")


EVIDENCE = (Edition, Submission, Signoff, Publication, DecisionWithdrawal, Notice, Notification, LedgerEvent)
VERBS = (submitting_it, signing, publishing_a_second_edition, withdrawing_a_review)
each_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


def state():
    live = list(Publication.objects.live().values_list("edition__number", flat=True))
    return [model.objects.count() for model in EVIDENCE], live


@pytest.fixture
def killed(fresh_database):
    """Sends the form from a process that is killed (SIGKILL) where it pauses."""
    runners = []

    def send(post, pause):
        post.pause = pause
        runner = Runner(fresh_database, post)
        runners.append(runner)
        runner.until("is ready")
        runner.go()
        runner.until("pauses")
        runner.end()

    yield send
    for runner in runners:
        runner.end()


def send(post, people):
    client = Client()
    client.force_login(people[post.who])
    return client.post(post.path, post.data).status_code


@each_verb
@pytest.mark.parametrize("where", [FIRST_WRITE, WRITES_EVENT], ids=["its first row", "its event"])
def test_verb_killed_half_way_did_nothing_and_can_be_done_again(people, killed, verb, where):
    post = verb(people)
    before = state()

    killed(post, where)

    assert state() == before
    assert (send(post, people), state() == before) == (302, False)
    assert holds()


@each_verb
def test_verb_killed_before_it_could_answer_is_carried_out_once(people, killed, verb):
    post = verb(people)
    before = state()

    killed(post, AFTER_COMMIT)

    after = state()
    again = send(post, people)
    assert (before == after, again) == (False, 409 if verb is withdrawing_a_review else 302)
    assert state() == after
    assert holds()
