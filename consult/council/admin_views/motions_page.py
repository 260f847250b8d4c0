"""The page of a paper's motions: by place, with conflicts, votes, and how the text stands."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.selectors import difference
from consult.contributions.states import Operation
from consult.council.admin_views.desk import crumbs
from consult.council.amendments import (
    Conflict,
    SubmittedText,
    last_consolidation,
    motions_of,
    open_conflicts,
    settled_through,
)
from consult.council.models import AmendmentMotion, MotionVote, Paper, RouteStep
from consult.council.motion_places import place_name
from consult.council.predicates import (
    may_confirm_vote,
    may_prepare_papers,
    may_record_decisions,
    may_withdraw_motion,
)
from consult.council.selectors import votes_by_position
from consult.council.services.access import PaperStepRefused
from consult.council.services.consolidation import (
    computed_text,
    differences,
    pages_to_amend,
    require_adopted_as_amended,
)
from consult.council.states import (
    MOTION_ACCEPTED,
    MOTION_OPEN,
    RECORDABLE,
    DecisionStatus,
    MotionOp,
    MotionStatus,
    PaperStatus,
    StepOutcome,
    StepStatus,
)
from consult.council.waiting import could_vote
from consult.council.wording import conflict_sentence
from consult.evaluation.models import Revision
from drafts.concept.snapshots import content_hash
from drafts.editions.amended_pages import BY_HAND, AmendedPage, PageState
from drafts.editions.places import places_of
from drafts.editions.states import EditionStatus

TONES = {
    **dict.fromkeys(MOTION_OPEN, "warn"),
    **dict.fromkeys(MOTION_ACCEPTED, "ok"),
}
PARTS = {
    MotionOp.REPLACE: Operation.REPLACE,
    MotionOp.INSERT: Operation.INSERT,
    MotionOp.STRIKE: Operation.DELETE,
}


def motions_page(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The motions of one paper, in the order of the text, and the way to the adopted text."""
    found = list(motions_of(paper))
    submitted = SubmittedText(paper)
    pairs = open_conflicts(found, submitted.sections)
    steps = _voted_steps(paper)
    return render(
        request,
        "council_desk/motions.html",
        {
            "header_title": _("Änderungsanträge zu %(reference)s") % {"reference": paper.reference},
            "breadcrumbs_items": crumbs(paper, _("Änderungsanträge")),
            "paper": paper,
            "places": _by_place(found, submitted, pairs, steps, request.user),
            "conflicts": [conflict_sentence(pair) for pair in pairs if _both_open(pair)],
            "settlements": _settlements(found, submitted, request.user),
            "may_enter": may_record_decisions(request.user)
            and paper.status == PaperStatus.SUBMITTED,
            "text": _text(paper, request.user),
        },
    )


def _both_open(pair: Conflict) -> bool:
    return {pair.first.status, pair.second.status} <= MOTION_OPEN


def _settlements(
    found: list[AmendmentMotion], submitted: SubmittedText, user
) -> list[dict[str, Any]]:
    """What the accepted motions have left nothing to vote on: one sentence and one deed each."""
    rows = []
    if not any(motion.status in MOTION_OPEN for motion in found):
        return rows
    for by in found:
        others = settled_through(by, found, submitted.sections)
        names = ", ".join(f"{other.name} ({other.mover})" for other in others)
        if names:
            said = _("%(name)s ist angenommen: %(place)s, %(op)s. Damit sind erledigt: %(others)s.")
            words = {"place": by.place, "op": by.get_op_display(), "others": names}
            rows.append({"by": by, "sentence": said % {"name": by.name, **words}})
    return [{**row, "may_settle": may_record_decisions(user)} for row in rows]


def _by_place(
    found: list[AmendmentMotion],
    submitted: SubmittedText,
    pairs: list[Conflict],
    steps: list[RouteStep],
    user,
) -> list[dict[str, Any]]:
    """The motions in the order of what they are on: items first, then the text as it is read."""
    order = {wid: at for at, wid in enumerate(submitted.places)}
    listed = sorted(
        found,
        key=lambda motion: (
            motion.item is None,
            motion.item.number if motion.item else order.get(motion.wid, 0),
            motion.number,
        ),
    )
    places: dict[str, list[dict[str, Any]]] = {}
    for motion in listed:
        places.setdefault(motion.place, []).append(_row(motion, pairs, steps, user))
    return [{"name": name, "rows": rows} for name, rows in places.items()]


def _row(
    motion: AmendmentMotion, pairs: list[Conflict], steps: list[RouteStep], user
) -> dict[str, Any]:
    records = may_record_decisions(user) and motion.paper.status in RECORDABLE
    own = [pair for pair in pairs if motion.pk in {pair.first.pk, pair.second.pk}]
    voted = {vote.step_id for vote in motion.standing}
    admitted = motion.status == MotionStatus.ADMISSIBLE
    return {
        "motion": motion,
        "tone": TONES.get(MotionStatus(motion.status), "plain"),
        "parts": _parts(motion),
        "conflicts": [conflict_sentence(pair) for pair in own],
        "votes": [_vote_row(vote, records, user) for vote in motion.standing],
        "open_steps": [step for step in steps if step.pk not in voted and could_vote(step, motion)]
        if records and admitted
        else [],
        "may_judge": records and motion.status == MotionStatus.FILED,
        "may_withdraw": records and may_withdraw_motion(user, motion),
        "settles": [
            other
            for pair in own
            for other in (pair.first, pair.second)
            if other.pk != motion.pk and other.status in MOTION_ACCEPTED
        ]
        if records
        else [],
    }


def _vote_row(vote: MotionVote, records: bool, user) -> dict[str, Any]:  # noqa: FBT001 - a fact
    waits = vote.status != DecisionStatus.CONFIRMED
    return {
        "vote": vote,
        "groups": votes_by_position(vote.group_votes.all()),
        "may_correct": records,
        "may_confirm": waits and records and may_confirm_vote(user, vote),
        "waits_for_other": waits and records and not may_confirm_vote(user, vote),
    }


def _parts(motion: AmendmentMotion) -> list[tuple[str, str]]:
    if motion.op == MotionOp.MOVE:
        return [("equal", motion.old_text)]
    return difference(PARTS[MotionOp(motion.op)], motion.old_text, motion.new_text)


def _voted_steps(paper: Paper) -> list[RouteStep]:
    return list(
        paper.route.filter(status=StepStatus.HELD, outcome=StepOutcome.VOTED)
        .select_related("body")
        .order_by("position")
    )


def _text(paper: Paper, user) -> dict[str, Any] | None:
    """How the adopted text stands, after "adopted as amended"; None before."""
    try:
        require_adopted_as_amended(paper)
    except PaperStepRefused:
        return None
    try:
        target = computed_text(paper)
    except PaperStepRefused as refused:
        return {"waits": refused.code}
    written = last_consolidation(paper)
    pages = pages_to_amend(paper, target) if _is_unfinished(paper) else []
    revision = _open_revision(paper)
    return {
        "is_unchanged": content_hash(target) == paper.edition.content_hash,
        "hash": content_hash(target),
        "written": written,
        "differences": _names_of(written.sections, target) if written else [],
        "pages": [_page_row(page) for page in pages],
        "by_hand": sum(page.state in BY_HAND for page in pages),
        "to_review": sum(page.state == PageState.TO_REVIEW for page in pages),
        "is_ready": bool(written) and all(page.state == PageState.DONE for page in pages),
        "is_unfinished": _is_unfinished(paper),
        "may_write": may_prepare_papers(user),
        "revision_url": reverse("revision:revision", args=[revision.pk]) if revision else "",
        "released": _released(paper, content_hash(target)),
    }


def _is_unfinished(paper: Paper) -> bool:
    return paper.edition.status == EditionStatus.SUBMITTED


def _open_revision(paper: Paper) -> Revision | None:
    return (
        Revision.objects.filter(from_edition__concept=paper.edition.concept_id, status="open")
        .order_by("-pk")
        .first()
    )


def _released(paper: Paper, wanted: str) -> list[dict[str, Any]]:
    """The editions that were released since, and whether each is the computed text."""
    later = paper.edition.concept.editions.filter(number__gt=paper.edition.number)
    return [
        {"edition": edition, "is_decided": edition.content_hash == wanted}
        for edition in later.exclude(content_hash="").order_by("number")
    ]


def _names_of(written: list[Any], target: list[Any]) -> list[str]:
    after, before = places_of(target), places_of(written)
    return [
        place_name(after if wid in after else before, wid) for wid in differences(written, target)
    ]


def _page_row(row: AmendedPage) -> dict[str, Any]:
    return {
        "title": row.title,
        "state": row.state.label,
        "tone": _page_tone(row.state),
        "url": reverse("wagtailadmin_pages:edit", args=[row.page.pk]) if row.page else "",
    }


def _page_tone(state: PageState) -> str:
    if state in BY_HAND:
        return "warn"
    return "ok" if state == PageState.DONE else "plain"
