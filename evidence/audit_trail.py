from functools import cache
from typing import Any

from django.db.models import QuerySet
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalChanges, HistoricalRecords

from evidence.frozen import FrozenModel


class TrailManager(HistoryManager):
    """simple-history makes the manager's class anew whenever `history` is read: a tenth of the time of a save."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet], class_name: str | None = None) -> type[Any]:
        return super().from_queryset(queryset_class, class_name)


class AuditTrail(HistoricalRecords):
    """Who changed which column of a row, from what to what.

    Its rows are written once: who wrote an edition, and which version of a library row it shows, are read from them.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            bases=(FrozenModel,), m2m_bases=(FrozenModel,), history_manager=TrailManager, **options
        )


def is_trail(model: type) -> bool:
    return issubclass(model, HistoricalChanges)
