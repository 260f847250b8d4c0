"""The whole way of one contribution, walked by the services that lead there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import Receipt, Words, find_place, submit_comment
from consult.council.models import Body
from consult.council.services.decisions import confirm_decision, record_decision
from consult.council.services.items import add_item
from consult.council.services.papers import prepare_paper, submit_to_council
from consult.council.services.route import add_step, set_step_status
from consult.council.states import Effect, ItemOutcome, StepRole, StepStatus
from consult.evaluation.models import Change, Response, Theme
from consult.evaluation.services.closing import answer_round, close_round
from consult.evaluation.services.responses import (
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.services.revision import (
    add_cause,
    prepare_revision,
    release_next_edition,
)
from consult.evaluation.services.themes import make_single_voice
from consult.evaluation.states import Cause, Outcome
from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from drafts.concept.models import GoalPage
from drafts.editions.models import Edition
from tests.factories import (
    make_department,
    make_open_round,
    make_resident,
    make_staff,
)

TEXT = "Es braucht Kurse am Samstag."
NEW_WORDING = "Kurse gibt es auch am Samstag."


@dataclass
class Chain:
    """A contribution on the first goal of an open round, and the people of the city."""

    at: datetime
    author: Any = field(default_factory=make_resident)
    coordination: Any = field(default_factory=lambda: make_staff(Role.COORDINATION))
    office: Any = field(default_factory=lambda: make_staff(Role.COUNCIL_OFFICE))

    def __post_init__(self):
        self.round = make_open_round(at=self.at, actor=self.coordination)
        self.goal = self.round.edition.goals.get()
        self.receipt = self.hand_in(self.author)
        self.contribution = self.receipt.contribution
        self.department = make_department("Amt für Sprache")

    def hand_in(self, author, text: str = TEXT) -> Receipt:
        """Somebody writes to the goal."""
        place = find_place(self.round.edition, self.goal.section.wid, self.goal.wid)
        words = Words(text=text, stance="idea", display_name="Ada")
        return submit_comment(place=place, words=words, participant=author, at=self.at)

    def close(self) -> Theme:
        """The round ends and the contribution becomes a single voice."""
        self.round = close_round(round_=self.round, actor=self.coordination, at=self.at)
        return self.name_voice(self.contribution, "Kurse am Samstag")

    def name_voice(self, contribution: Contribution, title: str) -> Theme:
        """A contribution is kept as a single voice."""
        contribution.refresh_from_db()
        return make_single_voice(
            contribution=contribution, title=title, actor=self.coordination, at=self.at
        )

    def request(self, theme: Theme) -> Response:
        """A department is asked for the answer."""
        return request_response(
            theme=theme,
            lead_department=self.department,
            due_on=self.round.answer_due,
            actor=self.coordination,
        )

    def answer(self, theme: Theme, outcome: Outcome = Outcome.ADOPTED) -> Response:
        """The department answers and coordination publishes."""
        member = make_staff(Role.DEPARTMENT)
        DepartmentMember.objects.create(user=member, department=self.department)
        response = draft_response(
            response=self.request(theme), outcome=outcome, reason="Das ist so.", actor=member
        )
        response = sign_response(response=response, actor=member, at=self.at)
        return publish_response(response=response, actor=self.coordination, at=self.at)

    def finish(self) -> None:
        """The round is declared answered."""
        self.round = answer_round(round_=self.round, actor=self.coordination, at=self.at)

    def revise(self, response: Response) -> Edition:
        """The goal is reworded because of the answer and released as edition 2."""
        page = GoalPage.objects.get()
        page.wording = NEW_WORDING
        page.save_revision().publish()
        revision = prepare_revision(
            from_edition=self.round.edition,
            round_=self.round,
            actor=self.coordination,
            at=self.at,
        )
        add_cause(
            change=Change.objects.get(),
            kind=Cause.RESPONSE,
            response=response,
            actor=self.coordination,
            at=self.at,
        )
        return release_next_edition(
            revision=revision, title="Neu", origin="Amt", actor=self.coordination, at=self.at
        )

    def submit(self, edition: Edition) -> Any:
        """A paper to adopt the edition goes to the council; return its deciding step."""
        paper = prepare_paper(
            actor=self.coordination,
            reference="STV 1/27",
            title="Das Konzept",
            edition=edition,
            originator="Magistrat",
            summary="Worum es geht.",
            finance="Kosten.",
        )
        self.item = add_item(
            paper=paper,
            text="Wird beschlossen.",
            effect=Effect.ADOPT_EDITION,
            actor=self.coordination,
        )
        step = add_step(
            paper=paper,
            body=Body.objects.create(name="Stadtverordnetenversammlung"),
            role=StepRole.DECISION,
            authoritative=True,
            meeting_on=self.at.date(),
            actor=self.coordination,
        )
        submit_to_council(paper=paper, actor=self.coordination, at=self.at)
        return step

    def decide(self, step) -> Any:
        """The council adopts; the record is provisional."""
        step = set_step_status(step=step, status=StepStatus.HELD, actor=self.office)
        return record_decision(
            item=self.item, step=step, outcome=ItemOutcome.ADOPTED, actor=self.office, at=self.at
        )

    def confirm(self, decision) -> None:
        """A second person confirms after the minutes; the edition comes into force."""
        confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=self.at)
