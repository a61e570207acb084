"""What the pages refuse before they ask a verb."""

from django.test import Client

from content.admin.articles.forms import ArticleForm
from evidence.models import Refusal
from tests import cast
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import begun, case


@case("content.admin.articles.forms", "stale-draft")
def saving_over_what_was_not_seen(people):
    draft = cast.article(people["ann"])
    return refusals_of(lambda: ArticleForm(instance=draft).refuse_lost_update(draft.saves - 1))


def pressing(person, path):
    """What the house keeps of the refusal."""
    client = Client()
    client.force_login(person)
    client.post(path, {"decision": "approve", "conflict": "none"})
    return [reason["code"] for reason in Refusal.objects.get().reasons]


@case("reviews.views.access", "no-right")
def pressing_a_button_without_the_right(people):
    return pressing(people["eve"], f"/admin/articles/{begun(people).article_id}/hand-in/")


@case("reviews.views.access", "nothing-shown")
def signing_without_a_word_of_what_was_shown(people):
    return pressing(people["bob"], f"/admin/editions/{begun(people).pk}/sign/medical-review/")
