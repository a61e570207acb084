"""Made-up people, one or two for each role."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Organisation, User
from reviews.initial_data import AUDITORS, CONTRIBUTORS, EDITORS, MEDICAL_REVIEWERS, PUBLISHERS

# Printed by the command and known to everybody: that is why production refuses the demonstration.
KNOWN_TO_ALL = "imprimatur-demo"

ORGANISATIONS = (
    {
        "code": "acs",
        "name": "American Cancer Society",
        "in_credit": "American Cancer Society medical and editorial content team",
        "is_publishing": True,
    },
    {
        "code": "asco",
        "name": "American Society of Clinical Oncology",
        "in_credit": "the American Society of Clinical Oncology (ASCO)",
    },
)


@dataclass(frozen=True)
class Login:
    username: str
    printed_name: str
    credentials: str
    role: str
    first: str
    groups: tuple[str, ...] = ()
    organisation: str = "acs"
    is_superuser: bool = False


LOGINS = (
    Login("ann", "Ann Castellano", "RN, OCN", "Editor", "finish the draft about chemotherapy", (EDITORS,)),
    Login("edi", "Edi Marlowe", "", "Editor", "see what waits for the editorial review", (EDITORS,)),
    Login("lib", "Libby Okafor", "PharmD", "Editor of the library", "look up a drug", (EDITORS,)),
    Login("bob", "Bob Hansen", "MD", "Medical reviewer", "sign what waits on the desk", (MEDICAL_REVIEWERS,)),
    Login("cid", "Cid Moreau", "MD, PhD", "Medical reviewer", "ask for changes", (MEDICAL_REVIEWERS,)),
    Login(
        "asa",
        "Asa Lindqvist",
        "MD, FASCO",
        "Contributor and reviewer for ASCO",
        "see what ASCO signed for",
        (MEDICAL_REVIEWERS, CONTRIBUTORS),
        "asco",
    ),
    Login("dora", "Dora Petrov", "", "Publisher", "publish what is ready", (PUBLISHERS,)),
    Login("gus", "Gus Whitfield", "", "Auditor", "read the ledger", (AUDITORS,)),
    Login("eve", "Eve Nakamura", "", "Staff without rights", "see that a login alone opens nothing"),
    Login("admin", "Ada Brooks", "", "Administrator", "give people their groups", is_superuser=True),
)


def load() -> None:
    for columns in ORGANISATIONS:
        Organisation(**columns).save()
    # Hashed once: ten times would take seconds, and the password is no secret.
    encoded = make_password(KNOWN_TO_ALL)
    for login in LOGINS:
        add(login, encoded)


def add(login: Login, encoded: str) -> None:
    person = get_user_model()(
        username=login.username,
        password=encoded,
        email=f"{login.username}@example.org",
        printed_name=login.printed_name,
        credentials=login.credentials,
        organisation=Organisation.objects.get(code=login.organisation),
        is_staff=True,
        is_superuser=login.is_superuser,
    )
    person.save()
    person.groups.set(Group.objects.filter(name__in=login.groups))


def named(username: str) -> User:
    person: User = get_user_model()._default_manager.get(username=username)
    return person
