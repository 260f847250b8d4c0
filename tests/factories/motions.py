"""Amendment motions and the people who move them, made by their services."""

from consult.council.models import (
    AmendmentMotion,
    CouncilGroup,
    GroupMembership,
    MotionVote,
    Paper,
    ResolutionItem,
)
from consult.council.services.motion_votes import confirm_motion_vote, record_motion_vote
from consult.council.services.motions import (
    Mover,
    Wanted,
    draft_motion,
    file_for_mover,
    judge_motion,
    target_text,
)
from consult.council.services.route import set_step_status
from consult.council.states import MotionOp, MotionStatus, StepStatus
from consult.participants.states import Role
from drafts.concept.snapshots import content_hash
from tests.factories.people import make_staff


def make_group(name: str = "Die Mitte") -> CouncilGroup:
    """A council group."""
    return CouncilGroup.objects.get_or_create(name=name)[0]


def make_member(group: CouncilGroup):
    """A council member who works in a group."""
    user = make_staff(Role.COUNCIL_MEMBER)
    GroupMembership.objects.create(user=user, group=group, function="Mitglied")
    return user


def wanted(
    paper: Paper,
    wid: str = "",
    *,
    item: ResolutionItem | None = None,
    op: str = MotionOp.REPLACE,
    part: str = "",
    text: str = "Ein anderer Wortlaut.",
    **fields,
) -> Wanted:
    """What a motion wants, written against the words that stand there now."""
    on = {"item": item, "wid": wid, "part": part}
    place, _name = target_text(paper, Wanted(op=op, base_hash="", **on))
    fields = {"reason": "Damit es klarer ist.", **fields}
    return Wanted(op=op, base_hash=content_hash(place.text), new_text=text, **on, **fields)


def make_draft(paper: Paper, wid: str = "", *, at, group=None, actor=None, **change):
    """A draft of a council group."""
    group = group or make_group()
    return draft_motion(
        paper=paper,
        group=group,
        wanted=wanted(paper, wid, **change),
        actor=actor or make_member(group),
        at=at,
    )


def make_motion(
    paper: Paper, wid: str = "", *, at, group=None, admitted: bool = True, **change
) -> AmendmentMotion:
    """A filed motion, admitted to the vote."""
    office = make_staff(Role.COUNCIL_OFFICE)
    motion = file_for_mover(
        paper=paper,
        mover=Mover(group=group or make_group()),
        wanted=wanted(paper, wid, **change),
        actor=office,
        at=at,
    )
    if admitted:
        judge_motion(motion=motion, status=MotionStatus.ADMISSIBLE, actor=office, at=at)
    return motion


def make_vote(
    motion: AmendmentMotion,
    outcome: MotionStatus = MotionStatus.ACCEPTED,
    *,
    at,
    confirmed: bool = True,
    **fields,
) -> MotionVote:
    """How the deciding body voted on an admitted motion, confirmed after the minutes."""
    office = make_staff(Role.COUNCIL_OFFICE)
    step = motion.paper.route.get(authoritative=True)
    if step.status != StepStatus.HELD:
        step = set_step_status(step=step, status=StepStatus.HELD, actor=office)
    vote = record_motion_vote(
        motion=motion, step=step, outcome=outcome, actor=office, at=at, **fields
    )
    if confirmed:
        confirm_motion_vote(vote=vote, actor=make_staff(Role.COUNCIL_OFFICE), at=at)
    return vote
