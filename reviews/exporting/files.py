from collections.abc import Callable
from dataclasses import dataclass

from content.models import Article, Edition
from reviews.exporting import as_docx, as_html, paper
from reviews.exporting.paper import Paper


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    data: bytes


FORMATS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx.written),
    "html": ("text/html; charset=utf-8", as_html.written),
}


def of_edition(edition: Edition, form: str) -> File:
    return file(paper.of_edition(edition), f"{edition.article.slug}-edition-{edition.number}", form)


def of_draft(article: Article, form: str) -> File:
    return file(paper.of_draft(article), f"{article.slug}-draft", form)


def file(made: Paper, stem: str, form: str) -> File:
    media_type, written = FORMATS[form]
    return File(f"{stem}.{form}", media_type, written(made))
