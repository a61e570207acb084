"""The article in review: edi has signed, and bob was asked for the medical review."""

from datetime import timedelta

from django.utils import timezone

from content.models import ArticleType, Edition
from reviews.approvals import routes
from reviews.decisions import assigning
from reviews.demo.articles import Piece, Source, Text, drafted, signed, submitted
from reviews.demo.people import named

SLUG = "how-immunotherapy-treats-cancer"
TITLE = "How Immunotherapy Treats Cancer"
DAYS_FOR_BOB = 2

LEAD = """
<p>Immunotherapy is treatment that works through your own immune system. It does not help in every cancer, or in every
person. Where it helps, the effect can last for a long time.</p>
"""

WORKS = """
<p>The immune system looks for cells that do not belong in the body. Cancer cells grow out of your own cells, so they
can be hard to tell apart. Some of them also hide. Immunotherapy makes them easier to find, or makes the immune system
stronger.</p>
"""

KINDS = """
<ul>
<li><strong>Checkpoint inhibitors</strong> take the brakes off immune cells.</li>
<li><strong>Immunomodulating drugs</strong> change how immune cells behave.</li>
<li><strong>Antibodies made in a laboratory</strong> mark cancer cells.</li>
<li><strong>Vaccines</strong> teach immune cells what to look for.</li>
</ul>
"""

EXPECT = """
<p>Some kinds are pills. Others run into a vein, or are given under the skin. It may take weeks until your doctors can
see whether the treatment works. Ask your care team what to expect, and which problems you should report at once.</p>
"""

TEXT = Text(
    slug=SLUG,
    title=TITLE,
    lead=LEAD,
    type=ArticleType.OVERVIEW,
    pieces=(
        Piece("How it works", WORKS),
        Piece("Kinds of immunotherapy", KINDS),
        Piece("What to expect", EXPECT),
    ),
    # The first is owed since ten days: it stands among the sources to open.
    sources=(Source("immunotherapy", 190), Source("checkpoints", 12)),
)


def load() -> None:
    ann = named("ann")
    edition = submitted(drafted(TEXT, by=ann), by=ann, note="Meant for people who have just heard the word.")
    signed(edition, "editorial-review", by="edi")
    ask_bob(edition)


def ask_bob(edition: Edition) -> None:
    due_on = timezone.localdate() + timedelta(days=DAYS_FOR_BOB)
    for step in routes.steps(edition):
        if step.kind.code == "medical-review":
            assigning.assign(edition, step=step, person=named("bob"), due_on=due_on, by=named("ann"))
