"""The intake desk: who sees it, writing, comparing, printing, reading tables in, statements."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.intake.models import Import, Occasion, OfflineNote
from consult.intake.services.imports import run_next_import
from consult.intake.services.notes import submit_note
from consult.intake.services.occasions import add_original
from consult.intake.states import ImportStatus, NoteStatus
from consult.participants.states import Role
from consult.records.selectors import contribution_by_receipt
from tests.factories import make_open_round, make_resident, make_staff
from tests.factories.intake import make_note, make_occasion, make_statement, make_table

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def round_():
    return make_open_round(at=timezone.now())


@pytest.fixture
def writer(client):
    user = make_staff(Role.MODERATION, name="Erste")
    client.force_login(user)
    return user


@pytest.fixture
def occasion(round_, writer):
    return make_occasion(round_, at=timezone.now(), actor=writer)


def url(name, *args):
    return reverse(f"intake:{name}", args=args)


def place(round_):
    section = round_.edition.sections.order_by("position").first().wid
    return f"{section}|{section}"


@pytest.mark.parametrize("name", ["desk", "create", "upload_table", "statements"])
def test_only_coordination_and_moderation_see_the_desk(client, name):
    for role in (Role.COORDINATION, Role.MODERATION):
        client.force_login(make_staff(role))
        assert client.get(url(name)).status_code == 200
    for role in (Role.DEPARTMENT, Role.EDITOR, Role.COUNCIL_OFFICE, Role.AUDITOR):
        client.force_login(make_staff(role))
        assert client.get(url(name)).status_code == 302
    client.force_login(make_resident())
    assert client.get(url(name)).status_code in {302, 403, 404}
    assert b"Erfassung" not in client.get(url(name), follow=True).content


def test_a_scan_leaves_the_desk_to_nobody_else(client, occasion, writer):
    stored = add_original(
        occasion=occasion, name="seite.png", content=PNG, actor=writer, at=timezone.now()
    )
    address = url("original", occasion.pk, stored.pk)
    response = client.get(address)
    assert response.content == PNG
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    client.force_login(make_staff(Role.DEPARTMENT))
    assert client.get(address).status_code == 302
    client.logout()
    assert client.get(address).status_code == 302


def test_an_occasion_is_written_down_and_its_transcript_split(client, writer, round_):
    response = client.post(
        url("create"),
        {"round": round_.pk, "kind": "event", "title": "Stadtteilcafé", "place": "Süd",
         "held_on": timezone.localdate().isoformat(), "head_count": "31"},
    )  # fmt: skip
    occasion = Occasion.objects.get()
    assert response.headers["Location"] == url("occasion", occasion.pk)
    assert (occasion.head_count, occasion.recorded_by) == (31, writer)
    client.post(url("split", occasion.pk), {"text": "Mehr Bänke.\r\n\r\nMehr Busse."})
    assert [note.text for note in occasion.notes.order_by("position")] == [
        "Mehr Bänke.", "Mehr Busse.",
    ]  # fmt: skip


def test_a_day_outside_the_round_is_named_and_nothing_is_lost(client, writer, round_):
    response = client.post(
        url("create"),
        {"round": round_.pk, "kind": "event", "title": "Zu früh", "held_on": "2020-01-01"},
    )
    assert response.status_code == 422
    assert "Der Tag muss in der Runde liegen" in response.content.decode()
    assert 'value="Zu früh"' in response.content.decode()


def test_incomplete_drafts_are_kept_and_what_is_missing_is_named(client, writer, occasion, round_):
    good, bare = (make_note(occasion, at=timezone.now(), text=t, section_wid="", target_wid="")
                  for t in ("Eins.", "Zwei."))  # fmt: skip
    response = client.post(
        url("notes", occasion.pk),
        {f"note-{good.pk}-text": "Eins, besser.", f"note-{good.pk}-place": place(round_),
         f"note-{bare.pk}-text": "Zwei, besser.", "submit": "1"},
    )  # fmt: skip
    assert response.status_code == 422
    assert "Abschnitt oder Ziel fehlt." in response.content.decode()
    good.refresh_from_db()
    bare.refresh_from_db()
    assert (good.status, good.text) == (NoteStatus.SUBMITTED, "Eins, besser.")
    assert (bare.status, bare.text) == (NoteStatus.DRAFT, "Zwei, besser.")


def test_a_wrong_code_is_named_and_the_words_are_kept(client, writer, occasion, round_):
    note = make_note(occasion, at=timezone.now())
    response = client.post(
        url("notes", occasion.pk),
        {f"note-{note.pk}-text": "Neu.", f"note-{note.pk}-place": place(round_),
         f"note-{note.pk}-code": "2345-6789-ABCD"},
    )  # fmt: skip
    assert "Diesen Code gibt es für diesen Anlass nicht." in response.content.decode()
    note.refresh_from_db()
    assert note.text == "Neu."


def test_the_second_person_sees_both_corrects_and_accepts(client, occasion, round_, writer):
    occasion.transcript = "Sie sagte: Mehr Bänke am Markt!"
    occasion.save()
    note = make_note(occasion, at=timezone.now(), text="Mehr Bahnen am Markt.")
    submit_note(note=note, actor=writer)
    address = url("check", occasion.pk, note.pk)
    assert client.get(address).status_code == 302  # the writer
    client.force_login(make_staff(Role.COORDINATION))
    page = client.get(address).content.decode()
    assert "Sie sagte: Mehr Bänke am Markt!" in page
    assert "Mehr Bahnen am Markt." in page
    client.post(address, {"text": "Mehr Bänke am Markt.", "place": place(round_), "language": "de"})
    found = Contribution.objects.get()
    assert found.comment_row.comment == "Mehr Bänke am Markt."
    assert note.versions.count() == 2
    page = client.get(reverse("contribution", args=[found.ref])).content.decode()
    assert "Bei einem Treffen mitgeschrieben." in page


def test_a_note_is_sent_back_with_a_reason(client, occasion, writer):
    note = make_note(occasion, at=timezone.now())
    submit_note(note=note, actor=writer)
    client.force_login(make_staff(Role.MODERATION))
    empty = client.post(url("send_back", occasion.pk, note.pk), {"reason": ""})
    assert "Sagen Sie in einem Satz, was nicht stimmt." in empty.content.decode()
    client.post(url("send_back", occasion.pk, note.pk), {"reason": "Falsches Ziel."})
    client.force_login(writer)
    assert "Falsches Ziel." in client.get(url("notes", occasion.pk)).content.decode()


def test_printed_cards_hold_a_code_that_works(client, occasion):
    page = client.post(url("cards", occasion.pk), {"number": "3"})
    codes = re.findall(r">((?:[2-9A-Z]{4}-){2}[2-9A-Z]{4})<", page.content.decode())
    assert len(set(codes)) == 3
    assert "no-store" in page["Cache-Control"]
    waiting = client.get(f"/de/beleg/{codes[0].replace('-', '')}/")
    assert "Ihre Karte ist noch nicht eingetragen" in waiting.content.decode()
    typed = client.post("/de/beleg/", {"code": codes[1].lower()})
    assert typed.headers["Location"].endswith(f"/beleg/{codes[1].replace('-', '')}/")


def test_receipts_of_received_notes_are_printed(client, occasion, writer, round_):
    note = make_note(occasion, at=timezone.now())
    submit_note(note=note, actor=writer)
    client.force_login(make_staff(Role.MODERATION))
    client.post(url("check", occasion.pk, note.pk),
                {"text": note.text, "place": place(round_), "language": "de"})  # fmt: skip
    page = client.post(url("receipts", occasion.pk), {"note": [note.pk]}).content.decode()
    [code] = re.findall(r">((?:[2-9A-Z]{4}-){2}[2-9A-Z]{4})<", page)
    found = Contribution.objects.get()
    assert found.ref in page
    assert contribution_by_receipt(code.replace("-", "")) == found
    receipt = client.get(f"/de/beleg/{code.replace('-', '')}/").content.decode()
    assert note.text in receipt or "Es braucht eine Bank am Markt." in receipt


@pytest.mark.parametrize("typed", ["", "K7QM-3XWR", "K7QM-3XWR-9TFA", "<script>"])
def test_a_code_that_nobody_has_is_refused_with_a_hint(client, typed):
    response = client.post("/de/beleg/", {"code": typed})
    assert response.status_code == 422
    assert "Fehler" in response.content.decode()


def test_codes_cannot_be_tried_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "receipt_code": "3/10m/ip"}
    statuses = [
        client.post("/de/beleg/", {"code": "K7QM-3XWR-9TFA"}, REMOTE_ADDR="192.0.2.77").status_code
        for _ in range(5)
    ]
    assert statuses == [422, 422, 422, 429, 429]


def test_a_table_goes_from_upload_to_ledger(client, round_):
    first, second = make_staff(Role.COORDINATION), make_staff(Role.MODERATION)
    client.force_login(first)
    content = "Beitrag;Ziel\nMehr Bänke;1.1\nMehr Busse;99\n".encode("cp1252")
    response = client.post(
        url("upload_table"),
        {"file": SimpleUploadedFile("u.csv", content), "round": round_.pk, "kind": "survey",
         "title": "Umfrage", "held_on": timezone.localdate().isoformat()},
    )  # fmt: skip
    table = Import.objects.get()
    assert response.headers["Location"] == url("table", table.pk)
    page = client.get(url("table", table.pk)).content.decode()
    assert "Diesen Abschnitt oder dieses Ziel gibt es nicht." in page
    assert "Windows-1252" in page
    report = client.get(url("rejected", table.pk)).content.decode("utf-8-sig").splitlines()
    assert report == [
        "Zeile;Grund;Beitrag;Ziel",
        "3;Diesen Abschnitt oder dieses Ziel gibt es nicht.;Mehr Busse;99",
    ]
    client.post(url("table_step", table.pk, "uebergeben"))
    assert client.post(url("table_step", table.pk, "uebernehmen")).status_code == 302
    table.refresh_from_db()
    assert table.status == ImportStatus.HANDED_OVER  # not by the person who read it in
    client.force_login(second)
    assert "1 Zeile übernehmen" in client.get(url("table", table.pk)).content.decode()
    client.post(url("table_step", table.pk, "uebernehmen"))
    run_next_import()
    page = client.get(url("table", table.pk)).content.decode()
    assert "Diesen Abschnitt oder dieses Ziel gibt es nicht." in page
    assert Contribution.objects.get().comment_row.comment == "Mehr Bänke"


def test_a_report_holds_no_formula_of_strangers(client, round_):
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    table = make_table(
        round_, b"Text;Ziel\nGut;1\n=HYPERLINK(1);99\n", at=timezone.now(), actor=user
    )
    report = client.get(url("rejected", table.pk)).content.decode("utf-8-sig")
    assert ";'=HYPERLINK(1);" in report


def test_a_file_that_is_no_table_is_refused_with_a_sentence(client, round_):
    client.force_login(make_staff(Role.COORDINATION))
    response = client.post(
        url("upload_table"),
        {"file": SimpleUploadedFile("u.xlsx", b"PK\x03\x04 broken"), "round": round_.pk,
         "kind": "survey", "title": "Umfrage", "held_on": timezone.localdate().isoformat()},
    )  # fmt: skip
    assert response.status_code == 422
    assert "Die Datei ist beschädigt." in response.content.decode()
    assert not Occasion.objects.exists()


def test_the_office_confirms_an_organisation(client, round_):
    statement = make_statement(round_, at=timezone.now(), attachment=("brief.pdf", b"%PDF-1.7 x"))
    client.force_login(make_staff(Role.MODERATION))
    assert (
        "Organisation bestätigen" not in client.get(url("statement", statement.pk)).content.decode()
    )
    assert client.post(url("confirm_statement", statement.pk)).status_code == 302
    assert Contribution.objects.get().status == Visibility.HELD
    client.force_login(make_staff(Role.COORDINATION))
    page = client.get(url("statement", statement.pk)).content.decode()
    assert "Rosa Muster" in page
    client.post(url("confirm_statement", statement.pk))
    assert Contribution.objects.get().status == Visibility.PUBLISHED
    public = client.get(reverse("statement", args=[statement.ref])).content.decode()
    assert "Stellungnahme: Kita-Elternbeirat Süd" in public
    assert "Rosa Muster" not in public
    assert client.get(reverse("statement_file", args=[statement.ref])).status_code == 404
    client.post(url("release_file", statement.pk))
    file = client.get(reverse("statement_file", args=[statement.ref]))
    assert (file.content, file["X-Content-Type-Options"]) == (b"%PDF-1.7 x", "nosniff")
    assert file["Content-Disposition"].startswith("attachment")


def test_lists_ask_the_same_number_of_questions_however_long(client, writer, occasion, round_):
    now = timezone.now()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(url("desk"))
            client.get(url("occasion", occasion.pk))
            client.get(url("notes", occasion.pk))
        return len(asked)

    make_note(occasion, at=now)
    client.get(url("desk"))
    before = queries()
    for number in range(6):
        make_note(occasion, at=now - timedelta(minutes=number), text=f"Text {number}.")
        make_occasion(round_, at=now, actor=writer, title=f"Treffen {number}")
    assert OfflineNote.objects.count() == 7
    assert queries() == before
