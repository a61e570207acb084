"""Beginning a translation of an article, and what changed in the source of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import permissions
from content import differences, languages
from content.admin.requests import attempt, person
from content.models import Article, Edition
from content.translations import source_edition, starting
from reviews.views.access import page, staff_page


class TranslateForm(forms.Form):
    """Carries the edition its page named: what is public may be another by the time the form comes back."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label="Which language do you translate into?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, missing: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["language"]
        field.choices = missing


def article_or_404(pk: int) -> Article:
    return get_object_or_404(Article.objects.select_related("work"), pk=pk)


def public_edition(article: Article) -> Edition | None:
    """Return the live edition, or else the one that was public last."""
    newest = article.publications.select_related("edition").first()
    return newest.edition if newest else None


def missing_languages(article: Article) -> list[tuple[str, str]]:
    there = set(article.work.articles.values_list("language", flat=True))
    return [(code, name) for code, name in languages.NAMES.items() if code not in there]


@staff_page(permissions.ADD_ARTICLE)
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_or_404(pk)
    if request.method != "POST":
        return translate_page(request, article)
    form = TranslateForm(request.POST, missing=list(languages.NAMES.items()))
    if not form.is_valid():
        messages.error(request, "Nothing was started: choose a language.")
        return translate_page(request, article, status=422)
    source = get_object_or_404(Edition, pk=form.cleaned_data["edition"], article=article)
    me = person(request)
    with attempt(request, edition=source) as tried:
        begun = starting.begin(source, language=form.cleaned_data["language"], by=me)
    if tried.refused:
        return translate_page(request, article, status=tried.status)
    messages.success(
        request,
        "The translation is started with the text of the original. Replace it with the translation, and choose an address.",
    )
    return redirect("admin:content_article_change", begun.pk)


def translate_page(request: HttpRequest, article: Article, status: int = 200) -> HttpResponse:
    edition, missing = public_edition(article), missing_languages(article)
    context = {
        "title": f"Translate {article.title}",
        "article": article,
        "edition": edition,
        "others": article.work.articles.exclude(pk=article.pk),
        "form": TranslateForm(initial={"edition": edition.pk}, missing=missing)
        if edition and missing
        else None,
    }
    return page(request, "reviews/translate.html", context, status)


@staff_page()
@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    return source_page(request, article_or_404(pk))


def source_page(request: HttpRequest, article: Article, status: int = 200) -> HttpResponse:
    followed = source_edition.source_of(article, article.source_digest)
    if followed is None:
        raise Http404("This article is not a translation.")
    live = source_edition.live_of(followed)
    now = live.edition if live else None
    context = {
        "title": f"Source edition of {article.title}",
        "article": article,
        "followed": followed,
        "live": live,
        "now": now,
        "is_newest": now is not None and now.pk == followed.pk,
        "difference": between(followed, now) if now else None,
        "can_follow": request.user.has_perm(permissions.CHANGE_ARTICLE),
    }
    return page(request, "reviews/source_queue/source.html", context, status)


def between(old: Edition, new: Edition) -> differences.Difference:
    return differences.between_stored(old.snapshot, new.snapshot)


@staff_page(permissions.CHANGE_ARTICLE)
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    article, me = article_or_404(pk), person(request)
    with attempt(request, article=article) as tried:
        starting.renew_source(article, by=me, shown=request.POST.get("shown", ""))
    if tried.refused:
        return source_page(request, article, status=tried.status)
    messages.success(
        request,
        "The draft now follows the public edition of its source. Submit it for review, so that readers get it.",
    )
    return redirect("admin:content_article_change", pk)
