"""What fails the build: strings that are missing, unsure or not fit for their place."""

import re

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, pgettext, to_locale

from consult.project import catalogues

EASY = catalogues.EASY_GERMAN


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Complete catalogues of every language with one string; the Turkish one can be changed."""
    monkeypatch.setattr(catalogues, "LOCALE_DIR", tmp_path)
    for language in [*catalogues.LANGUAGES, EASY]:
        write(language, '"Hallo {name}"', '"Selam {name}"')

    def change(msgid: str, msgstr: str, more: str = "", *, language: str = "tr") -> list[str]:
        write(language, msgid, msgstr, more)
        return catalogues.gaps()

    return change


def write(language: str, msgid: str, msgstr: str, more: str = "") -> None:
    source = catalogues.source_of(language)
    source.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    source.write_text(f"{head}{more}msgid {msgid}\nmsgstr {msgstr}\n")


def test_complete_catalogues_have_no_gap(catalogue):
    assert catalogue('"Hallo {name}"', '"Selam {name}"') == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "more", "gap"),
    [
        ('"Hallo"', '""', "", "missing"),
        ('"Hallo"', '"Selam"', "#, fuzzy\n", "missing"),
        ('"Hallo {name}"', '"Selam {ad}"', "", "placeholders or tags differ"),
        ('"Hallo {name}"', '"Selam"', "", "placeholders or tags differ"),
        ('"Von %(n)s"', '"%(n)s, %(n)s"', "", "placeholders or tags differ"),
        ('"<a>Hallo</a>"', '"<a>Selam"', "", "placeholders or tags differ"),
    ],
)
def test_a_string_that_is_missing_or_wrong_is_a_gap(catalogue, msgid, msgstr, more, gap):
    assert [line.split(": ")[1] for line in catalogue(msgid, msgstr, more)] == [gap]


def test_plurals_need_all_forms_of_the_language_with_their_number(catalogue):
    one, many = '"{n} Ziel"\nmsgid_plural "{n} Ziele"\nmsgstr[0] "{n} hedef"', '"{n} hedef"'
    source = catalogues.source_of("tr")
    text = source.read_text().partition('msgid "Hallo')[0]
    source.write_text(f"{text}msgid {one}\nmsgstr[1] {many}\n")
    assert catalogues.gaps() == []
    source.write_text(f"{text}msgid {one}\n")
    assert "1 plural forms instead of 2" in catalogues.gaps()[0]
    source.write_text(f'{text}msgid {one}\nmsgstr[1] "hedefler"\n')
    assert "placeholders or tags differ" in catalogues.gaps()[0]


def test_a_form_for_one_thing_may_leave_out_the_number_if_german_does(catalogue):
    source = catalogues.source_of("tr")
    text = source.read_text().partition('msgid "Hallo')[0]
    words = 'msgid "ein Ziel"\nmsgid_plural "{n} Ziele"\nmsgstr[0] "bir hedef"\nmsgstr[1] "{n}"\n'
    source.write_text(text + words)
    assert catalogues.gaps() == []


def test_a_language_without_a_catalogue_is_a_gap(catalogue):
    catalogues.source_of(EASY).unlink()
    assert catalogues.gaps() == [f"{EASY}: no catalogue"]


@pytest.mark.parametrize(
    ("places", "public"),
    [
        (["site_content/templates/records/receipt.html"], True),
        (["consult/contributions/forms.py"], True),
        (["consult/somewhere/new.py"], True),
        (["site_content/templates/workshop/bench.html"], False),
        (["consult/rounds/admin_views/deeds.py", "consult/council/models.py"], False),
        (["consult/council/models.py", "site_content/pages/frame.py"], True),
    ],
)
def test_a_string_is_for_staff_if_all_its_places_are(places, public):
    entry = polib.POEntry(msgid="x", occurrences=[(place, "") for place in places])
    assert catalogues.is_public(entry) is public


def test_every_language_has_a_catalogue_without_wrong_placeholders_or_plurals():
    codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    assert {to_locale(code) for code in codes} == {*catalogues.LANGUAGES, EASY}
    assert [gap for gap in catalogues.gaps() if ": missing" not in gap] == []


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES][1:])
def test_every_number_finds_its_plural_form(code):
    with translation.override(code):
        for number in (0, 1, 2, 3, 5, 11, 21, 100, 1234):
            found = translation.ngettext("{n} Gruppe", "{n} Gruppen", number)
            assert "{n}" in found
    with translation.override("uk"):
        forms = [translation.ngettext("{n} Gruppe", "{n} Gruppen", n) for n in (1, 2, 5, 21)]
    assert forms == ["{n} група", "{n} групи", "{n} груп", "{n} група"]


def test_easy_german_falls_back_to_german_not_to_english():
    with translation.override("de-x-ls"):
        assert translation.gettext("Karte der Meinungsgruppen") == "Karte mit Meinungs·gruppen"
        assert translation.gettext("Themen-Werkstatt") == "Themen-Werkstatt"
        assert translation.gettext("Not in any catalogue") == "Not in any catalogue"
        required = translation.gettext("This field is required.")
        assert required == "Dieses Feld muss ausgefüllt werden."


def test_what_is_put_into_arabic_sentences_keeps_its_direction():
    assert catalogues.isolated("رقم {ref}") == "رقم \u2068{ref}\u2069"
    assert catalogues.isolated('<a href="%(url)s">%(name)s</a>') == (
        '<a href="%(url)s">\u2068%(name)s\u2069</a>'
    )
    with translation.override("ar"):
        said = translation.gettext("Beitrag %(ref)s") % {"ref": "2027-R1-0147"}
    assert re.search("\u20682027-R1-0147\u2069", said)


@pytest.mark.parametrize(
    ("code", "day", "moment", "number"),
    [
        ("de", "4. März 2027", "4. März 2027, 23:59", "1.240"),
        ("de-x-ls", "4. März 2027", "4. März 2027, 23:59", "1.240"),
        ("en", "4 March 2027", "4 March 2027, 23:59", "1,240"),
        ("tr", "4 Mart 2027", "4 Mart 2027, 23:59", "1.240"),
        ("ar", "4 مارس 2027", "4 مارس 2027، 23:59", "1.240"),
        ("uk", "4 березня 2027 р.", "4 березня 2027 р., 23:59", "1\xa0240"),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(now, code, day, moment, number):
    at = now.replace(month=3, day=4, hour=23, minute=59)
    with translation.override(code):
        assert date_format(at, "DATE_FORMAT") == day
        assert date_format(at, "DATETIME_FORMAT") == moment
        assert number_format(1240, force_grouping=True) == number


def test_no_library_takes_a_german_string_for_an_english_one():
    # "Tag" is what Wagtail calls a keyword; a German form asked for a "Schlagwort" for its day.
    strings = polib.pofile(str(catalogues.source_of("en")))
    with translation.override("de"):
        changed = [
            entry.msgid
            for entry in strings
            if not entry.obsolete and _in_german(entry) != entry.msgid
        ]
    assert changed == []


def _in_german(entry: polib.POEntry) -> str:
    if entry.msgid_plural:
        return ngettext(entry.msgid, entry.msgid_plural, 1)
    return pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else gettext(entry.msgid)
