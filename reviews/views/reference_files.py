"""The references of a draft or an edition as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import permissions
from content.library import exporting
from content.library.exporting import Cited
from reviews.views.access import staff_page
from reviews.views.drafts import draft_or_404
from reviews.views.editions import found


@staff_page(permissions.VIEW_ARTICLE)
@require_safe
def of_draft(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    article = draft_or_404(pk)
    return as_file(exporting.of_draft(article), form, article.slug)


@staff_page()
@require_safe
def of_edition(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    edition = found(pk)
    return as_file(exporting.of_edition(edition), form, f"{edition.article.slug}-edition-{edition.number}")


def as_file(cited: list[Cited], form: str, name: str) -> HttpResponse:
    if form not in exporting.FORMS:
        raise Http404("There is no such file.")
    made = exporting.FORMS[form]
    header = content_disposition_header(True, f"{name}-{made.file_name}")
    return HttpResponse(
        made.write(cited), content_type=made.media_type, headers={"Content-Disposition": header}
    )
