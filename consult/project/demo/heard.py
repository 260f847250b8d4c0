"""Who felt misunderstood in the demo city, and who met a barrier there."""

from datetime import datetime, timedelta

from consult.contributions.models import Contribution
from consult.evaluation.models import Theme
from consult.evaluation.services.objections import (
    file_objection,
    settle_by_explaining,
    settle_by_rewording,
)
from consult.project.demo.story import Told
from consult.records.services.barriers import answer_barrier, report_barrier


def object_and_settle(told: Told, themes: dict[str, Theme], when: dict[str, datetime]) -> None:
    """Two authors miss their point in a theme, and both are heard."""
    first, second = list(themes.values())[:2]
    office, other = told.people["koordination"], told.people["koordination2"]
    at = when["confirmed"] + timedelta(hours=3)
    reworded = file_objection(
        contribution=_somebody_in(first),
        text="Mir ging es auch um die Wege dorthin: Abends fährt kein Bus mehr zurück.",
        at=at + timedelta(days=1),
    )
    concern = f"{first.concern} Dazu gehört, abends auch wieder nach Hause zu kommen.".strip()
    settle_by_rewording(
        objection=reworded,
        title=first.title,
        concern=concern,
        reason="Sie haben recht, das fehlte. Der Satz steht jetzt beim Thema.",
        actor=office,
        at=at + timedelta(days=2),
    )
    explained = file_objection(
        contribution=_somebody_in(second),
        text="Ich habe das als eigene Frage gemeint, nicht als Teil davon.",
        at=at + timedelta(days=2),
    )
    settle_by_explaining(
        objection=explained,
        reason="Wir haben Ihren Beitrag noch einmal gelesen. Andere fragen dasselbe, und so bekommt "
        "die Frage mehr Gewicht. Ihr Wortlaut bleibt beim Thema stehen.",
        actor=other,
        at=at + timedelta(days=3),
    )


def report_barriers(office, now: datetime) -> None:
    """Three people have reported something: one has an answer, one waits, one for too long."""
    answered = report_barrier(
        page="Themen und Antworten",
        text="Die Balken bei den Themen liest mein Vorleseprogramm ohne Zahlen vor.",
        contact="",
        language="de",
        at=now - timedelta(days=20),
    )
    answer_barrier(
        report=answered,
        answer="Danke für den Hinweis. Unter jedem Balken stehen die Zahlen jetzt auch als Text.",
        actor=office,
        at=now - timedelta(days=12),
    )
    report_barrier(
        page="Gebärdensprache",
        text="Wann kommt das Video in Gebärdensprache? Ich möchte in der zweiten Runde mitreden.",
        contact="",
        language="de",
        at=now - timedelta(days=6),
    )
    report_barrier(
        page="Fassungsvergleich",
        text="Auf dem Telefon ist die Schrift bei den Änderungen sehr klein.",
        contact="",
        language="de",
        at=now - timedelta(days=45),
    )


def _somebody_in(theme: Theme) -> Contribution:
    return (
        Contribution.objects.published()
        .filter(assignments__theme=theme, assignments__is_current=True)
        .select_related("round")
        .order_by("pk")[0]
    )
