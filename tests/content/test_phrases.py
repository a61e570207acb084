from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from content.phrases import long_date, moment, moment_to_the_second, plural


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("edition",), "0 editions"),
        (1, ("edition",), "1 edition"),
        (3, ("edition",), "3 editions"),
        (1, ("draft cites", "drafts cite"), "1 draft cites"),
        (2, ("draft cites", "drafts cite"), "2 drafts cite"),
    ],
)
def test_a_count_takes_its_noun(count, words, said):
    assert plural(count, *words) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 12, 5), "December 5, 2025"),
        (date(2026, 1, 31), "January 31, 2026"),
        # Four in the morning in Greenwich is still the evening before in New York.
        (datetime(2025, 12, 6, 4, 0, tzinfo=UTC), "December 5, 2025"),
    ],
)
def test_a_day_is_written_out_as_it_is_at_the_house(day, said):
    assert long_date(day) == said


@pytest.mark.parametrize(
    ("at", "said", "to_the_second"),
    [
        (datetime(2025, 12, 5, 14, 30, 7, tzinfo=UTC), "December 5, 2025, 9:30 a.m. EST", "9:30:07 a.m. EST"),
        (datetime(2025, 7, 1, 2, 5, tzinfo=UTC), "June 30, 2025, 10:05 p.m. EDT", "10:05:00 p.m. EDT"),
        (datetime(2025, 12, 5, 17, 0, tzinfo=UTC), "December 5, 2025, noon EST", "12:00:00 p.m. EST"),
    ],
)
def test_a_time_carries_the_zone_of_the_house(at, said, to_the_second):
    assert (moment(at), moment_to_the_second(at)) == (said, f"{long_date(at)}, {to_the_second}")


@pytest.mark.parametrize("spelling", ["%B", "== 1 else 's'", '== 1 else "s"'])
def test_no_other_module_spells_counts_or_days_of_its_own(spelling):
    base = Path(__file__).parents[2]
    spelt = [
        path.relative_to(base).as_posix()
        for room in ("cms", "reviews", "content", "accounts", "evidence")
        for path in (base / room).rglob("*.py")
        if spelling in path.read_text()
    ]

    assert spelt == (["content/phrases.py"] if spelling == "%B" else [])
