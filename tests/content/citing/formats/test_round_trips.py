"""What we write, we read back equal, in every variable that the format can hold."""

import string

from hypothesis import given
from hypothesis import strategies as st

from content.citing import validating
from content.citing.formats import csl_json, reading, ris
from content.citing.formats.entries import tidy

# Words as the library stores them: one line, without what nobody sees.
LETTERS = string.ascii_letters + string.digits + "éßñ–’“”®<>&;:.,?!()[]{}/\\%$#@*_=+'\"-"
words = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join).map(tidy)
plain = st.text(string.ascii_letters + string.digits + ".é", min_size=1, max_size=12)
parts = st.dates().map(lambda day: [day.year, day.month, day.day])
dates = st.tuples(parts, st.integers(1, 3)).map(lambda drawn: {"date-parts": [drawn[0][: drawn[1]]]})
literal_dates = st.sampled_from(["Spring 2025", "no date"]).map(lambda text: {"literal": text})
suffixes = st.sampled_from(["Jr", "Sr.", "III"])
people = st.fixed_dictionaries({"family": plain, "given": plain}, optional={"suffix": suffixes})
organizations = st.lists(plain, min_size=1, max_size=3).map(", ".join).map(lambda text: {"literal": text})
names = st.lists(people | organizations, min_size=1, max_size=4)
with_particles = st.fixed_dictionaries(
    {"family": plain}, optional={"given": plain, "dropping-particle": plain, "non-dropping-particle": plain}
)
identifiers = {
    "DOI": st.sampled_from(["10.1000/xyz123", "10.1200/JCO.2016.69.3812", "10.1016/S0140-6736(20)30183-5"]),
    "PMID": st.integers(1, 999_999_999).map(str),
    "PMCID": st.integers(1, 9_999_999).map("PMC{}".format),
    "ISBN": st.sampled_from(["978-0-323-47674-4", "9780323476744", "0323476740"]),
    "ISSN": st.sampled_from(["0732-183X", "1527-7755"]),
    "URL": st.sampled_from(
        ["www.nccn.org", "https://a.example/?x=1;y=2&z=%20#top", "https://doi.org/10.1/x"]
    ),
}
TEXTS = "title-short publisher publisher-place volume issue number genre language".split()
texts = dict.fromkeys(TEXTS, words)
texts |= {"chapter-number": plain, "edition": plain, "version": plain, "id": plain}
texts |= {"page": st.sampled_from(["12", "12-15", "S1-S10", "e12", "1-2, 5-7", "1519–38", "12-12"])}
common = {
    **texts,
    **identifiers,
    "issued": dates,
    "accessed": dates,
    "status": st.just("advance-online-publication"),
}
in_ris = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(ris.WRITTEN)), "title": words, "container-title": words},
    optional={
        **common,
        "container-title-short": words,
        **dict.fromkeys(("author", "editor", "translator"), names),
    },
)
in_csl = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(validating.TYPES)), "title": words},
    optional={
        **common,
        **dict.fromkeys(
            ("author", "editor", "translator"), st.lists(people | organizations | with_particles, min_size=1)
        ),
        **dict.fromkeys(("container-title", "container-title-short", "note"), words),
        "status": words,
        "volume": words | st.integers(0, 9999),
        "issued": dates | literal_dates,
    },
)


def read_back(text, wanted):
    read = reading.read(text.encode(), wanted=wanted)
    assert read.faults == []
    assert all(entry.left_out == [] for entry in read.entries)
    return [entry.csl for entry in read.entries]


@given(st.lists(in_ris, min_size=1, max_size=3))
def test_ris_is_read_back_as_it_was_written(items):
    assert read_back(ris.write(items), "ris") == items


@given(st.lists(in_csl, min_size=1, max_size=3))
def test_csl_json_is_read_back_as_it_was_written(items):
    assert read_back(csl_json.write(items), "csl-json") == items
