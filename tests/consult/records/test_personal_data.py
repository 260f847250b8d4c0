"""The export of a person: everything of that person, nothing of anybody else."""

import json
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import complain, decide, report
from consult.contributions.services.suggestions import support_suggestion
from consult.contributions.services.voting import OBJECTION_PERIOD, cast_vote, destroy_ballot_keys
from consult.contributions.states import Choice, Measure, Rule
from consult.following.services.following import follow
from consult.following.states import Rhythm
from consult.participants.models import User
from consult.participants.services import declare_residence
from consult.participants.states import Role
from consult.records.personal_data import personal_data_of
from site_content.pages.presenters.own_data import sections_of
from tests.consult.records.chain import TEXT, Chain
from tests.factories import make_contribution, make_resident, make_staff
from tests.factories.conversation import make_suggestion
from tests.factories.following import tell

pytestmark = pytest.mark.django_db

FOREIGN = "Fremdling"


@pytest.fixture
def chain(now) -> Chain:
    """A person who has done everything, and others who did the same."""
    chain = Chain(at=now, author=make_resident("Ada"))
    declare_residence(user=chain.author, at=now)
    for voter in (chain.author, make_resident(FOREIGN)):
        cast_vote(goal=chain.goal, participant=voter, choice=Choice.AGREE, at=now)
    other = make_contribution(
        chain.round, at=now, text=f"{FOREIGN} schreibt.", reply_to=chain.contribution
    )
    report(
        contribution=other, rule=Rule.ADVERTISING, text="Das ist Werbung.",
        contact=chain.author.email, at=now,
    )  # fmt: skip
    report(
        contribution=chain.contribution, rule=Rule.HATE, text=f"{FOREIGN} meldet.",
        contact="fremd@example.org", at=now,
    )  # fmt: skip
    moderator = make_staff(Role.MODERATION, name=FOREIGN)
    decision = decide(
        contribution=chain.contribution, measure=Measure.HIDE, rule=Rule.HATE,
        reason="Gegen Regel 2.", actor=moderator, at=now,
    )  # fmt: skip
    complain(decision=decision, text="Nein.", at=now)
    decide(
        contribution=chain.contribution, measure=Measure.RESTORE, rule="", reason="Doch gut.",
        actor=moderator, at=now,
    )  # fmt: skip
    return chain


def test_everything_of_the_person_is_in_it(chain, now):
    chain.answer(chain.close())
    wid = chain.goal.wid
    follow(user=chain.author, topic="goal", object_=wid, rhythm=Rhythm.WEEKLY, at=now)
    tell(now)
    data = personal_data_of(User.objects.get(pk=chain.author.pk), now)
    assert [(row["topic"], row["object"]) for row in data["following"]] == [("goal", wid)]
    assert "theme_answered" in {row["occurrence__happening"] for row in data["told"]}
    [contribution] = data["contributions"]
    hidden, restored = contribution["decisions"]
    assert data["account"]["pseudonym"] == "Ada"
    assert data["account"]["residence_declared_at"] == now
    assert data["addresses"] == [{"email": chain.author.email, "verified": True, "primary": True}]
    assert (contribution["text"], contribution["place"]) == (TEXT, "1.1")
    assert (hidden["reason"], restored["reason"]) == ("Gegen Regel 2.", "Doch gut.")
    assert hidden["complaint"]["text"] == "Nein."
    [theme] = contribution["themes"]
    assert (theme["theme"], theme["answer"]["reason"]) == ("Kurse am Samstag", "Das ist so.")
    assert [vote["choice"] for vote in data["votes"]] == ["agree"]
    assert [row["text"] for row in data["reports"]] == ["Das ist Werbung."]
    assert {row["kind"] for row in data["notices"]} >= {"receipt", "moderation_hide", "news"}
    assert json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def test_nobody_else_is_in_it(chain, now):
    chain.answer(chain.close())
    said = json.dumps(personal_data_of(chain.author, now), cls=DjangoJSONEncoder)
    for secret in (FOREIGN, "fremd@", "Beispiel", "Kim", chain.coordination.email):
        assert secret not in said
    # Keys open pages for whoever reads the file.
    assert chain.receipt.key not in said


def test_votes_are_there_until_the_key_is_destroyed(chain, now):
    chain.close()
    destroy_ballot_keys(at=chain.round.closes_at + OBJECTION_PERIOD)
    assert personal_data_of(chain.author, now)["votes"] == []


def test_what_was_written_as_a_guest_under_the_same_address_belongs_to_it(chain, now):
    place = find_place(chain.round.edition, chain.goal.section.wid)
    tokens = [
        submit_as_guest(
            place=place, words=Words(text=text, stance="idea"), email=chain.author.email.upper(),
            language="de", at=now,
        )
        for text in ("Als Gast.", "Nie bestätigt.")
    ]  # fmt: skip
    confirm_submission(token=tokens[0], at=now)
    data = personal_data_of(chain.author, now + timedelta(days=1))
    assert [row["text"] for row in data["contributions"]] == [TEXT, "Als Gast."]
    assert [row["text"] for row in data["unconfirmed"]] == ["Nie bestätigt."]


def test_own_wordings_and_supported_ones_are_in_it_without_the_words_of_others(chain, now):
    own = make_suggestion(
        chain.round, at=now, new_text="Mein Wortlaut.", participant=chain.author,
        credit_agreed=True,
    )  # fmt: skip
    other = make_suggestion(chain.round, at=now, new_text=f"{FOREIGN} will etwas anderes.")
    support_suggestion(bundle=other.suggestion.bundle, participant=chain.author, at=now)
    data = personal_data_of(chain.author, now)
    [found] = [row["suggestion"] for row in data["contributions"] if row["ref"] == own.ref]
    assert (found["new"], found["may_be_named"], found["status"]) == (
        "Mein Wortlaut.", True, "open",
    )  # fmt: skip
    assert [row["ref"] for row in data["supports"]] == [other.ref]
    assert FOREIGN not in json.dumps(data, cls=DjangoJSONEncoder)
    assert "Mein Wortlaut." in str(sections_of(data))


def test_somebody_who_did_nothing_has_an_account_only(now):
    data = personal_data_of(make_resident(), now)
    empty = {key for key, value in data.items() if not value}
    assert empty == {
        "second_factors", "contributions", "unconfirmed", "votes", "supports", "statements",
        "reports", "barriers", "following", "told", "council_groups", "motions_drafted",
        "notices", "erasure_requests", "marks", "questions",
    }  # fmt: skip


def test_an_address_that_was_not_confirmed_opens_nobody_s_contributions(chain, now):
    place = find_place(chain.round.edition, chain.round.edition.sections.first().wid)
    confirm_submission(
        token=submit_as_guest(
            place=place, words=Words(text=f"{FOREIGN} als Gast.", stance="idea"),
            email="gast@example.org", language="de", at=now,
        ),
        at=now,
    )  # fmt: skip
    person = make_resident("Neugierig")
    User.objects.filter(pk=person.pk).update(email="gast@example.org")
    person.refresh_from_db()
    assert personal_data_of(person, now)["contributions"] == []
