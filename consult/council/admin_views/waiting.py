"""What waits for the two offices, as links to where it is done."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consult.council.admin_views.desk import paper_address
from consult.council.models import AmendmentMotion, Decision, MotionVote, RouteStep
from consult.council.predicates import may_record_decisions
from consult.council.waiting import (
    Missing,
    decisions_to_confirm,
    meetings_to_enter,
    motions_to_judge,
    positions_to_confirm,
    results_to_enter,
    texts_to_adopt,
    votes_to_confirm,
    votes_to_enter,
)


@dataclass(frozen=True)
class Link:
    """One thing to do and where."""

    text: str
    url: str


@dataclass(frozen=True)
class Kind:
    """Things of one kind; none is shown without any."""

    label: str
    links: list[Link]


def waiting(user, on: date) -> list[Kind]:
    """All that waits for this person, in the order in which it is done."""
    texts = Kind(
        _("Den beschlossenen Wortlaut erstellen und in Kraft setzen"),
        [Link(str(paper), paper_address(paper.pk, "h-amended")) for paper in texts_to_adopt()],
    )
    kinds = [*(_of_the_office(user, on) if may_record_decisions(user) else []), texts]
    return [kind for kind in kinds if kind.links]


def _of_the_office(user, on: date) -> list[Kind]:
    return [
        Kind(_("Sitzungen eintragen"), [_meeting(step) for step in meetings_to_enter(on)]),
        Kind(
            _("Über die Zulassung von Anträgen entscheiden"),
            [_to_judge(motion) for motion in motions_to_judge()],
        ),
        Kind(
            _("Abstimmungen über Anträge eintragen"), [_vote(found) for found in votes_to_enter()]
        ),
        Kind(_("Ergebnisse eintragen"), [_result(found) for found in results_to_enter()]),
        Kind(
            _("Nach der Niederschrift bestätigen"),
            [_decision(found) for found in decisions_to_confirm(user)]
            + [_voted(found) for found in votes_to_confirm(user)]
            + [_said(step) for step in positions_to_confirm(user)],
        ),
    ]


def _meeting(step: RouteStep) -> Link:
    text = f"{step.paper.reference}: {step.body}"
    if step.meeting is not None:
        text = f"{text}, {date_format(step.meeting.day)}"
    return Link(text, reverse("council_desk:held", args=[step.paper_id, step.pk]))


def _result(found: Missing) -> Link:
    step, item = found.step, found.item
    url = reverse("council_desk:record", args=[step.paper_id, step.pk, item.pk])
    return Link(_at(step, _item_name(item)), url)


def _vote(found: Missing) -> Link:
    step, motion = found.step, found.motion
    url = reverse("council_desk:vote_motion", args=[step.paper_id, motion.pk, step.pk])
    return Link(_at(step, motion.name), url)


def _to_judge(motion: AmendmentMotion) -> Link:
    return Link(f"{motion.paper.reference}: {motion.name}, {motion.mover}", _place(motion))


def _decision(found: Decision) -> Link:
    url = paper_address(found.item.paper_id, f"ergebnis-{found.pk}")
    return Link(_at(found.step, _item_name(found.item), found.item.paper), url)


def _voted(found: MotionVote) -> Link:
    return Link(_at(found.step, found.motion.name, found.motion.paper), _place(found.motion))


def _said(step: RouteStep) -> Link:
    return Link(_at(step, _("Positionen zu Zielen")), paper_address(step.paper_id, "h-route"))


def _at(step: RouteStep, name: str, paper=None) -> str:
    return f"{(paper or step.paper).reference}: {step.body}, {name}"


def _item_name(item) -> str:
    return _("Punkt %(number)s") % {"number": item.number}


def _place(motion: AmendmentMotion) -> str:
    return f"{reverse('council_desk:motions', args=[motion.paper_id])}#ae-{motion.number}"
