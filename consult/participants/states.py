"""Vocabulary of people: verification classes, roles, states of notices and erasures."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VerificationClass(models.TextChoices):
    """How a person is known at the moment of an act. It is stored with the act (invariant 13)."""

    EMAIL_CONFIRMED = "email_confirmed", _("E-Mail bestätigt")
    RESIDENCE_DECLARED = "residence_declared", _("Wohnort erklärt")
    NOT_VERIFIED = "not_verified", _("ohne Nachweis der Person")


class Role(models.TextChoices):
    """Names of the staff groups; what each may do stands in the predicates of the apps.

    The value is the group's name: the operator reads it where people get their roles.
    """

    EDITOR = "Redaktion", _("Redaktion")
    COORDINATION = "Koordinierungsstelle", _("Koordinierungsstelle")
    MODERATION = "Moderation", _("Moderation")
    DEPARTMENT = "Fachamt", _("Fachamt")
    COUNCIL_OFFICE = "Ratsbüro", _("Ratsbüro")
    COUNCIL_MEMBER = "Ratsmitglieder", _("Ratsmitglieder")
    AUDITOR = "Prüfung", _("Prüfung")


class NoticeStatus(models.TextChoices):
    QUEUED = "queued", _("wartet")
    HANDED = "handed", _("an den Mailserver übergeben")
    SENT = "sent", _("verschickt")
    UNSURE = "unsure", _("vermutlich verschickt")
    FAILED = "failed", _("nicht zustellbar")


N = NoticeStatus
NOTICE_TRANSITIONS = frozenset(
    {
        (N.QUEUED, N.QUEUED),
        (N.QUEUED, N.HANDED),
        (N.QUEUED, N.FAILED),
        (N.HANDED, N.SENT),
        (N.HANDED, N.QUEUED),
        (N.HANDED, N.UNSURE),
        (N.HANDED, N.FAILED),
        (N.UNSURE, N.QUEUED),
    }
)
# What these mails say stands on the website too: in doubt they are not sent a second time.
SAID_ELSEWHERE = frozenset({"news"})


class ErasureScope(models.TextChoices):
    """What is to be erased."""

    NAMES = "names", _("Konto löschen, Beiträge ohne Namen stehen lassen")
    WORDS = "words", _("Konto und alle Beiträge löschen")
    CONTRIBUTION = "contribution", _("Einen Beitrag löschen")


class ErasureStatus(models.TextChoices):
    REQUESTED = "requested", _("wird gelöscht")
    DONE = "done", _("gelöscht")
    REFUSED = "refused", _("nicht möglich")


ERASURE_TRANSITIONS = frozenset(
    {
        (ErasureStatus.REQUESTED, ErasureStatus.DONE),
        (ErasureStatus.REQUESTED, ErasureStatus.REFUSED),
    }
)
