"""States of a contribution's visibility and vocabulary of taking part."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Visibility is all that a status says; themed, answered and tracked are derived."""

    HELD = "held", _("in Prüfung")
    PUBLISHED = "published", _("veröffentlicht")
    HIDDEN = "hidden", _("verborgen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    ERASED = "erased", _("gelöscht")


V = Visibility

TRANSITIONS = frozenset(
    {
        (V.HELD, V.PUBLISHED),
        (V.HELD, V.HIDDEN),
        (V.PUBLISHED, V.HIDDEN),
        (V.HIDDEN, V.PUBLISHED),
        (V.HELD, V.WITHDRAWN),
        (V.PUBLISHED, V.WITHDRAWN),
        (V.HELD, V.ERASED),
        (V.PUBLISHED, V.ERASED),
        (V.HIDDEN, V.ERASED),
        (V.WITHDRAWN, V.ERASED),
    }
)

# What stands in a public list: the text, or a stub that keeps its place.
LISTED = frozenset({V.PUBLISHED, V.HIDDEN, V.WITHDRAWN, V.ERASED})


class Kind(models.TextChoices):
    """What form a contribution has."""

    COMMENT = "comment", _("Kommentar")
    SUGGESTION = "suggestion", _("Änderungsvorschlag")
    STATEMENT = "statement", _("Stellungnahme")
    OFFLINE_NOTE = "offline_note", _("Mitschrift")


class Stance(models.TextChoices):
    """What somebody wants to say with it; people choose it, no machine guesses it."""

    SUPPORT = "support", _("Zustimmung")
    CONCERN = "concern", _("Bedenken")
    QUESTION = "question", _("Frage")
    IDEA = "idea", _("Idee")


def said_as(stance: str, kind: str) -> str:
    """What somebody wants to say; where nobody has said it, what form the contribution has."""
    return str(Stance(stance).label) if stance else str(Kind(kind).label)


class Channel(models.TextChoices):
    ONLINE = "online", _("online")
    EVENT = "event", _("bei einem Treffen mitgeschrieben")
    LETTER = "letter", _("per Brief")
    ASSISTED = "assisted", _("mit Unterstützung eingereicht")
    SURVEY = "survey", _("aus einer Umfrage")


class Choice(models.TextChoices):
    AGREE = "agree", _("Ich stimme zu")
    DISAGREE = "disagree", _("Ich stimme nicht zu")
    PASS = "pass", _("Weiß nicht")


class Rule(models.TextChoices):
    """The house rules; their wording stands on the page "Regeln für Beiträge"."""

    INSULT = "R1", _("R1: Niemanden beleidigen oder herabsetzen")
    HATE = "R2", _("R2: Keine Hetze gegen Menschen oder Gruppen")
    PERSONAL_DATA = "R3", _("R3: Keine Namen oder Daten anderer Menschen")
    ADVERTISING = "R4", _("R4: Keine Werbung")
    OFF_TOPIC = "R5", _("R5: Beim Konzept bleiben")
    UNLAWFUL = "R6", _("R6: Nichts, was gegen Gesetze verstößt")


class Measure(models.TextChoices):
    """What a moderation decision does."""

    PUBLISH = "publish", _("veröffentlichen")
    HIDE = "hide", _("verbergen")
    RESTORE = "restore", _("wieder zeigen")
    NONE = "none", _("nichts unternehmen")


EFFECT = {
    Measure.PUBLISH: V.PUBLISHED,
    Measure.HIDE: V.HIDDEN,
    Measure.RESTORE: V.PUBLISHED,
}


class ComplaintOutcome(models.TextChoices):
    UPHELD = "upheld", _("Die Entscheidung bleibt bestehen.")
    REVERSED = "reversed", _("Die Entscheidung wird aufgehoben.")


class Operation(models.TextChoices):
    """What a suggestion would do to the text at its place."""

    REPLACE = "replace", _("ändern")
    INSERT = "insert", _("danach einfügen")
    DELETE = "delete", _("streichen")


class SuggestionStatus(models.TextChoices):
    """What the coordination office has decided on suggestions with the same effect."""

    OPEN = "open", _("offen")
    ADOPTED = "adopted", _("übernommen")
    AMENDED = "adopted_amended", _("mit Änderungen übernommen")
    DECLINED = "declined", _("nicht übernommen")


S = SuggestionStatus

# The ways back are taken by a decision of their own, with its reason.
SUGGESTION_TRANSITIONS = frozenset(
    {
        (S.OPEN, S.ADOPTED),
        (S.OPEN, S.AMENDED),
        (S.OPEN, S.DECLINED),
        (S.ADOPTED, S.OPEN),
        (S.AMENDED, S.OPEN),
        (S.DECLINED, S.OPEN),
    }
)

# Decisions that have put words into the working text.
IN_TEXT = frozenset({S.ADOPTED, S.AMENDED})
