"""The hints on easy language for the person who is writing in the admin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from drafts.concept.easy_language import CHECKED, GERMAN, report

# More than a section has; what is longer is checked up to here.
MOST_CHARACTERS = 100_000


@require_POST
def check_form(request: HttpRequest) -> HttpResponse:
    """Answer with the report on the posted texts (`text`, several) as a piece of HTML."""
    language = request.POST.get("language", GERMAN)
    texts, left = [], MOST_CHARACTERS
    for text in request.POST.getlist("text"):
        texts.append(text[:left])
        left -= len(texts[-1])
    return render(
        request,
        "concept_desk/easy_language_report.html",
        {"report": report(texts, language if language in CHECKED else GERMAN)},
    )
