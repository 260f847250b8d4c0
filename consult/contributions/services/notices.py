"""What author and reporters are told of a decision, where, and in which language.

The decisions know nothing of this: moderation asks for neither language nor address.
"""

from datetime import datetime
from typing import Any

from django.core import signing
from django.utils import translation

from consult.contributions.models import Contribution, Report
from consult.contributions.states import Rule, Visibility
from consult.participants.services import queue_notice

REPORTER = "consult.reporter"


def tell_author(contribution, key: str, template: str, reason: str, at, rule="") -> None:
    """Tell the author a decision and its reason, where there is an address; once for each key."""
    recipient = author_address(contribution)
    if not recipient:
        return
    # The reader's language, not that of the moderator who decides.
    with translation.override(_language_of(recipient)):
        label = str(Rule(rule).label) if rule else ""
    queue_notice(
        key=key,
        template=template,
        context={"ref": contribution.ref, "reason": reason, "rule": label},
        at=at,
        **recipient,
    )


def tell_reporter(report_: Report, template: str, reason: str, at: datetime) -> None:
    """Tell the decision and the way to complain to whoever left an address (DSA Art. 16(5))."""
    if not report_.contact:
        return
    contribution = Contribution.objects.get(pk=report_.contribution_id)
    queue_notice(
        key=f"{template}:{report_.pk}",
        template=template,
        context={
            "ref": contribution.ref,
            "reason": reason,
            "is_shown": contribution.status == Visibility.PUBLISHED,
            "token": reporter_token(report_),
        },
        at=at,
        email=report_.contact,
        language=report_.language,
    )


def author_address(contribution: Contribution) -> dict[str, Any]:
    """Where and in which language the author can be told: account, guest's address, or nowhere."""
    if contribution.participant_id:
        return {"user": contribution.participant}
    contact = getattr(contribution, "guest_contact", None)
    return {"email": contact.email, "language": contact.language} if contact else {}


def reporter_token(report_: Report) -> str:
    """What the link in a reporter's mail carries: it opens the decision on this report."""
    return signing.dumps(report_.pk, salt=REPORTER)


def report_behind(token: str) -> Report | None:
    """The settled report that a reporter's link belongs to, or None."""
    try:
        pk = signing.loads(token, salt=REPORTER)
    except signing.BadSignature:
        return None
    return (
        Report.objects.filter(pk=pk, decision__isnull=False)
        .select_related("contribution", "decision")
        .first()
    )


def _language_of(recipient: dict[str, Any]) -> str:
    return recipient["user"].language if "user" in recipient else recipient["language"]
