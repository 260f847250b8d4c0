"""Statements of organisations: does the organisation exist, may everybody have the file?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.contributions.admin_views.places import places_of
from consult.intake.admin_views.desk import carry_out, crumbs, desk_only, tabs
from consult.intake.models import Statement
from consult.intake.predicates import may_confirm_statement, may_release_file
from consult.intake.services.statements import confirm_organisation, release_file
from consult.intake.serving import private_file


@require_GET
@desk_only
def desk(request: HttpRequest) -> HttpResponse:
    """All statements, those that wait for the office first."""
    found = Statement.objects.select_related("round").order_by("-status", "-received_at", "-pk")
    return render(
        request,
        "intake_desk/statements.html",
        {
            "header_title": _("Stellungnahmen"),
            "breadcrumbs_items": crumbs(("", _("Stellungnahmen"))),
            "tabs": tabs("statements"),
            "statements": found,
        },
    )


@require_GET
@desk_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A statement with its parts, and what the office can do."""
    found = _statement(pk)
    parts = list(
        found.parts.select_related("contribution__comment_row", "contribution__edition").order_by(
            "position"
        )
    )
    places = places_of([part.contribution for part in parts])
    return render(
        request,
        "intake_desk/statement.html",
        {
            "header_title": found.organisation,
            "breadcrumbs_items": crumbs(
                (reverse("intake:statements"), _("Stellungnahmen")), ("", found.ref)
            ),
            "statement": found,
            "parts": [
                {
                    "contribution": part.contribution,
                    "text": part.contribution.comment_row.comment,
                    "place": places.get(part.contribution.pk),
                }
                for part in parts
            ],
            "can_confirm": may_confirm_statement(request.user, found),
            "can_release": may_release_file(request.user, found),
        },
    )


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the organisation exists."""
    return carry_out(
        request,
        lambda: confirm_organisation(
            statement=_statement(pk), actor=request.user, at=timezone.now()
        ),
        _("Bestätigt. Die Stellungnahme ist veröffentlicht."),
        reverse("intake:statement", args=[pk]),
    )


@require_POST
@desk_only
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the attachment to everybody."""
    return carry_out(
        request,
        lambda: release_file(statement=_statement(pk), actor=request.user, at=timezone.now()),
        _("Die Datei steht jetzt bei der Stellungnahme zum Herunterladen."),
        reverse("intake:statement", args=[pk]),
    )


@require_GET
@desk_only
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the attachment to the desk."""
    found = get_object_or_404(Statement.objects.select_related("file"), pk=pk, file__isnull=False)
    return private_file(found.file)


def _statement(pk: int) -> Statement:
    return get_object_or_404(
        Statement.objects.select_related("round", "file", "confirmed_by", "file_released_by").defer(
            "file__content"
        ),
        pk=pk,
    )
