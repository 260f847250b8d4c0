"""Reading a frozen edition, with what people say about it beside the text."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.contributions.selectors import talk_in
from consult.council.selectors import with_papers
from consult.evaluation.selectors import goal_results
from consult.following.states import Topic
from drafts.concept.snapshots import Data
from drafts.concept.states import Openness, SectionKind
from drafts.editions.models import Edition
from drafts.editions.selectors import contents as outline_of
from drafts.editions.selectors import (
    current_edition,
    goal_at,
    goal_history,
    pictures_of,
    readable_editions,
    section_data,
    section_with_versions,
)
from drafts.editions.services import goal_slug
from site_content.pages.frame import deadline
from site_content.pages.languages import as_german
from site_content.pages.presenters import concept_text as text
from site_content.pages.presenters.comment_form import (
    form_in_section,
    pre_moderation_note,
)
from site_content.pages.presenters.discussion import (
    Participation,
    goal_votes,
    participation,
    round_note,
)
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.following import follow_button
from site_content.pages.presenters.goal_results import results_of_goal
from site_content.pages.presenters.motions import Motions
from site_content.pages.presenters.section_talk import (
    blocks_with_talk,
    contributions_counted,
    talk_of_section,
)
from site_content.pages.presenters.suggestions import Suggestions
from site_content.pages.presenters.versions import versions_note, versions_on_page


def current(request: HttpRequest) -> HttpResponse:
    """Lead to the edition that is read now, or say that there is none yet."""
    edition = current_edition()
    if edition is None:
        return render(request, "editions/none.html")
    return redirect("edition", edition.number)


def contents(request: HttpRequest, number: int) -> HttpResponse:
    """The contents list of an edition: what it is, whose draft, what can still be changed."""
    edition = edition_or_404(number)
    taking_part = participation(edition, request.user, timezone.now())
    language = get_language()
    data = {section["wid"]: section for section in section_data(edition, language)}
    outline = outline_of(edition, language)
    sections = [
        _contents_entry(edition, entry, data[entry["wid"]], taking_part) for entry in outline
    ]
    return render(
        request,
        "editions/contents.html",
        {
            "edition": text.edition_facts(edition),
            "sections": sections,
            "goals": sum(section["goals"] for section in sections),
            "minutes": sum(section["minutes"] for section in sections),
            "version_note": versions_note(outline),
            "newer": _newer(taking_part),
            "follow": follow_button(request, Topic.CONCEPT, str(edition.concept_id)),
        },
    )


def whole(request: HttpRequest, number: int) -> HttpResponse:
    """Everything on one page, for printing."""
    edition = edition_or_404(number)
    language = get_language()
    outline = outline_of(edition, language)
    data = section_data(edition, language)
    slugs = {entry["wid"]: entry["slug"] for entry in outline}
    pictures = pictures_of(data)
    return render(
        request,
        "editions/whole.html",
        {
            "edition": text.edition_facts(edition),
            "sections": [_printed(section, slugs[section["wid"]], pictures) for section in data],
            "addresses": text.addresses(edition, outline, data),
            "version_note": versions_note(outline),
        },
    )


def section(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """One section with its goals and what people say about it."""
    edition = edition_or_404(number)
    outline = outline_of(edition, get_language())
    entry = next((entry for entry in outline if entry["slug"] == slug), None)
    if entry is None:
        raise Http404
    data, versions = section_with_versions(edition, entry["wid"], get_language())
    taking_part = participation(edition, request.user, timezone.now())
    return render(
        request,
        "contributions/section.html",
        {
            "here": request.path,
            **versions_on_page(edition, versions, request.path),
            **_section_text(edition, outline, entry, data, taking_part),
            **_section_talk(request, entry, data, taking_part),
            **_own_deadline(taking_part),
            "follow": follow_button(request, Topic.SECTION, entry["wid"]),
        },
    )


def goal(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """One goal: wording, reason, measures with money; results once the round is over."""
    edition = edition_or_404(number)
    found = goal_at(edition, slug)
    if found is None:
        raise Http404
    language = get_language()
    home, versions = section_with_versions(edition, found.section.wid, language)
    data = next(goal for goal in home["goals"] if goal["wid"] == found.wid)
    taking_part = participation(edition, request.user, timezone.now())
    return render(
        request,
        "contributions/goal.html",
        {
            "here": request.path,
            "edition": text.edition_facts(edition),
            "section_name": text.section_name({**home, "title": home["text"]["title"]}),
            "section_url": text.section_url(edition, found.section.slug),
            "goal": {**data, "costs": text.cost_sentence(data["measures"])},
            "measures": text.measure_rows(data["measures"]),
            "sums": text.measure_sums(data["measures"]),
            "history": _history(edition, found.wid),
            "section_text": home["text"],
            **versions_on_page(edition, versions, request.path),
            **_goal_talk(found, data, taking_part),
            "follow": follow_button(request, Topic.GOAL, found.wid),
        },
    )


def edition_or_404(number: int) -> Edition:
    """The readable edition with this number, marked with `has_papers`."""
    edition = with_papers(readable_editions()).filter(number=number).first()
    if edition is None:
        raise Http404
    return edition


def _contents_entry(edition: Edition, entry: Data, data: Data, taking_part: Participation) -> Data:
    return {
        "url": text.section_url(edition, entry["slug"]),
        "name": text.section_name(entry),
        "lede": entry["lede"],
        "german": entry.get("german", []),
        "openness": entry["openness"],
        "kind": SectionKind(entry["kind"]).label,
        "goals": len(data["goals"]),
        "minutes": text.reading_minutes(data),
        "released_since": text.released_since(entry["released_at"], taking_part.round_),
    }


def _printed(section: Data, slug: str, pictures: dict[str, str]) -> Data:
    words = section["text"]
    return {
        **section,
        "text": {**words, "blocks": text.figures_of_blocks(words["blocks"], pictures)},
        "name": text.section_name({**section, "title": words["title"]}),
        "anchor": slug,
        "prefix": f"{slug}-",
        "goals": [_printed_goal(goal) for goal in section["goals"]],
    }


def _printed_goal(goal: Data) -> Data:
    return {
        **goal,
        "slug": goal_slug(goal["number"]),
        "costs": text.cost_sentence(goal["measures"]),
        "rows": text.measure_rows(goal["measures"]),
        "sums": text.measure_sums(goal["measures"]),
    }


def _section_text(
    edition: Edition, outline: list[Data], entry: Data, data: Data, taking_part: Participation
) -> Data:
    return {
        "edition": text.edition_facts(edition),
        "name": text.section_name(entry),
        "outline": text.outline_entries(edition, outline, entry["wid"], _parts(data)),
        "addresses": text.addresses(edition, outline, [data]),
        "minutes": text.reading_minutes(data),
        "openness_sentence": text.openness_sentence(edition, data, is_over=taking_part.is_counted),
        "released_since": text.released_since(entry["released_at"], taking_part.round_),
        "print_anchor": entry["slug"],
        **text.neighbours(edition, outline, entry["wid"]),
    }


def _parts(data: Data) -> list[Data]:
    headings = [
        {**block, "url": f"#b{at}", "name": text.plain_heading(block)}
        for at, block in enumerate(data["text"]["blocks"], start=1)
        if block["kind"] == "heading"
    ]
    goals = [{"url": "#ziele", "name": _("Ziele")}] if data["goals"] else []
    return [*headings, *goals, {"url": "#diskussion", "name": _("Diskussion")}]


def _section_talk(
    request: HttpRequest, entry: Data, data: Data, taking_part: Participation
) -> dict[str, Any]:
    edition, slug = taking_part.edition, entry["slug"]
    talk, suggestions = talk_in(edition, data["wid"]), Suggestions(taking_part, data["wid"])
    blocks = text.figures_of_blocks(data["text"]["blocks"], pictures_of([data]))
    blocks = blocks_with_talk(blocks, talk, taking_part, slug)
    blocks = suggestions.beside_blocks(blocks, data["openness"], slug)
    motions = Motions(edition, data["wid"], request.user)
    blocks = motions.beside_blocks(blocks)
    goals = [{**goal, "slug": goal_slug(goal["number"])} for goal in data["goals"]]
    votes = goal_votes(goals, taking_part)
    goals = [
        {
            **goal,
            **suggestions.beside_goal(goal, slug),
            **motions.beside_goal(goal),
            "url": text.goal_url(edition, goal),
            "costs": text.cost_sentence(goal["measures"]),
            "vote": votes.get(goal["wid"]),
            **_goal_links(goal["wid"], slug, talk.by_target[goal["wid"]], taking_part),
        }
        for goal in goals
    ]
    round_ = taking_part.round_
    return {
        "section": {**data, "text": {**data["text"], "blocks": blocks}, "goals": goals},
        **motions.beside(data["wid"], _("Abschnitt")),
        "state_note": round_note(taking_part),
        "read_first": pre_moderation_note(taking_part, data["wid"]),
        "newer": _newer(taking_part),
        "results_url": reverse("round_themes", args=[round_.ref]) if taking_part.is_counted else "",
        "talk": talk_of_section(request, data, taking_part, talk, slug) if round_ else None,
        "write_url": taking_part.comment_url(slug) if taking_part.is_open else "",
        **form_in_section(data, taking_part, slug),
    }


def _own_deadline(taking_part: Participation) -> dict[str, Any]:
    """The line under the masthead for the round that is here already; else the frame finds it."""
    if not taking_part.is_open:
        return {}
    return {"deadline": deadline(taking_part.round_, taking_part.at)}


def _newer(taking_part: Participation) -> Data | None:
    # While people take part in an edition, there is no later one.
    if taking_part.is_open:
        return None
    return text.newer_edition(taking_part.edition, current_edition())


def _goal_links(wid: str, slug: str, number: int, taking_part: Participation) -> Data:
    here = text.section_url(taking_part.edition, slug)
    return {
        "write_url": taking_part.comment_url(slug, stelle=wid) if taking_part.is_open else "",
        "talk": contributions_counted(number) if number else "",
        "talk_url": f"{here}?stelle={wid}#diskussion",
    }


def _goal_talk(found, data: Data, taking_part: Participation) -> dict[str, Any]:
    talk = talk_in(taking_part.edition, found.section.wid)
    goal = {**data, "slug": found.slug}
    suggestions = Suggestions(taking_part, found.section.wid)
    votes = {} if taking_part.is_counted else goal_votes([goal], taking_part)
    return {
        "vote": votes.get(found.wid),
        "newer": _newer(taking_part),
        "results": _results(found, taking_part),
        **_goal_links(found.wid, found.section.slug, talk.by_target[found.wid], taking_part),
        **suggestions.beside_goal(goal, found.section.slug),
        **Motions(taking_part.edition, found.section.wid, taking_part.user).beside_goal(goal),
    }


def _results(found, taking_part: Participation) -> Data | None:
    if not taking_part.is_counted or found.openness != Openness.OPEN:
        return None
    return results_of_goal(goal_results(taking_part.round_).get(found.pk, {}))


def _history(edition: Edition, wid: str) -> list[Data]:
    steps, former = [], None
    for step in goal_history(wid):
        of = step["edition"]
        steps.append(
            {
                "name": format_html("{}: {}", text.edition_name(of), as_german(of.title)),
                "day": day(of.created_at),
                "wording": step["wording"],
                "same": step["wording"] == former,
                "current": of.pk == edition.pk,
                "url": reverse("goal", args=[of.number, goal_slug(step["number"])]),
                "changes_url": reverse("changes", args=[of.number]) if of.based_on_id else "",
            }
        )
        former = step["wording"]
    return steps
