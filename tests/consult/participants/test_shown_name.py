"""Nobody takes a resident's name for the city's; names of all scripts are welcome."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Site

from consult.participants.shown_name import ShownName
from tests.factories import make_department, make_resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offices():
    Site.objects.update(site_name="Stadt Lindenau am Main")
    make_department("Amt für Soziales")


@pytest.mark.parametrize(
    "name",
    [
        "", "Anna aus Süd", "Stadtkind", "Anna aus Lindenau", "Şeyma Öztürk", "علی\u200cرضا",
        "Марія", "Ελένη", "O’Neill-Müller", "王小明", "Amtmann", "Nguyễn Văn An", "प्र\u200dकाश",
    ],
)  # fmt: skip
def test_names_of_people_are_taken(name):
    assert ShownName().clean(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Moderation", "official"),
        ("Die Redaktion", "official"),
        ("M o d e r a t i o n", "official"),
        ("Ｍｏｄｅｒａｔｉｏｎ", "official"),
        ("Mödêration!", "official"),
        ("STADT LINDENAU AM MAIN", "official"),
        ("Stadt  Lindenau am Main (Team)", "official"),
        ("Oberbürgermeisterin", "official"),
        ("Amt für Soziales", "official"),
        ("Mоderation", "unreadable"),  # the first o is Cyrillic
        ("Anna\u202egro.live", "unreadable"),
        ("Mode\u200bration", "unreadable"),
        ("Mode\u00adration", "unreadable"),
        ("Anna\nModeration", "unreadable"),
    ],
)
def test_names_that_deceive_are_not(name, code):
    with pytest.raises(ValidationError) as refused:
        ShownName().clean(name)
    assert refused.value.code == code


def test_the_account_says_why_and_keeps_the_former_name(client):
    person = make_resident("Anna")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"deed": "profile", "pseudonym": "Moderation", "language": "de"}
    answer = client.post(reverse("account"), sent)
    assert answer.status_code == 422
    assert "Der Name klingt, als spräche die Stadt." in answer.content.decode()
    person.refresh_from_db()
    assert person.pseudonym == "Anna"
