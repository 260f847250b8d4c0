"""The release desk: which editions there are, what is ready, freezing section by section."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.selectors import concepts
from drafts.editions.forms import EditionForm
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.services import (
    EditionStepRefused,
    UnableToRelease,
    open_edition,
    release_edition,
    release_section,
)
from drafts.editions.states import EditionStatus

# What a state is called in a list, and what to do about it.
STATES = {
    "not_reviewed": gettext_lazy("noch nicht geprüft"),
    "unpublished_changes": gettext_lazy("ungeprüfte Änderungen"),
    "open_workflow": gettext_lazy("in Prüfung"),
}
REFUSALS = {
    "not_reviewed": gettext_lazy(
        "„%(what)s“ wurde noch nicht geprüft. Geben Sie die Seite zur Prüfung durch eine zweite "
        "Person."
    ),
    "unpublished_changes": gettext_lazy(
        "„%(what)s“ hat Änderungen, die noch niemand geprüft hat. Lassen Sie sie prüfen oder "
        "stellen Sie den geprüften Stand wieder her."
    ),
    "open_workflow": gettext_lazy(
        "„%(what)s“ ist gerade in Prüfung. Warten Sie das Ergebnis ab oder brechen Sie die "
        "Prüfung auf der Seite ab."
    ),
    "more_than_one_paragraph": gettext_lazy(
        "Ein Textblock enthält mehr als einen Absatz. Er beginnt so: „%(what)s“. Legen Sie für "
        "jeden Absatz einen eigenen Block an und lassen Sie die Seite neu prüfen."
    ),
    "key_twice": gettext_lazy(
        "„%(what)s“ trägt dieselbe Kennung wie eine zweite Stelle des Abschnitts, vermutlich eine "
        "Kopie. Löschen Sie eine der beiden Stellen, legen Sie sie neu an und lassen Sie die "
        "Seite neu prüfen."
    ),
    "key_taken": gettext_lazy(
        "„%(what)s“ steht in dieser Fassung schon an einer anderen Stelle. Löschen Sie die Stelle "
        "hier, legen Sie sie neu an und lassen Sie die Seite neu prüfen."
    ),
    "number_twice": gettext_lazy(
        "Die Nummer %(what)s haben in dieser Fassung zwei Ziele. Geben Sie einem der beiden eine "
        "andere Nummer und lassen Sie die Seite neu prüfen."
    ),
    "nothing_released": gettext_lazy(
        "In „%(what)s“ gibt es noch keinen Abschnitt. Legen Sie im Seitenbaum einen an oder lesen "
        "Sie ein Konzept ein."
    ),
}


def may_release_anything(user) -> bool:
    """Whether there is a concept that the person may release."""
    return bool(_releasable(user))


def release_refusals(concept: Page, refused: UnableToRelease) -> list[dict[str, Any]]:
    """Each obstacle as {sentence, url}: what to do, and the page where it is done ("" if none)."""
    places = _places(concept)
    urls = {page.title: _edit_url(page) for page in Page.objects.descendant_of(concept)}
    refusals = []
    for code, what in refused.obstacles:
        name, url = places.get(what, (what, urls.get(what, "")))
        refusals.append({"sentence": REFUSALS[code] % {"what": name}, "url": url})
    return refusals


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The editions of every concept that the person may release, newest first."""
    return _desk(request)


@require_POST
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the next edition of a concept."""
    concept = get_object_or_404(ConceptPage, pk=pk)
    _require(request.user, concept)
    form = EditionForm(request.POST)
    if not form.is_valid():
        return _desk(request, concept=concept, form=form)
    try:
        edition = open_edition(
            concept=concept, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except EditionStepRefused:
        messages.error(
            request,
            _(
                "Eine Fassung ist schon offen. Geben Sie deren Abschnitte frei und schließen Sie sie."
            ),
        )
        return redirect("release:desk")
    messages.success(request, _("Die Fassung ist offen. Geben Sie jetzt ihre Abschnitte frei."))
    return redirect("release:edition", edition.pk)


@require_GET
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: what is frozen and, while it is open, what still keeps a section back."""
    found = _edition(request, pk)
    return _page(request, found)


@require_POST
def release_one(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Freeze one section into the open edition."""
    found = _edition(request, pk)
    page = get_object_or_404(found.concept.specific.sections(), pk=section)
    try:
        release_section(section=page, edition=found, actor=request.user, at=timezone.now())
    except UnableToRelease as refused:
        return _page(request, found, refused)
    except EditionStepRefused:
        return _closed(request, found)
    text = _("„%(section)s“ ist freigegeben und öffentlich.") % {"section": page.title}
    messages.success(request, text)
    return redirect("release:edition", pk)


@require_POST
def release_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze all sections that remain and close the edition."""
    found = _edition(request, pk)
    try:
        release_edition(edition=found, actor=request.user, at=timezone.now())
    except UnableToRelease as refused:
        return _page(request, found, refused)
    except EditionStepRefused:
        return _closed(request, found)
    text = _("Fassung %(number)s ist vollständig freigegeben. Ihr Wortlaut ändert sich nicht mehr.")
    messages.success(request, text % {"number": found.number})
    return redirect("release:edition", pk)


def _releasable(user) -> list[ConceptPage]:
    return [concept for concept in concepts() if concept.permissions_for_user(user).can_publish()]


def _require(user, concept: ConceptPage) -> None:
    if not concept.permissions_for_user(user).can_publish():
        raise PermissionDenied


def _edition(request: HttpRequest, pk: int) -> Edition:
    found = get_object_or_404(Edition.objects.select_related("concept", "based_on"), pk=pk)
    _require(request.user, found.concept)
    return found


def _closed(request: HttpRequest, found: Edition) -> HttpResponse:
    text = _("Fassung %(number)s ist nicht mehr offen. Änderungen kommen in die nächste Fassung.")
    messages.error(request, text % {"number": found.number})
    return redirect("release:edition", found.pk)


def _desk(
    request: HttpRequest, concept: ConceptPage | None = None, form: EditionForm | None = None
) -> HttpResponse:
    concepts = _releasable(request.user)
    if not concepts:
        raise PermissionDenied
    return render(
        request,
        "release/desk.html",
        {
            "header_title": _("Fassungen"),
            "breadcrumbs_items": _crumbs(),
            "concepts": [
                _concept_row(found, form if found == concept else None) for found in concepts
            ],
        },
        status=422 if form else 200,
    )


def _concept_row(concept: ConceptPage, form: EditionForm | None) -> dict[str, Any]:
    editions = list(concept.editions.order_by("-number"))
    latest = editions[0] if editions else None
    is_open = latest is not None and latest.status == EditionStatus.OPEN
    initial = {
        "title": latest.title if latest else concept.title,
        "origin": latest.origin if latest else "",
    }
    unbound = EditionForm(initial=initial, auto_id=f"id_{concept.pk}_%s")
    return {
        "concept": concept,
        "editions": editions,
        "open": latest if is_open else None,
        "form": None if is_open else form or unbound,
    }


def _page(
    request: HttpRequest, found: Edition, refused: UnableToRelease | None = None
) -> HttpResponse:
    is_open = found.status == EditionStatus.OPEN
    sections = _sections(found, remaining=is_open)
    left = [row for row in sections if row["released_at"] is None]
    return render(
        request,
        f"release/edition_{'open' if is_open else 'closed'}.html",
        {
            "header_title": _("Fassung %(number)s") % {"number": found.number},
            "breadcrumbs_items": _crumbs(_("Fassung %(number)s") % {"number": found.number}),
            "edition": found,
            "sections": sections,
            "left": len(left),
            "ready": sum(row["ready"] for row in left),
            "refusals": release_refusals(found.concept, refused) if refused else [],
        },
        status=409 if refused else 200,
    )


def _sections(found: Edition, *, remaining: bool) -> list[dict[str, Any]]:
    """The frozen sections and, while the edition is open, those that wait, in reading order.

    A sealed edition shows its own sections alone: what came later belongs to the next one.
    """
    dates = dict(found.sections.values_list("wid", "released_at"))
    frozen = {
        row["wid"]: {
            "label": _label(row["number"], row["text"]["title"]),
            "goals": len(row["goals"]),
            "released_at": dates[row["wid"]],
            "ready": False,
            "problems": [],
        }
        for row in section_data(found)
    }
    if not remaining:
        return list(frozen.values())
    concept = found.concept.specific
    pages = _pages_by_section(concept)
    dropped = set(GoalPage.objects.exclude(dropped_because="").values_list("pk", flat=True))
    rows = [
        frozen.pop(section.wid, None) or _waiting(section, pages[section.path], dropped)
        for section in concept.sections()
    ]
    return rows + list(frozen.values())


def _pages_by_section(concept: Page) -> dict[str, list[Page]]:
    pages: dict[str, list[Page]] = defaultdict(list)
    length = len(concept.path) + Page.steplen
    below = Page.objects.descendant_of(concept).prefetch_workflow_states().order_by("path")
    for page in below:
        pages[page.path[:length]].append(page)
    return pages


def _waiting(section: SectionPage, pages: list[Page], dropped: set[int]) -> dict[str, Any]:
    problems = [
        {"title": page.title, "url": _edit_url(page), "state": STATES[code]}
        for page in pages
        for code in _codes(page)
    ]
    return {
        "pk": section.pk,
        "label": _label(section.number, section.title),
        "url": _edit_url(section),
        "goals": sum(page.pk not in dropped for page in pages) - 1,
        "released_at": None,
        "ready": not problems,
        "problems": problems,
    }


def _codes(page: Page) -> list[str]:
    """What the service would refuse about a page's review, for the list before anybody tries."""
    codes = []
    if not page.live:
        codes.append("not_reviewed")
    elif page.has_unpublished_changes:
        codes.append("unpublished_changes")
    if page.workflow_in_progress:
        codes.append("open_workflow")
    return codes


def _places(concept: Page) -> dict[str, tuple[str, str]]:
    """What stands at a key, and where it is edited: the reviewed text of the whole concept."""
    places: dict[str, tuple[str, str]] = {}
    for section in SectionPage.objects.child_of(concept).select_related("lead_department"):
        url, snapshot = _edit_url(section), section.snapshot()
        name = _label(section.number, section.title)
        places[snapshot["wid"]] = (name, url)
        for block in snapshot["text"]["blocks"]:
            place = _("%(section)s, Absatz %(number)s")
            shown = place % {"section": name, "number": block["no"]} if "no" in block else name
            places[block["wid"]] = (shown, url)
        for goal in snapshot["goals"]:
            places[goal["wid"]] = (_("Ziel %(number)s") % {"number": goal["number"]}, url)
            for measure in goal["measures"]:
                title = _("Maßnahme %(number)s") % {"number": measure["number"]}
                places[measure["wid"]] = (title, url)
    return places


def _label(number: str, title: str) -> str:
    return f"{number} {title}".strip()


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("release:desk"), "label": _("Fassungen")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
