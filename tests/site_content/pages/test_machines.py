import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consult.council.services.route import schedule_step
from consult.participants.states import Role
from site_content.pages.models import HomePage, InfoPage
from tests.factories import make_concept, make_edition, make_round, make_staff
from tests.factories.council import make_paper, make_submitted
from tests.factories.synopsis import make_synopsis

pytestmark = pytest.mark.django_db


def addresses() -> list[str]:
    page = Client(headers={"host": "beteiligung.example"}).get("/sitemap.xml")
    assert page.status_code == 200
    return re.findall(r"<loc>http://beteiligung\.example(.*?)</loc>", page.content.decode())


@pytest.fixture(autouse=True)
def any_host(settings):
    settings.ALLOWED_HOSTS = ["*"]


def test_robots_are_kept_from_forms_and_receipts_and_told_the_sitemap():
    page = Client().get("/robots.txt")
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/plain")
    assert "Disallow: /*/beleg/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_the_sitemap_of_an_empty_site_names_the_overviews_in_every_language(before_setup):
    found = addresses()
    assert {"/de/", "/en/", "/de/themen/", "/en/rat/"} <= set(found)


def test_the_sitemap_names_frozen_text_and_information_but_no_working_page(now):
    home = HomePage.objects.get()
    info = home.add_child(instance=InfoPage(title="Hilfe", slug="hilfe", body="<p>So.</p>"))
    concept = make_concept()
    edition = make_edition(concept, at=now)
    found = addresses()
    section = edition.sections.first()
    goal = edition.goals.first()
    assert reverse("section", args=[edition.number, section.slug]) in found
    assert reverse("goal", args=[edition.number, goal.slug]) in found
    assert f"/de/{info.slug}/" in found
    assert f"/de/{concept.slug}/" not in found


def test_the_sitemap_names_papers_public_meetings_and_files_and_nothing_of_drafts(now):
    edition = make_edition(make_concept(), at=now)
    actor = make_staff(Role.COUNCIL_OFFICE)
    papers = [make_paper(edition), make_paper(edition)]
    meetings = []
    for number, paper in enumerate(papers):
        step = paper.route.get(authoritative=True)
        day = now.date() + timedelta(days=number)
        meetings.append(
            schedule_step(step=step, meeting_on=day, agenda_item="1", actor=actor).meeting
        )
    make_submitted(papers[0], at=now)
    found = addresses()
    assert reverse("paper", args=[papers[0].pk]) in found
    assert reverse("meeting", args=[meetings[0].pk]) in found
    assert reverse("paper", args=[papers[1].pk]) not in found
    assert reverse("meeting", args=[meetings[1].pk]) not in found
    assert reverse("edition_documents", args=[edition.number]) in found
    assert reverse("dates") in found


def test_the_sitemap_names_a_synopsis_once_something_is_answered(now):
    synopsis = make_synopsis(at=now)
    running = make_round(at=now)
    found = addresses()
    assert reverse("synopsis", args=[synopsis.round.ref]) in found
    assert reverse("synopsis", args=[running.ref]) not in found


def test_browsers_find_an_icon_where_they_look_first():
    assert Client().get("/favicon.ico").url.endswith("img/mark.png")


def test_the_foot_leads_to_information_pages_that_exist_and_to_what_the_law_asks_for():
    home = HomePage.objects.get()
    for slug, live in (("hilfe", True), ("impressum", False)):
        home.add_child(instance=InfoPage(title=slug, slug=slug, body="<p>So.</p>", live=live))
    foot = Client().get("/de/").content.decode().partition('<footer class="foot">')[2]
    assert re.findall(r'href="(/de/.*?)"', foot) == [
        "/de/hilfe/",
        reverse("accessibility"),
        reverse("report_barrier"),
    ]
