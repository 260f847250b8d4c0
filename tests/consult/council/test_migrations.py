"""What becomes of rows that an older version has written."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import make_concept, make_edition
from tests.factories.council import make_paper

pytestmark = pytest.mark.django_db
BEFORE = [("council", "0002_items_route_and_group_votes")]
AFTER = [("council", "0003_meetings")]


def turn_to(state):
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    return executor.loader.project_state(state).apps


def test_days_on_steps_become_meetings_and_back(now):
    edition = make_edition(make_concept(), at=now)
    first, second = make_paper(edition), make_paper(edition, effect="none")
    older = turn_to(BEFORE).get_model("council", "RouteStep")
    older.objects.filter(authoritative=False).update(meeting_on=date(2027, 3, 1))
    older.objects.filter(paper=first.pk, authoritative=False).update(status="held")
    older.objects.filter(paper=second.pk, authoritative=True).update(meeting_on=date(2027, 3, 9))
    newer = turn_to(AFTER)
    rows = newer.get_model("council", "Meeting").objects.order_by("day")
    assert [(row.day.day, row.status, row.agenda.count()) for row in rows] == [
        (1, "held", 2), (9, "scheduled", 1),
    ]  # fmt: skip
    again = turn_to(BEFORE).get_model("council", "RouteStep").objects
    assert again.filter(meeting_on=date(2027, 3, 1)).count() == 2


def test_lines_of_alternatives_become_rows_and_lines_again(now):
    paper = make_paper(make_edition(make_concept(), at=now))
    before = [("council", "0009_motions_on_parts_of_a_place")]
    older = turn_to(before).get_model("council", "Paper").objects
    assert older.get(pk=paper.pk).alternatives == "Nichts tun.: Dann gilt, was bisher gilt."
    older.update(alternatives="Später beschließen: Dann fehlt ein Jahr.\n\nNichts tun\n")
    newer = turn_to([("council", "0010_alternatives_and_options_with_costs")])
    rows = newer.get_model("council", "Alternative").objects.order_by("position")
    assert list(rows.values_list("text", "follows", "yearly")) == [
        ("Später beschließen", "Dann fehlt ein Jahr.", None), ("Nichts tun", "", None),
    ]  # fmt: skip
