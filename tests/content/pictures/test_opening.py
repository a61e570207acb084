"""No picture takes more of the machine than it may: the process that opens it ends first."""

import struct
import subprocess
import sys
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.pictures import cleaning, opening
from content.pictures.opening import ROOT
from tests.content.drawing import drawn
from tests.content.pictures.test_cleaning import claiming, png_chunk
from tests.fuzzing import SAMPLE, soon

TOO_MUCH = (
    "“a.png” takes more memory or time to open than a picture may. Open it in a picture editor, save it as PNG or "
    "JPEG, and upload what you saved."
)

ONLY_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="Only Linux bounds and tells the memory of a process."
)


def stripe(width, height):
    """A sound PNG of one colour: a few kilobytes, and as wide and high as this."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x80" * width) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def test_cleaned_is_the_same_in_a_process_of_its_own():
    data = drawn(size=(300, 200))

    assert opening.cleaned(data, "a.png") == cleaning.cleaned(data, "a.png")


@pytest.mark.parametrize(("width", "height"), [(12_001, 1), (1, 12_001), (1, 39_000_000)])
def test_cleaned_refuses_a_side_that_is_too_long(width, height):
    with pytest.raises(cleaning.Unusable) as refused:
        opening.cleaned(claiming(width, height), "a.png")

    assert (refused.value.code, refused.value.words) == (
        "picture-too-long",
        "“a.png” is more than 12000 pixels wide or high. Make it smaller: 2400 pixels on its longer side are enough.",
    )


@pytest.mark.parametrize(("width", "height"), [(12_000, 1), (1, 12_000), (12_000, 3_333)])
def test_cleaned_takes_the_longest_sides_and_the_most_pixels(width, height):
    found = opening.cleaned(stripe(width, height), "a.png")

    assert max(found.width, found.height) == 2400


MEASURED = """
import re, resource, sys
from pathlib import Path
from content.pictures import opening
opening.cleaned(Path(sys.argv[1]).read_bytes(), "a.png")
ours = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(ours // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@ONLY_LINUX
def test_cleaned_of_a_picture_with_all_pixels_keeps_to_the_memory(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(drawn(size=(12_000, 3_333), mode="RGBA"))

    command = [sys.executable, "-c", MEASURED, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ours, of_the_process = map(int, done.stdout.split())

    assert (ours < 100, 200 < of_the_process < 512) == (True, True), done.stdout


@ONLY_LINUX
def test_cleaned_refuses_what_takes_more_memory_than_a_process_may_have(monkeypatch):
    less = "from content.pictures import limits; limits.MOST_MEMORY = 120_000_000; "
    command = (sys.executable, "-c", f"{less}from content.pictures import opening_process as it; it.main()")
    monkeypatch.setattr(opening, "COMMAND", command)

    with pytest.raises(cleaning.Unusable) as refused:
        opening.cleaned(drawn(size=(6_000, 6_000), mode="RGBA"), "a.png")

    assert (refused.value.code, refused.value.words) == ("picture-too-much", TOO_MUCH)


@pytest.mark.parametrize(
    "program",
    ["while True: pass", "import time; time.sleep(60)", "import os; os.abort()", "import sys; sys.exit(1)"],
    ids=["computes for ever", "waits for ever", "crashes", "ends"],
)
def test_cleaned_refuses_where_the_process_gives_no_answer(monkeypatch, program):
    limits = "from content.pictures import limits; limits.MOST_CPU_SECONDS = 1; limits.limit_this_process(); "
    monkeypatch.setattr(opening, "COMMAND", (sys.executable, "-c", limits + program))
    monkeypatch.setattr(opening, "MOST_SECONDS", 2)
    began = time.monotonic()

    with pytest.raises(cleaning.Unusable) as refused:
        opening.cleaned(drawn(), "a.png")

    assert (refused.value.code, refused.value.words) == ("picture-too-much", TOO_MUCH)
    assert time.monotonic() - began < 10


WHOLE = [drawn(), drawn("JPEG"), drawn("WEBP"), stripe(30, 20)]
CHANGES = st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6)), max_size=4)


@SAMPLE
@given(st.sampled_from(WHOLE), CHANGES, st.integers(20, 999))
def test_cleaned_of_any_bytes_is_a_picture_or_a_refusal(data, changes, end):
    for at, piece in changes:
        data = data[:at] + piece + data[at + len(piece) :]
    with soon():
        try:
            found = cleaning.cleaned(data[:end], "a.png")
        except cleaning.Unusable as unusable:
            found = unusable.words
    assert found
