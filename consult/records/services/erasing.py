"""Forgetting a person, or one contribution (Art. 17 DSGVO).

What stays holds nobody's data: the number and the place of a contribution, its assignments,
answers and carry-overs, a blank row that keeps the thread together. The ledger counts it as
erased. Other people's words stay theirs, also where they quote.
"""

from datetime import datetime

import redis
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import PROTECT, ManyToOneRel
from wagtail.models import ModelLogEntry

from consult.contributions.models import (
    Comment,
    Contribution,
    GuestContact,
    PendingSubmission,
    Report,
    Suggestion,
)
from consult.contributions.services.drafts import forget_drafts
from consult.contributions.services.status import set_status
from consult.contributions.services.voting import withdraw_votes
from consult.contributions.states import Visibility
from consult.documents.services.making import forget_documents
from consult.evaluation.services.closing import store_ledger
from consult.following.models import Follower
from consult.participants.encryption import address_hashes
from consult.participants.models import Notice, User
from consult.participants.states import ErasureScope, NoticeStatus
from consult.records.models import BarrierReport
from consult.records.redaction import GONE
from consult.records.selectors import contributions_by, own_addresses
from consult.records.services import traces
from consult.records.services.collected import (
    forget_answer,
    forget_contacts,
    forget_note,
    forget_statement,
)
from consult.records.services.erasure_list import note_contribution, note_person
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE


class StaffAccount(Exception):
    """The account works here or has: its decisions name it, so the operator deals with it."""


@transaction.atomic
def erase_person(*, user: User, scope: ErasureScope, at: datetime) -> None:
    """Delete the account and what belongs to it.

    With ErasureScope.NAMES the contributions stay without any name, with WORDS their words are
    erased too. Ballots of running rounds are deleted; those of closed rounds cannot be found by
    anybody without the key, and are not touched. Raises StaffAccount.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_staff(user)
    note_person(user, scope, at)
    withdraw_votes(participant=user)
    contributions = list(contributions_by(user))
    rounds = {row.round_id for row in contributions}
    for contribution in contributions:
        if scope == ErasureScope.WORDS:
            _erase(contribution, None, at)
        else:
            _forget_author(contribution)
    _forget_address(own_addresses(user), scope)
    if scope == ErasureScope.WORDS:
        _correct_ledgers(rounds, at)
    _end_sessions(user)
    _forget_labels(user)
    user.delete()
    transaction.on_commit(forget_shared_pages, robust=True)


@transaction.atomic
def erase_contribution(*, contribution: Contribution, actor, at: datetime) -> bool:
    """Erase the words of one contribution and everything that points to its author.

    Return whether there was anything left to erase. `actor` is the member of staff who acts for the author, or None.
    """
    note_contribution(contribution, at)
    transaction.on_commit(forget_shared_pages, robust=True)
    if not _erase(contribution, actor, at):
        return False
    _correct_ledgers({contribution.round_id}, at)
    return True


def refuse_staff(user: User) -> None:
    """Raise StaffAccount where the account has a role, or decisions that name it."""
    if user.is_superuser or user.is_staff or user.groups.exists():
        raise StaffAccount
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is PROTECT:
            rows = relation.related_model._default_manager
            if rows.filter(**{relation.field.name: user.pk}).exists():
                raise StaffAccount


def forget_shared_pages() -> None:
    """Drop the pages that are shared for some seconds, so that none shows what is gone."""
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        for key in server.scan_iter(match=f"*:{settings.SHARED_PAGE_PREFIX}*"):
            server.delete(key)


def _erase(contribution: Contribution, actor, at: datetime) -> bool:
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.status == Visibility.ERASED:
        return False
    words = Comment.objects.get(contribution=contribution)
    text, name = words.comment, contribution.display_name
    set_status(contribution=contribution, status=Visibility.ERASED, actor=actor, at=at)
    traces.forget_vectors(contribution, text)
    traces.forget_translations(contribution)
    traces.forget_proposals(contribution)
    traces.forget_summaries(contribution, at)
    traces.forget_quotations(contribution, text)
    traces.forget_suggestion(contribution)
    traces.forget_name(contribution, name)
    traces.forget_moderation(contribution)
    traces.forget_notices(contribution)
    forget_note(contribution, text)
    forget_statement(contribution, text)
    forget_answer(contribution)
    traces.forget_followers(contribution)
    forget_documents()
    Comment.objects.filter(pk=words.pk).update(comment="")
    _forget_guest(contribution)
    Contribution.objects.filter(pk=contribution.pk).update(
        participant=None, display_name="", quote="", salt="", content_hmac=""
    )
    return True


def _forget_author(contribution: Contribution) -> None:
    """Let the words stand without a name; they keep salt and check sum, which are theirs."""
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    traces.forget_name(contribution, contribution.display_name)
    traces.forget_notices(contribution)
    forget_documents()
    Suggestion.objects.filter(contribution=contribution).update(credit_agreed=False)
    _forget_guest(contribution)
    Contribution.objects.filter(pk=contribution.pk).update(participant=None, display_name="")


def _forget_guest(contribution: Contribution) -> None:
    contacts = GuestContact.objects.filter(contribution=contribution)
    for contact in contacts:
        # What still waits for this address is about something else.
        past = Notice.objects.exclude(status=NoticeStatus.QUEUED)
        past.filter(email_hash=contact.email_hash).delete()
    addresses = [contact.email_hash for contact in contacts]
    contacts.delete()
    traces.forget_guest_as_follower(contribution, addresses)


def _correct_ledgers(rounds: set[int], at: datetime) -> None:
    for round_ in ConsultationRound.objects.filter(pk__in=rounds, status__in=TALLIES_READABLE):
        store_ledger(round_=round_, occasion="correction", at=at)


def _forget_address(addresses: list[str], scope: ErasureScope) -> None:
    hashes = [one for address in addresses for one in address_hashes(address)]
    PendingSubmission.objects.filter(email_hash__in=hashes).delete()
    forget_contacts(hashes)
    Notice.objects.filter(email_hash__in=hashes).delete()
    Follower.objects.filter(user=None, email_hash__in=hashes).delete()
    reports = Report.objects.filter(contact_hash__in=hashes)
    if scope == ErasureScope.WORDS:
        reports.update(text=GONE)
    reports.update(contact="", contact_hash="")
    BarrierReport.objects.filter(contact_hash__in=hashes).delete()


def _end_sessions(user: User) -> None:
    # A session is signed, not encrypted, and names its account only inside.
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            if key := session.get_decoded().get("draft_key"):
                forget_drafts(key=key)
            session.delete()


def _forget_labels(user: User) -> None:
    ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    ).update(label=GONE, data={})
