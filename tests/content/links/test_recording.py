"""What is remembered of an address from one look to the next."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from content.access_checks import recording as access_recording
from content.links import recording, scheduling
from content.links.visiting import Look
from content.models import AccessCheck, Citation, Outcome, WatchedLink, WatchedSite
from tests import cast
from tests.content.links import library

pytestmark = pytest.mark.django_db
URL = "https://example.org/kaposi"
START = "2026-11-02 12:00Z"

OK = Look(Outcome.OK, 200, title="Kaposi Sarcoma")
GONE = Look(Outcome.BROKEN, 404)
TROUBLE = Look(Outcome.TROUBLE, 503)
SLOW = Look(Outcome.TIMED_OUT, why="did not answer in time")
NO_HOST = Look(Outcome.NO_HOST, why="is not known to any name server")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelling:
        library.reference(URL)
        scheduling.enrol()
        yield travelling


def keep(look):
    recording.keep(library.link(URL), look, timezone.now())
    return library.link(URL)


def kept(clock, *looks, every=timedelta(days=1)):
    for look in looks:
        link = keep(look)
        clock.shift(every)
    return link


def test_what_was_found_is_kept(clock):
    link = keep(Look(Outcome.MOVED, 200, final_url="https://example.org/new", title="New"))

    assert (link.outcome, link.status, link.final_url, link.title, link.looked_at) == (
        "moved", 200, "https://example.org/new", "New", timezone.now()
    )  # fmt: skip


def test_a_final_address_longer_than_its_column_is_cut(clock):
    link = keep(Look(Outcome.OK, 200, final_url="https://example.org/" + "x" * 5000, title="y" * 500))

    assert len(link.final_url) == 2000


@pytest.mark.parametrize(
    ("looks", "is_dead"),
    [
        ([GONE], False),
        ([GONE, GONE], True),
        ([GONE, OK], False),
        ([GONE, OK, GONE], False),
        ([GONE, Look(Outcome.LOGIN, 403), GONE], False),
        ([GONE, TROUBLE, GONE], True),
        ([GONE, GONE, SLOW], True),
        ([GONE, GONE, OK], False),
        ([TROUBLE, TROUBLE, TROUBLE], False),
        ([SLOW, SLOW], False),
        ([Look(Outcome.CERTIFICATE)] * 3, False),
        ([Look(Outcome.UNSAFE)] * 3, False),
    ],
)
def test_a_link_is_dead_when_it_was_found_gone_on_two_days(clock, looks, is_dead):
    assert kept(clock, *looks).is_dead is is_dead


def test_twice_on_one_day_is_once(clock):
    assert kept(clock, GONE, GONE, every=timedelta(hours=2)).is_dead is False


def test_the_day_is_that_of_the_house(clock):
    clock.move_to("2026-11-03 04:30Z")  # half past eleven in the evening of November 2 in New York
    keep(GONE)
    clock.shift(timedelta(hours=1))

    assert keep(GONE).is_dead is True


def test_a_site_that_does_not_exist_is_believed_where_others_answer(clock):
    other = library.reference("https://other.example.org/")
    scheduling.enrol()

    assert kept(clock, NO_HOST, NO_HOST).outcome == Outcome.UNCHECKED
    recording.keep(library.link(other.url_normalised), OK, timezone.now())
    assert kept(clock, NO_HOST).outcome == Outcome.NO_HOST


def test_a_day_without_any_answer_tells_nothing_and_forgets_nothing(clock):
    keep(OK)
    clock.shift(timedelta(days=3))

    link = keep(NO_HOST)

    assert (link.outcome, link.looked_at, link.due_at) == (
        Outcome.OK, timezone.now() - timedelta(days=3), timezone.now() + timedelta(hours=1)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("look", "hours"),
    [
        (OK, [168, 168]),
        (Look(Outcome.LOGIN, 403), [168, 168]),
        (Look(Outcome.LOGIN, 429), [24, 24]),
        (Look(Outcome.LOGIN, 429, wait=48 * 3600), [48, 48]),
        (Look(Outcome.TROUBLE, 503, wait=10 * 3600), [10, 10, 12]),
        (TROUBLE, [1, 4, 12, 24, 48, 96, 168, 168]),
        (SLOW, [1, 4, 12]),
        (GONE, [24, 24, 48, 96, 168, 168]),
        (Look(Outcome.CERTIFICATE), [24, 24, 48]),
        (Look(Outcome.UNSAFE), [24, 24, 48]),
    ],
)
def test_what_fails_is_looked_at_again_later_and_later(clock, look, hours):
    pauses = [keep(look).due_at - timezone.now() for _ in hours]

    assert pauses == [timedelta(hours=each) for each in hours]


def test_one_answer_ends_the_row_of_failures(clock):
    kept(clock, TROUBLE, TROUBLE, OK)

    assert keep(TROUBLE).due_at - timezone.now() == timedelta(hours=1)


def test_a_site_is_left_alone_for_as_long_as_it_asks(clock):
    keep(Look(Outcome.LOGIN, 429, wait=120))

    assert WatchedSite.objects.get().free_at - timezone.now() == timedelta(seconds=120)


# Titles


def titled(title):
    return Look(Outcome.OK, 200, title=title)


def found(link):
    return (link.outcome, link.title, link.former_title)


def test_a_title_that_changed_is_said_until_it_is_back(clock):
    assert found(keep(titled("Version 2.2026"))) == ("ok", "Version 2.2026", "")
    assert found(keep(titled("Version 3.2026"))) == ("retitled", "Version 3.2026", "Version 2.2026")
    assert found(keep(titled("Version 3.2026"))) == ("retitled", "Version 3.2026", "Version 2.2026")
    assert found(keep(titled("VERSION  2.2026"))) == ("ok", "VERSION 2.2026", "")


def test_a_title_that_changes_twice_is_compared_with_the_first(clock):
    assert found(kept(clock, titled("One"), titled("Two"), titled("Three"))) == ("retitled", "Three", "One")


def test_a_page_without_a_title_this_time_keeps_what_is_known(clock):
    assert found(kept(clock, titled("One"), titled("Two"), titled(""))) == ("retitled", "Two", "One")
    assert found(kept(clock, GONE)) == ("broken", "Two", "One")


def test_a_page_that_moved_is_said_to_have_moved_whatever_it_is_called(clock):
    keep(titled("One"))

    assert found(keep(Look(Outcome.MOVED, 200, title="Two"))) == ("moved", "Two", "One")


def test_a_person_who_opened_it_since_settles_a_changed_title(clock):
    kept(clock, titled("One"), titled("Two"))
    ann = cast.person("ann", "Editors")

    access_recording.opened(scheduling.in_library().get(), by=ann, on=timezone.localdate(), found="changed")

    assert found(keep(titled("Two"))) == ("ok", "Two", "")
    assert found(keep(titled("Three"))) == ("retitled", "Three", "Two")


def test_what_people_found_is_never_touched(clock):
    people = cast.cast()
    cast.article(people["ann"])
    rows = [list(model.objects.values()) for model in (AccessCheck, Citation)]

    kept(clock, OK, titled("Other"), GONE, GONE, TROUBLE)

    assert [list(model.objects.values()) for model in (AccessCheck, Citation)] == rows


# Which addresses are watched


def urls():
    return list(WatchedLink.objects.filter(due_at__isnull=False).values_list("url", flat=True))


def test_every_address_of_the_library_is_watched_once(clock):
    library.reference("HTTPS://Example.org/kaposi/#part")  # the same, typed otherwise
    library.reference("")
    library.reference("www.nccn.org")
    merged = library.reference("https://merged.example.org/x")
    merged.merged_into = library.reference("https://kept.example.org/x")
    merged.save()

    scheduling.enrol()
    scheduling.enrol()

    assert urls() == [URL, "https://kept.example.org/x", "https://www.nccn.org"]
    assert [site.name for site in WatchedSite.objects.all()] == [
        "example.org",
        "kept.example.org",
        "www.nccn.org",
    ]


def test_an_address_that_nothing_prints_any_more_is_let_go_and_taken_up_again(clock):
    reference = scheduling.in_library().get()
    keep(GONE)
    clock.shift(timedelta(days=1, seconds=1))
    reference.url = "https://example.org/new"
    reference.save()
    library.free_all()

    assert scheduling.take() is None
    assert (library.link(URL).due_at, library.link(URL).outcome) == (None, "broken")

    reference.url = URL
    reference.save()
    scheduling.enrol()
    assert library.link(URL).due_at == timezone.now()


def test_an_address_that_only_a_public_page_still_prints_is_watched(clock):
    publication = cast.published(cast.cast())
    scheduling.in_library().update(url="", url_normalised="")
    assert URL in publication.edition.snapshot

    assert scheduling.take().url == URL


def test_two_watchers_never_have_the_same_site(clock):
    library.reference("https://example.org/other")
    library.reference("https://elsewhere.example.org/")
    scheduling.enrol()

    taken = [scheduling.take(), scheduling.take(), scheduling.take()]

    assert [link and link.url for link in taken] == [URL, "https://elsewhere.example.org", None]


def test_what_a_watcher_left_behind_is_due_again_after_a_while(clock):
    scheduling.take()
    clock.shift(scheduling.TAKEN_FOR)

    assert scheduling.take().url == URL


def test_a_watcher_that_was_slower_leaves_no_site_taken(clock, monkeypatch):
    """Between looking for an address and taking it, another watcher took it and is done."""
    link = library.link(URL)
    WatchedLink.objects.update(due_at=timezone.now() + timedelta(days=7))

    assert scheduling.is_taken(link, timezone.now()) is False
    assert WatchedSite.objects.get().free_at == timezone.now()


def test_a_site_that_was_taken_meanwhile_leaves_its_address_due(clock):
    link = library.link(URL)
    WatchedSite.objects.update(free_at=timezone.now() + timedelta(minutes=1))

    assert scheduling.is_taken(link, timezone.now()) is False
    assert library.link(URL).due_at == timezone.now()
