from content.differences.difference import Context, Counts, Difference, PartDifference, between
from content.differences.guarding import guards
from content.differences.numbers import NumberChange
from content.differences.values import Value, of_values

__all__ = [
    "Context",
    "Counts",
    "Difference",
    "NumberChange",
    "PartDifference",
    "Value",
    "between",
    "guards",
    "of_values",
]
