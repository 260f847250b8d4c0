"""What a body did, in words: nothing is called adopted that is not (invariant 6)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.council.amendments import Conflict
from consult.council.models import Decision, RouteStep
from consult.council.states import (
    ADOPTING,
    MOTION_OPEN,
    DecisionStatus,
    ItemOutcome,
    StepOutcome,
)

ADVICE = {
    ItemOutcome.ADOPTED: gettext_lazy("stimmt zu"),
    ItemOutcome.ADOPTED_AS_AMENDED: gettext_lazy("stimmt mit Änderungen zu"),
    ItemOutcome.REJECTED: gettext_lazy("stimmt nicht zu"),
}


def outcome_name(outcome: ItemOutcome, *, decides: bool) -> str:
    """What an outcome is called; a body that only advises agrees, it does not adopt."""
    return str(outcome.label if decides else ADVICE.get(outcome, outcome.label))


def outcome_word(decision: Decision, step: RouteStep | None = None) -> str:
    """What a body did with an item, in its name for the public.

    What the deciding body did is called provisional until the minutes confirm it.
    """
    step = step or decision.step
    outcome = ItemOutcome(decision.outcome)
    word = outcome_name(outcome, decides=step.authoritative)
    if not step.authoritative and outcome in ADVICE:
        return word
    if decision.status == DecisionStatus.PROVISIONAL:
        return _("vorläufig: {outcome}").format(outcome=word)
    return word


def number_word(decision: Decision) -> str:
    """The number in the minutes; only what was adopted is called a resolution by it."""
    if not decision.resolution_number:
        return ""
    if decision.step.authoritative and decision.outcome in ADOPTING:
        return _("Beschluss {number}").format(number=decision.resolution_number)
    return _("Nummer der Niederschrift: {number}").format(number=decision.resolution_number)


def ending(step: RouteStep) -> str:
    """How a meeting ended where it did not simply vote; empty otherwise."""
    if step.outcome == StepOutcome.REFERRED:
        return _("verwiesen: {target}").format(target=step.referred_to)
    return "" if step.outcome in {"", StepOutcome.VOTED} else step.get_outcome_display()


def conflict_sentence(pair: Conflict) -> str:
    """Which two motions cannot both hold, and what follows from accepting one."""
    first, second = pair.first.name, pair.second.name
    why = {
        "same_words": _("{a} und {b} betreffen dieselben Worte."),
        "struck": _("{a} und {b}: Einer streicht, was der andere ändert."),
        "moved": _("{a} und {b} verschieben dieselbe Stelle an verschiedene Orte."),
        "place_gone": _("{a} und {b}: Einer nimmt die Stelle weg, an die der andere anschließt."),
        "same_item": _("{a} und {b} ändern denselben Beschlusspunkt."),
    }
    accepted = first if pair.first.status not in MOTION_OPEN else second
    if {pair.first.status, pair.second.status} <= MOTION_OPEN:
        then = _("Wird {a} angenommen, ist {b} erledigt, und umgekehrt.")
        return f"{why[pair.why]} {then}".format(a=first, b=second)
    other = second if accepted == first else first
    then = _("{a} ist angenommen, damit ist {b} erledigt.").format(a=accepted, b=other)
    return f"{why[pair.why].format(a=first, b=second)} {then}"
