"""What the cases begin with, and the forms that people send in them."""

from django.contrib.auth.models import Group
from django.utils import timezone

from content.editions import submitting
from content.library import updates
from content.models import (
    Article,
    PageFrame,
)
from content.public import page_frame
from reviews import gate, publishing
from reviews.decisions import signing
from tests import cast
from tests.flow.hands import refusals_of
from tests.saved_states import standing

TODAY = timezone.localdate
TEXT = "<p>You may take 4 mg pills. Do not stop alone.</p>"
TYPO = TEXT.replace("You may take", "You may take,")
CASES = []


def case(module, *codes):
    def registered(story):
        CASES.append((module, codes, story))
        return story

    return registered


def rewrite(article, by, **columns):
    with cast.saving(article, by):
        section = article.sections.first()
        for name, value in columns.items():
            setattr(section, name, value)
        section.save()


def begun(people, **given):
    return handed_in(people, **given) if given else usually_begun(people)


def handed_in(people, **given):
    draft = cast.article(people["ann"], **given)
    rewrite(draft, people["ann"], body=TEXT)
    return submitting.submit(draft, by=people["ann"], change="major")


# Most cases begin with one of these three, and again with each guard of their module taken out.


@standing.kept
def usually_begun(people):
    return handed_in(people)


@standing.kept
def signed(people):
    return cast.signed(usually_begun(people), people)


@standing.kept
def public(people):
    return cast.publish(signed(people), people["dora"])


def after(edition, people, change="minor", by="ann", **columns):
    rewrite(edition.article, people[by], **columns)
    return submitting.submit(edition.article, by=people["ann"], change=change)


def signing_it(edition, who, kind="medical-review", organisation=None, **given):
    organisation = organisation or who.organisation
    answer = given.get("answer") or cast.answer(edition, kind, who, organisation=organisation, **given)
    return refusals_of(
        lambda: signing.sign(edition, kind=kind, by=who, organisation=organisation, answer=answer)
    )


def publishing_it(edition, people, who="dora", **stated):
    shown = cast.with_stated(publishing.shown_to(edition, by=people[who]), stated)
    return refusals_of(lambda: publishing.publish(edition, by=people[who], shown=shown))


def ruling_it(end, start, who, kind="medical-review", **given):
    return refusals_of(lambda: cast.rule(end, start, who, kind, **given))


def told(edition):
    return [finding.code for finding in gate.findings(edition)]


def administrator():
    root = cast.person("root")
    root.is_superuser = True
    root.save()
    return root


def join(person, group):
    person.groups.add(Group.objects.get(name=group))


def frame(people, **columns):
    made = PageFrame(
        **{"site_name": "House", "rights_line": "Ours.", "usage_policy": "<p>Read it.</p>", **columns}
    )
    page_frame.propose(made, by=people["ann"], at=timezone.now())
    return made


def approving(made, who):
    return refusals_of(lambda: page_frame.approve(made, by=who))


def take(article, by, keys=None, **given):
    row = Article.objects.get(pk=article.pk)
    chosen = [offer.key for offer in updates.takeable(row)] if keys is None else keys
    asked = {"saves": row.saves, **given}
    return refusals_of(lambda: updates.take(row, chosen, by=by, **asked))


def taking_down(publication, people, who="dora", reason="wrong", note="Ask your care team."):
    return refusals_of(lambda: publishing.withdraw(publication, by=people[who], reason=reason, note=note))
