"""States of an edition and the allowed steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionStatus(models.TextChoices):
    OPEN = "open", _("wird freigegeben")
    SEALED = "sealed", _("vollständig freigegeben")
    SUBMITTED = "submitted", _("dem Rat vorgelegt")
    IN_FORCE = "in_force", _("in Kraft")
    NOT_ADOPTED = "not_adopted", _("nicht beschlossen")
    SUPERSEDED = "superseded", _("abgelöst")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


S = EditionStatus

TRANSITIONS = frozenset(
    {
        (S.OPEN, S.SEALED),
        (S.OPEN, S.WITHDRAWN),
        (S.SEALED, S.SUBMITTED),
        (S.SEALED, S.SUPERSEDED),
        (S.SEALED, S.IN_FORCE),
        (S.SEALED, S.WITHDRAWN),
        (S.SUBMITTED, S.IN_FORCE),
        (S.SUBMITTED, S.NOT_ADOPTED),
        # The paper was withdrawn; another one may lay the edition before the council.
        (S.SUBMITTED, S.SEALED),
        (S.SUBMITTED, S.SUPERSEDED),
        (S.IN_FORCE, S.SUPERSEDED),
    }
)

# What residents read as "the draft" while nothing newer was released.
READABLE = frozenset(S) - {S.WITHDRAWN}
