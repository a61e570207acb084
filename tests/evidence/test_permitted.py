"""What is read must be what is written: words that look like others, and words that do not."""

import pytest

from evidence.characters import hidden_characters
from evidence.permitted import strange

AS_THEY_LOOK = """
pembrolizumab|200 mg/m²|µg|μg|IFNα|TGFβ|NF-κB|β-blocker|α-fetoprotein|São|niño|mañana|¿Qué?|Kaposi’s|“quoted”|2–4|≥|CD4⁺|10²
Yıldırım|Müller|Łódź|Nguyễn|Ménière|Ångström|naïve|Straße|½|37 °C|…|1,000 €|PD‑L1|p=0.05|±2|×10⁹|™|®|10⁻⁶|H₂O|1·5|−5
中文帮助|русский|помощь|العربية|עִבְרִית|ひらがな|한국어|हिन्दी|ไทย|ελληνικά
""".replace("\n", "|")

OTHERS = {
    "a Cyrillic letter in a Latin word": "p\u0430tient",
    "a Cyrillic о": "d\u043ese",
    "a word of Cyrillic letters that look Latin": "\u0441\u043e\u0440",
    "a word of Greek letters that look Latin": "\u0391\u0392",
    "a Greek letter inside a Latin word": "p\u03b1tient",
    "a Greek omicron": "d\u03bfse",
    "a Greek nu": "\u03bdot",
    "struck through": "N\u0336OT",
    "struck with a long stroke": "s\u0335top",
    "an enclosing mark": "5\u20dd",
    "a keycap": "5\u20e3",
    "a variation selector": "a\ufe0fb",
    "a supplementary variation selector": "a\U000e0101b",
    "right-to-left override": "\u202edose",
    "an isolate": "\u2066dose",
    "a left-to-right mark": "do\u200ese",
    "a zero-width joiner": "do\u200dse",
    "a tag character": "dose\U000e0041",
    "bold letters of mathematics": "𝐝𝐨𝐬𝐞",
    "digits of mathematics": "𝟏𝟎",
    "full-width letters": "ｄｏｓｅ",
    "full-width digits": "１０",
    "small capitals": "ᴅose",
    "a phonetic alpha": "ɑspirin",
    "a long s": "doſe",
    "a click letter": "ǃstop",
    "Arabic digits": "٣",
    "Arabic digits in a Latin word": "mg٣",
    "Devanagari digits": "१०",
    "a fraction slash": "1⁄2",
    "a division slash": "1∕2",
    "a ratio": "1∶2",
    "a low quote for a comma": "1‚5",
    "a one dot leader": "1․5",
    "a ligature": "ﬁve",
    "a Roman numeral of its own": "ⅳ",
    "a circled letter": "ⓐ",
    "an emoji": "💊",
    "two marks on a letter": "a\u0301\u0302",
    "a mark without a letter": "\u0338",
    "a modifier apostrophe": "don\u02bct",
    "a Cherokee letter": "Ꭰose",
    "a Lisu letter": "ꓓose",
    "an Armenian letter in a Latin word": "d\u0585se",
    "a Hebrew letter in a Latin word": "do\u05e1e",
    "a line separator": "do\u2028se",
    "a soft hyphen": "do\u00adse",
    "a Hangul filler": "do\u3164se",
    "a blank Braille cell": "\u2800",
    "a private letter": "\ue000",
    "a lost letter": "d\ufffdse",
}


@pytest.mark.parametrize("word", [word for word in AS_THEY_LOOK.split("|") if word])
def test_words_as_authors_and_publishers_write_them_are_permitted(word):
    assert strange(word) == []


@pytest.mark.parametrize("word", OTHERS.values(), ids=OTHERS)
def test_what_can_be_taken_for_something_else_is_named(word):
    found = [
        flaw.snippet for flaw in (*strange(f"Take {word} now."), *hidden_characters(f"Take {word} now."))
    ]

    assert found, f"U+{ord(max(word)):04X}"


def test_the_word_and_the_character_are_named():
    [flaw] = strange("Take one d\u043ese.")

    assert (flaw.snippet, flaw.words) == ("d\u043ese.", "it mixes Cyrillic and Latin letters")
