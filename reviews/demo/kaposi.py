"""The article that went all the way: written by ann, signed by edi and for ASCO by asa, published by dora."""

from content.models import SectionKind
from reviews.demo import chemotherapy, overview, side_effects
from reviews.demo.articles import Piece, Source, Text, drafted, link, published, signed, submitted
from reviews.demo.library import KAPOSI
from reviews.demo.people import named

SLUG = "immunotherapy-kaposi-sarcoma"

LEAD = """
<p>Your immune system guards you against germs, and it can find and kill cancer cells too. Immunotherapy drugs support
that work. They are one of several ways to treat Kaposi sarcoma (KS). Most often they are tried when other treatment has
not done enough.</p>
<p>Your care team can tell you whether one of these drugs may be right for you.</p>
"""

IMIDS = """
<p>The drugs of this group change how the immune system behaves. Just how they act against KS is not fully known.</p>
<p>They come as pills. People take them day by day, with a pause on set days of every month.</p>
<p><strong>Blood clots:</strong> Dangerous clots are more likely with these drugs. This is why many people get aspirin,
or another medicine that thins the blood, at the same time.</p>
<p><strong>Pregnancy:</strong> A baby in the womb could be badly harmed. So the makers of these drugs hand them out only
through a safety program, with rules for patients and doctors.</p>
"""

POMALIDOMIDE = """
<p>Most people who take pomalidomide for KS had chemotherapy (chemo) before. It may be an option for:</p>
<ul>
<li>People with HIV whose KS grows even though they take antiretroviral therapy (ART)</li>
<li>People who do not have HIV</li>
</ul>
<p>The US Food and Drug Administration (FDA) allowed this use early, by what is called an accelerated approval. Further
studies still have to show how much it helps.</p>
<p><strong>Possible side effects:</strong> Pomalidomide often lowers the counts of red blood cells, white blood cells,
or platelets. It can also cause an upset stomach, loose stools or constipation, a rash, kidney trouble, and too little
calcium or phosphate in the blood.</p>
"""

LENALIDOMIDE = """
<p>Lenalidomide is a further choice for some people whose KS returned, or got worse while they took something else. The
FDA has not approved it for KS, so doctors call this use off label.</p>
<p><strong>Possible side effects:</strong> White blood cells and platelets may drop, which can lead to infections or
bleeding. Some people get nerve damage that hurts.</p>
"""

CHECKPOINTS = """
<p>A healthy immune system has to know when to hold back. Proteins on immune cells, known as checkpoints, serve as its
brakes. Some cancers press these brakes, and so they are left alone.</p>
<p>Immune checkpoint inhibitors let go of the brakes. Immune cells may then notice the KS cells and fight them.</p>
"""

PD1 = """
<p>PD-1 is one of these brakes. It sits on T cells, a type of immune cell. Two drugs that block it may be tried for
KS, mostly after chemo or other treatment.</p>
<p>The FDA has approved neither of them for KS itself. Doctors may still use them off label, since small studies in
people with KS had hopeful results.</p>
<p>Both exist in two forms: one runs slowly into a vein (IV), the other is a shot under the skin. Treatments are 2 to 6
weeks apart.</p>
<p>Because these drugs act so strongly on the immune system, people with AIDS and people who live with a donated organ
need special care.</p>
"""

PEMBROLIZUMAB = """
<p>Keytruda is the form for the vein. Keytruda Qlex holds the same drug, and a second substance that lets it spread when
it is given under the skin.</p>
"""

NIVOLUMAB = """
<p>Opdivo is the form for the vein. Opdivo Qvantig also holds a substance that lets the drug spread under the skin.</p>
"""

EFFECTS = """
<p>Many people feel tired. Some have a rash, a cough, nausea, less appetite, loose stools, or constipation.</p>
<p>Two kinds of problems are rarer but can be dangerous:</p>
<ul>
<li><strong>Infusion reactions:</strong> While the drug runs in, the body may respond as it does in an allergy. You may
turn hot, cold, red in the face, or itchy, feel faint, or find it hard to breathe. Let the staff know at once.</li>
<li><strong>Autoimmune reactions:</strong> With its brakes off, the immune system may turn on healthy parts of the body:
the lungs, the bowel, the liver, the kidneys, the glands that make hormones, and others. This can put your life in
danger.</li>
</ul>
<p>Call your care team about any new problem, even a small one. If it is serious, the drug may have to be stopped. You
may then need strong doses of corticosteroids, medicines that calm the immune system.</p>
"""

QUESTIONS = """
<ul>
<li>What can this treatment do for me, and what can it not do?</li>
<li>Which other treatments could I have?</li>
<li>Which side effects should I watch for, and whom do I call at night?</li>
<li>How will we know whether it works?</li>
</ul>
"""

SEE_ALSO = f"""
<p>For more on side effects of this kind, see {link(side_effects.SLUG, side_effects.TITLE)}.</p>
<p>For the ways in which drugs can help the immune system, see {link(overview.SLUG, overview.TITLE)}.</p>
<p>For drugs that kill cancer cells themselves, see {link(chemotherapy.SLUG, chemotherapy.TITLE)}.</p>
"""

TEXT = Text(
    slug=SLUG,
    title="Immunotherapy for Kaposi Sarcoma",
    lead=LEAD,
    condition=KAPOSI,
    co_branded_with="asco",
    pieces=(
        Piece("Immunomodulating drugs (IMiDs)", IMIDS),
        Piece("Pomalidomide (Pomalyst)", POMALIDOMIDE, 3, SectionKind.DRUG, "Pomalidomide"),
        Piece("Lenalidomide (Revlimid)", LENALIDOMIDE, 3, SectionKind.DRUG, "Lenalidomide"),
        Piece("Immune checkpoint inhibitors", CHECKPOINTS),
        Piece("PD-1 inhibitors", PD1, 3),
        Piece("Pembrolizumab (Keytruda, Keytruda Qlex)", PEMBROLIZUMAB, 4, SectionKind.DRUG, "Pembrolizumab"),
        Piece("Nivolumab (Opdivo, Opdivo Qvantig)", NIVOLUMAB, 4, SectionKind.DRUG, "Nivolumab"),
        Piece("Side effects of checkpoint inhibitors", EFFECTS, 3, SectionKind.SIDE_EFFECTS),
        Piece("Questions for your care team", QUESTIONS),
        Piece("Learn more", SEE_ALSO, kind=SectionKind.SEE_ALSO),
    ),
    sources=(Source("groopman", 47), Source("krown", 47), Source("pdq", 46), Source("nccn", 46)),
)


def load() -> None:
    ann = named("ann")
    edition = submitted(drafted(TEXT, by=ann), by=ann, note="All four sources were opened again for this.")
    signed(edition, "editorial-review", by="edi")
    signed(edition, "medical-review", by="asa")
    signed(edition, "contribution", by="asa")
    published(edition, by="dora")
