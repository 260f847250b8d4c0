"""The desk: meetings and their files, what hangs on a paper, motions about the procedure, reports."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consult.council.models import Body, Meeting, Paper, ProceduralMotion
from consult.council.services.decisions import confirm_decision, correct_decision
from consult.council.states import ItemOutcome, MeetingStatus, PaperStatus
from consult.participants.states import Role
from drafts.actionplan.models import ReportingObligation
from drafts.actionplan.services import take_on_obligation
from drafts.actionplan.states import DutyKind
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted

pytestmark = pytest.mark.django_db
DAY = "2027-05-04"


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def coordination(client):
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def office(client):
    user = make_staff(Role.COUNCIL_OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def paper() -> Paper:
    return make_paper(make_edition(make_concept(), at=timezone.now()))


@pytest.fixture
def submitted(paper) -> Paper:
    return make_submitted(paper, at=timezone.now())


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def post(client, name, *args, **data):
    return client.post(address(name, *args), data, follow=True)


def words(page):
    return page.content.decode()


def pdf(name="datei.pdf", content=b"%PDF-1.7 Inhalt"):
    return SimpleUploadedFile(name, content)


def test_a_meeting_is_planned_changed_invited_and_cancelled(client, office):
    body = Body.objects.create(name="Sozialausschuss")
    assert "Es gibt noch keine Sitzung." in words(client.get(address("meetings")))
    post(client, "create_meeting", body=body.pk, day=DAY)
    page = post(client, "create_meeting", body=body.pk, day=DAY)
    assert Meeting.objects.count() == 1
    assert "schon eine Sitzung" in words(page) or page.context["form"].errors
    pk = Meeting.objects.get().pk
    post(client, "change_meeting", pk, day=DAY, begins_at="18:30", place="Rathaus")
    assert "18:30" in words(client.get(address("meeting", pk)))
    post(client, "meeting_deed", pk, "einladen")
    assert Meeting.objects.get().status == MeetingStatus.INVITED
    page = post(client, "meeting_deed", pk, "absagen")
    assert "ist abgesagt" in words(page)
    assert post(client, "meeting_deed", pk, "verschieben").status_code == 404


def test_a_meeting_shows_every_paper_on_its_agenda(client, office, submitted):
    step = submitted.route.get(authoritative=False)
    post(client, "schedule", submitted.pk, step.pk, meeting_on=DAY, agenda_item="4",
         publicity="non_public")  # fmt: skip
    page = words(client.get(address("meeting", Meeting.objects.get().pk)))
    assert str(submitted) in page
    assert "TOP 4" in page
    assert "nichtöffentlich" in page


def test_a_file_that_cannot_be_kept_is_refused_in_a_sentence(client, office, submitted):
    step = submitted.route.get(authoritative=False)
    post(client, "schedule", submitted.pk, step.pk, meeting_on=DAY)
    pk = Meeting.objects.get().pk
    page = post(client, "attach", pk, "einladung", file=pdf(content=b"MZ"))
    assert "Nehmen Sie eine PDF-Datei" in words(page)
    page = post(client, "attach", pk, "niederschrift", file=pdf())
    assert "Eine Niederschrift gibt es erst" in words(page)
    page = post(client, "attach", pk, "einladung", file=pdf("Einladung Mai.pdf"))
    assert "Einladung Mai.pdf" in words(page)
    assert client.post(address("attach", pk, "einladung"), {}).status_code == 422


def test_costs_earlier_resolutions_and_annexes_are_kept_with_the_paper(client, coordination, paper):
    page = post(client, "finance", paper.pk, yearly="5", funding="unfunded", proviso="Haushalt.")
    assert "nennt andere Beträge" in words(page)
    assert client.post(address("finance", paper.pk), {"yearly": "-5"}).status_code == 422
    page = post(client, "name_prior", paper.pk, reference="§ 7", title="Auftrag",
                decided_on="2024-02-03")  # fmt: skip
    assert "3. Februar 2024: Auftrag" in words(page)
    page = post(client, "add_annex", paper.pk, title="Bericht", file=pdf())
    assert "Weitere Anlage 1: Bericht" in words(page)
    post(client, "add_annex", paper.pk, title="Zahlen", file=pdf())
    second = paper.annexes.get(number=2)
    post(client, "move_annex", paper.pk, second.pk, "vor")
    assert [row.title for row in paper.annexes.all()] == ["Zahlen", "Bericht"]
    page = post(client, "take_back", paper.pk, second.pk, reason="Falsche Zahlen.")
    assert "Zurückgenommen: Falsche Zahlen." in words(page)


def test_a_duty_without_a_recipient_is_refused_and_nothing_is_lost(client, coordination, paper):
    item = {"text": "Berichten.", "asks": "instruct", "effect": "none", "duty": "report"}
    page = client.post(address("items", paper.pk), item)
    assert page.status_code == 422
    assert "nennt Art, Monate" in words(page)
    assert page.context["item_form"]["text"].value() == "Berichten."
    body = Body.objects.first()
    page = post(client, "items", paper.pk, **item, duty_months=36, duty_to=body.pk)
    assert f"36 Monate, an {body}" in words(page)


def test_a_referral_says_where_to(client, office, submitted):
    step = submitted.route.get(authoritative=False)
    sent = {"outcome": "referred", "result": "Verwiesen."}
    page = client.post(address("held", submitted.pk, step.pk), sent)
    assert page.status_code == 422
    assert "Sagen Sie, wohin verwiesen wurde." in words(page)
    page = post(client, "held", submitted.pk, step.pk, **sent, referred_to="Haushaltsberatung")
    assert "verwiesen: Haushaltsberatung" in words(page)


def test_a_motion_about_the_procedure_is_recorded_and_corrected(client, office, submitted):
    step = submitted.route.get(authoritative=False)
    make_decision(step, ItemOutcome.ADOPTED, at=timezone.now())
    sent = {"kind": "without_vote", "moved_by": "Fraktion Mitte", "result": "rejected"}
    page = post(client, "procedural", submitted.pk, step.pk, **sent)
    assert "Antrag „ohne Votum weiterleiten“ (Fraktion Mitte): abgelehnt" in words(page)
    motion = ProceduralMotion.objects.get()
    page = post(
        client, "correct_procedural", submitted.pk, motion.pk,
        moved_by="Fraktion Mitte", result="withdrawn", reason="Verhört.",
    )  # fmt: skip
    assert "zurückgezogen" in words(page)
    assert "Verhört." in words(page)


def test_a_paper_with_a_referred_item_is_closed(client, office, submitted):
    now = timezone.now()
    make_decision(submitted.route.get(authoritative=False), ItemOutcome.ADOPTED, at=now)
    decision = make_decision(submitted.route.get(authoritative=True), ItemOutcome.REFERRED, at=now)
    assert "h-close" not in words(client.get(address("paper", submitted.pk)))
    confirm_decision(decision=decision, actor=office, at=now)
    assert "h-close" in words(client.get(address("paper", submitted.pk)))
    post(client, "close", submitted.pk)
    assert Paper.objects.get().status == PaperStatus.DECIDED


def test_a_text_in_force_that_no_motion_changes_waits_for_nothing(client, office, submitted):
    now, second = timezone.now(), make_staff(Role.COUNCIL_OFFICE)
    decision = make_decision(submitted.route.get(authoritative=True), ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=decision, actor=second, at=now)
    correction = correct_decision(
        decision=decision, outcome=ItemOutcome.ADOPTED_AS_AMENDED, reason="So im Protokoll.",
        resolution_text="Mit einem Zusatz zum Beschluss.", actor=office, at=now,
    )  # fmt: skip
    confirm_decision(decision=correction, actor=second, at=now)
    page = client.get(address("paper", submitted.pk))
    assert page.context["amended"] is None
    assert "Mit einem Zusatz zum Beschluss." in words(page)


def test_reports_are_listed_with_what_is_overdue_and_entered(client, coordination, paper):
    assert "Noch keine." in words(client.get(address("duties")))
    take_on_obligation(
        edition=paper.edition, source="item-1", kind=DutyKind.REPORT,
        begins_on=timezone.localdate() - timedelta(days=800), actor=coordination,
        resolved_as="Punkt 2", subject="Bericht", recipient="Rat", rhythm_months=24,
    )  # fmt: skip
    duty = ReportingObligation.objects.get()
    assert "überfällig" in words(client.get(address("duties")))
    sent = {"title": "Erster Bericht", "delivered_on": "2999-01-01"}
    assert "Der Tag liegt in der Zukunft." in words(post(client, "deliver_report", duty.pk, **sent))
    sent["delivered_on"] = date.today().isoformat()  # noqa: DTZ011 - any day that has come
    page = post(client, "deliver_report", duty.pk, **sent)
    assert "Erster Bericht" in words(page)
    assert "überfällig" not in words(page)
