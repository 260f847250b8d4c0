"""From accepted motions to the adopted text: written, reviewed, compared, released, in force."""

import pytest
from hypothesis import given

from consult.council.amendments import adopted_hash
from consult.council.models import AmendmentMotion, Consolidation, MotionCause, Paper
from consult.council.services.access import PaperStepRefused
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.consolidation import (
    computed_text,
    consolidate,
    differences,
    motions_by_place,
    pages_to_amend,
    prepare_amended_revision,
)
from consult.council.services.decisions import confirm_decision
from consult.council.services.motion_votes import (
    confirm_motion_vote,
    correct_motion_vote,
    record_motion_vote,
)
from consult.council.services.motions import withdraw_motion
from consult.council.states import ItemOutcome, MotionOp, MotionStatus
from consult.evaluation.services.revision import changes_between, release_next_edition
from consult.evaluation.states import Cause
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.amended_pages import BY_HAND, PageState, is_reviewed
from drafts.editions.amending import apply_amendments
from drafts.editions.freezing import UnableToRelease
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.amendments import TEXT, fit_together, some_changes
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_motion, make_vote
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(now) -> Edition:
    concept = make_concept(sections=2, goals=2)
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        page.save_revision().publish()
    return make_edition(concept, at=now)


@pytest.fixture
def paper(edition, now) -> Paper:
    return make_submitted(make_paper(edition), at=now)


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


def places(paper: Paper, section: int = 0) -> dict[str, str]:
    data = section_data(paper.edition)[section]
    one, two = data["text"]["blocks"]
    first, second = data["goals"]
    return {
        "section": data["wid"],
        "one": one["wid"],
        "two": two["wid"],
        "goal": first["wid"],
        "goal2": second["wid"],
        "measure": first["measures"][0]["wid"],
    }


def decide(paper: Paper, office, now) -> None:
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=now
    )
    confirm_decision(decision=decision, actor=office, at=now)


def publish() -> None:
    """A second person reviews every draft."""
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if page.has_unpublished_changes or not page.live:
            page.get_latest_revision().publish()


def release(paper: Paper, coordination, now) -> Edition:
    revision = prepare_amended_revision(paper=paper, actor=coordination, at=now)
    return release_next_edition(
        revision=revision, title="Beschluss", origin="Rat", actor=coordination, at=now
    )


def refused(code: str, deed) -> None:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    assert found.value.code == code


def test_accepted_motions_become_the_edition_in_force(paper, coordination, office, now):
    at = places(paper)
    texts = {
        "Erster Satz von 1.": {"wid": at["one"]},
        "Erster Absatz von allen.": {"wid": at["one"]},
        "Ein neues Ziel.": {"wid": at["goal"], "op": MotionOp.INSERT},
        "Sprachkurse\nJeden Abend.": {"wid": at["measure"]},
        "Anderer Titel\nWorum es geht.": {"wid": at["section"]},
    }
    motions = [
        make_motion(paper, change.pop("wid"), text=text, at=now, **change)
        for text, change in texts.items()
    ]
    motions += [
        make_motion(paper, places(paper, 1)["one"], op=MotionOp.MOVE, to_wid=at["two"], at=now),
        make_motion(paper, places(paper, 1)["measure"], op=MotionOp.STRIKE, at=now),
    ]
    rejected = make_motion(paper, at["two"], text="Nein.", at=now)
    for motion in motions:
        make_vote(motion, at=now)
    refused("not_adopted_as_amended", lambda: consolidate(paper=paper, actor=coordination, at=now))
    decide(paper, office, now)
    refused("motions_open", lambda: consolidate(paper=paper, actor=coordination, at=now))
    make_vote(rejected, MotionStatus.REJECTED, at=now)
    with nothing_written(), pytest.raises(NotPermitted):
        consolidate(paper=paper, actor=office, at=now)

    found = consolidate(paper=paper, actor=coordination, at=now)
    assert set(found.motions.all()) == set(motions)
    target = computed_text(paper)
    states = {page.title: page.state for page in pages_to_amend(paper, target)}
    assert set(states.values()) == {PageState.TO_REVIEW}
    assert set(states) == {"Anderer Titel", "Abschnitt 2", "Ziel 1.1", "Ziel 1.3", "Ziel 2.1"}
    publish()
    assert is_reviewed(paper.edition.concept.specific, target)

    amended = release(paper, coordination, now)
    assert amended.content_hash == found.text_hash == adopted_hash(paper)
    first, second = section_data(amended)
    assert first["text"]["blocks"][0]["html"] == "Erster Satz von allen."
    assert [goal["number"] for goal in first["goals"]] == ["1.1", "1.3", "1.2"]
    assert first["text"]["title"] == "Anderer Titel"
    assert len(first["text"]["blocks"]) == 3
    assert second["goals"][0]["measures"] == []
    changes = amended.revision.changes.prefetch_related("causes")
    assert {cause.kind for change in changes for cause in change.causes.all()} == {Cause.MOTION}
    both = changes.get(wid=at["one"]).causes.order_by("pk")
    assert [cause.reference for cause in both] == [
        "Änderungsantrag Ä 1, Die Mitte, beschlossen am 10. Februar 2027",
        "Änderungsantrag Ä 2, Die Mitte, beschlossen am 10. Februar 2027",
    ]
    assert {row.motion for row in MotionCause.objects.all()} == set(motions)

    paper = Paper.objects.get()
    in_force = adopt_amended_edition(paper=paper, edition=amended, actor=office, at=now)
    assert in_force.status == EditionStatus.IN_FORCE
    former = Edition.objects.get(pk=paper.edition_id)
    assert former.status == EditionStatus.SUPERSEDED


def test_pages_edited_since_are_listed_and_never_overwritten(paper, coordination, office, now):
    at = places(paper)
    make_vote(make_motion(paper, at["goal"], text="Neu gefasst.", at=now), at=now)
    make_vote(make_motion(paper, at["one"], text="Neu gefasst.", at=now), at=now)
    decide(paper, office, now)
    goal = GoalPage.objects.get(number="1.1")
    goal.reason = "Von Hand geschrieben."
    goal.save_revision().publish()
    elsewhere = GoalPage.objects.get(number="2.2")
    elsewhere.wording = "Auch von Hand."
    elsewhere.save_revision()
    consolidate(paper=paper, actor=coordination, at=now)
    target = computed_text(paper)
    states = {page.title: page.state for page in pages_to_amend(paper, target)}
    assert states == {
        "Abschnitt 1": PageState.TO_REVIEW,
        "Ziel 1.1": PageState.EDITED,
        "Ziel 2.2": PageState.EDITED,
    }
    goal.refresh_from_db()
    assert goal.get_latest_revision_as_object().reason == "Von Hand geschrieben."
    # A person merges: the words of the decision, without what was written since.
    for page, words in ((goal, "Neu gefasst."), (elsewhere, "Wortlaut von Ziel 2.2.")):
        page.reason, page.wording = "", words
        page.save_revision()
    publish()
    assert is_reviewed(paper.edition.concept.specific, target)
    amended = release(paper, coordination, now)
    assert amended.content_hash == adopted_hash(paper)


def test_a_struck_goal_is_dropped_by_a_draft_that_a_second_person_reviews(
    paper, coordination, office, now
):
    at = places(paper)
    make_vote(make_motion(paper, at["goal"], op=MotionOp.STRIKE, at=now), at=now)
    make_vote(make_motion(paper, at["one"], text="Neu gefasst.", at=now), at=now)
    decide(paper, office, now)
    section = SectionPage.objects.get(number="1")
    section.locked = True
    section.save()
    consolidate(paper=paper, actor=coordination, at=now)
    target = computed_text(paper)
    states = {page.title: page.state for page in pages_to_amend(paper, target)}
    assert states == {
        "Abschnitt 1": PageState.BUSY,
        "Ziel 1.1 (entfällt)": PageState.TO_REVIEW,
    }
    goal = GoalPage.objects.get(number="1.1")
    assert goal.dropped_because == ""
    with undone(), pytest.raises(UnableToRelease):
        make_edition(paper.edition.concept.specific, at=now, actor=coordination)
    section.locked = False
    section.save()
    consolidate(paper=paper, actor=coordination, at=now)
    publish()
    goal.refresh_from_db()
    # The page stays with its key and its versions, and says why it is no text any more.
    assert goal.dropped_because == (
        "Änderungsantrag Ä 1, Die Mitte, beschlossen am 10. Februar 2027"
    )
    assert goal.get_admin_display_title() == "Ziel 1.1 (entfällt)"
    amended = release(paper, coordination, now)
    assert amended.content_hash == adopted_hash(paper)
    assert [goal["number"] for goal in section_data(amended)[0]["goals"]] == ["1.2"]
    struck = amended.revision.changes.filter(op="delete")
    assert [change.part for change in struck] == ["goal", "measure"]
    for change in struck:
        assert change.causes.get().motion_cause.motion.number == 1
    adopt_amended_edition(paper=Paper.objects.get(), edition=amended, actor=office, at=now)


def test_sections_and_goals_are_struck_moved_and_added_by_machine(coordination, office, now):
    concept = make_concept(sections=4, goals=2)
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        page.save_revision().publish()
    paper = make_submitted(make_paper(make_edition(concept, at=now)), at=now)
    one, two, three, four = (places(paper, section) for section in range(4))
    new_section = "Gesundheit\nErster Absatz.\nZweiter <Absatz> & mehr."
    motions = [
        make_motion(paper, one["section"], op=MotionOp.STRIKE, at=now),
        make_motion(
            paper, four["section"], op=MotionOp.MOVE, to_wid=two["section"], side="before", at=now
        ),
        make_motion(paper, three["section"], op=MotionOp.INSERT, text=new_section, at=now),
        make_motion(paper, two["goal"], op=MotionOp.MOVE, to_wid=three["goal"], at=now),
        make_motion(paper, three["goal2"], op=MotionOp.MOVE, to_wid=three["goal"], side="before",
                    at=now),
        make_motion(paper, two["goal2"], part="reason", text="Weil es\nnötig ist.", at=now),
        make_motion(paper, two["goal2"], part="target_groups", text="Kinder", at=now),
        make_motion(paper, two["measure"], part="costs", at=now,
                    text="einmalig 500 Euro\njährlich 9000 €"),
        make_motion(paper, three["measure"], part="period", text="2027 bis 2029", at=now),
        make_motion(paper, two["goal2"], part="measures", at=now, op=MotionOp.INSERT,
                    text="Sprachkurse\nJeden Abend.", finance="estimated", cost_yearly=700),
        make_motion(paper, two["section"], part="goals", op=MotionOp.INSERT, at=now,
                    text="Ein neues Ziel.\nWeil es fehlt.\nFür wen: Eltern"),
    ]  # fmt: skip
    for motion in motions:
        make_vote(motion, at=now)
    decide(paper, office, now)
    found = consolidate(paper=paper, actor=coordination, at=now)
    target = computed_text(paper)
    assert not {row.state for row in pages_to_amend(paper, target)} & BY_HAND
    publish()
    assert concept.preview_sections() == target
    consolidate(paper=paper, actor=coordination, at=now)
    assert {row.state for row in pages_to_amend(paper, target)} == {PageState.DONE}
    amended = release(paper, coordination, now)
    assert amended.content_hash == found.text_hash == adopted_hash(paper)
    sections = section_data(amended)
    assert [part["number"] for part in sections] == ["4", "2", "3", "5"]
    assert [[goal["number"] for goal in part["goals"]] for part in sections] == [
        ["4.1", "4.2"],
        ["2.2", "2.3"],
        ["3.2", "3.1", "2.1"],
        [],
    ]
    kinds = {
        cause.kind
        for change in amended.revision.changes.prefetch_related("causes")
        for cause in change.causes.all()
    }
    assert kinds == {Cause.MOTION}
    assert {row.motion for row in MotionCause.objects.all()} == set(motions)
    adopt_amended_edition(paper=Paper.objects.get(), edition=amended, actor=office, at=now)


def test_minutes_bring_a_struck_goal_and_a_struck_section_back(paper, coordination, office, now):
    one, two = places(paper), places(paper, 1)
    votes = [
        make_vote(make_motion(paper, wid, op=MotionOp.STRIKE, at=now), at=now)
        for wid in (one["goal"], two["section"])
    ]
    new = make_vote(
        make_motion(paper, one["goal2"], op=MotionOp.INSERT, text="Neu.", at=now), at=now
    )
    decide(paper, office, now)
    consolidate(paper=paper, actor=coordination, at=now)
    publish()
    wrong = release(paper, coordination, now)
    assert len(section_data(wrong)) == 1
    for vote in (*votes, new):
        correction = correct_motion_vote(
            vote=vote, outcome=MotionStatus.REJECTED, reason="Niederschrift", actor=office, at=now
        )
        confirm_motion_vote(vote=correction, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    paper = Paper.objects.get()
    consolidate(paper=paper, actor=coordination, at=now)
    publish()
    assert is_reviewed(paper.edition.concept.specific, section_data(paper.edition))
    amended = release(paper, coordination, now)
    assert amended.content_hash == paper.edition.content_hash
    for change in amended.revision.changes.all():
        assert "nach der Niederschrift nicht beschlossen" in change.causes.get().reference


def test_a_goal_that_somebody_has_edited_is_not_dropped_by_machine(
    paper, coordination, office, now
):
    at = places(paper)
    make_vote(make_motion(paper, at["goal"], op=MotionOp.STRIKE, at=now), at=now)
    decide(paper, office, now)
    goal = GoalPage.objects.get(number="1.1")
    goal.reason = "Von Hand geschrieben."
    goal.save_revision().publish()
    consolidate(paper=paper, actor=coordination, at=now)
    target = computed_text(paper)
    states = {page.title: page.state for page in pages_to_amend(paper, target)}
    assert states == {"Ziel 1.1 (entfällt)": PageState.EDITED}
    goal.refresh_from_db()
    goal.dropped_because = "Beschluss vom 10. Februar 2027"
    goal.save_revision().publish()
    assert release(paper, coordination, now).content_hash == adopted_hash(paper)


def test_cells_of_a_table_get_other_words_by_motion(coordination, office, now):
    concept = make_concept()
    section = SectionPage.objects.get()
    section.body = [
        {
            "id": "t1",
            "type": "table",
            "value": {
                "columns": [{"type": "text", "heading": name} for name in ("Ort", "Geld & mehr")],
                "rows": [{"values": ["Nord", "10 Euro"]}, {"values": ["Süd", ""]}],
                "caption": "Geld der Orte",
            },
        }
    ]
    section.save_revision().publish()
    GoalPage.objects.get().save_revision().publish()
    paper = make_submitted(make_paper(make_edition(concept, at=now)), at=now)
    head = "Ort | Geld & mehr"
    texts = [
        f"{head}\nNord | 20 Euro\nSüd |\nGeld der Orte",
        f"{head}\nNord | 10 Euro\nSüd | 5 Euro\nGeld der Orte",
    ]
    for text in texts:
        make_vote(make_motion(paper, "t1", text=text, at=now), at=now)
    decide(paper, office, now)
    consolidate(paper=paper, actor=coordination, at=now)
    publish()
    [table] = computed_text(paper)[0]["text"]["blocks"]
    assert table["rows"] == [["Nord", "20 Euro"], ["Süd", "5 Euro"]]
    assert concept.preview_sections() == computed_text(paper)
    assert release(paper, coordination, now).content_hash == adopted_hash(paper)


def test_only_the_text_as_decided_is_put_in_force_by_another_person(
    paper, coordination, office, now
):
    at = places(paper)
    make_vote(make_motion(paper, at["goal"], text="Neu gefasst.", at=now), at=now)
    decide(paper, office, now)
    goal = GoalPage.objects.get(number="1.1")
    goal.wording = "Nicht das, was beschlossen wurde."
    goal.save_revision().publish()
    wrong = make_edition(paper.edition.concept.specific, at=now)
    paper = Paper.objects.get()
    for edition in (wrong, paper.edition):
        refused(
            "text_not_as_decided",
            lambda e=edition: adopt_amended_edition(paper=paper, edition=e, actor=office, at=now),
        )
    # Nobody loses the way: the pages are brought back and the next edition is right.
    goal.wording = "Neu gefasst."
    goal.save_revision().publish()
    both = make_staff(Role.COORDINATION, Role.COUNCIL_OFFICE)
    consolidate(paper=paper, actor=both, at=now)
    amended = release(paper, both, now)
    refused(
        "released_by_the_same_person",
        lambda: adopt_amended_edition(paper=paper, edition=amended, actor=both, at=now),
    )
    adopt_amended_edition(paper=paper, edition=amended, actor=office, at=now)


def test_minutes_that_correct_a_motion_change_the_text_and_name_the_difference(
    paper, coordination, office, now
):
    at = places(paper)
    stays = make_motion(paper, at["one"], text="Neu gefasst.", at=now)
    falls = make_motion(paper, at["goal"], text="Neu gefasst.", at=now)
    make_vote(stays, at=now)
    vote = make_vote(falls, at=now)
    decide(paper, office, now)
    first = consolidate(paper=paper, actor=coordination, at=now)
    publish()
    wrong = release(paper, coordination, now)
    paper = Paper.objects.get()

    correction = correct_motion_vote(
        vote=vote, outcome=MotionStatus.REJECTED, reason="Niederschrift", actor=office, at=now
    )
    refused("motions_open", lambda: computed_text(paper))
    confirm_motion_vote(vote=correction, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    target = computed_text(paper)
    assert differences(first.sections, target) == [at["goal"]]
    refused(
        "text_not_as_decided",
        lambda: adopt_amended_edition(paper=paper, edition=wrong, actor=office, at=now),
    )
    consolidate(paper=paper, actor=coordination, at=now)
    assert Consolidation.objects.count() == 2
    publish()
    amended = release(paper, coordination, now)
    [change] = amended.revision.changes.all()
    assert change.wid == at["goal"]
    assert "nach der Niederschrift nicht beschlossen" in change.causes.get().reference
    adopt_amended_edition(paper=paper, edition=amended, actor=office, at=now)
    again = {"outcome": MotionStatus.ACCEPTED, "reason": "Doch", "actor": office, "at": now}
    refused("outcome_took_effect", lambda: correct_motion_vote(vote=correction, **again))


def test_accepted_motions_and_a_plain_adoption_exclude_each_other(paper, office, now):
    at = places(paper)
    vote = make_vote(make_motion(paper, at["goal"], text="Neu gefasst.", at=now), at=now)
    late = make_motion(paper, at["one"], text="Neu gefasst.", at=now)
    decision = make_decision(paper.route.get(authoritative=True), ItemOutcome.ADOPTED, at=now)
    confirm = {"decision": decision, "actor": office, "at": now}
    refused("adopted_with_motions", lambda: confirm_decision(**confirm))
    correction = correct_motion_vote(
        vote=vote, outcome=MotionStatus.REJECTED, reason="Niederschrift", actor=office, at=now
    )
    assert correction.motion.status == MotionStatus.REJECTED
    confirm_decision(**confirm)
    assert Edition.objects.get(pk=paper.edition_id).status == EditionStatus.IN_FORCE
    judges = {"motion": late, "step": paper.route.get(authoritative=True), "actor": office}
    refused(
        "outcome_took_effect",
        lambda: record_motion_vote(outcome=MotionStatus.ACCEPTED, at=now, **judges),
    )
    record_motion_vote(outcome=MotionStatus.REJECTED, at=now, **judges)


def test_without_a_motion_on_the_text_the_submitted_edition_comes_into_force(paper, office, now):
    make_vote(make_motion(paper, item=paper.items.get(), text="Anders.", at=now), at=now)
    withdrawn = make_motion(paper, places(paper)["goal"], at=now)
    withdraw_motion(motion=withdrawn, actor=office)
    decide(paper, office, now)
    paper = Paper.objects.get()
    found = adopt_amended_edition(paper=paper, edition=paper.edition, actor=office, at=now)
    assert (found.pk, found.status) == (paper.edition_id, EditionStatus.IN_FORCE)


def test_marks_links_lists_and_signs_come_out_as_the_machine_computes_them(
    coordination, office, now
):
    concept = make_concept(goals=1)
    target = GoalPage.objects.get()
    section = SectionPage.objects.get()
    section.body = [
        {"id": "h1", "type": "heading", "value": "Kurse & mehr"},
        {
            "id": "p1",
            "type": "paragraph",
            "value": "<p>Die <b>Stadt</b> fördert <a href='https://example.org/?a=1&amp;b=2'>gute "
            f'Kurse</a> &amp; mehr, siehe <a linktype="page" id="{target.pk}">Ziel <i>eins</i></a>'
            ".<br/>Immer.</p>",
        },
        {
            "id": "l1",
            "type": "list",
            "value": [
                {"id": "i1", "type": "item", "value": "<p>Kurse mit <b>Kindern</b></p>"},
                {"id": "i2", "type": "item", "value": "<p>Beratung &lt;kurz&gt;</p>"},
                {"id": "i3", "type": "item", "value": "<p>Treffen</p>"},
            ],
        },
    ]
    section.save_revision().publish()
    target.save_revision().publish()
    paper = make_submitted(make_paper(make_edition(concept, at=now)), at=now)
    motions = [
        make_motion(paper, "h1", text='Kurse & "Treffen"', at=now),
        make_motion(
            paper, "p1", text="Die Stadt bezahlt gute Kurse & mehr, siehe Ziel eins. Immer.", at=now
        ),
        make_motion(
            paper, "p1", text="Die Stadt fördert gute Kurse & mehr, siehe Ziel eins. Bald.", at=now
        ),
        make_motion(paper, "l1", text="Kurse mit Eltern\nTreffen\nFeste & <Feiern>", at=now),
        make_motion(paper, "h1", op=MotionOp.INSERT, text='"Neu" & <gut>.', at=now),
    ]
    for motion in motions:
        make_vote(motion, at=now)
    decide(paper, office, now)
    consolidate(paper=paper, actor=coordination, at=now)
    publish()
    computed = computed_text(paper)
    blocks = computed[0]["text"]["blocks"]
    assert blocks[1]["html"] == '"Neu" &amp; &lt;gut&gt;.'
    assert blocks[2]["html"].startswith("Die <b>Stadt</b> bezahlt <a href=")
    assert f'<a href="wid:{target.wid}">Ziel <i>eins</i></a>. Bald.' in blocks[2]["html"]
    assert blocks[3]["items"][2] == "Feste &amp; &lt;Feiern&gt;"
    assert paper.edition.concept.specific.preview_sections() == computed
    assert release(paper, coordination, now).content_hash == adopted_hash(paper)


@given(some_changes)
def test_every_change_of_the_text_goes_back_to_a_motion(found):
    """Whatever was moved: nothing that differs is left without a cause."""
    if not fit_together(found):
        return
    after = apply_amendments(TEXT, found)
    motions = [
        AmendmentMotion(
            number=change.order,
            op=change.op,
            wid=change.wid,
            part=change.part,
            new_wid=change.new_wid,
            to_wid=change.to_wid,
            side=change.side,
        )
        for change in found
    ]
    named = motions_by_place(motions, TEXT, TEXT, after)
    assert {change.wid for change in changes_between(TEXT, after)} <= set(named)
