"""Scenario 8 of domain.md: the minutes differ from what the evening's result was."""

from datetime import timedelta

import pytest
from django.core import mail

from consult.council.services.access import PaperStepRefused
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.decisions import confirm_decision, correct_decision
from consult.council.states import ItemOutcome
from consult.participants.states import Role
from drafts.editions.models import Edition
from drafts.editions.states import EditionStatus
from tests.consult.records.chain import Chain
from tests.factories import make_edition, make_resident, make_staff
from tests.factories.following import tell_and_send
from tests.journeys.council_year import words

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTES = "In der Niederschrift steht „mit Änderung“; am Abend war das falsch notiert."


@pytest.fixture
def chain(now):
    return Chain(at=now, author=make_resident("Ada"))


@pytest.fixture
def recorded(chain, now):
    """The evening's result, of which the author was told."""
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    decision = chain.decide(chain.submit(edition))
    tell(now)
    assert any("vorläufig: beschlossen" in letter.subject for letter in mail.outbox)
    mail.outbox.clear()
    return decision


def tell(at):
    tell_and_send(at)
    tell_and_send(at + HOUR)


def correct(decision, at):
    return correct_decision(
        decision=decision, outcome=ItemOutcome.ADOPTED_AS_AMENDED, reason=MINUTES,
        resolution_text="Mit der Änderung aus dem Sozialausschuss.",
        actor=make_staff(Role.COUNCIL_OFFICE), at=at,
    )  # fmt: skip


def in_force() -> list[int]:
    return list(
        Edition.objects.filter(status=EditionStatus.IN_FORCE).values_list("number", flat=True)
    )


def follow_the_minutes(correction, at) -> Edition:
    """A second person confirms, the text is amended and comes into force."""
    office = make_staff(Role.COUNCIL_OFFICE)
    confirm_decision(decision=correction, actor=office, at=at)
    paper = correction.item.paper
    paper.edition.refresh_from_db()
    amended = make_edition(paper.edition.concept.specific, at=at, title="Wie beschlossen")
    adopt_amended_edition(paper=paper, edition=amended, actor=office, at=at)
    return amended


def test_corrected_before_it_was_confirmed(recorded, client, now):
    correction = correct(recorded, now + DAY)
    assert in_force() == []
    page = words(client.get(f"/de/rat/{recorded.item.paper_id}/"))
    assert "vorläufig: geändert beschlossen" in page
    assert "Vorher stand hier: vorläufig: beschlossen." in page
    tell(now + 2 * DAY)
    [told] = {letter.body for letter in mail.outbox}
    assert MINUTES in told
    assert "vorläufig: geändert beschlossen" in told
    amended = follow_the_minutes(correction, now + 3 * DAY)
    assert in_force() == [amended.number]
    tell(now + 4 * DAY)
    assert any("nach Niederschrift bestätigt" in letter.body for letter in mail.outbox)


def test_corrected_after_it_was_confirmed_and_in_force(recorded, client, now):
    confirm_decision(decision=recorded, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    submitted = recorded.item.paper.edition_id
    assert in_force() == [Edition.objects.get(pk=submitted).number]
    correction = correct(recorded, now + DAY)
    tell(now + 2 * DAY)
    assert any(MINUTES in letter.body for letter in mail.outbox)
    amended = follow_the_minutes(correction, now + 3 * DAY)
    assert in_force() == [amended.number]
    assert Edition.objects.get(pk=submitted).status == EditionStatus.SUPERSEDED
    page = words(client.get(f"/de/rat/{recorded.item.paper_id}/"))
    assert "Mit der Änderung aus dem Sozialausschuss." in page


def test_a_confirmed_adoption_is_not_undone_by_a_correction(recorded, now):
    confirm_decision(decision=recorded, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    with pytest.raises(PaperStepRefused) as refused:
        correct_decision(
            decision=recorded, outcome=ItemOutcome.REJECTED, reason="Verzählt.",
            actor=make_staff(Role.COUNCIL_OFFICE), at=now + DAY,
        )  # fmt: skip
    assert refused.value.code == "outcome_took_effect"
