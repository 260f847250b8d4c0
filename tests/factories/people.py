"""People."""

import itertools

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from consult.participants.models import User
from consult.participants.states import Role

_number = itertools.count(1)
PASSWORD = "gemeinsam-schreiben"


def make_resident(pseudonym: str = "", *, residence_at=None) -> User:
    """A person with a confirmed address."""
    return _make(f"person{next(_number)}@example.org", pseudonym, residence_at)


def make_staff(*roles: Role, name: str = "") -> User:
    """Somebody who works here, in the groups of these roles."""
    user = _make(f"staff{next(_number)}@example.org", name, None)
    user.is_staff = True
    user.first_name = name or "Kim"
    user.last_name = "Beispiel"
    user.save()
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def _make(email: str, pseudonym: str, residence_at) -> User:
    user = User.objects.create_user(
        email, PASSWORD, pseudonym=pseudonym, residence_declared_at=residence_at
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
