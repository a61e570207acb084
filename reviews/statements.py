"""What the pages of decisions state, and their forms carry: see `evidence.shown`."""

from dataclasses import dataclass

from accounts.models import Organisation, User
from content.editions import current
from content.models import Edition, Publication
from evidence.shown import Statement, Statements, of_values
from reviews.approvals import earned
from reviews.models import Decision, KindVersion, Signoff

AGAIN = "Read the page again, then decide."


def of_person(by: User) -> Statements:
    words = f"This page was opened by somebody else than you. {AGAIN}"
    return {"person": Statement("Your account", str(by.pk), words=words, alone=True)}


def of_signer(by: User, organisation: Organisation) -> Statements:
    """State who signs, for whom, and what the credit would print of them."""
    return {
        **of_person(by),
        "signer": Statement("Your name in print", by.signature()),
        "organisation": Statement("The organisation that you sign for", organisation.name),
        "credited": Statement("The credit for your organisation", organisation.in_credit),
        "publishing": Statement(
            "The publishing organisation",
            str(organisation.is_publishing),
            words=f"What your organisation is named for on the page changed after you opened it. {AGAIN}",
        ),
    }


def of_kind(kind: KindVersion) -> Statements:
    words = f"The statement of the {kind.name.lower()} was changed after you opened this page. {AGAIN}"
    return {"kind": Statement(kind.name, f"{kind.code} {kind.version}", "stale-kind", words)}


def of_text(edition: Edition) -> Statements:
    words = "The text on your page was not the text of this edition. Reload the page and read it again."
    return {"digest": Statement("The text", edition.digest, "stale-digest", words, alone=True)}


def of_live(live: Publication | None) -> Statements:
    now = f"Edition {live.edition.number} is public" if live else "Nothing is public"
    words = f"{now} now, which is not what your page showed. {AGAIN}"
    return {"live": Statement("What is public", str(live.pk) if live else "", "stale-live", words)}


def of_house() -> Statements:
    house = earned.house()
    named = house.in_credit if house else ""
    return {"house": Statement("The credit of the publishing organisation", named)}


@dataclass(frozen=True)
class Around:
    """What every page that decides on an edition states beside the decision, read once for all its forms."""

    live: Publication | None
    requests: list[tuple[int, str, int | None]]
    house: Statements

    def statements(self, kind: KindVersion) -> Statements:
        # Those of the kind itself are told by its newest decision, unless somebody overruled them since.
        others = [key for key, code, overruled in self.requests if (code == kind.code) == bool(overruled)]
        return {
            **of_live(self.live),
            "objections": Statement(
                "Requests for changes",
                of_values(others),
                words=f"Somebody requested changes, or closed such a request, after you opened this page. {AGAIN}",
            ),
            **self.house,
        }


def around(edition: Edition) -> Around:
    requests = Signoff.objects.filter(
        edition__article=edition.article_id, decision=Decision.REQUEST_CHANGES, withdrawal=None
    )
    return Around(
        live=current.live_publication(edition.article),
        requests=list(requests.order_by("pk").values_list("pk", "kind__kind", "overruling")),
        house=of_house(),
    )


def of_newest(newest: Signoff | None) -> Statements:
    """State who decided last of this kind."""
    words = "A decision that your page showed is no longer there. Read the page again, then decide."
    if newest:
        reason = f" (“{newest.reason}”)" if newest.reason else ""
        words = f"{newest.signature()} {SAID[Decision(newest.decision)]} after you opened this page{reason}. {AGAIN}"
    return {
        "newest": Statement("The newest decision", str(newest.pk) if newest else "", "stale-decision", words)
    }


SAID = {
    Decision.APPROVE: "approved it",
    Decision.REQUEST_CHANGES: "requested changes",
    Decision.DECLINE: "declined to review it",
}
