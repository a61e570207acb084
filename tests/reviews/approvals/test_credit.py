import pytest

from reviews.approvals.credit import Earned, sentence

HOUSE = "American Cancer Society medical and editorial content team"
ASCO = "the American Society of Clinical Oncology (ASCO)"
OWN = f"Developed by the {HOUSE}."

house_edited = Earned(HOUSE, "editorial review", is_publishing=True)
house_reviewed = Earned(HOUSE, "medical review", is_publishing=True)
asco_reviewed = Earned(ASCO, "medical review")
asco_contributed = Earned(ASCO, "contribution")
other_contributed = Earned("the Example Nursing Society", "contribution")


@pytest.mark.parametrize(
    ("earned", "expected"),
    [
        pytest.param([], "", id="nobody yet"),
        pytest.param([house_edited, house_reviewed], OWN, id="no ASCO"),
        pytest.param(
            [house_edited, asco_reviewed, asco_contributed],
            f"Developed by the {HOUSE} with medical review and contribution by {ASCO}.",
            id="ASCO did both",
        ),
        pytest.param(
            [asco_contributed, asco_reviewed],
            f"Developed by the {HOUSE} with medical review and contribution by {ASCO}.",
            id="order of signing does not matter",
        ),
        pytest.param(
            [house_edited, house_reviewed, asco_contributed],
            f"Developed by the {HOUSE} with contribution by {ASCO}.",
            id="own doctor reviewed and ASCO contributed",
        ),
        pytest.param(
            [house_reviewed, asco_reviewed],
            f"Developed by the {HOUSE} with medical review by {ASCO}.",
            id="both reviewed",
        ),
        pytest.param(
            [asco_reviewed, other_contributed],
            f"Developed by the {HOUSE} with medical review by {ASCO} and contribution by the Example Nursing Society.",
            id="two societies",
        ),
        pytest.param(
            [asco_contributed] * 2,
            f"Developed by the {HOUSE} with contribution by {ASCO}.",
            id="signed twice",
        ),
    ],
)
def test_credit_sentence_names_what_was_earned(earned, expected):
    assert sentence(HOUSE, earned) == expected
