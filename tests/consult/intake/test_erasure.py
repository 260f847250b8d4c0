"""What was collected on paper and from organisations is forgotten like everything else."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.intake.models import Import, Invitee, NoteVersion, Statement, StoredFile
from consult.intake.services.cards import print_receipts
from consult.intake.services.imports import approve_import, hand_over_import, run_next_import
from consult.intake.services.notes import Taken, accept_note, change_note, submit_note
from consult.intake.services.occasions import add_original, split_transcript
from consult.intake.services.statements import Part, confirm_organisation
from consult.intake.states import InviteeAnswer
from consult.participants.fields import EncryptedTextField
from consult.participants.models import User
from consult.participants.states import ErasureScope, Role
from consult.records.personal_data import personal_data_of
from consult.records.services.collected import TableInWork
from consult.records.services.erasing import erase_contribution, erase_person
from consult.records.services.erasure import replay_erasures
from tests.factories import make_resident, make_staff
from tests.factories.intake import (
    make_invitee,
    make_note,
    make_occasion,
    make_statement,
    make_table,
)

pytestmark = pytest.mark.django_db
MARKER = "Zwiebelturmfalke"
SAID = f"Der {MARKER} braucht abends einen Kurs in unserer Stadt."
PNG = b"\x89PNG\r\n\x1a\n" + MARKER.encode()


def found_anywhere() -> set[str]:
    """Tables in which the marker stands, as SQL reads it and as the application decrypts it."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" r WHERE r::text ILIKE %s', [f"%{MARKER}%"])  # noqa: S608
            if cursor.fetchone():
                found.add(table)
    for model in apps.get_models():
        names = [f.name for f in model._meta.local_fields if isinstance(f, EncryptedTextField)]
        for row in model._default_manager.all() if names else []:
            if any(MARKER.lower() in _text(getattr(row, name)) for name in names):
                found.add(model._meta.db_table)
    return found


def _text(value) -> str:
    return (value.decode("latin-1") if isinstance(value, bytes) else str(value)).lower()


@pytest.fixture
def contribution(round_, now) -> Contribution:
    """A note of which the marker is in transcript, scan, history, mail and address."""
    occasion = make_occasion(round_, at=now)
    writer = occasion.recorded_by
    split_transcript(
        occasion=occasion, text=f"{SAID}\n\nJemand anderes sagt: mehr Busse.", by_line=False,
        section_wid=round_.edition.sections.first().wid, actor=writer, at=now,
    )  # fmt: skip
    add_original(occasion=occasion, name="seite.png", content=PNG, actor=writer, at=now)
    note = occasion.notes.order_by("position").first()
    taken = Taken(text=SAID, section_wid=note.section_wid, contact=f"{MARKER.lower()}@example.org")
    change_note(note=note, taken=Taken(text=f"{SAID}?", section_wid=""), actor=writer, at=now)
    change_note(note=note, taken=taken, actor=writer, at=now)
    submit_note(note=note, actor=writer)
    return accept_note(note=note, actor=make_staff(Role.MODERATION), at=now).contribution


def test_an_erased_note_is_no_longer_the_answer_of_a_body(contribution, round_, now):
    asked = make_invitee(
        round_, "Seniorenbeirat", InviteeAnswer.WITH_REMARKS, at=now, said=[contribution]
    )
    assert erase_contribution(contribution=contribution, actor=None, at=now)
    assert not asked.contributions.exists()
    assert Invitee.objects.get().answer == InviteeAnswer.WITH_REMARKS


def test_an_erased_note_leaves_nothing(contribution, now):
    assert len(found_anywhere()) >= 4
    assert erase_contribution(contribution=contribution, actor=None, at=now)
    assert found_anywhere() == set()
    occasion = contribution.offline_note.occasion
    occasion.refresh_from_db()
    assert "mehr Busse" in occasion.transcript


def test_an_erasure_is_found_after_a_restore_under_the_former_code_too(contribution, now):
    before = contribution.receipt_key_hash
    print_receipts(notes=[contribution.offline_note], actor=make_staff(Role.MODERATION), at=now)
    contribution.refresh_from_db()
    assert contribution.receipt_key_hash != before
    erase_contribution(contribution=contribution, actor=None, at=now)
    # A backup from before the printing is put back: the words are there, under the former hash.
    Contribution.objects.filter(pk=contribution.pk).update(
        receipt_key_hash=before, status=Visibility.PUBLISHED
    )
    assert replay_erasures(at=now) == 1
    assert Contribution.objects.get(pk=contribution.pk).status == Visibility.ERASED


def test_an_erased_row_takes_the_table_with_it(round_, now):
    table = make_table(
        round_, f"Text;Ziel\n{SAID}\n{MARKER};99\n".replace(SAID, f"{SAID};1").encode(), at=now
    )
    hand_over_import(table=table, actor=table.uploaded_by)
    approve_import(table=table, actor=make_staff(Role.MODERATION), at=now)
    run_next_import(clock=lambda: now)
    erase_contribution(contribution=Contribution.objects.get(), actor=None, at=now)
    assert found_anywhere() == set()
    assert Import.objects.get().taken == 1


def test_a_row_waits_for_the_end_of_its_import(round_, now):
    table = make_table(round_, b"Text;Ziel\nEins;1\nZwei;1\n", at=now)
    hand_over_import(table=table, actor=table.uploaded_by)
    approve_import(table=table, actor=make_staff(Role.MODERATION), at=now)
    run_next_import(clock=lambda: now)
    Import.objects.filter(pk=table.pk).update(status="approved")
    with pytest.raises(TableInWork):
        erase_contribution(contribution=Contribution.objects.first(), actor=None, at=now)


def test_a_statement_goes_with_its_last_part(round_, now):
    section = round_.edition.sections.first().wid
    statement = make_statement(
        round_, at=now, organisation=f"Verein {MARKER}", responsible=f"Frau {MARKER}",
        text=f"Vorab: {SAID}", attachment=("brief.pdf", b"%PDF-1.7 " + MARKER.encode()),
        parts=[Part(section, section, SAID), Part(section, section, f"{MARKER} zwei.")],
    )  # fmt: skip
    confirm_organisation(statement=statement, actor=make_staff(Role.COORDINATION), at=now)
    first, last = Contribution.objects.order_by("pk")
    erase_contribution(contribution=first, actor=None, at=now)
    statement.refresh_from_db()
    assert SAID not in statement.text
    assert not StoredFile.objects.exists()
    erase_contribution(contribution=last, actor=None, at=now)
    assert found_anywhere() == set()


def test_a_person_sees_and_takes_along_the_own_statement(round_, now):
    make_statement(round_, at=now)
    person = make_resident()
    person.emailaddress_set.update(email="beirat@example.org")
    User.objects.filter(pk=person.pk).update(email="beirat@example.org")
    person.refresh_from_db()
    data = personal_data_of(person, now)
    [statement] = data["statements"]
    assert statement["responsible"] == "Rosa Muster"
    assert statement["parts"] == [row["ref"] for row in data["contributions"]]
    erase_person(user=person, scope=ErasureScope.NAMES, at=now + timedelta(days=1))
    left = Statement.objects.get()
    assert (left.responsible, left.email) == ("", "")
    assert left.organisation == "Kita-Elternbeirat Süd"


def test_history_of_other_notes_stays(round_, now, contribution):
    other = make_note(make_occasion(round_, at=now), at=now, text="Etwas anderes.")
    erase_contribution(contribution=contribution, actor=None, at=now)
    assert [version.note for version in NoteVersion.objects.all()] != []
    assert other.versions.count() == 1
