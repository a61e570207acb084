"""The account keeps its table in this app until the schema is made anew."""

from accounts.models import User

__all__ = ["User"]
