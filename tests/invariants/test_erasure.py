"""Invariant 35: erasure leaves nothing of a person in database, files, index, cache and queue.

A marker is planted by the services that people use, the analysis runs as it does in the city,
then everything that is stored is searched.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from wagtail.log_actions import log

from consult.contributions.models import Comment, Contribution
from consult.contributions.services.commenting import (
    Receipt,
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.moderation import complain, decide, report
from consult.contributions.states import Measure, Rule, Visibility
from consult.documents.services.kinds import Kind, register
from consult.documents.services.making import made_now
from consult.evaluation.models import (
    Assignment,
    ProposalMember,
    Summary,
    TextVector,
    Theme,
    ThemeProposal,
)
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.objections import file_objection, settle_by_explaining
from consult.evaluation.services.responses import (
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.services.summaries import release_summary, write_next_summary
from consult.evaluation.services.themes import confirm_proposal, rename_theme
from consult.evaluation.states import Outcome, SummaryStatus
from consult.following.services.following import ask_to_follow, confirm_following
from consult.following.states import Rhythm
from consult.participants.fields import EncryptedTextField
from consult.participants.models import DepartmentMember, Notice, User
from consult.participants.services import send_due_notices
from consult.participants.states import ErasureScope, NoticeStatus, Role
from consult.records.services.erasure import (
    request_contribution_erasure,
    request_erasure,
    run_next_erasure,
)
from consult.rounds.models import ConsultationRound
from tests.factories import (
    make_contribution,
    make_department,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.evaluation import make_closed
from tests.factories.following import tell
from workers.analysis.vectors import vector_key

MARKER = "Zwiebelturmfalke"
MAIL = f"{MARKER}@example.org".lower()
LONG = f"Der {MARKER} braucht abends einen Deutschkurs mit Kinderbetreuung in unserer Stadt."
QUOTED = f"braucht abends einen Deutschkurs mit Kinderbetreuung in unserer Stadt. {MARKER}."
SHORT = f"Der {MARKER} sagt dazu nein."
OTHERS = [
    f"Wir brauchen einen Deutschkurs am {day} mit Kinderbetreuung in der Stadt."
    for day in ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag")
]


@dataclass
class City:
    """What was planted."""

    round: ConsultationRound
    person: User
    written: list[Contribution]
    guest: Receipt


@pytest.fixture
def city(own_database, settings, tmp_path, client, now) -> City:
    """A closed and answered round in which the marker stands wherever services put it."""
    settings.SHARED_PAGE_SECONDS = 60
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    round_ = make_open_round(at=now)
    person = _person(client)
    for text in OTHERS:
        make_contribution(round_, at=now, text=text)
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    written = [
        submit_comment(
            place=place, words=Words(text=text, stance="idea", display_name=MARKER),
            participant=person, at=now,
        ).contribution
        for text in (LONG, SHORT)
    ]  # fmt: skip
    guest = confirm_submission(token=_as_guest(round_, LONG, now), at=now)
    _as_guest(round_, "Nie bestätigt.", now)
    _moderate(written[0], written[1], now)
    _evaluate(make_closed(round_), now + timedelta(days=15))
    _object(written[0], now + timedelta(days=16))
    _quote_in_document(written[0], now)
    for page in ("konzept/fassung-1/abschnitt-1/", f"themen/{round_.ref}/"):
        assert Client().get(f"/de/{page}").status_code == 200
    return City(round_, person, written, guest)


def _person(client) -> User:
    person = make_resident(MARKER)
    User.objects.filter(pk=person.pk).update(email=MAIL, first_name=MARKER)
    person.refresh_from_db()
    EmailAddress.objects.filter(user=person).update(email=MAIL)
    Authenticator.objects.create(user=person, type="totp", data={"secret": MARKER})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["draft"] = MARKER
    session.save()
    log(person, "wagtail.edit", title=MARKER)
    return person


def _as_guest(round_, text, at) -> str:
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    words = Words(text=f"{text} {MARKER}", stance="idea", display_name=MARKER)
    return submit_as_guest(place=place, words=words, email=MAIL, language="de", at=at)


def _moderate(first: Contribution, second: Contribution, at) -> None:
    moderator = make_staff(Role.MODERATION)
    about = Contribution.objects.exclude(pk__in=[first.pk, second.pk]).first()
    report(contribution=about, rule=Rule.HATE, text=f"Sagt {MARKER}.", contact=MAIL, at=at)
    report(
        contribution=second, rule=Rule.HATE, text=f"{MARKER} schreibt Hetze.",
        contact="melder@example.org", at=at,
    )  # fmt: skip
    decision = decide(
        contribution=second, measure=Measure.HIDE, rule=Rule.HATE,
        reason=f"{MARKER} schreibt: „{SHORT}“", actor=moderator, at=at,
    )  # fmt: skip
    complain(decision=decision, text=f"Ich bin {MARKER}, und das stimmt nicht.", at=at)
    decide(
        contribution=second, measure=Measure.RESTORE, rule="", reason="Doch in Ordnung.",
        actor=moderator, at=at,
    )  # fmt: skip


def _evaluate(round_, at) -> None:
    coordination = make_staff(Role.COORDINATION)
    while run_next_shard():
        pass
    for proposal in ThemeProposal.objects.order_by("position"):
        confirm_proposal(
            proposal=proposal, title=proposal.label, concern="", actor=coordination, at=at
        )
    for theme in Theme.objects.all():
        # Twice, so that the steps and the log hold the former words.
        for concern in (f"Jemand schreibt: {LONG}", "Es geht um Kurse."):
            rename_theme(theme=theme, title=theme.title, concern=concern, actor=coordination, at=at)
    while write_next_summary():
        pass
    for summary in Summary.objects.filter(status=SummaryStatus.MACHINE_DRAFT):
        release_summary(summary=summary, actor=coordination, at=at)
    member, office = make_staff(Role.DEPARTMENT), make_department()
    DepartmentMember.objects.create(user=member, department=office)
    for theme in Theme.objects.all():
        answer = request_response(
            theme=theme, lead_department=office, due_on=round_.answer_due, actor=coordination
        )
        answer = draft_response(
            response=answer, outcome=Outcome.ADOPTED, actor=member,
            reason=f"Jemand schreibt: {LONG} Ein anderer: {SHORT} Das stimmt.",
        )  # fmt: skip
        answer = sign_response(response=answer, actor=member, at=at)
        publish_response(response=answer, actor=coordination, at=at)
    wid = round_.edition.sections.first().wid
    token = ask_to_follow(
        email=MAIL, topic="section", object_=wid, rhythm=Rhythm.DAILY, language="de", at=at
    )
    confirm_following(token=token, at=at)
    tell(at)


def _quote_in_document(contribution: Contribution, at) -> None:
    """A file for download that quotes the person, as a decision pack does."""

    def says(ref: str, language: str):
        return Comment.objects.get(contribution__ref=ref).comment

    register(Kind("quoting", says, {"md": str.encode}, "zitat", holds_words=True))
    made_now("quoting", contribution.ref, "de", "md", at=at)


def _object(contribution: Contribution, at) -> None:
    objection = file_objection(
        contribution=contribution, text=f"Ich, {MARKER}, meine den Abend.", at=at
    )
    settle_by_explaining(
        objection=objection, reason=f"Guten Tag {MARKER}, das steht dort schon.",
        actor=make_staff(Role.COORDINATION), at=at,
    )  # fmt: skip
    second = Contribution.objects.get(pk=contribution.pk + 1)
    file_objection(contribution=second, text=f"Auch {MARKER} fehlt etwas.", at=at)


def found_in_tables() -> set[str]:
    """Tables with the marker in any row, as SQL reads it and as the application decrypts it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(
                f'SELECT 1 FROM "{table}" r WHERE r::text ILIKE %s OR r::text ILIKE %s',  # noqa: S608
                [f"%{MARKER}%", f"%{MARKER.encode().hex()}%"],
            )
            if cursor.fetchone():
                found.add(table)
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                values = str(list(model._default_manager.values_list(field.name, flat=True)))
                found |= {model._meta.db_table} if MARKER.lower() in values.lower() else set()
    return found


def found_in_files(directory: Path) -> list[Path]:
    """Files with the marker in name or content."""
    return [
        path
        for path in directory.rglob("*")
        if path.is_file()
        and MARKER.lower().encode() in str(path).encode().lower() + path.read_bytes().lower()
    ]


def found_in_valkey(settings) -> list[bytes]:
    """Keys with the marker in name or value."""
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        return [
            key
            for key in server.scan_iter()
            if MARKER.lower().encode() in (key + _value(server, key)).lower()
        ]


def _value(server: redis.Redis, key: bytes) -> bytes:
    # A dump of a string is packed; lists and sets of the queue are short and are not.
    if server.type(key) == b"string":
        return server.get(key) or b""
    return server.dump(key) or b""


def erase_all(at) -> None:
    """The worker does what is due."""
    while run_next_erasure(at=at):
        pass


def test_invariant_35_the_marker_is_everywhere_before(city, settings, tmp_path):
    assert found_in_tables() >= {
        "participants_user", "participants_notice", "account_emailaddress", "mfa_authenticator",
        "contributions_contribution", "django_comments", "contributions_guestcontact",
        "contributions_pendingsubmission", "contributions_report", "contributions_complaint",
        "contributions_moderationdecision", "evaluation_themeproposal", "evaluation_theme",
        "evaluation_summary", "evaluation_response", "wagtailcore_modellogentry",
        "evaluation_themedeed", "evaluation_themeobjection", "documents_document",
    }  # fmt: skip
    assert len(found_in_valkey(settings)) == 2
    keys = {vector_key(text) for text in (LONG, SHORT, f"{LONG} {MARKER}")}
    assert TextVector.objects.filter(pk__in=keys).count() == 3


def test_invariant_35_erasing_person_and_words_leaves_nothing(city, settings, tmp_path, now):
    refs = [found.ref for found in city.written] + [city.guest.contribution.ref]
    assigned = Assignment.objects.count()
    request_erasure(user=city.person, scope=ErasureScope.WORDS, at=now)
    erase_all(now)

    assert found_in_tables() == set()
    assert found_in_valkey(settings) == []
    keys = {vector_key(text) for text in (LONG, SHORT, f"{LONG} {MARKER}")}
    assert not TextVector.objects.filter(pk__in=keys).exists()
    # What is still to be sent says nothing of it either, nor does what a worker writes anew.
    assert Notice.objects.filter(status=NoticeStatus.QUEUED).exists()
    while write_next_summary():
        pass
    send_due_notices(at=now + timedelta(days=30))
    assert found_in_tables() == set()
    assert list((tmp_path / "mail").iterdir())
    assert found_in_files(tmp_path) == []
    # The record holds: numbers, places, assignments and the thread are there.
    erased = Contribution.objects.filter(ref__in=refs)
    assert {row.status for row in erased} == {Visibility.ERASED}
    assert [row.salt + row.content_hmac + row.quote for row in erased] == ["", "", ""]
    assert Comment.objects.filter(contribution__in=erased, comment="").count() == 3
    assert Assignment.objects.count() == assigned
    assert not ProposalMember.objects.filter(contribution__in=erased).exists()
    assert city.round.ledger.latest("pk").erased == 3


def test_invariant_35_erasing_the_name_leaves_the_words_alone(city, settings, tmp_path, now):
    request_erasure(user=city.person, scope=ErasureScope.NAMES, at=now)
    erase_all(now)
    Comment.objects.update(comment="")
    left = found_in_tables()
    # The marker is a word of the texts, so it stays where texts are quoted; nowhere else.
    assert left <= {
        "evaluation_themeproposal", "evaluation_theme", "evaluation_summary",
        "evaluation_themedeed", "evaluation_response", "contributions_report", "participants_notice",
        "wagtailcore_modellogentry",
    }  # fmt: skip
    assert not User.objects.filter(pk=city.person.pk).exists()
    kept = Contribution.objects.filter(pk__in=[found.pk for found in city.written])
    assert {(row.participant_id, row.display_name) for row in kept} == {(None, "")}
    assert Visibility.ERASED not in {row.status for row in kept}


def test_invariant_35_a_guest_has_one_contribution_and_the_address_erased(city, now):
    found = Contribution.objects.get(pk=city.guest.contribution.pk)
    request_contribution_erasure(contribution=found, user=None, at=now)
    erase_all(now)
    found.refresh_from_db()
    assert (found.status, found.comment_row.comment) == (Visibility.ERASED, "")
    assert "contributions_guestcontact" not in found_in_tables()
    others = Contribution.objects.filter(pk__in=[row.pk for row in city.written])
    assert {row.status for row in others} == {Visibility.PUBLISHED}
