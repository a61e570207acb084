"""Three articles and the people around them, as each run of the machine begins with; and what the driver remembers.

The first article needs what every article needs. The second is made with ASCO. The third is a drug page made with ASCO,
whose route has an order, and goes out without ASCO where ASCO is late.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from reversion.models import Version

from content.models import Article, Citation, Pin, Section
from reviews.models import ApprovalRoute, Late, RouteStep
from tests import cast
from tests.flow.machine import rows

BEGINNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TEXT = "<p>You may take 4 mg pills. Do not stop alone. See <a href='https://example.org/a'>more</a>.</p>"
BODIES = (
    TEXT,
    TEXT.replace("You may take", "You may take,"),
    TEXT.replace("alone", "by yourself"),
    TEXT.replace("4 mg", "40 mg"),
    TEXT.replace("4 mg", "4 mcg"),
    TEXT.replace("Do not stop", "Do stop"),
    TEXT.replace("may take", "must take"),
    TEXT.replace("example.org/a", "example.org/b"),
    TEXT.replace("more", "a pomalidomide page"),
    # What readers cannot see is no other text.
    TEXT.replace("may", "m&#97;y").replace("'", '"'),
    TEXT.replace("stop", "sto\u200bp"),
    TEXT.replace("Do not", "Donâ€™t"),
    TEXT.replace("alone", "al\u200bone"),
    TEXT.replace("Do not stop", "Donâ€™t stop"),
)
# Columns of the draft, and what the editors of this world write into them; the last of some are mistakes.
EDITS = {
    "title": ("Immunotherapy for Kaposi Sarcoma", "Immunotherapy in Kaposi Sarcoma", ""),
    "public_note": ("", "We added a part.", "We changed a word."),
    "type": ("treatment", "treatment", "drug"),
    "body": BODIES,
    "heading": ("What it is", "What this is", ""),
    "level": (2, 2, 4),
    "supports": ("yes", "yes", "no"),
    "access": ("kept", "kept", "lost"),
}
# Columns of the library, and what its keepers write into them.
LIBRARY = {
    "product": ("brand", ("Pomalyst", "Pomalist", "Pomalyst Forte")),
    "condition": ("name", ("Kaposi sarcoma", "Kaposi's sarcoma")),
    "drug": ("pronunciation", ("PAH-muh-LIH-doh-mide", "pom-a-LID-o-mide")),
    "reference": ("title", ("Kaposi sarcoma: how it is treated", "Kaposi sarcoma: how we treat it")),
}


@dataclass
class World:
    """The driver's own memory, kept beside the rows."""

    clock: object
    people: dict
    articles: list
    shared: dict  # the rows of the library, by table
    # Of each row of the library, by table: the key in its audit trail, who wrote it, and what readers see of it.
    versions: dict = field(default_factory=dict)
    # Of each article: when somebody wrote in its draft, and who; when a pin of it was set, which, and to what.
    saves: dict = field(default_factory=dict)
    pins: dict = field(default_factory=dict)
    # Of each article: the edition that this content became.
    known: dict = field(default_factory=dict)
    # Of each article: by the key of a revision, the rows of its draft; and when one was restored.
    revisions: dict = field(default_factory=dict)
    restored: dict = field(default_factory=dict)

    @classmethod
    def begun(cls, clock):
        people = cast.cast() | {"root": cast.person("root")}
        people["root"].is_superuser = True
        people["root"].save()
        asco, lib = cast.asco(), people["lib"]
        about = cast.condition(lib)
        drug, reference = cast.drug(lib, about=about), cast.reference(lib)
        shared = {
            "condition": about,
            "drug-class": drug.drug_class,
            "drug": drug,
            "product": drug.products.get(),
            "status": drug.products.get().statuses.get(),
            "reference": reference,
        }
        articles = [
            cast.article(people["ann"], slug="plain"),
            cast.article(people["lib"], slug="partnered", co_branded_with=asco),
            cast.article(people["ann"], slug="ordered", co_branded_with=asco),
        ]
        route_with_an_order(asco)
        world = cls(clock, people, [article.pk for article in articles], shared)
        for article in articles:
            author = "lib" if article.slug == "partnered" else "ann"
            world.saves[article.pk], world.pins[article.pk], world.restored[article.pk] = [], [], []
            world.known[article.pk], world.revisions[article.pk] = {}, {}
            with cast.saving(article, people[author]):
                set_up(article)
            world.saved(article.pk, author)
        for table, row in shared.items():
            world.versions[table] = []
            world.library_changed(table, "lib", row)
        for article in articles:
            world.pinned(article.pk)
        return world

    def saved(self, article, who):
        """Whoever only opened a source, or pressed Save over what was there, wrote nothing."""
        revisions, draft = self.revisions[article], rows.of_draft(article)
        before = revisions[max(revisions)] if revisions else None
        if before is None or rows.written(before) != rows.written(draft):
            self.saves[article].append((now(), self.people[who].pk))
        newest = Version.objects.filter(content_type__model="article", object_id=article).latest("pk")
        revisions[newest.pk] = draft

    def library_changed(self, table, who, row):
        version = row.history.order_by("-history_id").first()
        shown = getattr(row, LIBRARY[table][0]) if table in LIBRARY else ""
        self.versions[table].append((version.history_id, self.people[who].pk, shown))

    def pinned(self, article):
        """Remember which pins were set anew."""
        before = {table: version for _, table, version in self.pins[article]}
        for pin in Pin.objects.filter(article=article).exclude(version=None):
            if before.get(pin.row_kind) != pin.version:
                self.pins[article].append((now(), pin.row_kind, pin.version))

    def writers(self, article, since):
        """Who saved the draft since then, and who wrote what its pins newly bring.

        Restored words may be anybody's who ever wrote here.
        """
        if since is not None and any(at >= since for at in self.restored[article]):
            since = None
        found = {who for at, who in self.saves[article] if since is None or at >= since}
        for table, versions in self.versions.items():
            pinned = [(at, version) for at, library, version in self.pins[article] if library == table]
            before = [version for at, version in pinned if since is not None and at < since][-1:]
            now_shown = pinned[-1][1]
            found |= {who for key, who, _ in versions if key <= now_shown and (not before or key > before[0])}
        return found

    def content(self, article):
        """The draft as readers would see it: two that are equal are one edition."""
        row = Article.objects.values("title", "lead", "type", "condition_id", "public_note").get(pk=article)
        sections = Section.objects.filter(article=article).values_list(
            "kind", "level", "heading", "drug", "body"
        )
        citations = [self.opened(article, citation) for citation in Citation.objects.filter(article=article)]
        return repr((sorted(row.items()), list(sections), citations, sorted(self.shown(article).items())))

    def opened(self, article, citation):
        """The source, with day, finding and support where what is shown was opened: a title is two works in two
        wordings.
        """
        check, key = citation.access_check, citation.reference_id
        if check and check.work["title"] == self.shown(article)["reference"]:
            return key, check.opened_on, check.found, citation.supports
        is_no = check is None and citation.supports == "no"
        return key, None, None, "no" if is_no else "not-stated"

    def shown(self, article):
        """What readers see of each row of the library, by table."""
        pins = dict(Pin.objects.filter(article=article).values_list("row_kind", "version"))
        return {
            table: next(text for key, _, text in versions if key == pins[table])
            for table, versions in self.versions.items()
        }


def now():
    from django.utils import timezone

    return timezone.now()


def route_with_an_order(asco):
    route = ApprovalRoute(name="Drug pages", type="drug")
    route.save()
    RouteStep(route=route, kind_id="editorial-review", position=1).save()
    RouteStep(route=route, kind_id="medical-review", position=2).save()
    RouteStep(
        route=route, kind_id="contribution", position=2, organisation=asco, days=3, when_late=Late.WITHOUT
    ).save()


def set_up(article):
    section = article.sections.first()
    section.body = TEXT
    section.save()
    if article.slug == "ordered":
        article.type = "drug"
        article.save()
