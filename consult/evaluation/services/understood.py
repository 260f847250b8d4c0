"""Telling authors into which theme people have put their contribution: "so we understood you"."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from consult.contributions.models import Contribution
from consult.contributions.selectors import unconfirmed_texts
from consult.contributions.services.notices import author_address
from consult.evaluation.models import Assignment, ThemeDeed
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import unassigned
from consult.evaluation.states import ThemeKind
from consult.participants.models import Notice
from consult.participants.services import queue_notice
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus

# Until nobody has moved anything for so long, people are still sorting.
QUIET = timedelta(hours=1)
AUTHOR = "consult.author"
KEY = "understood:"


def tell_authors(*, at: datetime) -> int:
    """Tell the authors of all rounds whose sorting is done; return how many. Each is told once.

    It is done when every contribution has a theme, no guest's link is open, and nobody has changed
    anything for an hour. Each round is a transaction of its own.
    """
    closed = ConsultationRound.objects.filter(status=RoundStatus.CLOSED).order_by("pk")
    return sum(_tell(round_, at) for round_ in closed if _is_sorted(round_, at))


@transaction.atomic
def tell_authors_now(*, round_: ConsultationRound, actor, at: datetime) -> int:
    """Tell the authors of a round at once, as tell_authors would. Raises NotPermitted."""
    if not may_evaluate(actor, round_):
        raise NotPermitted
    return _tell(round_, at)


def untold(round_: ConsultationRound):
    """The assignments that stand and whose authors have not been told, with their themes."""
    told = Notice.objects.filter(key=Concat(Value(KEY), OuterRef("contribution__ref")))
    return (
        Assignment.objects.filter(
            theme__round=round_,
            is_current=True,
            contribution__in=Contribution.objects.published(),
        )
        .exclude(contribution__participant=None, contribution__guest_contact=None)
        .filter(~Exists(told))
        .select_related("theme", "contribution__participant", "contribution__guest_contact")
        .order_by("pk")
    )


def token_of(contribution: Contribution) -> str:
    """What the link in an author's mail carries: it opens the objection, not the receipt."""
    return signing.dumps(contribution.pk, salt=AUTHOR)


def contribution_behind(token: str) -> Contribution | None:
    """The contribution that such a link belongs to, or None."""
    try:
        pk = signing.loads(token, salt=AUTHOR)
    except signing.BadSignature:
        return None
    return Contribution.objects.filter(pk=pk).select_related("round", "comment_row").first()


def _is_sorted(round_: ConsultationRound, at: datetime) -> bool:
    if unassigned(round_).exists() or unconfirmed_texts(round_, at):
        return False
    return not ThemeDeed.objects.filter(round=round_, at__gt=at - QUIET).exists()


@transaction.atomic
def _tell(round_: ConsultationRound, at: datetime) -> int:
    found = list(untold(round_))
    for row in found:
        queue_notice(
            key=f"{KEY}{row.contribution.ref}",
            template="understood",
            context={
                "ref": row.contribution.ref,
                "token": token_of(row.contribution),
                "theme": row.theme.title,
                "concern": row.theme.concern,
                "is_single": row.theme.kind == ThemeKind.SINGLE_VOICE,
            },
            at=at,
            **author_address(row.contribution),
        )
    return len(found)
