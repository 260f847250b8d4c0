"""What can be followed, how often somebody is told, and what happens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What somebody follows."""

    CONCEPT = "concept", _("Konzept")
    SECTION = "section", _("Abschnitt")
    GOAL = "goal", _("Ziel")
    THEME = "theme", _("Thema")
    CONTRIBUTION = "contribution", _("Beitrag")


class Rhythm(models.TextChoices):
    """How often somebody is told. Whoever wrote a contribution is told at once, unless `never`."""

    AT_ONCE = "at_once", _("sofort")
    DAILY = "daily", _("einmal am Tag, um 7 Uhr")
    WEEKLY = "weekly", _("einmal in der Woche, montags um 7 Uhr")
    NEVER = "never", _("gar nicht")


# Who follows the same thing in several ways is told once, in the way that comes first here.
SOONEST_FIRST = (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY)
# What a person can choose. `never` is kept where somebody stops mails on an own contribution.
CHOICES = [(rhythm.value, rhythm.label) for rhythm in SOONEST_FIRST]


class Happening(models.TextChoices):
    """What is told."""

    BEGINNING = "beginning", _("Beginn der Aufzeichnung")
    ROUND_OPENED = "round_opened", _("Runde begonnen")
    CLOSING_SOON = "closing_soon", _("Runde endet bald")
    ROUND_EXTENDED = "round_extended", _("Runde verlängert")
    ROUND_SUSPENDED = "round_suspended", _("Runde unterbrochen")
    ROUND_RESUMED = "round_resumed", _("Runde geht weiter")
    ROUND_CLOSED = "round_closed", _("Runde beendet")
    ROUND_ANSWERED = "round_answered", _("alle Themen beantwortet")
    CONTRIBUTION = "contribution_published", _("neuer Beitrag")
    ANSWERED = "theme_answered", _("Antwort veröffentlicht")
    TEXT_CHANGED = "text_changed", _("Text geändert")
    PAPER = "paper_submitted", _("Vorlage eingebracht")
    DECISION = "item_decided", _("Gremium hat entschieden")
    DECISION_CONFIRMED = "decision_confirmed", _("Entscheidung bestätigt")
    MOTION_ADMITTED = "motion_admitted", _("Änderungsantrag zugelassen")
    MOTION_VOTED = "motion_voted", _("über Änderungsantrag abgestimmt")
    MEASURE = "measure_reported", _("Stand einer Maßnahme")
    NEWS = "news_published", _("Neuigkeit")


H = Happening
# These come in numbers: also who wants to know at once gets them together, once an hour.
BY_THE_HOUR = frozenset(
    {
        H.CONTRIBUTION,
        H.DECISION,
        H.DECISION_CONFIRMED,
        H.MOTION_ADMITTED,
        H.MOTION_VOTED,
        H.MEASURE,
    }
)


class OccurrenceStatus(models.TextChoices):
    NOTED = "noted", _("festgehalten")
    TOLD = "told", _("verteilt")


OCCURRENCE_TRANSITIONS = frozenset({(OccurrenceStatus.NOTED, OccurrenceStatus.TOLD)})
