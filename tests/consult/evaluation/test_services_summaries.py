"""Summaries: written by a worker, released by a person, overtaken when their theme changes."""

import re

import pytest

from consult.contributions.models import Contribution
from consult.evaluation.models import Summary, Theme
from consult.evaluation.selectors import public_themes
from consult.evaluation.services.summaries import (
    SummaryStepRefused,
    _set_status,
    reject_summary,
    release_summary,
    renew_overtaken_summaries,
    write_next_summary,
)
from consult.evaluation.services.themes import move_contributions, rename_theme
from consult.evaluation.states import SUMMARY_TRANSITIONS, SummaryStatus
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def voices(now) -> list[Contribution]:
    round_ = make_open_round(at=now)
    for text in (
        "Deutschkurse am Abend fehlen.",
        "Abends gibt es keine Deutschkurse.",
        "Mehr Deutschkurse am Abend, bitte.",
        "Der Bus fährt nachts nicht.",
    ):
        make_contribution(round_, at=now, text=text)
    make_closed(round_)
    return list(Contribution.objects.select_related("round").order_by("pk"))


@pytest.fixture
def theme(voices, actor, now) -> Theme:
    return make_theme(voices[:3], title="Kurse am Abend", actor=actor, at=now)


def _current(theme) -> Summary:
    return Summary.objects.exclude(status=SummaryStatus.REPLACED).get(theme=theme)


@pytest.fixture
def draft(theme) -> Summary:
    write_next_summary()
    return _current(theme)


@pytest.mark.parametrize("before", SummaryStatus)
def test_summary_takes_only_the_steps_of_the_table(before, theme, actor, now, subtests):
    summary = _current(theme)
    Summary.objects.filter(pk=summary.pk).update(status=before, released_by=actor)
    for after in SummaryStatus:
        with subtests.test(after=after), undone():
            summary.refresh_from_db()
            if (before, after) in SUMMARY_TRANSITIONS:
                _set_status(summary, after, actor)
                assert Summary.objects.get(pk=summary.pk).status == after
            else:
                with nothing_written(), pytest.raises(SummaryStepRefused):
                    _set_status(summary, after, actor)


def test_a_machine_writes_no_more_than_a_draft(draft, theme):
    assert draft.status == SummaryStatus.MACHINE_DRAFT
    assert not write_next_summary()
    [entry] = public_themes(theme.round)
    assert entry["summary"] is None


def test_every_sentence_cites_members_and_every_quote_is_verbatim(draft, voices):
    members = {voice.ref: voice.comment_row.comment for voice in voices[:3]}
    assert draft.sentences
    for sentence in draft.sentences:
        assert set(sentence["cites"]) <= members.keys()
        assert sentence["cites"]
    for quote in draft.quotes:
        assert quote["text"] in members[quote["ref"]]


def test_a_named_person_releases_or_rejects(draft, theme, actor, now):
    for by in (None, make_resident(), make_staff(Role.DEPARTMENT, Role.MODERATION)):
        with nothing_written(), pytest.raises(NotPermitted):
            release_summary(summary=draft, actor=by, at=now)
        with nothing_written(), pytest.raises(NotPermitted):
            reject_summary(summary=draft, actor=by)
    with undone():
        assert reject_summary(summary=draft, actor=actor).status == SummaryStatus.REJECTED
        assert public_themes(theme.round)[0]["summary"] is None
    released = release_summary(summary=draft, actor=actor, at=now)
    assert (released.released_by, released.released_at) == (actor, now)
    assert public_themes(theme.round)[0]["summary"] == released


def test_numbers_follow_the_members(draft, theme, voices, actor, now):
    def highest():
        return max(
            int(found)
            for sentence in _current(theme).sentences
            for found in re.findall(r"\d+", sentence["sentence"])
        )

    assert highest() == 3
    release_summary(summary=draft, actor=actor, at=now)
    move_contributions(contributions=voices[3:], theme=theme, actor=actor, at=now)
    assert public_themes(theme.round)[0]["summary"] is None
    write_next_summary()
    assert highest() == 4
    draft.refresh_from_db()
    assert draft.status == SummaryStatus.REPLACED


def test_another_name_asks_for_another_summary(draft, theme, actor, now):
    rename_theme(theme=theme, title="Abendkurse", concern="", actor=actor, at=now)
    assert _current(theme).status == SummaryStatus.DUE
    rename_theme(theme=theme, title="Abendkurse", concern="Mehr davon.", actor=actor, at=now)
    assert Summary.objects.filter(theme=theme, status=SummaryStatus.DUE).count() == 1


def test_what_was_hidden_is_neither_cited_nor_quoted_at_once(draft, theme, voices, actor, now):
    release_summary(summary=draft, actor=actor, at=now)
    assert renew_overtaken_summaries(at=now) == 0
    cited = {ref for sentence in draft.sentences for ref in sentence["cites"]}
    Contribution.objects.filter(ref__in=cited).update(status="hidden")
    shown = public_themes(theme.round)[0]["summary"]
    assert (shown.sentences, shown.quotes) == ([], [])
    assert renew_overtaken_summaries(at=now) == 1
    assert _current(theme).status == SummaryStatus.DUE
    write_next_summary()
    if Summary.objects.exclude(status=SummaryStatus.REPLACED).filter(theme=theme).exists():
        assert cited.isdisjoint(q["ref"] for q in _current(theme).quotes)


def test_a_theme_that_lost_all_its_words_has_nothing_to_say(theme):
    Contribution.objects.update(status="hidden")
    assert write_next_summary()
    assert not Summary.objects.exclude(status=SummaryStatus.REPLACED).exists()
    assert not write_next_summary()


def test_a_single_voice_needs_no_summary(voices, actor, now):
    make_theme(voices[3:], title="Nachtbus", actor=actor, at=now)
    assert not Summary.objects.exists()
