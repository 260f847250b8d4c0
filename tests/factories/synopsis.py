"""An answered round whose synopsis has every kind of line."""

from dataclasses import dataclass

from consult.contributions.models import Contribution
from consult.council.models import Paper
from consult.evaluation.models import Theme
from consult.evaluation.services.closing import answer_round
from consult.evaluation.states import Outcome
from consult.intake.services.statements import confirm_organisation
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from drafts.editions.models import Edition
from tests.factories.conversation import make_contribution, make_open_round, make_suggestion
from tests.factories.council import make_paper, make_submitted
from tests.factories.evaluation import (
    make_answer,
    make_closed,
    make_revised_edition,
    make_summary,
    make_theme,
)
from tests.factories.intake import make_occasion, make_received_note, make_statement
from tests.factories.people import make_resident, make_staff

ARABIC = "نحتاج إلى دورات مسائية."


@dataclass(frozen=True)
class Synopsis:
    """The round, its themes by name, the edition that it led to and the paper about that."""

    round: ConsultationRound
    themes: dict[str, Theme]
    edition: Edition
    paper: Paper
    actor: object


def make_synopsis(*, at, name: str = "") -> Synopsis:
    """Four lines: a theme that changed the text, one refused, two single voices.

    The theme "Kurszeiten" holds eleven comments of people with the pseudonym `name`, an
    organisation's statement and a note of a meeting. "Wortlaut" is a suggestion, accepted and
    without a change. "Abendkurse" is written in Arabic and answered with "already covered".
    """
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=at, actor=actor)
    goal = round_.edition.goals.order_by("position").first().wid
    person = make_resident(name)
    found = [
        make_contribution(
            round_,
            at=at,
            text=f"Kurse am Abend {n}.",
            target_wid=goal,
            participant=make_resident(name),
        )
        for n in range(11)
    ]
    note = make_received_note(make_occasion(round_, at=at), at=at, text="Kurse am Markt.")
    statement = make_statement(round_, at=at)
    confirm_organisation(statement=statement, actor=actor, at=at)
    parts = Contribution.objects.filter(statement_part__statement=statement)
    found += [note.contribution, *parts]
    refused = [
        make_contribution(round_, at=at, text=f"Eine Behörde {n}!", participant=person)
        for n in range(2)
    ]
    proposed = make_suggestion(round_, at=at, new_text="Alle lernen bald.", participant=person)
    arabic = make_contribution(round_, at=at, text=ARABIC)
    Contribution.objects.filter(pk=arabic.pk).update(language="ar")
    closed = make_closed(round_)
    at = closed.closes_at
    groups = {
        "Kurszeiten": found,
        "Behörde": refused,
        "Wortlaut": [proposed],
        "Abendkurse": [arabic],
    }
    themes = {
        title: make_theme(rows, title=title, actor=actor, at=at) for title, rows in groups.items()
    }
    make_summary(themes["Kurszeiten"], found[:2], actor=actor, at=at)
    outcomes = (Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.ADOPTED, Outcome.ALREADY_COVERED)
    answers = [
        make_answer(theme, outcome=outcome, reason=f"Grund zu {title}.", actor=actor, at=at)
        for (title, theme), outcome in zip(themes.items(), outcomes, strict=True)
    ]
    closed = answer_round(round_=closed, actor=actor, at=at)
    edition = make_revised_edition(
        closed, wording="Es gibt Kurse am Abend.", answers=(answers[0],), actor=actor, at=at
    )
    paper = make_submitted(make_paper(edition, actor=actor), at=at, actor=actor)
    return Synopsis(closed, themes, edition, paper, actor)
