"""What every deed on a paper does first: ask who may, lock the paper, look at its state."""

from collections.abc import Collection

from consult.council.models import Paper
from consult.council.states import PaperStatus
from consult.rounds.services import NotPermitted


class PaperStepRefused(Exception):
    """The deed does not fit the paper now; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def require(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence at its callers
    """Raise NotPermitted unless the predicate said yes."""
    if not allowed:
        raise NotPermitted


def lock_paper(paper: Paper, allowed: Collection[PaperStatus], code: str) -> Paper:
    """Read the paper again and keep it until the end of the transaction.

    Raises PaperStepRefused(code) where its state is none of those allowed.
    """
    found = Paper.objects.select_for_update(of=("self",)).select_related("edition").get(pk=paper.pk)
    if found.status not in allowed:
        raise PaperStepRefused(code)
    return found


def lock_draft(paper: Paper) -> Paper:
    """Lock a paper that is being prepared. Raises PaperStepRefused once it was submitted."""
    return lock_paper(paper, {PaperStatus.PREPARING}, "submitted_already")
