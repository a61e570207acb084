"""What the checks find in the works that an edition cites: the states that their own table holds, told once more."""

import time_machine

from content.editions import submitting
from tests import cast
from tests.content.checks.works import ROWS, TODAY
from tests.flow.machine.refused.beginnings import case, told


def citing(name, change, columns):
    def story(people):
        with time_machine.travel(TODAY, tick=False):
            article = cast.article(people["ann"])
            change(article, people["ann"], **columns)
            return told(cast.signed(submitting.submit(article, by=people["ann"], change="major"), people))

    story.__name__ = f"citing: {name}"
    return story


for name, (change, columns, expected) in ROWS.items():
    if expected:
        case("content.checks.sources", *(code for code, _ in expected))(citing(name, change, columns))
