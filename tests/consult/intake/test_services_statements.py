"""Statements: confirmed by mail, held until the office knows the organisation, then public."""

import zipfile
import zlib
from datetime import timedelta
from io import BytesIO

import pytest

from consult.contributions.models import Contribution, GuestContact
from consult.contributions.selectors import unconfirmed_texts
from consult.contributions.services.commenting import UnableToComment
from consult.contributions.services.confirming import LinkExpired
from consult.contributions.services.moderation import NotAModerator, decide
from consult.contributions.states import Channel, Kind, Measure, Visibility
from consult.evaluation.services.closing import close_round
from consult.intake.models import PendingStatement, Statement, StoredFile
from consult.intake.selectors import public_statement
from consult.intake.services.files import ATTACHMENTS, SCANS, FileRefused, kind_of, plain_name
from consult.intake.services.statements import (
    Part,
    clear_expired_statements,
    confirm_organisation,
    confirm_statement,
    release_file,
)
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.records.selectors import contribution_by_receipt
from consult.rounds.services import NotPermitted
from tests.factories import make_staff
from tests.factories.intake import make_statement
from tests.tables import nothing_written

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF"


def docx(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in {"word/document.xml": b"<w/>", **parts}.items():
            package.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def office(db):
    return make_staff(Role.COORDINATION)


@pytest.mark.django_db
def test_each_part_is_a_contribution_that_is_held(round_, now):
    section = round_.edition.sections.first()
    goal = round_.edition.goals.first()
    statement = make_statement(
        round_,
        at=now,
        parts=[Part(section.wid, section.wid, "Eins."), Part(section.wid, goal.wid, "Zwei.")],
    )
    parts = [part.contribution for part in statement.parts.order_by("position")]
    assert [part.comment_row.comment for part in parts] == ["Eins.", "Zwei."]
    assert {(part.kind, part.channel, part.status) for part in parts} == {
        (Kind.STATEMENT, Channel.ONLINE, Visibility.HELD)
    }
    assert parts[1].target_wid == goal.wid
    assert parts[0].display_name == "Kita-Elternbeirat Süd"
    assert GuestContact.objects.filter(email="beirat@example.org").count() == 0  # encrypted
    assert {part.guest_contact.email for part in parts} == {"beirat@example.org"}
    [mail] = Notice.objects.filter(template="statement_received")
    assert [contribution_by_receipt(key) for _ref, key in mail.context["keys"]] == parts
    assert public_statement(statement.ref) is None


@pytest.mark.django_db
def test_the_office_publishes_a_moderator_does_not(round_, now, office):
    statement = make_statement(round_, at=now)
    part = Contribution.objects.get()
    moderator = make_staff(Role.MODERATION)
    with pytest.raises(NotAModerator), nothing_written():
        decide(
            contribution=part, measure=Measure.PUBLISH, rule="", reason="Gut.", actor=moderator,
            at=now,
        )  # fmt: skip
    with pytest.raises(NotPermitted), nothing_written():
        confirm_organisation(statement=statement, actor=moderator, at=now)
    confirm_organisation(statement=statement, actor=office, at=now)
    part.refresh_from_db()
    assert part.status == Visibility.PUBLISHED
    assert public_statement(statement.ref) == statement
    with pytest.raises(NotPermitted):
        confirm_organisation(statement=statement, actor=office, at=now)


@pytest.mark.django_db
def test_what_the_moderation_has_hidden_stays_hidden(round_, now, office):
    statement = make_statement(round_, at=now)
    decide(
        contribution=Contribution.objects.get(), measure=Measure.HIDE, rule="R1", reason="Grob.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    confirm_organisation(statement=statement, actor=office, at=now)
    assert Contribution.objects.get().status == Visibility.HIDDEN
    assert public_statement(statement.ref) is None


@pytest.mark.django_db
def test_nothing_is_received_before_the_mail_is_confirmed(round_, now):
    with pytest.raises(UnableToComment, match="empty"):
        make_statement(round_, at=now, parts=[])
    make_statement(round_, at=now)
    assert not PendingStatement.objects.exists()
    with pytest.raises(LinkExpired):
        confirm_statement(token="used", at=now)
    with pytest.raises(UnableToComment, match="closed"):
        make_statement(round_, at=round_.closes_at)


@pytest.mark.django_db
def test_an_unconfirmed_statement_waits_no_longer_than_48_hours_after_an_early_end(
    round_, now, monkeypatch
):
    monkeypatch.setattr("tests.factories.intake.confirm_statement", lambda **_: None)
    make_statement(round_, at=now)
    end = now + timedelta(hours=1)
    close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=end)
    last_moment = end + timedelta(hours=48)
    assert unconfirmed_texts(round_, last_moment - timedelta(seconds=1)) == 1
    assert unconfirmed_texts(round_, last_moment) == 0


@pytest.mark.django_db
def test_what_was_never_confirmed_is_forgotten_with_its_file(round_, now, monkeypatch):
    monkeypatch.setattr("tests.factories.intake.confirm_statement", lambda **_: None)
    make_statement(round_, at=now, attachment=("a.pdf", PDF))
    assert clear_expired_statements(at=now) == 0
    assert clear_expired_statements(at=round_.closes_at + timedelta(hours=48)) == 1
    assert not StoredFile.objects.exists()
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_a_file_is_offered_once_somebody_has_released_it(round_, now, office):
    statement = make_statement(round_, at=now, attachment=("../../Brief an Sie.pdf", PDF))
    assert statement.file.name == "Brief an Sie.pdf"
    with pytest.raises(NotPermitted):
        release_file(statement=statement, actor=office, at=now)
    confirm_organisation(statement=statement, actor=office, at=now)
    with pytest.raises(NotPermitted):
        release_file(statement=statement, actor=make_staff(Role.MODERATION), at=now)
    assert release_file(statement=statement, actor=office, at=now).file_released_by == office


def _pdf_with_hidden_script() -> bytes:
    packed = zlib.compress(b"1 0 <</S /JavaScript /JS (app.alert)>>")
    return (
        b"%PDF-1.7\n5 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\n" + packed + b"endstream"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90 an executable", "wrong_kind"),
        (b"<html><script>alert(1)</script>", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind"),
        (PDF + b"<</OpenAction <</S /JavaScript>>>>", "active"),
        (PDF + b"<</S /J#61vaScript>>", "active"),
        (PDF + b"<</Type /EmbeddedFile>>", "active"),
        (PDF + b"<</Encrypt 3 0 R>>", "active"),
        (_pdf_with_hidden_script(), "active"),
        (docx(**{"word/vbaProject.bin": b"x"}), "active"),
        (docx(**{"word/embeddings/oleObject1.bin": b"x"}), "active"),
        (b"PK\x03\x04 broken", "broken"),
        (PDF + bytes(10 * 1024 * 1024), "too_large"),
    ],
)  # fmt: skip
def test_what_could_act_by_itself_is_refused(content, code):
    with pytest.raises(FileRefused, match=code):
        kind_of(content, ATTACHMENTS)


def test_harmless_documents_are_taken_by_their_content():
    assert kind_of(PDF, ATTACHMENTS) == "application/pdf"
    assert "wordprocessingml" in kind_of(docx(), ATTACHMENTS)
    assert kind_of(b"\xff\xd8\xff\xe0", SCANS) == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("C:\\Briefe\\an Sie.pdf", "an Sie.pdf"), ("../x.pdf", "x.pdf"), ("", "datei"),
     ('a"\r\nb.pdf', "a_b.pdf")],
)  # fmt: skip
def test_a_name_holds_no_path(name, kept):
    assert plain_name(name) == kept
