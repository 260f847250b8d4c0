"""The way of a contribution through everything: the test of the architecture."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.db.models import Prefetch, Q, QuerySet

from consult.contributions.models import Contribution, ModerationDecision
from consult.contributions.selectors import suggestion_of
from consult.contributions.services.proof import secret_hash
from consult.contributions.states import Kind
from consult.contributions.states import Measure as Moderation
from consult.council.concerns import motions_touching
from consult.council.models import AmendmentMotion
from consult.council.selectors import decisions_on, public_papers
from consult.evaluation.models import Assignment, Change
from consult.evaluation.selectors import objections_to, released_texts
from consult.evaluation.states import ResponseStatus, RevisionStatus
from consult.participants.encryption import address_hashes
from consult.participants.models import ErasureRequest
from consult.participants.states import ErasureStatus
from consult.records.models import AuditLink
from drafts.actionplan.models import Measure
from drafts.editions.models import Edition
from drafts.editions.search import HIT_END, HIT_START, german_query, inside_compounds


@dataclass(frozen=True)
class Trace:
    """What became of a contribution so far; empty parts have not happened yet.

    `response` is the published answer, `answer_texts` its versions in other languages. `owed` is
    one that was asked for and is not published: of it only department and day are public. `motions`
    are the council's filed ones on a place that the theme changed or that was written about, and
    those that take up the theme.
    `objections` are for the author alone.
    """

    contribution: Contribution
    text: str
    decisions: list[Any] = field(default_factory=list)
    theme: Any = None
    themed_at: datetime | None = None
    assignment: Any = None
    objections: list[Any] = field(default_factory=list)
    response: Any = None
    answer_texts: list[Any] = field(default_factory=list)
    owed: Any = None
    changes: list[Any] = field(default_factory=list)
    carry_overs: list[Any] = field(default_factory=list)
    papers: list[Any] = field(default_factory=list)
    motions: list[Any] = field(default_factory=list)
    resolutions: list[Any] = field(default_factory=list)
    measures: list[Any] = field(default_factory=list)
    suggestion: Any = None
    suggestion_decisions: list[Any] = field(default_factory=list)


def trace_contribution(contribution: Contribution) -> Trace:
    """Follow a contribution to theme, answer, changed text, motion, resolution and measure."""
    assignment = (
        Assignment.objects.filter(contribution=contribution, is_current=True)
        .select_related("theme__response__lead_department")
        .first()
    )
    theme = assignment.theme if assignment else None
    answer = getattr(theme, "response", None)
    is_answered = answer is not None and answer.status == ResponseStatus.PUBLISHED
    suggestion = suggestion_of(contribution) if contribution.kind == Kind.SUGGESTION else None
    bundle = suggestion.bundle if suggestion else None
    changes = _released_changes(answer if is_answered else None, bundle)
    texts = released_texts([answer])[answer.pk] if answer and is_answered else []
    carry_overs = list(contribution.carry_overs.select_related("edition").order_by("pk"))
    editions = _editions(contribution, carry_overs, changes)
    papers = list(public_papers().filter(edition__in=editions))
    return Trace(
        contribution=contribution,
        text=_words(contribution),
        decisions=list(contribution.decisions.select_related("complaint").order_by("pk")),
        theme=theme,
        themed_at=assignment.at if assignment else None,
        assignment=assignment,
        objections=objections_to(contribution),
        response=answer if is_answered else None,
        answer_texts=texts,
        owed=None if is_answered else answer,
        changes=changes,
        carry_overs=carry_overs,
        papers=papers,
        motions=_motions(contribution, carry_overs, changes, theme) if papers else [],
        resolutions=[row for edition in editions for row in decisions_on(edition)],
        measures=_measures(contribution, changes),
        suggestion=suggestion,
        suggestion_decisions=list(bundle.decisions.order_by("pk")) if bundle else [],
    )


def contribution_by_receipt(key: str) -> Contribution | None:
    """The contribution that a receipt key belongs to, whatever its status, or None."""
    return _with_words().filter(receipt_key_hash=secret_hash(key)).first()


def public_contribution(ref: str) -> Contribution | None:
    """A contribution that stands in public, as text or as a stub, or None."""
    return _with_words().listed().filter(ref=ref).first()


def contributions_of(user) -> QuerySet[Contribution]:
    """All contributions of a person, newest first; `current` holds the assignment that stands."""
    standing = Assignment.objects.filter(is_current=True).select_related("theme__response")
    return (
        _with_words()
        .filter(participant=user)
        .prefetch_related(Prefetch("assignments", standing, to_attr="current"))
        .order_by("-received_at", "-pk")
    )


def own_addresses(user) -> list[str]:
    """The addresses that the person has proved to read."""
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return sorted(verified.values_list("email", flat=True))


def contributions_by(user) -> QuerySet[Contribution]:
    """What the person wrote with the account, and as a guest under an address of the account."""
    hashes = [one for address in own_addresses(user) for one in address_hashes(address)]
    own = Q(participant=user) | Q(guest_contact__email_hash__in=hashes)
    return _with_words().filter(own).order_by("pk")


def held_contribution(key: str, user) -> Contribution | None:
    """The contribution whose receipt has this key, or the person's own with this number."""
    found = contribution_by_receipt(key)
    if found or user is None or not user.is_authenticated:
        return found
    return contributions_of(user).filter(ref=key.replace("\x00", "")).first()


def contribution_to_erase(ref: str) -> Contribution | None:
    """The contribution with this number and its words, whatever its status, or None."""
    return _with_words().filter(ref=ref.replace("\x00", "").strip()).first()


def waiting_erasure(contribution: Contribution) -> ErasureRequest | None:
    """The request to erase it that no worker has carried out yet, or None."""
    return ErasureRequest.objects.filter(
        ref=contribution.ref, status=ErasureStatus.REQUESTED
    ).first()


def audit_head() -> AuditLink | None:
    """The last link of the audit chain, or None before the first."""
    return AuditLink.objects.order_by("-position").first()


def hiding_of(contribution: Contribution, pk: int) -> ModerationDecision | None:
    """The decision with this key if it hid the contribution, or None."""
    return contribution.decisions.filter(measure=Moderation.HIDE, pk=pk).first()


def search_contributions(words: str) -> QuerySet[Contribution]:
    """Published contributions whose words match, best first.

    It matches as drafts.editions.text_search.search_texts does. Each row carries `headline`, all its
    words with the hits in German forms between the control characters U+0002 and U+0003.
    """
    query = german_query(words)
    vector = SearchVector("comment_row__comment", config="german")
    # Only an inner join lets the database begin with an index on the words.
    with_words = Contribution.objects.published().filter(comment_row__isnull=False)
    return (
        with_words.annotate(
            found=vector,
            rank=SearchRank(vector, query),
            headline=SearchHeadline(
                "comment_row__comment",
                query,
                config="german",
                start_sel=HIT_START,
                stop_sel=HIT_END,
                highlight_all=True,
            ),
        )
        .filter(Q(found=query) | inside_compounds("comment_row__comment", words))
        .order_by("-rank", "-pk")
    )


def _with_words() -> Any:
    return Contribution.objects.select_related("comment_row", "round", "edition")


def _words(contribution: Contribution) -> str:
    row = getattr(contribution, "comment_row", None)
    return row.comment if row else ""


def _editions(contribution: Contribution, carry_overs, changes) -> list[Edition]:
    """The edition that was written about and all later ones that its place was carried to."""
    found = {contribution.edition, *(row.edition for row in carry_overs)}
    found |= {change.revision.to_edition for change in changes}
    return sorted(found, key=lambda edition: edition.number)


def _motions(contribution: Contribution, carry_overs, changes, theme) -> list[AmendmentMotion]:
    places = [contribution, *carry_overs]
    wids = {row.target_wid for row in places} | {change.wid for change in changes}
    editions = _editions(contribution, carry_overs, changes)
    return motions_touching(editions, wids - {""}, theme)


def _released_changes(response, bundle) -> list[Change]:
    if response is None and bundle is None:
        return []
    caused = Q(causes__response=response) if response else Q()
    caused |= Q(causes__suggestion=bundle) if bundle else Q()
    return list(
        Change.objects.filter(caused, revision__status=RevisionStatus.RELEASED)
        .select_related("revision__to_edition")
        .distinct()
        .order_by("revision", "position")
    )


def _measures(contribution: Contribution, changes: list[Change]) -> list[Measure]:
    wids = {contribution.target_wid, *(change.wid for change in changes)}
    found = Measure.objects.select_related("adopted_as__goal", "adopted_as__edition")
    concerned = found.filter(wid__in=wids) | found.filter(adopted_as__goal__wid__in=wids)
    return list(
        concerned.prefetch_related("steps", "adopted_as__texts").order_by(
            "adopted_as__goal__section__position",
            "adopted_as__goal__position",
            "adopted_as__position",
        )
    )
