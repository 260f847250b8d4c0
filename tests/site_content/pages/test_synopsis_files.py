import csv
import zipfile
from html import unescape
from io import BytesIO, StringIO

import docx
import openpyxl
import pikepdf
import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Kind, Visibility
from consult.council.models import Decision
from consult.documents.models import Document
from consult.documents.services.making import make_next_document
from consult.evaluation.models import Assignment, Change, Response, Summary, Theme
from consult.intake.models import Invitee, Statement
from consult.intake.states import InviteeAnswer
from consult.participants.models import User
from consult.participants.states import Role
from site_content.pages.presenters.figures import day
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.factories.intake import make_invitee
from tests.factories.synopsis import ARABIC, make_synopsis
from tests.workers.documents.reading import elements, findings, text_of

pytestmark = pytest.mark.django_db
FORMATS = ["pdf", "docx", "xlsx", "csv"]
MARKER = "Zebulonia"


@pytest.fixture
def answered(now):
    return make_synopsis(at=now, name=MARKER)


def file_of(round_, kind: str, query: str = "", *, user=None) -> bytes:
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(reverse("synopsis_file", args=[round_.ref, kind]) + query)
    assert response.status_code == 200
    disposition = "inline" if kind == "pdf" else "attachment"
    assert (
        response["Content-Disposition"] == f'{disposition}; filename="synopse-{round_.ref}.{kind}"'
    )
    return response.content


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sheet_rows(content: bytes, name: str = "Synopse") -> list[dict[str, object]]:
    book = openpyxl.load_workbook(BytesIO(content))
    head, *rows = book[name].iter_rows(values_only=True)
    return [{key: value or "" for key, value in zip(head, row, strict=True)} for row in rows]


def words_in(content: bytes, kind: str) -> str:
    """Everything that a file says, in whatever part of it."""
    if kind == "pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            return text_of(content) + str(dict(pdf.docinfo))
    if kind == "csv":
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        read = [parts.read(name).decode(errors="ignore") for name in parts.namelist()]
    return unescape("\n".join(read))


def check_against_rows(rows: list[dict[str, object]], answered) -> None:
    """Compare a table line by line with the database."""
    themes = list(Theme.objects.filter(round=answered.round).order_by("number"))
    assert [row["Nr."] for row in rows] == [f"{answered.round.ref}-T{t.number}" for t in themes]
    for row, theme in zip(rows, themes, strict=True):
        response = Response.objects.get(theme=theme)
        members = Contribution.objects.filter(
            assignments__theme=theme, assignments__is_current=True, status=Visibility.PUBLISHED
        )
        refs = list(members.order_by("pk").values_list("ref", flat=True))
        assert row["Thema"] == theme.title
        assert row["Abwägung"] == response.reason
        assert row["Entscheidungsvorschlag"] == response.get_outcome_display()
        assert row["Stand der Antwort"] == "veröffentlicht"
        assert row["Federführung"] == response.lead_department.name
        assert int(row["Beiträge"]) == len(refs)
        assert row["Nummern der Beiträge"].split() == refs
        changes = Change.objects.filter(causes__response=response)
        for change in changes:
            assert f"Änderung Nr. {change.position + 1}: {change.place}, Fassung 2" in str(
                row["Wirkung im Text"]
            )
        assert bool(row["Neuer Wortlaut"]) == changes.exists()
        if theme.kind == "single_voice":
            own = Comment.objects.get(contribution=members.get()).comment
            assert str(row["Stellungnahme"]).startswith(own)
        else:
            for summary in Summary.objects.filter(theme=theme, status="released"):
                assert summary.sentences[0]["sentence"] in str(row["Stellungnahme"])


def test_the_tables_hold_what_the_database_holds_row_by_row(answered):
    for rows in (
        sheet_rows(file_of(answered.round, "xlsx")),
        csv_rows(file_of(answered.round, "csv")),
    ):
        check_against_rows(rows, answered)
        assert sum(int(row["Beiträge"]) for row in rows) == Assignment.objects.count() == 17
        courses, arabic = rows[0], rows[3]
        assert "Kita-Elternbeirat Süd" in courses["Von"]
        assert "12 online" in courses["Nach Wegen"]
        assert courses["Nach Nachweis der Person"] == ""
        assert arabic["Stellungnahme"] == ARABIC
        assert arabic["Sprache des Originals"] == "Arabisch"


def test_word_holds_the_same_lines(answered):
    document = docx.Document(BytesIO(file_of(answered.round, "docx")))
    head, *rows = document.tables[-1].rows
    assert [cell.text for cell in head.cells] == [
        "Nr. und Stelle", "Von, Bündel", "Stellungnahme", "Abwägung",
        "Entscheidungsvorschlag und Wirkung im Text", "Federführung und Rat",
    ]  # fmt: skip
    themes = Theme.objects.filter(round=answered.round).order_by("number")
    for row, theme in zip(rows, themes, strict=True):
        where, _who, said, weighed, proposed, led = (cell.text for cell in row.cells)
        response = Response.objects.get(theme=theme)
        assert where.startswith(f"{answered.round.ref}-T{theme.number}\n{theme.title}")
        assert weighed == response.reason
        assert proposed.startswith(response.get_outcome_display())
        assert led.startswith(response.lead_department.name)
        assert said
    assert document.core_properties.title == f"Synopse der Runde {answered.round.ref}"
    assert document.core_properties.language == "de-DE"


def test_the_pdf_can_be_read_by_everybody(answered, tmp_path):
    content = file_of(answered.round, "pdf")
    assert findings(content, tmp_path) == []
    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert str(pdf.docinfo["/Title"]) == f"Synopse der Runde {answered.round.ref}"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.pages[0].mediabox[2] > pdf.pages[0].mediabox[3]
    found = elements(content)
    assert sum(one["kind"] == "TH" and one["scope"] == "Column" for one in found) >= 6
    assert "ar" in {one["language"] for one in found}
    text = text_of(content)
    for theme in answered.themes.values():
        assert f"{answered.round.ref}-T{theme.number}" in text


@pytest.mark.parametrize("kind", FORMATS)
def test_the_filter_the_day_and_the_address_stand_in_the_file(answered, kind):
    content = file_of(answered.round, kind, "?ergebnis=not_adopted")
    said = " ".join(words_in(content, kind).split())
    assert "Behörde" in said
    assert "Abendkurse" not in said
    assert day(timezone.localdate()) in said
    assert "Ergebnis: Nicht übernommen" in said
    address = reverse("synopsis", args=[answered.round.ref]) + "?ergebnis=not_adopted"
    assert address in said.replace("&amp;", "&")


@pytest.mark.parametrize("kind", FORMATS)
def test_nobody_s_name_is_in_any_file(answered, kind):
    """A marker in every field of an account and beside every contribution is nowhere."""
    User.objects.update(first_name=MARKER, last_name=MARKER, pseudonym=MARKER)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{MARKER}{user.pk}@example.org")
    Contribution.objects.exclude(kind=Kind.STATEMENT).update(display_name=MARKER)
    for statement in Statement.objects.all():
        statement.responsible, statement.email = MARKER, f"{MARKER}@example.org"
        statement.save()
    assert not Decision.objects.exists()
    said = words_in(file_of(answered.round, kind), kind)
    assert MARKER.lower() not in said.lower()
    assert "Kurszeiten" in said


def test_no_text_becomes_a_formula(answered):
    words = '=HYPERLINK("https://example.org","x")'
    Comment.objects.filter(contribution__language="ar").update(comment=words)
    Theme.objects.filter(title="Behörde").update(title="@SUMME(1+1)")
    rows = csv_rows(file_of(answered.round, "csv"))
    assert rows[3]["Stellungnahme"] == f"'{words}"
    assert rows[1]["Thema"] == "'@SUMME(1+1)"
    book = openpyxl.load_workbook(BytesIO(file_of(answered.round, "xlsx")))
    cells = [cell for row in book["Synopse"].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert words in [cell.value for cell in cells]


def test_figures_stand_beside_their_meaning(answered):
    rows = sheet_rows(file_of(answered.round, "xlsx"), "Angaben")
    found = {row["Angabe"]: row for row in rows}
    assert found["veröffentlichte Beiträge"]["Wert"] == 17
    assert found["veröffentlichte Beiträge"]["Bedeutung"] == "Beiträge, die alle lesen können."
    assert found["Zeilen zusammen"]["Wert"] == 4
    assert found["Zugesagt, aber ohne Änderung"]["Bedeutung"] == "Wortlaut"


# --- whom the city asked by name -------------------------------------------------------------


@pytest.fixture
def asked(answered, now):
    """Four bodies: one said nothing, one had no remarks, two had some."""
    round_ = answered.round
    parts = Contribution.objects.filter(kind=Kind.STATEMENT)
    make_invitee(round_, "Polizei", at=now)
    make_invitee(round_, "Jobcenter", InviteeAnswer.WITHOUT_REMARKS, at=now)
    make_invitee(round_, "Handwerkskammer", InviteeAnswer.WITH_REMARKS, at=now)
    make_invitee(round_, "Elternbeirat", InviteeAnswer.WITH_REMARKS, at=now, said=parts)
    return answered


@pytest.mark.parametrize("kind", FORMATS)
def test_every_file_says_how_many_were_asked_and_how_many_answered(asked, kind):
    said = " ".join(words_in(file_of(asked.round, kind), kind).split())
    if kind == "csv":
        words = "4 angeschrieben, 3 mit Antwort (1 ohne Anmerkungen, 2 mit Anmerkungen), 1 ohne"
        assert words in said
        return
    assert "angeschriebene Stellen" in said
    for name in ("Polizei", "Jobcenter", "Handwerkskammer", "Elternbeirat"):
        assert name in said
    statement = Statement.objects.get()
    assert reverse("statement", args=[statement.ref]) in (said if kind != "pdf" else linked(asked))
    assert "nicht erfasst" not in said


def linked(asked) -> str:
    with pikepdf.open(BytesIO(file_of(asked.round, "pdf"))) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        return " ".join(str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A)


def test_the_figures_add_up_and_are_those_of_the_rows(asked):
    content = file_of(asked.round, "xlsx")
    found = {row["Angabe"]: row["Wert"] for row in sheet_rows(content, "Angaben")}
    rows = sheet_rows(content, "Angeschrieben")
    assert found["angeschriebene Stellen"] == len(rows) == Invitee.objects.count() == 4
    assert found["davon mit Antwort"] == 3
    assert found["davon ohne Anmerkungen"] + found["davon mit Anmerkungen"] == 3
    assert found["ohne Antwort"] == [row["Antwort"] for row in rows].count("keine Antwort") == 1
    assert {row["Stelle"]: bool(row["geantwortet am"]) for row in rows}["Polizei"] is False


def test_the_pdf_with_a_list_can_be_read_by_everybody(asked, tmp_path):
    assert findings(file_of(asked.round, "pdf"), tmp_path) == []


def test_without_a_list_the_files_say_that_nobody_knows(answered):
    content = file_of(answered.round, "xlsx")
    said = [row["Wert"] for row in sheet_rows(content, "Angaben") if row["Angabe"] == "Was fehlt"]
    assert any("für diese Runde nicht erfasst" in line for line in said)
    assert "Angeschrieben" not in openpyxl.load_workbook(BytesIO(content)).sheetnames


def test_hidden_words_are_gone_from_the_next_file(answered):
    assert ARABIC in file_of(answered.round, "csv").decode()
    Contribution.objects.filter(language="ar").update(status=Visibility.HIDDEN)
    assert ARABIC not in file_of(answered.round, "csv").decode()


def test_before_answers_are_published_files_are_kept_inside(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    found = [make_contribution(round_, at=now, text=f"Kurse {n}.") for n in range(2)]
    closed = make_closed(round_)
    make_theme(found, title="Kurszeiten", actor=actor, at=closed.closes_at)
    for kind in (*FORMATS, "exe"):
        url = reverse("synopsis_file", args=[closed.ref, kind])
        assert Client().get(url).status_code == 404
    client = Client()
    client.force_login(actor)
    response = client.get(reverse("synopsis_file", args=[closed.ref, "csv"]))
    assert response["Cache-Control"] == "private, no-store"
    assert csv_rows(response.content)[0]["Vermerk"] == "Arbeitsstand, nicht öffentlich"


def test_the_whole_table_is_stored_as_long_as_it_holds(answered, monkeypatch):
    first = file_of(answered.round, "csv")
    stored = Document.objects.get(kind="synopsis", format="csv")
    assert file_of(answered.round, "csv") == first
    assert Document.objects.get(kind="synopsis", format="csv").made_at == stored.made_at
    file_of(answered.round, "csv", "?ergebnis=adopted")
    assert Document.objects.count() == 1
    monkeypatch.setattr("site_content.pages.views.synopsis.LINES_AT_ONCE", 2)
    url = reverse("synopsis_file", args=[answered.round.ref, "docx"])
    waiting = Client().get(url)
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "30")
    assert "Die Datei wird erstellt" in waiting.content.decode()
    while make_next_document():
        pass
    assert Client().get(url)["Content-Type"].endswith("wordprocessingml.document")


def test_links_name_type_and_size_of_stored_files(answered):
    address = reverse("synopsis", args=[answered.round.ref])
    size = filesizeformat(len(file_of(answered.round, "csv")))
    page = unescape(Client().get(address + "?seite=1").content.decode()).replace("\xa0", " ")
    assert f">Tabelle (CSV), {size}</a>".replace("\xa0", " ") in page
    assert ">Excel (XLSX)</a>" in page
    chosen = unescape(Client().get(address + "?ergebnis=adopted").content.decode())
    assert ">Tabelle (CSV)</a>" in chosen
