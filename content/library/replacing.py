"""One source of a draft in place of another: its citation, and the markers in its text."""

import re
from typing import Any

from content.access_checks import sharing
from content.models import AccessCheck, Article, Citation, Reference, Supports
from content.snapshots import access


def swap(article: Article, old: Reference, new: Reference) -> None:
    """Replace one work by another, inside a save of the draft. The place of the earlier of the two stays, if the
    draft cited both.

    Where they are one work, what was read and said of it stays, if it was the same address; anything else has to be
    opened, and read.
    """
    cited = {row.reference_id: row for row in article.citations.select_related("access_check")}
    gone, there = cited[old.pk], cited.get(new.pk)
    rows = sorted((row for row in (gone, there) if row), key=lambda row: (row.position, row.pk))
    kept = rows[0]
    shown = access.shown(article, new)
    read = weightiest(counting(rows, shown)) if old.kept_id == new.kept_id else there
    kept.access_check = read.access_check if read else None
    kept.supports = read.supports if read else Supports.NOT_STATED
    kept.reference = new
    for row in rows[1:]:
        row.delete()
    kept.save()
    mark(article, str(old.uid), str(new.uid))


def counting(rows: list[Citation], shown: Any) -> list[Citation]:
    return [row for row in rows if access.counts(row.access_check, shown)]


def weightiest(rows: list[Citation]) -> Citation | None:
    # What somebody opened weighs more than what a file says, and of that the newest.
    return max(rows, key=lambda row: weight(row.access_check), default=None)


def weight(check: AccessCheck | None) -> tuple[object, ...]:
    return (True, not check.is_imported, *sharing.moment(check)) if check else (False,)


def mark(article: Article, old: str, new: str) -> None:
    # The article itself is saved by whoever follows the save up.
    article.lead = marked(article.lead, old, new)
    for section in article.sections.filter(body__contains=old):
        section.body = marked(section.body, old, new)
        section.save()


def marked(html: str, old: str, new: str) -> str:
    # Two markers of one work side by side are one.
    renamed = html.replace(f'<a href="reference:{old}">', f'<a href="reference:{new}">')
    return re.sub(rf'(<a href="reference:{new}">[^<]*</a>)\1+', r"\1", renamed)
