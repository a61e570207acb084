from content.models import AbstractPerson
from content.models.trails import AuditTrail


class User(AbstractPerson):
    """The account of a person who writes, signs or publishes."""

    history = AuditTrail(excluded_fields=["password", "last_login"], m2m_fields=["groups"])
