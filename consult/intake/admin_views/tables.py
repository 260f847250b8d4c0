"""Reading in a table: upload, columns, preview of every row, hand over, check."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.intake.admin_views.desk import (
    Refused,
    carry_out,
    crumbs,
    desk_only,
    sentence,
)
from consult.intake.admin_views.occasion import form_page
from consult.intake.forms import ColumnsForm, ReturnForm, TableForm, place_choices
from consult.intake.models import Import
from consult.intake.predicates import may_check_import, may_enter
from consult.intake.services.imports import (
    ImportStepRefused,
    approve_import,
    discard_import,
    hand_over_import,
    return_import,
    set_columns,
    upload_table,
)
from consult.intake.services.preview import Checked, Preview, preview_of
from consult.intake.states import ImportStatus
from consult.rounds.services import NotPermitted

A_PAGE = 50
SAMPLES = 12
REASONS = {
    "empty": gettext_lazy("Die Zeile ist leer."),
    "no_text": gettext_lazy("Der Wortlaut fehlt."),
    "too_long": gettext_lazy("Der Text hat mehr als 5.000 Zeichen."),
    "unreadable": gettext_lazy("Im Text stehen Zeichen, die sich nicht lesen lassen."),
    "unknown_section": gettext_lazy("Diesen Abschnitt oder dieses Ziel gibt es nicht."),
    "no_section": gettext_lazy("Kein Abschnitt genannt."),
    "double_id": gettext_lazy("Die Kennung steht mehrmals in der Datei."),
    "known_id": gettext_lazy("Die Kennung wurde schon mit einer anderen Datei eingelesen."),
    "long_id": gettext_lazy("Die Kennung ist länger als 100 Zeichen."),
    "bad_date": gettext_lazy("Der Tag ist kein Datum."),
    "outside_window": gettext_lazy("Der Tag liegt außerhalb der Runde."),
    "formula": gettext_lazy("Eine Formel hat kein Ergebnis."),
    "quotes": gettext_lazy("Ein Anführungszeichen ist nicht geschlossen oder steht falsch."),
    "columns": gettext_lazy("Die Zeile hat mehr Spalten als die Kopfzeile."),
}
NOTES = {
    "same_text": gettext_lazy("Derselbe Text steht auch in einer anderen Zeile."),
    "unknown_stance": gettext_lazy("Die Art ist unbekannt und bleibt offen."),
    "unknown_language": gettext_lazy("Die Sprache ist unbekannt und wird am Text erkannt."),
}


@desk_only
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; POST reads it and leads to its preview."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        file = data.pop("file")
        try:
            table = upload_table(
                name=file.name,
                content=file.read(),
                actor=request.user,
                at=timezone.now(),
                round_=data.pop("round"),
                **data,
            )
        except NotPermitted as refused:
            raise PermissionDenied from refused
        except ImportStepRefused as known:
            messages.info(request, sentence(known))
            return redirect("intake:table", known.former.pk)
        except Refused as problem:
            form.add_error("file", sentence(problem))
        else:
            messages.success(request, _("Gelesen. Noch ist nichts übernommen."))
            return redirect("intake:table", table.pk)
    return form_page(
        request, _("Datei einlesen"), form, reverse("intake:desk"), button=_("Datei lesen")
    )


@desk_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a table, or how far it is; POST says what the columns mean."""
    table = _table(pk)
    if table.status in {ImportStatus.DONE, ImportStatus.DISCARDED, ImportStatus.APPROVED}:
        return _outcome(request, table)
    preview = preview_of(table)
    form = ColumnsForm(request.POST or None, table=table, header=preview.table.header)
    if request.method == "POST" and form.is_valid():
        done = _("Neu gelesen. Prüfen Sie die Vorschau noch einmal.")
        return carry_out(
            request,
            lambda: set_columns(
                table=table,
                columns=form.columns(),
                default_section=form.cleaned_data["default_section"],
                actor=request.user,
            ),
            done,
            reverse("intake:table", args=[pk]),
        )
    return _preview_page(request, table, preview, form)


@require_POST
@desk_only
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Hand over, discard or approve."""
    table, at = _table(pk), timezone.now()
    steps = {
        "uebergeben": (
            lambda: hand_over_import(table=table, actor=request.user),
            _("Übergeben. Eine andere Person vergleicht jetzt Datei und Vorschau."),
        ),
        "verwerfen": (
            lambda: discard_import(table=table, actor=request.user, at=at),
            _("Verworfen. Die Datei ist gelöscht."),
        ),
        "uebernehmen": (
            lambda: approve_import(table=table, actor=request.user, at=at),
            _("Die Zeilen werden jetzt übernommen. Laden Sie die Seite neu, um zuzusehen."),
        ),
    }
    if name not in steps:
        raise PermissionDenied
    deed, done = steps[name]
    return carry_out(request, deed, done, reverse("intake:table", args=[pk]))


@require_POST
@desk_only
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a table back with a reason."""
    table, form = _table(pk), ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect("intake:table", pk)
    return carry_out(
        request,
        lambda: return_import(table=table, reason=form.cleaned_data["reason"], actor=request.user),
        _("Zurückgegeben. Wer die Datei eingelesen hat, sieht Ihren Grund."),
        reverse("intake:table", args=[pk]),
    )


@require_GET
@desk_only
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that are not taken as CSV, with row number and reasons in front."""
    table = _table(pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nicht-uebernommen-{table.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\N{BYTE ORDER MARK}")
    header, rows = _rejected(table)
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Zeile"), _("Grund"), *header])
    for row in rows:
        said = " ".join(str(REASONS[reason]) for reason in row["reasons"])
        writer.writerow([row["row"], said, *map(_harmless, row["cells"])])
    return response


def _rejected(table: Import) -> tuple[list[str], list[dict[str, Any]]]:
    if table.status == ImportStatus.DONE or not table.file:
        return [], table.rejected
    preview = preview_of(table)
    return preview.table.header, [
        {"row": row.row.number, "reasons": row.reasons, "cells": row.row.cells}
        for row in preview.rejected
    ]


def _harmless(cell: str) -> str:
    # A cell that begins so would be a formula for the program that opens the file.
    return f"'{cell}" if cell[:1] in set("=+-@\t\r") else cell


def _table(pk: int) -> Import:
    return get_object_or_404(
        Import.objects.select_related(
            "occasion__round__edition", "file", "uploaded_by", "checked_by"
        ),
        pk=pk,
    )


def _preview_page(request: HttpRequest, table: Import, preview: Preview, form) -> HttpResponse:
    kind = request.GET.get("zeilen", "gemeldet" if preview.rejected else "alle")
    shown = {"gemeldet": preview.rejected, "uebernommen": preview.taken}.get(kind, preview.rows)
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    names = _place_names(table)
    can_check = may_check_import(request.user, table)
    step_ = max(1, len(preview.taken) // SAMPLES)
    samples = preview.taken[::step_][:SAMPLES] if can_check else []
    return render(
        request,
        "intake_desk/table.html",
        {
            "header_title": table.occasion.title,
            "breadcrumbs_items": crumbs(("", table.occasion.title)),
            "table": table,
            "form": form,
            "page": page,
            "kind": kind,
            "rows": [_shown(row, names) for row in page],
            "samples": [_shown(row, names) for row in samples],
            "numbers": _numbers(preview),
            "read_as": ", ".join(preview.table.read_as.values()),
            "can_change": table.status == ImportStatus.UPLOADED
            and may_enter(request.user, table.occasion.round),
            "can_check": can_check,
            "returning": ReturnForm(),
        },
        status=422 if form.errors else 200,
    )


def _numbers(preview: Preview) -> dict[str, int]:
    return {
        "all": len(preview.rows),
        "taken": len(preview.taken),
        "rejected": len(preview.rejected),
        "noted": sum(bool(row.notes) for row in preview.taken),
    }


def _outcome(request: HttpRequest, table: Import) -> HttpResponse:
    rows = [
        {"number": row["row"], "reasons": [REASONS[code] for code in row["reasons"]]}
        for row in table.rejected
    ]
    return render(
        request,
        "intake_desk/table_outcome.html",
        {
            "header_title": table.occasion.title,
            "breadcrumbs_items": crumbs(("", table.occasion.title)),
            "table": table,
            "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
            "number_rejected": len(rows),
        },
    )


def _place_names(table: Import) -> dict[str, str]:
    names = {}
    for section, places in place_choices(table.occasion.round.edition):
        for value, label in places:
            names[value] = f"{section}, {label}"
    return names


def _shown(row: Checked, names: dict[str, str]) -> dict[str, Any]:
    taken = row.taken
    return {
        "number": row.row.number,
        "text": taken.text or " · ".join(cell for cell in row.row.cells if cell),
        "cells": row.row.cells,
        "place": names.get(f"{taken.section_wid}|{taken.target_wid}", ""),
        "on": taken.received_on,
        "reasons": [REASONS[code] for code in row.reasons],
        "notes": [NOTES[code] for code in row.notes],
    }
