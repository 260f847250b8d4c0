"""The page of one answer: the theme, its voices, the draft and what was done so far."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from consult.contributions.models import Contribution
from consult.contributions.selectors import translations_of
from consult.evaluation.admin_views.bench_details import shown_sentence
from consult.evaluation.admin_views.response_list import crumbs, lateness
from consult.evaluation.admin_views.response_versions import versions_panel
from consult.evaluation.forms import AnswerTextForm, DraftForm
from consult.evaluation.models import Response, Theme
from consult.evaluation.predicates import may_evaluate, may_sign_response
from consult.evaluation.selectors import members_of
from consult.evaluation.states import Outcome, SummaryStatus, ThemeStatus
from drafts.concept.languages import language_of
from drafts.concept.states import BINDING

MEMBER_PAGE = 25
LOG_LINES = 12


def answer_page(
    request: HttpRequest,
    response: Response,
    form: DraftForm | None = None,
    text_form: AnswerTextForm | None = None,
) -> HttpResponse:
    """One answer with its theme and voices; status 422 where a form of it has errors."""
    theme = response.theme
    page = Paginator(members_of(theme), MEMBER_PAGE).get_page(request.GET.get("seite"))
    draft = {"outcome": response.outcome, "reason": response.reason}
    stands = theme.status == ThemeStatus.CONFIRMED
    return render(
        request,
        "responses/answer.html",
        {
            "header_title": _("Antwort auf „%(title)s“") % {"title": theme.title},
            "breadcrumbs_items": crumbs(theme.title),
            "response": response,
            "theme": theme,
            "stands": stands,
            "outcome": Outcome(response.outcome).label if response.outcome else "",
            "late": lateness(response, timezone.localdate()),
            "state_template": f"responses/answer_{response.status}.html",
            "sentences": _released_sentences(theme),
            "members": {"page": page, "rows": _members(list(page))},
            "versions": versions_panel(response, text_form),
            "form": form or DraftForm(initial=draft),
            "may_sign": stands and may_sign_response(request.user, response),
            "may_publish": stands and may_evaluate(request.user, theme.round),
            "history": registry.get_logs_for_instance(response)
            .select_related("user")
            .order_by("-timestamp")[:LOG_LINES],
            "public_url": reverse("theme", args=[theme.round.ref, theme.number]),
        },
        status=422 if form or text_form else 200,
    )


def _released_sentences(theme: Theme) -> list[dict[str, Any]]:
    summary = theme.summaries.filter(status=SummaryStatus.RELEASED).first()
    return [shown_sentence(line, ()) for line in summary.sentences] if summary else []


def _members(found: list[Contribution]) -> list[dict[str, Any]]:
    translations = translations_of(found, BINDING)
    return [
        {
            "contribution": row,
            "text": row.comment_row.comment,
            "language": language_of(row.language),
            "translation": translations.get(row.pk),
        }
        for row in found
    ]
