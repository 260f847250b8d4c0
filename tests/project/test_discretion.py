"""Invariant 37: no address, no key and no word of a person in the log."""

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client

from consult.project.discretion import DiscreetFormatter, discreet


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Not Found: /de/beleg/Xy_9-z/", "Not Found: /de/beleg/…/"),
        ("Gone: /de/bestaetigen/a-B_c/?x=1", "Gone: /de/bestaetigen/…/?x=1"),
        ("/de/konto/confirm-email/Mg:1tK/ ok", "/de/konto/confirm-email/…/ ok"),
        ("/de/melden/entscheidung/Mg:1tK:x/", "/de/melden/entscheidung/…/"),
        ("/de/konto/password/reset/key/3-abc/", "/de/konto/password/reset/key/…/"),
        ("{'ada@example.org': (550, b'no')}", "{'…': (550, b'no')}"),
        ("x\nDETAIL:  Failing row contains (Ada, geheim).\ny", "x\nDETAIL: …\ny"),
        ("round 2027-R1: close_round failed", "round 2027-R1: close_round failed"),
    ],
)
def test_invariant_37_lines_are_masked(line, kept):
    assert discreet(line) == kept


def test_the_log_is_written_by_it():
    named = settings.LOGGING["formatters"]["line"]["()"]
    assert named == f"{DiscreetFormatter.__module__}.{DiscreetFormatter.__name__}"


@pytest.mark.django_db
def test_invariant_37_a_wrong_key_and_a_refused_row_are_not_logged(caplog):
    Client().get("/de/beleg/mein-geheimer-link/")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO participants_notice (key, email) VALUES ('ada', 'Ada Geheim')"
            )
    except IntegrityError:
        logging.getLogger("consult").exception("failed")
    written = "\n".join(map(DiscreetFormatter("%(message)s").format, caplog.records))
    assert "Not Found: /de/beleg/…/" in written
    assert "IntegrityError" in written
    assert "mein-geheimer-link" not in written
    assert "DETAIL: …" in written
