"""What has happened in the demo city so far: told through the same services as the real thing.

The story ends today: round 1 is answered, edition 2 is released, round 2 is open, one paper is on
its way through the bodies and the next one is being prepared.
"""

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.moderation import (
    complain,
    decide,
    decide_complaint,
    report,
)
from consult.contributions.services.voting import cast_vote
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Channel, Choice, ComplaintOutcome, Measure, Rule
from consult.evaluation.services.closing import close_round
from consult.project.demo.people import CONTENT
from consult.project.demo.wordings import proposal_for, support_wordings
from consult.rounds.models import ConsultationRound
from consult.rounds.services import announce_round, open_round, plan_round, start_pre_moderation
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data

SECTION_NAMES = {
    "Vorwort": "Vorwort",
    "Zielgruppen": "Für wen dieses Konzept gilt",
    "Anhang": "Anhang: Wie wir das Konzept fortschreiben",
}

RULES = (
    "Gezählt wird je Ziel die letzte Stimme jeder Person mit bestätigter E-Mail-Adresse. "
    "Ergebnisse zeigen wir nach Ende der Runde, getrennt nach Personen mit und ohne erklärten "
    "Wohnort; keine Klasse zählt mehr als eine andere. Meinungsgruppen berechnen wir nach dem "
    "Verfahren von Polis und nennen sie nur mit Buchstaben. Zahlen unter zehn zeigen wir nicht. "
    "Umstritten heißt ein Ziel, wenn mindestens ein Drittel der Stimmen dagegen ist oder eine "
    "Gruppe mehrheitlich nicht zustimmt."
)
SCOPE = (
    "Alle Abschnitte und Ziele können sich ändern, außer den drei Zielen, die ein Gesetz vorgibt. "
    "Bei diesen steht der Grund dabei."
)
AFTERWARDS = (
    "Jeder Beitrag wird einem Thema zugeordnet. Zu jedem Thema antwortet das zuständige Amt mit "
    "Begründung; die Koordinierungsstelle Integration veröffentlicht die Antworten. Danach wird "
    "der Text überarbeitet. Am Ende entscheidet die Stadtverordnetenversammlung."
)

# How the three leanings vote: probability to agree, for goals that divide people.
DIVIDED = {
    "3.2": (0.93, 0.32, 0.70),
    "3.4": (0.90, 0.28, 0.55),
    "4.4": (0.85, 0.62, 0.95),
    "5.3": (0.92, 0.30, 0.62),
    "6.2": (0.84, 0.80, 0.72),
    "6.3": (0.93, 0.25, 0.48),
    "6.4": (0.90, 0.52, 0.86),
    "7.4": (0.91, 0.18, 0.45),
    "8.1": (0.95, 0.42, 0.82),
    "9.1": (0.96, 0.22, 0.52),
    "9.2": (0.91, 0.35, 0.58),
    "9.3": (0.93, 0.20, 0.44),
    "10.2": (0.58, 0.90, 0.62),
    "10.4": (0.90, 0.66, 0.80),
}
SHARED = (0.92, 0.82, 0.90)
PASS_SHARE = 0.10


@dataclass
class Told:
    """What the story needs to remember between its parts."""

    people: dict[str, Any]
    residents: dict[str, tuple[Any, str]]
    contributions: dict[str, Contribution] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)


def moments(now: datetime) -> dict[str, datetime]:
    """The dates of the story, counted back from now, at whole hours of the city's time."""

    def at(days: int, hour: int, minute: int = 0) -> datetime:
        day = timezone.localdate(now) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    return {
        "released": at(-92, 11),
        "announced": at(-91, 9),
        "translated": at(-86, 10),
        "opened": at(-84, 8),
        "closed": at(-42, 23, 59),
        "confirmed": at(-36, 14),
        "drafted": at(-28, 10),
        "published": at(-19, 9),
        "answered": at(-18, 16),
        "revised": at(-15, 11),
        "second_announced": at(-14, 9),
        "translated_again": at(-11, 15),
        "second_opened": at(-9, 8),
        "second_closes": at(26, 23, 59),
        "second_answers": at(82, 12),
        "tabled": at(-12, 10),
        "hearing": at(-5, 18),
    }


def first_round(edition: Edition, told: Told, when: dict[str, datetime]) -> ConsultationRound:
    """Plan, announce and open round 1, let people write and vote, moderate, close."""
    round_ = _open(
        edition,
        told,
        when,
        f"{when['opened'].year}-R1",
        "Erste Runde: der Entwurf",
        ("announced", "opened", "closed"),
        (when["closed"] + timedelta(days=40)).date(),
    )
    lines = [*_lines("beitraege-a.jsonl"), *_lines("beitraege-b.jsonl")]
    _write(lines, edition, told, when["opened"], when["closed"])
    _vote(edition, told, when["opened"], when["closed"])
    _moderate(told, when["closed"] - timedelta(days=2))
    support_wordings(told, round_, when["closed"] - timedelta(days=1))
    return close_round(round_=round_, actor=None, at=when["closed"])


def second_round(edition: Edition, told: Told, when: dict[str, datetime], now: datetime):
    """Open round 2 on the revised edition; people have begun to write."""
    round_ = _open(
        edition,
        told,
        when,
        f"{when['second_opened'].year}-R2",
        "Zweite Runde: die neue Fassung",
        ("second_announced", "second_opened", "second_closes"),
        when["second_answers"].date(),
    )
    _write(_lines("beitraege-runde2.jsonl"), edition, told, when["second_opened"], now)
    _vote(edition, told, when["second_opened"], now, share=0.25)
    support_wordings(told, round_, now)
    _open_cases(round_, edition, told, now)
    return round_


def _open(edition, told, when, ref, title, names, answer_due) -> ConsultationRound:
    _announced, opened, closes = (when[name] for name in names)
    coordination = told.people["koordination"]
    round_ = plan_round(
        actor=coordination,
        ref=ref,
        title=title,
        edition=edition,
        scope=SCOPE,
        rules=RULES,
        afterwards=AFTERWARDS,
        opens_at=opened,
        closes_at=closes,
        answer_due=answer_due,
    )
    announce_round(round_=round_, actor=coordination)
    return open_round(round_=round_, actor=coordination, at=opened)


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CONTENT / name).read_text().splitlines() if line]


def _write(lines, edition: Edition, told: Told, start: datetime, end: datetime) -> None:
    sections = _by_number(edition)
    for number, line in enumerate(lines, start=1):
        section = sections[line["section"]]
        place = find_place(edition, section["wid"], _target(section, line["target"]))
        reply_to = told.contributions.get(line["reply_to"])
        user, _leaning = told.residents[line["person"]]
        words = Words(
            text=line["text"],
            stance=line["stance"],
            display_name=user.pseudonym,
            reply_to=reply_to.ref if reply_to else "",
            proposal=proposal_for(line["id"], place),
        )
        receipt = _hand_in(
            line,
            place,
            words,
            user,
            start + (end - start) * _share_of_time(number / (len(lines) + 1)),
        )
        told.contributions[line["id"]] = receipt.contribution
        told.themes[receipt.contribution.ref] = line.get("theme", "")


def _share_of_time(share: float) -> float:
    """When this share of the contributions is in: most people write in the first and last days."""
    return (share + (1 - math.cos(math.pi * share)) / 2) / 2


def _hand_in(line, place, words: Words, user, at: datetime):
    # Now and then somebody writes without an account and confirms by mail.
    if line["channel"] == "online" and not user.pseudonym and not words.reply_to:
        token = submit_as_guest(
            place=place, words=words, email=user.email, language=user.language, at=at
        )
        return confirm_submission(token=token, at=at + timedelta(minutes=7))
    return submit_comment(
        place=place, words=words, participant=user, at=at, channel=Channel(line["channel"])
    )


def _by_number(edition: Edition) -> dict[str, Any]:
    found = {}
    for section in section_data(edition):
        found[section["number"] or section["text"]["title"]] = section
    for short, title in SECTION_NAMES.items():
        found[short] = next(
            section
            for name, section in found.items()
            if name in {title, title.split(":")[0]} or section["text"]["title"] == title
        )
    return found


def _target(section: dict[str, Any], target: str) -> str:
    if target.startswith("¶"):
        number = int(target[1:])
        return next((b["wid"] for b in section["text"]["blocks"] if b.get("no") == number), "")
    return next((goal["wid"] for goal in section["goals"] if goal["number"] == target), "")


def _vote(edition, told: Told, start: datetime, end: datetime, share: float = 1.0) -> None:
    chance = random.Random(f"lindenau {edition.number}")  # noqa: S311 - a demo, not a secret
    goals = [goal for goal in edition.goals.order_by("pk") if goal.openness == "open"]
    voters = [pair for pair in told.residents.values() if chance.random() < 0.92 * share]
    for goal in goals:
        goal.edition = edition
    for user, leaning in voters:
        at = start + (end - start) * chance.random()
        for goal in chance.sample(goals, k=chance.randint(10, 21)):
            cast_vote(goal=goal, participant=user, choice=_choice(goal, leaning, chance), at=at)


def _choice(goal, leaning: str, chance: random.Random) -> Choice:
    if chance.random() < PASS_SHARE:
        return Choice.PASS
    likely = DIVIDED.get(goal.number, SHARED)["ABC".index(leaning)]
    return Choice.AGREE if chance.random() < likely else Choice.DISAGREE


def _moderate(told: Told, at: datetime) -> None:
    """Two texts are hidden, one of them wrongly; two people take theirs back."""
    first, second = told.people["moderation"], told.people["moderation2"]
    roots = [found for found in told.contributions.values() if found.participant_id]
    hurt, wronged, *_rest = _without_replies(told, roots)[40:60]
    report(
        contribution=hurt,
        rule=Rule.PERSONAL_DATA,
        text="Hier kann man erkennen, um welche Nachbarin es geht.",
        contact="",
        at=at,
    )
    decide(
        contribution=hurt,
        measure=Measure.HIDE,
        rule=Rule.PERSONAL_DATA,
        reason="Der Text beschreibt eine einzelne Nachbarin so genau, dass man sie erkennt. Ohne "
        "diese Angaben können Sie Ihr Anliegen gern noch einmal schreiben.",
        actor=first,
        at=at,
    )
    decision = decide(
        contribution=wronged,
        measure=Measure.HIDE,
        rule=Rule.OFF_TOPIC,
        reason="Der Beitrag nennt keinen Bezug zu dieser Stelle des Entwurfs.",
        actor=first,
        at=at,
    )
    complaint = complain(
        decision=decision,
        text="Mein Beitrag gehört genau zu diesem Abschnitt. Bitte lesen Sie ihn noch einmal.",
        at=at + timedelta(hours=5),
    )
    decide_complaint(
        complaint=complaint,
        outcome=ComplaintOutcome.REVERSED,
        reason="Sie haben recht: Der Beitrag passt zum Abschnitt. Er ist wieder zu lesen.",
        actor=second,
        at=at + timedelta(hours=20),
    )
    for taken_back in _without_replies(told, roots)[90:92]:
        withdraw(contribution=taken_back, actor=taken_back.participant, at=at)


def _open_cases(round_, edition: Edition, told: Told, now: datetime) -> None:
    """Leave something to do for the moderators: a report and a text that is held."""
    second = [c for c in told.contributions.values() if c.round_id == round_.pk]
    report(
        contribution=second[6],
        rule=Rule.INSULT,
        contact="",
        text="Der Ton gegen die Leute im Bürgeramt ist verletzend.",
        at=now - timedelta(hours=9),
    )
    section = _by_number(edition)["9"]
    start_pre_moderation(
        round_=round_,
        actor=told.people["koordination"],
        section_wid=section["wid"],
        reason="In diesem Abschnitt gab es Beiträge, die einzelne Menschen angegriffen haben. "
        "Eine Woche lang liest die Moderation neue Beiträge, bevor sie erscheinen.",
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=6),
    )
    user, _leaning = told.residents["b001"]
    submit_comment(
        place=find_place(edition, section["wid"], section["goals"][0]["wid"]),
        words=Words(
            text="Eine Stelle, die wirklich unabhängig ist, braucht auch ein Büro außerhalb vom "
            "Rathaus. Sonst geht da keiner hin, der gerade Ärger mit dem Rathaus hat.",
            stance="idea",
            display_name=user.pseudonym,
        ),
        participant=user,
        at=now - timedelta(hours=3),
    )


def _without_replies(told: Told, found: Iterable[Contribution]) -> list[Contribution]:
    threads: dict[int, list[int]] = defaultdict(list)
    rows = {c.pk: c.comment_row for c in told.contributions.values()}
    for pk, row in rows.items():
        threads[row.thread_id].append(pk)
    theme_sizes = Counter(told.themes.values())
    return [
        c
        for c in found
        if len(threads[rows[c.pk].thread_id]) == 1 and theme_sizes[told.themes[c.ref]] > 12
    ]
