"""The article that was published twice: the second edition says when to call, and a public note says that it does."""

from content.drafts import revisions, saving
from content.models import Article, ArticleType, Section, SectionKind
from reviews.demo.articles import Piece, Source, Text, drafted, published, signed, submitted
from reviews.demo.people import named

SLUG = "side-effects-checkpoint-inhibitors"
TITLE = "Side Effects of Checkpoint Inhibitors"

LEAD = """
<p>Immune checkpoint inhibitors take the brakes off the immune system, so that it may fight a cancer. An immune system
without brakes can also harm healthy parts of the body. Most of these problems are mild, and most can be treated if they
are found soon.</p>
"""

DRUGS = (
    "<p>Several drugs work in this way. Two that are used against many kinds of cancer are listed here.</p>"
)
PEMBROLIZUMAB = (
    "<p>Pembrolizumab blocks a checkpoint called PD-1. It is given into a vein, or under the skin.</p>"
)
NIVOLUMAB = "<p>Nivolumab blocks PD-1 too. It is also given into a vein, or under the skin.</p>"

COMMON = """
<ul>
<li>Feeling tired</li>
<li>A rash or itchy skin</li>
<li>Loose stools</li>
<li>Pain in joints or muscles</li>
</ul>
"""

SERIOUS = """
<p>Now and then the immune system attacks an organ. Signs depend on the organ:</p>
<ul>
<li><strong>Lungs:</strong> a new cough, or trouble breathing</li>
<li><strong>Bowel:</strong> bad cramps, watery or bloody stools</li>
<li><strong>Liver:</strong> yellow skin or eyes, dark urine</li>
<li><strong>Glands:</strong> headaches that do not stop, feeling very weak, great thirst</li>
</ul>
<p>Doctors often pause the drug then. They may give corticosteroids, which calm the immune system.</p>
"""

TEXT = Text(
    slug=SLUG,
    title=TITLE,
    lead=LEAD,
    type=ArticleType.SIDE_EFFECTS,
    pieces=(
        Piece("Drugs of this kind", DRUGS),
        Piece("Pembrolizumab (Keytruda, Keytruda Qlex)", PEMBROLIZUMAB, 3, SectionKind.DRUG, "Pembrolizumab"),
        Piece("Nivolumab (Opdivo, Opdivo Qvantig)", NIVOLUMAB, 3, SectionKind.DRUG, "Nivolumab"),
        Piece("Common side effects", COMMON, kind=SectionKind.SIDE_EFFECTS),
        Piece("Side effects that can be serious", SERIOUS, kind=SectionKind.SIDE_EFFECTS),
    ),
    # The second is owed since long, and keeps the page's next edition back in twenty days.
    sources=(Source("checkpoints", 20), Source("side-effects", 345), Source("skin", 60)),
)

WHEN_TO_CALL = """
<p>Call your care team the same day about any sign listed above. Go to an emergency room if you cannot breathe well, or
if you feel confused or faint. Tell everybody who treats you there which drug you had.</p>
<p>Problems can start weeks or months after the last treatment, so keep this page.</p>
"""
NOTE = "We added a section on when to call for help. Problems can also start after treatment has ended."


def load() -> None:
    ann = named("ann")
    article = drafted(TEXT, by=ann)
    first = submitted(article, by=ann, note="New article.")
    signed(first, "editorial-review", by="edi")
    signed(first, "medical-review", by="bob")
    published(first, by="dora")
    revise(article)
    second = submitted(article, by=ann, note="Patients asked when they should call.")
    signed(second, "editorial-review", by="edi")
    signed(second, "medical-review", by="cid")
    published(second, by="dora")


def revise(article: Article) -> None:
    with revisions.revision(by=named("ann"), comment="Say when to call"):
        last = article.sections.count()
        Section(article=article, position=last + 1, heading="When to call for help", body=WHEN_TO_CALL).save()
        article.public_note = NOTE
        saving.saved(article)
