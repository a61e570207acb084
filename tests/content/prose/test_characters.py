"""Words that came in broken, and characters nobody sees: named where they are, and sound words left alone."""

import re
from pathlib import Path

import pytest

from content import prose

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples"

BROKEN = """
    person¡¯s Espa?ol ESPA?OL ni??o T?cell patient?s PD?L1 2?6 cafÃ© donâ€™t â€œoffâ€\x9d KeytrudaÂ® PDQÂ® 5Â\u00a0mg
    â‰¥5 Î²-blocker Î±-interferon KaposiÂ´s Å“dema ðŸ™‚ ï»¿The ï¿½ 2¨C6 itâ\x80\x99s
""".split(" ")
SOUND = """
    Doxil? yes/no?Then what? (why?) ¿Qué? ¡Hola! “¿Cómo?” it’s “off”… café naïve AÑO Ångström Â SÃO IRMÃ” CAFÉ’S
    Spaß” Å² 5\u00a0Å… 100° ±5 µg 5–6 PDQ® ¼ © 3\u00a0×\u00a010 https://a.b/?q=x www.a.b/c?d me@a.b?c
    (see\u00a0popDefinition.aspx?id=44) ≤5 α-interferon β2 İstanbul
""".split(" ")
BROKEN, SOUND = ([word.strip("\n") for word in words if word.strip("\n")] for words in (BROKEN, SOUND))


@pytest.mark.parametrize("word", BROKEN)
def test_mojibake_names_a_broken_word(word: str) -> None:
    found = prose.mojibake(f"Some {word} here")

    assert [flaw.snippet for flaw in found] == [word]


@pytest.mark.parametrize("word", SOUND)
def test_mojibake_leaves_a_sound_word(word: str) -> None:
    assert prose.mojibake(f"Some {word} here") == []


def test_mojibake_says_what_it_saw() -> None:
    assert prose.mojibake("every person¡¯s own") == [
        prose.Flaw("person¡¯s", "“¡¯” is where another character was lost")
    ]


def test_mojibake_sees_a_letter_whose_blank_was_lost_after_a_number() -> None:
    assert [flaw.snippet for flaw in prose.mojibake("Take 5Â mg")] == ["5Â"]


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u00ad", "soft hyphen (U+00AD)"),
        ("\u200b", "zero width space (U+200B)"),
        ("\u200d", "zero width joiner (U+200D)"),
        ("\u2060", "word joiner (U+2060)"),
        ("\ufeff", "zero width no-break space (U+FEFF)"),
        ("\ufffd", "replacement character (U+FFFD)"),
        ("\u202e", "right-to-left override (U+202E)"),
        ("\u2066", "left-to-right isolate (U+2066)"),
        ("\x92", "control character (U+0092)"),
        ("\uf0b7", "private character (U+F0B7)"),
        ("\u2028", "line separator (U+2028)"),
        ("\u3164", "hangul filler (U+3164)"),
        ("\U000e0041", "tag latin capital letter a (U+E0041)"),
        ("\ufffe", "control character (U+FFFE)"),
    ],
)
def test_hidden_characters_names_the_word_and_the_character(char: str, name: str) -> None:
    assert prose.hidden_characters(f"Some im{char}mune {char}\n") == [
        prose.Flaw(f"im{char}mune", name),
        prose.Flaw(char, name),
    ]


@pytest.mark.parametrize(
    "text", ["Plain\n\ttext\r\n", "5\u00a0mg – “it’s” é ≥ 💊", "می\u200cخواهم", "क्\u200dष", "\u06dd"]
)
def test_hidden_characters_leaves_what_is_seen(text: str) -> None:
    assert prose.hidden_characters(text) == []


@pytest.mark.parametrize(
    "name", ["nci-02.md", "nci-06.md", "nci-08.md", "nci-11.md", "kaposi-immunotherapy.txt"]
)
def test_real_text_is_found_sound(name: str) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("The real examples are not part of the repository.")
    text = re.sub(r"\]\([^)]*\)", "]", (EXAMPLES / name).read_text(encoding="utf-8"))

    assert prose.mojibake(text) + prose.hidden_characters(text) == []
