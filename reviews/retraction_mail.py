"""Mail to the owner of every page and draft that cites what was retracted or came under concern lately."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from content import outbox
from content.library import usage
from content.models import Article, Reference, Retraction
from content.phrases import long_date

LATELY = timedelta(days=30)


def tell_owners() -> int:
    lately = Reference.history.filter(history_date__gte=timezone.now() - LATELY).exclude(retraction="")
    rows = Reference.objects.filter(pk__in=lately.values("id"), merged_into=None).exclude(retraction="")
    return sum(tell_owner(reference, article) for reference in rows for article in citing(reference))


def citing(reference: Reference) -> list[Article]:
    """List articles whose public page or draft cites the work, under this or a former identity."""
    pages = [page.article for page in usage.publications(reference)]
    return list({article.pk: article for article in (*pages, *usage.drafts(reference))}.values())


def tell_owner(reference: Reference, article: Article) -> int:
    assert reference.retracted_on  # the database stores no retraction without a day
    owner = get_user_model()._default_manager.filter(pk=article.owner_id, is_active=True)
    if reference.retraction == Retraction.RETRACTED:
        begins, happened = "Retracted source cited in", "was retracted"
        advice = "Remove it, and every statement that is based on it, then submit the article."
    else:
        begins, happened = "Source under concern cited in", "came under an expression of concern"
        advice = "Decide whether it can still be cited, or remove it and submit the article."
    return outbox.notify_once(
        article.pk,
        list(owner),
        begins=begins,
        title=article.title,
        body=(
            f"“{reference}”, which “{article}” cites, {happened} on {long_date(reference.retracted_on)} "
            f"({reference.retraction_source}). {advice}"
        ),
        path=address_of_citation(reference, article),
    )


def address_of_citation(reference: Reference, article: Article) -> str:
    """Return the place on the article's form where the draft cites the work, or where it lists what it cites."""
    form = reverse("admin:content_article_change", args=[article.pk])
    cited = [each.reference for each in article.citations.select_related("reference")]
    keys = [row.pk for row in cited if row.kept_id == reference.pk]
    return f"{form}#source-{keys[0]}" if keys else f"{form}#citations-group"
