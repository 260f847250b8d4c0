"""Files for download: found, checked, named, and clear words where there is none."""

import pytest
from django.test import Client

from consult.documents.models import Document
from consult.documents.services.editions import TEXT
from consult.documents.services.making import made_now
from consult.documents.states import DocumentStatus
from drafts.editions.services import open_edition, put_in_force
from tests.factories.document import make_concept, make_edition
from tests.factories.people import make_staff
from workers.jobs.documents import make_documents

pytestmark = pytest.mark.django_db
PAGE = "/de/konzept/fassung-1/dokumente/"


@pytest.fixture
def edition(now):
    return make_edition(make_concept(), at=now)


def test_page_asks_for_files_and_shows_size_and_sum_when_they_are_made(client, edition):
    first = client.get(PAGE).content.decode()
    assert "wird gerade erstellt" in first
    make_documents()
    page = Client().get(f"{PAGE}?neu").content.decode()
    assert "wird gerade erstellt" not in page
    for row in Document.objects.all():
        assert row.sha256 in page
    assert "PDF, barrierefrei, " in page
    assert 'href="/de/konzept/fassung-1/dokumente/konzept.pdf"' in page
    assert f"{PAGE}archiv.zip" in page


def test_file_is_served_with_its_sum_and_a_sensible_name(client, edition, now):
    row = made_now(TEXT, str(edition.pk), "de", "pdf", at=now)
    response = client.get(f"{PAGE}konzept.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["ETag"] == f'"{row.sha256}"'
    assert response["Content-Disposition"] == 'inline; filename="konzept-de.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response
    again = client.get(f"{PAGE}konzept.pdf", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_html_page_may_load_nothing(client, edition, now):
    made_now(TEXT, str(edition.pk), "de", "html", at=now)
    response = client.get(f"{PAGE}konzept.html")
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert f'{PAGE}">' in response.content.decode()
    assert 'rel="canonical"' in response.content.decode()


def test_file_that_is_not_made_yet_says_when(client, edition):
    response = client.get(f"{PAGE}konzept.docx")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "wird gerade erstellt" in response.content.decode()
    make_documents()
    assert client.get(f"{PAGE}konzept.docx").status_code == 200


def test_failed_file_says_what_to_do(client, edition):
    client.get(f"{PAGE}konzept.docx")
    Document.objects.update(status=DocumentStatus.FAILED)
    response = client.get(f"{PAGE}konzept.docx")
    assert response.status_code == 503
    assert "konnte nicht erstellt werden" in response.content.decode()


@pytest.mark.parametrize(
    "address", [f"{PAGE}konzept.exe", f"{PAGE}geheim.pdf", "/tr/konzept/fassung-1/dokumente/konzept.pdf",
                f"{PAGE}beteiligungsbericht.pdf"],
)  # fmt: skip
def test_unknown_file_leads_to_the_list(client, edition, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "konzept/fassung-1/dokumente/" in response.content.decode()


def test_address_of_the_edition_in_force_never_changes(client, edition, now):
    for format_ in ("pdf", "docx", "html", "md", "zip"):
        response = client.get(f"/de/konzept/aktuell.{format_}")
        assert response.status_code == 404
        assert "Noch ist kein Konzept in Kraft" in response.content.decode()
        assert PAGE in response.content.decode()
    put_in_force(edition=edition, actor=make_staff(), on=now.date())
    response = Client().get("/de/konzept/aktuell.pdf?neu")
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}konzept.pdf"
    assert response["Link"].endswith('konzept.pdf>; rel="canonical"')
    assert Client().get("/de/konzept/aktuell.zip?neu")["Location"] == f"{PAGE}archiv.zip"


def test_edition_that_is_still_released_has_no_files_yet(client, now):
    open_edition(concept=make_concept(), title="E", origin="O", actor=make_staff(), at=now)
    assert client.get(PAGE).status_code == 404


def test_lists_lead_to_the_files(client, edition):
    assert PAGE in client.get("/de/fassungen/").content.decode()
    assert PAGE in client.get("/de/konzept/fassung-1/").content.decode()


def test_page_of_files_asks_the_database_little(client, edition, django_assert_max_num_queries):
    make_documents()
    with django_assert_max_num_queries(30):
        client.get(PAGE)
