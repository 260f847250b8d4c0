"""Writing: a comment is accepted once its number and receipt exist."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.text import Truncator
from django_comments.abstracts import CommentAbstractModel

from consult.contributions.models import Comment, Contribution, GuestContact, PendingSubmission
from consult.contributions.services.confirming import claim_unconfirmed, keep_unconfirmed
from consult.contributions.services.proof import content_hmac, secret_hash
from consult.contributions.services.status import VECTOR_JOB
from consult.contributions.services.suggestions import (
    Proposal,
    WordingRefused,
    file_suggestion,
    settled_proposal,
)
from consult.contributions.states import Channel, Kind, Stance, Visibility
from consult.participants.services import queue_notice, wake_worker
from consult.participants.states import VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import open_round_of, pre_moderation_for
from consult.rounds.services import take_number, take_number_while_open
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition
from drafts.editions.selectors import BINDING, wording_at
from workers.analysis.languages import detect_language

LONGEST_TEXT = 5_000
DEEPEST_REPLY = 2


class UnableToComment(Exception):
    """The words cannot be taken; `code` says why: closed, suspended, gone, too_long, empty, …"""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Place:
    """What people write about: a section, a block in it or a goal of a frozen edition.

    `language` is the one of the quote: that of the version which the person read.
    """

    edition: Edition
    section_wid: str
    target_wid: str
    quote: str
    label: str
    language: str = BINDING


@dataclass(frozen=True)
class Words:
    """What somebody wrote; with a proposal it is a suggestion and the text is its reason."""

    text: str
    stance: str
    display_name: str = ""
    reply_to: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Receipt:
    """Proof of what was received. `key` opens the page of this contribution and is shown once."""

    contribution: Contribution
    key: str


def find_place(
    edition: Edition, section_wid: str, target_wid: str = "", language: str = BINDING
) -> Place:
    """Return the place with a short quote in this language, else in German.

    Raises UnableToComment("gone") if it is not there.
    """
    target = target_wid or section_wid
    found = wording_at(edition, section_wid, target, language)
    if found is None:
        raise UnableToComment("gone")
    quote = Truncator(found.text).chars(180)
    return Place(edition, section_wid, target, quote, found.number, found.language)


@transaction.atomic
def submit_comment(
    *,
    place: Place,
    words: Words,
    participant,
    at: datetime,
    channel: Channel = Channel.ONLINE,
) -> Receipt:
    """Receive a comment, reply or suggestion of a person with an account; return the receipt.

    The text is published at once, or held where the section is pre-moderated. Raises
    UnableToComment outside the round's window and for words that cannot be taken.
    """
    round_ = take_number_while_open(place.edition, at)
    if round_ is None:
        raise UnableToComment("closed")
    receipt = _receive(
        round_,
        round_.last_number,
        place,
        words,
        at,
        participant=participant,
        channel=channel,
        verification_class=participant.verification_class,
    )
    confirm_receipt(receipt, at, user=participant)
    return receipt


@transaction.atomic
def submit_as_guest(*, place: Place, words: Words, email: str, language: str, at: datetime) -> str:
    """Keep a guest's words until the mail is confirmed; return the token that the mail carries.

    Raises UnableToComment as submit_comment does.
    """
    round_ = open_round_of(place.edition, at)
    if round_ is None:
        raise UnableToComment("closed")
    words = _settled(words, place, None)
    payload = {
        **asdict(words),
        "section_wid": place.section_wid,
        "target_wid": place.target_wid,
        "language": language,
    }
    return keep_unconfirmed(
        PendingSubmission,
        round_=round_,
        email=email,
        language=language,
        template="confirm_contribution",
        at=at,
        payload=payload,
    )


@transaction.atomic
def confirm_submission(*, token: str, at: datetime) -> Receipt:
    """Receive what a guest wrote; the window had to be open when it was written.

    Raises LinkExpired for a used or old link, and UnableToComment where the place is gone and
    while the round is suspended: the link stays good.
    """
    pending = claim_unconfirmed(PendingSubmission, token, at)
    payload = dict(pending.payload)
    language = payload.pop("language")
    place = find_place(
        pending.round.edition, payload.pop("section_wid"), payload.pop("target_wid"), language
    )
    number = take_number(round_=pending.round)
    pending.round.refresh_from_db(fields=["status"])
    if pending.round.status == RoundStatus.SUSPENDED:
        raise UnableToComment("suspended")
    receipt = _receive(
        pending.round,
        number,
        place,
        words_of(payload),
        at,
        participant=None,
        channel=Channel.ONLINE,
        verification_class=VerificationClass.EMAIL_CONFIRMED,
    )
    GuestContact.objects.create(
        contribution=receipt.contribution, email=pending.email, language=language
    )
    confirm_receipt(receipt, at, email=pending.email, language=language)
    pending.delete()
    return receipt


def clear_expired_submissions(*, at: datetime) -> int:
    """Delete what was never confirmed in time; return how many. It was never received."""
    return PendingSubmission.objects.filter(expires_at__lte=at).delete()[0]


def receive_otherwise(*, round_, number, place: Place, words: Words, at, **given) -> Receipt:
    """Write what came in another way than by the forms of the site, under the given number.

    `given` are columns of its row that differ from those of a comment. The caller holds the
    transaction and has checked round and window; nobody gets a mail. Raises UnableToComment for
    words that cannot be taken; a stance may be missing.
    """
    return _receive(round_, number, place, words, at, **{"participant": None, **given})


def _receive(
    round_, number, place, words, at, *, participant, channel, verification_class, **given
) -> Receipt:
    words = _settled(words, place, participant, stance_required=not given)
    parent = _parent(round_, words.reply_to)
    key = secrets.token_urlsafe(16)
    rule = pre_moderation_for(round_, place.section_wid, at)
    contribution = Contribution(
        ref=f"{round_.ref}-{number:04d}",
        round=round_,
        kind=Kind.SUGGESTION if words.proposal else Kind.COMMENT,
        stance=words.stance,
        channel=channel,
        status=Visibility.HELD if rule else Visibility.PUBLISHED,
        decide_by=at + timedelta(hours=rule.hours_to_decide) if rule else None,
        language=given.get("language") or detect_language(words.text),
        edition=place.edition,
        section_wid=place.section_wid,
        target_wid=place.target_wid,
        quote=place.quote,
        quote_language=place.language,
        participant=participant,
        verification_class=verification_class,
        display_name=words.display_name.strip(),
        received_at=at,
        status_since=at,
        receipt_key_hash=secret_hash(key),
    )
    for name, value in given.items():
        setattr(contribution, name, value)
    contribution.content_hmac = content_hmac(
        contribution.salt, words.text, place, contribution.ref, words.proposal
    )
    contribution.save(force_insert=True)
    _write_comment(contribution, words.text, parent)
    if words.proposal:
        file_suggestion(contribution, words.proposal)
    wake_worker(VECTOR_JOB)
    return Receipt(contribution, key)


def words_of(payload: dict[str, Any]) -> Words:
    """What somebody wrote, as it was kept until it was confirmed."""
    proposal = payload.get("proposal")
    return Words(**{**payload, "proposal": Proposal(**proposal) if proposal else None})


def _settled(words: Words, place: Place, participant, *, stance_required: bool = True) -> Words:
    """The words as they are stored: the author recomputes the check sum from these."""
    _check_words(words, stance_required=stance_required)
    words = replace(words, text=words.text.strip())
    if words.proposal is None:
        return words
    try:
        proposal = settled_proposal(
            place.edition, place.section_wid, place.target_wid, words.proposal, participant
        )
    except WordingRefused as refused:
        raise UnableToComment(refused.code) from refused
    return replace(words, proposal=proposal)


def _check_words(words: Words, *, stance_required: bool = True) -> None:
    text = words.text.strip()
    if not text:
        raise UnableToComment("empty")
    if len(text) > LONGEST_TEXT:
        raise UnableToComment("too_long")
    if "\x00" in text or "\x00" in words.display_name:
        raise UnableToComment("unreadable")
    if words.stance not in Stance and (stance_required or words.stance):
        raise UnableToComment("no_stance")


def _parent(round_: ConsultationRound, ref: str) -> Comment | None:
    if not ref:
        return None
    parent = Comment.objects.filter(
        contribution__ref=ref,
        contribution__round=round_,
        contribution__status=Visibility.PUBLISHED,
    ).first()
    if parent is None:
        raise UnableToComment("gone")
    if parent.level >= DEEPEST_REPLY:
        raise UnableToComment("too_deep")
    return parent


def _write_comment(contribution: Contribution, text: str, parent: Comment | None) -> None:
    comment = Comment(
        pk=contribution.pk,
        contribution=contribution,
        content_type=ContentType.objects.get_for_model(Contribution),
        object_pk=str(contribution.pk),
        site_id=1,
        comment=text,
        submit_date=contribution.received_at,
        is_public=contribution.status == Visibility.PUBLISHED,
        is_removed=False,
        thread_id=parent.thread_id if parent else contribution.pk,
        parent_id=parent.pk if parent else contribution.pk,
        level=parent.level + 1 if parent else 0,
        order=1,
        followup=False,
        nested_count=0,
    )
    # Not XtdComment.save(): it renumbers the other rows of the thread at every reply.
    CommentAbstractModel.save(comment, force_insert=(models.Model,))


def confirm_receipt(receipt: Receipt, at: datetime, **recipient) -> None:
    """Queue the mail with number and key, to a `user` or to `email` in a `language`."""
    contribution = receipt.contribution
    queue_notice(
        key=f"receipt:{contribution.ref}",
        template="receipt",
        context={
            "ref": contribution.ref,
            "key": receipt.key,
            "held": contribution.status == Visibility.HELD,
        },
        at=at,
        **recipient,
    )
