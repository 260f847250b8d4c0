"""What tests of state machines and refusals share: try something, see what was written, undo it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if any row of any table was added, changed or deleted inside."""
    before = every_row()
    yield
    after = every_row()
    assert after == before, f"changed: {sorted(before.symmetric_difference(after))}"


def every_row() -> set[tuple[str, str]]:
    """All rows of our own tables and of the audit log as (table, text); accounts left out."""
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("consult.", "drafts."))
        or model.__name__.endswith("LogEntry")
    ]
    models.remove(get_user_model())
    tables = [model._meta.db_table for model in models]
    parts = [f"SELECT '{table}', row::text FROM {table} AS row" for table in tables]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return set(cursor.fetchall())
