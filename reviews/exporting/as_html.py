"""One file that needs no other: its style and its pictures are in it."""

import base64

from django.template.loader import render_to_string

from reviews.exporting.paper import Paper, whole


def written(paper: Paper) -> bytes:
    prints = iter(paper.prints)
    sections = [(section, next(prints) if section.picture else None) for section in paper.page.sections]
    context = {
        "paper": paper,
        "page": paper.page,
        "parts": paper.content["parts"],
        "sections": [
            {
                "section": section,
                "print": made,
                "source": f"data:{made.media_type};base64,{base64.b64encode(made.data).decode()}"
                if made
                else "",
            }
            for section, made in sections
        ],
    }
    html = whole(render_to_string("reviews/paper.html", context))
    return html.encode()
