"""Evaluation and revision of round 1 in the demo city."""

import json
from collections import Counter
from datetime import datetime
from io import BytesIO
from typing import Any

from consult.contributions.models import Contribution
from consult.evaluation.models import Response, Theme, ThemeProposal
from consult.evaluation.selectors import confirmed_themes, latest_run, open_proposals, unassigned
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.closing import answer_round
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
from consult.evaluation.services.summaries import release_summary, write_next_summary
from consult.evaluation.services.themes import (
    confirm_proposal,
    make_single_voice,
    merge_themes,
    move_contributions,
    rename_theme,
)
from consult.evaluation.states import Cause, RunStatus, SummaryStatus
from consult.project.demo.people import CONTENT, join_departments
from consult.project.demo.site import publish_reviewed
from consult.project.demo.story import Told
from consult.project.demo.versions import translate_answer
from drafts.concept.importing import read_concept
from drafts.concept.models import Department
from drafts.concept.services import import_concept
from drafts.editions.models import Edition


def evaluate(round_, told: Told, at: datetime) -> dict[str, Theme]:
    """Run the analysis, then do what the coordination office did with its proposals.

    Return the themes by their key in themen.json.
    """
    while run_next_shard(clock=lambda: at):
        pass
    run = latest_run(round_)
    if run.status != RunStatus.DONE:
        raise ValueError(f"the analysis of the demo failed: {run.error}")
    actor = told.people["koordination"]
    wanted = {row["key"]: row for row in _read("themen.json")}
    themes: dict[str, Theme] = {}
    for proposal in open_proposals(round_):
        key = _most_common_theme(proposal, told)
        if key:
            _confirm(proposal, wanted[key], themes, actor, at)
    _sort_by_hand(round_, told, wanted, themes, actor, at)
    _name_single_voices(round_, told, actor, at)
    while write_next_summary():
        pass
    for theme in confirmed_themes(round_):
        for summary in theme.summaries.filter(status=SummaryStatus.MACHINE_DRAFT):
            release_summary(summary=summary, actor=actor, at=at)
    return themes


def answer(round_, told: Told, themes: dict[str, Theme], when: dict[str, datetime]) -> None:
    """Let departments draft and sign, publish, and declare the round answered."""
    coordination, office = told.people["koordination"], told.people["amt"]
    words = {row["key"]: row for row in _read("themen.json")}
    by_theme = {theme.pk: words[key] for key, theme in themes.items()}
    single = _read("einzelstimmen.json")
    by_ref = {c.ref: single.get(line) for line, c in told.contributions.items()}
    requested = []
    for theme in confirmed_themes(round_):
        row = by_theme.get(theme.pk) or by_ref[_members(theme)[0].ref]
        response = request_response(
            theme=theme,
            lead_department=Department.objects.get_or_create(name=row["lead"])[0],
            due_on=when["published"].date(),
            actor=coordination,
        )
        requested.append((response, row))
    join_departments(office)
    for response, row in requested:
        response = draft_response(
            response=response, outcome=row["outcome"], reason=row["reason"], actor=office
        )
        response = sign_response(response=response, actor=office, at=when["drafted"])
        translate_answer(response, row.get("key", ""), office, when["drafted"])
        publish_response(response=response, actor=coordination, at=when["published"])
    answer_round(round_=round_, actor=coordination, at=when["answered"])


def revise(edition: Edition, round_, told: Told, themes, concept, at: datetime) -> Edition:
    """Change the working text, name the cause of every change, release the next edition."""
    editor, coordination = told.people["redaktion"], told.people["koordination"]
    changes = _read("ueberarbeitung.json")
    text = revised_text((CONTENT / "konzept.md").read_text(), changes)
    parsed = read_concept(_as_file(text), "konzept.md")
    import_concept(parsed=parsed, parent=concept.get_parent(), actor=editor, concept=concept)
    publish_reviewed(concept, coordination)
    revision = prepare_revision(from_edition=edition, round_=round_, actor=coordination, at=at)
    for change in revision.changes.all():
        _give_cause(change, changes, themes, coordination, at)
    return release_next_edition(
        revision=revision,
        title="Zusammen in Lindenau",
        origin="Überarbeiteter Entwurf der Koordinierungsstelle Integration",
        actor=coordination,
        at=at,
    )


def revised_text(text: str, changes: list[dict[str, Any]]) -> str:
    """The concept's file after round 1. Raises ValueError where an old wording is not found."""
    additions = [change for change in changes if change["target"].startswith("new_")]
    for change in [*additions, *(found for found in changes if found not in additions)]:
        text = _EDIT[change["target"]](text, change)
    return text


def _confirm(proposal: ThemeProposal, row, themes, actor, at: datetime) -> None:
    theme = confirm_proposal(
        proposal=proposal, title=row["title"], concern=row["concern"], actor=actor, at=at
    )
    if row["key"] in themes:
        merge_themes(themes=[theme], into=themes[row["key"]], actor=actor, at=at)
    else:
        themes[row["key"]] = theme


def _sort_by_hand(round_, told: Told, wanted, themes, actor, at: datetime) -> None:
    """Move what the program put elsewhere, as the people of the office did."""
    current = {
        row.contribution.ref: row.theme_id
        for theme in confirmed_themes(round_)
        for row in theme.assignments.filter(is_current=True).select_related("contribution")
    }
    published = list(Contribution.objects.published().filter(round=round_).order_by("pk"))
    for key, row in wanted.items():
        members = [found for found in published if told.themes[found.ref] == key]
        # A theme that the program did not find begins with one voice.
        themes[key] = theme = themes.get(key) or make_single_voice(
            contribution=members[0], title=row["title"], actor=actor, at=at
        )
        rename_theme(theme=theme, title=row["title"], concern=row["concern"], actor=actor, at=at)
        misplaced = [found for found in members if current.get(found.ref) != theme.pk]
        if misplaced:
            move_contributions(contributions=misplaced, theme=theme, actor=actor, at=at)


def _name_single_voices(round_, told: Told, actor, at: datetime) -> None:
    titles = {
        told.contributions[line].ref: row["title"]
        for line, row in _read("einzelstimmen.json").items()
    }
    alone = [
        c for c in Contribution.objects.published().filter(round=round_) if not told.themes[c.ref]
    ]
    for contribution in alone:
        make_single_voice(
            contribution=contribution, title=titles[contribution.ref], actor=actor, at=at
        )
    if unassigned(round_).exists():
        raise ValueError("a contribution of the demo has no theme")


def _most_common_theme(proposal: ThemeProposal, told: Told) -> str:
    refs = proposal.members.values_list("contribution__ref", flat=True)
    return Counter(told.themes[ref] for ref in refs).most_common(1)[0][0]


def _members(theme: Theme) -> list[Contribution]:
    return [row.contribution for row in theme.assignments.filter(is_current=True)]


def _give_cause(change, changes, themes, actor, at: datetime) -> None:
    row = next((found for found in changes if _matches(change, found)), None)
    if row is None:
        note = "Folge einer anderen Änderung in diesem Abschnitt."
        add_cause(change=change, kind=Cause.EDITORIAL, actor=actor, at=at, note=note)
    elif row["because"] == "response":
        add_cause(
            change=change,
            kind=Cause.RESPONSE,
            actor=actor,
            at=at,
            note=row["note"],
            response=Response.objects.get(theme=themes[row["theme"]]),
        )
    else:
        add_cause(change=change, kind=Cause(row["because"]), actor=actor, at=at, note=row["note"])


def _matches(change, row: dict[str, Any]) -> bool:
    match row["target"]:
        case "goal" | "new_goal":
            number = row["number"]
            own = change.place == f"Ziel {number}"
            measures = change.place.startswith(f"Maßnahme {number}.")
            return own or (row["target"] == "new_goal" and measures)
        case "measure":
            return change.place == f"Maßnahme {row['number']}"
        case "new_paragraph":
            return change.new == row["new"]
        case _:
            return change.old == row["old"]


def _replace(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"found {text.count(old)} times: {old[:60]}")
    return text.replace(old, new)


def _new_goal(text: str, row: dict[str, Any]) -> str:
    facts = row["facts"]
    lines = [
        f"#### Ziel {row['number']}: {row['new']}",
        "",
        f"- Begründung: {facts['reason']}",
        f"- Zielgruppen: {facts['target_groups']}",
        f"- Federführung: {facts['lead']}",
        f"- Offenheit: {facts['openness']}",
        *(f"- Maßnahme {found['number']}: {found['text']}" for found in row["measures"]),
    ]
    return _replace(text, row["after"], row["after"] + "\n\n" + "\n".join(lines))


_EDIT = {
    "paragraph": lambda text, row: _replace(text, row["old"], row["new"]),
    "measure": lambda text, row: _replace(text, row["old"], row["new"]),
    "goal": lambda text, row: _replace(
        text, f"Ziel {row['number']}: {row['old']}", f"Ziel {row['number']}: {row['new']}"
    ),
    "delete_paragraph": lambda text, row: _replace(text, row["old"] + "\n\n", ""),
    "new_paragraph": lambda text, row: _replace(
        text, row["after"], f"{row['after']}\n\n{row['new']}"
    ),
    "new_goal": _new_goal,
}


def _as_file(text: str) -> BytesIO:
    return BytesIO(text.encode())


def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text())
