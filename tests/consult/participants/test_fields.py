"""Addresses and unconfirmed words as the database sees them."""

import importlib
import json

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from consult.contributions.models import GuestContact, PendingSubmission
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import report
from consult.contributions.states import Rule
from consult.participants.encryption import Unreadable, address_hashes
from consult.participants.models import Notice
from consult.project.settings import env
from consult.records.services.rotation import reencrypt_fields
from tests.factories import make_contribution, make_open_round

MAIL = "ada.geheim@example.org"
TEXT = "Marmorkuchen am Samstag."


def raw() -> str:
    """All stored columns of the four tables, as SQL sees them."""
    tables = [
        "participants_notice", "contributions_guestcontact",
        "contributions_pendingsubmission", "contributions_report",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT r::text FROM {table} r" for table in tables))  # noqa: S608
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.fixture
def token(now) -> str:
    """A guest has written, somebody has reported."""
    round_ = make_open_round(at=now)
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    report(
        contribution=make_contribution(round_, at=now), rule=Rule.HATE, text="Hetze.",
        contact=MAIL, at=now,
    )  # fmt: skip
    return submit_as_guest(
        place=place, words=Words(text=TEXT, stance="idea", display_name="Ada"), email=MAIL,
        language="de", at=now,
    )  # fmt: skip


@pytest.mark.django_db
def test_invariant_37_addresses_and_unconfirmed_words_are_not_readable_in_the_rows(now, token):
    before = raw()
    confirm_submission(token=token, at=now)
    for rows in (before, raw()):
        for secret in (MAIL, MAIL.partition("@")[0], TEXT, "Ada", token):
            assert secret not in rows
    assert GuestContact.objects.get().email == MAIL
    assert Notice.objects.get(key__startswith="confirm").context["token"] == token


@pytest.mark.django_db
def test_rows_of_an_address_are_found_by_its_hash_in_any_case(token):
    found = PendingSubmission.objects.filter(
        email_hash__in=address_hashes(" Ada.Geheim@Example.org")
    )
    assert found.get().payload["text"] == TEXT


@pytest.mark.django_db
def test_a_new_key_in_front_reads_the_old_rows_and_takes_them_over(token, settings):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert PendingSubmission.objects.get(email_hash__in=address_hashes(MAIL)).email == MAIL
    assert reencrypt_fields() >= 3
    settings.FIELD_KEYS = [new]
    assert PendingSubmission.objects.get(email_hash__in=address_hashes(MAIL)).email == MAIL
    settings.FIELD_KEYS = [old]
    with pytest.raises(Unreadable):
        PendingSubmission.objects.get()


@pytest.mark.django_db
def test_the_migration_encrypts_what_was_written_in_clear(token):
    Notice.objects.exclude(template="confirm_contribution").delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participants_notice SET email = %s, email_hash = '', context = %s",
            [MAIL, '{"text": "Marmorkuchen"}'],
        )
    migration = importlib.import_module(
        "consult.participants.migrations.0003_encrypted_fields_and_erasure"
    )
    with connection.schema_editor() as editor:
        migration.encrypt_stored(apps, editor)
    assert MAIL not in raw()
    notice = Notice.objects.get(email_hash__in=address_hashes(MAIL))
    assert (notice.email, notice.context) == (MAIL, {"text": "Marmorkuchen"})


@pytest.mark.django_db
def test_the_migration_encrypts_what_guests_wrote_in_clear(token):
    words = PendingSubmission.objects.get().payload
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contributions_pendingsubmission SET email = %s, email_hash = '', payload = %s",
            [MAIL, json.dumps(words)],
        )
    migration = importlib.import_module("consult.contributions.migrations.0005_encrypted_fields")
    with connection.schema_editor() as editor:
        migration.encrypt_stored(apps, editor)
    assert MAIL not in raw()
    pending = PendingSubmission.objects.get(email_hash__in=address_hashes(MAIL))
    assert (pending.email, pending.payload) == (MAIL, words)


@pytest.mark.parametrize("value", ["", "short", "kein Schlüssel", f"{'A' * 43}=,zzz"])
def test_production_refuses_keys_that_are_none(value, monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", value)
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        env.keys("FIELD_KEYS")


def test_production_takes_several_keys(monkeypatch):
    keys = [Fernet.generate_key().decode() for _number in range(2)]
    monkeypatch.setenv("FIELD_KEYS", ", ".join(keys))
    assert env.keys("FIELD_KEYS") == keys


def test_a_derived_key_is_a_fernet_key():
    assert Fernet(env.derived_key("secret"))
