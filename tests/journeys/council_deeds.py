"""What the coordination office and the council office do with a paper."""

from datetime import date

from tests.journeys.people import Person


def name_body(council_office: Person, name: str) -> None:
    """Add a body of the council to the list."""
    council_office.go("/admin/snippets/council/body/add/")
    council_office.fill(name=name)
    council_office.press("Speichern")


def prepare_paper(coordination: Person, *, edition: str, reference: str) -> str:
    """Write a paper; return its address at the desk."""
    coordination.go("/admin/vorlagen/")
    coordination.follow("Vorlage anlegen")
    coordination.choose(edition=edition)
    coordination.fill(
        reference=reference,
        title="Beschluss des Integrationskonzepts",
        originator="Magistrat",
        summary="Das Konzept wird nach einer Runde mit den Menschen der Stadt beschlossen.",
        finance="Die Maßnahmen kosten jährlich 192.000 Euro.",
    )
    coordination.press("Vorlage anlegen")
    address = coordination.page.url
    coordination.follow("Alternative hinzufügen")
    coordination.fill(text="Nichts tun.", follows="Dann gilt weiter, was bisher gilt.")
    coordination.press("Speichern")
    return address


def add_item(coordination: Person, text: str, *, effect: str) -> None:
    """Add a numbered item to the paper on the page."""
    form = _unfold(coordination, "Beschlusspunkt hinzufügen")
    coordination.choose(effect=effect)
    coordination.fill(text=text)
    coordination.press("Punkt hinzufügen", inside=form)


def add_step(coordination: Person, body: str, *, role: str, meeting: date) -> None:
    """Put the body that decides at the end of the route of the paper on the page."""
    form = _unfold(coordination, "Gremium hinzufügen")
    coordination.choose(body=body, role=role)
    coordination.fill(meeting_on=meeting.isoformat())
    coordination.pick("Hier wird entschieden", inside=form)
    coordination.press("Gremium ans Ende setzen", inside=form)


def submit(coordination: Person) -> None:
    """Lay the paper on the page before the council."""
    coordination.press("Vorlage dem Rat vorlegen")
    coordination.reads("Die Vorlage liegt dem Rat vor und ist öffentlich.")


def hold_meeting(council_office: Person, paper: str, *, result: str) -> None:
    """Say that the first body which has not met yet has met and voted."""
    council_office.go(paper)
    council_office.follow("Sitzung eintragen")
    council_office.pick("abgestimmt")
    council_office.fill(result=result)
    council_office.press("Als beraten eintragen")


def record(council_office: Person, item: int, *, outcome: str, number: str, votes: str) -> None:
    """Record what the body that met last did with an item of the paper on the page."""
    council_office.follow(f"Ergebnis zu Punkt {item} eintragen")
    council_office.pick(outcome)
    council_office.fill(resolution_number=number, votes=votes)
    council_office.press("Ergebnis eintragen")
    council_office.reads("Eingetragen, vorläufig.")


def confirm(second_person: Person, paper: str) -> None:
    """Confirm the next record after the minutes."""
    second_person.go(paper)
    second_person.page.get_by_role("button", name="Nach Niederschrift bestätigen").first.click()
    second_person.reads("Bestätigt. Das Ergebnis ist jetzt endgültig.")


def _unfold(person: Person, summary: str):
    fold = person.page.locator("details").filter(has_text=summary)
    fold.locator("summary").click()
    return fold
