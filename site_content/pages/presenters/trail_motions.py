"""Amendment motions of the council in a contribution's path: what each made of the sentence."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from consult.council.amendments import deciding_vote
from consult.council.models import AmendmentMotion
from consult.council.states import MOTION_ACCEPTED, MOTION_OPEN
from consult.records.selectors import Trace
from drafts.editions.states import READABLE
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.motions import entry, standing_words
from site_content.pages.presenters.trail_step import Shown, Step, shown_change, step_of


def motion_steps(trace: Trace) -> Iterator[Step]:
    """One step for each motion that the trace holds, on the day of the vote or of its filing."""
    changed = {change.wid for change in trace.changes}
    for motion in trace.motions:
        yield step_of(
            _("Änderungsantrag {name}: {status}").format(
                name=motion.name, status=standing_words(motion)
            ),
            "motion",
            _on(motion),
            motion=entry(motion, (), {}),
            paper=str(motion.paper),
            why=_why(trace, motion, changed),
            effect=_effect(motion),
            **_in_text(motion),
        )


def _on(motion: AmendmentMotion) -> date | datetime:
    vote = deciding_vote(motion)
    if vote is not None:
        return vote.step.meeting_on or vote.recorded_at
    return motion.filed_at or motion.drafted_at


def _why(trace: Trace, motion: AmendmentMotion, changed: set[str]) -> str:
    """What the motion has to do with the contribution."""
    theme = motion.taken_up
    if theme is not None and trace.theme is not None and trace.theme in (theme, theme.merged_into):
        return _("Der Antrag greift das Thema dieses Beitrags auf.")
    if motion.wid in changed:
        return _("Der Antrag betrifft eine Stelle, die wegen dieses Themas geändert wurde.")
    return _("Der Antrag betrifft eine Stelle, um die es in diesem Beitrag geht.")


def _effect(motion: AmendmentMotion) -> str:
    """What follows for the text, where no edition shows it."""
    if motion.status in MOTION_OPEN:
        return _("Darüber ist noch nicht abgestimmt.")
    if motion.in_text or motion.item_id is not None:
        return ""
    if motion.status in MOTION_ACCEPTED:
        return _("Die Fassung mit diesem Wortlaut wird noch geschrieben.")
    return _("Dieser Antrag ändert den Text nicht.")


def _in_text(motion: AmendmentMotion) -> Shown:
    """The changes of the newest edition that name the motion; nothing before there is one."""
    changes = [cause.cause.change for cause in motion.in_text]
    readable = [row for row in changes if row.revision.to_edition.status in READABLE]
    if not readable:
        return {"changes": []}
    revision = readable[-1].revision
    edition = revision.to_edition
    shown = [row for row in readable if row.revision_id == revision.pk]
    return {
        "changes": [shown_change(edition, change) for change in shown],
        "number": edition.number,
        "former": revision.from_edition.number,
        "since": day(edition.sealed_at or edition.created_at),
    }
