"""What a mail says of papers, decisions and amendment motions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.council.concerns import admitted_motions, public_motion_votes
from consult.council.models import AmendmentMotion, MotionVote, Paper
from consult.council.selectors import public_decisions
from consult.council.states import DecisionStatus, MotionStatus
from consult.council.wording import outcome_word
from consult.following.models import Follower, Telling
from consult.following.services import audience
from consult.following.services.items import Item, about_yours, own_refs
from consult.following.states import Happening


def paper_item(facts, telling: Telling, follower: Follower) -> Item | None:
    """A paper was submitted."""
    paper = Paper.objects.select_related("edition").get(pk=facts["paper"])
    if paper.status not in {"submitted", "decided"}:
        return None
    refs = own_refs(telling, follower, audience.contributions_before(paper))
    return Item(
        _("Dem Rat liegt vor: {title}").format(title=paper.title),
        [
            _("Vorlage {reference} zu Fassung {n} des Konzepts.").format(
                reference=paper.reference, n=paper.edition.number
            ),
            *about_yours(refs),
        ],
        reverse("paper", args=[paper.pk]),
        _("Zur Vorlage mit allen Terminen"),
    )


def decision_item(facts, telling: Telling, follower: Follower) -> Item | None:
    """A body decided or advised on an item."""
    found = public_decisions().filter(pk=facts["decision"])
    row = found.select_related("item__paper__edition", "step__body").first()
    if row is None:
        return None
    paper = row.item.paper
    is_confirmed = telling.occurrence.happening == Happening.DECISION_CONFIRMED
    if row.status == DecisionStatus.CONFIRMED and not is_confirmed and _told_with(telling):
        return None
    refs = own_refs(telling, follower, audience.contributions_before(paper))
    state = row.get_status_display()
    lines = [
        _("Vorlage {reference}, Punkt {number}: {outcome} ({state}).").format(
            reference=paper.reference,
            number=row.item.number,
            outcome=outcome_word(row),
            state=state,
        ),
        *([_("Berichtigt: {reason}").format(reason=row.correction_reason)] if row.corrects else []),
        *about_yours(refs),
    ]
    said = _("{body} hat entschieden: {outcome}")
    if not row.step.authoritative:
        said = _("{body} hat beraten: {outcome}")
    headline = said.format(body=row.step.body.name, outcome=outcome_word(row))
    return Item(headline, lines, reverse("paper", args=[paper.pk]), _("Zur Vorlage"))


def _told_with(telling: Telling) -> bool:
    """Whether the confirmation waits for the same mail: then the first record says nothing new."""
    key = f"decision_confirmed:{telling.occurrence.facts['decision']}"
    waiting = Telling.objects.filter(
        follower=telling.follower_id, occurrence__key=key, gathered_at=None
    )
    return waiting.filter(due_at__lte=telling.due_at).exists()


def admitted_item(facts, _telling: Telling, _follower: Follower) -> Item | None:
    """A motion comes to the vote; nothing once it was voted, settled or withdrawn."""
    motion = admitted_motions().filter(pk=facts["motion"]).first()
    if motion is None or motion.status != MotionStatus.ADMISSIBLE:
        return None
    lines = [_about(motion), *_taken_up(motion)]
    headline = _("Änderungsantrag zu {place}").format(place=motion.place)
    return Item(headline, lines, _url(motion), _("Zum Änderungsantrag"))


def motion_vote_item(facts, telling: Telling, follower: Follower) -> Item | None:
    """A body voted on a motion; a record that was corrected since says nothing any more."""
    vote = public_motion_votes().filter(pk=facts["vote"]).first()
    if vote is None:
        return None
    motion = vote.motion
    refs = own_refs(telling, follower, audience.contributions_on_motion(motion))
    said = _("{body} hat entschieden: {outcome}")
    if not vote.step.authoritative:
        said = _("{body} hat beraten: {outcome}")
    headline = said.format(body=vote.step.body.name, outcome=_outcome(vote))
    lines = [
        _about(motion),
        _("Ergebnis: {outcome}").format(
            outcome=f"{vote.get_outcome_display()} ({vote.get_status_display()})"
        ),
        *([_("Berichtigt: {reason}").format(reason=vote.correction_reason)] if vote.corrects else []),
        *_taken_up(motion),
        *about_yours(refs),
    ]  # fmt: skip
    return Item(headline, lines, _url(motion), _("Zum Änderungsantrag"))


def _outcome(vote: MotionVote) -> str:
    return f"{vote.motion.name} {vote.get_outcome_display()}"


def _about(motion: AmendmentMotion) -> str:
    return _("{name} zu Vorlage {reference}, {mover}. {place}: {change}.").format(
        name=motion.name,
        reference=motion.paper.reference,
        mover=motion.mover,
        place=motion.place,
        change=motion.get_op_display(),
    )


def _taken_up(motion: AmendmentMotion) -> list[str]:
    if motion.taken_up is None:
        return []
    return [_("Der Antrag greift ein Thema auf: {theme}").format(theme=motion.taken_up.title)]


def _url(motion: AmendmentMotion) -> str:
    return f"{reverse('paper', args=[motion.paper_id])}#ae-{motion.number}"
