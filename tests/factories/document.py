"""Working text and editions."""

import itertools
import uuid
from datetime import timedelta

from consult.project.setup import create_home
from drafts.concept.models import ConceptPage, Department, GoalPage, SectionPage
from drafts.editions.models import Edition
from drafts.editions.services import open_edition, release_edition
from tests.factories.people import make_staff

_number = itertools.count(1)


def make_department(name: str = "") -> Department:
    """An office of the city."""
    return Department.objects.create(name=name or f"Amt {next(_number)}", kind="office")


def make_concept(*, sections: int = 1, goals: int = 1) -> ConceptPage:
    """A concept whose pages are reviewed (published in Wagtail)."""
    home = create_home(claim="Gemeinsam", lede="Wir schreiben.")
    concept = home.add_child(
        instance=ConceptPage(title="Zusammen leben", slug=f"konzept-{next(_number)}")
    )
    for number in range(1, sections + 1):
        make_section(concept, str(number), goals=goals)
    return concept


def make_section(
    concept: ConceptPage, number: str, *, goals: int = 1, paragraphs: tuple[str, ...] = ()
) -> SectionPage:
    """A reviewed section with paragraphs and goals 1 … n, each with one measure."""
    texts = paragraphs or (f"Erster Absatz von {number}.", f"Zweiter Absatz von {number}.")
    section = concept.add_child(
        instance=SectionPage(
            title=f"Abschnitt {number}",
            slug=f"abschnitt-{number}",
            number=number,
            kind="field",
            lede=f"Worum es in Abschnitt {number} geht.",
            body=[
                {"id": str(uuid.uuid4()), "type": "paragraph", "value": f"<p>{text}</p>"}
                for text in texts
            ],
        )
    )
    for place in range(1, goals + 1):
        make_goal(section, f"{number}.{place}")
    return section


def make_edition(concept: ConceptPage, *, at, actor=None, title: str = "Entwurf") -> Edition:
    """The next edition of a concept, released whole."""
    actor = actor or make_staff()
    edition = open_edition(
        concept=concept, title=title, origin="Entwurf des Amtes", actor=actor, at=at
    )
    return release_edition(edition=edition, actor=actor, at=at + timedelta(minutes=1))


def make_goal(section: SectionPage, number: str) -> GoalPage:
    """A reviewed goal with one measure."""
    return section.add_child(
        instance=GoalPage(
            title=f"Ziel {number}",
            slug=f"ziel-{number.replace('.', '-')}",
            number=number,
            wording=f"Wortlaut von Ziel {number}.",
            measures=[
                {
                    "id": str(uuid.uuid4()),
                    "type": "measure",
                    "value": {
                        "number": f"{number}.a",
                        "title": f"Maßnahme zu {number}",
                        "description": "Was getan wird.",
                        "kind": "new",
                        "responsible": "",
                        "period": "2027",
                        "cost_status": "estimated",
                        "cost_one_off": None,
                        "cost_yearly": 12_000,
                        "also_serves": [],
                    },
                }
            ],
        )
    )
