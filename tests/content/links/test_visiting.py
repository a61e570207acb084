"""One look at one address, over real connections to servers that do what servers do."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from content.links import visiting
from content.links.http.faults import NoNetwork
from content.links.pacing import Pace
from content.links.visiting import Look
from content.models import Outcome
from tests.content.links.servers import Names, Server, answer, redirect, serving, titled, way_to

ENDED_BY = 4.0


def look(server, path="/", *, way=None, patience=visiting.PATIENCE, names=None):
    url = path if "://" in path else f"http://127.0.0.1:{server.port}{path}"
    return visiting.look(url, way=way or way_to(server, names=names), pace=Pace(0), patience=patience)


def at(server, path):
    return f"http://127.0.0.1:{server.port}{path}"


def test_a_page_is_asked_for_by_head_then_read_for_its_title(server):
    server.pages["/kaposi"] = titled("Kaposi Sarcoma")

    found = look(server, "/kaposi")

    assert found == Look(Outcome.OK, 200, title="Kaposi Sarcoma")
    assert server.asked() == ["HEAD /kaposi", "GET /kaposi"]


def test_who_asks_says_who_it_is_and_takes_no_packed_pages(server, settings):
    settings.SITE_URL = "https://articles.example.org"
    server.pages["/"] = titled("x")

    look(server)

    assert server.requests[0].headers == {
        "Host": f"127.0.0.1:{server.port}",
        "User-Agent": "Imprimatur link check (https://articles.example.org)",
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_what_is_no_page_is_not_fetched(server):
    server.pages["/label.pdf"] = answer(200, b"%PDF", "application/pdf")

    assert look(server, "/label.pdf") == Look(Outcome.OK, 200)
    assert server.asked() == ["HEAD /label.pdf"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_head_refused_is_not_believed(server, status):
    server.pages |= {"HEAD /": answer(status), "/": titled("Here all the same")}

    assert look(server) == Look(Outcome.OK, 200, title="Here all the same")


def test_head_that_is_cut_off_is_not_believed(server):
    server.pages |= {"HEAD /": b"", "/": titled("Here all the same")}

    assert look(server) == Look(Outcome.OK, 200, title="Here all the same")


def test_head_that_is_never_answered_leaves_time_for_get(server, monkeypatch):
    monkeypatch.setattr(visiting, "PATIENCE_FOR_HEAD", 0.3)
    server.pages |= {"HEAD /": lambda send: time.sleep(5), "/": titled("Here all the same")}

    assert look(server, patience=5) == Look(Outcome.OK, 200, title="Here all the same")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.OK),
        (204, Outcome.OK),
        (304, Outcome.TROUBLE),
        (400, Outcome.TROUBLE),
        (401, Outcome.LOGIN),
        (402, Outcome.LOGIN),
        (403, Outcome.LOGIN),
        (404, Outcome.BROKEN),
        (405, Outcome.TROUBLE),
        (407, Outcome.LOGIN),
        (408, Outcome.TROUBLE),
        (410, Outcome.BROKEN),
        (418, Outcome.TROUBLE),
        (429, Outcome.LOGIN),
        (451, Outcome.LOGIN),
        (500, Outcome.TROUBLE),
        (503, Outcome.TROUBLE),
    ],
)
def test_what_a_status_says(server, status, outcome):
    server.pages["/"] = answer(status, content_type="text/plain")

    assert look(server) == Look(outcome, status)


def test_a_server_that_recovers_answers_again(server):
    server.pages["/"] = [answer(500), answer(500), titled("Back")]

    assert look(server) == Look(Outcome.TROUBLE, 500)
    assert look(server) == Look(Outcome.OK, 200, title="Back")


@pytest.mark.parametrize(
    ("status", "header", "least", "most"),
    [
        (429, "120", 120, 120),
        (503, "5", 5, 5),
        (503, "99999999999999999999", 604_800, 604_800),
        (429, "Wed, 01 Jan 2999 00:00:00 GMT", 604_800, 604_800),
        (429, "Wed, 01 Jan 2020 00:00:00 GMT", 0, 0),
        (429, "soon", 0, 0),
        (429, "-5", 0, 0),
        (429, "²", 0, 0),
        (200, "120", 0, 0),
    ],
)
def test_a_site_says_how_long_it_wants_to_be_left_alone(server, status, header, least, most):
    server.pages["/"] = answer(status, Retry_After=header)

    assert least <= look(server).wait <= most


def test_a_site_that_wants_to_be_left_alone_is_asked_no_second_time(server):
    server.pages["/"] = answer(429)

    look(server)

    assert server.asked() == ["HEAD /"]


# Redirects


@pytest.mark.parametrize("status", [301, 308])
def test_a_page_that_moved_for_good(server, status):
    server.pages |= {"/old": redirect("/new", status), "/new": titled("New")}

    assert look(server, "/old") == Look(Outcome.MOVED, 200, final_url=at(server, "/new"), title="New")
    assert server.asked() == ["HEAD /old", "HEAD /new", "GET /new"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_is_elsewhere_for_now_answers(server, status):
    server.pages |= {"/old": redirect("/new", status), "/new": titled("New")}

    assert look(server, "/old") == Look(Outcome.OK, 200, final_url=at(server, "/new"), title="New")


def test_only_what_leads_on_for_good_from_the_first_counts_as_moved(server):
    server.pages |= {"/a": redirect("/b", 302), "/b": redirect("/c", 301), "/c": titled("C")}

    assert look(server, "/a") == Look(Outcome.OK, 200, final_url=at(server, "/c"), title="C")


def test_a_slash_more_is_no_other_address(server):
    server.pages |= {"/a": redirect("/a/"), "/a/": titled("A")}

    assert look(server, "/a") == Look(Outcome.OK, 200, final_url=at(server, "/a/"), title="A")


def test_a_chain_of_five_is_followed_and_six_are_not(server):
    server.pages |= {f"/{n}": redirect(f"/{n + 1}") for n in range(7)}
    server.pages["/7"] = titled("At last")

    assert look(server, "/2") == Look(Outcome.MOVED, 200, final_url=at(server, "/7"), title="At last")
    assert look(server, "/1").outcome == Outcome.TROUBLE
    assert look(server, "/1").why == "leads on in a circle, or more than 5 times"


def test_a_circle_is_left_at_once(server):
    server.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}

    assert look(server, "/a").why == "leads on in a circle, or more than 5 times"
    assert server.asked() == ["HEAD /a", "HEAD /b"]


def test_a_redirect_to_nowhere_is_trouble(server):
    server.pages["/a"] = answer(302)

    assert look(server, "/a") == Look(Outcome.TROUBLE, 302)


def test_a_page_that_moved_and_is_gone_is_gone(server):
    server.pages |= {"/old": redirect("/new")}

    assert look(server, "/old") == Look(Outcome.BROKEN, 404, final_url=at(server, "/new"))


@pytest.mark.parametrize(
    "path", ["/login?ReturnURL=%2Fguideline", "/sso/start", "/Account/Sign-In", "/x?return_to=y"]
)
def test_a_redirect_to_a_login_is_a_login(server, path):
    server.pages |= {"/guideline": redirect(path, 302), path: titled("Log in")}

    assert look(server, "/guideline").outcome == Outcome.LOGIN


def test_a_page_about_logging_in_is_no_login(server):
    server.pages["/login"] = titled("How to log in")

    assert look(server, "/login").outcome == Outcome.OK


@pytest.mark.parametrize(
    ("location", "path"),
    [("/ein gang", "/ein%20gang"), ("/größe", "/gr%C3%B6%C3%9Fe"), ("/a%20b?q=ü#part", "/a%20b?q=%C3%BC")],
)
def test_a_redirect_is_quoted_as_it_must_be(server, location, path):
    server.pages |= {
        "/a": b"HTTP/1.1 301 x\r\nLocation: " + location.encode() + b"\r\nContent-Length: 0\r\n\r\n",
        path: titled("There"),
    }

    assert look(server, "/a").title == "There"


# What must not be connected to


UNSAFE_REDIRECTS = {
    "file:///etc/passwd": "leads to “file:”, which is not a web page",
    "ftp://example.org/x": "leads to “ftp:”, which is not a web page",
    "javascript:alert(1)": "leads to “javascript:”, which is not a web page",
    "gopher://127.0.0.1:6379/_INFO": "leads to “gopher:”, which is not a web page",
    "http://user:secret@example.org/": "contains a user name",
    "http://10.0.0.1/": "leads to an address that is not on the public internet",
    "http://169.254.169.254/latest/meta-data/": "leads to an address that is not on the public internet",
    "http://2130706433/": "leads to an address that is not on the public internet",
    "http://0x7f.1/": "leads to an address that is not on the public internet",
    "http://0177.0.0.1/": "leads to an address that is not on the public internet",
    "http://127.1/": "leads to an address that is not on the public internet",
    "http://0/": "leads to an address that is not on the public internet",
    "http://[::1]/": "leads to an address that is not on the public internet",
    "http://[::ffff:127.0.0.1]/": "leads to an address that is not on the public internet",
    "http://[fe80::1]/": "leads to an address that is not on the public internet",
    "http://①②⑦.0.0.1/": "leads to an address that is not on the public internet",
    "http://127。0。0。1/": "leads to an address that is not on the public internet",
    "http://localhost/": "leads to an address that is not on the public internet",
    "http://8.8.8.8:6379/": "leads to port 6379, which is not one that public pages use",
    "http://8.8.8.8:99999/": "leads to something that is not a web address",
    "http://[oops/": "leads to something that is not a web address",
}


@pytest.mark.parametrize(("location", "why"), UNSAFE_REDIRECTS.items())
def test_a_redirect_to_what_is_no_public_page_is_not_followed(server, location, why):
    server.pages["/"] = b"HTTP/1.1 302 x\r\nLocation: " + location.encode() + b"\r\nContent-Length: 0\r\n\r\n"

    found = look(server)

    assert (found.outcome, found.why) == (Outcome.UNSAFE, why)
    assert server.asked() == ["HEAD /"]


def test_a_redirect_to_another_server_on_this_machine_does_not_reach_it(server):
    inner = Server()
    with serving(inner):
        server.pages["/"] = redirect(at(inner, "/secret"))

        found = look(server)

    assert (found.outcome, inner.connections) == (Outcome.UNSAFE, 0)


@pytest.mark.parametrize("url", [url for url in UNSAFE_REDIRECTS if url.startswith("http")])
def test_an_address_that_is_no_public_page_is_not_asked(server, url):
    found = visiting.look(url, way=way_to(), pace=Pace(0))

    assert (found.outcome, found.status, found.why) == (Outcome.UNSAFE, None, UNSAFE_REDIRECTS[url])


def test_a_server_on_this_machine_is_not_reached_by_default(server):
    found = look(server, way=way_to())

    assert (found.outcome, server.connections) == (Outcome.UNSAFE, 0)


def test_a_name_that_is_bound_anew_after_the_check_changes_nothing(server):
    """What was checked is connected to: the name is asked for once for each connection."""
    names = Names({"rebound.test": [["127.0.0.1"], ["10.0.0.1"]]})
    server.pages["/"] = titled("x")

    found = look(server, f"http://rebound.test:{server.port}/", names=names)

    assert server.asked() == ["HEAD /"]
    assert found == Look(Outcome.UNSAFE, None, "leads to an address that is not on the public internet")
    assert names.asked == {"rebound.test": 2}


def test_inner_addresses_beside_a_public_one_are_passed_over(server):
    inner = Server("127.0.0.2", server.port)
    names = Names({"both.test": [["127.0.0.2", "10.0.0.1", "127.0.0.1"]]})
    server.pages["/"] = titled("x")
    with serving(inner):
        found = look(server, f"http://both.test:{server.port}/", names=names)

    assert (found.outcome, inner.connections) == (Outcome.OK, 0)


def test_the_name_is_said_to_the_server_though_an_address_was_dialled(server):
    server.pages["/"] = titled("x")
    names = Names({"xn--mller-kva.test": [["127.0.0.1"]]})

    look(server, f"http://müller.test:{server.port}/", names=names)

    assert server.requests[0].headers["Host"] == f"xn--mller-kva.test:{server.port}"


def test_the_next_address_is_tried_where_the_first_does_not_answer(server):
    names = Names({"two.test": [["127.0.0.9", "127.0.0.1"]]})
    way = way_to(server, names=names)
    way = type(way)(way.resolve, way.trust, way.also | {("127.0.0.9", server.port)})
    server.pages["/"] = titled("x")

    assert look(server, f"http://two.test:{server.port}/", way=way).outcome == Outcome.OK


# Names


def test_a_name_nobody_knows(server):
    names = Names({"gone.test": [socket.gaierror(socket.EAI_NONAME, "Name or service not known")]})

    found = look(server, "http://gone.test/", names=names)

    assert found == Look(Outcome.NO_HOST, why="is not known to any name server")


@pytest.mark.parametrize(
    "url", ["http://a..b/", "http://" + "a" * 64 + ".org/", "http:///x", "http://a%0d%0ab/"]
)
def test_a_name_that_cannot_exist(server, url):
    assert look(server, url) == Look(Outcome.NO_HOST, why="names a site that cannot exist")


def test_a_name_server_that_fails_says_nothing_of_the_address(server):
    names = Names({"some.test": [socket.gaierror(socket.EAI_AGAIN, "Temporary failure")]})

    with pytest.raises(NoNetwork):
        look(server, "http://some.test/", names=names)


def test_a_name_server_that_never_answers_says_nothing_of_the_address(server):
    began = time.monotonic()

    with pytest.raises(NoNetwork):
        look(server, "http://some.test/", names=lambda host, port: time.sleep(30), patience=0.3)

    assert time.monotonic() - began < ENDED_BY


# Hostile servers


def test_a_server_that_takes_no_connections(server):
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    closed = type("Closed", (), {"address": "127.0.0.1", "port": port})

    assert look(closed) == Look(Outcome.TROUBLE, why="refuses connections")


def drip(first, piece=b"x", pause=0.1):
    """A server that keeps a connection busy for ever, byte by byte."""

    def page(send):
        send(first)
        for _ in range(200):
            time.sleep(pause)
            send(piece)

    return page


HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "said",
    [
        drip(b""),
        drip(b"HTTP/1.1 200 OK\r\nX: "),
        drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.05),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(HEADERS + b"\r\n<title>"),
        drip(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(HEADERS + b"Content-Length: 400000\r\n\r\n"),
        lambda send: time.sleep(10),
    ],
    ids="status header headers continue body chunks length silence".split(),
)
def test_a_server_that_drips_is_given_up_in_time(server, said):
    server.pages |= {"HEAD /": HEADERS + b"\r\n", "/": said}
    began = time.monotonic()

    found = look(server, patience=1.0)

    assert found == Look(Outcome.TIMED_OUT, None, "did not answer in time")
    assert time.monotonic() - began < ENDED_BY


def drip_a_handshake(listening):
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB is to follow
        for _ in range(200):
            time.sleep(0.1)
            connection.sendall(b"x")


def flood_a_handshake(listening):
    connection, _ = listening.accept()
    until = time.monotonic() + 2 * ENDED_BY
    with connection, suppress(OSError):
        while time.monotonic() < until:
            connection.sendall(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000)  # “let us begin anew”


@pytest.mark.parametrize("shake_hands", [drip_a_handshake, flood_a_handshake])
def test_a_handshake_that_does_not_end_is_given_up_in_time(shake_hands):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=shake_hands, args=[listening], daemon=True).start()
        port = listening.getsockname()[1]
        server = type("Dripping", (), {"address": "127.0.0.1", "port": port})
        began = time.monotonic()

        found = look(server, f"https://127.0.0.1:{port}/", patience=0.5)

    assert (found.outcome, time.monotonic() - began < ENDED_BY) == (Outcome.TIMED_OUT, True)


def flood(first, piece):
    def page(send):
        send(first)
        while True:
            send(piece)

    return page


@pytest.mark.parametrize(
    "said",
    [
        flood(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 8192),
        flood(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 1000),
        flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        flood(b"HTTP/1.1 200 ", b"x" * 8192),
        HEADERS + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\0" * 100_000,
    ],
    ids="header headers continue status chunk ssh zeros".split(),
)
def test_what_is_no_answer_is_trouble(server, said):
    server.pages |= {"HEAD /": HEADERS + b"\r\n", "/": said}

    found = look(server)

    assert found == Look(Outcome.TROUBLE, None, "sends something that is not a web page")


@pytest.mark.parametrize(
    "start",
    [
        HEADERS + b"\r\n",
        HEADERS + b"Transfer-Encoding: chunked\r\n\r\n40\r\n" + b" " * 64 + b"\r\n",
    ],
    ids=["until the end", "chunks"],
)
def test_an_endless_page_is_read_until_its_head_ends(server, start):
    title = b"<html><head><title>Endless</title></head>"
    is_chunked = b"chunked" in start
    first = b"%x\r\n%s\r\n" % (len(title), title) if is_chunked else title
    piece = b"2000\r\n" + b"x" * 8192 + b"\r\n" if is_chunked else b"x" * 8192
    server.pages |= {"HEAD /": HEADERS + b"\r\n", "/": flood(start + first, piece)}

    assert look(server) == Look(Outcome.OK, 200, title="Endless")


def test_of_an_endless_page_without_a_head_only_so_much_is_taken(server):
    sent = []

    def page(send):
        send(HEADERS + b"\r\n")
        while True:
            send(b"x" * 8192)
            sent.append(8192)

    server.pages |= {"HEAD /": HEADERS + b"\r\n", "/": page}

    assert look(server) == Look(Outcome.OK, 200)
    assert sum(sent) < 8_000_000  # what lies in the buffers of both ends is sent, and not read


def test_a_packed_page_is_not_read(server):
    server.pages["/"] = titled("Not to be trusted", Content_Encoding="gzip")

    assert look(server) == Look(Outcome.OK, 200)


def test_patience_is_for_the_whole_way_not_for_each_step(server):
    def slowly(location):
        return lambda send: (time.sleep(0.4), send(redirect(location)))

    server.pages |= {f"/{n}": slowly(f"/{n + 1}") for n in range(5)}
    server.pages["/5"] = titled("Too late")

    assert look(server, "/0", patience=1.0).outcome == Outcome.TIMED_OUT


def test_a_title_in_a_page_that_stops_short_is_taken(server):
    server.pages["/"] = titled("Short").replace(b"Content-Length: ", b"Content-Length: 9")

    assert look(server).title == "Short"


# Certificates


@pytest.fixture
def secure(request):
    made = Server(certificate=request.param)
    with serving(made):
        made.pages["/"] = titled("Secure")
        yield made


def look_securely(server, host):
    names = Names({host: [["127.0.0.1"]]})
    return look(server, f"https://{host}:{server.port}/", names=names)


@pytest.mark.parametrize(
    ("secure", "host", "why"),
    [
        ("expired", "expired.test", "has expired"),
        ("self-signed", "self-signed.test", "was issued by the site to itself"),
        ("good", "other.test", "belongs to another site"),
        ("good", "127.0.0.1", "belongs to another site"),
    ],
    indirect=["secure"],
)
def test_a_certificate_that_is_not_right_says_why(secure, host, why):
    assert look_securely(secure, host) == Look(Outcome.CERTIFICATE, why=why)


@pytest.mark.parametrize("secure", ["good"], indirect=True)
def test_a_right_certificate_is_that_of_the_name(secure):
    assert look_securely(secure, "good.test") == Look(Outcome.OK, 200, title="Secure")


@pytest.mark.parametrize("secure", ["good"], indirect=True)
def test_an_authority_nobody_here_knows(secure):
    names = Names({"good.test": [["127.0.0.1"]]})
    way = way_to(secure, names=names)
    stranger = type(way)(resolve=names, also=way.also)

    found = look(secure, f"https://good.test:{secure.port}/", way=stranger)

    assert found == Look(Outcome.CERTIFICATE, why="comes from an authority that is not known here")


def test_a_server_without_certificates_behind_https(server):
    server.greeting = answer(400)

    found = look(server, f"https://127.0.0.1:{server.port}/")

    assert found.outcome == Outcome.CERTIFICATE


@pytest.mark.parametrize("secure", ["good"], indirect=True)
def test_https_that_leads_to_http_is_followed_and_said(secure, server):
    server.pages["/"] = titled("Plain")
    secure.pages["/"] = redirect(at(server, "/"))
    names = Names({"good.test": [["127.0.0.1"]], "127.0.0.1": [["127.0.0.1"]]})

    found = look(secure, f"https://good.test:{secure.port}/", way=way_to(secure, server, names=names))

    assert found == Look(Outcome.MOVED, 200, final_url=at(server, "/"), title="Plain")
