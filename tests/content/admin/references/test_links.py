"""A reference's page in the admin: what the machine found stands beside what people found."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from content.access_checks import recording as access_recording
from content.admin.references import links
from content.links import pacing, recording, scheduling
from content.links.visiting import Look
from content.models import AccessCheck, Outcome, Reference, WatchedLink, WatchedSite
from tests import cast
from tests.content.links import library, servers

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def site(settings, monkeypatch):
    monkeypatch.setattr(pacing, "PAUSE", 0.01)
    made = servers.Server()
    settings.WATCH_LINKS = True
    settings.LINKS_MAY_ALSO_REACH = frozenset({(made.address, made.port)})
    with servers.serving(made):
        yield made


@pytest.fixture
def reference(people, site):
    return cast.reference(people["ann"], url=library.at(site, "/kaposi"))


def address(reference, page="change"):
    return f"/admin/content/reference/{reference.pk}/{page}/"


def shown(client, reference):
    """The lines of the card above the form."""
    text = client.get(address(reference)).content.decode()
    card = text.partition('<section class="link-state')[2].partition("</section>")[0].partition(">")[2]
    words = "".join(part.partition(">")[2] if ">" in part else part for part in card.split("<"))
    return [line.strip() for line in words.splitlines() if line.strip()]


def told(answer):
    return [f"{message.level_tag}: {message}" for message in answer.context["messages"]]


def test_an_address_nobody_looked_at_is_never_called_good(client, people, reference):
    client.force_login(people["gus"])

    assert shown(client, reference) == [
        "Its web address",
        "Automatic check",
        "Not checked yet.",
        "Access check",
        "Nobody has recorded an access check of this address yet.",
    ]


def test_the_machine_and_people_stand_side_by_side_with_their_days(client, people, reference):
    for day in (date(2026, 10, 6), date(2026, 9, 1)):
        access_recording.opened(reference, by=people["ann"], on=day, found="unchanged")
    scheduling.enrol()
    now = timezone.now().replace(year=2026, month=11, day=3, hour=17, minute=5)
    link = WatchedLink.objects.get()
    recording.keep(link, Look(Outcome.OK, 200, title="Page not found"), now)
    client.force_login(people["gus"])

    assert shown(client, reference) == [
        "Its web address",
        "Automatic check, November 3, 2026, 12:05 p.m. EST",
        "The address answers. The page there has the title “Page not found”, "
        "but here the title is “Kaposi sarcoma: how it is treated”. Check that it is the same work.",
        "Access check, October 6, 2026",
        "Ann Example opened it and found: unchanged.",
    ]


def test_a_reference_without_an_address_has_no_link(client, people):
    client.force_login(people["gus"])

    assert shown(client, cast.reference(people["ann"], url="")) == []


def test_the_add_page_opens(client, people):
    client.force_login(people["ann"])

    assert client.get("/admin/content/reference/add/").status_code == 200


def test_look_now_looks_and_says_what_it_found(client, people, reference, site):
    site.pages["/kaposi"] = servers.titled("Kaposi sarcoma: how it is treated")
    checks = list(AccessCheck.objects.values())
    client.force_login(people["ann"])

    answer = client.post(address(reference, "look"), follow=True)

    assert answer.redirect_chain == [(address(reference), 302)]
    assert told(answer) == ["success: The address answers."]
    assert site.asked() == ["HEAD /kaposi", "GET /kaposi"]
    assert list(AccessCheck.objects.values()) == checks


def test_look_now_that_finds_nothing_is_no_success(client, people, reference, site):
    client.force_login(people["ann"])

    answer = client.post(address(reference, "look"), follow=True)

    today = timezone.localdate()
    assert told(answer) == [
        f"warning: The site says that the page is not there (404). First found gone on {today:%B %-d, %Y}."
    ]


def test_look_now_changes_no_row_of_the_library(client, people, reference, site):
    before, trail = Reference.objects.values().get(), reference.history.count()
    client.force_login(people["ann"])

    client.post(address(reference, "look"))

    assert (Reference.objects.values().get(), reference.history.count()) == (before, trail)


@pytest.mark.parametrize(
    ("who", "status"), [("ann", 302), ("bob", 403), ("dora", 403), ("gus", 403), ("eve", 403)]
)
def test_look_now_asks_a_right_of_its_own(client, people, reference, site, who, status):
    client.force_login(people[who])

    assert client.post(address(reference, "look")).status_code == status
    assert (site.connections > 0) == (status == 302)


def test_look_now_is_offered_to_whom_it_is_open(client, people, reference):
    offered = {}
    for who in ("ann", "gus"):
        client.force_login(people[who])
        offered[who] = "Check the address now" in client.get(address(reference)).content.decode()

    assert offered == {"ann": True, "gus": False}


def test_look_now_takes_no_get(client, people, reference, site):
    client.force_login(people["ann"])

    assert client.get(address(reference, "look")).status_code == 405
    assert site.connections == 0


def test_look_now_where_links_are_not_watched_connects_to_nothing(client, people, reference, site, settings):
    settings.WATCH_LINKS = False
    client.force_login(people["ann"])

    answer = client.post(address(reference, "look"), follow=True)

    assert told(answer) == [
        "warning: Not checked: automatic checks of web addresses are switched off here. An administrator can switch them on."
    ]
    assert (site.connections, "Check the address now" in answer.content.decode()) == (0, False)


def test_look_now_leaves_a_site_alone_that_is_being_looked_at(client, people, reference, site):
    scheduling.enrol()
    WatchedSite.objects.update(free_at=timezone.now() + timedelta(minutes=1))
    client.force_login(people["ann"])

    answer = client.post(address(reference, "look"), follow=True)

    assert told(answer) == [
        "warning: Not checked yet: the site is being checked already, or asked us to wait. Try again later."
    ]
    assert site.connections == 0


def test_look_now_is_done_for_one_person_at_a_time(client, people, reference, site):
    client.force_login(people["ann"])

    with links.one_at_a_time:
        answer = client.post(address(reference, "look"), follow=True)

    assert told(answer) == [
        "warning: Not checked yet: another address is being checked. Try again in a moment."
    ]
    assert site.connections == 0


def test_look_now_without_an_address(client, people, site):
    client.force_login(people["ann"])

    answer = client.post(address(cast.reference(people["ann"], url=""), "look"), follow=True)

    assert told(answer) == ["warning: Not checked: this reference has no web address."]


def test_look_now_without_a_way_out(client, people, site):
    client.force_login(people["ann"])
    reference = cast.reference(people["ann"], url="https://nowhere.invalid/")

    answer = client.post(address(reference, "look"), follow=True)

    assert told(answer) == [
        "warning: Not checked: this server has no connection to the internet. Tell your administrator."
    ]
    assert WatchedLink.objects.get().outcome == Outcome.UNCHECKED


def listed(client, **chosen):
    answer = client.get("/admin/content/reference/", chosen)
    return [row.title for row in answer.context["cl"].result_list]


def test_references_are_filtered_by_what_the_machine_found(client, people, site):
    site.pages |= {"/fine": servers.titled("Fine"), "/locked": servers.answer(403)}
    for path in ("fine", "locked", "gone"):
        cast.reference(people["ann"], title=path.title(), url=library.at(site, f"/{path}"))
        links.looked_at(library.at(site, f"/{path}"))
        library.free_all()
    cast.reference(people["ann"], title="New", url=library.at(site, "/new"))
    cast.reference(people["ann"], title="Book", url="")
    client.force_login(people["gus"])

    assert listed(client, link="ok") == ["Fine"]
    assert listed(client, link="needs-login") == ["Locked"]
    assert listed(client, link="broken") == ["Gone"]
    assert listed(client, link="unchecked") == ["New"]
    assert len(listed(client)) == 5


def test_an_address_that_was_changed_is_not_looked_at_yet(client, people, reference, site):
    client.force_login(people["ann"])
    client.post(address(reference, "look"))
    reference.url = library.at(site, "/other")
    reference.save()

    assert "Not checked yet." in shown(client, reference)
