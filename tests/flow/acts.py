"""What children do before they die: each verb as a form of somebody's browser, or a command."""

from content.models import Article
from tests import cast
from tests.content.drawing import drawn
from tests.flow import test_stories as stories
from tests.flow.children import Act

PAGE = """\
<!doctype html><html lang="en"><head><title>Pills</title></head><body><h1>Pills</h1>
<p>Pills are small.</p><h2>Shapes</h2><p>Some are round.</p><p><img src="cell.png" alt="A cell"></p>
<h2>References</h2>
<p>Roe A. Pills. <em>Pillbase</em>. 2025. Accessed at https://pills.example on October 6, 2025.</p>
</body></html>
"""


def sent(form, typed):
    return Act(form.path, {**form.fields, **typed}, session=form.client.cookies["sessionid"].value)


def submitting_it(people, edition, folder):
    return sent(*stories.submitting_it(people, edition))


def taking_back(people, edition, folder):
    return sent(*stories.taking_back(people, edition))


def signing(people, edition, folder):
    return sent(*stories.signing(people, edition))


def ruling(people, edition, folder):
    return sent(*stories.ruling(people, edition))


def asking(people, edition, folder):
    return sent(*stories.asking(people, edition))


def publishing(people, edition, folder):
    return sent(*stories.publishing(people, edition))


def publishing_a_second_edition(people, edition, folder):
    cast.publish(cast.signed(edition, people), people["dora"])
    return sent(stories.publish_form(second_edition(edition.article, people), people["dora"]), {})


def rolling_back(people, edition, folder):
    cast.publish(cast.signed(edition, people), people["dora"])
    cast.publish(second_edition(edition.article, people), people["dora"])
    return sent(stories.publish_form(edition, people["dora"]), {})


def second_edition(article, people):
    with cast.saving(article, people["ann"]):
        Article.objects.filter(pk=article.pk).update(public_note="A new dose.")
    return cast.signed(stories.next_edition(article, people["ann"]), people)


def withdrawing_page(people, edition, folder):
    return sent(*stories.withdrawing_page(people, edition))


def withdrawing_review(people, edition, folder):
    return sent(*stories.withdrawing_review(people, edition))


def saving(people, edition, folder):
    form = stories.draft_form(edition.article, people["ann"])
    return sent(form, {"title": "Another title", "sections-0-body": "<p>Another text.</p>"})


def importing(people, edition, folder):
    (folder / "pills.html").write_text(PAGE, encoding="utf-8")
    (folder / "cell.png").write_bytes(drawn())
    return Act(
        command=["import_article", str(folder / "pills.html"), "--by", "ann", "--pictures", str(folder)]
    )


VERBS = (
    submitting_it, taking_back, signing, ruling, asking, publishing, publishing_a_second_edition, rolling_back,
    withdrawing_page, withdrawing_review, saving, importing,
)  # fmt: skip
# What is answered where it was done before; everything else answers as the first time, and does nothing.
SAYS_IT_WAS_DONE = {
    taking_back: 409,
    withdrawing_page: 409,
    withdrawing_review: 409,
    importing: 1,
}
