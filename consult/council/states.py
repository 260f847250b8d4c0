"""States of a paper, its route and its decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperStatus(models.TextChoices):
    PREPARING = "preparing", _("in Vorbereitung")
    SUBMITTED = "submitted", _("vorgelegt")
    DECIDED = "decided", _("entschieden")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


P = PaperStatus
PAPER_TRANSITIONS = frozenset(
    {
        (P.PREPARING, P.SUBMITTED),
        (P.PREPARING, P.WITHDRAWN),
        (P.SUBMITTED, P.DECIDED),
        (P.SUBMITTED, P.WITHDRAWN),
    }
)
# A paper whose route can still change.
ROUTABLE = frozenset({P.PREPARING, P.SUBMITTED})
# A paper whose decisions are recorded: minutes and corrections come also after the decision.
RECORDABLE = frozenset({P.SUBMITTED, P.DECIDED})


class StepRole(models.TextChoices):
    """What a body does with the paper (OParl: Consultation.role)."""

    TABLING = "tabling", _("Einbringung")
    HEARING = "hearing", _("Anhörung")
    PRELIMINARY = "preliminary", _("Vorberatung")
    NOTING = "noting", _("Kenntnisnahme")
    DECISION = "decision", _("Entscheidung")


class StepStatus(models.TextChoices):
    PLANNED = "planned", _("geplant")
    INVITED = "invited", _("eingeladen")
    HELD = "held", _("beraten")
    DROPPED = "dropped", _("entfallen")


S = StepStatus
STEP_TRANSITIONS = frozenset(
    {
        (S.PLANNED, S.INVITED),
        (S.PLANNED, S.HELD),
        (S.INVITED, S.HELD),
        (S.PLANNED, S.DROPPED),
        (S.INVITED, S.DROPPED),
    }
)
# A step can be moved or dropped until it was held.
REROUTABLE = frozenset({S.PLANNED, S.INVITED})


class StepOutcome(models.TextChoices):
    """How a meeting ended for the whole paper; what it did with each item are decisions."""

    VOTED = "voted", _("abgestimmt")
    WITHOUT_VOTE = "without_vote", _("ohne Votum weitergeleitet")
    ADJOURNED = "adjourned", _("vertagt")
    REFERRED = "referred", _("verwiesen")


# A body that decides cannot pass the paper on without a vote: nobody comes after it.
DECIDING_OUTCOMES = frozenset(StepOutcome) - {StepOutcome.WITHOUT_VOTE}


class Ask(models.TextChoices):
    """What an item asks the deciding body to do."""

    ADOPT = "adopt", _("beschließen")
    INSTRUCT = "instruct", _("beauftragen")
    NOTE = "note", _("zur Kenntnis nehmen")


class Effect(models.TextChoices):
    """What follows for the edition when an item is adopted."""

    ADOPT_EDITION = "adopt_edition", _("Die Fassung tritt in Kraft.")
    NONE = "none", _("keine Folge für den Text")


class ItemOutcome(models.TextChoices):
    """What a body did with one numbered item. "Noted" is never shown as "adopted"."""

    ADOPTED = "adopted", _("beschlossen")
    ADOPTED_AS_AMENDED = "adopted_as_amended", _("geändert beschlossen")
    NOTED = "noted", _("zur Kenntnis genommen")
    NOTED_WITH_APPROVAL = "noted_with_approval", _("zustimmend zur Kenntnis genommen")
    DEFERRED = "deferred", _("zurückgestellt")
    REFERRED = "referred", _("verwiesen")
    REJECTED = "rejected", _("abgelehnt")


Item = ItemOutcome
ADOPTING = frozenset({Item.ADOPTED, Item.ADOPTED_AS_AMENDED})
# After these the matter is not settled and the paper stays open.
PENDING = frozenset({Item.DEFERRED, Item.REFERRED})


class DecisionStatus(models.TextChoices):
    PROVISIONAL = "provisional", _("vorläufig, Niederschrift steht aus")
    CONFIRMED = "confirmed", _("nach Niederschrift bestätigt")


class Position(models.TextChoices):
    """How the members of a council group voted, or why they did not."""

    FOR = "for", _("dafür")
    AGAINST = "against", _("dagegen")
    ABSTAINED = "abstained", _("Enthaltung")
    ABSENT = "absent", _("abwesend")
    BIASED = "biased", _("befangen, nicht beteiligt")


class BodyPosition(models.TextChoices):
    """What a body that advises says to one goal."""

    FOR = "for", _("dafür")
    AGAINST = "against", _("dagegen")
    OPEN = "open", _("offen, keine Mehrheit")


DECISION_TRANSITIONS = frozenset({(DecisionStatus.PROVISIONAL, DecisionStatus.CONFIRMED)})


class MeetingStatus(models.TextChoices):
    """OParl knows the first three as meetingState; `cancelled` is a mark of its own there."""

    SCHEDULED = "scheduled", _("terminiert")
    INVITED = "invited", _("eingeladen")
    HELD = "held", _("durchgeführt")
    CANCELLED = "cancelled", _("abgesagt")


M = MeetingStatus
MEETING_TRANSITIONS = frozenset(
    {
        (M.SCHEDULED, M.INVITED),
        (M.SCHEDULED, M.HELD),
        (M.INVITED, M.HELD),
        (M.SCHEDULED, M.CANCELLED),
        (M.INVITED, M.CANCELLED),
    }
)
# A meeting whose day, hour and place can still change.
AHEAD = frozenset({M.SCHEDULED, M.INVITED})


class Publicity(models.TextChoices):
    """Whether an agenda item is dealt with in public; a body that decides does so."""

    PUBLIC = "public", _("öffentlich")
    NON_PUBLIC = "non_public", _("nichtöffentlich")


class MotionOp(models.TextChoices):
    """What an amendment motion does to its place."""

    REPLACE = "replace", _("anders fassen")
    STRIKE = "strike", _("streichen")
    INSERT = "insert", _("einfügen")
    MOVE = "move", _("verschieben")


class MotionPart(models.TextChoices):
    """What of a place a motion is on: another field of it, or something new that is put into it.

    Without one a motion is on the wording. The names are those of drafts.editions.places.
    """

    REASON = "reason", _("Begründung")
    TARGET_GROUPS = "target_groups", _("Für wen")
    COSTS = "costs", _("Kosten")
    RESPONSIBLE = "responsible", _("Zuständig")
    PERIOD = "period", _("Zeitraum")
    BLOCKS = "blocks", _("neuer Absatz")
    GOALS = "goals", _("neues Ziel")
    MEASURES = "measures", _("neue Maßnahme")


class MotionSide(models.TextChoices):
    """On which side of a place something is inserted or moved to."""

    AFTER = "after", _("dahinter")
    BEFORE = "before", _("davor")


class FinanceEffect(models.TextChoices):
    """Whether a motion costs something (compare CostStatus: not estimated is said, not left out)."""

    NONE = "none", _("keine Kosten")
    ESTIMATED = "estimated", _("geschätzt")
    NOT_ESTIMATED = "not_estimated", _("noch nicht geschätzt")


class MotionStatus(models.TextChoices):
    """A draft is seen by its own group alone; from filing on a motion is public."""

    DRAFT = "draft", _("Entwurf")
    FILED = "filed", _("eingereicht")
    ADMISSIBLE = "admissible", _("zugelassen")
    INADMISSIBLE = "inadmissible", _("nicht zugelassen")
    ACCEPTED = "accepted", _("angenommen")
    ACCEPTED_MODIFIED = "accepted_modified", _("mit anderem Wortlaut angenommen")
    REJECTED = "rejected", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    SETTLED = "settled", _("erledigt")


Motion = MotionStatus
# How a vote can end. What stands behind it can be corrected after the minutes.
MOTION_OUTCOMES = frozenset({Motion.ACCEPTED, Motion.ACCEPTED_MODIFIED, Motion.REJECTED})
MOTION_TRANSITIONS = frozenset(
    {
        (Motion.DRAFT, Motion.FILED),
        (Motion.FILED, Motion.ADMISSIBLE),
        (Motion.FILED, Motion.INADMISSIBLE),
        (Motion.FILED, Motion.WITHDRAWN),
        (Motion.FILED, Motion.SETTLED),
        (Motion.ADMISSIBLE, Motion.WITHDRAWN),
        (Motion.ADMISSIBLE, Motion.SETTLED),
        # The motion that had settled it was not accepted after all.
        (Motion.SETTLED, Motion.ADMISSIBLE),
        *((Motion.ADMISSIBLE, outcome) for outcome in MOTION_OUTCOMES),
        *((old, new) for old in MOTION_OUTCOMES for new in MOTION_OUTCOMES if old != new),
    }
)
MOTION_OPEN = frozenset({Motion.FILED, Motion.ADMISSIBLE})
MOTION_ACCEPTED = frozenset({Motion.ACCEPTED, Motion.ACCEPTED_MODIFIED})
MOTION_PUBLIC = frozenset(Motion) - {Motion.DRAFT}


class PackBlock(models.TextChoices):
    """The blocks of a decision pack; the value stands in the address of its place."""

    DECISION = "entscheidung", _("Was entschieden wird")
    CHANGES = "aenderungen", _("Was sich ändert")
    MOTIONS = "antraege", _("Änderungsanträge")
    MONEY = "kosten", _("Was es kostet")
    GOALS = "umstritten", _("Was umstritten ist und was nicht")
    HEARD = "gehoert", _("Wie die Menschen gehört wurden")
    ROUTE = "weg", _("Der Weg durch die Gremien und danach")


class QuestionStatus(models.TextChoices):
    """A member's question about a paper, to the office."""

    OPEN = "open", _("noch nicht beantwortet")
    ANSWERED = "answered", _("beantwortet")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


QUESTION_TRANSITIONS = frozenset(
    {
        (QuestionStatus.OPEN, QuestionStatus.ANSWERED),
        (QuestionStatus.OPEN, QuestionStatus.WITHDRAWN),
    }
)


class ShownAs(models.TextChoices):
    """How a member who asks is shown to everybody who may read the pack."""

    GROUP = "group", _("mit dem Namen meiner Fraktion")
    MEMBER = "member", _("als „ein Mitglied“")


# A paper that members still debate and ask about.
DEBATABLE = frozenset({PaperStatus.PREPARING, PaperStatus.SUBMITTED})


class Funding(models.TextChoices):
    """Whether the money for what a paper proposes is there."""

    SECURED = "secured", _("gesichert")
    PARTLY = "partly", _("teilweise gesichert")
    UNFUNDED = "unfunded", _("offen")


class ProceduralKind(models.TextChoices):
    """What is moved about dealing with the paper, not about its text."""

    WITHOUT_VOTE = "without_vote", _("ohne Votum weiterleiten")
    REFER = "refer", _("verweisen, zum Beispiel in die Haushaltsberatung")
    ADJOURN = "adjourn", _("vertagen")
    ALTERNATIVE = "alternative", _("Alternative beschließen, zum Beispiel Ablehnung")


class ProceduralResult(models.TextChoices):
    ACCEPTED = "accepted", _("angenommen")
    REJECTED = "rejected", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


# How a meeting must have ended where such a motion was accepted.
ENDS_WITH = {
    ProceduralKind.WITHOUT_VOTE: StepOutcome.WITHOUT_VOTE,
    ProceduralKind.REFER: StepOutcome.REFERRED,
    ProceduralKind.ADJOURN: StepOutcome.ADJOURNED,
}
