"""What a body did with an item, in words: nothing is called adopted that is not (invariant 6)."""

from django.utils.translation import gettext as _

from consult.council.models import Decision, RouteStep
from consult.council.states import ADOPTING, DecisionStatus, ItemOutcome, StepOutcome


def outcome_word(decision: Decision, step: RouteStep | None = None) -> str:
    """What a body did with an item; a body that only advises agrees, it does not adopt.

    What the deciding body did is called provisional until the minutes confirm it.
    """
    step = step or decision.step
    advice = {
        ItemOutcome.ADOPTED: _("stimmt zu"),
        ItemOutcome.ADOPTED_AS_AMENDED: _("stimmt mit Änderungen zu"),
        ItemOutcome.REJECTED: _("stimmt nicht zu"),
    }
    if not step.authoritative and decision.outcome in advice:
        return advice[ItemOutcome(decision.outcome)]
    word = decision.get_outcome_display()
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
