"""Every right that this system asks for, named once, and how a person is asked for one.

Rights are Django's permissions, so what a role may do is a list of these names (`reviews/initial_data.py`).
They are strings, since this room lies below the models that most of them are about.
"""

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from accounts.models import User

# What is written
VIEW_ARTICLE = "content.view_article"
ADD_ARTICLE = "content.add_article"
CHANGE_ARTICLE = "content.change_article"
SUBMIT_EDITION = "content.submit_edition"

# The library and its sources
ADD_REFERENCE = "content.add_reference"
CHANGE_REFERENCE = "content.change_reference"
ADD_ACCESS_CHECK = "content.add_accesscheck"
LOOK_AT_LINKS = "content.look_at_links"
CHANGE_ACCESS_POLICY = "content.change_accesspolicy"

# What is decided and published
READ_EDITIONS = "content.read_editions"
ASSIGN_SIGNOFF = "content.assign_signoff"
PUBLISH_EDITION = "content.publish_edition"
ADD_KIND = "reviews.add_kindversion"

# What surrounds every public page
VIEW_PAGE_FRAME = "content.view_pageframe"
ADD_PAGE_FRAME = "content.add_pageframe"
CHANGE_PAGE_FRAME = "content.change_pageframe"


def on(app: str, acts: Iterable[str], models: Iterable[str]) -> tuple[str, ...]:
    """Return Django's own rights to view, add, change or delete rows of these models."""
    named = tuple(models)
    return tuple(f"{app}.{act}_{model}" for act in acts for model in named)


def fresh(person: User) -> User:
    """Read the person again, so that rights taken away since the page was opened, or since the request began, count."""
    found: User = get_user_model()._default_manager.get(pk=person.pk)
    return found


def may(person: User, *rights: str) -> bool:
    return person.is_active and person.has_perms(rights)
