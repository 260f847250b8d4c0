"""From receipt to measure: each author gets each step, once, in the own language."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail

from consult.contributions.models import GuestContact
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure as Moderation
from consult.contributions.states import Rule
from consult.evaluation.services.themes import move_contributions
from consult.evaluation.services.understood import QUIET, tell_authors
from consult.following.models import Occurrence, Telling
from consult.participants.models import Notice
from consult.participants.states import Role
from drafts.actionplan.models import Measure
from drafts.actionplan.services import report_progress
from drafts.actionplan.states import MeasureStatus
from tests.consult.records.chain import Chain
from tests.factories import make_resident, make_staff
from tests.factories.following import tell_and_send

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def chain(now):
    return Chain(at=now, author=make_resident("Ada"))


def _subjects(address: str) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [address]]


def test_an_author_gets_every_step_once(chain, now):
    at, ref = now, chain.contribution.ref
    tell_and_send(at)
    decide(
        contribution=chain.contribution, measure=Moderation.HIDE, rule=Rule.HATE,
        reason="Gegen Regel 2.", actor=make_staff(Role.MODERATION), at=at,
    )  # fmt: skip
    decide(
        contribution=chain.contribution, measure=Moderation.RESTORE, rule="",
        reason="Doch gut.", actor=make_staff(Role.MODERATION), at=at,
    )  # fmt: skip
    theme = chain.close()
    for later in (at + QUIET, at + 2 * QUIET):
        tell_authors(at=later)
        tell_and_send(later)
    answer = chain.answer(theme)
    tell_and_send(at + timedelta(days=2))
    chain.finish()
    edition = chain.revise(answer)
    tell_and_send(at + timedelta(days=3))
    step = chain.submit(edition)
    tell_and_send(at + timedelta(days=4))
    decision = chain.decide(step)
    tell_and_send(at + timedelta(days=5))
    tell_and_send(at + timedelta(days=5) + HOUR)
    chain.confirm(decision)
    tell_and_send(at + timedelta(days=6))
    tell_and_send(at + timedelta(days=6) + HOUR)
    report_progress(
        measure=Measure.objects.get(), status=MeasureStatus.RUNNING, note="Der erste Kurs läuft.",
        actor=chain.coordination, at=at + timedelta(days=7),
    )  # fmt: skip
    for _again in range(2):
        tell_and_send(at + timedelta(days=8))
        tell_and_send(at + timedelta(days=8) + HOUR)
    assert _subjects(chain.author.email) == [
        f"Ihr Beitrag ist da: Nummer {ref}",
        f"Ihr Beitrag {ref} wird nicht gezeigt",
        f"Ihr Beitrag {ref} ist wieder zu sehen",
        f"So haben wir Ihren Beitrag {ref} verstanden",
        f"Die Stadt hat auf Ihren Beitrag {ref} geantwortet",
        f"Wegen Ihres Beitrags {ref} hat sich der Text geändert",
        "Dem Rat liegt vor: Das Konzept",
        "Stadtverordnetenversammlung hat entschieden: vorläufig: beschlossen",
        "Stadtverordnetenversammlung hat entschieden: beschlossen",
        "Maßnahme 1.1.a: läuft",
    ]
    said = "\n".join(message.body for message in mail.outbox)
    for words in (
        "Gegen Regel 2.",
        "Das ist so.",
        "Ziel 1.1",
        "vorläufig",
        "bestätigt",
        "Kurs läuft",
    ):
        assert words in said
    assert not Telling.objects.filter(gathered_at=None).exists()


def test_the_answer_is_told_in_the_language_of_the_account(chain, now):
    chain.author.language = "en"
    chain.author.save()
    chain.answer(chain.close())
    tell_and_send(now)
    letter = mail.outbox[-1]
    assert letter.to == [chain.author.email]
    assert letter.extra_headers["Content-Language"] == "en"
    assert f"/en/beitrag/{chain.contribution.ref}/" in letter.body


def test_a_guest_is_told_and_an_account_with_the_same_address_gets_one_mail(chain, now):
    place = find_place(chain.round.edition, chain.goal.section.wid, chain.goal.wid)
    for address in ("gast@example.org", chain.author.email):
        token = submit_as_guest(
            place=place, words=Words(text="Auch ich.", stance="idea"), email=address,
            language="de", at=now,
        )  # fmt: skip
        confirm_submission(token=token, at=now)
    theme = chain.close()
    guests = [contact.contribution for contact in GuestContact.objects.all()]
    move_contributions(contributions=guests, theme=theme, actor=chain.coordination, at=now)
    Notice.objects.all().delete()
    chain.answer(theme)
    tell_and_send(now)
    assert Counter(message.to[0] for message in mail.outbox) == {
        "gast@example.org": 1,
        chain.author.email: 1,
    }
    own = next(found for found in mail.outbox if found.to == [chain.author.email])
    assert "Das betrifft Ihre Beiträge" in own.body


def test_what_was_decided_and_confirmed_within_the_hour_is_told_as_confirmed(chain, now):
    answer = chain.answer(chain.close())
    chain.finish()
    step = chain.submit(chain.revise(answer))
    chain.confirm(chain.decide(step))
    tell_and_send(now)
    mail.outbox.clear()
    tell_and_send(now + HOUR)
    [letter] = [m for m in mail.outbox if "entschieden" in m.subject]
    assert "nach Niederschrift bestätigt" in letter.body
    assert "vorläufig" not in letter.body


def test_an_older_installation_is_told_from_its_update_on(chain, now):
    chain.answer(chain.close())
    Occurrence.objects.create(
        key="beginning", happening="beginning", happened_at=now + HOUR, noted_at=now, status="told"
    )
    tell_and_send(now + 2 * HOUR)
    assert not Telling.objects.exists()
