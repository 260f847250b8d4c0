"""What the coordination office and a department make of what people wrote."""

import time

from tests.journeys.people import Person

WORKER_WITHIN = 90.0  # seconds


def wait_for_proposals(coordination: Person, ref: str) -> None:
    """Wait until the worker has evaluated the round."""
    _wait_for(coordination, f"/admin/themen-werkstatt/{ref}/", "Letzte Auswertung")


def confirm_theme(coordination: Person, ref: str, words: str, *, title: str, concern: str) -> None:
    """Confirm the proposal that begins with these words, under another name."""
    coordination.go(f"/admin/themen-werkstatt/{ref}/?liste=einzelstimmen")
    coordination.follow(words)
    coordination.fill(title=title, concern=concern)
    coordination.press("Thema bestätigen")
    coordination.reads(f"„{title}“ bestätigt.")


def move_into_theme(coordination: Person, ref: str, title: str, *contributions: str) -> None:
    """Put contributions without a theme into one."""
    coordination.go(f"/admin/themen-werkstatt/{ref}/ohne-thema/")
    for contribution in contributions:
        coordination.pick(f"Beitrag {contribution} auswählen")
    coordination.choose(target=title)
    coordination.press("Verschieben")


def confirm_single_voices(coordination: Person, ref: str) -> None:
    """Confirm all other proposals of single voices."""
    coordination.go(f"/admin/themen-werkstatt/{ref}/?liste=einzelstimmen")
    coordination.press("Alle übrigen Einzelstimmen bestätigen")


def release_summary(coordination: Person, ref: str, title: str) -> None:
    """Wait for the worker's summary of a theme, release it by name."""
    coordination.go(f"/admin/themen-werkstatt/{ref}/?liste=bestaetigt")
    coordination.follow(title)
    _wait_for(coordination, coordination.page.url, "Prüfen Sie jeden Satz an seinen Belegen.")
    coordination.press("Zusammenfassung freigeben")
    coordination.reads("Zusammenfassung freigegeben.")


def request_answers(coordination: Person, ref: str, *, department: str) -> None:
    """Ask a department to answer all themes that nobody answers yet."""
    coordination.go(f"/admin/antworten/runde/{ref}/")
    coordination.choose(scope="alle passenden dieser Liste", department=department)
    coordination.press("Antwort anfordern")
    coordination.reads("angefordert.")


def answer(department: Person, theme: str, *, outcome: str, reason: str) -> None:
    """Draft the answer to a theme and sign it."""
    department.go("/admin/antworten/meine/")
    department.follow(theme)
    department.pick(outcome)
    department.fill(reason=reason)
    department.press("Entwurf speichern")
    department.press("Antwort zeichnen")
    department.reads("Gezeichnet.")


def publish_answers(coordination: Person, ref: str) -> None:
    """Publish all signed answers and declare the round answered."""
    coordination.go(f"/admin/antworten/runde/{ref}/")
    coordination.choose(scope="alle passenden dieser Liste")
    coordination.press("Gezeichnete veröffentlichen")
    coordination.go(f"/admin/themen-werkstatt/{ref}/")
    coordination.press("Auswertung abschließen")
    coordination.reads(f"Runde {ref} ist beantwortet.")


def change_goal(editor: Person, *, concept: str, section: str, goal: str, wording: str) -> str:
    """Change the wording of a goal and hand it to the second person; return the page's address."""
    editor.go("/admin/pages/")
    for parent in (concept, section):
        editor.follow(f"Unterseiten von ‚{parent}")
    editor.follow(goal)
    address = editor.page.url
    editor.fill(wording=wording)
    _choose_in_menu(editor, "[name=action-submit]")
    return address


def approve(coordination: Person, page: str) -> None:
    """Approve the change as the second person."""
    coordination.go(page)
    _choose_in_menu(coordination, "[data-workflow-action-name=approve]")


def _choose_in_menu(person: Person, button: str) -> None:
    footer = person.page.locator("footer")
    footer.locator("[data-w-dropdown-target=toggle]").click()
    with person.page.expect_navigation():
        footer.locator(button).first.click()


def prepare_revision(coordination: Person) -> None:
    """Compare the reviewed text with the newest edition, as an answer to its round."""
    coordination.go("/admin/ueberarbeitung/")
    coordination.press("Vergleichen")


def give_cause(coordination: Person, place: str, *, theme: str, note: str) -> None:
    """Name a published answer as the cause of a change."""
    change = coordination.page.get_by_role("listitem").filter(has_text=place).first
    change.locator("summary").click()
    coordination.pick("Eine veröffentlichte Antwort", inside=change)
    coordination.choose(response=theme)
    coordination.fill(note=note)
    coordination.press("Grund speichern", inside=change)
    coordination.reads(f"Der Grund zu „{place}“ ist gespeichert.")


def release_next_edition(coordination: Person) -> None:
    """Freeze the revised text."""
    coordination.press("Nächste Fassung freigeben")
    coordination.reads("Fassung 2 ist freigegeben.")


def _wait_for(person: Person, address: str, sentence: str) -> None:
    end = time.monotonic() + WORKER_WITHIN
    while time.monotonic() < end:
        person.go(address)
        if person.page.get_by_text(sentence).count():
            return
        time.sleep(0.5)
    raise AssertionError(f"{sentence!r} did not appear in {WORKER_WITHIN:.0f} s")
