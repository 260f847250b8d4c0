"""What members of the demo city's council do with its papers."""

from datetime import datetime, timedelta

from consult.council.contested import heard_rounds, verdicts
from consult.council.debate import Place, goal_place, item_place
from consult.council.models import CouncilGroup, Paper
from consult.council.services.debate import mark_for_debate
from consult.council.services.handover import hand_draft_over
from consult.council.services.questions import answer_question, ask_question
from consult.council.states import PackBlock, PaperStatus, ShownAs
from consult.participants.models import User
from consult.project.demo.people import MEMBERS


def debate(people: dict[str, User], now: datetime) -> None:
    """Two members read, mark and ask; one question waits for the office."""
    at = now - timedelta(days=2)
    _about_the_report(people, at)
    _about_the_draft(people, at)


def _about_the_report(people: dict[str, User], at: datetime) -> None:
    paper = Paper.objects.get(status=PaperStatus.SUBMITTED)
    second = item_place(paper.items.get(number=2).pk)
    for name in MEMBERS:
        mark_for_debate(paper=paper, place=second, actor=people[name], at=at)
    question = ask_question(
        paper=paper,
        place=Place(PackBlock.MONEY),
        text="Sind in den 18.500 Euro auch die Kosten für die Sprachmittlung in den Stadtteilen "
        "enthalten?",
        shown_as=ShownAs.GROUP,
        actor=people["rat2"],
        at=at,
    )
    answer_question(
        question=question,
        answer="Ja. Für Sprachmittlung bei acht Treffen sind 3.200 Euro eingeplant.",
        actor=people["koordination"],
        at=at + timedelta(hours=20),
    )
    ask_question(
        paper=paper,
        place=second,
        text="Bis wann liegt der Bericht über die zweite Runde vor?",
        shown_as=ShownAs.MEMBER,
        actor=people["rat"],
        at=at + timedelta(hours=3),
    )


def _about_the_draft(people: dict[str, User], at: datetime) -> None:
    """One group has the draft; it wants to speak about two goals that nobody disputes."""
    paper = Paper.objects.get(status=PaperStatus.PREPARING)
    group = CouncilGroup.objects.get(name=MEMBERS["rat"])
    hand_draft_over(paper=paper, group=group, actor=people["ratsbuero"], at=at)
    found = verdicts(heard_rounds(paper.edition))
    goals = paper.edition.goals.order_by("section__position", "position")
    agreed = [goal.wid for goal in goals if goal.wid in found and not found[goal.wid].is_contested]
    for wid in agreed[:2]:
        mark_for_debate(paper=paper, place=goal_place(wid), actor=people["rat"], at=at)
