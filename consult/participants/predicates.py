"""Which role a person has. What a role may do stands in the predicates of each app."""

from consult.participants.states import Role


def has_role(user, *roles: Role) -> bool:
    """Whether the person is active and in one of the groups; administrators are not in all.

    Deny by default: an anonymous visitor and a superuser without the group have no role, because
    running the system gives no right over texts, votes or decisions.
    """
    if user is None or not user.is_active or not user.pk:
        return False
    return not _groups(user).isdisjoint(roles)


def _groups(user) -> set[str]:
    if not hasattr(user, "_role_names"):
        user._role_names = set(user.groups.values_list("name", flat=True))
    return user._role_names
