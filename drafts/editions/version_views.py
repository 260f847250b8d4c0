"""The desk of language versions: what exists in which language, what its source says since."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.models import Page

from drafts.concept.languages import language_of
from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.selectors import concepts
from drafts.concept.states import BINDING
from drafts.editions.freezing import UnableToRelease
from drafts.editions.models import Edition, RenderedSource
from drafts.editions.selectors import Version, versions_by_section, versions_of
from drafts.editions.version_changes import source_changes
from drafts.editions.version_services import (
    VersionRefused,
    confirm_version,
    release_translation,
    renew_version,
    start_version,
)
from drafts.editions.views import REFUSALS, STATES

VERSION_REFUSALS = {
    "source_unknown": gettext_lazy(
        "Bei „%(what)s“ ist nicht vermerkt, welchen deutschen Text die Sprachfassung wiedergibt. "
        "Wählen Sie „Entspricht jetzt der Vorlage“."
    ),
    "source_changed": gettext_lazy(
        "Der deutsche Text dieser Fassung lautet anders als die Vorlage der Übersetzung: „%(what)s“. "
        "Übersetzen Sie die Stelle neu und wählen Sie „Entspricht jetzt der Vorlage“."
    ),
    "place_missing": gettext_lazy(
        "Diese Stelle fehlt in der Sprachfassung: „%(what)s“. Wählen Sie „Aufbau der Vorlage "
        "übernehmen“ und übersetzen Sie sie."
    ),
    "place_extra": gettext_lazy(
        "Diese Stelle gibt es im deutschen Text nicht: „%(what)s“. Löschen Sie sie in der "
        "Sprachfassung und lassen Sie die Seite neu prüfen."
    ),
    "still_german": gettext_lazy(
        "Dieser Satz steht noch auf Deutsch: „%(what)s“. Übersetzen Sie ihn und lassen Sie die "
        "Seite neu prüfen."
    ),
    "not_released": gettext_lazy(
        "„%(what)s“ gehört zu einem Abschnitt, der in dieser Fassung noch nicht freigegeben ist. "
        "Geben Sie zuerst den deutschen Abschnitt frei."
    ),
    "nothing_new": gettext_lazy(
        "„%(what)s“ ist genau so schon freigegeben. Es gibt nichts Neues zu veröffentlichen."
    ),
}
SENTENCES = {
    "not_the_source": gettext_lazy("Legen Sie die Sprachfassung von der deutschen Seite aus an."),
    "not_reviewed": gettext_lazy(
        "Der deutsche Abschnitt hat Änderungen, die noch niemand geprüft hat. Lassen Sie ihn "
        "zuerst prüfen."
    ),
    "exists": gettext_lazy("Diese Sprachfassung gibt es schon."),
    "no_source": gettext_lazy(
        "Den deutschen Abschnitt zu dieser Sprachfassung gibt es nicht mehr."
    ),
}


def may_work_on_versions(user) -> bool:
    """Whether there is a concept whose versions the person may write."""
    return bool(_editable(user))


def languages() -> list[tuple[str, str]]:
    """Code and name of every language of the site besides the binding one.

    The name is in the words of the person at the desk, not in those of the language itself.
    """
    codes = [code for code, _own_name in settings.LANGUAGES if code != BINDING]
    return [(code, language_of(code)["name"]) for code in codes]


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Every section of the person's concepts with the state of each language."""
    editable = _editable(request.user)
    if not editable:
        raise PermissionDenied
    return render(
        request,
        "release/versions.html",
        {
            "header_title": _("Sprachfassungen"),
            "breadcrumbs_items": _crumbs(),
            "languages": languages(),
            "concepts": [_concept(concept) for concept in editable],
        },
    )


def version(request: HttpRequest, section: int, language: str) -> HttpResponse:
    """One section in one language: pages, source, release. A POST makes one deed."""
    page = get_object_or_404(SectionPage, pk=section, locale__language_code=BINDING)
    if language not in dict(languages()):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, page, language)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        return HttpResponseBadRequest()
    try:
        messages.success(request, deed(request, page, language))
    except VersionRefused as refused:
        messages.error(request, SENTENCES[refused.code])
    except UnableToRelease as refused:
        return _page(request, page, language, refused)
    return redirect("release:version", section, language)


def source_is_changed(page: Page) -> bool:
    """Whether the German source of a version's section or goal page says something else now."""
    home = page.specific if isinstance(page.specific, SectionPage) else page.get_parent().specific
    rendered = RenderedSource.objects.filter(page=home).first()
    source = _source_of(home)
    return bool(rendered and source and source_changes(rendered.snapshot, source.snapshot()))


def version_url(page: Page) -> str:
    """The page of the desk about a version's section or goal page; "" without a source."""
    home = page.specific if isinstance(page.specific, SectionPage) else page.get_parent().specific
    source = _source_of(home)
    code = page.locale.language_code
    return reverse("release:version", args=[source.pk, code]) if source else ""


def _start(request: HttpRequest, page: SectionPage, language: str) -> str:
    start_version(section=page, language=language, actor=request.user, at=timezone.now())
    return _("Die Sprachfassung ist angelegt. Ersetzen Sie jetzt den deutschen Text.")


def _renew(request: HttpRequest, page: SectionPage, language: str) -> str:
    renew_version(version=_version_or_404(page, language), actor=request.user)
    return _(
        "Der Aufbau ist übernommen. Neue Stellen stehen auf Deutsch da, bis Sie sie übersetzen."
    )


def _confirm(request: HttpRequest, page: SectionPage, language: str) -> str:
    found = _version_or_404(page, language)
    confirm_version(version=found, actor=request.user, at=timezone.now())
    return _("Vermerkt: Die Sprachfassung entspricht dem heutigen deutschen Text.")


def _release(request: HttpRequest, page: SectionPage, language: str) -> str:
    edition = _edition_of(page.concept)
    if edition is None:
        raise UnableToRelease([("not_released", page.title)])
    if not page.concept.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    found = _version_or_404(page, language)
    release_translation(version=found, edition=edition, actor=request.user, at=timezone.now())
    return _("Die Sprachfassung ist freigegeben und öffentlich.")


DEEDS = {"start": _start, "renew": _renew, "confirm": _confirm, "release": _release}


def _editable(user) -> list[ConceptPage]:
    return [found for found in concepts() if found.permissions_for_user(user).can_edit()]


def _edition_of(concept: ConceptPage) -> Edition | None:
    """The edition that people read now: versions are released for it."""
    return Edition.objects.readable().filter(concept=concept).order_by("-number").first()


def _version_or_404(page: SectionPage, language: str) -> SectionPage:
    return get_object_or_404(
        SectionPage.objects.translation_of(page), locale__language_code=language
    )


def _source_of(version: SectionPage) -> SectionPage | None:
    return (
        SectionPage.objects.translation_of(version, inclusive=True)
        .filter(locale__language_code=BINDING)
        .first()
    )


def _concept(concept: ConceptPage) -> dict[str, Any]:
    edition = _edition_of(concept)
    released = versions_by_section(edition) if edition else {}
    begun = set(
        SectionPage.objects.exclude(locale__language_code=BINDING).values_list(
            "translation_key", "locale__language_code"
        )
    )
    rows = []
    for section in concept.sections():
        found = {row.language: row for row in released.get(section.wid, [])}
        cells = [
            {
                "url": reverse("release:version", args=[section.pk, code]),
                "language": name,
                **_state(found.get(code), begun=(section.translation_key, code) in begun),
            }
            for code, name in languages()
        ]
        rows.append({"label": _label(section), "cells": cells})
    return {"title": concept.title, "edition": edition, "rows": rows}


def _state(released: Version | None, *, begun: bool) -> dict[str, str]:
    if released is None:
        return {"state": _("in Arbeit") if begun else _("nicht angelegt"), "tone": ""}
    if released.is_whole:
        day = date_format(timezone.localtime(released.released_at), "SHORT_DATE_FORMAT")
        return {"state": _("freigegeben am %(day)s") % {"day": day}, "tone": "ok"}
    return {"state": _("Vorlage geändert"), "tone": "warn"}


def _page(
    request: HttpRequest,
    page: SectionPage,
    language: str,
    refused: UnableToRelease | None = None,
) -> HttpResponse:
    found = SectionPage.objects.translation_of(page).filter(locale__language_code=language).first()
    concept, name = page.concept, dict(languages())[language]
    edition = _edition_of(concept)
    shown = versions_of(edition, page.wid) if edition else []
    released = next((row for row in shown if row.language == language), None)
    rendered = RenderedSource.objects.filter(page=found).select_related("confirmed_by").first()
    return render(
        request,
        "release/version.html",
        {
            "header_title": f"{_label(page)}: {name}",
            "breadcrumbs_items": _crumbs(f"{_label(page)}: {name}"),
            "version": found,
            "language": name,
            "edition": edition,
            "released": released,
            "status": _state(released, begun=found is not None),
            "pages": _pages(found) if found else [],
            "rendered": rendered,
            "changes": source_changes(rendered.snapshot, page.snapshot()) if rendered else [],
            "may_release": concept.permissions_for_user(request.user).can_publish(),
            "refusals": _refusals(refused) if refused else [],
        },
        status=409 if refused else 200,
    )


def _pages(found: SectionPage) -> list[dict[str, Any]]:
    pages = [found, *GoalPage.objects.child_of(found)]
    return [
        {
            "title": page.title,
            "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "state": _review_state(page),
        }
        for page in pages
    ]


def _review_state(page: Page) -> Any:
    if not page.live:
        return STATES["not_reviewed"]
    return STATES["unpublished_changes"] if page.has_unpublished_changes else _("geprüft")


def _refusals(refused: UnableToRelease) -> list[str]:
    sentences = {**REFUSALS, **VERSION_REFUSALS}
    return [sentences[code] % {"what": what} for code, what in refused.obstacles]


def _label(section: SectionPage) -> str:
    return f"{section.number} {section.title}".strip()


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("release:versions"), "label": _("Sprachfassungen")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
