"""For each guard of a verb, somebody who runs into it: the module whose guard it is, and every code that must be told.

The cases of a module are run again with each of its guards taken out, and one of them must then end otherwise.
"""

from tests.flow.machine.refused import (  # noqa: F401  they register their cases
    deciding,
    importing,
    keeping,
    library,
    opening,
    pages,
    publishing,
    refreshing,
    translating,
    words,
    works,
    writing,
)
from tests.flow.machine.refused.beginnings import CASES

__all__ = ["CASES"]
