import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consult.council.services.decisions import confirm_decision, correct_decision
from consult.council.services.papers import withdraw_paper
from consult.council.states import Effect, ItemOutcome
from consult.evaluation.models import AnalysisRun
from consult.participants.states import Role
from drafts.editions.models import EditionMeasure, EditionText
from tests.factories import (
    make_concept,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.council import (
    make_decision,
    make_heard_edition,
    make_paper,
    make_submitted,
)
from tests.factories.evaluation import (
    make_closed,
    make_goal_results,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def edition(now):
    return make_edition(make_concept(), at=now)


@pytest.fixture
def submitted(edition, now):
    return make_submitted(make_paper(edition), at=now)


def get(paper, user=None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("paper", args=[paper.pk]))


def read(paper) -> str:
    response = get(paper)
    assert response.status_code == 200
    return response.content.decode()


def listed(user=None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("papers")).content.decode()


def steps(paper):
    """The advising and the deciding step."""
    return paper.route.order_by("position").select_related("paper")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- who may read --------------------------------------------------------------------------------


def test_without_papers_the_list_says_what_comes_first():
    assert "Dem Rat liegt noch keine Vorlage vor." in listed()


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.COUNCIL_OFFICE])
def test_a_draft_is_read_by_those_who_prepare_it(edition, role):
    paper = make_paper(edition)
    response = get(paper, make_staff(role))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Diese Vorlage ist noch nicht vorgelegt." in response.content.decode()
    assert paper.title in listed(make_staff(role))


def test_for_everybody_else_a_draft_does_not_exist(edition):
    paper = make_paper(edition)
    assert get(paper).status_code == 404
    assert get(paper, make_resident()).status_code == 404
    assert get(paper, make_staff(Role.MODERATION)).status_code == 404
    assert paper.title not in listed()
    assert paper.title not in listed(make_resident())


def test_a_withdrawn_paper_is_gone_for_visitors(submitted, actor):
    withdraw_paper(paper=submitted, actor=actor)
    assert get(submitted).status_code == 404
    assert submitted.title not in listed()


def test_a_submitted_paper_is_shared_without_cookie(submitted):
    response = get(submitted)
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert b"csrf" not in response.content
    assert submitted.title in listed()


# --- decisions -----------------------------------------------------------------------------------


def item(page: str) -> str:
    """The words of the first item with its outcome."""
    start = page.index('<ol class="items">')
    return words(page[start : page.index("</ol>", start)])


def test_an_open_item_says_so(submitted):
    assert item(read(submitted)).endswith("Noch nicht entschieden")


def test_a_provisional_decision_says_provisional(submitted, now):
    _hearing, deciding = steps(submitted)
    make_decision(deciding, ItemOutcome.ADOPTED, at=now, votes="30 zu 10")
    assert "vorläufig: beschlossen vorläufig, Niederschrift steht aus 30 zu 10" in item(
        read(submitted)
    )


def test_a_confirmed_decision_is_final(submitted, now):
    _hearing, deciding = steps(submitted)
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    page = read(submitted)
    assert "vorläufig" not in item(page)
    assert item(page).endswith("beschlossen")
    assert "in Kraft seit" in page
    assert "1 beschlossen" in words(page[page.index('id="weg"') :])


@pytest.mark.parametrize("outcome", [ItemOutcome.NOTED, ItemOutcome.NOTED_WITH_APPROVAL])
def test_noted_is_never_adopted(edition, now, outcome):
    paper = make_paper(edition, effect=Effect.NONE)
    paper.items.update(text="Der Bericht liegt vor.")
    make_submitted(paper, at=now)
    for step in steps(paper):
        make_decision(step, outcome, at=now)
    page = read(paper)
    assert "zur Kenntnis genommen" in page
    pack = words(page[page.index('<div class="pack">') :])
    assert "beschlossen" not in pack
    assert "stimmt zu" not in pack


def test_a_body_that_advises_agrees_and_adopts_nothing(submitted, now):
    hearing, _deciding = steps(submitted)
    make_decision(hearing, ItemOutcome.ADOPTED, at=now)
    page = read(submitted)
    route = words(page[page.index('id="weg"') :])
    assert "Nummer 1 stimmt zu vorläufig, Niederschrift steht aus" in route
    assert "beschlossen" not in route.split("Umsetzung")[0]
    assert item(page).endswith("Noch nicht entschieden")


def test_a_correction_says_what_stood_there_before(submitted, now):
    _hearing, deciding = steps(submitted)
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    correct_decision(
        decision=decision,
        outcome=ItemOutcome.REFERRED,
        referred_to="Haushaltsberatung",
        reason="Zahlendreher im Protokoll.",
        actor=make_staff(Role.COUNCIL_OFFICE),
        at=now,
    )
    text = item(read(submitted))
    assert "vorläufig: verwiesen" in text
    assert "Vorher stand hier: vorläufig: beschlossen." in text
    assert "Zahlendreher im Protokoll." in text


def test_the_way_shows_what_is_held_and_what_comes_next(submitted, now):
    page = read(submitted)
    assert '<li class="is-now" aria-current="step">' in page
    make_decision(steps(submitted)[0], ItemOutcome.ADOPTED, at=now)
    route = read(submitted).partition('id="weg"')[2]
    now_at = route[route.index('class="is-now"') : route.index("</ol>")]
    assert "Stadtverordnetenversammlung" in now_at
    assert "Ausländerbeirat" not in now_at


# --- text, money, votes, people ------------------------------------------------------------------


def test_sums_say_what_is_not_estimated(edition, now):
    EditionMeasure.objects.filter(edition=edition).update(cost_one_off=1_500_000)
    goal = edition.goals.get()
    EditionMeasure.objects.create(
        edition=edition,
        goal=goal,
        wid="x" * 32,
        number="1.1.b",
        position=9,
        kind="missing",
        cost_status="not_estimated",
    )
    EditionText.objects.create(
        measure=EditionMeasure.objects.get(number="1.1.b"),
        language="de",
        plain="Lücke",
        hash="h",
        content={"title": "Eine Lücke", "description": "", "responsible": "", "period": ""},
    )
    page = read(make_submitted(make_paper(edition), at=now))
    total = words(re.search(r"<tfoot.*?</tfoot>", page, re.DOTALL)[0])
    assert total == "Summe 1.500.000 € 12.000 € 0 1 von 2"
    assert "1 Maßnahme ist noch nicht geschätzt." in words(page)
    assert "1.1.b Eine Lücke" in page


@pytest.fixture
def heard(now, actor):
    return make_heard_edition(at=now, actor=actor)


def block(page: str, name: str) -> str:
    """The words of a block of the pack."""
    start = page.index(f'<section class="block" id="{name}"')
    return words(page[start : page.index("</section>", start)])


def test_contested_goals_show_both_sides_in_original_words(heard, now):
    text = block(read(make_submitted(make_paper(heard), at=now)), "umstritten")
    assert "1 Ziel ist umstritten. 1 Ziel ist nicht umstritten." in text
    contested = text[: text.index("Vorschlag, gemeinsam abzustimmen")]
    assert "Ein neuer Wortlaut." in contested
    assert "Das ist gut." in contested
    assert "Das ist teuer." in contested
    assert "52 stimmen zu, 24 stimmen nicht zu, 20 wissen es nicht" in contested
    assert "A: 67 % von 60, B: 33 % von 36" in contested
    assert "Abgestimmt wurde über den Wortlaut von Fassung 1." in contested


def test_small_cells_are_never_shown(heard, now):
    page = read(make_submitted(make_paper(heard), at=now))
    assert "4 wissen es nicht" not in page


def test_what_changes_and_how_people_were_heard(heard, now):
    page = read(make_submitted(make_paper(heard), at=now))
    changes = block(page, "aenderungen")
    assert "Ziele insgesamt 2 neue Ziele 0 geänderte Ziele 1 entfallene Ziele 0" in changes
    assert "2 Maßnahmen: 0 bestehend, 0 fehlend, 2 neu." in changes
    people = block(page, "gehoert")
    assert "Beiträge 3 Personen mit Konto 3" in people
    assert (
        "Kosten 3 Beiträge von 3 Personen Nicht übernommen Dafür fehlt im Haushalt das Geld."
        in people
    )
    assert "Mehr nicht." in people


def test_a_paper_that_adopts_no_text_has_no_blocks_about_it(heard, now):
    paper = make_paper(heard, effect=Effect.NONE)
    page = read(make_submitted(paper, at=now))
    assert 'id="umstritten"' not in page
    assert 'id="aenderungen"' not in page
    assert 'id="gehoert"' in page


def test_votes_of_a_round_that_runs_are_not_in_the_pack(now, actor):
    round_ = make_open_round(at=now, actor=actor)
    goal = round_.edition.goals.get()
    make_goal_results(round_, goal.wid, {"total": (52, 24, 20)}, at=now)
    paper = make_paper(round_.edition, actor=actor)
    page = get(paper, actor).content.decode()
    assert "52" not in block(page, "umstritten")
    assert "noch kein Ergebnis" in block(page, "umstritten")
    assert "keine abgeschlossene Runde" in block(page, "gehoert")


def test_queries_of_the_pack(heard, now, django_assert_max_num_queries):
    paper = make_submitted(make_paper(heard), at=now)
    read(paper)
    with django_assert_max_num_queries(41):
        read(paper)


# --- how far the figures go ----------------------------------------------------------------------


def test_the_pack_says_who_is_missing_and_what_the_figures_mean(heard, now):
    text = block(read(make_submitted(make_paper(heard), at=now)), "gehoert")
    assert "Kein Beitrag kam in einer angebotenen Sprache: Englisch" in text
    assert "fragt die Stadt beim Mitreden nicht ab" in text
    assert "3 eingegangen = 3 veröffentlicht + 0 verborgen" in text
    assert "Beiträge mit fast gleichem Wortlaut hat das Programm nicht gefunden." in text


def test_figures_lead_to_their_definitions(heard, now, client):
    page = read(make_submitted(make_paper(heard), at=now))
    links = set(re.findall(r'href="(/de/themen/[^"#]+)#(zahl[^"]*)"', page))
    assert len(links) == 6
    for address, anchor in links:
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_every_block_says_how_long_it_takes_to_read(heard, now):
    page = read(make_submitted(make_paper(heard), at=now))
    heads = re.findall(r'<h2 id="[a-z]+-name">(\d)\. .*?</h2><span class="meta">(\d+) Min', page)
    assert [number for number, _minutes in heads] == list("123456")
    assert "Lesezeit: etwa" in words(page)


def test_a_round_that_runs_is_announced(now, actor):
    round_ = make_open_round(at=now, actor=actor)
    page = get(make_paper(round_.edition, actor=actor), actor).content.decode()
    assert f"Runde {round_.ref} läuft noch bis" in block(page, "gehoert")


def test_an_item_shows_what_it_asks_and_what_others_said(submitted, now):
    make_decision(steps(submitted)[0], ItemOutcome.ADOPTED, at=now)
    text = block(read(submitted), "entscheidung")
    assert "Gefragt ist: beschließen" in text
    assert "Bisher beraten: Ausländerbeirat : stimmt zu" in text


@pytest.mark.parametrize(("voters", "is_shown"), [(9, False), (10, True)])
def test_the_number_of_voters_is_a_public_figure_like_any_other(edition, now, voters, is_shown):
    round_ = make_closed(make_open_round(edition=edition, at=now))
    AnalysisRun.objects.create(
        round=round_, input_hash="x", queued_at=now + timedelta(days=30), status="done",
        method={"opinions": {"participants": voters}},
    )  # fmt: skip
    page = get(make_paper(edition), make_staff(Role.COORDINATION)).content.decode()
    assert round_.ref in page
    assert ("Abstimmende" in page) == is_shown
