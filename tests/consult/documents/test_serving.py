import pytest
from django.test import RequestFactory

from consult.documents.models import Document
from consult.documents.serving import serve_document


@pytest.fixture
def html() -> Document:
    return Document(
        format="html", language="de", content=b"<p>Hallo</p>", sha256="ab" * 32,
        media_type="text/html; charset=utf-8", file_name="konzept – größer.html",
    )  # fmt: skip


def test_file_has_its_hash_as_etag_and_is_never_guessed_at(html):
    response = serve_document(RequestFactory().get("/"), html)
    assert response.content == b"<p>Hallo</p>"
    assert response["ETag"] == f'"{html.sha256}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''konzept")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Language"] == "de"


def test_whoever_has_the_file_gets_no_second_one(html):
    request = RequestFactory().get("/", headers={"If-None-Match": f'W/"{html.sha256}"'})
    response = serve_document(request, html)
    assert (response.status_code, response.content) == (304, b"")


def test_other_formats_are_saved(html):
    html.format = "zip"
    response = serve_document(RequestFactory().get("/"), html, cache_control="private, no-store")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
