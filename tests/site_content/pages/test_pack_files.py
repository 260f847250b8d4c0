"""The pack to take along: the page's words and figures, its date, nothing that is not public."""

import re
from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consult.contributions.models import Contribution, ContributionTranslation
from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure
from consult.council.debate import goal_place, item_place
from consult.council.models import (
    Body,
    GroupVote,
    Meeting,
    MotionGroupVote,
    PackQuestion,
    Paper,
)
from consult.council.services.annexes import add_annex, name_prior_resolution, state_finance
from consult.council.services.debate import mark_for_debate
from consult.council.services.decisions import confirm_decision
from consult.council.services.items import change_item
from consult.council.services.papers import change_paper
from consult.council.services.procedural import record_procedural_motion
from consult.council.services.questions import answer_question
from consult.council.services.route import schedule_step, set_step_status
from consult.council.states import (
    Effect,
    Funding,
    ItemOutcome,
    Position,
    ProceduralKind,
    ProceduralResult,
    Publicity,
    StepStatus,
)
from consult.documents.services.editions import REPORT
from consult.documents.services.making import made_now
from consult.participants.states import Role
from consult.records.services.erasing import erase_contribution
from drafts.actionplan.states import DutyKind
from site_content.pages.presenters.pack_documents import said_of
from tests.factories import make_staff
from tests.factories.council import (
    make_decision,
    make_heard_edition,
    make_member,
    make_paper,
    make_question,
    make_submitted,
)
from tests.factories.motions import make_group, make_motion, make_vote
from tests.site_content.pages.test_council import words
from tests.workers.documents.reading import elements, findings, text_of

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r"\d[\d.,]*\d|\d")


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def paper(now) -> Paper:
    actor = make_staff(Role.COORDINATION)
    return make_submitted(make_paper(make_heard_edition(at=now, actor=actor)), at=now)


def page(paper: Paper) -> str:
    return Client().get(reverse("paper", args=[paper.pk])).content.decode()


def pdf(paper: Paper, client: Client | None = None) -> bytes:
    response = (client or Client()).get(reverse("pack_pdf", args=[paper.pk]))
    assert response["Content-Type"] == "application/pdf"
    return response.content


def said(content: bytes) -> str:
    """The words of a PDF in one line, with words joined that were divided at a line's end."""
    return re.sub(r"\s+", " ", re.sub(r"[\u00ad\u2010-]\n", "", text_of(content)))


def html(paper: Paper) -> str:
    return Client().get(reverse("pack_file", args=[paper.pk])).content.decode()


def talked_about(paper: Paper, office, now) -> None:
    """A mark, an answered question, a vote with a condition, an open question."""
    goal = goal_place(paper.edition.goals.order_by("position")[1].wid)
    mark_for_debate(paper=paper, place=goal, actor=make_member("Offene Liste"), at=now)
    question = make_question(paper, asker=make_member("Alle"), at=now, text="Reicht das?")
    answer_question(question=question, answer="Bis zum Jahr 2031.", actor=office, at=now)
    make_question(paper, asker=make_member("Alle"), at=now, text="Noch geheim?")
    make_decision(
        paper.route.order_by("position").first(),
        ItemOutcome.ADOPTED,
        at=now,
        votes="9 zu 4",
        conditions="Wenn 120.000 Euro im Haushalt stehen.",
    )


def test_the_pdf_is_accessible(paper, office, now, tmp_path):
    talked_about(paper, office, now)
    content = pdf(paper)
    assert findings(content, tmp_path) == []
    with pikepdf.open(BytesIO(content)) as file:
        assert str(file.docinfo.Title) == paper.title
        assert str(file.Root.Lang) == "de"
    kinds = [one["kind"] for one in elements(content)]
    assert kinds.count("H1") == 7  # six blocks, and what the figures mean
    assert kinds.count("BlockQuote") == 2
    assert {"Table", "TH", "L"} <= set(kinds)


def test_what_stands_above_a_part_is_a_heading_and_so_stays_with_it(paper, office, now):
    talked_about(paper, office, now)
    headings = [one for one in elements(pdf(paper)) if one["kind"] == "H3"]
    assert {"Dafür", "Bedenken"} <= {one["title"] for one in headings}


def test_pdf_and_file_hold_every_figure_of_the_page(paper, office, now):
    talked_about(paper, office, now)
    shown = page(paper)
    start = shown.index('<div class="pack">')
    blocks = words(shown[start : shown.index("</main>")])
    figures = set(FIGURE.findall(blocks))
    assert {"52", "24", "67", "120.000", "2031"} <= figures
    for copy in (said(pdf(paper)), words(html(paper))):
        assert figures - set(FIGURE.findall(copy)) == set()


def test_pdf_and_file_say_what_the_page_says(paper, office, now):
    talked_about(paper, office, now)
    for copy in (said(pdf(paper)), words(html(paper))):
        for sentence in (
            "Das Konzept wird beschlossen.",
            "Nichts tun.",
            "Das ist gut.",
            "Das ist teuer.",
            "A: 67 % von 60, B: 33 % von 36",
            "1 Mitglied möchte hierzu sprechen: Offene Liste",
            "Reicht das?",
            "Bis zum Jahr 2031.",
            "Wenn 120.000 Euro im Haushalt stehen.",
            "9 zu 4",
            "Dafür fehlt im Haushalt das Geld.",
            "kein Abbild der Stadt",
            "3 eingegangen = 3 veröffentlicht",
        ):
            assert sentence in copy, sentence
        assert "Noch geheim?" not in copy


def test_every_page_of_the_pdf_carries_its_date_and_address(paper, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://stadt.example"
    content = pdf(paper)
    with pikepdf.open(BytesIO(content)) as file:
        number = len(file.pages)
    text = said(content)
    assert number >= 2
    dated = re.findall(r"Stand \d+\. \w+ \d{4}, \d\d:\d\d Uhr · die aktuelle Mappe", text)
    assert len(dated) == number
    assert text.count(f"unter stadt.example/de/rat/{paper.pk}/") == number


def test_the_file_needs_nothing_else(paper, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://stadt.example"
    response = Client().get(reverse("pack_file", args=[paper.pk]))
    text = response.content.decode()
    assert (
        response["Content-Disposition"] == f'attachment; filename="beschlussmappe-{paper.pk}.html"'
    )
    assert "<script" not in text
    assert "<form" not in text
    assert "csrf" not in text
    assert not re.findall(r"<(?:link|img|iframe|object|embed|source|audio|video)\b", text)
    assert not re.findall(r"url\((?!['\"]?data:)", text)
    assert "@import" not in text
    addresses = set(re.findall(r'(?:href|src)="([^"]*)"', text))
    assert {
        found for found in addresses if not found.startswith(("#", "https://stadt.example/"))
    } == set()
    anchors = {found[1:] for found in addresses if found.startswith("#")}
    assert {name for name in anchors if f'id="{name}"' not in text} == set()
    assert "Das ist eine gespeicherte Kopie." in text
    assert "Stand " in text


def test_words_cannot_add_an_address_to_the_file(paper, now, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://stadt.example"
    Paper.objects.update(summary='Ein " href="/boese" und <a href="/boese">Haken</a>.')
    text = html(paper)
    assert "stadt.example/boese" not in text
    assert "<a href=&quot;/boese" not in text
    assert "&lt;a href=" in text


def test_what_belongs_to_the_paper_stands_in_the_copies(office, now):
    by = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=by))
    change_paper(paper=draft, actor=by, if_rejected="Dann fehlen 14 Ziele.")
    name_prior_resolution(
        paper=draft, reference="§ 288", title="Auftrag", decided_on=date(2026, 2, 12), actor=by
    )
    state_finance(
        paper=draft, yearly=20_777, posts=Decimal("1.5"), funding=Funding.PARTLY, actor=by,
        proviso="Vorbehaltlich des Haushalts 2028.",
    )  # fmt: skip
    add_annex(paper=draft, title="Plan", name="a.pdf", content=b"%PDF-1.7", actor=by, at=now)
    item = draft.items.get()
    change_item(
        item=item, text=item.text, effect=Effect.ADOPT_EDITION, actor=by, duty=DutyKind.REPORT,
        duty_months=36, duty_to=Body.objects.get(name="Stadtverordnetenversammlung"),
    )  # fmt: skip
    paper = make_submitted(draft, at=now)
    hearing, deciding = paper.route.order_by("position").select_related("paper")
    make_decision(hearing, ItemOutcome.ADOPTED, at=now)
    record_procedural_motion(
        step=hearing, kind=ProceduralKind.WITHOUT_VOTE, result=ProceduralResult.REJECTED,
        moved_by="Offene Liste", votes="3 zu 8", actor=office, at=now,
    )  # fmt: skip
    decision = make_decision(
        deciding, ItemOutcome.ADOPTED, at=now, resolution_number="8782", conditions="Unter 5 %."
    )
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    shown = page(paper)
    blocks = words(shown[shown.index('<div class="pack">') : shown.index("</main>")])
    for copy in (blocks, words(html(paper)), said(pdf(paper))):
        for sentence in (
            "Dann fehlen 14 Ziele.", "§ 288", "20.777", "1,5", "Vorbehaltlich des Haushalts 2028.",
            "Weitere Anlage 1: Plan", "3 zu 8", "Beschluss 8782", "Unter 5 %.", "36 Monate",
            "Die Vorlage nennt andere Beträge", "Berichte, die der Rat verlangt hat",
        ):  # fmt: skip
            assert sentence in copy, sentence
        assert set(FIGURE.findall(blocks)) - set(FIGURE.findall(copy)) == set()


def test_motions_stand_in_the_copies_and_at_their_goal(paper, now):
    goal = paper.edition.goals.order_by("position").first()
    motion = make_motion(paper, goal.wid, at=now, text="Ein ganz anderer Wortlaut.")
    shown = page(paper)
    contested = shown[shown.index(f'id="ziel-{goal.wid}"') :]
    assert f'href="#ae-{motion.number}"' in contested[: contested.index("</article>")]
    content = pdf(paper)
    for copy in (words(html(paper)), said(content)):
        assert f"{motion.name}: Anders fassen" in copy
    assert "ganz anderer" in said(content)
    kinds = [one["kind"] for one in elements(content)]
    assert kinds.count("H1") == 8


# --- what was hidden, erased, is not public ----------------------------------------------------


def test_a_hidden_quote_is_gone_from_page_file_and_next_pdf(paper, now):
    found = Contribution.objects.get(comment_row__comment="Das ist teuer.")
    for copy in (page(paper), html(paper), said(pdf(paper))):
        assert "Das ist teuer." in copy
    decide(
        contribution=found, measure=Measure.HIDE, rule="R1", reason="Verletzt eine Regel.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    client = Client(headers={"cookie": "sessionid=none"})
    for name in ("paper", "pack_file", "pack_pdf"):
        content = client.get(reverse(name, args=[paper.pk])).content
        copy = said(content) if name == "pack_pdf" else content.decode()
        assert "Das ist teuer." not in copy
        assert found.ref not in copy


def test_erased_words_are_gone_also_where_a_question_quoted_them(paper, office, now):
    found = Contribution.objects.get(comment_row__comment="Das ist teuer.")
    long = "Das wird am Ende viel teurer als alle hier im Rathaus glauben wollen."
    found.comment_row.comment = long
    found.comment_row.save()
    question = make_question(paper, asker=make_member("Alle"), at=now, text=f"Stimmt „{long}“?")
    answer_question(question=question, answer=f"Nein: {long}", actor=office, at=now)
    assert "teurer als alle" in html(paper)
    erase_contribution(contribution=found, actor=None, at=now)
    for copy in (page(paper), html(paper), said(pdf(paper))):
        assert "teurer als alle" not in copy
    assert "teurer als alle" not in str(PackQuestion.objects.values())


def test_what_is_not_public_is_in_no_copy(paper, office, now):
    hearing = paper.route.order_by("position").first()
    schedule_step(
        step=hearing, meeting_on=now.date(), agenda_item="TOP 7 geheim",
        publicity=Publicity.NON_PUBLIC, actor=office,
    )  # fmt: skip
    hearing = set_step_status(
        step=hearing, status=StepStatus.HELD, actor=office, result="Hinter verschlossener Tür."
    )
    make_decision(
        hearing, ItemOutcome.REJECTED, at=now, conditions="Geheime Bedingung.", votes="1 zu 8"
    )
    for copy in (page(paper), html(paper), said(pdf(paper))):
        for secret in ("geheim", "verschlossener", "Geheime", "1 zu 8"):
            assert secret not in copy


def test_quotes_in_arabic_are_marked_and_readable(paper):
    found = Contribution.objects.get(comment_row__comment="Das ist gut.")
    Contribution.objects.filter(pk=found.pk).update(language="ar")
    found.comment_row.comment = "هذا جيد جدا"
    found.comment_row.save()
    assert 'lang="ar" dir="rtl"' in html(paper)
    content = pdf(paper)
    assert "هذا جيد جدا" in text_of(content)
    assert "ar" in {one["language"] for one in elements(content)}


def test_a_draft_says_so_on_paper(now):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    client = Client()
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    assert "Entwurf, nicht öffentlich" in said(pdf(draft, client))
    response = client.get(reverse("pack_file", args=[draft.pk]))
    assert "Geben Sie die Datei nicht weiter." in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_marks_of_an_item_stand_in_the_copies(paper, now):
    mark_for_debate(
        paper=paper, place=item_place(paper.items.get().pk), actor=make_member(), at=now
    )
    for copy in (words(html(paper)), said(pdf(paper))):
        assert "1 Mitglied möchte hierzu sprechen: ohne Fraktion" in copy


def test_links_name_type_and_size_of_a_file_that_was_made(paper, now):
    report = made_now(REPORT, str(paper.edition_id), "de", "pdf", at=now)
    sizes = [filesizeformat(size).replace("\xa0", " ") for size in (len(pdf(paper)), report.size)]
    shown = words(Client().get(reverse("paper", args=[paper.pk]) + "?n=1").content.decode())
    assert f"Als PDF speichern (barrierefrei), {sizes[0]}" in shown
    assert f"Bericht über die Beteiligung (PDF, {sizes[1]})" in shown


def test_a_printed_pack_bears_its_day(paper):
    assert re.search(r'<p class="print-only meta">Stand \d+\. \w+ \d{4}, ', page(paper))


def test_the_votes_of_groups_stand_in_the_stored_pdf_in_its_language(paper, now):
    group = make_group("Bürgerliste")
    votes = [GroupVote(group=group, position=Position.AGAINST, count=9)]
    deciding = paper.route.get(authoritative=True)
    motion = make_motion(paper, paper.edition.goals.first().wid, at=now)
    make_vote(
        motion,
        at=now,
        group_votes=[MotionGroupVote(group=group, position=Position.FOR, count=7)],
    )
    deciding.refresh_from_db()
    make_decision(deciding, ItemOutcome.REJECTED, at=now, group_votes=votes)
    german = said_of(str(paper.pk), "de")
    english = said_of(str(paper.pk), "en")
    with translation.override("tr"):
        assert "dagegen" in str(german)
        assert "dagegen" not in str(english)
    copy = said(pdf(paper))
    assert "Bürgerliste (9)" in copy
    assert "Bürgerliste (7)" in copy


def test_queries_of_the_copies_do_not_exceed_the_page(paper, django_assert_max_num_queries):
    pdf(paper)
    # What is stored of the PDF costs five more.
    for name, most in (("pack_pdf", 44), ("pack_file", 39)):
        with django_assert_max_num_queries(most):
            Client().get(f"{reverse(name, args=[paper.pk])}?n=1")


def test_figures_lead_to_their_meaning_also_in_copies(paper):
    for shown in (page(paper), html(paper)):
        inside = set(re.findall(r'href="#(zahl-[\w-]+)"', shown))
        assert {"zahl-goals", "zahl-costs", "zahl-votes", "zahl-channels"} <= inside
        assert inside <= set(re.findall(r'id="(zahl-[\w-]+)"', shown))
        assert "Zurückgezogene und gelöschte Beiträge zählen hier nicht mit." in words(shown)
    assert "Jedes Konto zählt einmal." in said(pdf(paper))


def test_a_quote_in_another_language_is_followed_by_what_a_service_made_of_it(paper, now):
    quoted = Contribution.objects.get(comment_row__comment="Das ist teuer.")
    Contribution.objects.filter(pk=quoted.pk).update(language="tr")
    for language, text in (("de", "Es kostet viel."), ("en", "It costs a lot.")):
        ContributionTranslation.objects.create(
            contribution=quoted, language=language, text=text, service="Dienst", made_at=now,
            due_at=now,
        )  # fmt: skip
    for copy in (words(page(paper)), words(html(paper)), said(pdf(paper))):
        assert "Automatisch übersetzt von Dienst. Es gilt das Original. Es kostet viel." in copy
        assert "costs" not in copy


def test_the_head_says_when_it_is_decided_with_weekday_and_hour(paper, now):
    step = paper.route.get(authoritative=True)
    coming = date(2027, 3, 4)
    schedule_step(
        step=step, meeting_on=coming, agenda_item="", actor=make_staff(Role.COUNCIL_OFFICE)
    )
    assert "Sitzung am Donnerstag, 4. März 2027." in words(page(paper))
    Meeting.objects.filter(day=coming).update(begins_at=time(18, 30))
    assert "Donnerstag, 4. März 2027, 18:30 Uhr" in said(pdf(paper))
