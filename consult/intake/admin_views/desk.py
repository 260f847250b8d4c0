"""The list of occasions, and what the screens of the intake desk share.

`occasion` shows one with its notes, `notes` writes and checks them, `printing` makes cards,
`tables` reads files in, `statements` is about organisations.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from consult.contributions.services.commenting import UnableToComment
from consult.intake.models import Occasion
from consult.intake.predicates import works_at_intake
from consult.intake.selectors import occasions, rounds_to_enter, statements_to_check
from consult.intake.services.cards import CardRefused
from consult.intake.services.files import FileRefused
from consult.intake.services.imports import ImportStepRefused
from consult.intake.services.notes import NoteStepRefused
from consult.intake.services.tables import TableRefused
from consult.intake.states import ImportStatus
from consult.participants.decorators import only_if
from consult.rounds.services import NotPermitted

desk_only = only_if(works_at_intake)
Refused = (
    CardRefused, FileRefused, ImportStepRefused, NoteStepRefused, TableRefused, UnableToComment,
)  # fmt: skip

REFUSALS = {
    "no_text": gettext_lazy("Der Wortlaut fehlt."),
    "too_long": gettext_lazy("Der Text ist zu lang. Teilen Sie ihn in zwei Beiträge."),
    "no_place": gettext_lazy("Abschnitt oder Ziel fehlt."),
    "gone": gettext_lazy("Den Abschnitt gibt es in dieser Fassung nicht."),
    "outside_window": gettext_lazy("Der Tag liegt außerhalb der Runde."),
    "closed": gettext_lazy("Die Runde ist beantwortet: Es kann nichts mehr dazukommen."),
    "unreadable": gettext_lazy("Im Text steht ein Zeichen, das sich nicht speichern lässt."),
    "empty": gettext_lazy("Die Datei ist leer. Wählen Sie eine andere."),
    "no_reason": gettext_lazy("Sagen Sie in einem Satz, was nicht stimmt."),
    "step_not_allowed": gettext_lazy("Jemand war schneller. Sehen Sie nach, wie es jetzt steht."),
    "unknown": gettext_lazy("Diesen Code gibt es für diesen Anlass nicht. Prüfen Sie ihn."),
    "taken": gettext_lazy("Dieser Code gehört schon zu einem anderen Beitrag."),
    "too_many": gettext_lazy("Höchstens 200 Karten auf einmal."),
    "too_large": gettext_lazy("Die Datei ist zu groß. Teilen Sie sie."),
    "too_many_rows": gettext_lazy("Die Datei hat mehr als 20.000 Zeilen. Teilen Sie sie."),
    "wrong_kind": gettext_lazy("Diese Art von Datei nehmen wir hier nicht an."),
    "active": gettext_lazy("Die Datei enthält Makros oder Programme. Speichern Sie sie ohne."),
    "broken": gettext_lazy("Die Datei ist beschädigt. Speichern Sie sie neu."),
    "no_header": gettext_lazy("In der ersten Zeile müssen die Namen der Spalten stehen."),
    "known": gettext_lazy("Diese Datei wurde schon eingelesen. Sie sehen hier den Stand."),
    "no_text_column": gettext_lazy("Wählen Sie zuerst die Spalte mit dem Wortlaut."),
    "nothing_to_take": gettext_lazy("Keine Zeile lässt sich übernehmen. Lesen Sie die Gründe."),
}
TABLE_TONES = {ImportStatus.DONE: "ok", ImportStatus.DISCARDED: "plain"}


@require_GET
@desk_only
def desk(request: HttpRequest) -> HttpResponse:
    """All occasions, newest first, with what waits at each."""
    return render(
        request,
        "intake_desk/desk.html",
        {
            "header_title": _("Erfassung"),
            "breadcrumbs_items": crumbs(),
            "tabs": tabs("desk"),
            "rows": [_row(found) for found in occasions()],
            "can_enter": rounds_to_enter().exists(),
        },
    )


def found_occasion(pk: int) -> Occasion:
    """The occasion with its round."""
    return get_object_or_404(Occasion.objects.select_related("round__edition"), pk=pk)


def tabs(current: str) -> list[dict[str, Any]]:
    """The parts of the desk; the one that is shown is marked."""
    parts = [
        ("desk", _("Anlässe und Dateien"), None),
        ("statements", _("Stellungnahmen"), statements_to_check()),
    ]
    return [
        {
            "url": reverse(f"intake:{name}"),
            "label": label,
            "count": count,
            "current": name == current,
        }
        for name, label, count in parts
    ]


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the start of the admin to this page; pairs of (address, label)."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("intake:desk"), "label": _("Erfassung")},
    ]
    return [*trail, *({"url": url, "label": label} for url, label in more)]


def sentence(problem: Exception) -> str:
    """Why something was refused, and what to do next."""
    return str(REFUSALS[getattr(problem, "code", "step_not_allowed")])


def carry_out(
    request: HttpRequest, deed: Callable[[], object], done: str, address: str
) -> HttpResponse:
    """Do it and say so, or say why not; then go to the address."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except Refused as problem:
        messages.error(request, sentence(problem))
    else:
        messages.success(request, done)
    return redirect(address)


def _row(found: Occasion) -> dict[str, Any]:
    table = getattr(found, "table", None)
    name = "table" if table else "occasion"
    return {
        "occasion": found,
        "url": reverse(f"intake:{name}", args=[table.pk if table else found.pk]),
        "table": table,
        "tone": TABLE_TONES.get(table.status, "warn") if table else "",
    }
