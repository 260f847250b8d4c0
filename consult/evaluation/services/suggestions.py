"""Deciding on residents' suggestions: adopting one into the working text, or saying why not.

A decision is about a bundle: all suggestions with the same effect, and every author is told.
Adopting writes a draft of the page; a second person reviews it as any other change. What it
changed is kept as a step from one wording to another, from which a revision finds its causes.
"""

from datetime import datetime

from django.db import transaction

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.services.notices import author_address
from consult.contributions.services.suggestions import set_bundle_status, tidy
from consult.contributions.states import IN_TEXT, Operation, SuggestionStatus, Visibility
from consult.evaluation.models import ChangeCause, SuggestionDecision
from consult.evaluation.predicates import may_decide_on_suggestions
from consult.evaluation.selectors.suggestions import place_now
from consult.evaluation.states import RevisionStatus
from consult.participants.services import queue_notice
from consult.rounds.services import NotPermitted
from drafts.concept.snapshots import content_hash
from drafts.editions.rewording import UnableToReword, WorkingText, reword, working_text

# Whose words nobody can read any more: they are not told what became of them.
GONE = frozenset({Visibility.ERASED, Visibility.WITHDRAWN})


class SuggestionNotDecided(Exception):
    """The decision cannot be taken; `code` says why.

    decided_already, not_decided, in_an_edition, no_reason, no_words, text_moved_on, and what
    UnableToReword says: gone, by_hand, being_reviewed.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def adopt_suggestion(*, bundle: SuggestionBundle, actor, at: datetime) -> SuggestionDecision:
    """Write the proposed wording into the working text as a draft and tell the authors.

    Where the working text reads so already, only the decision is kept. Raises NotPermitted while a
    round in which it was proposed is running, and SuggestionNotDecided("text_moved_on") where the
    working text is not the wording that the suggestion refers to.
    """
    bundle = _open_bundle(bundle, actor)
    return _adopt(bundle, bundle.new_text, "", actor, at, as_proposed=True)


@transaction.atomic
def adopt_amended(
    *, bundle: SuggestionBundle, wording: str, reason: str, actor, at: datetime
) -> SuggestionDecision:
    """Write another wording into the working text because of the suggestion, and say why.

    This is also the way where the text has moved on, and to note what was changed in the editor:
    nothing is written where the working text has this wording already. Without words the place is
    taken out. Raises as adopt_suggestion does, and SuggestionNotDecided("no_reason").
    """
    bundle = _open_bundle(bundle, actor)
    if not reason.strip():
        raise SuggestionNotDecided("no_reason")
    if not wording.strip() and bundle.op != Operation.DELETE:
        raise SuggestionNotDecided("no_words")
    return _adopt(bundle, wording, reason.strip(), actor, at, as_proposed=False)


@transaction.atomic
def decline_suggestion(
    *, bundle: SuggestionBundle, reason: str, actor, at: datetime
) -> SuggestionDecision:
    """Say why the suggestion is not adopted; the authors are told. Raises as the others do."""
    bundle = _open_bundle(bundle, actor)
    if not reason.strip():
        raise SuggestionNotDecided("no_reason")
    return _decide(bundle, SuggestionStatus.DECLINED, actor, at, reason=reason.strip())


@transaction.atomic
def reopen_suggestion(
    *, bundle: SuggestionBundle, reason: str, actor, at: datetime
) -> SuggestionDecision:
    """Take a decision back, with a reason that the authors are told.

    The working text stays as it is: it is changed on its page. Raises
    SuggestionNotDecided("in_an_edition") once a released edition rests on the decision.
    """
    if not may_decide_on_suggestions(actor, bundle):
        raise NotPermitted
    bundle = SuggestionBundle.objects.select_for_update().get(pk=bundle.pk)
    if bundle.status == SuggestionStatus.OPEN:
        raise SuggestionNotDecided("not_decided")
    if not reason.strip():
        raise SuggestionNotDecided("no_reason")
    causes = ChangeCause.objects.filter(suggestion=bundle)
    if causes.filter(change__revision__status=RevisionStatus.RELEASED).exists():
        raise SuggestionNotDecided("in_an_edition")
    causes.delete()
    return _decide(bundle, SuggestionStatus.OPEN, actor, at, reason=reason.strip())


def _open_bundle(bundle: SuggestionBundle, actor) -> SuggestionBundle:
    if not may_decide_on_suggestions(actor, bundle):
        raise NotPermitted
    locked = (
        SuggestionBundle.objects.select_for_update(of=("self",))
        .select_related("edition__concept")
        .get(pk=bundle.pk)
    )
    if locked.status != SuggestionStatus.OPEN:
        raise SuggestionNotDecided("decided_already")
    return locked


def _adopt(
    bundle: SuggestionBundle, wording: str, reason: str, actor, at: datetime, *, as_proposed: bool
) -> SuggestionDecision:
    section_wid, wid = place_now(bundle)
    concept = bundle.edition.concept
    found = working_text(concept, section_wid, wid)
    wording = tidy(wording, found.kind if found else "")
    op = _operation(bundle, wording)
    step = {"section_wid": section_wid, "wid": wid, "op": op, "text": wording}
    try:
        place, before = _written(bundle, found, step, actor, as_proposed=as_proposed)
    except UnableToReword as refused:
        raise SuggestionNotDecided(refused.code) from refused
    exact = as_proposed or (op == bundle.op and wording == bundle.new_text)
    return _decide(
        bundle,
        SuggestionStatus.ADOPTED if exact else SuggestionStatus.AMENDED,
        actor,
        at,
        reason=reason,
        wid=place,
        before_hash=before,
        after_hash=content_hash(wording) if op != Operation.DELETE else "",
        wording="" if exact else wording,
    )


def _operation(bundle: SuggestionBundle, wording: str) -> str:
    """What adopting does; a place that was to be deleted may get fewer words instead."""
    if bundle.op == Operation.DELETE and wording:
        return Operation.REPLACE
    return bundle.op


def _written(
    bundle: SuggestionBundle, found: WorkingText | None, step: dict, actor, *, as_proposed: bool
) -> tuple[str, str]:
    """Write the draft unless it reads so already; return the changed key and the former hash."""
    op, wording = step["op"], step["text"]
    reads_so = found.text == wording if found else op == Operation.DELETE
    if op != Operation.INSERT and reads_so:
        return step["wid"], bundle.base_hash
    if found is None:
        raise UnableToReword("gone")
    before = content_hash(found.text)
    if as_proposed and before != bundle.base_hash:
        raise SuggestionNotDecided("text_moved_on")
    place = reword(concept=bundle.edition.concept, actor=actor, **step)
    return place, "" if op == Operation.INSERT else before


def _decide(
    bundle: SuggestionBundle, status: SuggestionStatus, actor, at: datetime, **said: str
) -> SuggestionDecision:
    set_bundle_status(bundle=bundle, status=status, actor=actor)
    decision = SuggestionDecision.objects.create(
        bundle=bundle, outcome=status, decided_by=actor, decided_at=at, **said
    )
    _tell_authors(bundle, decision, at)
    return decision


def _tell_authors(bundle: SuggestionBundle, decision: SuggestionDecision, at: datetime) -> None:
    authors = (
        Contribution.objects.filter(suggestion__bundle=bundle)
        .exclude(status__in=GONE)
        .select_related("participant", "guest_contact")
    )
    for contribution in authors:
        recipient = author_address(contribution)
        if recipient:
            queue_notice(
                key=f"suggestion:{decision.pk}:{contribution.ref}",
                template="suggestion_decided",
                context={
                    "ref": contribution.ref,
                    "outcome": decision.outcome,
                    "reason": decision.reason,
                    "wording": decision.wording,
                    "in_text": decision.outcome in IN_TEXT,
                },
                at=at,
                **recipient,
            )
