"""What hangs on the papers of the demo city: costs, earlier resolutions, an annex, meetings."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from docx import Document

from consult.council.models import Body, Meeting, Paper, RouteStep
from consult.council.services.annexes import add_annex, name_prior_resolution, state_finance
from consult.council.services.choices import add_alternative, add_goal_option
from consult.council.services.items import change_item
from consult.council.services.meetings import change_meeting
from consult.council.services.papers import change_paper
from consult.council.services.procedural import record_procedural_motion
from consult.council.states import AHEAD, Effect, Funding, ProceduralKind, ProceduralResult
from consult.project.demo.story import Told
from drafts.actionplan.states import DutyKind

HALLS = {
    "Ausländerbeirat": (time(18), "Haus der Vereine, Saal 1"),
    "Ausschuss für Soziales und Integration": (time(17, 30), "Rathaus, Raum 204"),
    "Stadtverordnetenversammlung": (time(17), "Rathaus, Plenarsaal"),
}
GROUPS = (
    "Vier Arbeitsgruppen haben von Januar bis Mai je sechsmal getagt.",
    "Ihre Ergebnisse stehen in der Fassung, über die beraten wird; wo sie nicht einig waren, steht "
    "beides in dieser Niederschrift.",
)


def hang_on(paper: Paper, told: Told, at: datetime) -> None:
    """Complete the paper that is being prepared, while it still can change."""
    actor = told.people["koordination"]
    change_paper(
        paper=paper,
        actor=actor,
        if_rejected="Die Fassung von 2019 gilt weiter. Was in der Beteiligung zugesagt wurde, hat "
        "dann keine Grundlage; die Verwaltung müsste neu beginnen.",
    )
    state_finance(
        paper=paper,
        funding=Funding.PARTLY,
        one_off=593_000,
        yearly=2_297_000,
        posts=Decimal("12.5"),
        proviso="Alle neuen Ausgaben stehen unter dem Vorbehalt der im Haushalt verfügbaren "
        "Mittel.",
        actor=actor,
    )
    for reference, title, day in (
        ("§ 288", "Auftrag, das Integrationskonzept von 2019 neu zu schreiben", date(2026, 2, 12)),
        ("STV 2019/61", "Beschluss des ersten Integrationskonzepts", date(2019, 6, 27)),
    ):
        name_prior_resolution(
            paper=paper, reference=reference, title=title, decided_on=day, actor=actor
        )
    add_annex(
        paper=paper,
        title="Niederschrift der Arbeitsgruppen",
        name="arbeitsgruppen.docx",
        content=_written("Niederschrift der Arbeitsgruppen"),
        actor=actor,
        at=at,
    )
    report = paper.items.get(number=2)
    change_item(
        item=report,
        text=report.text,
        effect=Effect(report.effect),
        actor=actor,
        duty=DutyKind.REPORT,
        duty_months=24,
        duty_to=Body.objects.get(name="Stadtverordnetenversammlung"),
    )


def choices(paper: Paper, data: dict[str, Any], actor) -> None:
    """What the council could decide instead: of the whole paper, and at goals by their number."""
    for row in data["alternatives"]:
        add_alternative(paper=paper, actor=actor, **row)
    wids = dict(paper.edition.goals.values_list("number", "wid"))
    for number, options in data["options"].items():
        for row in options:
            add_goal_option(paper=paper, goal_wid=wids[number], actor=actor, **row)


def name_halls(told: Told, hearing: RouteStep, at: datetime) -> None:
    """Say where and when the bodies meet next, and what was moved at the hearing."""
    for meeting in Meeting.objects.filter(status__in=AHEAD, body__name__in=HALLS):
        hour, place = HALLS[meeting.body.name]
        change_meeting(
            meeting=meeting,
            day=meeting.day,
            begins_at=hour,
            place=place,
            actor=told.people["ratsbuero"],
        )
    record_procedural_motion(
        step=hearing,
        kind=ProceduralKind.WITHOUT_VOTE,
        moved_by="zwei Mitglieder der Internationalen Liste",
        result=ProceduralResult.REJECTED,
        votes="2 dafür, 11 dagegen",
        actor=told.people["ratsbuero"],
        at=at,
    )


def _written(heading: str) -> bytes:
    document, held = Document(), BytesIO()
    document.add_heading(heading, level=1)
    for paragraph in GROUPS:
        document.add_paragraph(paragraph)
    document.save(held)
    return held.getvalue()
