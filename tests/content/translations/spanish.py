"""The Spanish version of the cast's article: begun from a public edition, put into words of its own, signed, public."""

from content.editions import submitting
from content.translations import starting
from tests import cast

SLUG = "inmunoterapia-kaposi"
TITLE = "Inmunoterapia para el sarcoma de Kaposi"


def begun(source, by):
    """A draft with a Spanish title, lead and address; its sections are still to be translated."""
    draft = starting.begin(source, language="es", by=by)
    with cast.saving(draft, by):
        draft.title, draft.slug = TITLE, SLUG
        draft.lead = "<p>La inmunoterapia ayuda a su sistema inmunitario.</p>"
        draft.save()
    draft.refresh_from_db()
    return draft


def published(people, source):
    edition = submitting.submit(begun(source, people["ann"]), by=people["ann"], change="major")
    return cast.publish(cast.signed(edition, people), people["dora"])


def republished(people, article, change):
    """The article public again after `change` was made to its draft."""
    with cast.saving(article, people["ann"]):
        change(article)
        article.public_note += "We changed something."
        article.save()
    article.refresh_from_db()
    edition = submitting.submit(article, by=people["ann"], change="major")
    return cast.publish(cast.signed(edition, people), people["dora"])


def new_lead(article):
    article.lead += "<p>Ask your care team.</p>"
