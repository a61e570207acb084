from content.differences.difference import Counts, Difference, PartDifference, between
from content.differences.guarding import guards
from content.differences.numbers import NumberChange

__all__ = ["Counts", "Difference", "NumberChange", "PartDifference", "between", "guards"]
