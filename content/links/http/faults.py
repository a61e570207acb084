"""Why an address could not be looked at, or what it did instead of answering."""

from content.models import Outcome


class NotReached(Exception):
    """The address gave no answer that could be read: an outcome of its own. `why` is the end of a sentence."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        self.outcome, self.why = outcome, why
        super().__init__(why)


class NoNetwork(Exception):
    """Nothing can be said of the address: this machine reaches nothing, or no name server answers it."""
