"""The draft: a heading skips a level, one source was never opened, one too long ago. The gate says so before anybody signs."""

from content.models import SectionKind
from reviews.demo.articles import Piece, Source, Text, drafted
from reviews.demo.library import KAPOSI
from reviews.demo.people import named

SLUG = "chemotherapy-kaposi-sarcoma"
TITLE = "Chemotherapy for Kaposi Sarcoma"

LEAD = """
<p>Chemotherapy (chemo) uses drugs that kill cells which divide quickly, as cancer cells do. In Kaposi sarcoma (KS) it
may help when the disease has spread, or when it grows fast.</p>
"""

GIVEN = """
<p>Chemo for KS mostly runs into a vein. There are rest periods between treatments, so that healthy cells can recover.
People with HIV usually keep taking their HIV medicines.</p>
"""

DOXORUBICIN = """
<p>The drug is packed into tiny bubbles of fat, which bring more of it into the tumors. Doxil is approved for KS that is
linked to AIDS.</p>
<p><strong>Possible side effects:</strong> Low blood counts, mouth sores, and sore or peeling skin on hands and feet. It
can also weaken the heart.</p>
"""

PACLITAXEL = """
<p>Paclitaxel keeps cells from dividing. It is often used when liposomal doxorubicin does not help, or helps no more.</p>
<p><strong>Possible side effects:</strong> Low blood counts, hair loss, numb fingers or toes, and allergic reactions.</p>
"""

ETOPOSIDE = """
<p>Etoposide may be a choice after other chemo drugs. It can be swallowed or run into a vein.</p>
<p><strong>Possible side effects:</strong> Low blood counts, hair loss, and nausea.</p>
"""

TEXT = Text(
    slug=SLUG,
    title=TITLE,
    lead=LEAD,
    condition=KAPOSI,
    pieces=(
        Piece("How chemo is given", GIVEN),
        # Level 4 right below level 2: what the gate finds first.
        Piece("Liposomal doxorubicin (Doxil)", DOXORUBICIN, 4, SectionKind.DRUG, "Liposomal doxorubicin"),
        Piece("Paclitaxel", PACLITAXEL, 3, SectionKind.DRUG, "Paclitaxel"),
        Piece("Etoposide (VP-16)", ETOPOSIDE, 3, SectionKind.DRUG, "Etoposide"),
    ),
    sources=(Source("pdq", 5), Source("groopman", None), Source("chemotherapy", 400)),
)


def load() -> None:
    drafted(TEXT, by=named("ann"))
