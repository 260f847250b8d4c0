"""The page of one round: its state, what can be done, what was done, its rules."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.rounds.admin_views.deeds import deeds
from consult.rounds.admin_views.desk import (
    coordination_only,
    crumbs,
    round_or_404,
    sentence,
    tone,
)
from consult.rounds.forms import (
    ExtensionForm,
    PreModerationExtensionForm,
    PreModerationForm,
    SuspensionForm,
)
from consult.rounds.models import ConsultationRound, PreModeration
from drafts.editions.selectors import contents


@require_GET
@coordination_only
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """One round: its state, its rules, and what can be done now."""
    return page(request, round_or_404(ref))


def page(request: HttpRequest, found: ConsultationRound, **wrong: Form) -> HttpResponse:
    """Show a round; `wrong` are forms that were sent and could not be taken, by their names."""
    now = timezone.now()
    forms = {
        "extension": ExtensionForm(round_=found, auto_id="id_extension_%s"),
        "pre_moderation": PreModerationForm(round_=found, at=now, auto_id="id_pre_%s"),
        "suspension": SuspensionForm(auto_id="id_suspension_%s"),
        **wrong,
    }
    return render(
        request,
        "rounds/round.html",
        {
            "header_title": f"{found.ref} {found.title}",
            "breadcrumbs_items": crumbs(found.ref),
            "round": found,
            "tone": tone(found),
            "sentence": sentence(found, now),
            "deeds": deeds(found, forms, now),
            "extensions": found.extensions.select_related("by").order_by("at"),
            "suspensions": found.suspensions.select_related("by", "resumed_by").order_by("since"),
            "pre_moderations": _pre_moderations(found, forms, now),
        },
        status=422 if wrong else 200,
    )


def _pre_moderations(
    found: ConsultationRound, forms: dict[str, Form], now: datetime
) -> list[dict[str, Any]]:
    names = {
        row["wid"]: f"{row['number']} {row['title']}".strip() for row in contents(found.edition)
    }
    rules = found.pre_moderations.select_related("by").prefetch_related("changes__by")
    return [
        {
            "rule": rule,
            "place": names.get(rule.section_wid, _("ganze Runde")),
            "state": _period_state(rule.starts_at, rule.ends_at, now),
            "form": _extension_of(rule, forms) if now < rule.ends_at else None,
            "has_begun": rule.starts_at < now,
        }
        for rule in rules.order_by("starts_at", "pk")
    ]


def _extension_of(rule: PreModeration, forms: dict[str, Form]) -> Form:
    name = f"pre_moderation_{rule.pk}"
    return forms.get(name) or PreModerationExtensionForm(rule=rule, auto_id=f"id_{name}_%s")


def _period_state(starts: datetime, ends: datetime, now: datetime) -> str:
    if now < starts:
        return _("beginnt noch")
    return _("gilt") if now < ends else _("beendet")
