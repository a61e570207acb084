"""Steps that write: drafts, the library, and the passing of days. Nothing refuses them, so they are no attempts."""

from datetime import timedelta

from content.models import AccessCheck, Article, Pin
from tests import cast
from tests.flow.machine import audit, rows
from tests.flow.machine.oracle import Oracle
from tests.flow.machine.walker import Walker
from tests.flow.machine.world import EDITS, LIBRARY, now

DAYS = (1, 2, 4, 1, 2, 4, 30, 1200)


class Writing(Walker):
    def edit(self):
        name = list(EDITS)[self.pick % len(EDITS)]
        return self.write(name, self.pick // len(EDITS))

    def write(self, name, which):
        writer = self.who if self.who in ("ann", "edi", "lib", "bob") or self.pick % 20 == 0 else "ann"
        before, value = self.rows, EDITS[name][which % len(EDITS[name])]
        article = Article.objects.get(pk=self.article)
        with cast.saving(article, self.people[writer]):
            if name in ("title", "public_note", "type"):
                setattr(article, name, value)
                article.save()
            elif name in ("supports", "access"):
                self.cite(article.citations.get(), name, value)
            else:
                self.rewrite(article.sections.first(), name, self.body(value) if name == "body" else value)
        self.world.saved(self.article, writer)
        self.rows = rows.read()
        assert self.rows[Pin] == before[Pin], "an edit moved what the draft shows of the library"
        self.audited(before)

    def rewrite(self, section, name, value):
        """As the form does, which saves no section that nobody touched."""
        before = getattr(section, name)
        setattr(section, name, value)
        section.clean_fields()
        if getattr(section, name) != before:
            section.save()

    def body(self, text):
        """Now and then with a link to another article of this house."""
        if self.pick % 5 == 4:
            other = self.world.articles[(self.world.articles.index(self.article) + 1) % 3]
            return text.replace("https://example.org/a", f"article:{Article.objects.get(pk=other).uid}")
        return text

    def cite(self, citation, name, value):
        if name == "supports":
            citation.supports = value
        else:
            newest = AccessCheck.objects.order_by("-opened_on", "-pk").first()
            citation.access_check = newest if value == "kept" else None
        citation.save()

    def library(self):
        table = list(LIBRARY)[self.pick % len(LIBRARY)]
        column, values = LIBRARY[table]
        keeper = self.who if self.who in ("lib", "bob") else "edi"
        before, drafts = self.rows, [self.world.content(article) for article in self.world.articles]
        row = type(self.world.shared[table]).objects.get()
        with cast.as_person(self.people[keeper]):
            setattr(row, column, values[self.pick // len(LIBRARY) % len(values)])
            row.save()
        self.world.library_changed(table, keeper, row)
        assert [self.world.content(article) for article in self.world.articles] == drafts
        self.rows = rows.read()
        self.audited(before)

    def transfer(self):
        """A physician leaves the house for the society, or the other way; what was signed stays whose it was."""
        person = self.people[self.who if self.who in ("cid", "asa") else ("cid", "asa")[self.pick % 2]]
        person.organisation = cast.asco() if person.organisation == cast.house() else cast.house()
        person.save()
        self.audited(self.rows)

    def wait(self):
        self.done["days"] += DAYS[self.pick % len(DAYS)]
        self.world.clock.shift(timedelta(days=DAYS[self.pick % len(DAYS)]))
        audit.page(Oracle(self.rows, now()), self.article)
