"""Reading a concept from a file: choose it, look at what was understood, write drafts.

Between the pages the file waits in the cache under a random key for an hour and is then gone;
only the person who brought it in can open its preview.
"""

import secrets
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page, Site

from drafts.concept.forms import KindsForm, UploadForm
from drafts.concept.importing import ImportRefused, ParsedConcept, ParsedSection, read_concept
from drafts.concept.models import ConceptPage
from drafts.concept.selectors import concepts
from drafts.concept.services import Planned, import_concept, plan_import

KEPT_SECONDS = 60 * 60
STATES = {
    "new": (gettext_lazy("neu"), "ok"),
    "changed": (gettext_lazy("geändert"), "warn"),
    "same": (gettext_lazy("unverändert"), "plain"),
    "gone": (gettext_lazy("nicht in der Datei"), "warn"),
}


@dataclass(frozen=True)
class Waiting:
    """A file between its preview and its confirmation."""

    owner: int
    name: str
    data: bytes
    concept: int | None
    kinds: dict[str, str] = field(default_factory=dict)


def may_import(user) -> bool:
    """Whether a person may write a new concept or into an existing one."""
    return _may_add(user) or bool(_editable(user))


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; POST reads it and leads to the preview, or says why it cannot be read."""
    if not may_import(request.user):
        raise PermissionDenied
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        concepts=_editable(request.user),
        may_add=_may_add(request.user),
    )
    if request.method == "POST" and form.is_valid():
        waiting = _waiting(request.user, form)
        try:
            _read(waiting)
        except ImportRefused as refused:
            form.add_error("file", refused.sentence)
        else:
            key = secrets.token_urlsafe(24)
            _keep(key, waiting)
            return redirect("concept_import:preview", key)
    return render(
        request,
        "concept_desk/upload.html",
        {"header_title": _("Konzept einlesen"), "breadcrumbs_items": _crumbs(), "form": form},
        status=422 if form.errors else 200,
    )


def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was understood; POST corrects the kinds, writes the drafts or gives up."""
    waiting = cache.get(_cache_key(key))
    if waiting is None or waiting.owner != request.user.pk:
        return _expired(request)
    if "discard" in request.POST:
        cache.delete(_cache_key(key))
        messages.info(request, _("Verworfen. Die Datei wurde nicht gespeichert."))
        return redirect("concept_import:upload")
    concept = _target(request.user, waiting)
    parsed = _read(waiting)
    if request.method != "POST":
        return _preview(request, waiting, parsed, concept, KindsForm(parsed=parsed))
    form = KindsForm(request.POST, parsed=parsed)
    if not form.is_valid():
        return _preview(request, waiting, parsed, concept, form)
    waiting = replace(waiting, kinds=form.kinds())
    if "write" in request.POST:
        return _write(request, key, waiting, concept)
    _keep(key, waiting)
    messages.success(request, _("Neu gelesen. Prüfen Sie die Vorschau noch einmal."))
    return redirect("concept_import:preview", key)


def _write(request, key: str, waiting: Waiting, concept: ConceptPage | None) -> HttpResponse:
    # Taking the file out first makes sure that two clicks do not write two concepts.
    if not cache.delete(_cache_key(key)):
        return _expired(request)
    try:
        written = import_concept(
            parsed=_read(waiting), parent=_home(), actor=request.user, concept=concept
        )
    except ValidationError as error:
        _keep(key, waiting)
        text = _("Nichts wurde geschrieben: %(errors)s Ändern Sie das in der Datei.")
        messages.error(request, text % {"errors": " ".join(error.messages)})
        return redirect("concept_import:preview", key)
    text = _(
        "Die Entwürfe von „%(title)s“ stehen im Seitenbaum. Nichts davon ist öffentlich: Prüfen "
        "Sie jede Seite und geben Sie sie zur Prüfung durch eine zweite Person."
    )
    messages.success(request, text % {"title": written.title})
    return redirect("wagtailadmin_explore", written.pk)


def _waiting(user, form: UploadForm) -> Waiting:
    uploaded, concept = form.cleaned_data["file"], form.cleaned_data["concept"]
    return Waiting(
        owner=user.pk,
        name=uploaded.name,
        data=uploaded.read(),
        concept=concept.pk if concept else None,
    )


def _read(waiting: Waiting) -> ParsedConcept:
    return read_concept(BytesIO(waiting.data), waiting.name, section_kinds=waiting.kinds)


def _keep(key: str, waiting: Waiting) -> None:
    cache.set(_cache_key(key), waiting, KEPT_SECONDS)


def _cache_key(key: str) -> str:
    return f"concept-import:{key}"


def _expired(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        _(
            "Diese Vorschau gibt es nicht mehr: Eine hochgeladene Datei wird eine Stunde lang "
            "aufbewahrt. Laden Sie die Datei noch einmal hoch."
        ),
    )
    return redirect("concept_import:upload")


def _target(user, waiting: Waiting) -> ConceptPage | None:
    """The concept that the file goes into, None for a new one; PermissionDenied otherwise."""
    if waiting.concept is None:
        if not _may_add(user):
            raise PermissionDenied
        return None
    concept = ConceptPage.objects.filter(pk=waiting.concept).first()
    if concept is None or not concept.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return concept


def _home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


def _may_add(user) -> bool:
    return _home().permissions_for_user(user).can_add_subpage()


def _editable(user) -> list[ConceptPage]:
    return [concept for concept in concepts() if concept.permissions_for_user(user).can_edit()]


def _preview(request, waiting: Waiting, parsed: ParsedConcept, concept, form) -> HttpResponse:
    plan = plan_import(parsed=parsed, concept=concept)
    # The plan lists the sections of the file in order, then those that only the concept has.
    groups = _groups(plan)
    sections = [
        _section(section, group, form[f"kind-{place}"])
        for place, (section, group) in enumerate(zip(parsed.sections, groups, strict=False))
    ]
    return render(
        request,
        "concept_desk/preview.html",
        {
            "header_title": parsed.title,
            "breadcrumbs_items": _crumbs(parsed.title),
            "name": waiting.name,
            "concept": concept,
            "motto": parsed.motto,
            "strip": _strip(parsed, plan),
            "sections": sections,
            "missing": [group[0] for group in groups[len(sections) :]],
            "report": parsed.report,
            "accounted": _accounted(parsed),
            "unit": _unit(waiting.name),
        },
        status=422 if form.errors else 200,
    )


def _groups(plan: list[Planned]) -> list[list[Planned]]:
    groups: list[list[Planned]] = []
    for row in plan:
        if row.kind == "section":
            groups.append([])
        groups[-1].append(row)
    return groups


def _section(section: ParsedSection, group: list[Planned], kind) -> dict[str, Any]:
    # Goals of the file come first and in its order; goals that only the concept has follow.
    measures = [len(goal.measures) for goal in section.goals]
    goals = [
        {
            "number": row.number,
            "wording": row.title,
            "state": _state(row.state),
            "measures": _measures(measures[place]) if place < len(measures) else "",
        }
        for place, row in enumerate(group[1:])
    ]
    return {
        "label": section.label,
        "state": _state(group[0].state),
        "kind": kind,
        "blocks": len(section.blocks),
        "goals": goals,
        "goal_count": len(measures),
        "measure_count": sum(measures),
    }


def _state(code: str) -> dict[str, Any]:
    label, tone = STATES[code]
    return {"label": label, "tone": tone}


def _measures(number: int) -> str:
    return ngettext("%(number)s Maßnahme", "%(number)s Maßnahmen", number) % {"number": number}


def _strip(parsed: ParsedConcept, plan: list[Planned]) -> list[dict[str, Any]]:
    goals = [goal for section in parsed.sections for goal in section.goals]
    states = [row.state for row in plan]
    gone, flagged = states.count("gone"), len(parsed.report.defects)
    return [
        {"label": _("Abschnitte"), "value": len(parsed.sections)},
        {"label": _("Ziele"), "value": len(goals)},
        {"label": _("Maßnahmen"), "value": sum(len(goal.measures) for goal in goals)},
        {"label": _("Neu"), "value": states.count("new")},
        {"label": _("Geändert"), "value": states.count("changed")},
        {"label": _("Unverändert"), "value": states.count("same")},
        {"label": _("Nicht in der Datei"), "value": gone, "due": gone > 0},
        {"label": _("Auffälligkeiten"), "value": flagged, "due": flagged > 0},
    ]


def _accounted(parsed: ParsedConcept) -> str:
    number = len(parsed.report.lines)
    return ngettext(
        "%(number)s Stelle der Datei, zugeordnet",
        "%(number)s Stellen der Datei, alle zugeordnet",
        number,
    ) % {"number": number}


def _unit(name: str) -> str:
    return _("Absatz") if name.lower().endswith((".docx", ".docm")) else _("Zeile")


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("concept_import:upload"), "label": _("Konzept einlesen")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
