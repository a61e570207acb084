from django.contrib.auth import get_user_model

from accounts.models import User


def fresh(person: User) -> User:
    """The same person read again: rights taken away since the page was opened, or since the request began, count."""
    found: User = get_user_model()._default_manager.get(pk=person.pk)
    return found


def may(person: User, right: str) -> bool:
    return person.is_active and person.has_perm(right)
