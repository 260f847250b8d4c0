"""The council desk: coordination prepares, the council office records, a second person confirms."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.models import Body, Decision, Paper
from consult.council.services.decisions import confirm_decision
from consult.council.services.route import schedule_step, set_step_status
from consult.council.states import DecisionStatus, ItemOutcome, PaperStatus, StepStatus
from consult.participants.states import Role
from drafts.actionplan.models import Measure
from drafts.concept.models import GoalPage
from drafts.editions.services import open_edition, release_edition
from tests.factories import make_concept, make_edition, make_open_round, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_motion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def today():
    return timezone.now()


@pytest.fixture
def coordination(client):
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def edition(today):
    return make_edition(make_concept(), at=today)


@pytest.fixture
def paper(edition):
    return make_paper(edition)


@pytest.fixture
def submitted(paper, today):
    return make_submitted(paper, at=today)


@pytest.fixture
def deciding(submitted):
    return submitted.route.get(authoritative=True)


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def page_of(client, paper):
    return client.get(address("paper", paper.pk))


def post(client, name, *args, **data):
    return client.post(address(name, *args), data, follow=True)


def fields(edition, **changed):
    return {
        "reference": "STV 2027/1",
        "title": "Konzept beschließen",
        "edition": edition.pk,
        "originator": "Magistrat",
        "summary": "Es geht um das Konzept.",
        "finance": "Noch nicht geschätzt.",
        **changed,
    }


def bodies(paper):
    return [step.body.name for step in paper.route.order_by("position").select_related("body")]


# --- preparing ---------------------------------------------------------------------------------


def test_a_paper_is_created_and_changed_while_it_is_prepared(client, coordination, edition):
    post(client, "create", **fields(edition))
    paper = Paper.objects.get()
    post(client, "change", paper.pk, **fields(edition, title="Anders"))
    paper.refresh_from_db()
    assert (paper.title, paper.status) == ("Anders", PaperStatus.PREPARING)


def test_a_reference_stands_for_one_paper(client, coordination, edition, paper):
    page = client.post(address("create"), fields(edition, reference=paper.reference))
    assert page.status_code == 422
    assert "reference" in page.context["form"].errors


def test_what_was_submitted_is_not_changed(client, coordination, edition, submitted):
    page = post(client, "change", submitted.pk, **fields(edition, title="Heimlich"))
    assert "ändert niemand mehr" in page.content.decode()
    assert "Vorlage ändern" not in page.content.decode()
    assert not Paper.objects.filter(title="Heimlich").exists()


def test_items_are_added_and_removed_with_new_numbers(client, coordination, paper):
    post(client, "items", paper.pk, text="Der Bericht wird erstattet.", asks="note", effect="none")
    post(client, "drop_item", paper.pk, paper.items.get(number=1).pk)
    assert [(item.number, item.text) for item in paper.items.all()] == [
        (1, "Der Bericht wird erstattet.")
    ]


def test_only_one_item_puts_the_edition_in_force(client, coordination, paper):
    item = {"text": "Noch einmal.", "asks": "adopt", "effect": "adopt_edition"}
    page = client.post(address("items", paper.pk), item)
    assert "Punkt 1 setzt die Fassung schon in Kraft." in page.content.decode()
    assert paper.items.count() == 1


def test_bodies_are_added_moved_dated_and_removed(client, coordination, paper):
    body = Body.objects.create(name="Sozialausschuss")
    post(client, "steps", paper.pk, body=body.pk, role="preliminary", agenda_item="7")
    step = paper.route.get(body=body)
    post(client, "step", paper.pk, step.pk, "vor")
    assert bodies(paper) == ["Ausländerbeirat", "Sozialausschuss", "Stadtverordnetenversammlung"]
    post(client, "schedule", paper.pk, step.pk, meeting_on="2027-05-04", agenda_item="9")
    step.refresh_from_db()
    assert (step.meeting_on.isoformat(), step.agenda_item) == ("2027-05-04", "9")
    post(client, "step", paper.pk, paper.route.get(position=1).pk, "entfernen")
    assert bodies(paper) == ["Sozialausschuss", "Stadtverordnetenversammlung"]
    assert [step.position for step in paper.route.order_by("position")] == [1, 2]


def test_moving_beyond_the_end_is_refused_with_a_sentence(client, coordination, paper):
    last = paper.route.order_by("position").last()
    page = post(client, "step", paper.pk, last.pk, "zurueck")
    assert "Weiter lässt sich das nicht verschieben." in page.content.decode()


def test_who_only_hears_does_not_decide(client, coordination, paper):
    body = Body.objects.create(name="Beirat")
    page = client.post(
        address("steps", paper.pk), {"body": body.pk, "role": "hearing", "authoritative": "on"}
    )
    assert page.status_code == 422
    assert paper.route.count() == 2


# --- submitting --------------------------------------------------------------------------------


def test_a_paper_without_items_is_refused(client, coordination, paper):
    paper.items.all().delete()
    page = post(client, "submit", paper.pk)
    assert "noch keinen Beschlusspunkt" in page.content.decode()


def test_a_paper_that_nobody_decides_is_refused(client, coordination, paper):
    paper.route.filter(authoritative=True).delete()
    page = post(client, "submit", paper.pk)
    assert "In der Beratungsfolge entscheidet noch niemand." in page.content.decode()


def test_an_edition_that_is_not_complete_is_refused(client, coordination, today):
    edition = open_edition(
        concept=make_concept(), title="Offen", origin="Amt", actor=coordination, at=today
    )
    page = post(client, "submit", make_paper(edition).pk)
    assert "noch nicht vollständig freigegeben" in page.content.decode()


def test_a_round_without_answers_keeps_the_paper_back(client, coordination, today):
    round_ = make_open_round(at=today)
    paper = make_paper(round_.edition)
    page = post(client, "submit", paper.pk)
    assert "noch nicht beantwortet" in page.content.decode()
    paper.refresh_from_db()
    assert paper.status == PaperStatus.PREPARING


def test_an_edition_cannot_lie_before_the_council_twice(client, coordination, submitted):
    second = make_paper(submitted.edition)
    page = post(client, "submit", second.pk)
    assert "Wählen Sie für die Vorlage eine andere Fassung." in page.content.decode()


def test_submitting_makes_the_paper_public(client, coordination, paper):
    post(client, "submit", paper.pk)
    paper.refresh_from_db()
    assert (paper.status, paper.edition.status) == (PaperStatus.SUBMITTED, "submitted")
    client.logout()
    assert client.get(reverse("paper", args=[paper.pk])).status_code == 200


def test_a_withdrawn_paper_offers_nothing_more(client, coordination, paper):
    page = post(client, "withdraw", paper.pk).content.decode()
    assert "Vorlage dem Rat vorlegen" not in page
    assert "Gremium hinzufügen" not in page


# --- recording ---------------------------------------------------------------------------------


def test_the_office_invites_holds_and_records(client, office, submitted, deciding):
    client.force_login(office)
    post(client, "step", submitted.pk, deciding.pk, "einladen")
    meeting = {"outcome": "voted", "result": "Einstimmig angenommen."}
    post(client, "held", submitted.pk, deciding.pk, **meeting)
    deciding.refresh_from_db()
    assert (deciding.status, deciding.result) == (StepStatus.HELD, "Einstimmig angenommen.")
    item = submitted.items.get()
    page = post(
        client,
        "record",
        submitted.pk,
        deciding.pk,
        item.pk,
        outcome="adopted",
        resolution_number="0815",
        votes="38 Ja, 12 Nein",
    )
    decision = Decision.objects.get()
    assert (decision.outcome, decision.votes) == ("adopted", "38 Ja, 12 Nein")
    assert "vorläufig, Niederschrift steht aus" in page.content.decode()
    assert "Beschluss 0815" in page.content.decode()


def test_the_result_of_a_meeting_that_is_still_to_come_is_refused_and_kept(
    client, office, submitted, deciding
):
    client.force_login(office)
    day = timezone.localdate() + timedelta(days=1)
    url = reverse("council_desk:held", args=[submitted.pk, deciding.pk])
    given = {"outcome": "voted", "result": "Angenommen.", "meeting_on": day.isoformat()}
    page = client.post(url, given)
    assert page.status_code == 422
    assert "Dieser Tag kommt erst noch." in page.content.decode()
    assert page.context["form"]["result"].value() == "Angenommen."
    deciding.refresh_from_db()
    assert deciding.status == StepStatus.PLANNED


def test_a_meeting_that_was_entered_wrongly_is_corrected(client, office, submitted, deciding):
    client.force_login(office)
    post(client, "held", submitted.pk, deciding.pk, outcome="adjourned", result="Vertagt.")
    form = client.get(reverse("council_desk:correct_step", args=[submitted.pk, deciding.pk]))
    assert form.context["form"]["result"].value() == "Vertagt."
    data = {"outcome": "voted", "result": "Angenommen.", "reason": "So die Niederschrift."}
    page = post(client, "correct_step", submitted.pk, deciding.pk, **data)
    assert "Ergebnis zu Punkt 1 eintragen" in page.content.decode()
    public = client.get(reverse("paper", args=[submitted.pk])).content.decode()
    assert "Vorher stand dort: vertagt, Vertagt. So die Niederschrift." in public


def test_a_day_that_does_not_fit_the_route_is_named(client, office, submitted, deciding):
    client.force_login(office)
    hearing, today = submitted.route.get(authoritative=False), timezone.localdate()

    def notices(first: int, second: int) -> list[str]:
        for step, days in ((hearing, first), (deciding, second)):
            day = today + timedelta(days=days)
            schedule_step(step=step, meeting_on=day, agenda_item="", actor=office)
        page = client.get(reverse("council_desk:paper", args=[submitted.pk]))
        return [row["day_notice"][:24] for row in page.context["steps"]]

    assert notices(0, 9) == ["", ""]
    assert notices(-3, 9) == ["Dieser Tag ist vorbei. T", ""]
    assert notices(9, 3) == ["", "Dieser Tag liegt vor ein"]


def test_withdrawing_is_asked_once_more(client, coordination, submitted):
    url = reverse("council_desk:withdraw", args=[submitted.pk])
    assert "kommt nicht wieder" in client.get(url).content.decode()
    submitted.refresh_from_db()
    assert submitted.status == PaperStatus.SUBMITTED
    client.post(url)
    submitted.refresh_from_db()
    assert submitted.status == PaperStatus.WITHDRAWN


def test_nothing_is_recorded_before_the_meeting(client, office, submitted, deciding):
    client.force_login(office)
    item = submitted.items.get()
    page = post(client, "record", submitted.pk, deciding.pk, item.pk, outcome="adopted")
    assert "dass das Gremium beraten hat" in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "data", [{"votes": "3 Ja"}, {"outcome": "adopted_as_amended"}, {"outcome": "praised"}]
)
def test_an_outcome_without_what_it_needs_is_refused(client, office, submitted, deciding, data):
    client.force_login(office)
    set_step_status(step=deciding, status=StepStatus.HELD, actor=office)
    url = address("record", submitted.pk, deciding.pk, submitted.items.get().pk)
    assert client.post(url, data).status_code == 422
    assert not Decision.objects.exists()


def test_noted_is_never_shown_as_adopted(client, office, submitted, today):
    hearing = submitted.route.get(authoritative=False)
    make_decision(hearing, ItemOutcome.NOTED, at=today)
    client.force_login(office)
    page = page_of(client, submitted)
    record = page.context["steps"][0]["records"][0]
    assert record["tone"] == "plain"
    assert record["hint"] == "Eine Kenntnisnahme ist kein Beschluss."
    assert "zur Kenntnis genommen" in page.content.decode()
    assert ">beschlossen<" not in page.content.decode()


def test_a_vote_of_an_advising_body_is_not_called_the_decision(client, office, submitted, today):
    hearing = submitted.route.get(authoritative=False)
    make_decision(hearing, ItemOutcome.ADOPTED, at=today)
    client.force_login(office)
    record = page_of(client, submitted).context["steps"][0]["records"][0]
    assert "Entschieden wird an anderer Stelle." in record["hint"]
    assert record["tone"] == "plain"


def test_who_recorded_is_told_who_may_confirm(client, submitted, deciding, today):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=today)
    client.force_login(decision.recorded_by)
    page = page_of(client, submitted).content.decode()
    assert f"nicht {decision.recorded_by}." in page
    assert "Nach Niederschrift bestätigen" not in page
    client.post(address("confirm", submitted.pk, decision.pk))
    decision.refresh_from_db()
    assert decision.status == DecisionStatus.PROVISIONAL


def test_a_second_person_confirms_and_the_edition_is_in_force(
    client, office, submitted, deciding, today
):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=today)
    client.force_login(office)
    before = page_of(client, submitted)
    assert "tritt Fassung 1 in Kraft" in before.content.decode()
    assert before.context["steps"][1]["records"][0]["tone"] == "plain"
    after = post(client, "confirm", submitted.pk, decision.pk)
    assert after.context["steps"][1]["records"][0]["tone"] == "ok"
    submitted.refresh_from_db()
    assert (submitted.status, submitted.edition.status) == (PaperStatus.DECIDED, "in_force")
    assert Measure.objects.exists()


def test_a_record_is_corrected_and_the_former_stays_readable(
    client, office, submitted, deciding, today
):
    decision = make_decision(deciding, ItemOutcome.NOTED, at=today)
    client.force_login(office)
    url = address("correct", submitted.pk, decision.pk)
    assert client.post(url, {"outcome": "deferred"}).status_code == 422
    page = client.post(url, {"outcome": "deferred", "reason": "Verlesen."}, follow=True)
    row = page.context["steps"][1]["records"][0]
    assert (row["decision"].outcome, row["former"]) == ("deferred", [decision])
    assert "Frühere Einträge zu Punkt 1" in page.content.decode()


def test_what_took_effect_keeps_its_outcome(client, office, submitted, deciding, today):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=today)
    confirm_decision(decision=decision, actor=office, at=today)
    client.force_login(office)
    page = post(
        client, "correct", submitted.pk, decision.pk, outcome="rejected", reason="Verzählt."
    )
    assert "hat gewirkt" in page.content.decode()
    assert Decision.objects.count() == 1


def test_an_amended_text_is_put_in_force_by_the_office(
    client, coordination, office, submitted, deciding, today
):
    motion = make_motion(
        submitted, submitted.edition.goals.first().wid, text="Beschlossen.", at=today
    )
    decision = make_decision(
        deciding, ItemOutcome.ADOPTED_AS_AMENDED, at=today, resolution_text="Mit Änderungen."
    )
    make_vote(motion, at=today)
    confirm_decision(decision=decision, actor=office, at=today)
    assert "und den angenommenen Anträgen berechnet" in page_of(client, submitted).content.decode()
    concept = submitted.edition.concept.specific
    GoalPage.objects.filter(translation_key=motion.wid).update(wording="Beschlossen.")
    edition = open_edition(
        concept=concept, title="Beschlossen", origin="Rat", actor=coordination, at=today
    )
    edition = release_edition(edition=edition, actor=coordination, at=today)
    post(client, "adopt", submitted.pk, edition=edition.pk)
    edition.refresh_from_db()
    assert edition.status == "sealed"
    client.force_login(office)
    post(client, "adopt", submitted.pk, edition=edition.pk)
    edition.refresh_from_db()
    assert edition.status == "in_force"
    assert page_of(client, submitted).context["amended"] is None


# --- who may -----------------------------------------------------------------------------------


def test_the_coordination_office_records_nothing(client, coordination, submitted, deciding, office):
    set_step_status(step=deciding, status=StepStatus.HELD, actor=office)
    item = submitted.items.get()
    client.post(address("record", submitted.pk, deciding.pk, item.pk), {"outcome": "adopted"})
    hearing = submitted.route.get(authoritative=False)
    client.post(address("held", submitted.pk, hearing.pk), {"result": "Angenommen."})
    client.post(address("step", submitted.pk, hearing.pk, "einladen"))
    hearing.refresh_from_db()
    assert not Decision.objects.exists()
    assert hearing.status == StepStatus.PLANNED
    assert "eintragen" not in page_of(client, submitted).content.decode()


def test_the_council_office_prepares_nothing(client, office, edition, paper):
    client.force_login(office)
    client.post(address("create"), fields(edition))
    client.post(
        address("items", paper.pk), {"text": "Heimlich.", "asks": "adopt", "effect": "none"}
    )
    client.post(address("submit", paper.pk))
    client.post(address("withdraw", paper.pk))
    paper.refresh_from_db()
    assert (Paper.objects.count(), paper.items.count()) == (1, 1)
    assert paper.status == PaperStatus.PREPARING


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATION, Role.DEPARTMENT, Role.AUDITOR])
def test_other_roles_can_neither_see_nor_do(client, paper, role):
    client.force_login(make_staff(role))
    assert page_of(client, paper).status_code != 200
    assert client.get(address("papers")).status_code != 200
    client.post(address("submit", paper.pk))
    paper.refresh_from_db()
    assert paper.status == PaperStatus.PREPARING
    assert b"/vorlagen/" not in client.get(reverse("wagtailadmin_home")).content


def test_a_step_of_another_paper_is_not_found(client, coordination, paper, today):
    other = make_paper(make_edition(make_concept(), at=today))
    step = other.route.first()
    client.post(address("step", paper.pk, step.pk, "entfernen"))
    assert other.route.count() == 2
