"""Hints on plain and easy German in the editor."""

import pytest
from django.urls import reverse

from consult.participants.states import Role
from drafts.concept.easy_language import EASY, GERMAN, report
from drafts.concept.models import GoalPage, SectionPage
from tests.factories import make_concept, make_staff

OFFICE = (
    "Zur Förderung der gesellschaftlichen Teilhabe zugewanderter Menschen werden bedarfsgerechte "
    "Beratungsstrukturen unter Einbeziehung zivilgesellschaftlicher Akteure weiterentwickelt."
)


@pytest.fixture
def editor(db, client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    make_concept()
    client.force_login(make_staff(Role.EDITOR))
    return client


def test_easy_language_lists_every_sentence_with_a_hint():
    found = report(["Wir helfen. Das Wohnungsamt hilft nicht."], EASY)
    [sentence] = found.hard
    assert [(hint.words, hint.better) for hint in sentence.hints] == [
        ("Wohnungsamt", "Wohnungs·amt"),
        ("nicht", ""),
    ]
    assert found.sentences == 2


def test_a_text_for_everybody_lists_only_hard_sentences_hardest_first():
    long = " ".join(["Die Volkshochschule richtet mehrsprachige Orientierungskurse ein und"] * 3)
    found = report([f"Der Weg wird gebaut. {long} so weiter.", OFFICE], GERMAN)
    assert OFFICE in [sentence.text for sentence in found.hard]
    assert found.hard == sorted(found.hard, key=lambda s: -s.complexity)
    assert "Der Weg wird gebaut." not in [sentence.text for sentence in found.hard]


def test_no_text_is_no_verdict():
    found = report([""], EASY)
    assert (found.complexity, found.hard) == (None, [])


@pytest.mark.parametrize("kind", [SectionPage, GoalPage])
def test_the_editor_shows_the_hints_for_what_is_stored(editor, kind):
    page = kind.objects.first()
    field = "lede" if kind is SectionPage else "reason"
    kind.objects.filter(pk=page.pk).update(**{field: OFFICE})
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Verständlich schreiben" in html
    assert "werden bedarfsgerechte Beratungsstrukturen" in html
    assert "Passiv: Sagen Sie, wer etwas tut." in html


def test_what_is_being_written_is_checked_without_being_stored(editor):
    answer = editor.post(
        reverse("easy_language"), {"language": EASY, "text": ["Das geht nicht.", "<b>Gut</b>"]}
    )
    html = answer.content.decode()
    assert "Verneinung" in html
    assert "<b>Gut</b>" not in html


def test_only_staff_can_ask_for_hints(client, db):
    answer = client.post(reverse("easy_language"), {"text": "Das geht nicht."})
    assert answer.status_code == 302
