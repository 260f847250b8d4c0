"""Vocabulary of the working text. Codes are stored and hashed; labels are shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The language in which a concept is decided on; all others are versions of it.
BINDING = "de"


class SectionKind(models.TextChoices):
    PREFACE = "preface", _("Vorwort")
    UNDERSTANDING = "understanding", _("Integrationsverständnis")
    TARGET_GROUPS = "target_groups", _("Zielgruppen")
    GUIDELINES = "guidelines", _("Leitlinien")
    PRINCIPLES = "principles", _("Grundsätze")
    LINES_OF_ACTION = "lines_of_action", _("Handlungslinien")
    FIELD = "field", _("Handlungsfeld")
    ANNEX = "annex", _("Anhang")


class Openness(models.TextChoices):
    """Whether residents can still change a text; a fixed one names its reason."""

    OPEN = "open", _("Offen")
    FIXED = "fixed", _("Feststehend")


class GoalLevel(models.TextChoices):
    OVERARCHING = "leitziel", _("Leitziel")
    GOAL = "ziel", _("Ziel")
    OPERATIONAL = "handlungsziel", _("Handlungsziel")


class MeasureKind(models.TextChoices):
    EXISTING = "existing", _("bestehend")
    MISSING = "missing", _("fehlend")
    NEW = "new", _("neu")


class CostStatus(models.TextChoices):
    """Cost is present or says that it was not estimated (invariant 29)."""

    ESTIMATED = "estimated", _("geschätzt")
    NOT_ESTIMATED = "not_estimated", _("noch nicht geschätzt")


class FundingStatus(models.TextChoices):
    """Whether the money for a measure is there; empty where the text does not say."""

    SECURED = "secured", _("gesichert")
    APPLIED = "applied", _("beantragt")
    OPEN = "open", _("offen")


class DepartmentKind(models.TextChoices):
    DIVISION = "division", _("Dezernat")
    OFFICE = "office", _("Amt")
    STAFF_UNIT = "staff_unit", _("Stabsstelle")
    ENTERPRISE = "enterprise", _("Betrieb")
