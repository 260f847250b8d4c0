"""The council's amendment motions stand in the trail of the contributions that they concern."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Contribution
from consult.council.models import AmendmentMotion
from consult.council.services.access import PaperStepRefused
from consult.council.services.consolidation import consolidate, prepare_amended_revision
from consult.council.services.decisions import confirm_decision
from consult.council.services.motions import withdraw_motion
from consult.council.services.settling import settle_motion
from consult.council.states import ItemOutcome, MotionOp, MotionStatus
from consult.evaluation.models import Response
from consult.evaluation.services.revision import release_next_edition
from consult.evaluation.states import Outcome
from consult.participants.states import Role
from consult.records.selectors import public_contribution, trace_contribution
from drafts.concept.models import GoalPage, SectionPage
from tests.consult.records.chain import TEXT, Chain
from tests.factories import make_resident, make_staff
from tests.factories.council import make_decision
from tests.factories.motions import make_draft, make_group, make_member, make_motion, make_vote
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
MOVED = "Kurse gibt es jeden Samstag."


@pytest.fixture
def chain(now) -> Chain:
    return Chain(at=now)


@pytest.fixture
def paper(chain):
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    return chain.submit(edition).paper


def names(chain) -> list[str]:
    return [motion.name for motion in trace_contribution(chain.contribution).motions]


def page(client, chain) -> str:
    address = reverse("contribution", args=[chain.contribution.ref])
    return " ".join(client.get(address).content.decode().split())


def test_a_filed_motion_on_the_changed_goal_is_in_the_trail_and_a_draft_is_not(
    chain, paper, client, now
):
    make_draft(paper, chain.goal.wid, at=now, text="Ein Entwurf.")
    assert names(chain) == []
    assert "Ein Entwurf" not in page(client, chain)
    make_motion(paper, chain.goal.wid, at=now, text=MOVED, admitted=False)
    assert names(chain) == ["Ä 1"]
    shown = page(client, chain)
    assert "Änderungsantrag Ä 1: eingereicht" in shown
    assert "die wegen dieses Themas geändert wurde" in shown
    assert "Darüber ist noch nicht abgestimmt." in shown


def test_a_motion_elsewhere_is_not(chain, paper, now):
    block = paper.edition.sections.get()
    words = block.texts.get(language="de").content["blocks"][0]
    make_motion(paper, words["wid"], at=now, text="Anders.")
    make_motion(paper, item=paper.items.get(), at=now, text="Anders.")
    assert names(chain) == []


def test_a_motion_on_a_measure_of_the_goal_touches_it(chain, paper, now):
    measure = paper.edition.measures.get()
    make_motion(paper, measure.wid, at=now, op=MotionOp.STRIKE)
    assert names(chain) == ["Ä 1"]


def test_the_vote_is_shown_with_who_voted_how(chain, paper, client, now):
    motion = make_motion(paper, chain.goal.wid, at=now, text=MOVED)
    make_vote(motion, MotionStatus.REJECTED, at=now, confirmed=False, note="12 Ja, 20 Nein")
    shown = page(client, chain)
    assert "Änderungsantrag Ä 1: vorläufig abgelehnt" in shown
    assert "12 Ja, 20 Nein" in shown
    assert "vorläufig, Niederschrift steht aus" in shown
    assert "Dieser Antrag ändert den Text nicht." in shown
    assert "Der Rat hat dazu" not in shown


def test_a_settled_and_a_withdrawn_motion_stay_in_the_trail(chain, paper, client, now):
    first = make_motion(paper, chain.goal.wid, at=now, text=MOVED)
    second = make_motion(paper, chain.goal.wid, at=now, text="Kurse entfallen.", group=make_group())
    third = make_motion(paper, chain.goal.wid, at=now, text="Kurse für alle.")
    make_vote(first, at=now)
    office = make_staff(Role.COUNCIL_OFFICE)
    settle_motion(motion=second, by=first, actor=office)
    withdraw_motion(motion=third, actor=office)
    shown = page(client, chain)
    assert "Änderungsantrag Ä 2: erledigt, weil Ä 1 angenommen ist" in shown
    assert "Änderungsantrag Ä 3: zurückgezogen" in shown
    assert "Der Rat hat dazu 1 Änderungsantrag angenommen." in shown
    assert "Die Fassung mit diesem Wortlaut wird noch geschrieben." in shown


def test_what_an_accepted_motion_made_of_the_sentence(chain, paper, client, now):
    motion = make_motion(paper, chain.goal.wid, at=now, text=MOVED)
    make_vote(motion, at=now)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=now
    )
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    consolidate(paper=paper, actor=chain.coordination, at=now)
    for found in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if found.has_unpublished_changes:
            found.get_latest_revision().publish()
    revision = prepare_amended_revision(paper=paper, actor=chain.coordination, at=now)
    release_next_edition(
        revision=revision, title="Beschluss", origin="Rat", actor=chain.coordination, at=now
    )
    [traced] = trace_contribution(chain.contribution).motions
    assert [MOVED in cause.cause.change.new for cause in traced.in_text] == [True]
    shown = page(client, chain)
    assert "in Fassung 3:" in shown
    assert reverse("changes", args=[3]) + "#aenderung-1" in shown


def test_a_motion_names_the_theme_that_it_takes_up(chain, paper, client, now):
    theme = trace_contribution(chain.contribution).theme
    item = paper.items.get()
    block = paper.edition.sections.get().texts.get(language="de").content["blocks"][0]
    motion = make_motion(paper, block["wid"], at=now, text="Anders.", taken_up=theme)
    assert motion.taken_up == theme
    assert names(chain) == ["Ä 1"]
    assert "Der Antrag greift das Thema dieses Beitrags auf." in page(client, chain)
    address = reverse("theme", args=[theme.round.ref, theme.number])
    named = client.get(address).content.decode()
    assert "Was der Rat daraus macht" in named
    assert f"{reverse('paper', args=[paper.pk])}#ae-1" in named
    about = client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert "Greift ein Thema der Beteiligung auf:" in about
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        # An item belongs to no section: only themes can be named there, no single voice.
        make_motion(paper, item=item, at=now, text="Anders.", taken_up=theme)
    assert refused.value.code == "no_such_theme"


def test_a_member_names_the_theme_where_the_motion_is_drafted(chain, paper, client):
    theme = trace_contribution(chain.contribution).theme
    group = make_group()
    client.force_login(make_member(group), backend="django.contrib.auth.backends.ModelBackend")
    address = f"{reverse('draft_motion', args=[paper.pk])}?stelle={chain.goal.wid}"
    form = client.get(address)
    assert f"{theme.round.ref}, {theme.number}: {theme.title}" in form.content.decode()
    sent = form.context["form"].initial | {
        "group": group.pk, "new_text": MOVED, "reason": "Ja.", "taken_up": theme.pk,
    }  # fmt: skip
    assert client.post(address, {**sent, "taken_up": 999}).status_code == 422
    assert client.post(address, sent).status_code == 302
    draft = AmendmentMotion.objects.get()
    assert draft.taken_up == theme
    kept = client.get(reverse("motion_draft", args=[paper.pk, draft.pk])).content.decode()
    assert f'<option value="{theme.pk}" selected>' in kept
    assert names(chain) == []


def test_a_theme_without_a_published_answer_cannot_be_named(chain, now):
    other = chain.hand_in(make_resident(), "Etwas anderes.").contribution
    edition = chain.revise(chain.answer(chain.close()))
    voice = chain.name_voice(other, "Noch offen")
    response = chain.answer(voice, Outcome.ALREADY_COVERED)
    chain.finish()
    paper = chain.submit(edition).paper
    Response.objects.filter(pk=response.pk).update(status="signed")
    make_group()
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        make_motion(paper, chain.goal.wid, at=now, taken_up=voice)
    assert refused.value.code == "no_such_theme"


def test_tracing_costs_the_same_with_many_motions(chain, paper, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            trace_contribution(public_contribution(chain.contribution.ref))
        return len(captured)

    make_vote(make_motion(paper, chain.goal.wid, at=now, text=MOVED), at=now)
    one = queries()
    for text in ("Eins.", "Zwei.", "Drei."):
        make_vote(
            make_motion(paper, chain.goal.wid, at=now, text=text), MotionStatus.REJECTED, at=now
        )
    assert AmendmentMotion.objects.count() == 4
    assert queries() == one


def test_the_command_prints_the_whole_way_without_anybody_s_words(chain, paper, now):
    make_draft(paper, chain.goal.wid, at=now, text="Ein Entwurf.")
    make_vote(make_motion(paper, chain.goal.wid, at=now, text=MOVED), at=now, confirmed=False)
    theme = trace_contribution(chain.contribution).theme
    said = printed(chain.contribution.ref)
    assert said.splitlines() == [
        f"contribution {chain.contribution.ref}: published",
        f"theme {chain.round.ref}-T{theme.number}: {theme.title}",
        f"answer {now.date()}: adopted, Amt für Sprache",
        "change in edition 2: replace, Ziel 1.1",
        "motion STV 1/27, Ä 1 (Die Mitte) on Ziel 1.1: accepted, provisional",
    ]
    assert TEXT not in said


def test_the_command_knows_public_contributions_only(chain):
    Contribution.objects.filter(pk=chain.contribution.pk).update(status="held")
    with pytest.raises(CommandError):
        printed(chain.contribution.ref)


def printed(ref: str) -> str:
    out = StringIO()
    call_command("trace_contribution", ref, stdout=out)
    return out.getvalue()
