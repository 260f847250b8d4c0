"""Everything that is stored about a person, for that person (Art. 15 and 20 DSGVO).

Nobody else is in it: who moderated, assigned or answered is left out, and so are other people's
reports and contributions.
"""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import F, Min, Q

from consult.contributions.models import (
    Ballot,
    Complaint,
    Contribution,
    ModerationDecision,
    PendingSubmission,
    Report,
    SuggestionSupport,
)
from consult.contributions.selectors import suggestion_of
from consult.contributions.services.voting import key_path, voter_hash
from consult.council.models import AmendmentMotion, DebateMark, GroupMembership, PackQuestion
from consult.evaluation.models import Assignment, ThemeObjection
from consult.evaluation.states import ResponseStatus
from consult.following.models import Subscription, Telling
from consult.intake.models import PendingStatement, Statement
from consult.participants.encryption import address_hashes
from consult.participants.models import ErasureRequest, Notice, User
from consult.records.models import BarrierReport
from consult.records.selectors import contributions_by, own_addresses
from consult.rounds.models import ConsultationRound
from drafts.editions.selectors import wording_at

Data = dict[str, Any]


def personal_data_of(user: User, at: datetime) -> Data:
    """Return what is stored about the person as plain values, ready for JSON.

    {as_of, account, addresses, second_factors, contributions, unconfirmed, supports, statements,
    votes, reports, barriers, marks, questions, following, told, council_groups, motions_drafted,
    notices, erasure_requests}. Times are aware, in ISO
    8601 once written. Votes are there while the key of their round exists; afterwards nobody can
    tell whose they are.
    """
    hashes = [one for address in own_addresses(user) for one in address_hashes(address)]
    return {
        "as_of": at,
        "account": _account(user),
        "addresses": list(
            EmailAddress.objects.filter(user=user)
            .order_by("pk")
            .values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user)
            .order_by("pk")
            .values("type", "created_at", "last_used_at")
        ),
        "contributions": [_contribution(row) for row in contributions_by(user)],
        "unconfirmed": _unconfirmed(hashes),
        "supports": list(
            SuggestionSupport.objects.filter(participant=user)
            .order_by("pk")
            .values(
                "given_on",
                # Not the proposed words: they are somebody else's.
                ref=Min("bundle__suggestions__contribution__ref"),
                operation=F("bundle__op"),
                old=F("bundle__old_text"),
            )
        ),
        "statements": _statements(hashes),
        "votes": _votes(user),
        "reports": list(
            Report.objects.filter(contact_hash__in=hashes)
            .order_by("pk")
            .values("contribution__ref", "rule", "text", "filed_at")
        ),
        "following": list(
            Subscription.objects.filter(_follower(user, hashes))
            .order_by("pk")
            .values("topic", "object", "rhythm", "since")
        ),
        "told": list(
            Telling.objects.filter(_follower(user, hashes))
            .order_by("pk")
            .values("occurrence__happening", "topic", "object", "due_at", "gathered_at")
        ),
        "barriers": [_barrier(row) for row in _barriers(hashes)],
        "marks": list(
            DebateMark.objects.filter(member=user)
            .order_by("pk")
            .values("paper__reference", "group__name", "item__number", "goal_wid", "marked_at")
        ),
        "questions": list(
            PackQuestion.objects.filter(asker=user)
            .order_by("pk")
            .values("paper__reference", "group__name", "shown_as", "text", "asked_at", "status")
        ),
        "council_groups": list(
            GroupMembership.objects.filter(user=user)
            .order_by("pk")
            .values("group__name", "function")
        ),
        "motions_drafted": list(
            AmendmentMotion.objects.filter(drafted_by=user)
            .order_by("pk")
            .values("paper__reference", "number", "place", "drafted_at")
        ),
        "notices": _notices(user, hashes),
        "erasure_requests": list(
            ErasureRequest.objects.filter(user=user).values("scope", "status", "requested_at")
        ),
    }


def _account(user: User) -> Data:
    return {
        "email": user.email,
        "pseudonym": user.pseudonym,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "language": user.language,
        "residence_declared_at": user.residence_declared_at,
        "joined_at": user.date_joined,
        "last_login": user.last_login,
        "roles": sorted(user.groups.values_list("name", flat=True)),
    }


def _contribution(row: Contribution) -> Data:
    found = wording_at(row.edition, row.section_wid, row.target_wid)
    return {
        "ref": row.ref,
        "round": row.round.ref,
        "edition": row.edition.number,
        "place": found.number if found else "",
        "quote": row.quote,
        "text": row.comment_row.comment,
        "translations": list(
            row.translations.filter(made_at__isnull=False)
            .order_by("language")
            .values("language", "text", "service", "made_at")
        ),
        "stance": row.stance,
        "channel": row.channel,
        "language": row.language,
        "name_shown": row.display_name,
        "class": row.verification_class,
        "status": row.status,
        "received_at": row.received_at,
        "salt": row.salt,
        "check_sum": row.content_hmac,
        "suggestion": _suggestion(row),
        "decisions": [_decision(decision) for decision in row.decisions.order_by("pk")],
        "themes": [_assignment(given) for given in _assignments(row)],
        "objections": [_objection(found) for found in _objections(row)],
    }


def _suggestion(row: Contribution) -> Data | None:
    found = suggestion_of(row)
    return found and {
        "operation": found.bundle.op,
        "old": found.bundle.old_text,
        "new": found.new_text,
        "may_be_named": found.credit_agreed,
        "status": found.bundle.status,
    }


def _decision(row: ModerationDecision) -> Data:
    complaint = Complaint.objects.filter(decision=row).first()
    return {
        "measure": row.measure,
        "rule": row.rule,
        "reason": row.reason,
        "decided_at": row.decided_at,
        "complaint_until": row.complaint_until,
        "complaint": complaint
        and {
            "text": complaint.text,
            "filed_at": complaint.filed_at,
            "outcome": complaint.outcome,
            "reason": complaint.reason,
            "decided_at": complaint.decided_at,
        },
    }


def _assignments(row: Contribution):
    return row.assignments.select_related("theme__response__lead_department").order_by("pk")


def _assignment(row: Assignment) -> Data:
    answer = getattr(row.theme, "response", None)
    is_public = answer is not None and answer.status == ResponseStatus.PUBLISHED
    return {
        "theme": row.theme.title,
        "current": row.is_current,
        "since": row.at,
        "answer": {
            "outcome": answer.outcome,
            "reason": answer.reason,
            "department": answer.lead_department.name,
            "published_at": answer.published_at,
        }
        if is_public
        else None,
    }


def _objections(row: Contribution):
    found = ThemeObjection.objects.filter(assignment__contribution=row)
    return found.select_related("assignment__theme").order_by("pk")


def _objection(row: ThemeObjection) -> Data:
    return {
        "theme": row.assignment.theme.title,
        "text": row.text,
        "filed_at": row.filed_at,
        "status": row.status,
        "outcome": row.outcome,
        "reason": row.reason,
        "decided_at": row.settled_at,
    }


def _unconfirmed(hashes: list[str]) -> list[Data]:
    rows = PendingSubmission.objects.filter(email_hash__in=hashes).order_by("pk")
    return [
        {
            "text": row.payload["text"],
            "name_shown": row.payload["display_name"],
            "suggestion": _proposed(row.payload.get("proposal")),
            "submitted_at": row.submitted_at,
            "expires_at": row.expires_at,
        }
        for row in rows
    ]


def _proposed(proposal: Data | None) -> Data | None:
    return proposal and {
        "operation": proposal["op"],
        "new": proposal["new_text"],
        "may_be_named": proposal["credit_agreed"],
    }


def _statements(hashes: list[str]) -> list[Data]:
    waiting = PendingStatement.objects.filter(email_hash__in=hashes).order_by("pk")
    received = Statement.objects.filter(email_hash__in=hashes).order_by("pk")
    return [
        *(
            {
                "organisation": row.payload["organisation"],
                "responsible": row.payload["responsible"],
                "text": row.payload["text"],
                "parts": [part["text"] for part in row.payload["parts"]],
                "submitted_at": row.submitted_at,
                "expires_at": row.expires_at,
            }
            for row in waiting
        ),
        *(
            {
                "ref": row.ref,
                "organisation": row.organisation,
                "responsible": row.responsible,
                "text": row.text,
                "parts": list(row.parts.values_list("contribution__ref", flat=True)),
                "received_at": row.received_at,
            }
            for row in received
        ),
    ]


def _barriers(hashes: list[str]):
    return BarrierReport.objects.filter(contact_hash__in=hashes).order_by("pk")


def _barrier(row: BarrierReport) -> Data:
    return {
        "place": row.page,
        "text": row.text,
        "filed_at": row.filed_at,
        "due_on": row.due_on,
        "status": row.status,
        "reason": row.answer,
        "decided_at": row.answered_at,
    }


def _votes(user: User) -> list[Data]:
    votes: list[Data] = []
    for round_ in ConsultationRound.objects.order_by("pk"):
        if key_path(round_).exists():
            own = Ballot.objects.filter(round=round_, voter=voter_hash(round_, user.pk))
            votes += own.order_by("goal__position").values(
                "round__ref", "goal__number", "choice", "verification_class", "cast_on"
            )
    return votes


def _notices(user: User, hashes: list[str]) -> list[Data]:
    rows = Notice.objects.filter(user=user) | Notice.objects.filter(email_hash__in=hashes)
    return [
        {
            "kind": row.template,
            "status": row.status,
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "content": _content(row.context),
        }
        for row in rows.order_by("pk")
    ]


def _content(context: Data) -> Data:
    # Tokens and keys open pages; they stand in the mail alone.
    said = {
        k: v for k, v in context.items() if k not in {"token", "key", "keys", "stop", "manage_url"}
    }
    if "items" in said:
        said["items"] = "\n".join(item["headline"] for item in said["items"])
    return said


def _follower(user: User, hashes: list[str]) -> Q:
    return Q(follower__user=user) | Q(follower__user=None, follower__email_hash__in=hashes)
