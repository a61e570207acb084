from content.differences.difference import (
    Context,
    Counts,
    Difference,
    PartDifference,
    between,
    between_stored,
)
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
    "between_stored",
    "guards",
    "of_values",
]
