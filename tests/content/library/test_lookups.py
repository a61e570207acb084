"""Lookups, against a server on this machine that answers as Crossref and PubMed do, or badly."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from content.citing import identifying
from content.library import lookups
from tests.content.citing.formats import test_crossref, test_pubmed

DOI, PMID = "10.1200/jco.2016.69.3812", "27863194"
OTHERWISE = "Fill in the fields yourself, or try again later."


class Service(ThreadingHTTPServer):
    """Answers everything with `answer(handler)`, and keeps what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answer = [], None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answer(self)

    def log_message(self, *args):
        pass


def says(body, status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body if isinstance(body, bytes) else body.encode())

    return answer


@pytest.fixture
def service(settings):
    with Service() as server:
        settings.REFERENCE_LOOKUPS = True
        settings.CROSSREF_URL = settings.PUBMED_URL = server.address
        settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://articles.example.org", "desk@example.org"
        settings.LOOKUP_SECONDS = 1
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def refused(kind=identifying.DOI, number=DOI):
    with pytest.raises(lookups.Unanswered) as unanswered:
        lookups.look_up(kind, number)
    return str(unanswered.value)


def test_look_up_asks_crossref_for_a_doi_and_says_who_asks(service):
    service.answer = says(json.dumps({"status": "ok", "message": test_crossref.WORK}))

    found = lookups.look_up(identifying.DOI, "10.1200/JCO(2016)69/../3812")

    assert found.csl["container-title"] == "Journal of Clinical Oncology"
    [(path, headers)] = service.asked
    assert path == "/works/10.1200%2FJCO%282016%2969%2F..%2F3812"
    assert headers["User-Agent"] == "Imprimatur (https://articles.example.org; mailto:desk@example.org)"


def test_look_up_asks_pubmed_for_a_number_and_says_who_asks(service):
    service.answer = says(f"\n{test_pubmed.ARTICLE}\n")

    found = lookups.look_up(identifying.PMID, PMID)

    assert (found.csl["PMID"], found.csl["container-title-short"]) == (PMID, "J Clin Oncol")
    [(path, _)] = service.asked
    assert urlsplit(path).path == "/efetch.fcgi"
    assert parse_qs(urlsplit(path).query) == {
        "db": ["pubmed"], "id": [PMID], "rettype": ["medline"], "retmode": ["text"], "tool": ["imprimatur"],
        "email": ["desk@example.org"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "number", "what"), [(identifying.DOI, DOI, "a DOI"), (identifying.PMID, PMID, "a PubMed number")]
)
def test_look_up_asks_nobody_unless_switched_on(service, settings, kind, number, what):
    settings.REFERENCE_LOOKUPS = False

    assert (
        refused(kind, number)
        == f"Looking up {what} is switched off on this site. Fill in the other fields yourself."
    )
    assert service.asked == []


def test_lookups_are_off_unless_somebody_switches_them_on(settings):
    assert settings.REFERENCE_LOOKUPS is False


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says("no", 404), f"Crossref has no entry for the DOI {DOI}. Check that it is typed correctly."),
        (
            says("no", 429),
            "Crossref is too busy just now. Fill in the fields yourself, or try again in a minute.",
        ),
        (says("no", 503), f"Crossref could not answer (HTTP status 503). {OTHERWISE}"),
        (
            says("", 302, Location="http://127.0.0.1:1/"),
            f"Crossref could not answer (HTTP status 302). {OTHERWISE}",
        ),
        (says("<html>"), f"The answer of Crossref could not be read. {OTHERWISE}"),
        (says("[" * 100_000), f"The answer of Crossref could not be read. {OTHERWISE}"),
        (says('{"message": 5}'), f"The answer of Crossref could not be read. {OTHERWISE}"),
        (says("[]"), f"The answer of Crossref could not be read. {OTHERWISE}"),
        (says("{}", **{"Content-Length": "500"}), f"Crossref cannot be reached from here. {OTHERWISE}"),
        (
            says(b"x" * (lookups.LARGEST + 1)),
            f"The answer of Crossref is too large to be a reference. {OTHERWISE}",
        ),
    ],
)
def test_look_up_says_plainly_what_went_wrong(service, answer, words):
    service.answer = answer

    assert refused() == words


def test_look_up_waits_no_longer_than_it_says(service):
    service.answer = lambda handler: time.sleep(3)
    began = time.monotonic()

    assert refused() == f"Crossref did not answer within 1 seconds. {OTHERWISE}"
    assert time.monotonic() - began < 2


def test_look_up_waits_no_longer_for_an_answer_that_trickles(service):
    def trickle(handler):
        handler.send_response(200)
        handler.end_headers()
        with suppress(ConnectionError):
            for _ in range(30):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.1)

    service.answer = trickle
    began = time.monotonic()

    assert refused() == f"Crossref did not answer within 1 seconds. {OTHERWISE}"
    assert time.monotonic() - began < 2


def test_look_up_says_when_nobody_is_there(settings, service):
    settings.CROSSREF_URL = "http://127.0.0.1:1"

    assert refused() == f"Crossref cannot be reached from here. {OTHERWISE}"


def test_look_up_opens_no_file(settings, service, tmp_path):
    settings.CROSSREF_URL = f"file://{tmp_path}"

    assert refused() == f"Crossref cannot be reached from here. {OTHERWISE}"


@pytest.mark.parametrize(
    "body", ["", "id: 27863194 Error occurred: cannot get document summary", test_pubmed.CHAPTER, "PMID- 27863194\nTI  - "]
)  # fmt: skip
def test_look_up_takes_nothing_that_pubmed_says_of_another_number(service, body):
    service.answer = says(body)

    assert (
        refused(identifying.PMID, PMID)
        == f"PubMed has no entry for the number {PMID}. Check that it is typed correctly."
    )


def test_look_up_hands_over_nothing_that_was_retracted(service):
    service.answer = says(test_pubmed.ARTICLE.replace("PST -", "PT  - Retracted Publication\nPST -"))

    assert refused(identifying.PMID, PMID).startswith("PubMed says that this article was retracted. ")
