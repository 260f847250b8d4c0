"""Suggestions: other wording for a place, people who support it, and the gate of its status.

A suggestion is a contribution like any other; its detail is written here in the transaction that
receives it. Suggestions with the same effect share a bundle: same place and wording that they
refer to, same operation, same resulting words but for white space, quotation marks and dashes.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from consult.contributions.models import (
    Contribution,
    Suggestion,
    SuggestionBundle,
    SuggestionSupport,
)
from consult.contributions.predicates import may_support
from consult.contributions.states import (
    SUGGESTION_TRANSITIONS,
    Operation,
    SuggestionStatus,
    Visibility,
)
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.selectors import Wording, wording_at

LONGEST_WORDING = 5_000
# Blocks with several lines; everywhere else a line break is only white space.
OF_LINES = frozenset({"list", "table", "figure"})
# One spelling each for what keyboards write in several ways.
SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("„“”«»‟", '"'),
        **dict.fromkeys("‚‘’‹›`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff"),
    }
)


class WordingRefused(Exception):
    """The wording cannot be taken; `code` says why: fixed, nothing_new, no_new_text, …"""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class UnableToSupport(Exception):
    """The support cannot be counted or taken back; `code` is closed, own or gone."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Proposal:
    """The other wording. `base_hash` names the wording that the author had before the eyes."""

    op: str
    new_text: str = ""
    base_hash: str = ""
    credit_agreed: bool = False


def settled_proposal(
    edition: Edition, section_wid: str, target_wid: str, proposal: Proposal, participant
) -> Proposal:
    """Return the proposal as it is stored: white space in one spelling, no words where it deletes.

    Raises WordingRefused where the place is fixed, gone, a whole section or not the wording that
    the author saw; where the words are missing, too long, unreadable or the same; and where the
    person has proposed the same already.
    """
    wording = wording_at(edition, section_wid, target_wid)
    if wording is None:
        raise WordingRefused("gone")
    settled = replace(proposal, new_text=tidy(proposal.new_text, wording.kind))
    if proposal.op == Operation.DELETE:
        settled = replace(settled, new_text="")
    refusal = _refusal_of_place(wording, proposal) or _refusal_of_words(wording, settled)
    if refusal:
        raise WordingRefused(refusal)
    if participant is not None and _suggested_already(target_wid, settled, participant):
        raise WordingRefused("suggested_already")
    return settled


def tidy(text: str, kind: str) -> str:
    """The words in Unicode NFC with single spaces; lines are kept where a block of `kind` has some.

    What is a goal, a heading or a paragraph is one line: a block is one numbered paragraph.
    """
    text = unicodedata.normalize("NFC", text)
    if kind not in OF_LINES:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def effect_of(target_wid: str, op: str, base_hash: str, new_text: str) -> str:
    """The same 64 digits for all suggestions that would change the text alike."""
    words = unicodedata.normalize("NFKC", new_text.translate(SPELLINGS))
    return content_hash([target_wid, op, base_hash, " ".join(words.split())])


def file_suggestion(contribution: Contribution, proposal: Proposal) -> Suggestion:
    """Write the detail of a contribution that was just received and put it into its bundle.

    A bundle that was decided on takes no more: whoever comes later opens a new one.
    """
    wording = wording_at(contribution.edition, contribution.section_wid, contribution.target_wid)
    if wording is None:
        raise WordingRefused("gone")
    base_hash = content_hash(wording.text)
    target = contribution.target_wid
    bundle, _created = SuggestionBundle.objects.select_for_update().get_or_create(
        effect=effect_of(target, proposal.op, base_hash, proposal.new_text),
        status=SuggestionStatus.OPEN,
        defaults={
            "edition": contribution.edition,
            "section_wid": contribution.section_wid,
            "target_wid": target,
            "op": proposal.op,
            "old_text": wording.text,
            "new_text": proposal.new_text,
            "base_hash": base_hash,
        },
    )
    return Suggestion.objects.create(
        contribution=contribution,
        bundle=bundle,
        new_text=proposal.new_text,
        credit_agreed=proposal.credit_agreed,
    )


@transaction.atomic
def support_suggestion(*, bundle: SuggestionBundle, participant, at: datetime) -> None:
    """Count the person for the wording, once however often it is asked.

    Raises UnableToSupport while nobody can take part in the concept, for a bundle that is decided
    or has no public words, and for its authors, who count already.
    """
    bundle = SuggestionBundle.objects.select_for_update().get(pk=bundle.pk)
    _check_support(bundle, participant, at)
    SuggestionSupport.objects.get_or_create(
        bundle=bundle,
        participant=participant,
        defaults={
            "verification_class": participant.verification_class,
            "given_on": timezone.localdate(at),
        },
    )


@transaction.atomic
def withdraw_support(*, bundle: SuggestionBundle, participant, at: datetime) -> None:
    """Take one's support back while people can take part. Raises UnableToSupport."""
    bundle = SuggestionBundle.objects.select_for_update().get(pk=bundle.pk)
    if not may_support(participant, bundle, at):
        raise UnableToSupport("closed")
    SuggestionSupport.objects.filter(bundle=bundle, participant=participant).delete()


@transaction.atomic
def set_credit(*, suggestion: Suggestion, agreed: bool) -> None:
    """Store whether the author may be named beside the changed text; it counts at once.

    The caller has found the suggestion by its receipt or among the person's own.
    """
    Suggestion.objects.filter(pk=suggestion.pk).update(credit_agreed=agreed)


def set_bundle_status(
    *, bundle: SuggestionBundle, status: SuggestionStatus, actor
) -> SuggestionBundle:
    """The one gate of a bundle's status; the caller holds the transaction.

    Raises WordingRefused("step_not_allowed") for a step that the table does not have.
    """
    locked = SuggestionBundle.objects.select_for_update().get(pk=bundle.pk)
    step = (SuggestionStatus(locked.status), status)
    if step not in SUGGESTION_TRANSITIONS:
        raise WordingRefused("step_not_allowed")
    log(locked, "suggestion.status", user=actor, data={"from": step[0], "to": status})
    locked.status = status
    locked.save(update_fields=["status"])
    return locked


def _refusal_of_place(wording: Wording, proposal: Proposal) -> str:
    if wording.kind == "section":
        return "no_wording_here"
    if wording.is_fixed:
        return "fixed"
    if proposal.base_hash != content_hash(wording.text):
        return "text_moved_on"
    return ""


def _refusal_of_words(wording: Wording, proposal: Proposal) -> str:
    if proposal.op not in Operation:
        return "no_operation"
    if "\x00" in proposal.new_text:
        return "unreadable"
    if len(proposal.new_text) > LONGEST_WORDING:
        return "wording_too_long"
    if proposal.op != Operation.DELETE and not proposal.new_text:
        return "no_new_text"
    if proposal.op == Operation.REPLACE and proposal.new_text == tidy(wording.text, wording.kind):
        return "nothing_new"
    return ""


def _suggested_already(target_wid: str, proposal: Proposal, participant) -> bool:
    effect = effect_of(target_wid, proposal.op, proposal.base_hash, proposal.new_text)
    return Suggestion.objects.filter(
        bundle__effect=effect,
        bundle__status=SuggestionStatus.OPEN,
        contribution__participant=participant,
        contribution__status__in=[Visibility.PUBLISHED, Visibility.HELD],
    ).exists()


def _check_support(bundle: SuggestionBundle, participant, at: datetime) -> None:
    if not may_support(participant, bundle, at):
        raise UnableToSupport("closed")
    shown = Suggestion.objects.filter(bundle=bundle, contribution__status=Visibility.PUBLISHED)
    if not shown.exists():
        raise UnableToSupport("gone")
    if shown.filter(contribution__participant=participant).exists():
        raise UnableToSupport("own")
