"""What authors and readers see of an answer that stands in several languages."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consult.evaluation.models import Response
from consult.evaluation.services.answer_texts import write_answer_text
from consult.participants.services import send_due_notices
from tests.consult.records.chain import Chain

pytestmark = pytest.mark.django_db

ARABIC = "نحتاج إلى دورات لغة في عطلة نهاية الأسبوع لأنني أعمل طوال الأسبوع."
ANSWER = "ستكون هناك أربع دورات يوم السبت."
GERMAN = "Das ist so."


@pytest.fixture(autouse=True)
def german_afterwards():
    """A request leaves its language behind in the thread."""
    with translation.override("de"):
        yield


@pytest.fixture
def chain():
    """An Arabic contribution, answered in German and Arabic."""
    found = Chain(at=timezone.now())
    found.receipt = found.hand_in(found.author, ARABIC)
    found.contribution = found.receipt.contribution
    theme = found.close()
    response = found.answer(theme)
    write_answer_text(
        response=response, language="ar", reason=ANSWER, actor=found.coordination, at=found.at
    )
    return found


def _read(language: str, name: str, *args) -> str:
    with translation.override(language):
        url = reverse(name, args=args)
    response = Client().get(url)
    assert response.status_code == 200
    return response.content.decode()


def _said(language: str, words: str) -> str:
    """The sentence as a page in this language says it."""
    with translation.override(language):
        return translation.gettext(words)


def _pages(chain: Chain, language: str) -> list[str]:
    ref = chain.round.ref
    return [
        _read(language, "contribution", chain.contribution.ref),
        _read(language, "theme", ref, 1),
        _read(language, "round_themes", ref),
    ]


def test_readers_of_arabic_read_the_arabic_answer_and_the_binding_one_beside_it(chain):
    for page in _pages(chain, "ar"):
        assert f'<p class="exact" lang="ar" dir="rtl">{ANSWER}</p>' in page
        assert f'<p class="exact mt" lang="de" dir="ltr">{GERMAN}</p>' in page
        assert _said("ar", "Verbindlich ist die deutsche Antwort.") in page


@pytest.mark.parametrize("language", ["de", "tr"])
def test_others_read_the_german_answer(chain, language):
    for page in _pages(chain, language):
        assert f'<p class="exact" lang="de" dir="ltr">{GERMAN}</p>' in page
        assert ANSWER not in page


def test_the_receipt_shows_its_holder_the_language_they_wrote_in(chain):
    page = _read("de", "receipt", chain.receipt.key)
    assert f'<p class="exact" lang="ar" dir="rtl">{ANSWER}</p>' in page
    assert GERMAN in page


def test_a_version_of_an_older_answer_says_so(chain):
    Response.objects.update(reason="Das ist jetzt anders.")
    page = _read("ar", "contribution", chain.contribution.ref)
    assert _said("ar", "Die deutsche Antwort wurde seitdem geändert.") in page
    assert ANSWER in page
    assert "Das ist jetzt anders." in page


def test_the_mail_holds_both(chain):
    send_due_notices(at=timezone.now())
    [found] = [m for m in mail.outbox if ANSWER in m.body]
    assert found.to == [chain.author.email]
    assert GERMAN in found.body
    assert "Verbindlich ist die deutsche Antwort:" in found.body
