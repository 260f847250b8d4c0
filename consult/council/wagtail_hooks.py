"""What the council adds to the admin: the council desk and the words of its log."""

from collections import defaultdict

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from consult.council.admin_views import (
    annexes,
    choices,
    decisions,
    duties,
    items,
    meetings,
    motion_votes,
    motions,
    papers,
    positions,
    procedural,
    questions,
    route,
)
from consult.council.admin_views.desk import may_see_desk
from consult.council.states import (
    MeetingStatus,
    MotionStatus,
    PaperStatus,
    QuestionStatus,
    StepOutcome,
    StepStatus,
)


class Told(LogFormatter):
    """An entry in a sentence with what it happened to."""

    def format_message(self, log_entry) -> str:
        """Fill the data in; states are shown in words, what an entry lacks stays empty."""
        data = log_entry.data
        words = {**data, "to": STATES.get(data["to"], data["to"])} if "to" in data else data
        return str(self.message) % defaultdict(str, words)


# Action: what it is called in lists, and its sentence with the data of the entry.
LOG_ACTIONS = {
    "paper.prepare": (_("Vorlage angelegt"), _("Vorlage angelegt")),
    "paper.change": (_("Vorlage geändert"), _("Wortlaut der Vorlage geändert")),
    "paper.status": (_("Stand der Vorlage geändert"), _("Stand der Vorlage: %(to)s")),
    "paper.add_item": (_("Beschlusspunkt hinzugefügt"), _("Punkt %(number)s hinzugefügt")),
    "paper.change_item": (_("Beschlusspunkt geändert"), _("Punkt %(number)s geändert")),
    "paper.move_item": (_("Beschlusspunkt verschoben"), _("Punkt %(from)s wird Punkt %(to)s")),
    "paper.remove_item": (_("Beschlusspunkt entfernt"), _("Punkt %(number)s entfernt")),
    "paper.add_step": (
        _("Gremium in die Beratungsfolge gesetzt"),
        _("%(body)s in die Beratungsfolge gesetzt, an Stelle %(to)s"),
    ),
    "paper.move_step": (
        _("Beratungsfolge geändert"),
        _("%(body)s in der Beratungsfolge verschoben, an Stelle %(to)s"),
    ),
    "paper.remove_step": (
        _("Gremium aus der Beratungsfolge genommen"),
        _("%(body)s aus der Beratungsfolge genommen"),
    ),
    "paper.schedule_step": (_("Sitzungstermin geändert"), _("%(body)s: Termin %(to)s")),
    "route_step.status": (_("Stand eines Gremiums geändert"), _("%(body)s: %(to)s")),
    "route_step.correct": (
        _("Ausgang einer Sitzung berichtigt"),
        _("%(body)s: Ausgang der Sitzung berichtigt, jetzt: %(to)s. %(reason)s"),
    ),
    "paper.add_annex": (_("Anlage hinzugefügt"), _("Anlage %(number)s hinzugefügt")),
    "paper.move_annex": (_("Anlagen geordnet"), _("Anlage verschoben, an Stelle %(to)s")),
    "paper.take_back_annex": (_("Anlage zurückgenommen"), _("Anlage %(number)s zurückgenommen")),
    "paper.name_prior": (_("Vorgang ergänzt"), _("Früherer Beschluss genannt: %(reference)s")),
    "paper.remove_prior": (
        _("Vorgang gekürzt"),
        _("Früherer Beschluss nicht mehr genannt: %(reference)s"),
    ),
    "paper.state_finance": (_("Kosten angegeben"), _("Angaben zu den Kosten geändert")),
    "paper.add_alternative": (_("Alternative hinzugefügt"), _("Alternative: %(text)s")),
    "paper.change_alternative": (_("Alternative geändert"), _("Alternative geändert: %(text)s")),
    "paper.remove_alternative": (_("Alternative entfernt"), _("Alternative entfernt: %(text)s")),
    "paper.add_option": (_("Möglichkeit hinzugefügt"), _("Möglichkeit bei einem Ziel: %(text)s")),
    "paper.change_option": (_("Möglichkeit geändert"), _("Möglichkeit geändert: %(text)s")),
    "paper.remove_option": (_("Möglichkeit entfernt"), _("Möglichkeit entfernt: %(text)s")),
    "paper.link_option": (
        _("Antrag zu einer Möglichkeit genannt"),
        _("Möglichkeit %(text)s: Antrag %(motion)s"),
    ),
    "procedural.record": (_("Antrag zur Geschäftsordnung"), _("Antrag zur Geschäftsordnung")),
    "meeting.plan": (_("Sitzung angelegt"), _("Sitzung angelegt: %(to)s")),
    "meeting.change": (_("Sitzung geändert"), _("Sitzung verlegt oder geändert: %(to)s")),
    "meeting.status": (_("Stand einer Sitzung geändert"), _("Stand der Sitzung: %(to)s")),
    "meeting.agenda": (_("Tagesordnung geändert"), _("Tagesordnung geändert: %(paper)s")),
    "meeting.invitation": (_("Einladung veröffentlicht"), _("Einladung: %(file)s")),
    "meeting.minutes": (_("Niederschrift veröffentlicht"), _("Niederschrift: %(file)s")),
    "council_file.take_back": (_("Datei ersetzt"), _("Datei ersetzt oder zurückgenommen")),
    "paper.hand_over": (_("Entwurf einer Fraktion gegeben"), _("Entwurf für %(group)s")),
    "paper.take_back": (
        _("Entwurf von einer Fraktion zurückgenommen"),
        _("Entwurf nicht mehr für %(group)s"),
    ),
    "paper.mark": (_("Zur Debatte vorgemerkt"), _("Zur Debatte vorgemerkt: %(group)s")),
    "paper.unmark": (_("Vormerkung zurückgenommen"), _("Vormerkung zurückgenommen: %(group)s")),
    "paper.ask": (_("Frage aus dem Rat"), _("Frage %(question)s aus dem Rat")),
    "paper.question": (
        _("Stand einer Frage aus dem Rat geändert"),
        _("Frage %(question)s: %(to)s"),
    ),
    "decision.record": (_("Entscheidung eingetragen"), _("Entscheidung eingetragen")),
    "decision.confirm": (_("Entscheidung bestätigt"), _("Entscheidung bestätigt")),
    "paper.record_positions": (
        _("Positionen zu Zielen eingetragen"),
        _("%(body)s: Positionen zu Zielen eingetragen: %(n)s"),
    ),
    "paper.correct_position": (
        _("Position zu einem Ziel berichtigt"),
        _("%(body)s: Position zu einem Ziel berichtigt"),
    ),
    "paper.confirm_positions": (
        _("Positionen zu Zielen bestätigt"),
        _("%(body)s: Positionen zu Zielen bestätigt: %(n)s"),
    ),
    "motion.draft": (_("Änderungsantrag entworfen"), _("Entwurf angelegt")),
    "motion.change": (_("Entwurf eines Änderungsantrags geändert"), _("Entwurf geändert")),
    "motion.discard": (_("Entwurf eines Änderungsantrags verworfen"), _("Entwurf verworfen")),
    "motion.enter": (
        _("Änderungsantrag eingetragen"),
        _("Änderungsantrag Ä %(number)s eingetragen"),
    ),
    "motion.status": (
        _("Stand eines Änderungsantrags geändert"),
        _("Änderungsantrag Ä %(number)s: %(to)s"),
    ),
    "motion.vote": (
        _("Abstimmung über einen Änderungsantrag eingetragen"),
        _("Abstimmung über Ä %(number)s eingetragen"),
    ),
    "motion.confirm": (
        _("Abstimmung über einen Änderungsantrag bestätigt"),
        _("Abstimmung über Ä %(number)s bestätigt"),
    ),
    "paper.consolidate": (
        _("Text mit den angenommenen Anträgen geschrieben"),
        _("Angenommene Änderungsanträge als Entwürfe geschrieben"),
    ),
}
# Of words that two of them share, the one of the step stands: it is said of papers more often.
STATES = {
    **dict(QuestionStatus.choices),
    **dict(StepOutcome.choices),
    **dict(MotionStatus.choices),
    **dict(MeetingStatus.choices),
    **dict(PaperStatus.choices),
    **dict(StepStatus.choices),
    None: _("noch offen"),
}

council_desk = [
    path("", papers.desk, name="papers"),
    path("neu/", papers.create, name="create"),
    path("berichtspflichten/", duties.duties, name="duties"),
    path("berichtspflichten/<int:duty>/", duties.deliver, name="deliver_report"),
    path("sitzungen/", meetings.meetings, name="meetings"),
    path("sitzungen/neu/", meetings.create, name="create_meeting"),
    path("sitzungen/<int:meeting>/", meetings.one, name="meeting"),
    path("sitzungen/<int:meeting>/aendern/", meetings.change, name="change_meeting"),
    path("sitzungen/<int:meeting>/datei/<slug:part>/", meetings.attach, name="attach"),
    path("sitzungen/<int:meeting>/absagen/", meetings.cancel, name="cancel_meeting"),
    path("sitzungen/<int:meeting>/<slug:name>/", meetings.deed, name="meeting_deed"),
    path("fragen/", questions.desk, name="questions"),
    path("fragen/<int:question>/", questions.one, name="question"),
    path("<int:pk>/entwurf/", questions.handover, name="handover"),
    path("<int:pk>/", papers.one, name="paper"),
    path("<int:pk>/aendern/", papers.change, name="change"),
    path("<int:pk>/vorlegen/", papers.submit, name="submit"),
    path("<int:pk>/zurueckziehen/", papers.withdraw, name="withdraw"),
    path("<int:pk>/in-kraft/", papers.adopt, name="adopt"),
    path("<int:pk>/abschliessen/", papers.close, name="close"),
    path("<int:pk>/kosten/", annexes.finance, name="finance"),
    path("<int:pk>/vorgang/neu/", annexes.name_prior, name="name_prior"),
    path("<int:pk>/vorgang/<int:prior>/entfernen/", annexes.remove_prior, name="remove_prior"),
    path("<int:pk>/alternativen/neu/", choices.new_alternative, name="new_alternative"),
    path("<int:pk>/alternativen/<int:alternative>/", choices.alternative, name="alternative"),
    path(
        "<int:pk>/alternativen/<int:alternative>/entfernen/",
        choices.drop_alternative,
        name="drop_alternative",
    ),
    path("<int:pk>/moeglichkeiten/neu/", choices.new_option, name="new_option"),
    path("<int:pk>/moeglichkeiten/<int:option>/", choices.option, name="option"),
    path(
        "<int:pk>/moeglichkeiten/<int:option>/entfernen/", choices.drop_option, name="drop_option"
    ),
    path("<int:pk>/moeglichkeiten/<int:option>/antrag/", choices.link_option, name="link_option"),
    path("<int:pk>/anlagen/neu/", annexes.add, name="add_annex"),
    path("<int:pk>/anlagen/<int:annex>/zuruecknehmen/", annexes.take_back, name="take_back"),
    path("<int:pk>/anlagen/<int:annex>/<slug:direction>/", annexes.move, name="move_annex"),
    path("<int:pk>/gremien/<int:step>/antrag/", procedural.record, name="procedural"),
    path(
        "<int:pk>/antrag/<int:motion>/berichtigen/", procedural.correct, name="correct_procedural"
    ),
    path("<int:pk>/punkte/", items.items, name="items"),
    path("<int:pk>/punkte/<int:item>/aendern/", items.change, name="change_item"),
    path("<int:pk>/punkte/<int:item>/entfernen/", items.drop, name="drop_item"),
    path("<int:pk>/punkte/<int:item>/<slug:direction>/", items.move, name="move_item"),
    path("<int:pk>/gremien/", route.steps, name="steps"),
    path("<int:pk>/gremien/<int:step>/termin/", route.schedule, name="schedule"),
    path("<int:pk>/gremien/<int:step>/beraten/", route.held, name="held"),
    path("<int:pk>/gremien/<int:step>/berichtigen/", route.correct, name="correct_step"),
    path("<int:pk>/gremien/<int:step>/entfaellt/", route.drop, name="drop_step"),
    path("<int:pk>/gremien/<int:step>/punkt/<int:item>/", decisions.record, name="record"),
    path("<int:pk>/gremien/<int:step>/ziele/", positions.record, name="record_positions"),
    path(
        "<int:pk>/gremien/<int:step>/ziele/bestaetigen/",
        positions.confirm,
        name="confirm_positions",
    ),
    path("<int:pk>/ziele/<int:position>/berichtigen/", positions.correct, name="correct_position"),
    path("<int:pk>/gremien/<int:step>/<slug:name>/", route.step_deed, name="step"),
    path("<int:pk>/ergebnis/<int:decision>/berichtigen/", decisions.correct, name="correct"),
    path("<int:pk>/ergebnis/<int:decision>/bestaetigen/", decisions.confirm, name="confirm"),
    path("<int:pk>/antraege/", motions.motions, name="motions"),
    path("<int:pk>/antraege/stellen/", motions.choose_place, name="motion_places"),
    path("<int:pk>/antraege/eintragen/", motions.enter, name="enter_motion"),
    path("<int:pk>/antraege/text-schreiben/", motions.write_text, name="write_text"),
    path("<int:pk>/antraege/text-vergleichen/", motions.compare_text, name="compare_text"),
    path("<int:pk>/antraege/<int:motion>/nicht-zulassen/", motions.refuse, name="refuse_motion"),
    path(
        "<int:pk>/antraege/<int:motion>/stimmen/<int:step>/", motion_votes.vote, name="vote_motion"
    ),
    path("<int:pk>/antraege/<int:motion>/erledigt/<int:by>/", motions.settle, name="settle_motion"),
    path("<int:pk>/antraege/<int:by>/erledigt/", motions.settle_open, name="settle_open"),
    path("<int:pk>/antraege/<int:motion>/<slug:name>/", motions.deed, name="motion_deed"),
    path("<int:pk>/stimmen/<int:vote>/berichtigen/", motion_votes.correct, name="correct_motion"),
    path("<int:pk>/stimmen/<int:vote>/bestaetigen/", motion_votes.confirm, name="confirm_motion"),
]


class CouncilItem(MenuItem):
    """Shown to the coordination office and the council office only."""

    def is_shown(self, request):
        """Ask what the pages ask."""
        return may_see_desk(request.user)


@hooks.register("register_admin_urls")
def council_urls():
    """Addresses of the desk below /admin/."""
    return [path("vorlagen/", include((council_desk, "council_desk")))]


@hooks.register("register_admin_menu_item")
def council_item():
    """The desk in the menu."""
    return CouncilItem(
        _("Rat und Beschluss"),
        reverse("council_desk:papers"),
        name="council",
        icon_name="clipboard-list",
        order=250,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Words for what the services of council log."""
    for name, (label, sentence) in LOG_ACTIONS.items():
        told = type("_Told", (Told,), {"label": label, "message": sentence})
        actions.register_action(name)(told)
