"""The papers of the demo city before its bodies."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from consult.council.models import Body, CouncilGroup, GroupMembership, Paper
from consult.council.services.choices import add_alternative
from consult.council.services.decisions import confirm_decision, record_decision
from consult.council.services.items import add_item
from consult.council.services.papers import prepare_paper, submit_to_council
from consult.council.services.route import add_step, set_step_status
from consult.council.states import Ask, Effect, ItemOutcome, StepRole, StepStatus
from consult.project.demo.council_parts import choices, hang_on, name_halls
from consult.project.demo.motions import motions
from consult.project.demo.people import CONTENT, MEMBERS
from consult.project.demo.story import Told
from drafts.concept.models import Department
from drafts.editions.models import Edition


def papers(first: Edition, second: Edition, told: Told, when: dict[str, datetime]) -> None:
    """One paper has been through two bodies already; the one to adopt is being prepared."""
    data = _read("beschluss.json")
    groups = {
        name: CouncilGroup.objects.get_or_create(name=name)[0] for name in data["council_groups"]
    }
    for login, group in MEMBERS.items():
        GroupMembership.objects.create(user=told.people[login], group=groups[group])
    motions(_report_paper(first, told, when), groups, told, when["hearing"])
    actor = told.people["koordination"]
    paper = prepare_paper(
        actor=actor,
        reference=data["reference"],
        title=data["title"],
        edition=second,
        originator=data["originator"],
        summary=data["summary"],
        finance=data["finance"],
    )
    choices(paper, data, actor)
    for item in data["items"]:
        add_item(
            paper=paper,
            text=item["text"],
            effect=Effect(item["effect"]),
            actor=actor,
            title=item["title"],
            asks=Ask(item["asks"]),
            **_task(item.get("task", {})),
        )
    roles = {str(role.label): role for role in StepRole}
    for step in data["route"]:
        add_step(
            paper=paper,
            body=_body(step["body"]),
            role=roles[step["role"]],
            actor=actor,
            authoritative=step.get("authoritative", False),
        )
    hang_on(paper, told, when["hearing"])


def _report_paper(edition: Edition, told: Told, when: dict[str, datetime]) -> Paper:
    actor, office = told.people["koordination"], told.people["ratsbuero"]
    paper = prepare_paper(
        actor=actor,
        reference=f"STV {when['tabled'].year}/97",
        title="Bericht über die erste Runde der Beteiligung am Integrationskonzept",
        edition=edition,
        originator="Magistrat, Koordinierungsstelle Integration",
        summary="Die erste Runde ist ausgewertet: Alle Beiträge haben ein Thema, alle Themen eine "
        "begründete Antwort. Die überarbeitete Fassung liegt seit Kurzem öffentlich vor. Bevor sie "
        "beschlossen werden kann, läuft eine zweite Runde.",
        finance="Für die zweite Runde mit Treffen, Sprachmittlung und Druck entstehen einmalig "
        "18.500 Euro. Das Geld steht im Haushalt bereit.",
    )
    add_alternative(
        paper=paper,
        text="Keine zweite Runde",
        follows="Der Rat könnte früher entscheiden, aber niemand hätte die Änderungen geprüft, die "
        "aus der ersten Runde gefolgt sind.",
        one_off=-18_500,
        yearly=0,
        actor=actor,
    )
    texts = [
        "Der Bericht über die erste Runde der Beteiligung (Anlage 2) wird zur Kenntnis genommen.",
        "Der Magistrat wird beauftragt, die überarbeitete Fassung nach der zweiten Runde zum "
        "Beschluss vorzulegen.",
    ]
    items = [
        add_item(paper=paper, text=text, effect=Effect.NONE, actor=actor, asks=asks)
        for text, asks in zip(texts, [Ask.NOTE, Ask.INSTRUCT], strict=True)
    ]
    steps = [
        add_step(
            paper=paper,
            body=_body(body),
            role=role,
            actor=actor,
            meeting_on=day,
            authoritative=authoritative,
        )
        for body, role, day, authoritative in [
            ("Magistrat", StepRole.TABLING, when["tabled"].date(), False),
            ("Ausländerbeirat", StepRole.HEARING, when["hearing"].date(), False),
            (
                "Ausschuss für Soziales und Integration",
                StepRole.PRELIMINARY,
                when["hearing"].date() + timedelta(days=14),
                False,
            ),
            (
                "Stadtverordnetenversammlung",
                StepRole.DECISION,
                when["hearing"].date() + timedelta(days=28),
                True,
            ),
        ]
    ]
    submit_to_council(paper=paper, actor=actor, at=when["tabled"])
    tabling, hearing = (
        set_step_status(step=step, status=StepStatus.HELD, actor=office, result=result)
        for step, result in zip(
            steps[:2],
            [
                "Der Magistrat leitet die Vorlage weiter.",
                "Der Ausländerbeirat begrüßt die Antworten und bittet darum, den neuen Wortlaut zur "
                "Beschwerdestelle noch einmal zu beraten.",
            ],
            strict=True,
        )
    )
    for item in items:
        record_decision(
            item=item,
            step=tabling,
            outcome=ItemOutcome.ADOPTED,
            actor=office,
            at=when["tabled"],
            votes="einstimmig",
        )
    first = record_decision(
        item=items[0],
        step=hearing,
        outcome=ItemOutcome.NOTED_WITH_APPROVAL,
        actor=office,
        at=when["hearing"],
        votes="11 dafür, 2 Enthaltungen",
    )
    confirm_decision(
        decision=first, actor=told.people["ratsbuero2"], at=when["hearing"] + timedelta(days=3)
    )
    record_decision(
        item=items[1],
        step=hearing,
        outcome=ItemOutcome.ADOPTED,
        actor=office,
        at=when["hearing"],
        votes="13 dafür",
    )
    name_halls(told, hearing, when["hearing"])
    return paper


def _task(found: dict[str, str]) -> dict[str, Any]:
    if not found:
        return {}
    until = found.get("until")
    return {
        "task_for": Department.objects.get_or_create(name=found["for"])[0],
        "task_until": date.fromisoformat(until) if until else None,
    }


def _body(name: str) -> Body:
    return Body.objects.get_or_create(name=name)[0]


def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text())
