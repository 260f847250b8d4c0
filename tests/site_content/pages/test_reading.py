import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Ballot
from consult.contributions.services.moderation import decide
from consult.contributions.states import Choice, Measure, Rule
from consult.evaluation.models import AnalysisRun, GoalResult
from consult.evaluation.states import RunStatus
from consult.participants.states import Role
from consult.rounds.models import PreModeration
from drafts.editions.models import EditionGoal, EditionSection, EditionText
from drafts.editions.selectors import section_data
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_round,
    make_section,
    make_staff,
)
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def round_(now):
    edition = make_edition(make_concept(sections=2, goals=2), at=now - timedelta(days=1))
    return make_open_round(at=now, edition=edition)


@pytest.fixture
def section_url(round_):
    return reverse("section", args=[round_.edition.number, "abschnitt-1"])


@pytest.fixture
def goal(round_):
    return round_.edition.goals.get(number="1.1")


@pytest.fixture
def goal_url(round_, goal):
    return reverse("goal", args=[round_.edition.number, goal.slug])


def get(url, status=200, user=None):
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def fix(goal, reason):
    EditionGoal.objects.filter(pk=goal.pk).update(openness="fixed")
    text = EditionText.objects.get(goal=goal)
    text.content["openness_reason"] = reason
    text.save()


# Ways in


def test_the_current_edition_is_led_to(round_):
    response = Client().get(reverse("current_edition"))
    assert response.url == reverse("edition", args=[round_.edition.number])


def test_without_an_edition_a_page_says_so():
    assert "Noch ist kein Entwurf veröffentlicht" in get(reverse("current_edition"))


def test_contents_name_origin_state_and_check_sum(round_):
    page = get(reverse("edition", args=[round_.edition.number]))

    assert "Wessen Entwurf ist das?" in page
    assert round_.edition.origin in page
    assert round_.edition.content_hash[:12] in page
    assert "1 Abschnitt 1" in page
    assert "Worum es in Abschnitt 2 geht." in page
    assert "2 Ziele" in page


def test_a_section_released_during_the_round_says_since_when(round_, now):
    EditionSection.objects.filter(edition=round_.edition, number="2").update(released_at=now)
    page = get(reverse("edition", args=[round_.edition.number]))
    assert page.count("während die Beteiligung schon lief") == 1
    assert "10. Februar 2027" in page


@pytest.mark.parametrize("view", ["section", "goal"])
def test_what_is_not_in_the_edition_is_not_found(round_, view):
    get(reverse(view, args=[round_.edition.number, "gibt-es-nicht"]), 404)
    get(reverse(view, args=[99, "abschnitt-1"]), 404)


def test_the_print_view_holds_all_sections_goals_and_measures(round_):
    page = get(reverse("edition_print", args=[round_.edition.number]))

    for section in section_data(round_.edition):
        assert section["text"]["title"] in page
        for goal in section["goals"]:
            assert goal["text"]["wording"] in page
            assert goal["measures"][0]["text"]["title"] in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# A section


def test_a_section_shows_numbered_paragraphs_goals_and_neighbours(section_url):
    page = get(section_url)

    assert 'id="a1"' in page
    assert 'id="a2"' in page
    assert "Wortlaut von Ziel 1.1." in page
    assert "jährlich 12.000" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_the_margin_counts_what_was_said_and_leads_to_the_form(round_, section_url, now):
    block = section_data(round_.edition)[0]["text"]["blocks"][0]
    make_contribution(round_, at=now, target_wid=block["wid"])

    page = get(section_url)

    assert 'aria-label="1 Beitrag zu Absatz 1"' in page
    assert 'aria-label="Schreiben zu Absatz 2"' in page
    assert f"/mitreden/fassung-1/abschnitt-1/?stelle={block['wid']}" in page


def test_a_page_without_a_session_holds_no_token_and_no_cookie(section_url):
    response = Client().get(section_url)

    assert not response.cookies
    assert "csrf" not in response.content.decode()
    assert "public" in response["Cache-Control"]
    assert response.content == Client().get(section_url).content


def test_a_visitor_gets_links_and_a_person_forms(round_, goal, section_url):
    visitor, person = get(section_url), get(section_url, user=make_resident())
    vote_url = reverse("vote", args=[round_.edition.number, goal.slug])

    assert f'href="{vote_url}"' in visitor
    assert "<textarea" not in visitor
    assert f'action="{vote_url}"' in person
    assert "<textarea" in person


def test_own_choice_is_pressed_and_nobody_elses(round_, goal, section_url):
    anna, ben = make_resident(), make_resident()
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("vote", args=[round_.edition.number, goal.slug]), {"choice": Choice.DISAGREE}
    )
    assert Ballot.objects.count() == 1

    own, other = client.get(section_url).content.decode(), get(section_url, user=ben)

    assert own.count('aria-pressed="true"') == 1
    assert "Sie haben nicht zugestimmt." in own
    assert 'aria-pressed="true"' not in other


def test_a_fixed_goal_says_why_and_has_no_vote(round_, goal, section_url):
    fix(goal, "Landesrecht schreibt es vor.")
    page = get(section_url, user=make_resident())

    assert "Landesrecht schreibt es vor." in page
    assert reverse("vote", args=[round_.edition.number, goal.slug]) not in page
    assert "(Ziel 1.1)" in page  # writing about it is possible


def test_posts_carry_their_words_number_and_ways_to_answer_and_report(round_, section_url, now):
    marker = 'Kurse <am> "Samstag" {text} & mehr'
    first = make_contribution(round_, at=now, text=marker)
    answer = make_contribution(round_, at=now, text="Ich auch.", reply_to=first)
    last = make_contribution(round_, at=now, text="Wir auch.", reply_to=answer)

    page = get(section_url)

    assert "Kurse &lt;am&gt; &quot;Samstag&quot; {text} &amp; mehr" in page
    assert page.index(first.ref) < page.index(answer.ref) < page.index(last.ref)
    assert reverse("report", args=[last.ref]) in page
    assert f"antwort={answer.ref}" in page
    assert f"antwort={last.ref}" not in page  # two levels of answers, not three
    assert page.count('<div class="replies">') == 2
    assert page.count("<div") == page.count("</div>")


def test_a_foreign_text_names_its_language(round_, section_url, now):
    make_contribution(round_, at=now, text="Дуже підтримую. Мій син перекладав у лікаря.")
    assert re.search(r'class="post__text" lang="uk" dir="auto"', get(section_url))


def test_a_hidden_text_leaves_a_stub_with_rule_and_date(round_, section_url, now):
    hidden = make_contribution(round_, at=now, text="Ruft Herrn Marker an.")
    decide(
        contribution=hidden,
        measure=Measure.HIDE,
        rule=Rule.PERSONAL_DATA,
        reason="Name",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    page = get(section_url)

    assert "Marker" not in page
    assert f"Beitrag {hidden.ref} ist verborgen." in page
    assert "R3: Keine Namen" in page
    assert "10. Februar 2027" in page


def test_a_held_text_is_shown_to_its_author_with_the_time(round_, section_url, now):
    PreModeration.objects.create(
        round=round_, reason="Streit", starts_at=now, ends_at=now + timedelta(days=1)
    )
    author = make_resident()
    make_contribution(round_, at=now, text="Wartet noch.", participant=author)

    assert "Wartet noch." not in get(section_url)
    own = get(section_url, user=author)
    assert "Wartet noch." in own
    assert "nur für Sie sichtbar" in own
    assert "Donnerstag, 11. Februar 2027" in own


@pytest.mark.parametrize(
    "query",
    [
        "seite=0", "seite=x", "seite=²", "seite=99999999999", "folge=böse", "art=x", "stelle=x",
        "stelle=%00", "antworten=%00", "antworten=2099-R9-0001", "seite=7",
    ],
)  # fmt: skip
def test_no_address_breaks_the_discussion(round_, section_url, now, query):
    make_contribution(round_, at=now)
    assert "Diskussion zu diesem Abschnitt" in get(f"{section_url}?{query}")


def test_the_filter_keeps_its_choice_and_says_when_nothing_is_found(round_, section_url, now):
    make_contribution(round_, at=now, stance="idea", text="Nur eine Idee.")

    assert "Nur eine Idee." in get(f"{section_url}?art=idea")
    page = get(f"{section_url}?art=concern")
    assert "Zu dieser Auswahl gibt es keine Beiträge." in page
    assert '<option value="concern" selected>' in page


def test_as_many_queries_with_many_contributions_as_with_few(round_, section_url, now):
    person = make_resident()
    first = make_contribution(round_, at=now, participant=person)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            get(section_url)
        return len(captured)

    get(section_url)  # the first request of all writes the settings of the site
    few = queries()
    for number in range(20):
        make_contribution(
            round_, at=now, participant=person, reply_to=first if number % 2 else None
        )
    assert queries() == few <= 12


def test_a_link_between_sections_leads_into_the_same_edition(now):
    concept = make_concept()
    target = concept.sections().first()
    make_section(
        concept,
        "2",
        paragraphs=(
            f'Mehr in <a linktype="page" id="{target.pk}">Abschnitt 1</a>.',
            'Mehr beim <a href="https://example.org/">Land</a>.',
        ),
    )
    edition = make_edition(concept, at=now - timedelta(days=1))
    page = get(reverse("section", args=[edition.number, "abschnitt-2"]))

    address = reverse("section", args=[edition.number, "abschnitt-1"])
    assert f'Mehr in <a href="{address}">Abschnitt 1</a>.' in page
    assert '<a href="https://example.org/">Land</a>' in page
    assert "wid:" not in page


def test_text_renders_from_plain_data_without_the_conversation(round_):
    for section in section_data(round_.edition):
        linked = {"kind": "paragraph", "no": 9, "wid": "x", "html": '<a href="wid:ab">dort</a>'}
        section["text"]["blocks"].append(linked)
        page = render_to_string(
            "editions/_section_text.html", {"section": section, "heading": "h2", "part": "h3"}
        )
        assert section["goals"][0]["text"]["wording"] in page
        assert "wid:" not in page
        assert "dort" in page


def test_preview_shows_the_working_text(round_, rf):
    concept = round_.edition.concept
    page = concept.specific.sections().first()
    request = rf.get("/")
    request.user = make_staff(Role.EDITOR)
    shown = page.serve_preview(request, "").content.decode()
    assert "Vorschau, nicht öffentlich" in shown
    assert "Zweiter Absatz von 1." in shown
    assert "Wortlaut von Ziel 1.2." in shown


# Before and after


def test_before_the_round_nobody_writes(now):
    edition = make_edition(make_concept(), at=now - timedelta(days=1))
    page = get(reverse("section", args=[edition.number, "abschnitt-1"]))

    assert "Zu dieser Fassung gibt es keine Beteiligung." in page
    assert "/mitreden/" not in page

    make_round(at=now, edition=edition)  # only planned, so nobody knows of it
    assert page == get(reverse("section", args=[edition.number, "abschnitt-1"]))


def test_after_the_round_reading_goes_on_and_writing_ends(round_, goal, section_url, now):
    contribution = make_contribution(round_, at=now)
    make_closed(round_)
    page = get(section_url, user=make_resident())

    assert contribution.ref in page
    assert "Die Beteiligung endete am" in page
    assert "/mitreden/" not in page
    assert "vote__btn" not in page
    assert reverse("goal", args=[round_.edition.number, goal.slug]) + "#ergebnis" in page
    assert reverse("round_themes", args=[round_.ref]) in page


def test_an_earlier_edition_leads_to_the_newest(round_, goal_url, section_url, now):
    assert "Sie lesen eine frühere Fassung." not in get(section_url)
    make_closed(round_)
    assert "Sie lesen eine frühere Fassung." not in get(section_url)
    later = make_edition(round_.edition.concept, at=now, title="Zweiter Entwurf")
    for url in (section_url, goal_url, reverse("edition", args=[round_.edition.number])):
        page = get(url)
        assert "Sie lesen eine frühere Fassung." in page
        assert f'href="{reverse("edition", args=[later.number])}"' in page
    assert "konnte in dieser Fassung geändert werden" in get(section_url)


def test_a_discussion_without_a_word_invites_to_write_the_first(section_url):
    page = get(section_url)
    assert "Schreiben Sie den ersten." in page
    assert 'class="filter"' not in page


# A goal


def result(round_, goal, **scopes):
    run = round_.runs.first() or AnalysisRun.objects.create(round=round_, queued_at=round_.opens_at)
    AnalysisRun.objects.filter(pk=run.pk).update(status=RunStatus.DONE)
    for scope, (agree, disagree, passed) in scopes.items():
        GoalResult.objects.create(
            run=run,
            goal=goal,
            scope=scope.replace("__", ":"),
            agree=agree,
            disagree=disagree,
            passed=passed,
            consensus=0.71 if scope == "total" else None,
        )


def test_a_goal_shows_wording_measures_and_history(goal_url):
    page = get(goal_url)

    assert "Wortlaut von Ziel 1.1." in page
    assert "1.1.a Maßnahme zu 1.1" in page
    assert "12.000" in page
    assert "Der Wortlaut im Lauf der Zeit" in page


def test_no_tally_while_the_round_is_open(round_, goal, goal_url):
    result(round_, goal, total=(60, 40, 30))
    page = get(goal_url)
    assert 'id="ergebnis"' not in page
    assert "130" not in page


def test_results_are_pending_until_the_evaluation_is_done(round_, goal_url):
    make_closed(round_)
    assert "Die Stimmen werden gerade ausgezählt." in get(goal_url)


def test_results_by_class_and_group(round_, goal, goal_url):
    make_closed(round_)
    result(
        round_,
        goal,
        total=(60, 40, 30),
        class__email_confirmed=(40, 20, 10),
        class__residence_declared=(20, 20, 20),
        group__A=(30, 15, 12),
        group__B=(20, 15, 8),
    )
    page = get(goal_url)

    assert "130 Personen haben zu diesem Ziel abgestimmt." in page
    assert "Wohnort erklärt" in page
    assert "57 % Zustimmung" in page
    # B is too small to stand alone; without it the product over all groups is not shown either.
    assert "Gruppe B + Keiner Gruppe zugeordnet" in page
    assert "von 100" not in page
    table = re.findall(r'<td class="num">(\d+)</td>', page)
    assert table
    assert min(int(cell) for cell in table) >= 10


def test_consensus_is_shown_where_every_group_is(round_, goal, goal_url):
    make_closed(round_)
    result(round_, goal, total=(60, 40, 30), group__A=(30, 20, 15), group__B=(30, 20, 15))
    assert "Von allen Gruppen getragen: 71 von 100." in get(goal_url)


def test_nine_votes_are_not_shown(round_, goal, goal_url):
    make_closed(round_)
    result(round_, goal, total=(9, 0, 0), class__email_confirmed=(9, 0, 0))
    page = get(goal_url)
    assert "weniger als 10 Personen" in page
    assert '<svg class="bar"' not in page
