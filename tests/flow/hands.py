"""Two pairs of hands for one story: the verbs themselves, and a person at the pages in a real browser.

Each act answers with the codes of its refusal, none where it was done. What a page does not even offer is
answered with the code "not-offered".
"""

from content.editions import submitting
from evidence.findings import Refused
from evidence.models import Refusal
from reviews.decisions import signing, withdrawing
from tests import cast


def refusals_of(act):
    try:
        act()
    except Refused as refused:
        return list(dict.fromkeys(refused.codes))
    return []


class Verbs:
    """Calls what the pages call."""

    def __init__(self, people):
        self.people = people

    def submit(self, article, who, change="minor"):
        return refusals_of(lambda: submitting.submit(article, by=self.people[who], change=change))

    def sign(self, edition, who, kind, decision="approve", reason="", start=None):
        by = self.people[who]
        scope = {"scope": "changes-only", "since": start} if start else {}
        answer = cast.answer(edition, kind, by, decision=decision, reason=reason, **scope)
        return refusals_of(
            lambda: signing.sign(edition, kind=kind, by=by, organisation=by.organisation, answer=answer)
        )

    def rule(self, edition, who, kind, start):
        return refusals_of(lambda: cast.rule(edition, start, self.people[who], kind))

    def withdraw(self, decision, who):
        return refusals_of(lambda: withdrawing.withdraw(decision, by=self.people[who], reason="I was wrong."))

    def overrule(self, objection, edition, who):
        return refusals_of(lambda: cast.overrule(objection, edition, self.people[who]))

    def publish(self, edition, who="dora"):
        return refusals_of(lambda: cast.publish_now(edition, self.people[who]))


class Browser:
    """Opens the page, fills in the form it shows, presses its button."""

    def __init__(self, people, at):
        self.people, self.new_page, self.pages = people, at, {}

    def at(self, who, path):
        """Each person keeps to one page. These work without their scripts: nothing has to come to rest first."""
        if who in self.pages:
            self.pages[who].goto(path)
        else:
            self.pages[who] = self.new_page(who, path)
        return self.pages[who]

    def pressed(self, page, button):
        before = Refusal.objects.count()
        with page.expect_navigation():
            button.click()
        told = page.locator(".messagelist .error").all_inner_texts()
        if Refusal.objects.count() == before:
            assert told == [], told
            return []
        reasons = Refusal.objects.first().reasons
        assert told == [reason["words"] for reason in reasons]
        return list(dict.fromkeys(reason["code"] for reason in reasons))

    def submit(self, article, who, change="minor"):
        page = self.at(who, f"/admin/articles/{article.pk}/hand-in/")
        page.check(f"input[name=change][value={change}]")
        return self.pressed(page, page.get_by_role("button", name="Submit for review"))

    def sign(self, edition, who, kind, decision="approve", reason="", start=None):
        page = self.at(who, f"/admin/editions/{edition.pk}/")
        form = page.locator(f"form#sign-{kind}")
        if form.count() == 0:
            return ["not-offered"]
        form.locator(f"input[name=decision][value='{decision}']").check()
        form.locator("textarea[name=reason]").fill(reason)
        form.locator("input[name=conflict][value=none]").check()
        if form.locator("input[type=radio][name=scope]").count():
            scope = "changes-only" if start else "whole-page"
            form.locator(f"input[name=scope][value='{scope}']").check()
        elif start:
            return ["not-offered"]
        return self.pressed(page, form.get_by_role("button", name="Sign my decision"))

    def rule(self, edition, who, kind, start):
        page = self.at(who, f"/admin/editions/{edition.pk}/")
        card = page.locator(f"#rule-{kind}")
        if card.count() == 0:
            return ["not-offered"]
        card.locator("summary").click()
        if card.locator("form").count() == 0:
            assert card.locator("li").count() > 0
            return ["not-offered"]
        card.locator("textarea").fill("A comma.")
        return self.pressed(page, card.get_by_role("button", name="Rule that it is minor"))

    def withdraw(self, decision, who):
        kind = "signoffs" if hasattr(decision, "decision") else "rulings"
        edition = withdrawing.edition_of(decision)
        page = self.at(who, f"/admin/editions/{edition.pk}/")
        form = page.locator(f"form[action='/admin/{kind}/{decision.pk}/withdraw/']")
        if form.count() == 0:
            return ["not-offered"]
        form.locator("xpath=ancestor::details/summary").click()
        form.locator("textarea").fill("I was wrong.")
        return self.pressed(page, form.get_by_role("button"))

    def overrule(self, objection, edition, who):
        page = self.at(who, f"/admin/editions/{edition.pk}/")
        card = page.locator(f"#objection-{objection.pk} details", has_text="Overrule")
        if card.count() == 0:
            return ["not-offered"]
        card.locator("summary").click()
        card.locator("textarea").fill("The label says so.")
        return self.pressed(page, card.get_by_role("button", name="Overrule the objection"))

    def publish(self, edition, who="dora"):
        page = self.at(who, f"/admin/editions/{edition.pk}/publish/")
        button = page.locator("button", has_text="Publish edition")
        if button.count() == 0:
            return ["not-offered"]
        return self.pressed(page, button)
