"""The disk is full: nothing is stored and everybody is told so, readers go on reading, and with room it works again."""

import base64
import random
import resource

import lxml.html
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from content.models import Picture, Section
from tests import cast
from tests.content.drawing import noise, opened, saved
from tests.flow import acts
from tests.flow import test_stories as stories
from tests.flow.all_rows import all_rows, changed, evidence
from tests.flow.children import Act
from tests.flow.conftest import LONG, connected_to
from tests.flow.sites import heading, served
from tests.flow.small_disks import small_disk
from tests.flow.test_database_gone import NOT_STORED, RESTARTED

# Too long for the room that is left in those pages of the database that are there, and not to be compressed.
MANY_WORDS = base64.b64encode(random.Random(1).randbytes(60_000)).decode()
WORDS_STAND_IN = {
    acts.submitting_it: "note",
    acts.taking_back: "note",
    acts.signing: "reason",
    acts.ruling: "reason",
    acts.withdrawing_page: "note",
    acts.withdrawing_review: "reason",
    acts.saving: "sections-0-body",
}
READER = Act("/")
# How many pages more there is room for, until it is enough.
ROOMS = (0, 1, 3, 10, 30, 100, 300, 1000) if LONG else (0, 3, 30, 300)
# Bytes of SQLite's file -shm, of a page in its file -wal, and of a page of PostgreSQL.
SHARED_MEMORY, FRAME, PAGE = 32_768, 4_120, 8_192


@pytest.fixture(scope="module")
def disk(cluster):
    with small_disk(cluster.folder.parent / "small", "postgres") as small:
        cluster.say(f"CREATE TABLESPACE small LOCATION '{small.folder_for('postgres')}'")
        yield small
        small.make_room()


@pytest.fixture
def fresh_database(request, fresh_database):
    """On PostgreSQL the same on a small disk, in a cluster that only this module sees."""
    if connection.vendor == "sqlite":
        yield fresh_database
        return
    disk, cluster = request.getfixturevalue("disk"), request.getfixturevalue("cluster")
    with connected_to(cluster.take_in(fresh_database, "-D", "small")) as url:
        yield url
        disk.make_room()
    cluster.say(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


@pytest.fixture
def full(people_there, edition, fresh_database, family, tmp_path):
    """Tries the act with ever more room, until it is done. Before that, nothing was stored."""

    def until_done(act, limits):
        family.warm_up(fresh_database, READER, Act(act.path, session=act.session))
        before, refused = all_rows(), 0
        for limit in limits:
            ahead, life, behind = family.live(fresh_database, READER, act, READER, **limit()).answers
            assert (ahead.status, behind.status) == (200, 200)
            if is_done(life, act):
                break
            assert was_told(life, act)
            assert changed(all_rows(), before) == set()
            refused += 1
        assert is_done(life, act)
        assert refused > 0
        assert changed(all_rows(), before) != set()
        call_command("verify")

    return until_done


def is_done(answer, act):
    return answer.status == (0 if act.command else 302)


def was_told(answer, act):
    if act.command:
        return answer.status == 1 and "cannot write, so make room" in answer.text
    return answer.status == 503 and heading(answer.text) == NOT_STORED and "is full" in answer.text


def with_many_words(verb, people, edition, folder):
    act = verb(people, edition, folder)
    act.data[WORDS_STAND_IN[verb]] = MANY_WORDS
    return act


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", WORDS_STAND_IN, ids=lambda verb: verb.__name__)
def test_verb_for_which_the_database_may_not_grow_stores_nothing(full, people_there, edition, tmp_path, verb):
    act = with_many_words(verb, people_there, edition, tmp_path)
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]

    full(act, [lambda room=room: {"most_pages": pages + room} for room in ROOMS])


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", acts.VERBS if LONG else RESTARTED, ids=lambda verb: verb.__name__)
def test_verb_for_which_no_file_may_grow_stores_nothing(full, people_there, edition, tmp_path, verb):
    act = verb(people_there, edition, tmp_path)

    full(act, [lambda room=room: {"largest_file": SHARED_MEMORY + room * FRAME} for room in ROOMS])


@pytest.mark.postgres
@pytest.mark.parametrize("verb", acts.VERBS if LONG else RESTARTED, ids=lambda verb: verb.__name__)
def test_verb_on_a_full_disk_stores_nothing(full, people_there, edition, cluster, disk, tmp_path, verb):
    act = verb(people_there, edition, tmp_path)
    cluster.say("CHECKPOINT")  # what is only in memory yet would want its room later
    disk.leave(0)
    fill_the_page_of_the_newest_event()

    def leaving(room):
        disk.leave(room * PAGE)
        return {}

    full(act, [lambda room=room: leaving(room) for room in ROOMS])


def fill_the_page_of_the_newest_event():
    """With rows that are rolled back, so that the next event needs a new page; the old one might have had room."""
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evidence_ledgerevent "
            "SELECT (jsonb_populate_record(e, jsonb_build_object('id', 1000000 + n, 'number', 1000000 + n))).* "
            "FROM evidence_ledgerevent e, generate_series(1, 1000) n WHERE e.number = 1"
        )
    connection.close()


# A site that runs.


@pytest.fixture
def limited():
    """Files of these processes may not grow beyond so many bytes, until this is called again without."""

    def limit(processes, most=resource.RLIM_INFINITY):
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    return limit


@pytest.mark.sqlite
def test_site_goes_on_serving_readers_on_a_full_disk(
    people_there, edition, fresh_database, limited, tmp_path
):
    act = acts.withdrawing_page(people_there, edition, tmp_path)
    article, desk = Act(edition.article.get_absolute_url()), Act("/admin/", session=act.session)
    before = all_rows()

    with served(fresh_database, tmp_path) as site:
        limited(site.processes(), 0)
        assert site.statuses(article, desk) == [200, 200]
        assert site.asked(act) == (503, NOT_STORED, "60")
        assert changed(all_rows(), before) == set()

        limited(site.processes())
        assert site.statuses(act, article) == [302, 410]
    call_command("verify")


# Pictures.

LESS_THAN_A_PICTURE = 2_400_000  # bytes


def photo():
    """Two MB when it is sent, and nearly three when it is stored."""
    return saved(opened(noise(size=(2400, 2000))), "JPEG", quality=50)


def drawing():
    """Five MB: too much to be held in memory while it comes in."""
    return noise(size=(1500, 1200))


def with_a_picture(people, edition, file):
    """The article form as somebody sends it with a picture, and another title."""
    with cast.saving(edition.article, people["ann"]):
        Section(article=edition.article, kind="figure", position=3, heading="Noise").save()
    form = stories.draft_form(edition.article, people["ann"])
    act = acts.sent(form, {"title": "Typed", "sections-2-image_alt": "Noise", "_continue": ""})
    act.files = {"sections-2-picture_file": str(file)}
    return act


@pytest.fixture
def sent_with_a_picture(people_there, edition, fresh_database, family, tmp_path):
    def send(name, data):
        (tmp_path / name).write_bytes(data)
        act = with_a_picture(people_there, edition, tmp_path / name)
        before = all_rows()
        answer = family.live(fresh_database, act, largest_file=LESS_THAN_A_PICTURE)
        assert changed(evidence(all_rows()), evidence(before)) == set()
        assert family.live(fresh_database, act).status == 302
        assert Picture.objects.count() == 1
        return answer

    return send


def test_picture_that_finds_its_folder_full_is_not_stored_and_no_word_is_lost(sent_with_a_picture):
    answer = sent_with_a_picture("noise.jpg", photo())

    page = lxml.html.fromstring(answer.text)
    assert (answer.status, page.xpath("//input[@name='title']/@value")) == (200, ["Typed"])
    assert page.xpath(
        "//*[contains(@class, 'field-picture_file')]//ul[contains(@class, 'errorlist')]/li/text()"
    ) == [
        "“noise.jpg” could not be stored (File too large). Nothing was changed. "
        "Ask your administrator to check the folder for pictures, then upload it again."
    ]


def test_picture_that_finds_the_disk_of_the_system_full_is_not_taken(sent_with_a_picture):
    answer = sent_with_a_picture("noise.png", drawing())

    assert (answer.status, heading(answer.text), "is full" in answer.text) == (503, NOT_STORED, True)
