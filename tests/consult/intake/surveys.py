"""A survey of 3,000 rows of which 40 are broken, as a city gets it from its schools."""

import csv
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

from openpyxl import Workbook

HEADER = ["ID", "Datum", "Ziel", "Ihr Beitrag", "Sprache", "Postleitzahl"]
TOPICS = ["Bänke", "Busse am Abend", "Deutschkurse am Samstag", "Plätze in der Kita", "Sporthallen"]
ROWS = 3_000
TWIN = 5  # the row whose number others carry too, and is therefore no better than they are


def _broken_cells(now: datetime) -> dict[str, tuple[int, object]]:
    """What is wrong with a row: the code of the reason, the cell and what stands there."""
    return {
        "no_text": (3, "   "),
        "too_long": (3, "x" * 5_001),
        "unknown_section": (2, "99.9"),
        "double_id": (0, TWIN + 1),
        "unreadable": (3, "Das war \N{REPLACEMENT CHARACTER}rgerlich."),
        "outside_window": (1, now.date() - timedelta(days=2_000)),
        "bad_date": (1, "irgendwann"),
    }


def survey(now: datetime) -> tuple[list[list[object]], dict[int, str]]:
    """The rows below the header, and the code of what is wrong by row number (header is row 1).

    Four rows are empty, five are wrong in each of seven ways, and one has twins: 40 in all.
    """
    rows = [_good(number, now) for number in range(ROWS)]
    faults = {TWIN + 2: "double_id"}
    places = iter(range(7, ROWS, 73))
    for place, _number in zip(places, range(4), strict=False):
        rows[place] = [None] * len(HEADER)
        faults[place + 2] = "empty"
    for code, (cell, wrong) in _broken_cells(now).items():
        for _number in range(5):
            place = next(places)
            rows[place][cell] = wrong
            faults[place + 2] = code
    return rows, faults


def as_csv(rows, *, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """The survey as a file with a comma, semicolon or tab between the cells."""
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([_day(cell) for cell in row])
    return file.getvalue().encode(encoding)


def as_xlsx(rows) -> bytes:
    """The survey as a workbook with real dates and numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Antworten")
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _good(number: int, now: datetime) -> list[object]:
    text = f"Zu {TOPICS[number % 5]} habe ich eine Bitte, Bogen {number}: Das fehlt bei uns."
    return [number + 1, now.date(), "1.1" if number % 3 else "1", text, "deutsch", "63128"]


def _day(cell: object) -> object:
    return cell.strftime("%d.%m.%Y") if isinstance(cell, date) else cell
