"""The course of events of Köln 2010 (domain.md 2.3), with the words of Lindenau am Main.

Two readings in the advisory council, a new route through the committees, an amendment to the
proposed resolution, the measures cut off and sent back, an alternative that one group supports,
"without a vote" rejected in one committee, a referral to the budget debate, and adoption under
the proviso of the budget with a resubmission after two years.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from consult.council.services.annexes import add_annex, name_prior_resolution, state_finance
from consult.council.services.choices import add_alternative
from consult.council.services.items import add_item, change_item
from consult.council.services.papers import change_paper, close_paper, prepare_paper
from consult.council.services.papers import submit_to_council as submit
from consult.council.services.route import move_step
from consult.council.states import (
    Ask,
    Effect,
    Funding,
    ItemOutcome,
    PaperStatus,
    ProceduralKind,
    ProceduralResult,
    StepOutcome,
    StepRole,
)
from consult.participants.states import Role
from drafts.actionplan.selectors import obligations
from drafts.actionplan.states import DutyKind, DutyState
from drafts.editions.states import EditionStatus
from tests.factories import make_concept, make_edition, make_staff
from tests.journeys.council_year import Office, body, votes

pytestmark = pytest.mark.django_db
PROVISO = "Vorbehaltlich der im Haushalt 2028 zur Verfügung stehenden Mittel."


@pytest.fixture
def city(db) -> Office:
    """The paper as the coordination office lays it before the bodies: one hearing, one decision."""
    at = timezone.now()
    coordination = make_staff(Role.COORDINATION)
    paper = prepare_paper(
        actor=coordination,
        reference="STV 2027/311",
        title="Konzept zum Zusammenleben in Lindenau am Main",
        edition=make_edition(make_concept(goals=3), at=at),
        originator="",
        submitted_by=body("Magistrat"),
        summary="Drei Jahre lang haben Arbeitsgruppen geschrieben. Jetzt liegt das Konzept vor.",
        finance="Das Konzept kostet nichts, seine Maßnahmen kosten etwas.",
    )
    add_alternative(
        paper=paper, text="Nur die Leitlinien beschließen", actor=coordination,
        follows="Dann fehlen die Aufträge an die Ämter.",
    )  # fmt: skip
    change_paper(
        paper=paper, actor=coordination,
        if_rejected="Es bleibt bei den Richtlinien von 2009, die niemand mehr anwendet.",
    )  # fmt: skip
    for title, text, ask, effect in (
        ("Konzept", "Das Konzept wird beschlossen.", Ask.ADOPT, Effect.ADOPT_EDITION),
        ("Maßnahmen", "Das Maßnahmenprogramm wird beschlossen.", Ask.ADOPT, Effect.NONE),
        ("Wiedervorlage", "Das Programm wird nach zwei Jahren wieder vorgelegt.", Ask.INSTRUCT,
         Effect.NONE),
    ):  # fmt: skip
        item = add_item(
            paper=paper, title=title, text=text, asks=ask, effect=effect, actor=coordination
        )
    change_item(
        item=item, text=item.text, effect=Effect.NONE, actor=coordination,
        duty=DutyKind.RESUBMISSION, duty_months=24, duty_to=body("Stadtverordnetenversammlung"),
    )  # fmt: skip
    name_prior_resolution(
        paper=paper, reference="STV 2024/40", title="Auftrag, ein Konzept zu schreiben",
        decided_on=at.date() - timedelta(days=1000), actor=coordination,
    )  # fmt: skip
    state_finance(paper=paper, funding=Funding.UNFUNDED, proviso=PROVISO, actor=coordination)
    add_annex(
        paper=paper, title="Niederschriften der Arbeitsgruppen", name="gruppen.pdf",
        content=b"%PDF-1.7 Gruppen", actor=coordination, at=at,
    )  # fmt: skip
    office = Office(paper, coordination, day=at.date() - timedelta(days=200), at=at)
    office.routes("Integrationsrat", days=0, role=StepRole.HEARING, top="4")
    office.routes(
        "Stadtverordnetenversammlung", days=150, role=StepRole.DECISION, authoritative=True
    )
    submit(paper=paper, actor=coordination, at=at)
    paper.refresh_from_db()
    return office


def test_koeln_2010(city, client):
    first = city.paper.route.get(position=1)
    council = city.paper.route.get(position=2)

    # First reading with recorded remarks, then a new route through all committees.
    remarks = "Der Integrationsrat merkt an: Wer setzt das um, und was kostet es?"
    first = city.meets(first, remarks, StepOutcome.ADJOURNED)
    committees = [
        city.routes(name, days=days, role=StepRole.PRELIMINARY)
        for name, days in (("Sozialausschuss", 30), ("Schulausschuss", 40), ("Finanzausschuss", 60))
    ]
    for position, step in enumerate(committees, start=2):
        step.refresh_from_db()
        move_step(step=step, to=position, actor=city.coordination)
    social, school, treasury = committees
    page = city.page(client)
    assert "Finanzausschuss rückt von Stelle" in page
    assert "Finanzausschuss kommt in die Beratungsfolge" in page
    assert remarks in page

    # The proposed resolution is amended; one group supports the alternative to reject.
    social = city.meets(social, "Der Sozialausschuss empfiehlt die Annahme mit einer Änderung.")
    city.moved(
        social, ProceduralKind.WITHOUT_VOTE, ProceduralResult.REJECTED, "Fraktion Mitte",
        votes="4 dafür, 9 dagegen",
    )  # fmt: skip
    city.moved(
        social, ProceduralKind.ALTERNATIVE, ProceduralResult.REJECTED, "Fraktion Bürgerblock",
        text="Die Vorlage wird abgelehnt.",
    )  # fmt: skip
    city.records(
        social, 1, ItemOutcome.ADOPTED_AS_AMENDED,
        resolution_text="Das Konzept wird als Rahmen beschlossen; die Maßnahmen folgen gesondert.",
        group_votes=votes(
            **{"for": {"Mitte": 6, "Grüne Liste": 3}, "against": {"Bürgerblock": "Ablehnung"}},
            absent={"Freie Wähler": 1},
        ),
    )  # fmt: skip
    school = city.meets(school, "Der Schulausschuss leitet weiter.", StepOutcome.WITHOUT_VOTE)
    city.moved(school, ProceduralKind.WITHOUT_VOTE, ProceduralResult.ACCEPTED, "Grüne Liste")
    treasury = city.meets(
        treasury, "Über das Geld wird im Haushalt beraten.", StepOutcome.REFERRED,
        "Haushaltsberatung 2028",
    )  # fmt: skip
    city.moved(treasury, ProceduralKind.REFER, ProceduralResult.ACCEPTED, "Fraktion Mitte")
    page = city.page(client)
    assert "verwiesen: Haushaltsberatung 2028" in page
    assert "Antrag „ohne Votum weiterleiten“ (Fraktion Mitte): abgelehnt, 4 dafür, 9" in page
    assert "Bürgerblock, wollte stattdessen: Ablehnung" in page
    assert "ohne Votum weitergeleitet" in page
    assert "stimmt mit Änderungen zu" in page

    # Second readings: the committee after the budget debate, and the advisory council.
    treasury = city.meets(
        city.reads_again(treasury, days=120), "Das Geld steht unter Vorbehalt im Haushalt."
    )
    city.records(treasury, 1, ItemOutcome.ADOPTED, conditions=PROVISO)
    again = city.reads_again(first, days=130)
    assert again.position < council.position + 5
    again = city.meets(again, "Der Integrationsrat stimmt in zweiter Beratung zu.")
    city.records(again, 1, ItemOutcome.ADOPTED, votes="15 dafür, 1 Enthaltung")
    assert "Integrationsrat, 2. Beratung" in city.page(client)

    # The council adopts under proviso, cuts the measures off and asks for them again.
    council.refresh_from_db()
    council = city.meets(council, "Die Stadtverordnetenversammlung beschließt das Konzept.")
    adopted = city.records(
        council, 1, ItemOutcome.ADOPTED, resolution_number="§ 415", conditions=PROVISO,
        group_votes=votes(
            **{"for": {"Mitte": 20, "Grüne Liste": 9}, "against": {"Bürgerblock": 6}},
            biased={"Freie Wähler": 1},
        ),
    )  # fmt: skip
    target = "Magistrat, mit Prioritäten und Kosten je Maßnahme"
    cut = city.records(
        council, 2, ItemOutcome.REFERRED, referred_to=target,
        conditions="Maßnahmen Dritter werden zusammen mit denen der Stadt dargestellt.",
    )  # fmt: skip
    back = city.records(
        council, 3, ItemOutcome.ADOPTED_AS_AMENDED,
        resolution_text="Das Programm wird nach zwei Jahren mit Zahlen wieder vorgelegt.",
    )  # fmt: skip
    page = city.page(client)
    assert "vorläufig: beschlossen" in page
    assert not obligations(timezone.localdate())
    city.confirms(adopted, cut, back)

    # What follows: the text is in force, the measures are elsewhere, the debate is closed.
    city.paper.edition.refresh_from_db()
    assert city.paper.edition.status == EditionStatus.IN_FORCE
    city.paper.refresh_from_db()
    assert city.paper.status == PaperStatus.SUBMITTED
    close_paper(paper=city.paper, actor=city.recorder)
    page = city.page(client)
    for said in (
        "beschlossen", "Beschluss § 415", PROVISO, f"Verwiesen: {target}", "verwiesen",
        "Maßnahmen Dritter", "Das Programm wird nach zwei Jahren mit Zahlen wieder vorgelegt.",
        "dafür: 29", "befangen, nicht beteiligt: 1", "Es bleibt bei den Richtlinien von 2009",
        "STV 2024/40", "Weitere Anlage 1: Niederschriften der Arbeitsgruppen (PDF,",
        "nicht geschätzt", "entschieden",
    ):  # fmt: skip
        assert said in page, said
    assert "vorläufig: beschlossen" not in page

    # Two years after the meeting the programme has to be there.
    [owed] = obligations(timezone.localdate())
    assert owed.due_on == council.meeting_on.replace(year=council.meeting_on.year + 2)
    late = obligations(owed.due_on + timedelta(days=1))[0]
    assert late.state == DutyState.OVERDUE
    assert "Wiedervorlage" in city.page(client)
