"""Who may do what with a paper: role and moment and object."""

from consult.council.models import (
    AmendmentMotion,
    Decision,
    GoalPosition,
    GroupMembership,
    MotionVote,
    Paper,
)
from consult.council.states import DEBATABLE, MOTION_OPEN, MotionStatus, PaperStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role


def may_prepare_papers(user) -> bool:
    """The coordination office writes papers; it never records decisions (invariant 25)."""
    return has_role(user, Role.COORDINATION)


def may_record_decisions(user) -> bool:
    """Only the council office."""
    return has_role(user, Role.COUNCIL_OFFICE)


def may_route(user) -> bool:
    """Both offices know when which body meets."""
    return may_prepare_papers(user) or may_record_decisions(user)


def may_confirm(user, decision: Decision) -> bool:
    """A second person of the council office."""
    return may_record_decisions(user) and decision.recorded_by_id != user.pk


def may_confirm_position(user, position: GoalPosition) -> bool:
    """A second person of the council office."""
    return may_record_decisions(user) and position.recorded_by_id != user.pk


def works_on_papers(user) -> bool:
    """Both offices: they see all drafts, give them to council groups and answer questions."""
    return has_role(user, Role.COORDINATION, Role.COUNCIL_OFFICE)


def may_read(user, paper: Paper) -> bool:
    """Everybody once it is submitted.

    A draft is read by both offices, and by members of the council whose group was given it. What
    was withdrawn is read by both offices alone.
    """
    if paper.status in {PaperStatus.SUBMITTED, PaperStatus.DECIDED}:
        return True
    if works_on_papers(user):
        return True
    return paper.status == PaperStatus.PREPARING and was_handed_over(user, paper)


def was_handed_over(user, paper: Paper) -> bool:
    """Whether the person sits in the council and the person's group was given this draft."""
    groups = groups_of(user)
    return bool(groups) and paper.handovers.filter(group__in=groups).exists()


def groups_of(user) -> frozenset[int]:
    """The council groups in which a council member works; nobody else is in one."""
    if not has_role(user, Role.COUNCIL_MEMBER):
        return frozenset()
    if not hasattr(user, "_council_groups"):
        user._council_groups = frozenset(
            GroupMembership.objects.filter(user=user).values_list("group", flat=True)
        )
    return user._council_groups


def may_draft_motions(user, paper: Paper) -> bool:
    """Members of a council group, while the paper lies before the council."""
    return paper.status == PaperStatus.SUBMITTED and bool(groups_of(user))


def may_write_motion(user, motion: AmendmentMotion) -> bool:
    """The own group, while nothing was handed in."""
    return motion.status == MotionStatus.DRAFT and motion.group_id in groups_of(user)


def may_read_motion(user, motion: AmendmentMotion) -> bool:
    """Everybody who reads the paper, once it was filed; a draft is for its own group alone."""
    if motion.status == MotionStatus.DRAFT:
        return motion.group_id in groups_of(user)
    return may_read(user, motion.paper)


def may_withdraw_motion(user, motion: AmendmentMotion) -> bool:
    """The own group, or the council office for a mover, until it was voted."""
    owns = motion.group_id is not None and motion.group_id in groups_of(user)
    return motion.status in MOTION_OPEN and (owns or may_record_decisions(user))


def may_confirm_vote(user, vote: MotionVote) -> bool:
    """A second person of the council office."""
    return may_record_decisions(user) and vote.recorded_by_id != user.pk


def may_debate(user, paper: Paper) -> bool:
    """A member of the council may mark and ask while the paper that is read is not decided."""
    return (
        has_role(user, Role.COUNCIL_MEMBER) and paper.status in DEBATABLE and may_read(user, paper)
    )
