"""Tables with many contributions: each row is taken or reported, once, by two people."""

from datetime import timedelta

import pytest

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import UnableToComment
from consult.contributions.states import Channel, Visibility
from consult.evaluation.selectors import ledger_sums
from consult.intake.models import Import, OfflineNote, StoredFile
from consult.intake.selectors import ORIGINALS_KEPT
from consult.intake.services import imports
from consult.intake.services.imports import (
    ImportStepRefused,
    approve_import,
    discard_import,
    hand_over_import,
    return_import,
    run_next_import,
    set_columns,
)
from consult.intake.services.occasions import clear_originals
from consult.intake.services.preview import preview_of
from consult.intake.services.tables import TableRefused
from consult.intake.states import ImportStatus
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.consult.intake.surveys import as_csv, as_xlsx, survey
from tests.factories import make_resident, make_staff
from tests.factories.intake import make_table
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
SMALL = "Beitrag;Ziel;ID\nMehr Bänke;1.1;a\nMehr Busse;1;b\n;1;c\n".encode()


@pytest.fixture
def second(db):
    return make_staff(Role.MODERATION, name="Zweite")


def approved(table: Import, second, now) -> Import:
    hand_over_import(table=table, actor=table.uploaded_by)
    return approve_import(table=table, actor=second, at=now)


@pytest.mark.parametrize("write", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_the_40_broken_rows_of_a_survey_of_3000_are_reported(round_, now, write):
    rows, faults = survey(now)
    assert (len(rows), len(faults)) == (3_000, 40)
    table = make_table(round_, write(rows), at=now)
    reported = {row.row.number: row.reasons for row in preview_of(table).rejected}
    assert reported == {number: (code,) for number, code in faults.items()}


@pytest.mark.parametrize("write", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_a_survey_is_imported_without_its_broken_rows(round_, now, second, write):
    every, faults = survey(now)
    # All broken rows and every twelfth of the others.
    rows = [row for row in range(len(every)) if row + 2 in faults or row % 12 == 0]
    broken = [place for place, row in enumerate(rows, start=2) if row + 2 in faults]
    table = make_table(round_, write([every[row] for row in rows]), at=now)
    approved(table, second, now)
    assert not Contribution.objects.exists()
    while run_next_import(clock=lambda: now):
        pass
    table.refresh_from_db()
    taken = len(rows) - 40
    assert (table.status, table.total, table.taken) == (ImportStatus.DONE, len(rows), taken)
    assert [row["row"] for row in table.rejected] == broken
    assert ledger_sums(round_)["received"] == taken
    found = Contribution.objects.all()
    assert set(found.values_list("channel", "status")) == {(Channel.SURVEY, Visibility.PUBLISHED)}
    assert not OfflineNote.objects.exclude(checked_by=second).exists()


def test_a_preview_writes_nothing(round_, now):
    table = make_table(round_, SMALL, at=now)
    with nothing_written():
        preview = preview_of(table)
    assert [row.reasons for row in preview.rows] == [(), (), ("no_text",)]
    assert table.columns == {"text": 0, "section": 1, "id": 2}


def test_who_read_a_table_in_does_not_check_it(round_, now, second):
    table = make_table(round_, SMALL, at=now)
    with pytest.raises(NotPermitted):
        approve_import(table=table, actor=second, at=now)
    hand_over_import(table=table, actor=table.uploaded_by)
    with pytest.raises(NotPermitted), nothing_written():
        approve_import(table=table, actor=table.uploaded_by, at=now)
    back = return_import(table=table, reason="Falsche Spalte.", actor=second)
    assert (back.status, back.return_reason) == (ImportStatus.UPLOADED, "Falsche Spalte.")


def test_residents_read_no_table_in(round_, now):
    for nobody in (make_resident(), make_staff(Role.EDITOR)):
        with pytest.raises(NotPermitted):
            make_table(round_, SMALL, at=now, actor=nobody)


def test_the_same_file_is_recognised_until_it_is_discarded(round_, now):
    table = make_table(round_, SMALL, at=now)
    with pytest.raises(ImportStepRefused) as refused:
        make_table(round_, SMALL, at=now)
    assert (refused.value.code, refused.value.former) == ("known", table)
    discard_import(table=table, actor=table.uploaded_by, at=now)
    assert not StoredFile.objects.filter(table=table).exists()
    make_table(round_, SMALL, at=now)


def test_a_row_that_came_in_with_another_file_is_reported(round_, now, second):
    approved(make_table(round_, SMALL, at=now), second, now)
    assert run_next_import(clock=lambda: now)
    other = make_table(round_, SMALL + b"Mehr Kurse;1;d\n", at=now)
    assert [row.reasons for row in preview_of(other).rows] == [
        ("known_id",), ("known_id",), ("no_text",), (),
    ]  # fmt: skip


def test_a_worker_that_is_stopped_half_way_leaves_the_rest_to_the_next(
    round_, now, second, monkeypatch
):
    monkeypatch.setattr(imports, "BATCH", 2)
    lines = [f"Beitrag {n};1;{n}" for n in range(7)]
    table = approved(
        make_table(round_, "\n".join(["Text;Ziel;ID", *lines]).encode(), at=now), second, now
    )
    taken = imports._take

    def stops(table, row, at):
        if row.row.number == 5:
            raise OSError("gone")
        taken(table, row, at)

    monkeypatch.setattr(imports, "_take", stops)
    assert run_next_import(clock=lambda: now)
    table.refresh_from_db()
    # The second batch was given back whole, the first one stands.
    assert (table.next_row, table.taken, table.error) == (2, 2, "OSError")
    assert Contribution.objects.count() == 2
    assert not run_next_import(clock=lambda: now)
    monkeypatch.setattr(imports, "_take", taken)
    assert run_next_import(clock=lambda: now + timedelta(hours=1))
    table.refresh_from_db()
    assert (table.status, table.taken, table.error) == (ImportStatus.DONE, 7, "")
    texts = Contribution.objects.values_list("comment_row__comment", flat=True)
    assert sorted(texts) == [f"Beitrag {n}" for n in range(7)]


def test_columns_can_be_chosen_and_a_default_section(round_, now):
    table = make_table(round_, b"Was;Wo\nMehr Busse;\n", at=now)
    with pytest.raises(ImportStepRefused, match="no_text_column"):
        hand_over_import(table=table, actor=table.uploaded_by)
    section = round_.edition.sections.first().wid
    table = set_columns(
        table=table, columns={"text": 0}, default_section=section, actor=table.uploaded_by
    )
    [row] = preview_of(table).rows
    assert (row.reasons, row.taken.section_wid) == ((), section)


def test_a_table_without_any_good_row_is_not_handed_over(round_, now):
    table = make_table(round_, b"Text;Ziel\nMehr Busse;99\n", at=now)
    with pytest.raises(ImportStepRefused, match="nothing_to_take"):
        hand_over_import(table=table, actor=table.uploaded_by)


def test_what_is_said_of_a_row_does_not_keep_it_out(round_, now):
    lines = "Text;Ziel;Art;Sprache;Datum\nGleich;1;egal;klingonisch;10.02.2027\nGleich;1;;;\n"
    rows = preview_of(make_table(round_, lines.encode(), at=now)).rows
    assert [row.reasons for row in rows] == [(), ()]
    assert rows[0].notes == ("unknown_stance", "unknown_language", "same_text")


def test_the_file_goes_after_its_term_and_the_sums_stay(round_, now, second):
    table = approved(make_table(round_, SMALL, at=now), second, now)
    run_next_import(clock=lambda: now)
    assert clear_originals(at=now + ORIGINALS_KEPT - timedelta(seconds=1)) == 0
    assert clear_originals(at=now + ORIGINALS_KEPT) == 1
    table.refresh_from_db()
    assert (table.file, table.rejected, table.taken) == (None, [], 2)
    assert clear_originals(at=now + ORIGINALS_KEPT) == 0


def test_a_day_outside_the_round_refuses_the_whole_occasion(round_, now):
    with pytest.raises(UnableToComment, match="outside_window"):
        make_table(round_, SMALL, at=now - timedelta(days=300))


def test_a_file_that_is_no_table_is_refused_before_anything_is_kept(round_, now):
    with pytest.raises(TableRefused), nothing_written():
        make_table(round_, b"%PDF-1.7\x00\x01\x02", at=now)
