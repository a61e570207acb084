"""What is answered where something went wrong on our side."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from content import outages
from content.outages import Outage

RETRY_AFTER = "60"


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 503 in plain words where the database is gone, full or busy, and 500 for our own mistakes."""
    outage = outages.of(sys.exc_info()[1])
    if outage is None:
        return server_error(request)
    # Without the request: its user and messages would ask the database.
    html = render_to_string(template(request), {"outage": outage, **what_was_sent(request, outage)})
    return HttpResponse(html, status=503, headers={"Retry-After": RETRY_AFTER})


def template(request: HttpRequest) -> str:
    return "staff/outage.html" if request.path_info.startswith("/admin/") else "public/outage.html"


def what_was_sent(request: HttpRequest, outage: Outage) -> dict[str, bool]:
    # When the line was cut in the middle, nobody knows whether COMMIT had passed it.
    was_begun = hasattr(request, "_cached_user")  # the first thing a staff page asks the database
    return {"is_form": request.method == "POST", "is_unsure": outage == Outage.GONE and was_begun}
