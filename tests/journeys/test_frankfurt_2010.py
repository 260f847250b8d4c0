"""The course of events of Frankfurt 2009/10 (domain.md 2.1), with the words of Lindenau am Main.

The report on taking part is an annex, five items have different outcomes, the groups' votes are
recorded without heads, and a report that is due every 36 months is overdue in public.
"""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from consult.council.services.annexes import add_annex
from consult.council.services.duties import hand_in_report
from consult.council.services.items import add_item
from consult.council.services.papers import prepare_paper, submit_to_council
from consult.council.states import Ask, Effect, ItemOutcome, PaperStatus, StepRole
from consult.evaluation.services.closing import answer_round
from consult.participants.states import Role
from drafts.actionplan.models import ReportingObligation
from drafts.actionplan.states import DutyKind
from tests.factories import make_open_round, make_staff
from tests.factories.evaluation import make_closed
from tests.journeys.council_year import Office, body, votes, words

pytestmark = pytest.mark.django_db
ITEMS = [
    ("Konzept", "Das Konzept (Anlage 1) wird beschlossen.", Ask.ADOPT, Effect.ADOPT_EDITION),
    ("Bericht über die Beteiligung", "Der Bericht (Anlage 2) liegt vor.", Ask.NOTE, Effect.NONE),
    ("Ansprechpersonen", "Jedes Amt benennt eine Person.", Ask.INSTRUCT, Effect.NONE),
    ("Berichte", "Der Magistrat berichtet alle drei Jahre.", Ask.INSTRUCT, Effect.NONE),
    ("Stellen", "Zwei Stellen werden geschaffen.", Ask.ADOPT, Effect.NONE),
]
# The latest day on which a report of 36 months is still in time today, and a day earlier.
IN_TIME, TOO_LATE = relativedelta(months=36), relativedelta(months=36, days=1)


def laid_before_the_council(meeting) -> Office:
    """A paper with five items and the report of the round as an annex, decided on a day."""
    at = timezone.now()
    coordination = make_staff(Role.COORDINATION)
    round_ = make_closed(make_open_round(at=at))
    answer_round(round_=round_, actor=coordination, at=round_.closes_at + timedelta(days=3))
    paper = prepare_paper(
        actor=coordination, reference="M 132", title="Vielfalt in Lindenau am Main",
        edition=round_.edition, originator="Magistrat, Dezernat Integration",
        summary="Ein Vorschlag, über den die Stadt gesprochen hat.", finance="Siehe Anlage 1.",
    )  # fmt: skip
    for title, text, ask, effect in ITEMS:
        duty = {}
        if title == "Berichte":
            duty = {
                "duty": DutyKind.REPORT, "duty_months": 36,
                "duty_to": body("Stadtverordnetenversammlung"),
            }  # fmt: skip
        add_item(
            paper=paper, title=title, text=text, asks=ask, effect=effect, actor=coordination,
            **duty,
        )  # fmt: skip
    add_annex(
        paper=paper, title="Bericht über die Beteiligung", name="beteiligung.pdf",
        content=b"%PDF-1.7 Bericht", actor=coordination, at=at,
    )  # fmt: skip
    office = Office(paper, coordination, day=meeting, at=at)
    office.routes("Bildungsausschuss", days=-10, role=StepRole.PRELIMINARY)
    office.routes("Stadtverordnetenversammlung", days=0, role=StepRole.DECISION, authoritative=True)
    submit_to_council(paper=paper, actor=coordination, at=at)
    paper.refresh_from_db()
    return office


def decided(office: Office) -> None:
    """Five items, five outcomes, votes by group without heads."""
    committee, council = office.paper.route.order_by("position")
    committee = office.meets(committee, "150 Menschen waren im Saal.")
    office.records(committee, 1, ItemOutcome.ADOPTED, votes="ohne Auszählung")
    council = office.meets(council, "Die Stadtverordnetenversammlung beschließt die Vorlage.")
    by_group = votes(
        **{"for": {"Mitte": None, "Grüne Liste": None}, "against": {"Bürgerblock": "Kenntnis"}},
        absent={"Freie Wähler": None},
    )
    first = office.records(
        council, 1, ItemOutcome.ADOPTED, resolution_number="§ 8782", group_votes=by_group
    )
    rest = [
        office.records(council, 2, ItemOutcome.NOTED_WITH_APPROVAL, resolution_number="§ 8783"),
        office.records(
            council, 3, ItemOutcome.ADOPTED_AS_AMENDED,
            resolution_text="Jedes Amt benennt zwei Personen.",
        ),
        office.records(council, 4, ItemOutcome.ADOPTED),
        office.records(council, 5, ItemOutcome.REJECTED),
    ]  # fmt: skip
    office.confirms(first, *rest)


def test_frankfurt_2010(client):
    office = laid_before_the_council(timezone.localdate() - IN_TIME)
    page = office.page(client)
    assert "Weitere Anlage 1: Bericht über die Beteiligung (PDF," in page
    assert "Anlage 2: Bericht über die Beteiligung" in page
    decided(office)
    office.paper.refresh_from_db()
    assert office.paper.status == PaperStatus.DECIDED
    page = office.page(client)
    for said in (
        "Beschluss § 8782", "zustimmend zur Kenntnis genommen",
        "Nummer der Niederschrift: § 8783", "geändert beschlossen",
        "Jedes Amt benennt zwei Personen.", "abgelehnt",
        "Grüne Liste; Mitte", "Bürgerblock, wollte stattdessen: Kenntnis",
        "Freie Wähler", "Bericht, immer wieder: 36 Monate",
    ):  # fmt: skip
        assert said in page, said
    assert "Beschluss § 8783" not in page
    assert "überfällig" not in page


def test_a_report_that_is_late_is_overdue_in_public_until_it_is_there(client):
    office = laid_before_the_council(timezone.localdate() - TOO_LATE)
    decided(office)
    for address in (f"/de/rat/{office.paper.pk}/", "/de/rat/"):
        assert "ist überfällig" in words(client.get(address)), address
    hand_in_report(
        obligation=ReportingObligation.objects.get(), title="Bericht 2024 bis 2026",
        delivered_on=timezone.localdate(), actor=office.coordination, at=timezone.now(),
    )  # fmt: skip
    page = words(client.get("/de/rat/"))
    assert "überfällig" not in page
    assert "Bericht 2024 bis 2026" in page
