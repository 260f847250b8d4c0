"""Amendment motions on the public pages, and the form for members of a council group."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.models import AmendmentMotion, Paper
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.consolidation import consolidate, prepare_amended_revision
from consult.council.services.decisions import confirm_decision
from consult.council.services.motions import file_motion
from consult.council.services.settling import settle_all
from consult.council.states import FinanceEffect, ItemOutcome, MotionOp, MotionStatus
from consult.evaluation.services.revision import release_next_edition
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.selectors import section_data
from drafts.editions.text_search import search_texts
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_draft, make_group, make_member, make_motion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def paper(at):
    return make_submitted(make_paper(make_edition(make_concept(goals=2), at=at)), at=at)


@pytest.fixture
def data(paper):
    return section_data(paper.edition)[0]


@pytest.fixture
def group():
    return make_group("Offene Liste")


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def member(group):
    return make_member(group)


def pages(paper) -> list[str]:
    """Every public page that shows motions on the first goal."""
    edition = paper.edition
    return [
        reverse("paper", args=[paper.pk]),
        reverse("section", args=[edition.number, edition.sections.get().slug]),
        reverse("goal", args=[edition.number, "ziel-1-1"]),
    ]


def typed(data, **changed) -> dict:
    from drafts.concept.snapshots import content_hash

    words = data["goals"][0]["text"]["wording"]
    return {
        "op": "replace",
        "new_text": "Ganz anders.",
        "reason": "Weil es stimmt.",
        "finance": "none",
        "base_hash": content_hash(words),
        **changed,
    }


def test_filed_motion_is_read_on_the_paper_and_beside_its_place(client, paper, data, at):
    wid = data["goals"][0]["wid"]
    motion = make_motion(
        paper,
        wid,
        text="Ganz anders gefasst.",
        at=at,
        finance=FinanceEffect.ESTIMATED,
        cost_yearly=12_000,
        reason="<b>Weil</b> es stimmt.",
    )
    for address in pages(paper):
        page = client.get(address).content.decode()
        assert "Ä 1" in page
        assert "<ins>" in page
        assert "Gestrichen:" in page
        assert "Die Mitte" in page
        assert "Änderungsantrag entwerfen" not in page
    page = client.get(pages(paper)[0]).content.decode()
    assert "12.000" in page
    assert "&lt;b&gt;Weil&lt;/b&gt;" in page
    make_vote(motion, MotionStatus.ACCEPTED_MODIFIED, wording="Gefunden.", at=at, confirmed=False)
    page = client.get(pages(paper)[0]).content.decode()
    assert "Mit anderem Wortlaut angenommen" in page
    assert "vorläufig" in page
    assert "Gefunden." in page


def test_every_operation_is_told_in_words(client, paper, data, at):
    one, two = data["text"]["blocks"]
    make_motion(paper, one["wid"], op=MotionOp.STRIKE, at=at)
    make_motion(paper, two["wid"], op=MotionOp.INSERT, text="Neu.", side="before", at=at)
    make_motion(paper, data["goals"][0]["wid"], op=MotionOp.MOVE, at=at,
                to_wid=data["goals"][1]["wid"])  # fmt: skip
    make_motion(paper, item=paper.items.get(), text="Anders.", at=at)
    page = client.get(pages(paper)[0]).content.decode()
    for words in ("Streichen", "Davor einfügen", "Verschieben hinter: Ziel 1.2",
                  "Beschlusspunkt 1"):  # fmt: skip
        assert words in page


def test_conflicts_are_named_before_the_vote_and_after(client, paper, data, at):
    wid = data["goals"][0]["wid"]
    first = make_motion(paper, wid, text="Wortlaut von allen.", at=at)
    make_motion(paper, wid, text="Wortlaut von niemand.", at=at)
    page = client.get(pages(paper)[0]).content.decode()
    assert "Ä 1 und Ä 2 betreffen dieselben Worte. Wird Ä 1 angenommen, ist Ä 2 erledigt" in page
    make_vote(first, at=at)
    page = client.get(pages(paper)[0]).content.decode()
    assert "Ä 1 ist angenommen, damit ist Ä 2 erledigt." in page


def test_draft_is_nowhere_for_others(client, paper, data, at, group, member):
    secret = "Geheimwortlaut"
    draft = make_draft(
        paper, data["goals"][0]["wid"], text=secret, at=at, group=group, actor=member
    )
    addresses = [
        *pages(paper),
        reverse("papers"),
        reverse("council_feed"),
        reverse("search") + f"?q={secret}",
        reverse("search") + "?suche=" + secret,
    ]
    others = [
        None,
        make_resident(),
        make_member(make_group("Die Mitte")),
        make_staff(Role.COUNCIL_OFFICE),
        make_staff(Role.COORDINATION),
    ]
    forms = [
        reverse("draft_motion", args=[paper.pk]) + f"?stelle={data['goals'][0]['wid']}",
        reverse("motion_draft", args=[paper.pk, draft.pk]),
    ]
    for person in others:
        client.logout()
        if person:
            client.force_login(person)
        for address in addresses:
            assert "Entwürfe sieht nur Ihre Fraktion" not in client.get(address).content.decode()
            shown = client.get(address).content.decode().replace(f'value="{secret}"', "")
            assert f"<ins>{secret}" not in shown
        assert client.get(forms[1]).status_code == 404
        assert client.post(forms[1], {"einreichen": "1"}).status_code == 404
        in_a_group = person is others[2]
        assert client.get(forms[0]).status_code == (200 if in_a_group else 404)
    assert not search_texts(secret)
    draft.refresh_from_db()
    assert draft.status == MotionStatus.DRAFT


def test_member_drafts_where_they_read_changes_and_hands_in(client, paper, data, member):
    client.force_login(member)
    assert "An derselben Stelle entwerfen Sie" in client.get(pages(paper)[0]).content.decode()
    section = client.get(pages(paper)[1]).content.decode()
    wid = data["goals"][0]["wid"]
    address = f"{reverse('draft_motion', args=[paper.pk])}?stelle={wid}"
    assert address in section
    form = client.get(address)
    assert form["Cache-Control"] == "private, no-store"
    assert "Wortlaut von Ziel 1.1." in form.content.decode()
    group = form.context["form"].fields["group"].initial.pk
    sent = client.post(address, typed(data, group=group))
    motion = AmendmentMotion.objects.get()
    draft = reverse("motion_draft", args=[paper.pk, motion.pk])
    assert sent["Location"] == draft
    page = client.get(draft)
    assert page["Cache-Control"] == "private, no-store"
    assert "Ganz anders." in page.content.decode()
    assert client.get(pages(paper)[0])["Cache-Control"] == "private, no-store"
    assert draft in client.get(pages(paper)[0]).content.decode()
    client.post(draft, typed(data, group=group, op="strike"))
    motion.refresh_from_db()
    assert (motion.op, motion.new_text) == (MotionOp.STRIKE, "")
    done = client.post(draft, {"einreichen": "1"})
    assert done["Location"].endswith("#ae-1")
    client.logout()
    assert "Offene Liste" in client.get(pages(paper)[0]).content.decode()


def test_parts_of_a_place_have_forms_of_their_own(client, paper, data, member, group):
    client.force_login(member)
    goal, measure = data["goals"][0]["wid"], data["goals"][0]["measures"][0]["wid"]
    address = reverse("draft_motion", args=[paper.pk])
    page = client.get(f"{address}?stelle={goal}").content.decode()
    for part in ("reason", "target_groups", "measures"):
        assert f"{address}?stelle={goal}&amp;teil={part}" in page
    assert f"stelle={data['wid']}&amp;teil=goals" in page
    sent = [
        (goal, "target_groups", {"new_text": "Kinder"}, "Ziel 1.1, Für wen"),
        (goal, "measures", {"op": "insert", "new_text": "Kurse"}, "Ziel 1.1, neue Maßnahme"),
        (measure, "costs", {"new_text": "jährlich 15000 €"}, "Maßnahme 1.1.a, Kosten"),
    ]
    for wid, part, change, name in sent:
        form = f"{address}?stelle={wid}&teil={part}"
        base = client.get(form).context["form"].initial["base_hash"]
        client.post(form, typed(data, group=group.pk, base_hash=base, **change))
        draft = AmendmentMotion.objects.latest("pk")
        assert (draft.part, draft.place) == (part, name)
        stored = client.get(reverse("motion_draft", args=[paper.pk, draft.pk])).content.decode()
        assert draft.new_text in stored or part == "costs"
    assert "In der Fassung stehen dann jährlich 3.000\N{NO-BREAK SPACE}€ mehr." in stored
    assert draft.new_text == "jährlich 15.000 Euro"
    wrong = client.post(form, typed(data, group=group.pk, base_hash=base, new_text="viel"))
    assert list(wrong.context["form"].errors) == ["new_text"]
    assert "Schreiben Sie die Kosten so" in wrong.content.decode()


def test_what_goes_with_a_struck_goal_is_said(client, paper, data, at):
    make_motion(paper, data["goals"][0]["wid"], op=MotionOp.STRIKE, at=at)
    make_motion(paper, data["wid"], op=MotionOp.STRIKE, at=at)
    page = client.get(pages(paper)[0]).content.decode()
    assert "Damit entfallen auch: 1 Maßnahme." in page
    assert "Damit entfallen auch: 2 Absätze, 2 Ziele, 2 Maßnahmen." in page
    assert "In der Fassung stehen dann jährlich 12.000\N{NO-BREAK SPACE}€ weniger." in page


def test_a_goal_struck_by_motion_is_listed_with_the_motion_as_its_reason(client, at, office):
    concept = make_concept(goals=2)
    pages_of_text = [*SectionPage.objects.all(), *GoalPage.objects.all()]
    for page in pages_of_text:
        page.save_revision().publish()
    paper = make_submitted(make_paper(make_edition(concept, at=at)), at=at)
    wid = section_data(paper.edition)[0]["goals"][0]["wid"]
    make_vote(make_motion(paper, wid, op=MotionOp.STRIKE, at=at), at=at)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=at
    )
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=at)
    coordination = make_staff(Role.COORDINATION)
    consolidate(paper=paper, actor=coordination, at=at)
    GoalPage.objects.get(number="1.1").get_latest_revision().publish()
    revision = prepare_amended_revision(paper=paper, actor=coordination, at=at)
    amended = release_next_edition(
        revision=revision, title="Beschluss", origin="Rat", actor=coordination, at=at
    )
    adopt_amended_edition(paper=Paper.objects.get(), edition=amended, actor=office, at=at)
    for address in (
        reverse("changes", args=[2]),
        reverse("compared", args=[1, 2]),
    ):
        shown = client.get(address, follow=True).content.decode()
        dropped = shown.split('id="entfallen"')[1].split("</section>")[0]
        assert "Ziel 1.1" in dropped
        assert "Änderungsantrag Ä 1, Die Mitte, beschlossen am" in dropped
    assert client.get(reverse("goal", args=[2, "ziel-1-1"])).status_code == 404
    assert client.get(reverse("goal", args=[1, "ziel-1-1"])).status_code == 200


def test_a_settled_motion_names_the_one_that_settled_it(client, paper, data, at, office):
    wid = data["goals"][0]["wid"]
    first = make_motion(paper, wid, op=MotionOp.STRIKE, at=at)
    make_motion(paper, wid, text="Anders.", at=at)
    make_vote(first, at=at)
    settle_all(by=first, actor=office)
    page = client.get(pages(paper)[0]).content.decode()
    assert "erledigt, weil Ä 1 angenommen ist" in page
    assert "Ä 1 von Die Mitte: Ziel 1.1, Streichen" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"op": ""}, "op"),
        ({"new_text": " "}, "new_text"),
        ({"new_text": "Wortlaut von Ziel 1.1."}, "new_text"),
        ({"finance": "estimated"}, "cost_one_off"),
        ({"op": "move"}, "to_wid"),
        ({"base_hash": "alt"}, "__all__"),
        ({"cost_yearly": "-1"}, "cost_yearly"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    changed, field, client, paper, data, member, group
):
    client.force_login(member)
    address = f"{reverse('draft_motion', args=[paper.pk])}?stelle={data['goals'][0]['wid']}"
    page = client.post(address, typed(data, group=group.pk, **changed))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "Weil es stimmt." in page.content.decode()
    assert not AmendmentMotion.objects.exists()


def test_draft_without_a_reason_is_kept_but_not_handed_in(client, paper, data, at, group, member):
    draft = make_draft(paper, data["goals"][0]["wid"], at=at, group=group, actor=member, reason="")
    client.force_login(member)
    address = reverse("motion_draft", args=[paper.pk, draft.pk])
    page = client.post(address, {"einreichen": "1"}, follow=True)
    assert "Begründen Sie den Antrag" in page.content.decode()
    assert client.post(address, {"verwerfen": "1"})["Location"] == reverse("paper", args=[paper.pk])
    assert not AmendmentMotion.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["", "stelle=nirgends", "stelle=%00", "punkt=99", "punkt=x", "stelle=nirgends&teil=reason"],
)
def test_a_place_that_is_not_there_does_not_exist(query, client, paper, member):
    client.force_login(member)
    assert client.get(f"{reverse('draft_motion', args=[paper.pk])}?{query}").status_code == 404


def test_pages_ask_as_many_questions_however_many_motions(
    client, paper, data, at, group, member, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> list[int]:
        counts = []
        for address in pages(paper):
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get(address, headers={"cookie": "sessionid=x"})
            counts.append(len(found))
        return counts

    make_motion(paper, data["goals"][0]["wid"], text="Eins.", at=at)
    client.get(pages(paper)[0])
    before = asked()
    for words in ("Zwei.", "Drei."):
        make_motion(paper, data["goals"][0]["wid"], text=words, at=at)
    draft = make_draft(paper, data["goals"][0]["wid"], at=at, group=group, actor=member)
    file_motion(motion=draft, actor=member, at=at)
    assert asked() == before


def test_own_group_withdraws_before_the_vote_and_nobody_else(
    client, paper, data, at, group, member
):
    motion = make_motion(paper, data["goals"][0]["wid"], at=at, group=group)
    address = reverse("withdraw_motion", args=[paper.pk, motion.pk])
    for person in (None, make_resident(), make_member(make_group("Andere"))):
        client.logout()
        if person:
            client.force_login(person)
        assert address not in client.get(pages(paper)[0]).content.decode()
        assert client.post(address).status_code == 404
    client.force_login(member)
    assert address in client.get(pages(paper)[0]).content.decode()
    assert "bleibt öffentlich lesbar" in client.get(address).content.decode()
    motion.refresh_from_db()
    assert motion.status == MotionStatus.ADMISSIBLE
    assert "Ä 1 ist zurückgezogen." in client.post(address, follow=True).content.decode()
    assert "schon entschieden" in client.post(address, follow=True).content.decode()
    motion.refresh_from_db()
    assert motion.status == MotionStatus.WITHDRAWN
