"""The edition that waits for signatures, and the one that is public."""

from content.models import Act, Article, Edition, EndKind, Publication, Submission


def newest_submission(article: Article) -> Submission | None:
    return Submission.objects.filter(article=article).select_related("edition").order_by("-pk").first()


def candidate(article: Article) -> Edition | None:
    """Return the edition that was submitted and not taken back: the one people may sign."""
    newest = newest_submission(article)
    return newest.edition if newest and newest.act == Act.SUBMITTED else None


def live_publication(article: Article) -> Publication | None:
    return Publication.objects.live().filter(article=article).select_related("edition").first()


def withdrawn_from_public(edition: Edition) -> Publication | None:
    # How the very bytes of this edition were last taken from the public, where nothing took their place since.
    newest = Publication.objects.filter(article=edition.article_id).order_by("-pk").first()
    was_taken = (
        newest is not None and newest.end_kind == EndKind.WITHDRAWN and newest.edition_id == edition.pk
    )
    return newest if was_taken else None
