"""What editors and the coordination office do with the text."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Person


def import_word_file(editor: Person, file: Path) -> None:
    """Read a file in, look at what was understood, write the drafts."""
    editor.go("/admin/konzept-einlesen/")
    editor.page.locator("[name=file]").set_input_files(file)
    editor.press("Datei lesen")
    editor.reads("So wurde die Datei verstanden")
    editor.press("Als Entwürfe schreiben")


def publish_all_pages(coordination: Person, title: str) -> None:
    """Let the second person publish a concept with all its pages from the page list."""
    coordination.go("/admin/pages/")
    page = coordination.page
    page.get_by_role("row").filter(has_text=title).get_by_role("checkbox").check()
    with page.expect_navigation():
        page.get_by_role("link", name="Veröffentlichen").click()
    page.get_by_role("main").get_by_role("checkbox").check()
    coordination.press("Ja")


def release_first_edition(coordination: Person, title: str) -> None:
    """Open an edition and freeze all of it."""
    coordination.go("/admin/fassungen/")
    coordination.fill(title=title, origin="Entwurf des Amtes")
    coordination.press("Fassung anlegen")
    coordination.press("Alle übrigen freigeben")
    coordination.reads("Fassung 1 ist vollständig freigegeben.")
    expect(coordination.page.get_by_text("Prüfsumme").first).to_be_visible()
