"""What each button of the theme workshop does, and where the work goes on then."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from consult.contributions.models import Contribution
from consult.evaluation.admin_views.bench import Detail
from consult.evaluation.admin_views.page import Unfinished, WorkshopPage
from consult.evaluation.forms import MoveForm, ThemeForm, TitleForm
from consult.evaluation.models import Summary, Theme
from consult.evaluation.selectors import confirmed_themes, deeds_of
from consult.evaluation.services.summaries import (
    SummaryStepRefused,
    reject_summary,
    release_summary,
)
from consult.evaluation.services.themes import (
    ThemeStepRefused,
    accept_into_theme,
    confirm_proposal,
    dismiss_proposal,
    make_single_voices,
    move_contributions,
    open_theme,
    read_second,
    rename_theme,
    split_theme,
)

TITLE_WORDS = 8


def _confirm(page: WorkshopPage, detail: Detail) -> str:
    form = _valid(ThemeForm(page.request.POST), "theme_form")
    made = confirm_proposal(
        proposal=detail.subject,
        actor=page.request.user,
        at=page.now,
        **form.cleaned_data,
    )
    say(page, _("„%(title)s“ bestätigt.") % {"title": made.title})
    return page.url_of_list(page.list_name(detail))


def _accept(page: WorkshopPage, detail: Detail) -> str:
    into = accept_into_theme(proposal=detail.subject, actor=page.request.user, at=page.now)
    say(page, _("In „%(title)s“ aufgenommen.") % {"title": into.title})
    return page.url_of_list(page.list_name(detail))


def _dismiss(page: WorkshopPage, detail: Detail) -> str:
    dismiss_proposal(proposal=detail.subject, actor=page.request.user, at=page.now)
    say(page, _("Vorschlag verworfen. Seine Beiträge stehen unter „Ohne Thema“."))
    return page.url_of_list(page.list_name(detail))


def _rename(page: WorkshopPage, detail: Detail) -> str:
    form = _valid(ThemeForm(page.request.POST), "theme_form")
    rename_theme(theme=detail.subject, actor=page.request.user, at=page.now, **form.cleaned_data)
    say(page, _("Name und Anliegen gespeichert. Der frühere Wortlaut steht im Verlauf."))
    return page.request.get_full_path()


def _move(page: WorkshopPage, detail: Detail) -> str:
    chosen = chosen_contributions(page, detail)
    bound = MoveForm(page.request.POST, themes=confirmed_themes(page.round_))
    form = _valid(bound, "move_form", chosen)
    target = form.cleaned_data["target"]
    moved = move_contributions(
        contributions=chosen, theme=target, actor=page.request.user, at=page.now
    )
    if not moved:
        say(page, _("Alle ausgewählten Beiträge stehen schon in „%(title)s“.") % {"title": target})
        return where_work_goes_on(page, detail)
    text = ngettext(
        "%(moved)s Beitrag nach „%(title)s“ verschoben.",
        "%(moved)s Beiträge nach „%(title)s“ verschoben.",
        moved,
    )
    say(page, text % {"moved": moved, "title": target.title})
    return where_work_goes_on(page, detail)


def _split(page: WorkshopPage, detail: Detail) -> str:
    chosen = chosen_contributions(page, detail)
    form = _valid(TitleForm(page.request.POST), "title_form", chosen)
    made = split_theme(
        theme=detail.subject,
        contributions=chosen,
        title=form.cleaned_data["new_title"],
        actor=page.request.user,
        at=page.now,
    )
    say(page, _("In „%(title)s“ abgetrennt.") % {"title": made.title})
    return page.request.get_full_path()


def _open(page: WorkshopPage, detail: Detail) -> str:
    chosen = chosen_contributions(page, detail)
    form = _valid(TitleForm(page.request.POST), "title_form", chosen)
    made = open_theme(
        contributions=chosen,
        title=form.cleaned_data["new_title"],
        actor=page.request.user,
        at=page.now,
    )
    text = ngettext(
        "„%(title)s“ mit %(number)s Beitrag angelegt.",
        "„%(title)s“ mit %(number)s Beiträgen angelegt.",
        len(chosen),
    )
    say(page, text % {"title": made.title, "number": len(chosen)})
    return where_work_goes_on(page, detail)


def _stand_alone(page: WorkshopPage, detail: Detail) -> str:
    chosen = chosen_contributions(page, detail)
    name = page.request.POST.get("new_title", "").strip()
    if name and len(chosen) > 1:
        sentence = _(
            "Ein Name passt nur zu einem Beitrag. Wählen Sie einen Beitrag aus, oder lassen Sie das "
            "Feld leer: Dann heißt jede Einzelstimme wie ihre ersten Wörter."
        )
        raise Unfinished(sentence, chosen={found.ref for found in chosen}, selection_error=sentence)
    make_single_voices(
        titles={found: name or _first_words(found) for found in chosen},
        actor=page.request.user,
        at=page.now,
    )
    text = ngettext(
        "%(number)s Einzelstimme bestätigt.", "%(number)s Einzelstimmen bestätigt.", len(chosen)
    )
    say(page, text % {"number": len(chosen)})
    return where_work_goes_on(page, detail)


def _read(page: WorkshopPage, detail: Detail) -> str:
    read_second(theme=detail.subject, actor=page.request.user, at=page.now)
    say(page, _("Gegengelesen. Das gilt, bis sich Name oder Beiträge ändern."))
    return page.request.get_full_path()


def _release(page: WorkshopPage, detail: Detail) -> str:
    summary = _posted_summary(page, detail)
    if detail.values["summary"]["is_stale"]:
        raise ThemeStepRefused("step_not_allowed")
    try:
        release_summary(summary=summary, actor=page.request.user, at=page.now)
    except SummaryStepRefused as refused:
        raise ThemeStepRefused("step_not_allowed") from refused
    say(page, _("Zusammenfassung freigegeben. Sie steht jetzt öffentlich beim Thema."))
    return page.request.get_full_path()


def _reject(page: WorkshopPage, detail: Detail) -> str:
    try:
        reject_summary(summary=_posted_summary(page, detail), actor=page.request.user)
    except SummaryStepRefused as refused:
        raise ThemeStepRefused("step_not_allowed") from refused
    say(page, _("Zusammenfassung verworfen. Sie wird nicht veröffentlicht."))
    return page.request.get_full_path()


PROPOSAL_DEEDS = {
    "confirm": _confirm,
    "accept": _accept,
    "dismiss": _dismiss,
    "open": _open,
    "move": _move,
    "stand_alone": _stand_alone,
}
THEME_DEEDS = {
    "rename": _rename,
    "move": _move,
    "split": _split,
    "stand_alone": _stand_alone,
    "read": _read,
    "release": _release,
    "reject": _reject,
}
LOOSE_DEEDS = {"open": _open, "move": _move, "stand_alone": _stand_alone}


def _valid(form, name: str, chosen: list[Contribution] | None = None):
    if form.is_valid():
        return form
    [first, *_others] = [error for errors in form.errors.values() for error in errors]
    raise Unfinished(first, **{name: form, "chosen": {found.ref for found in chosen or []}})


def chosen_contributions(page: WorkshopPage, detail: Detail) -> list[Contribution]:
    """The contributions that were ticked, or all of the list, on whichever of its pages.

    Who chose all saw how many these were: if their number has changed, they are asked again.
    """
    found = detail.members.select_related("round", "comment_row")
    if page.request.POST.get("all"):
        chosen = list(found)
        _require_as_seen(page, len(chosen))
    else:
        refs = page.request.POST.getlist("contribution")
        chosen = list(
            Contribution.objects.published()
            .filter(round=page.round_, ref__in=refs)
            .select_related("round", "comment_row")
            .order_by("pk")
        )
    if not chosen:
        sentence = _("Wählen Sie zuerst mindestens einen Beitrag aus der Liste aus.")
        raise Unfinished(sentence, selection_error=sentence)
    return chosen


def _require_as_seen(page: WorkshopPage, number: int) -> None:
    if page.request.POST.get("all") != str(number):
        sentence = ngettext(
            "Die Liste hat sich geändert und hat jetzt %(number)s Beitrag. Prüfen Sie neu.",
            "Die Liste hat sich geändert und hat jetzt %(number)s Beiträge. Prüfen Sie neu.",
            number,
        ) % {"number": number}
        raise Unfinished(sentence, selection_error=sentence)


def _posted_summary(page: WorkshopPage, detail: Detail) -> Summary:
    shown = detail.values["summary"]
    if shown is None or str(shown["row"].pk) != page.request.POST.get("summary"):
        raise ThemeStepRefused("step_not_allowed")
    return shown["row"]


def where_work_goes_on(page: WorkshopPage, detail: Detail) -> str:
    """The address to return to: here while something is left, else the list it came from."""
    if isinstance(detail.subject, Theme) or detail.members.exists():
        return page.request.get_full_path()
    return page.url_of_list(page.list_name(detail))


def _first_words(contribution: Contribution) -> str:
    return " ".join(contribution.comment_row.comment.split()[:TITLE_WORDS])


def say(page: WorkshopPage, text: str) -> None:
    """Tell what was done, with the way to take it back."""
    done = list(deeds_of(page.round_).filter(by=page.request.user, at=page.now)[:2])
    buttons = []
    if len(done) == 1:
        url = page.bench.url("undo", done[0].pk)
        buttons = [messages.button(url, _("Rückgängig machen"))]
    elif done:
        buttons = [messages.button(page.bench.url("steps"), _("Schritte ansehen"))]
    messages.success(page.request, text, buttons=buttons)
