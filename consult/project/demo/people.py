"""Who works and lives in the demo city."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from consult.participants.models import DepartmentMember, User
from consult.participants.states import Role
from drafts.concept.models import Department

CONTENT = Path(__file__).parent / "content"
PASSWORD = "lindenau-demo"  # noqa: S105 - printed at start, the demo says on every page what it is


@dataclass(frozen=True)
class Login:
    """An account that the demo prints."""

    email: str
    first_name: str
    last_name: str
    role: Role | None
    what: str


LOGINS = [
    Login("anna@lindenau.example", "", "", None, "Bewohnerin"),
    Login("mehmet@lindenau.example", "", "", None, "Bewohner"),
    Login("redaktion@lindenau.example", "Lena", "Brandt", Role.EDITOR, "Redaktion"),
    Login("koordination@lindenau.example", "Miriam", "Öztürk", Role.COORDINATION, "Koordinierung"),
    Login("koordination2@lindenau.example", "Jonas", "Feld", Role.COORDINATION, "zweite Person"),
    Login("moderation@lindenau.example", "Petra", "Simon", Role.MODERATION, "Moderation"),
    Login("moderation2@lindenau.example", "Tarek", "Haddad", Role.MODERATION, "zweite Person"),
    Login("amt@lindenau.example", "Ruth", "Keller", Role.DEPARTMENT, "Fachämter"),
    Login("ratsbuero@lindenau.example", "Dieter", "Lang", Role.COUNCIL_OFFICE, "Ratsbüro"),
    Login("ratsbuero2@lindenau.example", "Sofia", "Marin", Role.COUNCIL_OFFICE, "zweite Person"),
    Login("rat@lindenau.example", "Aylin", "Yılmaz", Role.COUNCIL_MEMBER, "Ratsmitglied"),
    Login("rat2@lindenau.example", "Bernd", "Vogel", Role.COUNCIL_MEMBER, "andere Fraktion"),
    Login("pruefung@lindenau.example", "Georg", "Weiß", Role.AUDITOR, "Prüfung"),
]


def create_logins(at: datetime) -> dict[str, User]:
    """Create the accounts that the demo prints, by the part before the @."""
    password = make_password(PASSWORD)
    people = {}
    for login in LOGINS:
        user = User.objects.create(
            email=login.email,
            password=password,
            first_name=login.first_name,
            last_name=login.last_name,
            is_staff=login.role is not None,
            residence_declared_at=at if login.role is None else None,
            date_joined=at,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if login.role:
            user.groups.add(Group.objects.get(name=login.role))
        people[login.email.split("@")[0]] = user
    User.objects.filter(pk=people["anna"].pk).update(pseudonym="Anna aus Süd")
    User.objects.filter(pk=people["mehmet"].pk).update(pseudonym="Mehmet")
    admin = User.objects.create_superuser("admin@lindenau.example", PASSWORD)
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    return people


# Which council group each member of the council works in.
MEMBERS = {"rat": "Fraktion Gemeinsam", "rat2": "Offene Liste"}


def join_departments(user: User) -> None:
    """Make one person a member of every department, so that one login shows all answers."""
    DepartmentMember.objects.bulk_create(
        [
            DepartmentMember(user=user, department=department)
            for department in Department.objects.all()
        ],
        ignore_conflicts=True,
    )


def create_residents(at: datetime) -> dict[str, tuple[User, str]]:
    """Create the people who write in the demo; return (account, leaning) by their key."""
    rows = [
        row
        for name in ("personen-a.json", "personen-b.json")
        for row in json.loads((CONTENT / name).read_text())
    ]
    known = dict(settings.LANGUAGES)
    users = User.objects.bulk_create(
        User(
            email=f"{row['person']}@bewohner.lindenau.example",
            password=make_password(None),
            pseudonym=row["pseudonym"],
            language=row["language"] if row["language"] in known else "en",
            residence_declared_at=at if row["residence"] else None,
            date_joined=at,
        )
        for row in rows
    )
    return {row["person"]: (user, row["leaning"]) for row, user in zip(rows, users, strict=True)}
