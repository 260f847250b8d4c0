"""Invariants 33 to 40 of the model: secrecy, integrity, equal rules.

Of 35, tested here is what is forgotten by itself; erasure on request in test_erasure.py. 36 is in
tests/consult/records/test_services_audit_chain.py, of 37 encryption at rest in
tests/consult/participants/test_fields.py and the log in tests/project/test_discretion.py. 39 is in
test_reading.py. 34 is tested as a property in tests/consult/evaluation/test_disclosure.py;
here, that what the site shows goes through it.
"""

import ast
import importlib
import inspect
import itertools
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry, PageLogEntry

from consult.contributions.models import Ballot, Contribution, PendingSubmission
from consult.contributions.selectors import Wanted, posts_of, talk_in
from consult.contributions.services.commenting import (
    Words,
    clear_expired_submissions,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.voting import (
    OBJECTION_PERIOD,
    cast_vote,
    destroy_ballot_keys,
    key_path,
)
from consult.contributions.states import Channel, Choice, Measure, Rule
from consult.council.contested import verdicts
from consult.council.models import GroupMembership
from consult.evaluation.disclosure import SMALLEST_CELL, Tally, public_table
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.closing import close_round
from consult.evaluation.services.objections import file_objection
from consult.participants.models import Notice, User
from consult.participants.services import send_due_notices
from consult.participants.states import Role
from tests.consult.records.chain import Chain
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.conversation import make_suggestion
from tests.factories.council import make_paper, make_position, make_submitted
from tests.factories.evaluation import make_closed, make_goal_results
from tests.factories.intake import make_note, make_occasion, make_statement, make_table
from tests.factories.motions import make_draft, make_motion, make_vote
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
MAIL = "ada.geheim@example.org"


# --- 33 ----------------------------------------------------------------------------------------


def test_invariant_33_a_ballot_has_no_way_to_an_account():
    targets = {field.related_model for field in Ballot._meta.get_fields() if field.is_relation}
    assert User not in targets
    for field in Ballot._meta.get_fields():
        assert field.get_internal_type() not in {"DateTimeField", "BigAutoField", "AutoField"}
    assert not any(relation.related_model is Ballot for relation in User._meta.related_objects)


@pytest.mark.django_db
def test_invariant_33_after_the_objection_period_no_key_is_left(now, settings):
    round_ = make_open_round(at=now)
    goal = round_.edition.goals.get()
    for _number in range(3):
        cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=now)
    key = key_path(round_).read_bytes()
    closed = make_closed(round_)
    destroy_ballot_keys(at=closed.closes_at + OBJECTION_PERIOD)
    left = [path for path in Path(settings.BALLOT_KEY_DIR).rglob("*") if path.is_file()]
    assert left == []
    assert key.hex() not in str(every_row())


@pytest.mark.django_db
def test_invariant_33_no_log_joins_person_and_goal(now, caplog):
    caplog.set_level(logging.DEBUG)
    round_ = make_open_round(at=now)
    goal = round_.edition.goals.get()
    person = make_resident("Ada Geheim")
    entries = ModelLogEntry.objects.count(), PageLogEntry.objects.count()
    caplog.clear()
    for choice in (Choice.DISAGREE, Choice.AGREE):
        told = cast_vote(goal=goal, participant=person, choice=choice, at=now)
        assert told is None
    assert (ModelLogEntry.objects.count(), PageLogEntry.objects.count()) == entries
    lines = [line for line in caplog.messages if not line.startswith("(")]  # SQL of the tests
    for line in lines:
        assert person.email not in line
        assert goal.wid not in line
    # Receipts and mails about votes would join both as well.
    assert not Notice.objects.exists()


# --- 34 ----------------------------------------------------------------------------------------

cells = st.integers(0, 40)
tallies = st.builds(Tally, cells, cells, cells)


@given(st.lists(tallies, min_size=1, max_size=3))
def test_invariant_34_no_difference_of_shown_sizes_is_a_small_group(groups):
    parts = {str(number): group for number, group in enumerate(groups)}
    total = sum(groups, Tally())
    table = public_table(total, parts)
    for row in (table.total, *table.rows):
        assert all(cell >= SMALLEST_CELL for cell in row.cells)
    # Take any of the shown rows from the total: what is left is nobody or ten people at least.
    for number in range(len(table.rows) + 1):
        for taken in itertools.combinations(table.rows, number):
            left = total.size - sum(row.size for row in taken) if table.total.size else 0
            assert left == 0 or left >= SMALLEST_CELL


@pytest.mark.django_db
def test_invariant_34_verdicts_show_what_the_disclosure_allows(now):
    round_ = make_open_round(at=now)
    goal = round_.edition.goals.get()
    scopes = {"total": (40, 21, 3), "group:A": (38, 2, 1), "group:B": (2, 19, 2)}
    make_goal_results(round_, goal.wid, scopes, at=now)
    [verdict] = verdicts([make_closed(round_)]).values()
    for row in (verdict.table.total, *verdict.table.rows):
        assert min(row.cells) >= SMALLEST_CELL


# --- 35 ----------------------------------------------------------------------------------------


def _guest(round_, at, text="Marker-Text") -> str:
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    return submit_as_guest(
        place=place, words=Words(text=text, stance="idea"), email=MAIL, language="de", at=at
    )


@pytest.mark.django_db
def test_invariant_35_what_was_never_confirmed_is_forgotten(now):
    round_ = make_open_round(at=now)
    _guest(round_, now)
    clear_expired_submissions(at=round_.closes_at + timedelta(hours=48))
    assert not PendingSubmission.objects.exists()
    assert not Contribution.objects.exists()


@pytest.mark.django_db
def test_invariant_35_no_mail_keeps_what_it_said(now, settings, tmp_path):
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "confirm_contribution.txt").write_text("Betreff\n\n{{ text }}")
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    _guest(make_open_round(at=now), now)
    assert send_due_notices(at=now) == 1
    assert "Marker-Text" not in json.dumps(list(Notice.objects.values("context", "error")))


# --- 37 ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_37_no_address_name_or_word_is_logged(now, caplog):
    caplog.set_level(logging.INFO)
    chain = Chain(at=now, author=make_resident("Ada Geheim"))
    User.objects.filter(pk=chain.author.pk).update(email=MAIL)
    token = _guest(chain.round, now, text="Ein sehr eigener Satz.")
    found = confirm_submission(token=token, at=now).contribution
    decide(
        contribution=found, measure=Measure.HIDE, rule=Rule.HATE, reason="Ein eigener Grund.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    chain.answer(chain.close())
    while run_next_shard():
        pass
    secrets = [MAIL, "Ada Geheim", "sehr eigener Satz", token, chain.receipt.key, "eigener Grund"]
    logged = json.dumps(list(ModelLogEntry.objects.values_list("data", "label")), default=str)
    for secret in secrets:
        assert secret not in logged
        assert secret not in caplog.text


# --- 38 ----------------------------------------------------------------------------------------

PUBLIC = {"may_take_part", "may_vote_on", "may_read", "may_complain"}


def _predicates():
    for path in sorted(ROOT.glob("consult/*/predicates.py")):
        module = importlib.import_module(f"consult.{path.parent.name}.predicates")
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ == module.__name__ and name.startswith("may_"):
                yield name, found


def _collected(round_, now) -> dict[str, object]:
    occasion = make_occasion(round_, at=now)
    return {
        "occasion": occasion, "note": make_note(occasion, at=now),
        "table": make_table(round_, b"Text;Ziel\nEins;1\n", at=now),
        "statement": make_statement(round_, at=now),
        "bundle": make_suggestion(round_, at=now).suggestion.bundle,
        "paper": make_paper(round_.edition),
    }  # fmt: skip


def _moved(now) -> dict[str, object]:
    """A paper before the council, a draft motion, a vote on a filed one, a position on a goal."""
    paper = make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)
    goal = paper.edition.goals.get().wid
    vote = make_vote(make_motion(paper, goal, at=now), at=now, confirmed=False)
    return {
        "paper": paper, "motion": make_draft(paper, goal, at=now), "vote": vote,
        "position": make_position(goal),
    }  # fmt: skip


@pytest.mark.django_db
def test_invariant_38_nobody_may_anything_without_the_role(now):
    chain = Chain(at=now)
    collected = _collected(chain.round, now)
    response = chain.request(chain.close())
    decision = decide(
        contribution=chain.contribution, measure=Measure.NONE, rule="", reason="In Ordnung.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    given_values = {
        "round_": chain.round, "response": response, "contribution": chain.contribution,
        "at": now, "on": now.date(), "goal": chain.goal, "theme": response.theme,
        "objection": file_objection(
            contribution=chain.contribution, text="Die Betreuung fehlt.", at=now
        ),
        **_moved(now), **collected,
    }  # fmt: skip
    superuser = make_staff()
    superuser.is_superuser = True
    inactive = make_staff(*Role)
    inactive.is_active = False
    GroupMembership.objects.create(user=inactive, group=given_values["motion"].group)
    asked = set()
    for name, may in _predicates():
        wanted = inspect.signature(may).parameters
        if "user" not in wanted or name in PUBLIC or wanted.keys() & {"complaint", "decision"}:
            continue
        asked.add(name)
        values = {key: given_values[key] for key in wanted if key != "user"}
        for user in (None, AnonymousUser(), make_resident(), superuser, inactive):
            assert not may(user=user, **values), (name, user)
    assert decision.decided_by
    assert len(asked) >= 8


# What the coordination office and the council office do together on a paper.
OF_BOTH_OFFICES = {"may_route", "works_on_papers"}


@pytest.mark.django_db
def test_invariant_38_roles_of_one_app_open_no_other(now):
    for name, may in _predicates():
        wanted = inspect.signature(may).parameters
        if list(wanted) != ["user"]:
            continue
        allowed = [role for role in Role if may(user=make_staff(role))]
        if name in OF_BOTH_OFFICES:
            assert allowed == [Role.COORDINATION, Role.COUNCIL_OFFICE], (name, allowed)
        else:
            assert len(allowed) == 1, (name, allowed)


# --- 40 ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_40_order_follows_a_lot_not_the_person(now):
    round_ = make_open_round(at=now)
    section = round_.edition.sections.get()
    for number in range(12):
        make_contribution(round_, at=now, text=f"Beitrag {number}.")

    def order():
        talk = talk_in(round_.edition, section.wid)
        shown = posts_of(talk, wanted=Wanted(), places=[section.wid], day=now.date())
        return [post["ref"] for post in shown.posts]

    before = order()
    assert before != sorted(before)
    for number, found in enumerate(Contribution.objects.order_by("pk")):
        found.language = ["de", "ar", "tr", "uk"][number % 4]
        found.channel = list(Channel)[number % 5]
        found.participant = None if number % 2 else make_resident()
        found.display_name = f"Name {number}"
        found.verification_class = "residence_declared"
        found.save()
    assert order() == before


def test_invariant_40_no_rule_of_permission_knows_language_or_origin():
    forbidden = {"language", "display_name", "pseudonym", "verification_class", "channel"}
    for path in [
        *ROOT.glob("consult/*/predicates.py"),
        ROOT / "consult/contributions/services/moderation.py",
    ]:
        used = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
        }
        assert not used & forbidden, path


@pytest.mark.django_db
def test_invariant_40_deadlines_are_the_same_for_all(now):
    round_ = make_open_round(at=now)
    ends = {
        decide(
            contribution=make_contribution(round_, at=now, text=text),
            measure=Measure.HIDE, rule=rule, reason="Grund.",
            actor=make_staff(Role.MODERATION), at=now,
        ).complaint_until
        for text, rule in [("Hallo zusammen.", Rule.HATE), ("مرحبا", Rule.OFF_TOPIC)]
    }  # fmt: skip
    assert len(ends) == 1
    assert close_round(round_=round_, actor=None, at=round_.closes_at)
