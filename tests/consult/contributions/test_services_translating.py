"""Machine translation: only where the operator wants it, only what is public, always marked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consult.contributions.models import Contribution, ContributionTranslation
from consult.contributions.services.status import set_status
from consult.contributions.services.translating import (
    LibreTranslate,
    UnableToTranslate,
    configured_translator,
    queue_translations,
    translate_next,
)
from consult.contributions.states import Visibility
from tests.factories import make_contribution, make_open_round
from tests.translator import TranslationServer

TURKISH = "Kurslar cumartesi günleri de olmalı, çünkü hafta içi çalışıyorum ve gelemiyorum."


@pytest.fixture(autouse=True)
def german_afterwards():
    """A request leaves its language behind in the thread."""
    with translation.override("de"):
        yield


@pytest.fixture
def server():
    found = TranslationServer()
    yield found
    found.stop()


@pytest.fixture
def switched_on(settings, server) -> TranslationServer:
    settings.TRANSLATION_URL, settings.TRANSLATION_KEY = server.url, "geheim"
    return server


@pytest.fixture
def contribution(db, now) -> Contribution:
    found = make_contribution(make_open_round(at=now), at=now, text=TURKISH)
    assert found.language == "tr"
    return found


# --- the adapter -------------------------------------------------------------------------------


def test_the_server_is_asked_as_libretranslate_wants_it(server):
    translator = LibreTranslate(server.url + "/", "geheim")
    assert translator.translate("Merhaba", "tr", "de") == "[de] Merhaba"
    assert server.asked == [
        {
            "path": "/translate", "q": "Merhaba", "source": "tr", "target": "de",
            "format": "text", "api_key": "geheim",
        }
    ]  # fmt: skip
    assert translator.name == "LibreTranslate (127.0.0.1)"


def test_a_language_that_was_not_detected_is_left_to_the_server(server):
    LibreTranslate(server.url).translate("Xyz", "und", "de")
    assert server.asked[0]["source"] == "auto"
    assert "api_key" not in server.asked[0]


@pytest.mark.parametrize("said", [500, 302, {"error": "x"}, {"translatedText": ["x"]}, "", [1]])
def test_anything_but_a_translation_is_an_error(server, said):
    server.answer = lambda _asked: said
    with pytest.raises(UnableToTranslate):
        LibreTranslate(server.url).translate("Merhaba", "tr", "de")


def test_a_server_that_is_away_is_an_error_without_its_address():
    with pytest.raises(UnableToTranslate) as refused:
        LibreTranslate("http://127.0.0.1:9/secret").translate("Merhaba", "tr", "de")
    assert "secret" not in str(refused.value)


# --- the job -----------------------------------------------------------------------------------


def test_without_a_service_nothing_is_queued_and_nothing_leaves(contribution, server, now):
    assert configured_translator() is None
    assert queue_translations(at=now) == 0
    assert not translate_next(at=now)
    assert server.asked == []
    assert not ContributionTranslation.objects.exists()


def test_published_words_are_translated_once_and_marked(contribution, switched_on, now):
    german = make_contribution(contribution.round, at=now)
    assert queue_translations(at=now) == 1
    assert queue_translations(at=now) == 0
    assert translate_next(at=now)
    assert not translate_next(at=now)
    [row] = ContributionTranslation.objects.all()
    assert (row.contribution, row.language) == (contribution, "de")
    assert row.text == f"[de] {TURKISH}"
    assert row.service == "LibreTranslate (127.0.0.1)"
    assert [asked["q"] for asked in switched_on.asked] == [TURKISH]
    assert german.language == "de"


@pytest.mark.parametrize("status", [Visibility.HIDDEN, Visibility.WITHDRAWN])
def test_what_is_not_public_is_not_sent(contribution, switched_on, now, status):
    queue_translations(at=now)
    set_status(contribution=contribution, status=status, actor=None, at=now)
    assert not translate_next(at=now)
    assert switched_on.asked == []
    ContributionTranslation.objects.all().delete()
    assert queue_translations(at=now) == 0


def test_a_failure_is_tried_again_later_and_six_times(contribution, switched_on, now):
    switched_on.answer = lambda _asked: 503
    queue_translations(at=now)
    at = now
    for _attempt in range(6):
        assert translate_next(at=at)
        assert not translate_next(at=at)
        at += timedelta(days=4)
    assert not translate_next(at=at)
    row = ContributionTranslation.objects.get()
    assert (row.attempts, row.made_at, row.error) == (6, None, "HTTPError")


# --- what is shown -----------------------------------------------------------------------------


def test_the_translation_stands_beside_the_original_with_its_mark(contribution, switched_on, now):
    queue_translations(at=now)
    translate_next(at=now)
    edition = contribution.edition
    slug = edition.sections.get().slug
    pages = [
        reverse("section", args=[edition.number, slug]),
        reverse("contribution", args=[contribution.ref]),
    ]
    for url in pages:
        page = Client().get(url).content.decode()
        assert TURKISH in page
        assert f"[de] {TURKISH}" in page
        mark = "Automatisch übersetzt von LibreTranslate (127.0.0.1). Es gilt das Original."
        assert mark in page
    english = Client().get(pages[0].replace("/de/", "/en/")).content.decode()
    assert "[de]" not in english


def test_the_translation_of_a_hidden_text_is_not_shown(contribution, switched_on, now):
    queue_translations(at=now)
    translate_next(at=now)
    set_status(contribution=contribution, status=Visibility.HIDDEN, actor=None, at=now)
    slug = contribution.edition.sections.get().slug
    url = reverse("section", args=[contribution.edition.number, slug])
    assert "[de]" not in Client().get(url).content.decode()
