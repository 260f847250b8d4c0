"""What evaluation adds to the admin: theme workshop, answers, and the words of their log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from consult.evaluation.admin_views import objections, responses, workshop, workshop_steps
from consult.evaluation.admin_views.closing import closing_urls
from consult.evaluation.admin_views.revision import revision_urls
from consult.evaluation.admin_views.suggestions import suggestion_urls
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.states import (
    ObjectionStatus,
    ResponseStatus,
    SummaryStatus,
    ThemeStatus,
    ThemeStep,
)

workshop_patterns = [
    path("", workshop.rounds, name="rounds"),
    path("<str:ref>/", workshop.bench, name="bench"),
    path("<str:ref>/vorschlag/<int:pk>/", workshop.proposal, name="proposal"),
    path("<str:ref>/thema/<int:number>/", workshop.theme, name="theme"),
    path("<str:ref>/ohne-thema/", workshop.loose, name="loose"),
    path("<str:ref>/zweifelhaft/", workshop.doubts, name="doubts"),
    path("<str:ref>/buendel/<str:representative>/", workshop.bundle, name="bundle"),
    path("<str:ref>/beitrag/<str:contribution>/", workshop_steps.contribution, name="contribution"),
    path("<str:ref>/suche/", workshop_steps.search, name="search"),
    path("<str:ref>/schritte/", workshop_steps.steps, name="steps"),
    path("<str:ref>/schritte/<int:pk>/", workshop_steps.undo, name="undo"),
    path("<str:ref>/einwaende/", objections.desk, name="objections"),
    path("<str:ref>/einwaende/<int:pk>/", objections.one, name="objection"),
    path("<str:ref>/verfassende/", objections.tell, name="tell_authors"),
    path("<str:ref>/zusammenfuehren/", workshop.merge, name="merge"),
    path("<str:ref>/einzelstimmen/", workshop.confirm_singles, name="confirm_singles"),
    path("<str:ref>/lauf/", workshop.run, name="run"),
    path("<str:ref>/abschliessen/", workshop.answer, name="answer"),
]
responses_patterns = [
    path("", responses.start, name="start"),
    path("meine/", responses.mine, name="mine"),
    path("runde/<str:ref>/", responses.of_round, name="of_round"),
    path("<int:pk>/", responses.answer, name="answer"),
]


class WorkshopItem(MenuItem):
    """Shown to the coordination office only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_evaluate(request.user)


class ResponsesItem(MenuItem):
    """Shown to the coordination office and to departments."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return responses.may_see_answers(request.user)


@hooks.register("register_admin_urls")
def evaluation_urls():
    """Addresses of workshop and answers below /admin/."""
    return [
        path("themen-werkstatt/", include((workshop_patterns, "workshop"))),
        path("antworten/", include((responses_patterns, "responses"))),
    ]


@hooks.register("register_admin_menu_item")
def workshop_item():
    """The theme workshop in the menu."""
    return WorkshopItem(
        gettext_lazy("Themen-Werkstatt"),
        reverse("workshop:rounds"),
        name="workshop",
        icon_name="tag",
        order=220,
    )


@hooks.register("register_admin_menu_item")
def responses_item():
    """The answers in the menu."""
    return ResponsesItem(
        gettext_lazy("Antworten"),
        reverse("responses:start"),
        name="responses",
        icon_name="mail",
        order=230,
    )


class StepFormatter(LogFormatter):
    """Says to which status something went; `states` gives the words."""

    states = None

    def format_message(self, log_entry):
        """The deed and the new status in words."""
        return _("%(deed)s: „%(status)s“") % {
            "deed": self.label,
            "status": self.states(log_entry.data["to"]).label,
        }


class ThemeStatusFormatter(StepFormatter):
    """A theme was merged or dissolved."""

    label = gettext_lazy("Stand des Themas geändert")
    states = ThemeStatus


class SummaryStatusFormatter(StepFormatter):
    """A summary was released or rejected."""

    label = gettext_lazy("Stand der Zusammenfassung geändert")
    states = SummaryStatus


class ResponseStatusFormatter(StepFormatter):
    """An answer was drafted, signed or published."""

    label = gettext_lazy("Stand der Antwort geändert")
    states = ResponseStatus


class ObjectionStatusFormatter(StepFormatter):
    """An objection was settled or taken back."""

    label = gettext_lazy("Stand des Einwands geändert")
    states = ObjectionStatus


class RenameFormatter(LogFormatter):
    """Keeps the former name readable."""

    label = gettext_lazy("Thema umbenannt")

    def format_message(self, log_entry):
        """The name before."""
        return _("Umbenannt, vorher „%(title)s“") % {"title": log_entry.data["title"]}


class SplitFormatter(LogFormatter):
    """Says how many contributions left."""

    label = gettext_lazy("Thema geteilt")

    def format_message(self, log_entry):
        """The number of contributions."""
        return _("Abgetrennte Beiträge: %(count)s") % {"count": log_entry.data["count"]}


class UndoFormatter(LogFormatter):
    """Says which step was taken back."""

    label = gettext_lazy("Schritt rückgängig gemacht")

    def format_message(self, log_entry):
        """The step in words."""
        return _("Rückgängig gemacht: %(step)s") % {"step": ThemeStep(log_entry.data["step"]).label}


LABELS = {
    "revision.prepare": gettext_lazy("Überarbeitung verglichen"),
    "revision.release": gettext_lazy("Überarbeitung freigegeben"),
    "response.request": gettext_lazy("Antwort angefordert"),
    "response.translate": gettext_lazy("Übersetzung der Antwort bestellt"),
    "response.release_text": gettext_lazy("Antwort in einer anderen Sprache freigegeben"),
    "theme.confirm": gettext_lazy("Thema bestätigt"),
    "theme.read": gettext_lazy("Von einer zweiten Person gegengelesen"),
}
FORMATTERS = {
    "objection.status": ObjectionStatusFormatter,
    "response.status": ResponseStatusFormatter,
    "summary.status": SummaryStatusFormatter,
    "theme.rename": RenameFormatter,
    "theme.split": SplitFormatter,
    "theme.status": ThemeStatusFormatter,
    "theme.undo": UndoFormatter,
}


@hooks.register("register_log_actions")
def log_actions(actions):
    """Words for what the services of evaluation log."""
    for name, label in LABELS.items():
        actions.register_action(name, label, label)
    for name, formatter in FORMATTERS.items():
        actions.register_action(name)(formatter)


class RevisionItem(MenuItem):
    """Shown to the coordination office only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_evaluate(request.user)


@hooks.register("register_admin_urls")
def revision_addresses():
    """Closing a round, the revision desk and the desk of suggestions, below /admin/."""
    return [*closing_urls, *revision_urls, *suggestion_urls]


@hooks.register("register_admin_menu_item")
def revision_item():
    """The revision desk in the menu."""
    return RevisionItem(
        gettext_lazy("Überarbeitung"),
        reverse("revision:desk"),
        name="revision",
        icon_name="edit",
        order=240,
    )


@hooks.register("register_admin_menu_item")
def suggestions_item():
    """The desk of suggestions in the menu."""
    return RevisionItem(
        gettext_lazy("Vorschläge"),
        reverse("suggestions_desk:desk"),
        name="suggestions",
        icon_name="edit",
        order=235,
    )
