"""The theme workshop: machine proposals in, people's themes out, every deed a form button."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    Assignment,
    ProposalMember,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.selectors import members_of, open_proposals
from consult.evaluation.services.summaries import write_next_summary
from consult.evaluation.states import RunStatus, Step, SummaryStatus, ThemeKind, ThemeStatus
from consult.participants.states import Role
from consult.rounds.states import RoundStatus
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_answer, make_closed, make_theme

pytestmark = pytest.mark.django_db

_number = itertools.count(1)
TEXTS = (
    "Es braucht Kurse am Samstag.",
    "Der Kurs am Abend ist immer voll.",
    "Wer Schicht arbeitet, findet keinen Kurs.",
    "Der Aufzug am Bahnhof ist kaputt.",
    "Am Bahnhof Nord fehlt ein Aufzug.",
    "Mehr Bäume bitte.",
)


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def coordination(client):
    user = make_staff(Role.COORDINATION, name="Miriam")
    client.force_login(user)
    return user


@pytest.fixture
def open_round():
    return make_open_round(at=timezone.now())


@pytest.fixture
def said(open_round):
    return [make_contribution(open_round, at=timezone.now(), text=text) for text in TEXTS]


@pytest.fixture
def round_(open_round, said):
    closed = make_closed(open_round)
    AnalysisRun.objects.filter(round=closed).update(status=RunStatus.DONE)
    AnalysisShard.objects.update(status=RunStatus.DONE)
    return closed


@pytest.fixture
def courses(round_, said):
    return propose(round_, said[:3], label="Kurse am Abend")


def propose(round_, members, *, label, bundle="", sentences=()):
    number = next(_number)
    run = AnalysisRun.objects.filter(round=round_).latest("pk")
    proposal = ThemeProposal.objects.create(
        run=run,
        key=f"k{number}",
        kind=ThemeKind.THEME if len(members) > 1 else ThemeKind.SINGLE_VOICE,
        label=label,
        sections=[members[0].section_wid],
        summary=list(sentences),
        position=number,
    )
    ProposalMember.objects.bulk_create(
        ProposalMember(run=run, proposal=proposal, contribution=found, bundle=bundle)
        for found in members
    )
    return proposal


def theme_of(contribution):
    return Theme.objects.get(assignments__contribution=contribution, assignments__is_current=True)


def url(round_, name, *args):
    return reverse(f"workshop:{name}", args=[round_.ref, *args])


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def bench(client, round_, **query):
    return text_of(client.get(url(round_, "bench"), query))


def said_after(response):
    return [str(message) for message in response.context["messages"]]


# Who


@pytest.mark.parametrize("role", [Role.MODERATION, Role.DEPARTMENT, Role.EDITOR])
def test_other_roles_are_denied(client, round_, courses, role):
    client.force_login(make_staff(role))
    for address in (
        reverse("workshop:rounds"),
        url(round_, "bench"),
        url(round_, "proposal", courses.pk),
    ):
        assert client.get(address).headers["Location"] == reverse("wagtailadmin_home")


def test_an_administrator_without_the_role_confirms_nothing(client, round_, courses):
    boss = make_staff()
    boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    client.post(url(round_, "proposal", courses.pk), {"deed": "confirm", "title": "Kurse"})
    assert not Theme.objects.exists()


def test_the_menu_shows_the_workshop_to_coordination_only(client):
    for role, shown in [(Role.COORDINATION, True), (Role.MODERATION, False)]:
        client.force_login(make_staff(role))
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (reverse("workshop:rounds") in home) is shown


def test_an_open_round_has_no_workshop(client, coordination, open_round):
    assert client.get(url(open_round, "bench"), follow=True).status_code == 404


# What it shows


def test_the_status_names_what_is_missing(client, coordination, round_, courses):
    text = bench(client, round_)
    assert "6 Beiträge sind ohne Thema." in text
    assert "0 von 1" in text
    assert '<button class="tw-btn" disabled aria-describedby="obstacles">' in text


def test_a_proposal_shows_its_members_and_never_looks_final(client, coordination, round_, courses):
    text = text_of(client.get(url(round_, "proposal", courses.pk)))
    assert "Noch nicht bestätigt und nicht öffentlich." in text
    assert TEXTS[0] in text
    assert TEXTS[3] not in text


def test_arabic_words_run_from_right_to_left(client, coordination, round_, said):
    Contribution.objects.filter(pk=said[0].pk).update(language="ar")
    text = text_of(client.get(url(round_, "loose")))
    assert '<blockquote lang="ar" dir="rtl">' in text


def test_near_identical_texts_are_marked_and_listed(client, coordination, round_, said):
    propose(round_, said[3:5], label="Aufzug", bundle=said[3].ref)
    assert "Einer von 2 fast gleichen Texten" in text_of(client.get(url(round_, "loose")))
    bundle = text_of(client.get(url(round_, "bundle", said[3].ref)))
    assert TEXTS[4] in bundle
    assert TEXTS[0] not in bundle


def test_neighbours_use_the_same_words(client, coordination, round_, said, courses):
    propose(round_, said[3:5], label="Aufzug am Bahnhof")
    near = propose(round_, [said[5]], label="Kurse mit Kinderbetreuung")
    text = text_of(client.get(url(round_, "proposal", courses.pk)))
    side = text[text.index('id="h-near"') :]
    assert near.label in side
    assert "Aufzug" not in side


def test_many_contributions_need_no_more_queries(client, coordination, round_, said, courses):
    numbers = []
    for amount in (1, 40):
        made = [
            Contribution.objects.create(
                ref=f"X-{next(_number)}",
                round=round_,
                stance="idea",
                status=Visibility.PUBLISHED,
                language="de",
                edition=round_.edition,
                section_wid=said[0].section_wid,
                target_wid=said[0].target_wid,
                verification_class="email_confirmed",
                received_at=timezone.now(),
                status_since=timezone.now(),
                receipt_key_hash=f"hash{next(_number)}",
            )
            for _ in range(amount)
        ]
        for found in made[:20]:
            propose(round_, [found], label="Kurse und Kurs")
        address = url(round_, "proposal", courses.pk)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# The run


def test_a_running_analysis_says_how_far_it_is(client, coordination, round_):
    run = AnalysisRun.objects.get(round=round_)
    AnalysisShard.objects.filter(run=run, step=Step.REDUCE).update(status=RunStatus.QUEUED)
    AnalysisRun.objects.update(status=RunStatus.RUNNING)
    text = bench(client, round_)
    assert f"{run.shards.count() - 1} von {run.shards.count()} Schritten sind fertig" in text
    assert 'http-equiv="refresh"' not in text
    assert 'http-equiv="refresh"' in bench(client, round_, auto=1)
    assert "Themen eines Abschnitts: 1 von 1" in text
    assert "Zusammenführen, Zielergebnisse und Meinungsgruppen: 0 von 1" in text


# What came late


def test_late_contributions_are_offered_for_a_theme_and_taken_in(
    client, coordination, round_, said, courses
):
    client.post(
        url(round_, "proposal", courses.pk), {"deed": "confirm", "title": "Kurse", "concern": ""}
    )
    late = propose(round_, said[3:4], label="Kurse")
    ThemeProposal.objects.filter(pk=late.pk).update(fits=theme_of(said[0]), kind=ThemeKind.THEME)
    assert "Passt zu „Kurse“" in bench(client, round_)
    shown = text_of(client.get(url(round_, "proposal", late.pk)))
    assert "Sie passen zum Thema „Kurse“." in shown
    response = client.post(url(round_, "proposal", late.pk), {"deed": "accept"}, follow=True)
    [message] = said_after(response)
    assert message.startswith("In „Kurse“ aufgenommen.")
    assert "Rückgängig machen" in message
    assert theme_of(said[3]) == theme_of(said[0])


def test_nothing_is_offered_for_a_theme_that_does_not_stand(
    client, coordination, round_, said, courses
):
    client.post(
        url(round_, "proposal", courses.pk), {"deed": "confirm", "title": "Kurse", "concern": ""}
    )
    late = propose(round_, said[3:4], label="Kurse")
    ThemeProposal.objects.filter(pk=late.pk).update(fits=theme_of(said[0]), kind=ThemeKind.THEME)
    Theme.objects.update(status=ThemeStatus.DISSOLVED)
    assert "In dieses Thema aufnehmen" not in text_of(client.get(url(round_, "proposal", late.pk)))


def test_a_failed_analysis_is_retried_by_a_button(client, coordination, round_):
    AnalysisRun.objects.update(status=RunStatus.FAILED, error="MemoryError: zu wenig Speicher")
    AnalysisShard.objects.filter(step=Step.REDUCE).update(status=RunStatus.FAILED)
    assert "MemoryError: zu wenig Speicher" in bench(client, round_)
    client.post(url(round_, "run"))
    assert AnalysisRun.objects.get().status == RunStatus.QUEUED
    assert not AnalysisShard.objects.filter(status=RunStatus.FAILED).exists()


def test_proposals_for_the_rest_are_asked_for_once(client, coordination, round_, said):
    make_theme(said[:2], title="Kurse", actor=coordination, at=timezone.now())
    client.post(url(round_, "run"))
    assert AnalysisRun.objects.count() == 2
    AnalysisRun.objects.update(status=RunStatus.DONE)
    response = client.post(url(round_, "run"), follow=True)
    assert "Für genau diese Beiträge gibt es schon Vorschläge." in said_after(response)
    assert AnalysisRun.objects.count() == 2


# Deeds on proposals


def test_confirming_copies_the_proposal_under_a_name(client, coordination, round_, said, courses):
    client.post(
        url(round_, "proposal", courses.pk),
        {"deed": "confirm", "title": "Kurszeiten", "concern": "Abends ist alles voll."},
    )
    theme = Theme.objects.get()
    assert (theme.title, theme.confirmed_by) == ("Kurszeiten", coordination)
    assert theme.assignments.count() == 3


def test_a_theme_without_a_name_is_asked_for_again(client, coordination, round_, courses):
    response = client.post(
        url(round_, "proposal", courses.pk), {"deed": "confirm", "title": " ", "concern": "Satz"}
    )
    assert response.status_code == 422
    assert "Geben Sie dem Thema einen Namen." in text_of(response)
    assert "Satz</textarea>" in text_of(response)


def test_confirming_twice_says_that_it_is_settled(client, coordination, round_, courses):
    address = url(round_, "proposal", courses.pk)
    client.post(address, {"deed": "confirm", "title": "Kurse"})
    response = client.post(address, {"deed": "confirm", "title": "Kurse"}, follow=True)
    assert any("inzwischen jemand entschieden" in line for line in said_after(response))
    assert Theme.objects.count() == 1


def test_dismissing_leaves_the_contributions_without_a_theme(client, coordination, round_, courses):
    client.post(url(round_, "proposal", courses.pk), {"deed": "dismiss"})
    courses.refresh_from_db()
    assert courses.dismissed_by == coordination
    assert "6 Beiträge sind ohne Thema." in bench(client, round_)


def test_all_single_voices_are_confirmed_at_once(client, coordination, round_, said, courses):
    for found in said[4:]:
        propose(round_, [found], label=found.comment_row.comment)
    client.post(url(round_, "confirm_singles"))
    assert set(Theme.objects.values_list("title", "kind", "confirmed_by")) == {
        (TEXTS[4], ThemeKind.SINGLE_VOICE, coordination.pk),
        (TEXTS[5], ThemeKind.SINGLE_VOICE, coordination.pk),
    }


def test_many_single_voices_need_no_more_queries(client, coordination, round_, said):
    numbers = []
    for voices in (said[:1], said[1:]):
        for found in voices:
            propose(round_, [found], label=found.comment_row.comment)
        with CaptureQueriesContext(connection) as queries:
            client.post(url(round_, "confirm_singles"))
        numbers.append(len(queries))
    assert Theme.objects.count() == len(said)
    assert numbers[1] == numbers[0]


def test_a_theme_is_opened_by_hand_from_several_contributions(client, coordination, round_, said):
    refs = [found.ref for found in said[:3]]
    address = url(round_, "loose")
    unnamed = client.post(address, {"deed": "open", "contribution": refs, "new_title": " "})
    assert unnamed.status_code == 422
    assert "Geben Sie dem Thema einen Namen." in unnamed.content.decode()
    response = client.post(
        address, {"deed": "open", "contribution": refs, "new_title": "Kurse"}, follow=True
    )
    [said_then] = said_after(response)
    assert said_then.startswith("„Kurse“ mit 3 Beiträgen angelegt.")
    assert "Rückgängig machen" in said_then
    theme = Theme.objects.get()
    assert (theme.title, theme.kind, theme.confirmed_by) == ("Kurse", "theme", coordination)
    assert [found.ref for found in members_of(theme)] == refs


def test_proposals_stay_open_beside_themes_made_by_hand(coordination, round_, said, courses):
    make_theme(said[5:], title="Bäume", actor=coordination, at=timezone.now())
    assert list(open_proposals(round_)) == [courses]


# Deeds on themes


@pytest.fixture
def theme(coordination, round_, said):
    return make_theme(said[:3], title="Kurse", actor=coordination, at=timezone.now())


def deed(client, theme, name, chosen=(), **values):
    return client.post(
        url(theme.round, "theme", theme.number),
        {"deed": name, "contribution": [found.ref for found in chosen], **values},
    )


def test_renaming_keeps_the_former_name_in_the_history(client, theme):
    deed(client, theme, "rename", title="Kurszeiten", concern="")
    theme.refresh_from_db()
    assert theme.title == "Kurszeiten"
    history = text_of(client.get(url(theme.round, "theme", theme.number)))
    assert "Umbenannt, vorher „Kurse“ (Miriam Beispiel)" in history


def test_moving_the_last_contribution_dissolves_a_theme(client, coordination, theme, said):
    other = make_theme(said[3:5], title="Aufzug", actor=coordination, at=timezone.now())
    response = deed(client, other, "move", said[3:5], target=theme.number)
    assert response.status_code == 302
    other.refresh_from_db()
    assert other.status == ThemeStatus.DISSOLVED
    assert theme_of(said[3]) == theme


def test_moving_without_a_selection_or_a_target_is_asked_for_again(client, theme, said):
    nothing = deed(client, theme, "move", target=theme.number)
    assert nothing.status_code == 422
    assert "Wählen Sie zuerst mindestens einen Beitrag" in text_of(nothing)
    nowhere = deed(client, theme, "move", said[:1])
    assert nowhere.status_code == 422
    assert "Wählen Sie, in welches Thema die Beiträge kommen sollen." in text_of(nowhere)
    assert f'value="{said[0].ref}" aria-label="Beitrag {said[0].ref} auswählen" checked' in (
        text_of(nowhere)
    )


def test_a_dissolved_theme_takes_nothing_in(client, coordination, theme, said):
    gone = make_theme(said[3:4], title="Aufzug", actor=coordination, at=timezone.now())
    deed(client, gone, "move", said[3:4], target=theme.number)
    response = deed(client, theme, "move", said[:1], target=gone.number)
    assert response.status_code == 422
    assert deed(client, gone, "rename", title="Neu").status_code == 400


def test_splitting_makes_a_theme_of_the_selected(client, theme, said):
    assert deed(client, theme, "split", said[:2], new_title="").status_code == 422
    deed(client, theme, "split", said[:2], new_title="Samstag")
    assert theme_of(said[0]).title == "Samstag"
    assert theme_of(said[2]) == theme


def test_a_theme_is_not_split_off_whole(client, theme, said):
    response = client.post(
        url(theme.round, "theme", theme.number),
        {
            "deed": "split",
            "contribution": [found.ref for found in said[:3]],
            "new_title": "Alles",
        },
        follow=True,
    )
    assert any("Mindestens ein Beitrag muss" in line for line in said_after(response))
    assert Theme.objects.count() == 1


def test_single_voices_are_called_by_their_first_words(client, theme, said):
    deed(client, theme, "stand_alone", said[:2], new_title="")
    found = theme_of(said[2 - 1])
    assert (found.kind, found.title) == (
        ThemeKind.SINGLE_VOICE,
        "Der Kurs am Abend ist immer voll.",
    )


def test_one_name_fits_one_single_voice(client, theme, said):
    response = deed(client, theme, "stand_alone", said[:2], new_title="Zwei")
    assert response.status_code == 422
    assert "Ein Name passt nur zu einem Beitrag." in text_of(response)
    deed(client, theme, "stand_alone", said[:1], new_title="Samstag")
    assert theme_of(said[0]).title == "Samstag"


def test_a_theme_that_loses_its_last_voice_is_dissolved(client, coordination, round_, said):
    alone = make_theme(said[:1], title="Samstag", actor=coordination, at=timezone.now())
    deed(client, alone, "stand_alone", said[:1], new_title="Am Samstag")
    alone.refresh_from_db()
    assert alone.status == ThemeStatus.DISSOLVED
    assert Assignment.objects.filter(contribution=said[0]).count() == 2


def test_merging_asks_which_theme_stays(client, coordination, theme, said):
    other = make_theme(said[3:5], title="Abendkurse", actor=coordination, at=timezone.now())
    address = f"{url(theme.round, 'merge')}?theme={theme.number}&theme={other.number}"
    assert "Sie führen als Miriam Beispiel zusammen." in text_of(client.get(address))
    assert client.post(address).status_code == 422
    client.post(address, {"into": other.number})
    theme.refresh_from_db()
    assert (theme.status, theme.merged_into) == (ThemeStatus.MERGED, other)
    assert theme_of(said[0]) == other


def test_merging_needs_two_themes(client, theme):
    response = client.get(url(theme.round, "merge"), {"theme": theme.number}, follow=True)
    assert "Wählen Sie mindestens zwei Themen, die zusammengehören." in said_after(response)


# Summaries


@pytest.fixture
def summary(theme):
    while write_next_summary():
        pass
    return Summary.objects.get(theme=theme, status=SummaryStatus.MACHINE_DRAFT)


def test_releasing_names_the_person_before_and_after(client, coordination, theme, summary):
    before = text_of(client.get(url(theme.round, "theme", theme.number)))
    assert "Mit dem Freigeben stehen Sie, Miriam Beispiel," in before
    deed(client, theme, "release", summary=summary.pk)
    summary.refresh_from_db()
    assert (summary.status, summary.released_by) == (SummaryStatus.RELEASED, coordination)


def test_a_summary_whose_evidence_is_hidden_is_not_released(client, theme, said, summary):
    Contribution.objects.filter(pk=said[0].pk).update(status=Visibility.HIDDEN)
    text = text_of(client.get(url(theme.round, "theme", theme.number)))
    assert "Freigeben geht nicht" in text
    deed(client, theme, "release", summary=summary.pk)
    summary.refresh_from_db()
    assert summary.status == SummaryStatus.MACHINE_DRAFT


def test_what_was_not_seen_is_not_released(client, theme, summary):
    deed(client, theme, "rename", title="Kurszeiten", concern="")
    while write_next_summary():
        pass
    deed(client, theme, "release", summary=summary.pk)
    assert not Summary.objects.filter(status=SummaryStatus.RELEASED).exists()


def test_a_rejected_summary_stays_unpublished(client, theme, summary):
    deed(client, theme, "reject", summary=summary.pk)
    summary.refresh_from_db()
    assert summary.status == SummaryStatus.REJECTED


# Answering


def answered(client, coordination, round_, said):
    theme = make_theme(said, title="Alles", actor=coordination, at=timezone.now())
    make_answer(theme, outcome="adopted", actor=coordination, at=timezone.now())
    client.post(url(round_, "answer"))
    round_.refresh_from_db()
    return theme


def test_a_round_with_open_ends_is_not_answered(client, coordination, round_, theme):
    response = client.post(url(round_, "answer"), follow=True)
    assert "3 Beiträge sind ohne Thema." in text_of(response)
    round_.refresh_from_db()
    assert round_.status == RoundStatus.CLOSED


def test_an_answered_round_can_be_read_and_not_changed(client, coordination, round_, said):
    theme = answered(client, coordination, round_, said)
    assert round_.status == RoundStatus.ANSWERED
    text = text_of(client.get(url(round_, "theme", theme.number)))
    assert "Sie können alles lesen, aber nichts mehr ändern." in text
    assert 'name="deed"' not in text
    deed(client, theme, "rename", title="Anders", concern="")
    theme.refresh_from_db()
    assert theme.title == "Alles"


def test_the_deadline_is_said_in_words(client, coordination, round_):
    round_.answer_due = timezone.localdate() - timedelta(days=3)
    round_.save()
    assert "seit 3 Tagen überfällig" in bench(client, round_)
