from content.models import Person
from simple_history.models import HistoricalRecords


class User(Person):
    """The account of a person who writes, signs or publishes."""

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
