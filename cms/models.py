from simple_history.models import HistoricalRecords

from content.models import AbstractPerson


class User(AbstractPerson):
    """The account of a person who writes, signs or publishes."""

    history = HistoricalRecords(excluded_fields=["password", "last_login"], m2m_fields=["groups"])
