"""What the coordination office and the moderation do with a round."""

from datetime import datetime, timedelta

from django.utils import timezone

from tests.journeys.people import Person


def plan_round(coordination: Person, *, now: datetime) -> str:
    """Plan a round on edition 1 whose window has begun; return its reference."""
    coordination.go("/admin/runden/neu/")
    local = timezone.localtime(now)
    coordination.choose(edition="Fassung 1")
    coordination.fill(
        title="Erste Runde",
        scope="Alles kann sich ändern.",
        afterwards="Zu jedem Thema antwortet ein Amt, am Ende entscheidet der Rat.",
        rules="Die letzte Stimme jeder Person zählt.",
        opens_at=f"{local - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        closes_at=f"{local + timedelta(days=28):%Y-%m-%dT%H:%M}",
        answer_due=f"{local + timedelta(days=60):%Y-%m-%d}",
    )
    ref = coordination.page.locator("[name=ref]").input_value()
    coordination.press("Speichern")
    coordination.reads("Die Runde ist geplant.")
    return ref


def announce_round(coordination: Person, ref: str) -> None:
    """Make the round public."""
    coordination.go(f"/admin/runden/{ref}/")
    coordination.press("Runde ankündigen")


def open_round(coordination: Person, ref: str) -> None:
    """Open the round now, unless the worker's clock has just done so."""
    coordination.go(f"/admin/runden/{ref}/")
    if coordination.page.get_by_role("button", name="Runde jetzt öffnen").count():
        coordination.press("Runde jetzt öffnen")
    coordination.go(f"/admin/runden/{ref}/")
    coordination.reads("Die Runde läuft")


def hide_reported(moderation: Person, ref: str, *, rule: str, reason: str) -> None:
    """Take the reported contribution from the queue and hide it by a reasoned decision."""
    moderation.go("/admin/moderation/meldungen/")
    moderation.follow(ref)
    moderation.pick("Verbergen")
    moderation.choose(rule=rule)
    moderation.fill(reason=reason)
    moderation.press("Entscheidung speichern")
    moderation.reads(f"Entscheidung zu {ref} gespeichert.")


def close_round(coordination: Person, ref: str) -> None:
    """Close the round before its end, for good."""
    coordination.go(f"/admin/runden/{ref}/")
    coordination.follow("Schließen vorbereiten")
    coordination.press("Runde endgültig schließen")
