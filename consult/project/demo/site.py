"""The pages of the demo city: start page, information, the concept as a file."""

import json
from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import Page

from consult.project.demo.people import CONTENT
from consult.project.pages import create_info_pages, other_locales, paragraphs
from consult.project.setup import set_up_site
from drafts.concept.importing import read_concept
from drafts.concept.models import ConceptPage
from drafts.concept.services import import_concept
from site_content.pages.models import (
    AccessibilityGap,
    AccessibilityStatement,
    City,
    HomePage,
    NewsPage,
    SignLanguagePage,
)

CLAIM = "Wie wollen wir in Lindenau zusammenleben? Wir schreiben es auf. Schreiben Sie mit."
LEDE = (
    "Das Integrationskonzept legt fest, was die Stadt in den nächsten Jahren für Sprache, Bildung, "
    "Arbeit, Wohnen und Nachbarschaft tut. Alle, die hier leben, können den Entwurf lesen, "
    "kommentieren und ändern helfen."
)
OFFLINE = (
    "<p>Der Entwurf liegt in allen Stadtteilbüchereien aus. Am Telefon schreiben wir für Sie mit: "
    "06000 12 34 56, montags bis freitags von 9 bis 16 Uhr.</p>"
)


def create_site() -> HomePage:
    """Create start page and information pages in all languages."""
    home = set_up_site(
        city="Stadt Lindenau am Main",
        office="Koordinierungsstelle Integration der Stadt Lindenau am Main",
        email="beteiligung@lindenau.example",
        claim=CLAIM,
        lede=LEDE,
        start=CONTENT / "start.json",
    )
    City.objects.update(
        phone="06000 12 34 56",
        editor_in_charge="Miriam Öztürk, Leitung der Koordinierungsstelle Integration",
    )
    home.offline = OFFLINE
    home.save_revision().publish()
    create_info_pages(home, CONTENT / "seiten.json")
    _declare_accessibility(home)
    return home


def _declare_accessibility(home: HomePage) -> None:
    said = json.loads((CONTENT / "barrierefreiheit.json").read_text())
    statement = AccessibilityStatement.for_site(home.get_site())
    for name, value in said["statement"].items():
        setattr(statement, name, value)
    statement.assessed_on = statement.reviewed_on = timezone.localdate() - timedelta(days=100)
    statement.gaps = [AccessibilityGap(**gap) for gap in said["gaps"]]
    statement.save()
    signs = said["sign_language"]
    page = SignLanguagePage(
        title=signs["title"],
        slug=signs["slug"],
        lede=signs["lede"],
        transcript=paragraphs(signs["transcript"]),
        live=False,
    )
    home.add_child(instance=page).save_revision().publish()


def create_news(home: HomePage, when: dict[str, datetime]) -> None:
    """Tell what has happened, in all languages in which somebody has written it."""
    for data in json.loads((CONTENT / "neuigkeiten.json").read_text()):
        page = home.add_child(
            instance=NewsPage(
                title=data["title"],
                slug=data["slug"],
                day=timezone.localdate(when[data["moment"]]),
                lede=data["lede"],
                body=paragraphs(data["paragraphs"]),
                live=False,
            )
        )
        page.save_revision().publish()
        for locale in other_locales():
            if words := data.get(locale.language_code):
                translated = page.copy_for_translation(locale)
                translated.title, translated.lede = words["title"], words["lede"]
                translated.body = paragraphs(words["paragraphs"])
                translated.save_revision().publish()


def create_concept(home: Page, *, editor, reviewer) -> ConceptPage:
    """Import the concept's file and let a second person publish every page of it."""
    parsed = read_concept(CONTENT / "konzept.md")
    concept = import_concept(parsed=parsed, parent=home, actor=editor)
    publish_reviewed(concept, reviewer)
    return concept


def publish_reviewed(concept: ConceptPage, reviewer) -> None:
    """Publish the latest revision of every page that has unpublished changes (= reviewed)."""
    pages = Page.objects.descendant_of(concept, inclusive=True).filter(has_unpublished_changes=True)
    unpublished = pages | Page.objects.descendant_of(concept, inclusive=True).filter(live=False)
    for page in unpublished.order_by("path"):
        page.specific.get_latest_revision().publish(user=reviewer)
