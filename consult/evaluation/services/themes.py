"""The theme workshop: people decide what residents raised. Rows are added, nothing is lost."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from consult.contributions.models import Contribution
from consult.evaluation.models import (
    Assignment,
    ProposalMember,
    SecondReading,
    Theme,
    ThemeDeed,
    ThemeProposal,
)
from consult.evaluation.predicates import may_read_second
from consult.evaluation.selectors import settled_proposals, unassigned
from consult.evaluation.services.assignments import (
    ThemeStepRefused,
    assign,
    begin,
    dissolve_empty,
    members,
    overtake,
    record,
    set_theme_status,
)
from consult.evaluation.states import ThemeKind, ThemeStatus, ThemeStep
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted


@transaction.atomic
def confirm_proposal(
    *, proposal: ThemeProposal, title: str, concern: str, actor, at: datetime
) -> Theme:
    """Copy a proposal into a theme of the person who confirms it.

    Only contributions without a current assignment come along; what people decided stays. Raises
    ThemeStepRefused where it was confirmed or dismissed already, or nothing is left in it.
    """
    begin(actor, proposal.run.round)
    proposal = ThemeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.dismissed_at or settled_proposals(proposal.run.round).contains(proposal):
        raise ThemeStepRefused("proposal_settled")
    free = _free_members(proposal)
    if not free:
        raise ThemeStepRefused("nothing_left")
    theme = _new_theme(
        proposal.run.round,
        title,
        concern,
        proposal.sections[0],
        actor,
        at,
        kind=proposal.kind if len(free) == 1 else ThemeKind.THEME,
        from_proposal=proposal,
    )
    deed = record(ThemeStep.CONFIRM, theme, actor, at, is_new=True, proposal=proposal)
    assign(deed, theme, free)
    return theme


@transaction.atomic
def confirm_single_voices(
    *, proposals: Iterable[ThemeProposal], round_: ConsultationRound, actor, at: datetime
) -> list[Theme]:
    """Confirm proposals of single voices of a round, each under its own label.

    Those that somebody settled meanwhile, or whose contribution has a theme or is not public any
    more, are left out. The number of queries does not grow with the proposals.
    """
    begin(actor, round_)
    open_ = (
        ThemeProposal.objects.select_for_update()
        .filter(
            pk__in=[found.pk for found in proposals],
            run__round=round_,
            kind=ThemeKind.SINGLE_VOICE,
            dismissed_at=None,
        )
        .exclude(pk__in=settled_proposals(round_))
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
    _assign_voices(ThemeStep.CONFIRM, themes, [free[found.pk] for found in voices], actor, at)
    _log_confirmed(themes, actor, at)
    return themes


@transaction.atomic
def accept_into_theme(*, proposal: ThemeProposal, actor, at: datetime) -> Theme:
    """Put late contributions into the theme of people that they are proposed for.

    Only contributions without a current assignment come along. Raises ThemeStepRefused where it
    was dismissed, nothing is left in it or the theme does not stand any more.
    """
    begin(actor, proposal.run.round)
    proposal = ThemeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.dismissed_at or proposal.fits is None:
        raise ThemeStepRefused("proposal_settled")
    _require_standing(proposal.fits)
    free = _free_members(proposal)
    if not free:
        raise ThemeStepRefused("nothing_left")
    assign(record(ThemeStep.MOVE, proposal.fits, actor, at), proposal.fits, free)
    return proposal.fits


@transaction.atomic
def dismiss_proposal(*, proposal: ThemeProposal, actor, at: datetime) -> ThemeProposal:
    """Set a proposal aside; its contributions stay unassigned until somebody assigns them."""
    begin(actor, proposal.run.round)
    record(ThemeStep.DISMISS, None, actor, at, proposal=proposal)
    proposal.dismissed_by, proposal.dismissed_at = actor, at
    proposal.save(update_fields=["dismissed_by", "dismissed_at"])
    return proposal


@transaction.atomic
def rename_theme(*, theme: Theme, title: str, concern: str, actor, at: datetime) -> Theme:
    """Give a theme another name or sentence; the former ones stay in the log."""
    begin(actor, theme.round)
    if not title.strip():
        raise ThemeStepRefused("no_title")
    record(ThemeStep.RENAME, theme, actor, at)
    log(theme, "theme.rename", user=actor, data={"title": theme.title, "concern": theme.concern})
    renamed = theme.title != title.strip()
    theme.title, theme.concern = title.strip(), concern.strip()
    theme.save(update_fields=["title", "concern"])
    if renamed:
        overtake([theme], at)
    return theme


@transaction.atomic
def merge_themes(*, themes: list[Theme], into: Theme, actor, at: datetime) -> Theme:
    """Move all contributions of the themes into one; the others point to it from now on."""
    begin(actor, into.round)
    _require_standing(into)
    if any(theme.round_id != into.round_id for theme in themes):
        raise ThemeStepRefused("other_round")
    others = [theme for theme in themes if theme.pk != into.pk]
    deed = record(ThemeStep.MERGE, into, actor, at)
    moved = Contribution.objects.filter(
        assignments__theme__in=others, assignments__is_current=True
    ).order_by("pk")
    assign(deed, into, moved)
    for theme in others:
        set_theme_status(theme=theme, status=ThemeStatus.MERGED, actor=actor, merged_into=into)
    deed.merged.add(*others)
    return into


@transaction.atomic
def split_theme(
    *, theme: Theme, contributions: list[Contribution], title: str, actor, at: datetime
) -> Theme:
    """Put some of a theme's contributions into a new theme. One stays a single voice."""
    begin(actor, theme.round)
    inside = set(members(theme).values_list("pk", flat=True))
    if not contributions or not all(found.pk in inside for found in contributions):
        raise ThemeStepRefused("not_members")
    if len(contributions) == len(inside):
        raise ThemeStepRefused("nothing_would_remain")
    new = _new_theme(
        theme.round, title, "", theme.section_wid, actor, at, kind=_kind_for(contributions)
    )
    assign(record(ThemeStep.SPLIT, new, actor, at, is_new=True), new, contributions)
    log(theme, "theme.split", user=actor, data={"into": new.pk, "count": len(contributions)})
    return new


@transaction.atomic
def move_contributions(
    *, contributions: Iterable[Contribution], theme: Theme, actor, at: datetime
) -> int:
    """Move contributions into a theme; a theme that is left empty is dissolved. Return how many.

    Those that are in it already stay. The number of queries does not grow with the contributions.
    """
    begin(actor, theme.round)
    _require_standing(theme)
    moved = list(contributions)
    if any(found.round_id != theme.round_id for found in moved):
        raise ThemeStepRefused("other_round")
    inside = set(members(theme).values_list("pk", flat=True))
    moved = [found for found in moved if found.pk not in inside]
    if moved:
        deed = record(ThemeStep.MOVE, theme, actor, at)
        dissolve_empty(assign(deed, theme, moved), actor)
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
    begin(actor, round_)
    if any(found.round_id != round_.pk for found in moved):
        raise ThemeStepRefused("other_round")
    [(section_wid, _number)] = Counter(found.section_wid for found in moved).most_common(1)
    theme = _new_theme(round_, title, concern, section_wid, actor, at, kind=_kind_for(moved))
    deed = record(ThemeStep.OPEN, theme, actor, at, is_new=True)
    dissolve_empty(assign(deed, theme, moved), actor)
    return theme


@transaction.atomic
def make_single_voices(*, titles: Mapping[Contribution, str], actor, at: datetime) -> list[Theme]:
    """Let each of the contributions stand alone under its title, as make_single_voice does for one.

    The number of queries does not grow with the contributions.
    """
    voices = list(titles)
    if not voices:
        raise ThemeStepRefused("nothing_left")
    round_ = voices[0].round
    begin(actor, round_)
    if any(found.round_id != round_.pk for found in voices):
        raise ThemeStepRefused("other_round")
    if not all(title.strip() for title in titles.values()):
        raise ThemeStepRefused("no_title")
    themes = Theme.objects.bulk_create(
        Theme(
            round=round_,
            kind=ThemeKind.SINGLE_VOICE,
            number=number,
            title=titles[found].strip(),
            section_wid=found.section_wid,
            confirmed_by=actor,
            confirmed_at=at,
        )
        for number, found in enumerate(voices, start=_next_number(round_))
    )
    _assign_voices(ThemeStep.OPEN, themes, voices, actor, at)
    _log_confirmed(themes, actor, at)
    return themes


def make_single_voice(*, contribution: Contribution, title: str, actor, at: datetime) -> Theme:
    """Let a contribution stand alone: it gets its own answer. A theme left empty is dissolved."""
    return open_theme(contributions=[contribution], title=title, actor=actor, at=at)


@transaction.atomic
def read_second(*, theme: Theme, actor, at: datetime) -> SecondReading:
    """Say that a second person has read a theme with its contributions; shown in public as a sum.

    Raises NotPermitted for the person who confirmed it, ThemeStepRefused where it has been read or
    does not stand. The reading holds until the name or the contributions change.
    """
    begin(actor, theme.round)
    if not may_read_second(actor, theme):
        raise NotPermitted
    _require_standing(theme)
    if theme.readings.filter(is_current=True).exists():
        raise ThemeStepRefused("step_not_allowed")
    log(theme, "theme.read", user=actor)
    return SecondReading.objects.create(theme=theme, by=actor, at=at)


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


def _assign_voices(
    step: ThemeStep, themes: list[Theme], voices: list[Contribution], actor, at: datetime
) -> None:
    # What record and assign do for one: each voice is a deed of its own, so that it can be undone.
    deeds = ThemeDeed.objects.bulk_create(
        ThemeDeed(
            round=theme.round,
            step=step,
            theme=theme,
            proposal=theme.from_proposal,
            by=actor,
            at=at,
        )
        for theme in themes
    )
    current = Assignment.objects.filter(contribution__in=voices, is_current=True)
    former = {row.contribution_id: row for row in current.select_related("theme__round")}
    Assignment.objects.filter(pk__in=[row.pk for row in former.values()]).update(is_current=False)
    Assignment.objects.bulk_create(
        Assignment(
            theme=deed.theme,
            contribution=voice,
            deed=deed,
            replaced=former.get(voice.pk),
            by=actor,
            at=at,
        )
        for deed, voice in zip(deeds, voices, strict=True)
    )
    left = {row.theme for row in former.values()}
    overtake(left, at)
    dissolve_empty(left, actor)


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


def _kind_for(contributions: list[Contribution]) -> ThemeKind:
    return ThemeKind.SINGLE_VOICE if len(contributions) == 1 else ThemeKind.THEME
