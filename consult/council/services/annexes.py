"""What is attached to a paper: files, earlier resolutions, the statement of its finances."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.council.models import Annex, FinanceStatement, Paper, PriorResolution
from consult.council.predicates import may_prepare_papers
from consult.council.services.access import PaperStepRefused, lock_draft, lock_paper, require
from consult.council.services.files import keep_file, take_back
from consult.council.states import ROUTABLE, Funding, PaperStatus


@transaction.atomic
def add_annex(*, paper: Paper, title: str, name: str, content: bytes, actor, at: datetime) -> Annex:
    """Attach a PDF or a Word file under the next number, also to a paper that was submitted.

    Raises FileRefused, and PaperStepRefused once the paper was decided or withdrawn.
    """
    require(may_prepare_papers(actor))
    paper = lock_paper(paper, ROUTABLE, "route_closed")
    if not title.strip():
        raise PaperStepRefused("no_title")
    last = paper.annexes.aggregate(last=Max("number"))["last"] or 0
    file = keep_file(name=name, content=content, at=at)
    annex = Annex(paper=paper, number=last + 1, title=title.strip(), file=file, added_at=at)
    annex.full_clean(exclude=["paper"])
    annex.save()
    log(paper, "paper.add_annex", user=actor, data={"number": annex.number, "sha256": file.sha256})
    return annex


@transaction.atomic
def move_annex(*, annex: Annex, to: int, actor) -> list[Annex]:
    """Put an annex at the number `to` while the paper is being prepared; the others follow."""
    require(may_prepare_papers(actor))
    paper = lock_draft(annex.paper)
    annexes = list(paper.annexes.all())
    if not 1 <= to <= len(annexes):
        raise PaperStepRefused("no_such_position")
    moved = next(found for found in annexes if found.pk == annex.pk)
    annexes.remove(moved)
    annexes.insert(to - 1, moved)
    for number, found in enumerate(annexes, start=1):
        found.number = number
    Annex.objects.bulk_update(annexes, ["number"])
    log(paper, "paper.move_annex", user=actor, data={"to": to})
    return annexes


@transaction.atomic
def take_back_annex(*, annex: Annex, reason: str, actor, at: datetime) -> Annex:
    """Take a file back, at any time and with a public reason; its number and title stay."""
    require(may_prepare_papers(actor))
    paper = lock_paper(annex.paper, frozenset(PaperStatus), "step_not_allowed")
    annex = paper.annexes.select_related("file").get(pk=annex.pk)
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if annex.file.taken_back_at is not None:
        raise PaperStepRefused("taken_back_already")
    take_back(annex.file, actor, at)
    annex.taken_back_because = reason.strip()
    annex.full_clean()
    annex.save(update_fields=["taken_back_because"])
    log(paper, "paper.take_back_annex", user=actor, data={"number": annex.number})
    return annex


@transaction.atomic
def name_prior_resolution(
    *, paper: Paper, reference: str, title: str, decided_on: date, actor, url: str = ""
) -> PriorResolution:
    """Name an earlier resolution that a paper being prepared builds on."""
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    if paper.prior_resolutions.filter(reference=reference.strip()).exists():
        raise PaperStepRefused("named_already")
    prior = PriorResolution(
        paper=paper,
        reference=reference.strip(),
        title=title.strip(),
        decided_on=decided_on,
        url=url,
    )
    prior.full_clean(exclude=["paper"])
    prior.save()
    log(paper, "paper.name_prior", user=actor, data={"reference": prior.reference})
    return prior


@transaction.atomic
def remove_prior_resolution(*, prior: PriorResolution, actor) -> None:
    """Take an earlier resolution off a paper that is being prepared."""
    require(may_prepare_papers(actor))
    paper = lock_draft(prior.paper)
    log(paper, "paper.remove_prior", user=actor, data={"reference": prior.reference})
    prior.delete()


@transaction.atomic
def state_finance(
    *,
    paper: Paper,
    funding: Funding,
    actor,
    one_off: int | None = None,
    yearly: int | None = None,
    posts: Decimal | None = None,
    proviso: str = "",
) -> FinanceStatement:
    """Say what a paper being prepared costs, in place of what was said before.

    An amount that is None is not estimated.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    statement = FinanceStatement.objects.filter(paper=paper).first() or FinanceStatement(
        paper=paper
    )
    statement.one_off, statement.yearly, statement.posts = one_off, yearly, posts
    statement.funding, statement.proviso = funding, proviso.strip()
    statement.full_clean(exclude=["paper"])
    statement.save()
    log(paper, "paper.state_finance", user=actor)
    return statement
