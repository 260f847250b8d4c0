"""The revision desk: what was changed since an edition, why, and the next edition."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.evaluation.admin_views import carry_over
from consult.evaluation.admin_views.revision_forms import NextEditionForm, PrepareForm
from consult.evaluation.admin_views.revision_page import (
    cause_form,
    changes_without_cause,
    crumbs,
    published_answers,
    revision_page,
)
from consult.evaluation.models import Change, ChangeCause, Revision
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import open_revision
from consult.evaluation.services.revision import (
    RevisionNotReady,
    add_cause,
    prepare_revision,
    release_next_edition,
    remove_cause,
)
from consult.evaluation.services.suggested_changes import adopted_at
from consult.evaluation.states import RevisionStatus
from consult.participants.decorators import only_if
from consult.rounds.services import NotPermitted
from drafts.concept.selectors import concepts
from drafts.editions.models import Edition
from drafts.editions.services import EditionStepRefused, UnableToRelease
from drafts.editions.states import EditionStatus
from drafts.editions.views import release_refusals

UNREVISED = frozenset({EditionStatus.OPEN, EditionStatus.WITHDRAWN})
REFUSALS = {
    "no_changes": gettext_lazy(
        "Der geprüfte Text ist derselbe wie in der Fassung. Ändern Sie die Seiten, lassen Sie sie "
        "prüfen und vergleichen Sie neu."
    ),
    "no_cause": gettext_lazy("Diesen Änderungen fehlt noch der Grund:"),
    "text_moved_on": gettext_lazy(
        "Seit dem letzten Vergleich hat sich der geprüfte Text geändert. Vergleichen Sie neu und "
        "begründen Sie, was dazugekommen ist."
    ),
    "released_already": gettext_lazy(
        "Diese Überarbeitung ist schon als Fassung freigegeben und ändert sich nicht mehr."
    ),
    "no_published_response": gettext_lazy(
        "Diese Antwort ist nicht mehr veröffentlicht. Wählen Sie eine andere."
    ),
    "no_adopted_suggestion": gettext_lazy(
        "Dieser Vorschlag ist nicht mehr übernommen. Wählen Sie einen anderen Grund."
    ),
    "no_reason": gettext_lazy("Sagen Sie in einem Satz, warum das geändert wurde."),
    "edition_open": gettext_lazy(
        "Eine Fassung dieses Konzepts ist gerade offen. Schließen Sie sie unter „Fassungen“, "
        "bevor Sie die nächste freigeben."
    ),
    "caused_already": gettext_lazy("Diese Antwort steht schon bei der Änderung."),
}


coordination_only = only_if(may_evaluate)


@require_GET
@coordination_only
def desk(request: HttpRequest) -> HttpResponse:
    """The newest edition of each concept, to be revised; and the revisions that were released."""
    return render(
        request,
        "revision/desk.html",
        {
            "header_title": _("Überarbeitung"),
            "breadcrumbs_items": crumbs(),
            "rows": [_desk_row(edition) for edition in _newest_editions()],
            "released": Revision.objects.filter(status=RevisionStatus.RELEASED)
            .select_related("from_edition", "to_edition", "round")
            .order_by("-prepared_at"),
        },
    )


@require_POST
@coordination_only
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the reviewed text with an edition."""
    newest = [edition for edition in _newest_editions() if edition.pk == pk]
    if not newest:
        messages.error(request, _("Überarbeitet wird nur die neueste Fassung eines Konzepts."))
        return redirect("revision:desk")
    form = PrepareForm(request.POST, edition=newest[0])
    if not form.is_valid():
        messages.error(request, _("Wählen Sie eine Runde zu dieser Fassung oder keine."))
        return redirect("revision:desk")
    revision = prepare_revision(
        from_edition=newest[0],
        round_=form.cleaned_data["round"],
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Verglichen. Gründe, die noch passen, sind erhalten geblieben."))
    return redirect("revision:revision", revision.pk)


@require_GET
@coordination_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The changes of a revision with their causes."""
    return revision_page(request, _revision(pk))


@require_POST
@coordination_only
def give_cause(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Add a cause to a change."""
    revision = _revision(pk)
    found = get_object_or_404(revision.changes, pk=change)
    suggested = adopted_at([found])[found.pk]
    form = cause_form(found, published_answers(revision), suggested, request.POST)
    if not form.is_valid():
        return revision_page(request, revision, bound={found.pk: form})
    try:
        add_cause(change=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RevisionNotReady as refused:
        messages.error(request, REFUSALS[refused.code])
    else:
        messages.success(
            request, _("Der Grund zu „%(place)s“ ist gespeichert.") % {"place": found.place}
        )
    return _back(request, revision, found)


@require_POST
@coordination_only
def take_back(request: HttpRequest, pk: int, cause: int) -> HttpResponse:
    """Remove a cause."""
    revision = _revision(pk)
    found = get_object_or_404(
        ChangeCause.objects.select_related("change__revision"), pk=cause, change__revision=revision
    )
    try:
        remove_cause(cause=found, actor=request.user)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RevisionNotReady as refused:
        messages.error(request, REFUSALS[refused.code])
    return _back(request, revision, found.change)


@require_POST
@coordination_only
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the revised text as the next edition."""
    revision = _revision(pk)
    form = NextEditionForm(request.POST)
    if not form.is_valid():
        return revision_page(request, revision, release_form=form)
    try:
        edition = release_next_edition(
            revision=revision, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RevisionNotReady as refused:
        refusals = [{"sentence": REFUSALS[refused.code], "places": refused.places}]
        return revision_page(request, revision, release_form=form, refusals=refusals)
    except UnableToRelease as refused:
        refusals = release_refusals(revision.from_edition.concept, refused)
        return revision_page(request, revision, release_form=form, refusals=refusals)
    except EditionStepRefused:
        refusals = [{"sentence": REFUSALS["edition_open"]}]
        return revision_page(request, revision, release_form=form, refusals=refusals)
    text = _("Fassung %(number)s ist freigegeben. Alle Beiträge sind ihr zugeordnet.")
    messages.success(request, text % {"number": edition.number})
    return redirect("revision:carry_over", pk)


def _newest_editions() -> list[Edition]:
    """The newest edition of each concept that is complete."""
    newest = [
        concept.editions.exclude(status__in=UNREVISED).order_by("-number").first()
        for concept in concepts()
    ]
    return [edition for edition in newest if edition]


def _desk_row(edition: Edition) -> dict[str, Any]:
    revision = open_revision(edition)
    return {
        "edition": edition,
        "concept": edition.concept,
        "revision": revision,
        "changes": revision.changes.count() if revision else 0,
        "bare": changes_without_cause(revision).count() if revision else 0,
        "form": PrepareForm(edition=edition, auto_id=f"id_{edition.pk}_%s"),
    }


def _revision(pk: int) -> Revision:
    return get_object_or_404(
        Revision.objects.select_related(
            "from_edition__concept", "to_edition", "round", "prepared_by"
        ),
        pk=pk,
    )


def _back(request: HttpRequest, revision: Revision, change: Change) -> HttpResponse:
    """Where the work goes on: the same list, at the change."""
    query = request.GET.urlencode()
    address = reverse("revision:revision", args=[revision.pk])
    return redirect(f"{address}?{query}#aenderung-{change.pk}")


revision_patterns = [
    path("", desk, name="desk"),
    path("fassung/<int:pk>/", prepare, name="prepare"),
    path("<int:pk>/", one, name="revision"),
    path("<int:pk>/aenderung/<int:change>/", give_cause, name="cause"),
    path("<int:pk>/grund/<int:cause>/", take_back, name="remove"),
    path("<int:pk>/freigeben/", release, name="release"),
    path("<int:pk>/beitraege/", carry_over.table, name="carry_over"),
    path("<int:pk>/beitraege/<int:row>/", carry_over.correct, name="correct"),
]
revision_urls = [path("ueberarbeitung/", include((revision_patterns, "revision")))]
