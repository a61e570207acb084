from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from content import outbox
from evidence.findings import Refused
from reviews.demo import loading
from reviews.demo.people import KNOWN_TO_ALL, LOGINS


class Command(BaseCommand):
    help = (
        "Fill an empty database with people, drugs and four articles to try everything on, and print the logins. "
        "Called again, it changes nothing and prints them again. What it does meanwhile is said on standard error."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_in_production()
        steps = loading.steps_to_do()
        if steps:
            refuse_beside_foreign_rows()
        for step in steps:
            self.stderr.write(f"Loading {step.replace('-', ' ')} …", str)  # str: not in red
            do(step)
        outbox.send_due()  # now, and not between what somebody tries out
        self.stdout.write(logins())


def refuse_in_production() -> None:
    if settings.PRODUCTION or not (settings.DEMO or settings.DEBUG):
        raise CommandError(
            "The passwords of the demonstration are known to everybody, so it is not loaded here. "
            "Set IMPRIMATUR_DEMO=1, without IMPRIMATUR_PRODUCTION, on a machine that only you can reach."
        )


def refuse_beside_foreign_rows() -> None:
    found = list(loading.foreign_rows())
    if found:
        raise CommandError(
            f"This database holds {', '.join(found)}: that is not the demonstration's, and nothing was loaded. "
            "Name an empty database in DATABASE_URL, such as sqlite:///demo.sqlite3, and run `manage.py migrate` first."
        )


def do(step: str) -> None:
    try:
        loading.do(step)
    except Refused as refused:
        raise CommandError(
            f"The step “{step}” was undone: {refused} Somebody changed the people of the demonstration before all of "
            "it was loaded. Undo that change, or name an empty database in DATABASE_URL."
        ) from refused
    except IntegrityError as error:
        raise CommandError(
            f"The step “{step}” met rows that were there already, and was undone. If another `manage.py demo` is "
            "running, let it finish and call this again. Otherwise name an empty database in DATABASE_URL."
        ) from error


def logins() -> str:
    widths = [max(len(getattr(login, name)) for login in LOGINS) for name in ("username", "role")]
    lines = [
        f"  {login.username:{widths[0]}}  {KNOWN_TO_ALL}  {login.role:{widths[1]}}  {login.first}"
        for login in LOGINS
    ]
    heading = f"Log in at {settings.SITE_URL}/admin/ (user name, password, role, what to do first):"
    return "\n".join([heading, *lines])
