"""An edition as a file, for people who review on paper."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from reviews import exporting
from reviews.views.access import staff_page
from reviews.views.editions import found


@staff_page()
@require_safe
def edition_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    made = exporting.of_edition(found(pk), form)
    header = content_disposition_header(True, made.name)
    return HttpResponse(made.data, made.media_type, headers={"Content-Disposition": header})
