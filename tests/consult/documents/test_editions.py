"""Files of editions: the whole text, in every language that was released, and how it came about."""

import csv
import json
import subprocess
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from zipfile import ZipFile

import docx
import pytest
from django.utils import timezone, translation
from lxml import etree

from consult.contributions.states import Rule
from consult.council.services.decisions import confirm_decision
from consult.council.states import ItemOutcome
from consult.documents.models import Document
from consult.documents.services.editions import (
    AKOMA_NTOSO,
    ARCHIVE,
    REPORT,
    TEXT,
    edition_document,
    offers_of,
    queue_edition_documents,
)
from consult.documents.services.kinds import kind_named
from consult.documents.services.making import current_document, made_now
from consult.documents.services.participation import participation_report
from consult.documents.states import DocumentStatus
from consult.evaluation.states import Outcome
from consult.participants.states import Role
from consult.rounds.services import set_round_status
from consult.rounds.states import RoundStatus
from drafts.concept.models import SectionPage
from drafts.editions.documents import document_languages
from drafts.editions.models import Edition, EditionGoal, EditionMeasure
from drafts.editions.selectors import section_data
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.document import make_concept, make_edition
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.factories.intake import make_invitee
from tests.factories.versions import make_released_version
from tests.workers.documents.material import schema
from tests.workers.documents.reading import findings, text_of
from workers.documents.akoma_ntoso import read_akoma_ntoso
from workers.documents.parts import Facts, Goal, Heading, Note, Paragraph, Table, plain
from workers.documents.pdf import pdf_of
from workers.jobs.documents import make_documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(now) -> Edition:
    return make_edition(make_concept(sections=2, goals=2), at=now, title="Zusammen leben")


def words_of(document) -> str:
    return pdf_words(pdf_of(document))


def pdf_words(content: bytes) -> str:
    return " ".join(text_of(content).split())


def test_pdf_of_an_edition_holds_the_text_and_passes_the_checker(edition, tmp_path):
    document = edition_document(edition, "de")
    content = pdf_of(document)
    assert findings(content, tmp_path) == []
    words = pdf_words(content)
    for said in (
        "Zusammen leben", "Fassung 1", "Erster Absatz von 2.", "Wortlaut von Ziel 2.2.",
        "Maßnahme zu 1.1", "jährlich 12.000", "Wie dieser Text entstanden ist",
        "Entwurf des Amtes", "noch nicht entschieden",
    ):  # fmt: skip
        assert said in words, said
    assert edition.content_hash[:32] in words.replace(" ", "")


def test_goals_and_measures_of_the_word_file_are_those_of_the_database(edition, now):
    row = made_now(TEXT, str(edition.pk), "de", "docx", at=now)
    file = docx.Document(BytesIO(bytes(row.content)))
    goals = [p.text for p in file.paragraphs if p.style.name == "Heading 2" and "Ziel" in p.text]
    expected = EditionGoal.objects.filter(edition=edition).order_by("section__position", "position")
    assert goals == [f"Ziel {goal.number}" for goal in expected]
    wordings = [goal.texts.get(language="de").content["wording"] for goal in expected]
    texts = [p.text for p in file.paragraphs]
    assert [text for text in texts if text in wordings] == wordings
    tables = [t for t in file.tables if t.rows[0].cells[1].text == "Maßnahme"]
    numbers = [row.cells[0].text for table in tables for row in table.rows[1:]]
    measures = EditionMeasure.objects.filter(edition=edition).order_by(
        "goal__section__position", "goal__position", "position"
    )
    assert numbers == [measure.number for measure in measures]


def test_draft_says_so_on_every_page_and_an_adopted_text_does_not(edition):
    assert edition_document(edition, "de").mark == "Entwurf"
    edition.status, edition.in_force_on = "in_force", timezone.localdate(edition.sealed_at)
    document = edition_document(edition, "de")
    assert document.mark == ""
    assert ("In Kraft seit", "10. Februar 2027") in document.facts


def test_what_a_language_lacks_stands_in_german_and_says_so(edition, now):
    section = SectionPage.objects.filter(locale__language_code="de").first()
    make_released_version(edition, section, "tr", at=now)
    assert document_languages(edition) == ["de", "tr"]
    document = edition_document(edition, "tr")
    assert document.language == "tr"
    notes = [part for part in document.body if isinstance(part, Note)]
    assert notes
    headings = [part for part in document.body if isinstance(part, Heading) and part.level == 1]
    assert [one.language for one in headings][:2] == ["", "de"]
    german = [
        part for part in document.body if isinstance(part, Paragraph | Goal) and part.language
    ]
    texts = [plain(p.text if isinstance(p, Paragraph) else p.wording) for p in german]
    with translation.override("tr"):
        mark = translation.gettext("[auf Deutsch]")
    assert texts
    assert all(text.startswith(mark) for text in texts)


def test_council_resolution_and_rounds_stand_in_the_record(now):
    round_ = make_open_round(at=now, edition=make_edition(make_concept(), at=now))
    contribution = make_contribution(round_, at=now)
    make_closed(round_)
    coordination = make_staff(Role.COORDINATION)
    theme = make_theme([contribution], title="Kurse am Abend", actor=coordination, at=now)
    make_answer(theme, outcome=Outcome.ADOPTED, actor=coordination, at=now)
    set_round_status(round_=round_, status=RoundStatus.ANSWERED, actor=coordination)
    paper = make_submitted(make_paper(round_.edition), at=now)
    decision = make_decision(
        paper.route.last(), ItemOutcome.ADOPTED, at=now, resolution_number="B 17/2027"
    )
    tables = [part for part in edition_document(round_.edition, "de").body if part_is(part)]
    rounds, decisions = tables[-2:]
    assert [plain(cell) for cell in rounds.rows[0]][3:] == ["1", "1", "1"]
    assert plain(rounds.rows[0][0]).startswith(round_.ref)
    shown = [plain(cell) for cell in decisions.rows[0]]
    assert shown[2] == paper.reference
    assert shown[4] == "beschlossen (vorläufig, Niederschrift steht aus)"
    assert shown[5] == "B 17/2027"
    confirm_decision(
        decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now + timedelta(days=3)
    )
    decisions = [p for p in edition_document(round_.edition, "de").body if part_is(p)][-1]
    assert plain(decisions.rows[0][4]) == "beschlossen"


def part_is(part) -> bool:
    return isinstance(part, Table) and bool(part.caption)


def test_report_counts_and_hides_small_groups(now, tmp_path):
    round_ = make_open_round(at=now, edition=make_edition(make_concept(sections=2), at=now))
    spoken = [make_contribution(round_, at=now) for _n in range(3)]
    make_invitee(round_, "Polizei", at=now)
    assert participation_report(round_.edition) is None
    make_closed(round_)
    coordination = make_staff(Role.COORDINATION)
    theme = make_theme(spoken, title="Kurse", actor=coordination, at=now)
    assert "angeschrieben" not in words_of(participation_report(round_.edition))
    make_answer(theme, outcome=Outcome.ADOPTED, actor=coordination, at=now)
    report = participation_report(round_.edition)
    words = words_of(report)
    for said in (
        round_.scope,
        "Kurse",
        "eingegangen3",
        "ohne Antwort1",
        "Wozu niemand geschrieben hat",
    ):
        assert " ".join(said.split()) in words, said
    assert "Abschnitt 2" in words
    assert "Wie die Person bekannt ist" not in words
    assert str(Rule.HATE.label) not in words
    assert findings(pdf_of(report), tmp_path) == []
    assert current_document(REPORT, str(round_.edition.pk), "de", "docx") is None


def test_archive_can_be_checked_and_is_the_same_each_time(edition, now, tmp_path):
    row = made_now(ARCHIVE, str(edition.pk), "de", "zip", at=now)
    content = bytes(row.content)
    ZipFile(BytesIO(content)).extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {
        "SHA256SUMS", "LIESMICH.txt", "de/konzept.pdf", "de/konzept.docx", "de/konzept.html",
        "de/konzept.md", "de/konzept.xml", "daten/konzept-de.json", "daten/ziele.csv", "daten/massnahmen.csv",
    }  # fmt: skip
    assert json.loads((tmp_path / "daten/konzept-de.json").read_text()) == json.loads(
        json.dumps(section_data(edition))
    )
    rows = list(
        csv.reader(StringIO((tmp_path / "daten/ziele.csv").read_text("utf-8-sig")), delimiter=";")
    )
    assert [row[0] for row in rows[1:]] == ["1.1", "1.2", "2.1", "2.2"]
    Document.objects.all().delete()
    again = made_now(ARCHIVE, str(edition.pk), "de", "zip", at=now)
    assert again.sha256 == sha256(content).hexdigest()
    readme = (tmp_path / "LIESMICH.txt").read_text()
    assert edition.content_hash in readme


def test_akoma_ntoso_is_valid_and_reads_back_as_the_text_of_the_edition(edition, now):
    row = made_now(AKOMA_NTOSO, str(edition.pk), "de", "xml", at=now)
    content = bytes(row.content)
    schema().assertValid(etree.fromstring(content))
    found = read_akoma_ntoso(content)
    assert found.sections == section_data(edition)
    assert (found.number, found.content_hash) == (1, edition.content_hash)


def test_worker_makes_all_files_of_a_sealed_edition_once(edition):
    make_documents()
    rows = Document.objects.filter(subject=str(edition.pk))
    assert {row.status for row in rows} == {DocumentStatus.DONE}
    assert {(row.kind, row.format) for row in rows} == {
        (offer.kind, offer.format) for offer in offers_of(edition)
    }
    before = set(rows.values_list("pk", "made_at"))
    make_documents()
    assert set(rows.values_list("pk", "made_at")) == before


def test_change_of_status_asks_for_the_files_again(edition, now):
    later = timezone.now() + timedelta(minutes=1)
    queue_edition_documents(at=later)
    Document.objects.all().delete()
    queue_edition_documents(at=later)
    first = Document.objects.count()
    assert first == len(offers_of(edition))
    requested = set(Document.objects.values_list("requested_at", flat=True))
    queue_edition_documents(at=later + timedelta(minutes=1))
    assert set(Document.objects.values_list("requested_at", flat=True)) == requested


def test_queries_do_not_grow_with_the_text(now, django_assert_max_num_queries):
    large = make_edition(make_concept(sections=6, goals=4), at=now)
    with django_assert_max_num_queries(20):
        kind_named(TEXT).says(str(large.pk), "de")


def test_goal_names_its_facts(edition):
    body = edition_document(edition, "de").body
    assert any(isinstance(part, Goal) and part.label == "Ziel 1.1" for part in body)
    assert any(isinstance(part, Facts) for part in body)
