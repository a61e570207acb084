"""Bad files: each gives its code, its entry and its line; nothing crashes, and nothing costs much memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.citing.formats import reading
from tests.content.citing.formats import test_pubmed, test_ris

RIS = test_ris.ARTICLE.encode()
NBIB = test_pubmed.ARTICLE.encode()
JSON = b'[\n{"type": "book", "title": "One"},\n{"type": "book", "title": "Two"}\n]\n'
RIS_LINES, NBIB_LINES = RIS.count(b"\n"), NBIB.count(b"\n")
LONG_LINE, LONG_ENTRY = b"TY  - JOUR\nTI  - " + b"x" * 1_100_000, b"TY  - JOUR\n" + b"AU  - Roe, A\n" * 20_000
ROOT = Path(__file__).resolve().parents[4]

# What the file is called, what is in it, and the code, entry and line of each fault.
BAD = {
    "nothing": ("a.ris", b"", [("empty", 0, 0)]),
    "blanks": ("a.ris", b"\xef\xbb\xbf \r\n\n", [("empty", 0, 0)]),
    "too large": ("a.ris", RIS + b" " * reading.LARGEST, [("too-large", 0, 0)]),
    "PDF": ("a.ris", b"%PDF-1.7\n", [("not-text", 0, 0)]),
    "ZIP": ("a.ris", b"PK\x03\x04" + RIS, [("not-text", 0, 0)]),
    "UTF-16": ("a.ris", RIS.decode().encode("utf-16"), [("not-text", 0, 0)]),
    "UTF-16 without mark": ("a.ris", RIS.decode().encode("utf-16-le"), [("not-text", 0, 0)]),
    "Latin-1 in RIS": ("a.ris", RIS.replace(b"Mark", b"M\xe1rk"), [("not-utf8", 0, 2)]),
    "Latin-1 in NBIB": ("a.nbib", NBIB.replace(b"Mark", b"M\xe1rk"), [("not-utf8", 0, 14)]),
    "Latin-1 in JSON": ("a.json", JSON.replace(b"Two", b"Tw\xf6"), [("not-utf8", 2, 3)]),
    "Latin-1 in lines": ("a.txt", b"Roe A. One. 2024.\nRoe A. Tw\xf6. 2024.", [("not-utf8", 0, 2)]),
    "XML": ("a.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', [("format-unknown", 0, 0)]),
    "BibTeX": ("a.bib", b"@article{roe, title={One}}", [("format-unknown", 0, 0)]),
    "unknown": ("a.xyz", b"One. Two. Three.", [("format-unknown", 0, 0)]),
    "no entry in RIS": ("a.ris", b"Provider: Example\n", [("no-entries", 0, 0)]),
    "no entry in JSON": ("a.json", b"[ ]", [("no-entries", 0, 0)]),
    "RIS cut off": ("a.ris", RIS + RIS[:300], [("cut-off", 2, RIS_LINES + 11)]),
    "RIS without an end in the middle": ("a.ris", RIS.replace(b"ER  - ", b"") + RIS, [("cut-off", 1, RIS_LINES - 1)]),
    "RIS without a beginning": ("a.ris", RIS + b"TI  - One\nER  - ", [("outside", 0, RIS_LINES + at) for at in (1, 2)]),
    "RIS with words between": ("a.ris", RIS + b"words\n" + RIS, [("outside", 1, RIS_LINES)]),
    "RIS without title": ("a.ris", RIS + b"TY  - JOUR\nER  - \n", [("unsound", 2, RIS_LINES + 1)]),
    "RIS with a false DOI": ("a.ris", RIS.replace(b"10.1200/JCO.2016.69.3812", b"1O.1200"), [("unsound", 1, 1)]),
    "RIS with a control character": ("a.ris", RIS.replace(b"Kaposi", b"Kap\x07osi"), [("unsound", 1, 1)]),
    "RIS with one line too long": ("a.ris", RIS + LONG_LINE, [("line-too-long", 0, RIS_LINES + 2)]),
    "RIS with one entry too large": ("a.ris", RIS + LONG_ENTRY, [("entry-too-large", 2, RIS_LINES + 1)]),
    "NBIB cut off": ("a.nbib", NBIB + b"\n" + NBIB[:200], [("cut-off", 2, NBIB_LINES + 10)]),
    "NBIB without a beginning": ("a.nbib", b"TI  - One.\n" + NBIB, [("outside", 0, 1)]),
    "NBIB retracted": ("a.nbib", NBIB + b"\nPMID- 2\nPT  - Retracted Publication\nSO  - a", [("retracted", 2, NBIB_LINES + 2)]),
    "NBIB without title": ("a.nbib", b"PMID- 1\nSO  - a\n\n" + NBIB, [("unsound", 1, 1)]),
    "JSON broken": ("a.json", JSON.replace(b'"title": "Two"', b'"title" "Two"'), [("json", 2, 3)]),
    "JSON cut off": ("a.json", JSON[:60], [("cut-off", 2, 3)]),
    "JSON cut off between": ("a.json", JSON[:-2], [("cut-off", 2, 4)]),
    "JSON without comma": ("a.json", JSON.replace(b"},", b"}"), [("json", 1, 3)]),
    "JSON with more behind": ("a.json", JSON + b"x", [("outside", 0, 5)]),
    "JSON of another kind": ("a.json", b'"text"', [("json", 0, 1)]),
    "JSON with a number": ("a.json", b"[\n1]", [("json", 1, 2)]),
    "JSON with a key twice": ("a.json", b'[{"title": "a",\n "title": "b"}]', [("json", 1, 1)]),
    "JSON with a huge number": ("a.json", b'[{"volume": ' + b"9" * 5000 + b"}]", [("json", 1, 1)]),
    "JSON with NaN": ("a.json", b'[{"volume": NaN}]', [("json", 1, 1)]),
    "JSON in a hole": ("a.json", b'[{"title": ' + b"[" * 100_000, [("json", 1, 1)]),
    "JSON with one entry too large": ("a.json", b'[{"title": "' + b"x" * 2_000_000 + b'"}]', [("entry-too-large", 1, 1)]),
    "JSON with half a character": ("a.json", b'[{"type": "book", "title": "\\ud800"}]', [("unsound", 1, 1)]),
    "JSON with a null character": ("a.json", b'[{"type": "book", "title": "\\u0000"}]', [("unsound", 1, 1)]),
    "JSON with a year too far": (
        "a.json",
        JSON.replace(b'"One"', b'"One", "issued": {"date-parts": [[' + b"9" * 4000 + b"]]}"),
        [("unsound", 1, 2)],
    ),
    "JSON with wrong shapes": (
        "a.json", b'[{"type": ["book"], "title": {"a": 1}, "author": "Roe", "issued": 5, "DOI": []}]', [("unsound", 1, 1)]
    ),
    "JSON with wrong names": (
        "a.json", b'[{"type": "book", "title": "a", "author": ["Roe", {"family": 7}]}]', [("unsound", 1, 1)]
    ),
    "a DOI alone": ("a.txt", b"Roe A. One. 2024.\n10.1000/xyz", [("identifier-alone", 2, 2)]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "faults"), BAD.values(), ids=BAD)
def test_read_names_the_code_entry_and_line_of_each_fault(name, data, faults):
    found = reading.read(data, name=name)

    assert [(fault.code, fault.entry, fault.line) for fault in found.faults] == faults
    assert all(fault.words.endswith(".") for fault in found.faults)


def test_read_keeps_the_entries_beside_an_unsound_one():
    found = reading.read(b"TY  - BOOK\nER  - \n" + RIS)

    assert [fault.entry for fault in found.faults] == [1]
    assert [each.number for each in found.entries] == [2]


def test_read_keeps_nothing_of_a_file_that_is_not_utf8():
    assert reading.read(RIS * 3 + b"\xff").entries == []


def test_read_lists_only_the_first_lines_that_are_not_utf8():
    found = reading.read(b"TY  - JOUR\n" + b"TI  - \xe9\n" * 50)

    assert [fault.line for fault in found.faults] == list(range(2, 22))


@pytest.mark.parametrize(
    ("data", "format"), [(RIS, "ris"), (b"\xef\xbb\xbf" + NBIB, "pubmed"), (JSON, "csl-json"), (b"[1] Roe A. One.", "lines")]
)  # fmt: skip
def test_format_of_goes_by_what_the_file_holds(data, format):
    assert reading.format_of(data, name="a.txt", wanted="").name == format
    assert reading.format_of(data, name="", wanted="").name == format


def test_read_takes_ten_thousand_entries_and_not_one_more():
    book = b"TY  - BOOK\nTI  - T\nER  - \n"

    assert len(reading.read(book * reading.MOST_ENTRIES).entries) == 10_000
    refused = reading.read(book * (reading.MOST_ENTRIES + 1))
    assert ([fault.code for fault in refused.faults], refused.entries) == (["too-many"], [])


def test_read_gives_up_after_a_hundred_faults():
    found = reading.read(b"TY  - BOOK\nER  - \n" * 500 + RIS)

    assert ([fault.code for fault in found.faults][-2:], len(found.faults)) == (
        ["unsound", "too-many-faults"],
        101,
    )
    assert found.entries == []


@pytest.mark.parametrize("data", [RIS, NBIB, JSON], ids=["RIS", "NBIB", "JSON"])
def test_read_of_a_file_cut_off_anywhere_never_passes_for_whole(data):
    whole = reading.read(data)

    needed = data.index(b"SO  - ") if data is NBIB else len(data.rstrip())  # what follows is not taken
    for length in range(1, needed):
        found = reading.read(data[:length], name="a.json")
        assert found.faults or found.entries == [], length
    assert (len(whole.entries), whole.faults) == (2 if data is JSON else 1, [])


@given(st.binary(max_size=300), st.sampled_from([RIS, NBIB, JSON, b""]), st.integers(0, 700))
def test_read_never_fails_on_bytes_thrown_in(junk, data, place):
    found = reading.read(data[:place] + junk + data[place:], wanted="" if data else "lines")

    assert found.entries or found.faults


@pytest.mark.parametrize("wanted", [each.name for each in reading.FORMATS])
def test_read_never_fails_on_random_bytes(wanted):
    for _ in range(20):
        assert reading.read(os.urandom(2000).replace(b"\0", b""), wanted=wanted).faults


HUGE = {
    "brackets": ("json", "b'[' * n", "json"),
    "one title": ("json", "b'[{\"title\": \"' + b'x' * n", "entry-too-large"),
    "escapes": ("json", "b'[\"' + b'\\\\\\\\' * (n // 2)", "entry-too-large"),
    "one value": ("ris", "b'TY  - JOUR\\nTI  - x\\n' + b'a\\n' * (n // 2)", "entry-too-large"),
    "one line": ("ris", "b'TY  - JOUR\\nTI  - ' + b'x' * n", "line-too-long"),
    "ten thousand": (
        "ris",
        "(b'TY  - JOUR\\nTI  - T\\nAB  - ' + b'x' * 5150 + b'\\nER  - \\n') * 10_000",
        "",
    ),
    "emoji": ("txt", "('😀' * 20 + chr(10)).encode() * (n // 81)", "too-many"),
}


@pytest.mark.parametrize(("ending", "data", "code"), HUGE.values(), ids=HUGE)
def test_read_of_fifty_megabytes_needs_little_memory(ending, data, code):
    program = (
        "from pathlib import Path\n"
        "from content.citing.formats import reading\n"
        "n = reading.LARGEST - 100\n"
        f"found = reading.read({data}, name='a.{ending}')\n"
        "print(found.faults[0].code if found.faults else '')\n"
        # Not ru_maxrss: a child begins with that of the process which started it.
        "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[0] == code
    assert int(done.stdout.splitlines()[1]) < 512
