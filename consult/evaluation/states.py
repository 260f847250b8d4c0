"""States of evaluating a round, and the allowed steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("wartet")
    RUNNING = "running", _("läuft")
    DONE = "done", _("fertig")
    FAILED = "failed", _("fehlgeschlagen")


R = RunStatus
RUN_TRANSITIONS = frozenset(
    {
        (R.QUEUED, R.RUNNING),
        (R.RUNNING, R.QUEUED),
        (R.RUNNING, R.DONE),
        (R.RUNNING, R.FAILED),
        (R.FAILED, R.QUEUED),
    }
)


class Step(models.TextChoices):
    """What a shard computes: a section's themes, sums of some voters, or what needs all of them."""

    SECTION = "section", _("Themen eines Abschnitts")
    VOTES = "votes", _("Summen eines Teils der Stimmen")
    REDUCE = "reduce", _("Zusammenführen, Zielergebnisse und Meinungsgruppen")


class ThemeKind(models.TextChoices):
    """A single voice is a theme of one contribution: it gets its own answer."""

    THEME = "theme", _("Thema")
    SINGLE_VOICE = "single_voice", _("Einzelstimme")


class ThemeStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("bestätigt")
    MERGED = "merged", _("zusammengeführt")
    DISSOLVED = "dissolved", _("aufgelöst")


T = ThemeStatus
# The ways back are taken by undoing a deed only.
THEME_TRANSITIONS = frozenset(
    {
        (T.CONFIRMED, T.MERGED),
        (T.CONFIRMED, T.DISSOLVED),
        (T.MERGED, T.CONFIRMED),
        (T.DISSOLVED, T.CONFIRMED),
    }
)


class ThemeStep(models.TextChoices):
    """What a person decides about themes and can take back."""

    CONFIRM = "confirm", _("Vorschlag bestätigt")
    DISMISS = "dismiss", _("Vorschlag verworfen")
    OPEN = "open", _("Thema von Hand angelegt")
    RENAME = "rename", _("Thema umbenannt")
    MOVE = "move", _("Beiträge verschoben")
    SPLIT = "split", _("Thema geteilt")
    MERGE = "merge", _("Themen zusammengeführt")
    UNDO = "undo", _("Schritt rückgängig gemacht")


class AnswerTextStatus(models.TextChoices):
    """An answer in another language; a service's draft is public once a person released it."""

    DUE = "due", _("wird übersetzt")
    MACHINE_DRAFT = "machine_draft", _("automatisch übersetzt, noch nicht freigegeben")
    RELEASED = "released", _("freigegeben")
    REPLACED = "replaced", _("überholt")


A = AnswerTextStatus
# What a person writes begins as released.
ANSWER_TEXT_TRANSITIONS = frozenset(
    {
        (None, A.RELEASED),
        (A.DUE, A.MACHINE_DRAFT),
        (A.DUE, A.REPLACED),
        (A.MACHINE_DRAFT, A.RELEASED),
        (A.MACHINE_DRAFT, A.REPLACED),
        (A.RELEASED, A.REPLACED),
    }
)


class SummaryStatus(models.TextChoices):
    """A summary speaks of the members that a theme has; when they change, a new one is due."""

    DUE = "due", _("wird geschrieben")
    MACHINE_DRAFT = "machine_draft", _("Entwurf des Programms")
    RELEASED = "released", _("freigegeben")
    REJECTED = "rejected", _("verworfen")
    REPLACED = "replaced", _("überholt")


M = SummaryStatus
SUMMARY_TRANSITIONS = frozenset(
    {
        (M.DUE, M.MACHINE_DRAFT),
        (M.DUE, M.REPLACED),
        (M.MACHINE_DRAFT, M.RELEASED),
        (M.MACHINE_DRAFT, M.REJECTED),
        (M.MACHINE_DRAFT, M.REPLACED),
        (M.REJECTED, M.REPLACED),
        (M.RELEASED, M.REPLACED),
    }
)


class ResponseStatus(models.TextChoices):
    DUE = "due", _("offen")
    DRAFT = "draft", _("Entwurf")
    SIGNED = "signed", _("vom Fachamt gezeichnet")
    PUBLISHED = "published", _("veröffentlicht")


P = ResponseStatus
RESPONSE_TRANSITIONS = frozenset(
    {
        (P.DUE, P.DRAFT),
        (P.DRAFT, P.SIGNED),
        (P.SIGNED, P.DRAFT),
        (P.SIGNED, P.PUBLISHED),
    }
)


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("Übernommen")
    PARTLY = "partly", _("Teilweise übernommen")
    NOT_ADOPTED = "not_adopted", _("Nicht übernommen")
    ALREADY_COVERED = "already_covered", _("Bereits enthalten")
    OUTSIDE = "outside_competence", _("Außerhalb der Zuständigkeit")


# Outcomes that promise another wording: a theme without a change is then reported openly.
CHANGES_TEXT = frozenset({Outcome.ADOPTED, Outcome.PARTLY})


class ObjectionStatus(models.TextChoices):
    """An author says that the own point is missing in the theme."""

    OPEN = "open", _("offen")
    SETTLED = "settled", _("geklärt")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


OBJECTION_TRANSITIONS = frozenset(
    {
        (ObjectionStatus.OPEN, ObjectionStatus.SETTLED),
        (ObjectionStatus.OPEN, ObjectionStatus.WITHDRAWN),
    }
)


class ObjectionOutcome(models.TextChoices):
    """What a person did about an objection."""

    MOVED = "moved", _("Der Beitrag gehört jetzt zu einem anderen Thema.")
    OWN_VOICE = "own_voice", _("Der Beitrag steht jetzt für sich allein.")
    REWORDED = "reworded", _("Name oder Anliegen des Themas sind geändert.")
    EXPLAINED = "explained", _("Der Beitrag bleibt, wo er ist.")


class RevisionStatus(models.TextChoices):
    OPEN = "open", _("in Arbeit")
    RELEASED = "released", _("als neue Fassung freigegeben")


class Cause(models.TextChoices):
    RESPONSE = "response", _("Antwort auf ein Thema")
    SUGGESTION = "suggestion", _("Änderungsvorschlag")
    MOTION = "motion", _("Änderungsantrag im Rat")
    EDITORIAL = "editorial", _("redaktionell")
    LEGAL = "legal", _("rechtlich nötig")


class CarryState(models.TextChoices):
    EXACT = "exact", _("Die Stelle ist unverändert.")
    MOVED = "moved", _("Die Stelle steht jetzt woanders.")
    TEXT_CHANGED = "text_changed", _("Der Wortlaut der Stelle wurde geändert.")
    GONE = "gone", _("Die Stelle gibt es nicht mehr.")


class Doubt(models.TextChoices):
    """Why the program doubts that a contribution stands where it put it."""

    OFF_TOPIC = "off_topic", _("fern von allen Themen")
    BETWEEN = "between", _("näher an einem anderen Thema")
    WEAK = "weak", _("fern von den anderen im Thema")
