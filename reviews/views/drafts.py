"""From a draft to an edition: readiness, preview, submitting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import permissions
from content.access_checks import provenance
from content.admin.requests import attempt, person
from content.editions import current, submitting
from content.models import Article, Change, Edition
from content.public import pages
from content.public.views import article_page
from content.snapshots import snapshot
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity
from reviews import gate, objection_mail
from reviews.desk.article_status import standing
from reviews.forms import SubmitForm
from reviews.views.access import page, staff_page


def draft_or_404(pk: int) -> Article:
    return get_object_or_404(Article, pk=pk)


def draft_findings(article: Article, content: Snapshot) -> dict[str, list[Finding]]:
    # What the checks say of the draft as it is now; sign-offs are asked for once it is submitted.
    found = gate.of_draft(article, content)
    return {
        "blockers": [finding for finding in found if finding.severity == Severity.BLOCKER],
        "follow_ups": [finding for finding in found if finding.severity == Severity.FOLLOW_UP],
    }


@staff_page(permissions.VIEW_ARTICLE)
@require_safe
def readiness(request: HttpRequest, pk: int) -> HttpResponse:
    # Loaded by the article form beside the text (?panel), and a page of its own.
    article = draft_or_404(pk)
    context = {
        "title": f"Readiness of {article.title}",
        "article": article,
        "standing": standing(article),
        **draft_findings(article, snapshot.build(article)),
        "candidate": current.candidate(article),
        "live": current.live_publication(article),
        "can_submit": request.user.has_perm(permissions.SUBMIT_EDITION),
    }
    if "panel" in request.GET:
        return render(request, "reviews/_readiness.html", context)
    return page(request, "reviews/readiness.html", context)


@staff_page(permissions.VIEW_ARTICLE)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    # The draft as readers would see it: nothing is stored, and nothing earned is shown.
    article = draft_or_404(pk)
    content = snapshot.build(article)
    shared = [each for each in provenance.in_draft(article, content) if each.is_shared]
    preview = "Draft. Not public, not signed."
    return article_page(request, pages.page(content, pages.Facts()), preview=preview, shared=shared)


@staff_page(permissions.SUBMIT_EDITION)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    article = draft_or_404(pk)
    if request.method != "POST":
        return submit_page(request, article, SubmitForm(initial={"saves": article.saves}))
    form = SubmitForm(request.POST)
    ask_for_note(form, article)
    if not form.is_valid():
        messages.error(request, "Not submitted: see below what is missing.")
        return submit_page(request, article, form, status=422)
    with attempt(request, article=article) as tried:
        edition = submitting.submit(article, by=person(request), **form.cleaned_data)
    if tried.refused:
        article.refresh_from_db()
        again = SubmitForm(initial={**form.cleaned_data, "saves": article.saves})
        return submit_page(request, article, again, status=tried.status)
    objection_mail.tell_of_later_edition(edition)
    messages.success(request, submitted(edition))
    return redirect("edition", pk=edition.pk)


def ask_for_note(form: SubmitForm, article: Article) -> None:
    # The gate would ask for a note too, but of the edition, which can take none any more.
    if form.is_valid() and form.cleaned_data["change"] == Change.MAJOR and lacks_note(article):
        words = (
            "Not submitted: first tell readers what changed, in the note to readers of the draft. "
            "You cannot change the note after submitting."
        )
        form.add_error("change", words)


def lacks_note(article: Article) -> bool:
    # Readers would be told nothing of what is new in it.
    live = current.live_publication(article)
    if live is None:
        return False
    content = snapshot.build(article)
    digests = snapshot.part_digests(content)
    note = content["parts"]["public_note"]["text"]
    is_told = note and digests["public_note"] != live.edition.parts["public_note"]
    digest = snapshot.digest(snapshot.canonical(content))
    was_public = article.publications.filter(edition__digest=digest).exists()
    return not is_told and not was_public


def submitted(edition: Edition) -> str:
    again = edition.submissions.count() > 1
    return f"Edition {edition.number} is submitted for review{', with the same text as before' if again else ''}."


def submit_page(request: HttpRequest, article: Article, form: SubmitForm, status: int = 200) -> HttpResponse:
    content = snapshot.build(article)
    context = {
        "title": f"Submit {article.title} for review",
        "article": article,
        "form": form,
        "standing": standing(article),
        **draft_findings(article, content),
        "page": pages.page(content, pages.Facts()),
        "live": current.live_publication(article),
    }
    return page(request, "reviews/submit.html", context, status)
