"""Asking Crossref what a DOI is, and PubMed what a number is. Off unless REFERENCE_LOOKUPS says otherwise."""

import json
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode

from django.conf import settings

from content.citing import identifying
from content.citing.formats import crossref, reading
from content.citing.formats.entries import Entry, Fault

LARGEST = 2 * 1024 * 1024
OTHERWISE = "Fill in the fields yourself, or try again later."


class Unanswered(Exception):
    """Why there is nothing to fill in, in an editor's words."""


def look_up(kind: str, number: str) -> Entry:
    """Raises Unanswered."""
    if not settings.REFERENCE_LOOKUPS:
        what = identifying.NAMES[kind]
        raise Unanswered(
            f"Looking up {what} is switched off on this site. Fill in the other fields yourself."
        )
    found = at_crossref(number) if kind == identifying.DOI else at_pubmed(number)
    if isinstance(found, Fault):
        raise Unanswered(found.words)
    return found


def at_crossref(doi: str) -> Entry | Fault:
    answer = fetched("Crossref", f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}", f"the DOI {doi}")
    try:
        message = json.loads(answer)["message"]
        return crossref.entry(message)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unanswered(f"The answer of Crossref could not be read. {OTHERWISE}") from error


def at_pubmed(number: str) -> Entry | Fault:
    asked = {"db": "pubmed", "id": number, "rettype": "medline", "retmode": "text", "tool": "imprimatur"}
    asked["email"] = settings.DEFAULT_FROM_EMAIL
    what = f"the number {number}"
    read = reading.read(
        fetched("PubMed", f"{settings.PUBMED_URL}/efetch.fcgi?{urlencode(asked)}", what), wanted="pubmed"
    )
    if read.entries and read.entries[0].csl.get("PMID") == number:
        return read.entries[0]
    said = [fault for fault in read.faults if fault.code in ("retracted", "unsound")]
    return (
        said[0]
        if said
        else Fault("unknown", f"PubMed has no entry for {what}. Check that it is typed correctly.")
    )


def fetched(source: str, url: str, what: str) -> bytes:
    """Return the body of the answer, within the seconds and size that one reference may take. Raises Unanswered."""
    deadline = monotonic() + settings.LOOKUP_SECONDS
    agent = f"Imprimatur ({settings.SITE_URL}; mailto:{settings.DEFAULT_FROM_EMAIL})"
    asked = request.Request(url, headers={"User-Agent": agent})  # noqa: S310  the site's settings name the address
    try:
        with opener().open(asked, timeout=settings.LOOKUP_SECONDS) as response:
            return body(response, deadline)
    except HTTPError as error:
        error.close()
        raise Unanswered(refused(source, error.code, what)) from error
    except (TimeoutError, URLError, OSError, HTTPException, TooLarge) as error:
        raise Unanswered(unreached(source, error)) from error


class TooLarge(Exception):
    pass


def opener() -> request.OpenerDirector:
    # Follows no redirect, and opens nothing but http and https.
    director = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPErrorProcessor,
        request.UnknownHandler,
    ):
        director.add_handler(handler())
    return director


def body(response: HTTPResponse, deadline: float) -> bytes:
    found = b""
    while piece := response.read1(64 * 1024):
        found += piece
        if len(found) > LARGEST:
            raise TooLarge
        if monotonic() > deadline:
            raise TimeoutError
    if response.length:
        raise OSError("The answer was incomplete.")
    return found


def refused(source: str, status: int, what: str) -> str:
    if status in (400, 404):
        return f"{source} has no entry for {what}. Check that it is typed correctly."
    if status == 429:
        return f"{source} is too busy just now. Fill in the fields yourself, or try again in a minute."
    return f"{source} could not answer (HTTP status {status}). {OTHERWISE}"


def unreached(source: str, error: Any) -> str:
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return f"{source} did not answer within {settings.LOOKUP_SECONDS} seconds. {OTHERWISE}"
    if isinstance(error, TooLarge):
        return f"The answer of {source} is too large to be a reference. {OTHERWISE}"
    return f"{source} cannot be reached from here. {OTHERWISE}"
