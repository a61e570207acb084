"""Numbers with their units, and those that differ: the first thing a reviewer of a drug text looks for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from content.differences.pieces import Stretch
from content.differences.words import Token

# Of these the case counts: mg is not Mg.
SYMBOLS = set("% ‰ ° g kg mg mcg µg μg ug ng l dl ml µl μl cc mm cm iu ui gy mgy mmol mol meq mci".split())
UNITS = SYMBOLS | set(
    "gram grams milligram milligrams microgram micrograms liter liters milliliter milliliters percent"
    " second seconds minute minutes hour hours day days daily week weeks weekly month months monthly year years yearly"
    " tablet tablets pill pills capsule capsules drop drops teaspoon teaspoons tablespoon tablespoons"
    " gramo gramos miligramo miligramos microgramo microgramos litro litros mililitro mililitros"
    " segundo segundos minuto minutos hora horas día días semana semanas mes meses año años"
    " tableta tabletas pastilla pastillas cápsula cápsulas gota gotas".split()
)
# Units only right behind a number; elsewhere they are ordinary words.
COUNTED = set(
    "time times cycle cycles dose doses unit units night nights patch patches injection injections infusion infusions"
    " vez veces ciclo ciclos dosis unidad unidades parche parches inyección inyecciones".split()
)


@dataclass(frozen=True)
class NumberChange:
    """`old` is empty where the number is new, `new` where it is gone."""

    old: str
    new: str
    place: str


def is_unit(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].text.casefold()
    return word in UNITS or (word in COUNTED and at > 0 and tokens[at - 1].is_number)


def spelled(number: str) -> str:
    # For comparing: a hyphen for a dash is no other number.
    return number.replace("–", "-").replace("−", "-").replace("\u00a0", " ")


def measure(tokens: Sequence[Token], at: int) -> str:
    """Return the number with the units behind it: 15 mg/kg."""
    end = at + 1
    while end < len(tokens) and (is_unit(tokens, end) or _is_per(tokens, end)):
        end += 1
    return "".join(token.written for token in tokens[at:end]).strip()


def _is_per(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text == "/" and at + 1 < len(tokens) and is_unit(tokens, at + 1)


def number_changes(found: Iterable[Stretch], place: str) -> list[NumberChange]:
    stretches = list(found)
    old = _measures([token for stretch in stretches for token in stretch.old])
    new = _measures([token for stretch in stretches for token in stretch.new])
    changes = []
    for stretch in stretches:
        for before, after in zip_longest(_taken(old, stretch.old), _taken(new, stretch.new), fillvalue=""):
            if spelled(before) != spelled(after):
                changes.append(NumberChange(before, after, place))
    return changes


def _measures(tokens: list[Token]) -> Iterator[str]:
    return iter([measure(tokens, at) for at, token in enumerate(tokens) if token.is_number])


def _taken(measures: Iterator[str], tokens: Sequence[Token]) -> list[str]:
    return [next(measures) for token in tokens if token.is_number]
