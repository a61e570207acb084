from django.contrib.auth import get_user_model

from content.models import Person


def fresh(person: Person) -> Person:
    """The same person read again: rights taken away since the page was opened, or since the request began, count."""
    found: Person = get_user_model()._default_manager.get(pk=person.pk)
    return found


def may(person: Person, right: str) -> bool:
    return person.is_active and person.has_perm(right)
