"""The desk beyond the plain way: items edited, meetings without a vote, readings, group votes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.models import CouncilGroup, Decision, Paper, RouteStep
from consult.council.services.items import add_item
from consult.council.services.route import set_step_status
from consult.council.states import Effect, StepOutcome, StepStatus
from consult.participants.states import Role
from drafts.actionplan.models import Measure
from tests.factories import make_concept, make_edition, make_open_round, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted

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
def office(client):
    user = make_staff(Role.COUNCIL_OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def paper(today) -> Paper:
    return make_paper(make_edition(make_concept(), at=today))


@pytest.fixture
def submitted(paper, today) -> Paper:
    return make_submitted(paper, at=today)


@pytest.fixture
def hearing(submitted) -> RouteStep:
    return submitted.route.get(authoritative=False)


@pytest.fixture
def deciding(submitted) -> RouteStep:
    return submitted.route.get(authoritative=True)


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def post(client, name, *args, **data):
    return client.post(address(name, *args), data, follow=True)


def words(page):
    return page.content.decode()


# --- items -------------------------------------------------------------------------------------


def test_an_item_is_changed_and_moved(client, coordination, paper):
    second = add_item(paper=paper, text="Bericht.", effect=Effect.NONE, actor=coordination)
    form = client.get(address("change_item", paper.pk, second.pk)).context["form"]
    assert form["text"].value() == "Bericht."
    post(
        client, "change_item", paper.pk, second.pk,
        title="Berichte", text="Jährlich.", asks="instruct", effect="none", alternatives="Nie.",
    )  # fmt: skip
    page = post(client, "move_item", paper.pk, second.pk, "vor")
    shown = [(row["item"].number, row["item"].title, row["alternatives"]) for row in
             page.context["items"]]  # fmt: skip
    assert shown == [(1, "Berichte", ["Nie."]), (2, "", [])]
    assert "Punkt 2 wird Punkt 1" in words(page)


def test_an_item_that_adopts_asks_for_a_resolution(client, coordination, paper):
    item = paper.items.get()
    data = {"text": "Zur Kenntnis.", "asks": "note", "effect": "adopt_edition"}
    page = client.post(address("change_item", paper.pk, item.pk), data)
    assert page.status_code == 422
    assert "nur durch einen Beschluss in Kraft" in words(page)


def test_items_of_a_submitted_paper_are_not_changed(client, coordination, submitted):
    item = submitted.items.get()
    page = client.get(address("change_item", submitted.pk, item.pk), follow=True)
    assert "ändert niemand mehr" in words(page)
    post(client, "move_item", submitted.pk, item.pk, "vor")
    post(client, "drop_item", submitted.pk, item.pk)
    assert submitted.items.get() == item


def test_the_page_says_what_is_missing_before_submitting(client, coordination, today):
    round_ = make_open_round(at=today)
    paper = make_paper(round_.edition)
    paper.items.all().delete()
    page = client.get(address("paper", paper.pk))
    assert page.context["missing"] == [
        f"die Antworten auf Runde {round_.ref}", "mindestens ein Beschlusspunkt",
    ]  # fmt: skip


# --- the route ---------------------------------------------------------------------------------


def test_a_body_passes_on_without_a_vote_and_reads_again(client, office, submitted, hearing):
    meeting = {"outcome": "without_vote", "result": "Ohne Votum."}
    page = post(client, "held", submitted.pk, hearing.pk, **meeting)
    row = page.context["steps"][0]
    assert (row["outcome"], row["records"]) == ("ohne Votum weitergeleitet", [])
    page = post(client, "step", submitted.pk, hearing.pk, "noch-einmal")
    rows = page.context["steps"]
    assert [row["reading"] for row in rows] == [None, 2, None]
    assert "Ausländerbeirat, 2. Beratung" in words(page)
    assert [row["may_repeat"] for row in rows] == [False, False, False]


def test_who_decides_is_not_offered_to_pass_on(client, office, submitted, deciding):
    form = client.get(address("held", submitted.pk, deciding.pk)).context["form"]
    offered = [value for value, _label in form.fields["outcome"].choices]
    assert offered == ["voted", "adjourned", "referred"]


def test_a_meeting_is_dropped_with_a_public_reason(client, office, submitted, hearing):
    url = address("drop_step", submitted.pk, hearing.pk)
    assert client.post(url, {"result": ""}).status_code == 422
    client.post(url, {"result": "Nicht beschlussfähig."})
    hearing.refresh_from_db()
    assert hearing.status == StepStatus.DROPPED
    client.logout()
    public = client.get(reverse("paper", args=[submitted.pk]))
    assert "Nicht beschlussfähig." in words(public)


def test_coordination_drops_and_holds_no_meeting(client, coordination, submitted, hearing):
    for name in ("drop_step", "held"):
        client.post(address(name, submitted.pk, hearing.pk), {"result": "x", "outcome": "voted"})
        hearing.refresh_from_db()
        assert hearing.status == StepStatus.PLANNED


# --- votes and the whole way --------------------------------------------------------------------


def test_votes_of_groups_are_recorded_shown_and_kept_by_a_correction(
    client, office, submitted, deciding
):
    first, second = (CouncilGroup.objects.create(name=name) for name in ("Liste A", "Liste B"))
    set_step_status(step=deciding, status=StepStatus.HELD, actor=office)
    url = address("record", submitted.pk, deciding.pk, submitted.items.get().pk)
    votes = {f"{first.pk}-for": "12", f"{first.pk}-biased": "1", f"{second.pk}-against": "x"}
    refused = client.post(url, {"outcome": "adopted", f"{first.pk}-for": "zwölf"})
    assert refused.status_code == 422
    assert "Eine Zahl ab 1 oder ein x." in words(refused)
    given = {"outcome": "adopted", "conditions": "Vorbehaltlich des Haushalts.", **votes}
    client.post(url, given)
    public = words(client.get(reverse("paper", args=[submitted.pk])))
    for line in ("dafür: 12", "Liste A (12)", "befangen, nicht beteiligt: 1", "Liste B"):
        assert line in public
    assert "Vorbehaltlich des Haushalts." in public
    form = client.get(address("correct", submitted.pk, Decision.objects.get().pk))
    assert form.context["votes"][f"{second.pk}-against"].value() == "x"


def test_from_the_draft_to_the_adopted_edition_and_its_measures(client, today):
    edition = make_edition(make_concept(), at=today)
    coordination = make_staff(Role.COORDINATION)
    first, second = make_staff(Role.COUNCIL_OFFICE), make_staff(Role.COUNCIL_OFFICE)
    paper = make_paper(edition, actor=coordination)
    add_item(paper=paper, text="Es wird berichtet.", effect=Effect.NONE, actor=coordination)
    client.force_login(coordination)
    post(client, "submit", paper.pk)
    client.force_login(first)
    deciding = paper.route.get(authoritative=True)
    post(client, "held", paper.pk, deciding.pk, outcome="voted", result="Beschlossen.")
    for item, outcome in zip(paper.items.order_by("number"), ("adopted", "noted"), strict=True):
        post(client, "record", paper.pk, deciding.pk, item.pk, outcome=outcome)
    wrong = Decision.objects.get(outcome="noted")
    post(client, "correct", paper.pk, wrong.pk, outcome="adopted", reason="Falsch abgelesen.")
    for decision in Decision.objects.filter(corrected_by_decision=None):
        post(client, "confirm", paper.pk, decision.pk)
    paper.refresh_from_db()
    assert (paper.status, Measure.objects.count()) == ("submitted", 0)
    client.force_login(second)
    for decision in Decision.objects.filter(corrected_by_decision=None):
        post(client, "confirm", paper.pk, decision.pk)
    paper.refresh_from_db()
    assert (paper.status, paper.edition.status) == ("decided", "in_force")
    assert Measure.objects.exists()


def test_a_body_that_adjourned_decides_at_its_second_reading(
    client, office, submitted, deciding, today
):
    set_step_status(
        step=deciding, status=StepStatus.HELD, actor=office, outcome=StepOutcome.ADJOURNED
    )
    post(client, "step", submitted.pk, deciding.pk, "noch-einmal")
    again = submitted.route.get(position=3)
    make_decision(again, "adopted", at=today)
    post(client, "confirm", submitted.pk, Decision.objects.get().pk)
    submitted.refresh_from_db()
    assert submitted.status == "decided"


# --- who may: every address, every role --------------------------------------------------------

PREPARING = {"create", "change", "items", "change_item", "move_item", "drop_item", "submit",
             "withdraw"}  # fmt: skip
RECORDING = {"held", "drop_step", "record", "correct", "confirm", "adopt"}


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_writes_only_what_is_its_own(client, role, submitted, deciding, today, subtests):
    decision = make_decision(deciding, "adopted", at=today)
    item, step = decision.item_id, deciding.pk
    client.force_login(make_staff(*([role] if role else [])))
    places = {
        "create": [], "change": [submitted.pk], "items": [submitted.pk],
        "change_item": [submitted.pk, item], "move_item": [submitted.pk, item, "vor"],
        "drop_item": [submitted.pk, item], "submit": [submitted.pk], "withdraw": [submitted.pk],
        "held": [submitted.pk, step], "drop_step": [submitted.pk, step],
        "record": [submitted.pk, step, item], "correct": [submitted.pk, decision.pk],
    }  # fmt: skip
    own = {Role.COORDINATION: PREPARING, Role.COUNCIL_OFFICE: RECORDING}.get(role, set())
    for name in places.keys() - own:
        with subtests.test(name=name):
            before = _rows()
            client.post(address(name, *places[name]), {"text": "x", "asks": "adopt",
                        "effect": "none", "outcome": "voted", "result": "x", "reason": "x"})  # fmt: skip
            assert _rows() == before


def _rows():
    return [
        list(model.objects.order_by("pk").values()) for model in (Paper, RouteStep, Decision)
    ] + [list(Paper.objects.values("items__text", "items__number"))]


def test_what_is_settled_is_not_offered_at_a_second_reading(
    client, office, submitted, deciding, today
):
    add = {"text": "Später.", "effect": Effect.NONE}
    Paper.objects.update(status="preparing")
    add_item(paper=submitted, actor=make_staff(Role.COORDINATION), **add)
    Paper.objects.update(status="submitted")
    first, second = submitted.items.order_by("number")
    set_step_status(step=deciding, status=StepStatus.HELD, actor=office)
    for item, outcome in ((first, "adopted"), (second, "deferred")):
        post(client, "record", submitted.pk, deciding.pk, item.pk, outcome=outcome)
    post(client, "step", submitted.pk, deciding.pk, "noch-einmal")
    again = submitted.route.get(position=3)
    page = post(client, "held", submitted.pk, again.pk, outcome="voted", result="Beraten.")
    records = page.context["steps"][2]["records"]
    assert [(row["may_record"], row["is_settled"]) for row in records] == [
        (False, True), (True, False),
    ]  # fmt: skip
