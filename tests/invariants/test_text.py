"""Invariants 1 to 7 of the model: texts and versions.

Not concerned yet, because what it speaks of is not built: 7 (no translation of an edition is
written yet; the binding German is the only language version).
"""

import copy
import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from consult.council.models import Paper
from consult.council.services.access import PaperStepRefused
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.decisions import confirm_decision
from consult.council.services.motion_votes import confirm_motion_vote
from consult.council.states import ADOPTING, DecisionStatus, ItemOutcome
from consult.evaluation.models import Change
from consult.evaluation.services.closing import close_round
from consult.evaluation.services.revision import (
    RevisionNotReady,
    add_cause,
    changes_between,
    parts_of,
    prepare_revision,
    release_next_edition,
)
from consult.evaluation.states import Cause
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition, EditionText
from drafts.editions.selectors import section_data
from drafts.editions.services import UnableToRelease, open_edition, put_in_force, release_edition
from drafts.editions.states import EditionStatus
from tests.consult.records.chain import Chain
from tests.factories import make_concept, make_edition, make_section, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_motion, make_vote

# --- 1 -----------------------------------------------------------------------------------------


def _frozen(edition: Edition) -> tuple:
    texts = EditionText.objects.filter(section__edition=edition).order_by("pk").values()
    return list(texts), section_data(edition)


@pytest.mark.django_db
def test_invariant_01_a_released_edition_is_byte_stable(now):
    chain = Chain(at=now)
    edition = chain.round.edition
    before, fixed = _frozen(edition), edition.content_hash
    response = chain.answer(chain.close())
    following = chain.revise(response)
    chain.finish()
    chain.confirm(chain.decide(chain.submit(following)))
    SectionPage.objects.get().delete()
    edition.refresh_from_db()
    assert _frozen(edition) == before
    assert content_hash(section_data(edition)) == edition.content_hash == fixed
    following.refresh_from_db()
    assert content_hash(section_data(following)) == following.content_hash != fixed


# --- 2 -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_02_one_edition_of_a_concept_is_in_force(now):
    concept, actor = make_concept(), make_staff()
    editions = [make_edition(concept, at=now + timedelta(days=n)) for n in range(3)]
    for edition in editions:
        put_in_force(edition=edition, actor=actor, on=now.date())
        in_force = Edition.objects.filter(status=EditionStatus.IN_FORCE)
        assert [found.pk for found in in_force] == [edition.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.update(status=EditionStatus.IN_FORCE)


# --- 3 -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_03_every_key_is_in_the_next_edition_or_dropped_with_a_reason(now):
    actor = make_staff(Role.COORDINATION)
    concept = make_concept(sections=2, goals=2)
    first = make_edition(concept, at=now)
    make_section(concept, "3", goals=1)
    GoalPage.objects.get(number="1.2").delete()
    moved = SectionPage.objects.get(number="1")
    moved.body = moved.body.stream_block.to_python(list(reversed(moved.body.get_prep_value())))
    moved.save_revision().publish()
    revision = prepare_revision(from_edition=first, round_=None, actor=actor, at=now)
    for change in revision.changes.all():
        add_cause(change=change, kind=Cause.EDITORIAL, note="Gestrafft.", actor=actor, at=now)
    second = release_next_edition(
        revision=revision, title="Zwei", origin="Amt", actor=actor, at=now
    )
    before, after = (parts_of(section_data(edition)) for edition in (first, second))
    dropped = set(revision.changes.filter(op="delete").values_list("wid", flat=True))
    assert before.keys() - after.keys() == dropped != set()
    assert all(change.causes.exists() for change in revision.changes.filter(op="delete"))


@pytest.mark.django_db
def test_invariant_03_a_key_names_one_place_of_an_edition(now):
    concept = make_concept(sections=2)
    page = SectionPage.objects.get(number="2")
    taken = SectionPage.objects.get(number="1").body.get_prep_value()
    page.body = page.body.stream_block.to_python(taken)
    page.save_revision().publish()
    edition = open_edition(concept=concept, title="x", origin="x", actor=None, at=now)
    with pytest.raises(UnableToRelease) as refused:
        release_edition(edition=edition, actor=None, at=now)
    assert {code for code, _wid in refused.value.obstacles} == {"key_taken"}


# --- 4 -----------------------------------------------------------------------------------------

words = st.text(alphabet="ab ", max_size=4)


@st.composite
def editions(draw):
    """Sections of an edition in the shape of drafts.concept.snapshots, with few keys and words."""
    wids = draw(st.permutations([str(number) for number in range(8)]))
    sections, used = [], iter(wids)
    for wid in itertools.islice(used, draw(st.integers(0, 2))):
        blocks = [
            {"wid": key, "kind": "paragraph", "no": no, "html": draw(words)}
            for no, key in enumerate(itertools.islice(used, draw(st.integers(0, 2))), 1)
        ]
        goals = [_goal(key, draw(words)) for key in itertools.islice(used, draw(st.integers(0, 1)))]
        text = {
            "title": draw(words), "lede": "", "lead": "", "openness_reason": "", "blocks": blocks,
        }  # fmt: skip
        number = draw(st.sampled_from("12"))
        sections.append(
            {
                "wid": wid, "number": number, "kind": "field", "openness": "open", "text": text,
                "goals": goals,
            }
        )  # fmt: skip
    return sections


def _goal(wid: str, wording: str) -> dict:
    text = dict.fromkeys(["reason", "target_groups", "lead", "openness_reason"], "")
    text["wording"] = wording
    facts = {"number": "1", "level": "ziel", "openness": "open"}
    return {"wid": wid, **facts, "text": text, "measures": []}


def _applied(old: dict[str, str], changes: list[Change]) -> dict[str, str]:
    """Carry the changes out on the old parts' hashes; each has to fit what was there."""
    parts = dict(old)
    for change in changes:
        assert change.old_hash == old.get(change.wid, "")
        if change.op == "delete":
            del parts[change.wid]
        else:
            parts[change.wid] = change.new_hash
    return parts


def _essence(sections: list[dict]) -> list[dict]:
    """An edition without the numbers that blocks get by standing where they stand."""
    bare = copy.deepcopy(sections)
    for section in bare:
        for block in section["text"]["blocks"]:
            del block["no"]
    return bare


@given(editions(), editions())
def test_invariant_04_the_changes_applied_to_the_old_edition_give_the_new(old, new):
    before, after = (
        {wid: content_hash(part.whole) for wid, part in parts_of(sections).items()}
        for sections in (old, new)
    )
    changes = changes_between(old, new)
    assert _applied(before, changes) == after
    assert bool(changes) is (_essence(old) != _essence(new))
    found = [(change.wid, change.op, change.old_hash, change.new_hash) for change in changes]
    assert len(set(found)) == len(found)


@given(editions(), st.data())
def test_invariant_04_a_single_difference_is_never_overlooked(old, data):
    new = copy.deepcopy(old)
    places = list(_places(new))
    if not places:
        return
    part, name = data.draw(st.sampled_from(places))
    part[name] = {"number": "3", "kind": "annex", "level": "leitziel", "openness": "fixed"}.get(
        name, f"{part[name]}x"
    )
    [change] = changes_between(old, new)
    assert change.op == "replace"
    assert change.old != change.new


def _places(sections):
    """Everything of an edition that can be different."""
    for section in sections:
        yield from ((section, name) for name in ("number", "kind", "openness"))
        yield from ((section["text"], n) for n in ("title", "lede", "lead", "openness_reason"))
        yield from ((block, "html") for block in section["text"]["blocks"])
        for goal in section["goals"]:
            yield from ((goal, name) for name in ("number", "level", "openness"))
            yield from ((goal["text"], name) for name in goal["text"])


def test_invariant_04_marks_captions_and_pictures_are_text_too():
    blocks = {
        "bold": ({"kind": "paragraph", "html": "a"}, {"html": "<b>a</b>"}),
        "link": ({"kind": "list", "items": ['<a href="x">a</a>']}, {"items": ['<a href="y">a</a>']}),
        "caption": (
            {"kind": "table", "head": ["a"], "rows": [["b"]], "caption": "c"}, {"caption": "d"},
        ),
        "picture": ({"kind": "figure", "file": "1", "alt": "a", "caption": ""}, {"file": "2"}),
    }  # fmt: skip
    for name, (block, changed) in blocks.items():
        old, new = (_with_block({**block, **more}) for more in ({}, changed))
        [change] = changes_between(old, new)
        assert change.old != change.new, name


def _with_block(block: dict) -> list[dict]:
    text = dict.fromkeys(["title", "lede", "lead", "openness_reason"], "")
    text["blocks"] = [{"wid": "b", "no": 1, **block}]
    facts = {"number": "1", "kind": "field", "openness": "open"}
    return [{"wid": "s", **facts, "text": text, "goals": []}]


@pytest.mark.django_db
def test_invariant_04_every_change_has_a_cause_before_it_is_released(now):
    chain = Chain(at=now)
    chain.close()
    page = GoalPage.objects.get()
    page.wording = "Anders."
    page.save_revision().publish()
    revision = prepare_revision(
        from_edition=chain.round.edition, round_=chain.round, actor=chain.coordination, at=now
    )
    with pytest.raises(RevisionNotReady) as refused:
        release_next_edition(
            revision=revision, title="x", origin="x", actor=chain.coordination, at=now
        )
    assert (refused.value.code, refused.value.places) == ("no_cause", ["Ziel 1.1"])


# --- 5 -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_05_the_adopted_text_is_the_submitted_one_with_the_accepted_motions(now):
    submitted, office = make_edition(make_concept(), at=now), make_staff(Role.COUNCIL_OFFICE)
    coordination = make_staff(Role.COORDINATION)
    paper = make_submitted(make_paper(submitted), at=now)
    motion = make_motion(paper, submitted.goals.get().wid, text="Beschlossen.", at=now)
    vote = make_vote(motion, at=now, confirmed=False)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=now
    )
    # A second person confirms both.
    for confirm, record in (
        (confirm_decision, {"decision": decision}),
        (confirm_motion_vote, {"vote": vote}),
    ):
        with pytest.raises(NotPermitted):
            confirm(**record, actor=next(iter(record.values())).recorded_by, at=now)
        confirm(**record, actor=office, at=now)
    # Whatever somebody writes onto the pages: only the computed text comes into force.
    page = GoalPage.objects.get()
    for wording, is_decided in (("Etwas anderes.", False), ("Beschlossen.", True)):
        page.wording = wording
        page.save_revision().publish()
        found = make_edition(submitted.concept.specific, at=now, actor=coordination)
        deed = {"paper": Paper.objects.get(), "edition": found, "actor": office, "at": now}
        if is_decided:
            assert adopt_amended_edition(**deed).status == EditionStatus.IN_FORCE
        else:
            with pytest.raises(PaperStepRefused):
                adopt_amended_edition(**deed)


# --- 6 -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ItemOutcome)
def test_invariant_06_only_a_confirmed_adoption_puts_text_in_force(outcome, now):
    edition = make_edition(make_concept(), at=now)
    paper = make_submitted(make_paper(edition), at=now)
    decision = make_decision(paper.route.get(authoritative=True), outcome, at=now)
    assert decision.status == DecisionStatus.PROVISIONAL
    assert not Edition.objects.filter(status=EditionStatus.IN_FORCE).exists()
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    in_force = Edition.objects.filter(status=EditionStatus.IN_FORCE).exists()
    assert in_force is (outcome == ItemOutcome.ADOPTED)


def test_invariant_06_noted_is_never_called_adopted():
    called = {outcome for outcome in ItemOutcome if "beschlossen" in str(outcome.label)}
    assert called == ADOPTING


@pytest.mark.django_db
def test_invariant_01_closing_seals_what_was_still_open(now):
    chain = Chain(at=now)
    Edition.objects.update(status=EditionStatus.OPEN, content_hash="")
    closed = close_round(round_=chain.round, actor=chain.coordination, at=now)
    closed.edition.refresh_from_db()
    assert closed.edition.content_hash == content_hash(section_data(closed.edition))
