"""What members do with a pack, and that a draft does not exist for anybody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from consult.council.debate import goal_place, item_place
from consult.council.models import CouncilGroup, DebateMark, PackQuestion, Paper
from consult.council.services.debate import mark_for_debate
from consult.council.services.handover import hand_draft_over
from consult.council.services.questions import answer_question
from consult.council.states import PaperStatus, StepStatus
from consult.participants.states import Role
from consult.records.tasks import tasks_of
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import (
    make_heard_edition,
    make_member,
    make_paper,
    make_question,
    make_submitted,
)
from tests.site_content.pages.test_council import block, words

pytestmark = pytest.mark.django_db
SECRET = "Geheimer Entwurf"


@pytest.fixture
def desk(settings):
    """Staff groups with their way into the admin, without a second factor."""
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def member():
    return make_member("Offene Liste")


@pytest.fixture
def draft(now) -> Paper:
    return make_paper(make_edition(make_concept(), at=now))


@pytest.fixture
def heard(now) -> Paper:
    actor = make_staff(Role.COORDINATION)
    return make_submitted(make_paper(make_heard_edition(at=now, actor=actor)), at=now)


def signed_in(user=None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(paper, user=None) -> str:
    return signed_in(user).get(reverse("paper", args=[paper.pk])).content.decode()


def goal_key(paper, position: int) -> str:
    return goal_place(paper.edition.goals.order_by("position")[position].wid).key


# --- who reaches a draft -----------------------------------------------------------------------

PAGES = ["paper", "pack_pdf", "pack_file"]
MEMBERS_PAGES = ["ask_office"]
PEOPLE = {
    "visitor": lambda: None,
    "resident": make_resident,
    "superuser": lambda: _superuser(),
    **{role.name: (lambda role=role: make_staff(role)) for role in Role},
    "group with the draft": lambda: make_member("Offene Liste"),
    "other group": lambda: make_member("Alle"),
    "no group": make_member,
}
OFFICES = {"COORDINATION", "COUNCIL_OFFICE"}
READERS = {
    PaperStatus.PREPARING: OFFICES | {"group with the draft"},
    PaperStatus.SUBMITTED: set(PEOPLE),
    PaperStatus.DECIDED: set(PEOPLE),
    PaperStatus.WITHDRAWN: OFFICES,
}


def _superuser():
    user = make_staff()
    user.is_superuser = True
    user.save()
    return user


@pytest.mark.parametrize("status", PaperStatus)
def test_who_reads_a_pack_in_which_state_on_which_page(status, draft, office, now, subtests):
    Paper.objects.update(title=SECRET)
    group = CouncilGroup.objects.create(name="Offene Liste")
    hand_draft_over(paper=draft, group=group, actor=office, at=now)
    Paper.objects.update(status=status)
    for who, make in PEOPLE.items():
        client = signed_in(make())
        for name in PAGES:
            with subtests.test(who=who, page=name):
                response = client.get(reverse(name, args=[draft.pk]))
                expected = 200 if who in READERS[status] else 404
                assert response.status_code == expected
                if status not in {PaperStatus.SUBMITTED, PaperStatus.DECIDED} and expected == 200:
                    assert response["Cache-Control"] == "private, no-store"
        listed = client.get(reverse("papers")).content.decode()
        public = status in {PaperStatus.SUBMITTED, PaperStatus.DECIDED}
        reads_draft = status == PaperStatus.PREPARING and who in READERS[status]
        assert (SECRET in listed) == (public or reads_draft), who


def test_a_draft_that_one_may_not_read_has_no_page_to_ask_or_mark(draft, subtests):
    stranger = make_member("Alle")
    item = item_place(draft.items.get().pk).key
    for user in (None, make_resident(), stranger, make_staff(Role.MODERATION)):
        client = signed_in(user)
        ask = reverse("ask_office", args=[draft.pk])
        answers = [
            client.get(ask, {"stelle": item}),
            client.post(f"{ask}?stelle={item}", {"text": "x"}),
            client.post(reverse("mark_for_debate", args=[draft.pk]), {"vormerken": item}),
            client.post(reverse("withdraw_question", args=[draft.pk, 1])),
            client.get(reverse("paper", args=[draft.pk + 100])),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
    assert not DebateMark.objects.exists()


def test_a_draft_its_questions_and_marks_are_nowhere_else(draft, member, office, now):
    Paper.objects.update(title=SECRET)
    hand_draft_over(paper=draft, group=CouncilGroup.objects.get(), actor=office, at=now)
    make_question(draft, asker=member, at=now, text=f"{SECRET}: was kostet er?")
    answer_question(question=PackQuestion.objects.get(), answer=SECRET, actor=office, at=now)
    mark_for_debate(paper=draft, place=item_place(draft.items.get().pk), actor=member, at=now)
    client = Client()
    places = [
        reverse("home"),
        reverse("papers"),
        f"{reverse('search')}?q={SECRET}",
        reverse("council_feed"),
        reverse("news_feed"),
        reverse("calendar"),
        "/sitemap.xml",
        "/robots.txt",
    ]
    for place in places:
        text = client.get(place).content.decode()
        assert f"/rat/{draft.pk}/" not in text, place
        assert SECRET not in text.replace(f'value="{SECRET}"', "").replace(f"„{SECRET}“", ""), place


# --- marking -----------------------------------------------------------------------------------


def test_a_member_marks_an_item_and_takes_it_back(heard, member):
    item = item_place(heard.items.get().pk).key
    client = signed_in(member)
    url = reverse("mark_for_debate", args=[heard.pk])
    response = client.post(url, {"vormerken": item})
    assert response.url == f"{reverse('paper', args=[heard.pk])}#{item}"
    assert "1 Mitglied möchte hierzu sprechen: Offene Liste" in words(page(heard))
    own = page(heard, member)
    assert f'name="zuruecknehmen" value="{item}"' in own
    assert f'name="vormerken" value="{item}"' in page(heard, make_member("Alle"))
    client.post(url, {"zuruecknehmen": item})
    assert "möchte hierzu sprechen" not in page(heard)


def test_a_marked_goal_leaves_the_list_that_is_voted_en_bloc(heard, member, now):
    before = block(page(heard), "umstritten")
    assert "1 Ziel: Vorschlag, gemeinsam abzustimmen" in before
    key = goal_key(heard, 1)
    signed_in(member).post(reverse("mark_for_debate", args=[heard.pk]), {"vormerken": key})
    after = block(page(heard), "umstritten")
    assert "Vorschlag, gemeinsam abzustimmen" not in after
    assert "1 Ziel rufen Mitglieder einzeln auf" in after
    assert "weil Mitglieder des Rats dazu sprechen möchten" in after
    assert "1 Ziel ist nicht umstritten." in after


def test_nobody_is_named(heard, now):
    for name in ("Erika", "Max"):
        person = make_member("Offene Liste")
        person.first_name = name
        person.save()
        mark_for_debate(paper=heard, place=item_place(heard.items.get().pk), actor=person, at=now)
        make_question(heard, asker=person, at=now)
    text = page(heard) + page(heard, make_member("Alle"))
    assert "2 Mitglieder möchten hierzu sprechen: Offene Liste" in words(text)
    assert "Erika" not in text
    assert "@" not in block(text, "entscheidung")


def test_controls_take_no_time_to_read(heard):
    member = make_member()

    def times(reader) -> list[str]:
        return re.findall(r"\d+ Minuten?|Lesezeit: etwa \d+", page(heard, reader))

    assert len(times(None)) > 6
    assert times(member) == times(None)


def test_only_members_see_controls(heard, member, office):
    for reader in (None, make_resident(), office):
        assert 'form="debatte"' not in page(heard, reader)
    assert 'form="debatte"' in page(heard, member)


def test_after_the_meeting_controls_are_gone_and_marks_stay(heard, member, now):
    item = item_place(heard.items.get().pk)
    mark_for_debate(paper=heard, place=item, actor=member, at=now)
    heard.route.filter(authoritative=True).update(status=StepStatus.HELD)
    text = page(heard, member)
    assert "möchte hierzu sprechen" in text
    assert "Zur Debatte vormerken" not in text
    client = signed_in(member)
    client.post(reverse("mark_for_debate", args=[heard.pk]), {"zuruecknehmen": item.key})
    assert DebateMark.objects.exists()
    assert (
        "Darüber wurde schon beraten."
        in client.get(reverse("paper", args=[heard.pk])).content.decode()
    )


def test_places_of_other_papers_do_not_exist(heard, draft, member):
    client = signed_in(member)
    foreign = item_place(draft.items.get().pk).key
    assert (
        client.get(reverse("ask_office", args=[heard.pk]), {"stelle": foreign}).status_code == 404
    )
    response = client.post(reverse("mark_for_debate", args=[heard.pk]), {"vormerken": foreign})
    assert response.status_code == 404


# --- asking ------------------------------------------------------------------------------------


def test_a_visitor_logs_in_to_ask_and_others_may_not(heard):
    url = reverse("ask_office", args=[heard.pk])
    assert "login" in Client().get(url, {"stelle": "kosten"}).url
    assert signed_in(make_resident()).get(url, {"stelle": "kosten"}).status_code == 403


def test_question_and_answer_stand_at_their_place(heard, member, office, now):
    url = f"{reverse('ask_office', args=[heard.pk])}?stelle=kosten"
    client = signed_in(member)
    assert "Was es kostet" in client.get(url).content.decode()
    client.post(url, {"text": "Reicht <b>das</b> Geld?", "shown_as": "group"})
    question = PackQuestion.objects.get()
    assert "Reicht" not in page(heard)
    assert "noch nicht beantwortet" in block(page(heard, member), "kosten")
    answer_question(question=question, answer="Ja, bis 2030.", actor=office, at=now)
    for reader in (None, make_resident(), make_member("Alle")):
        found = page(heard, reader)
        assert "Reicht &lt;b&gt;das&lt;/b&gt; Geld?" in found
        assert f'id="frage-{question.pk}"' in found
        text = block(found, "kosten")
        assert "Frage , Offene Liste ," in text
        assert "Antwort , Ratsbüro, 10. Februar 2027 Ja, bis 2030." in text


def test_a_question_can_be_asked_as_a_member(heard, member, office, now):
    url = f"{reverse('ask_office', args=[heard.pk])}?stelle={goal_key(heard, 0)}"
    signed_in(member).post(url, {"text": "Warum?", "shown_as": "member"})
    answer_question(question=PackQuestion.objects.get(), answer="Darum.", actor=office, at=now)
    text = block(page(heard), "umstritten")
    assert "Ein Mitglied" in text
    assert "Offene Liste" not in text


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_a_question_that_is_not_taken_is_not_lost(heard, member, text):
    client = signed_in(member)
    url = f"{reverse('ask_office', args=[heard.pk])}?stelle=kosten"
    response = client.post(url, {"text": text, "shown_as": "group"})
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not PackQuestion.objects.exists()


def test_an_own_question_is_taken_back(heard, member, now):
    question = make_question(heard, asker=member, at=now)
    url = reverse("withdraw_question", args=[heard.pk, question.pk])
    assert url in page(heard, member)
    assert signed_in(make_member("Alle")).post(url).status_code == 404
    signed_in(member).post(url)
    assert "Was kostet das?" not in page(heard, member)


# --- the office --------------------------------------------------------------------------------


def test_the_office_finds_what_waits_with_its_age(desk, heard, member, office, now, client):
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    question = make_question(heard, asker=member, at=now)
    [task] = [task for task in tasks_of(office, now.date()) if "Fragen" in task.label]
    assert task.count == 1
    listed = client.get(task.url).content.decode()
    assert "Was es kostet" in listed
    assert "seit" in listed
    url = reverse("council_desk:question", args=[question.pk])
    assert client.post(url, {"answer": " "}).status_code == 422
    client.post(url, {"answer": "Nichts."})
    question.refresh_from_db()
    assert question.answer == "Nichts."
    assert "Keine Frage wartet" in client.get(task.url).content.decode()


def test_the_desk_of_questions_is_closed_to_others(desk, heard, member, now):
    question = make_question(heard, asker=member, at=now)
    for role in set(Role) - {Role.COORDINATION, Role.COUNCIL_OFFICE}:
        client = signed_in(make_staff(role))
        assert client.get(reverse("council_desk:questions")).status_code in {302, 403}
        url = reverse("council_desk:question", args=[question.pk])
        assert client.post(url, {"answer": "x"}).status_code in {302, 403}
    question.refresh_from_db()
    assert question.answer == ""


def test_the_office_gives_a_draft_to_a_group_and_takes_it_back(desk, draft, member, office, client):
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    at_desk = reverse("council_desk:paper", args=[draft.pk])
    assert "Noch hat keine Fraktion den Entwurf." in client.get(at_desk).content.decode()
    group = CouncilGroup.objects.get()
    url = reverse("council_desk:handover", args=[draft.pk])
    client.post(url, {"group": group.pk})
    assert signed_in(member).get(reverse("paper", args=[draft.pk])).status_code == 200
    assert "Von Offene Liste zurücknehmen" in client.get(at_desk).content.decode()
    client.post(url, {"group": group.pk, "back": "1"})
    assert signed_in(member).get(reverse("paper", args=[draft.pk])).status_code == 404
    client.post(url, {"group": "x"})
    assert not draft.handovers.exists()


# --- size --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_queries_do_not_grow_with_marks_and_questions(
    reader, heard, member, office, now, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(member if reader == "member" else None)

    def read(number: int) -> None:
        client.get(reverse("paper", args=[heard.pk]), {"n": number})

    read(0)
    limit = {"visitor": 41, "member": 47}[reader]
    with django_assert_max_num_queries(limit) as few:
        read(1)
    for position in range(2):
        for group in ("Alle", "Offene Liste", "Neue"):
            person = make_member(group)
            place = goal_place(heard.edition.goals.order_by("position")[position].wid)
            mark_for_debate(paper=heard, place=place, actor=person, at=now)
            question = make_question(heard, asker=person, at=now, place=place.key)
            answer_question(question=question, answer="Ja.", actor=office, at=now)
    with django_assert_num_queries(len(few)):
        read(2)


def test_queries_of_the_desk_do_not_grow(heard, member, office, now, django_assert_num_queries,
                                         django_assert_max_num_queries):  # fmt: skip
    client = signed_in(office)
    url = reverse("council_desk:questions")
    make_question(heard, asker=member, at=now)
    client.get(url)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for place in ("weg", goal_key(heard, 0), goal_key(heard, 1)):
        make_question(heard, asker=member, at=now, place=place)
    # Names of goals and of items are one query each, however many there are.
    with django_assert_num_queries(len(few)):
        client.get(url)
