"""Where an article stands, in words, from its rows."""

from content.editions import current
from content.models import Article


def standing(article: Article) -> str:
    live = current.live_publication(article)
    candidate = current.candidate(article)
    public = f"Edition {live.edition.number} is public" if live else ""
    if candidate and not (live and live.edition_id == candidate.pk):
        if current.withdrawn_from_public(candidate):
            return f"Edition {candidate.number} was withdrawn"
        waiting = f"edition {candidate.number} is in review"
        return f"{public}; {waiting}" if public else f"E{waiting[1:]}"
    if live:
        return public
    withdrawn = article.publications.exists()
    return "Withdrawn" if withdrawn else "Draft"
