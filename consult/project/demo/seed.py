"""Building the demo city: every step is printed with its time."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from consult.project.demo.answers import answer, evaluate, revise
from consult.project.demo.council import papers
from consult.project.demo.debate import debate
from consult.project.demo.following import follow_things
from consult.project.demo.heard import object_and_settle, report_barriers
from consult.project.demo.invitees import ask_by_name
from consult.project.demo.paper import on_paper
from consult.project.demo.people import create_logins, create_residents
from consult.project.demo.site import create_concept, create_news, create_site
from consult.project.demo.story import Told, first_round, moments, second_round
from consult.project.demo.versions import translate_first_draft, translate_second_draft
from consult.project.demo.wordings import decide_wordings
from drafts.editions.services import open_edition, release_edition


def build_city(now: datetime, say: Callable[[str], None]) -> None:
    """Create the whole demo city in an empty, migrated database.

    `say` gets one line a step. The caller marks the database as complete afterwards.
    """
    when = moments(now)

    def step(name: str, deed: Callable[[], Any]) -> Any:
        start = time.monotonic()
        result = deed()
        say(f"  {name}: {time.monotonic() - start:.1f} s")
        return result

    home = step("site and pages", create_site)
    people = step("logins", lambda: create_logins(when["released"]))
    told = Told(
        people=people, residents=step("residents", lambda: create_residents(when["released"]))
    )
    concept = step(
        "concept from its file",
        lambda: create_concept(home, editor=people["redaktion"], reviewer=people["koordination"]),
    )
    first = step("edition 1", lambda: _release(concept, people, when["released"]))
    step(
        "language versions",
        lambda: translate_first_draft(first, concept, people, when["translated"]),
    )
    round_ = step("round 1", lambda: first_round(first, told, when))
    themes = step("themes", lambda: evaluate(round_, told, when["confirmed"]))
    step("asked by name", lambda: ask_by_name(round_, told, "first"))
    step("objections", lambda: object_and_settle(told, themes, when))
    step("answers", lambda: answer(round_, told, themes, when))
    step("suggestions", lambda: decide_wordings(told, round_, when["answered"]))
    second = step(
        "edition 2", lambda: revise(first, round_, told, themes, concept, when["revised"])
    )
    step(
        "language versions of edition 2",
        lambda: translate_second_draft(second, concept, people, when["translated_again"]),
    )
    later = step("round 2", lambda: second_round(second, told, when, now))
    step("on paper", lambda: on_paper(later, told, now))
    step("asked by name again", lambda: ask_by_name(later, told, "second"))
    step("barriers", lambda: report_barriers(people["koordination"], now))
    step("news", lambda: create_news(home, when))
    step("council", lambda: papers(first, second, told, when))
    step("debate", lambda: debate(people, now))
    step("following", lambda: follow_things(second, people, themes, when))


def _release(concept, people, at: datetime):
    edition = open_edition(
        concept=concept,
        title="Zusammen in Lindenau",
        origin="Diskussionsentwurf der Koordinierungsstelle Integration",
        actor=people["koordination"],
        at=at,
    )
    return release_edition(edition=edition, actor=people["koordination"], at=at)
