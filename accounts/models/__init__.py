from accounts.models.organisations import Organisation
from accounts.models.people import User, UserKept

__all__ = ["Organisation", "User", "UserKept"]
