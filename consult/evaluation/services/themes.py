"""The theme workshop: people decide what residents raised. Rows are added, nothing is lost."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from consult.contributions.models import Contribution
from consult.evaluation.models import Assignment, ProposalMember, Theme, ThemeProposal
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import unassigned
from consult.evaluation.services.summaries import request_summary
from consult.evaluation.states import THEME_TRANSITIONS, ThemeKind, ThemeStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted


class ThemeStepRefused(Exception):
    """The deed does not fit the theme; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def confirm_proposal(
    *, proposal: ThemeProposal, title: str, concern: str, actor, at: datetime
) -> Theme:
    """Copy a proposal into a theme of the person who confirms it.

    Only contributions without a current assignment come along; what people decided stays. Raises
    ThemeStepRefused where it was confirmed or dismissed already, or nothing is left in it.
    """
    _require(actor, proposal.run.round)
    proposal = ThemeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.dismissed_at or Theme.objects.filter(from_proposal=proposal).exists():
        raise ThemeStepRefused("proposal_settled")
    members = _free_members(proposal)
    if not members:
        raise ThemeStepRefused("nothing_left")
    theme = _new_theme(
        proposal.run.round,
        title,
        concern,
        proposal.sections[0],
        actor,
        at,
        kind=proposal.kind if len(members) == 1 else ThemeKind.THEME,
        from_proposal=proposal,
    )
    _assign(theme, members, actor, at)
    return theme


@transaction.atomic
def confirm_single_voices(
    *, proposals: Iterable[ThemeProposal], round_: ConsultationRound, actor, at: datetime
) -> list[Theme]:
    """Confirm proposals of single voices of a round, each under its own label.

    Those that somebody settled meanwhile, or whose contribution has a theme or is not public any
    more, are left out. The number of queries does not grow with the proposals.
    """
    _require(actor, round_)
    open_ = (
        ThemeProposal.objects.select_for_update()
        .filter(
            pk__in=[found.pk for found in proposals],
            run__round=round_,
            kind=ThemeKind.SINGLE_VOICE,
            dismissed_at=None,
        )
        .exclude(
            pk__in=Theme.objects.filter(round=round_)
            .exclude(from_proposal=None)
            .values("from_proposal")
        )
        .order_by("position")
    )
    free = {
        member.proposal_id: member.contribution
        for member in ProposalMember.objects.filter(
            proposal__in=open_, contribution__in=unassigned(round_)
        ).select_related("contribution")
    }
    voices = [found for found in open_ if found.pk in free]
    first = _next_number(round_)
    themes = Theme.objects.bulk_create(
        Theme(
            round=round_,
            kind=ThemeKind.SINGLE_VOICE,
            number=number,
            title=found.label,
            section_wid=found.sections[0],
            from_proposal=found,
            confirmed_by=actor,
            confirmed_at=at,
        )
        for number, found in enumerate(voices, start=first)
    )
    Assignment.objects.bulk_create(
        Assignment(theme=theme, contribution=free[found.pk], by=actor, at=at)
        for theme, found in zip(themes, voices, strict=True)
    )
    _log_confirmed(themes, actor, at)
    return themes


@transaction.atomic
def accept_into_theme(*, proposal: ThemeProposal, actor, at: datetime) -> Theme:
    """Put late contributions into the theme of people that they are proposed for.

    Only contributions without a current assignment come along. Raises ThemeStepRefused where it
    was dismissed, nothing is left in it or the theme does not stand any more.
    """
    _require(actor, proposal.run.round)
    proposal = ThemeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.dismissed_at or proposal.fits is None:
        raise ThemeStepRefused("proposal_settled")
    _require_standing(proposal.fits)
    members = _free_members(proposal)
    if not members:
        raise ThemeStepRefused("nothing_left")
    _assign(proposal.fits, members, actor, at)
    return proposal.fits


@transaction.atomic
def dismiss_proposal(*, proposal: ThemeProposal, actor, at: datetime) -> ThemeProposal:
    """Set a proposal aside; its contributions stay unassigned until somebody assigns them."""
    _require(actor, proposal.run.round)
    proposal.dismissed_by, proposal.dismissed_at = actor, at
    proposal.save(update_fields=["dismissed_by", "dismissed_at"])
    return proposal


@transaction.atomic
def rename_theme(*, theme: Theme, title: str, concern: str, actor, at: datetime) -> Theme:
    """Give a theme another name or sentence; the former ones stay in the log."""
    _require(actor, theme.round)
    if not title.strip():
        raise ThemeStepRefused("no_title")
    log(theme, "theme.rename", user=actor, data={"title": theme.title, "concern": theme.concern})
    renamed = theme.title != title.strip()
    theme.title, theme.concern = title.strip(), concern.strip()
    theme.save(update_fields=["title", "concern"])
    if renamed:
        request_summary(theme=theme, at=at)
    return theme


@transaction.atomic
def merge_themes(*, themes: list[Theme], into: Theme, actor, at: datetime) -> Theme:
    """Move all contributions of the themes into one; the others point to it from now on."""
    _require(actor, into.round)
    _require_standing(into)
    if any(theme.round_id != into.round_id for theme in themes):
        raise ThemeStepRefused("other_round")
    for theme in themes:
        if theme.pk == into.pk:
            continue
        _assign(into, _members(theme), actor, at)
        set_theme_status(theme=theme, status=ThemeStatus.MERGED, actor=actor, merged_into=into)
    return into


@transaction.atomic
def split_theme(
    *, theme: Theme, contributions: list[Contribution], title: str, actor, at: datetime
) -> Theme:
    """Put some of a theme's contributions into a new theme. One stays a single voice."""
    _require(actor, theme.round)
    members = {member.pk for member in _members(theme)}
    if not contributions or not all(found.pk in members for found in contributions):
        raise ThemeStepRefused("not_members")
    if len(contributions) == len(members):
        raise ThemeStepRefused("nothing_would_remain")
    new = _new_theme(
        theme.round, title, "", theme.section_wid, actor, at, kind=_kind_for(contributions)
    )
    _assign(new, contributions, actor, at)
    log(theme, "theme.split", user=actor, data={"into": new.pk, "count": len(contributions)})
    return new


@transaction.atomic
def move_contributions(
    *, contributions: Iterable[Contribution], theme: Theme, actor, at: datetime
) -> int:
    """Move contributions into a theme; a theme that is left empty is dissolved. Return how many."""
    _require(actor, theme.round)
    _require_standing(theme)
    moved = list(contributions)
    if any(found.round_id != theme.round_id for found in moved):
        raise ThemeStepRefused("other_round")
    left = _themes_of(moved)
    _assign(theme, moved, actor, at)
    _dissolve_empty(left - {theme}, actor)
    return len(moved)


@transaction.atomic
def open_theme(
    *, contributions: Iterable[Contribution], title: str, actor, at: datetime, concern: str = ""
) -> Theme:
    """Make a theme of contributions by hand, wherever they are now; of one, a single voice.

    It stands in the section that most of them speak of. A theme that is left empty is dissolved.
    Raises ThemeStepRefused without contributions, across rounds and without a title.
    """
    moved = list(contributions)
    if not moved:
        raise ThemeStepRefused("nothing_left")
    round_ = moved[0].round
    _require(actor, round_)
    if any(found.round_id != round_.pk for found in moved):
        raise ThemeStepRefused("other_round")
    left = _themes_of(moved)
    [(section_wid, _number)] = Counter(found.section_wid for found in moved).most_common(1)
    theme = _new_theme(round_, title, concern, section_wid, actor, at, kind=_kind_for(moved))
    _assign(theme, moved, actor, at)
    _dissolve_empty(left, actor)
    return theme


def make_single_voice(*, contribution: Contribution, title: str, actor, at: datetime) -> Theme:
    """Let a contribution stand alone: it gets its own answer. A theme left empty is dissolved."""
    return open_theme(contributions=[contribution], title=title, actor=actor, at=at)


def set_theme_status(*, theme: Theme, status: ThemeStatus, actor, merged_into=None) -> Theme:
    """The one gate of a theme's status. Raises ThemeStepRefused for a step not allowed."""
    locked = Theme.objects.select_for_update().get(pk=theme.pk)
    step = (ThemeStatus(locked.status), status)
    if step not in THEME_TRANSITIONS:
        raise ThemeStepRefused("step_not_allowed")
    log(theme, "theme.status", user=actor, data={"from": step[0], "to": status})
    theme.status, theme.merged_into = status, merged_into
    theme.save(update_fields=["status", "merged_into"])
    return theme


def _require(actor, round_) -> None:
    if not may_evaluate(actor, round_):
        raise NotPermitted


def _require_standing(theme: Theme) -> None:
    # Whoever is put into a theme that is gone would never be answered.
    locked = Theme.objects.select_for_update().get(pk=theme.pk)
    if locked.status != ThemeStatus.CONFIRMED:
        raise ThemeStepRefused("step_not_allowed")


def _free_members(proposal: ThemeProposal) -> list[Contribution]:
    return list(
        Contribution.objects.published()
        .filter(pk__in=proposal.members.values("contribution"))
        .exclude(assignments__is_current=True)
        .order_by("pk")
    )


def _members(theme: Theme) -> list[Contribution]:
    return list(
        Contribution.objects.filter(
            assignments__theme=theme, assignments__is_current=True
        ).order_by("pk")
    )


def _new_theme(round_, title, concern, section_wid, actor, at, *, kind, from_proposal=None):
    if not title.strip():
        raise ThemeStepRefused("no_title")
    theme = Theme.objects.create(
        round=round_,
        kind=kind,
        number=_next_number(round_),
        title=title.strip(),
        concern=concern.strip(),
        section_wid=section_wid,
        from_proposal=from_proposal,
        confirmed_by=actor,
        confirmed_at=at,
    )
    log(theme, "theme.confirm", user=actor)
    return theme


def _next_number(round_: ConsultationRound) -> int:
    # The round's row lock gives each theme a number of its own.
    ConsultationRound.objects.select_for_update().get(pk=round_.pk)
    return (round_.themes.aggregate(highest=Max("number"))["highest"] or 0) + 1


def _assign(theme: Theme, contributions: list[Contribution], actor, at: datetime) -> None:
    former = Assignment.objects.filter(contribution__in=contributions, is_current=True)
    left = list(Theme.objects.filter(pk__in=former.values("theme")).exclude(pk=theme.pk))
    former.update(is_current=False)
    Assignment.objects.bulk_create(
        Assignment(theme=theme, contribution=found, by=actor, at=at) for found in contributions
    )
    _become_a_theme(theme)
    for changed in [theme, *left]:
        request_summary(theme=changed, at=at)


def _log_confirmed(themes: list[Theme], actor, at: datetime) -> None:
    # What wagtail.log_actions.log writes for one, in one statement: it takes three for each.
    kind = ContentType.objects.get_for_model(Theme)
    deed = uuid.uuid4()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(theme.pk),
            label=str(theme),
            action="theme.confirm",
            timestamp=at,
            uuid=deed,
            user=actor,
        )
        for theme in themes
    )


def _themes_of(contributions: list[Contribution]) -> set[Theme]:
    current = Assignment.objects.filter(contribution__in=contributions, is_current=True)
    return {row.theme for row in current.select_related("theme__round")}


def _dissolve_empty(themes: set[Theme], actor) -> None:
    for theme in themes:
        if not theme.assignments.filter(is_current=True).exists():
            set_theme_status(theme=theme, status=ThemeStatus.DISSOLVED, actor=actor)


def _kind_for(contributions: list[Contribution]) -> ThemeKind:
    return ThemeKind.SINGLE_VOICE if len(contributions) == 1 else ThemeKind.THEME


def _become_a_theme(theme: Theme) -> None:
    if theme.kind == ThemeKind.SINGLE_VOICE and len(_members(theme)) > 1:
        theme.kind = ThemeKind.THEME
        theme.save(update_fields=["kind"])
