"""What became of a round: the ledger, the themes with their answers, the single voices."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.models import (
    Assignment,
    Change,
    LedgerEntry,
    Response,
    ResponseText,
    Revision,
)
from consult.evaluation.selectors import (
    changes_by_answer,
    current_members,
    ledger_history,
    ledger_sums,
    owed_answers,
    public_themes,
    released_texts,
    sums_of,
    unassigned,
    words_of_single_voices,
)
from consult.evaluation.states import Outcome, ThemeKind
from consult.rounds.models import ConsultationRound
from drafts.editions.models import Edition
from drafts.editions.selectors import contents
from site_content.pages.frame import moment
from site_content.pages.presenters.answer_words import answer_words, languages_of_reader
from site_content.pages.presenters.figures import (
    Bar,
    day,
    listed,
    stacked_bar,
    stance_bar,
    voices,
    voices_of,
)
from site_content.pages.presenters.quoting import isolated, quote_of

Shown = dict[str, Any]

# Up to this many contributions a theme is marked, so that it is not overlooked.
FEW_VOICES = 3
LEDGER_PARTS = [
    ("published", "f-brand"),
    ("hidden", "hatch"),
    ("withdrawn", "dots"),
    ("erased", "f-ink"),
    ("in_review", "f-sunk"),
]


@dataclass(frozen=True)
class Report:
    """All that may be read of a round's themes; entries as in selectors.public_themes."""

    round: ConsultationRound
    entries: list[Shown]
    sections: dict[str, str]
    order: dict[str, int]
    owed: dict[int, Response] = field(default_factory=dict)
    changes: Mapping[int | None, list[Change]] = field(default_factory=dict)
    texts: Mapping[int, list[ResponseText]] = field(default_factory=dict)

    def of_kind(self, kind: ThemeKind) -> list[Shown]:
        """The themes, or the single voices."""
        return [entry for entry in self.entries if entry["theme"].kind == kind]

    def section(self, wid: str) -> str:
        """Number and title of a section of the round's edition."""
        return self.sections.get(wid, "")


def report_of(round_: ConsultationRound) -> Report:
    """Read what is public of a round that was closed."""
    sections = contents(round_.edition)
    entries = public_themes(round_)
    return Report(
        round=round_,
        entries=entries,
        sections={found["wid"]: section_name(found) for found in sections},
        order={found["wid"]: place for place, found in enumerate(sections)},
        owed=owed_answers(round_),
        changes=changes_by_answer(round_),
        texts=released_texts(entry["response"] for entry in entries if entry["response"]),
    )


def section_name(section: Shown) -> str:
    """Number and title of a section in `contents`."""
    return f"{section['number']} {section['title']}".strip()


# --- the ledger ----------------------------------------------------------------------------------


def ledger(round_: ConsultationRound) -> Shown:
    """The sums as they are now, their bar, and the stored states with their times."""
    sums = ledger_sums(round_)
    words = _ledger_words()
    parts = [
        {"code": code, "word": words[code], "number": sums[code], "fill": fill}
        for code, fill in LEDGER_PARTS
        if code != "in_review" or sums["in_review"]
    ]
    history = list(ledger_history(round_))
    return {
        "received": sums["received"],
        "parts": parts,
        "bar": _ledger_bar(sums["received"], parts),
        "history": [_ledger_row(entry) for entry in history],
        "is_corrected": any(entry.occasion == "correction" for entry in history),
        "changed_since": bool(history) and sums_of(history[-1]) != sums,
    }


def _ledger_words() -> dict[str, str]:
    return {
        "published": _("veröffentlicht"),
        "hidden": _("verborgen"),
        "withdrawn": _("zurückgezogen"),
        "erased": _("gelöscht"),
        "in_review": _("in Prüfung"),
    }


def _ledger_bar(received: int, parts: list[Shown]) -> Bar:
    phrases = [_("{n} {word}").format(n=part["number"], word=part["word"]) for part in parts]
    label = _("Von {n} eingegangenen Beiträgen sind: {parts}.").format(
        n=received, parts=listed(phrases)
    )
    return stacked_bar(label, [(part["number"], part["fill"]) for part in parts])


def _ledger_row(entry: LedgerEntry) -> Shown:
    return {"occasion": entry.get_occasion_display(), "at": moment(entry.at), **sums_of(entry)}


# --- themes and single voices --------------------------------------------------------------------


def outcome_sentence(entries: list[Shown]) -> str:
    """Say how many entries have which published answer, and how many wait for theirs."""
    if not entries:
        return ""
    counts = Counter(entry["response"].outcome if entry["response"] else "" for entry in entries)
    phrases = [
        _("{n} {outcome}").format(n=counts[code], outcome=_small(str(label)))
        for code, label in Outcome.choices
        if counts[code]
    ]
    if counts[""]:
        phrases.append(
            ngettext("{n} wartet auf die Antwort", "{n} warten auf die Antwort", counts[""]).format(
                n=counts[""]
            )
        )
    return _("Antworten der Stadt: {parts}.").format(parts=listed(phrases))


def _small(label: str) -> str:
    # Only the first letter: German nouns inside keep theirs.
    return label[:1].lower() + label[1:]


def shown_entries(report: Report, entries: list[Shown], today: date) -> list[Shown]:
    """The entries of one page with everything that a template shows of them, in two queries.

    A quote or a cited contribution that is no longer public, or no longer in the theme, is left
    out.
    """
    refs = {ref for entry in entries for ref in _refs(entry)}
    members = current_members(report.round, refs)
    shown = [_shown_entry(report, entry, members, today) for entry in entries]
    _add_own_words(entries, shown)
    return shown


def _add_own_words(entries: list[Shown], shown: list[Shown]) -> None:
    """A single voice is shown in full: its words are public without anybody's choice."""
    single = [e["theme"] for e in entries if e["theme"].kind == ThemeKind.SINGLE_VOICE]
    words = words_of_single_voices(single) if single else {}
    for entry, view in zip(entries, shown, strict=True):
        contribution = words.get(entry["theme"].pk)
        if contribution is not None:
            view["quotes"] = [quote_of(contribution, contribution.comment_row.comment)]


def _shown_entry(
    report: Report, entry: Shown, members: dict[str, Assignment], today: date
) -> Shown:
    theme = entry["theme"]
    here = {ref: row for ref, row in members.items() if row.theme_id == theme.pk}
    return {
        "number": theme.number,
        "title": theme.title,
        "concern": theme.concern,
        "url": theme_url(report.round, theme.number),
        "section": report.section(theme.section_wid),
        "size": entry["size"],
        "voices": voices(entry["size"], entry["people"]),
        "voices_of": voices_of(entry["size"], entry["people"]),
        "few": entry["size"] <= FEW_VOICES,
        "bar": stance_bar(entry["stances"]),
        "all_label": ngettext(
            "{n} Beitrag zum Thema „{title}“ lesen",
            "Alle {n} Beiträge zum Thema „{title}“ lesen",
            entry["size"],
        ).format(n=entry["size"], title=theme.title),
        **_summary(entry["summary"], here),
        **answer(report, entry, today),
    }


def _refs(entry: Shown) -> list[str]:
    summary = entry["summary"]
    if summary is None:
        return []
    cited = [ref for line in summary.sentences for ref in line["cites"]]
    return [*cited, *(quote["ref"] for quote in summary.quotes)]


def _summary(summary, members: dict[str, Assignment]) -> Shown:
    if summary is None:
        return {"quotes": [], "sentences": [], "released": "", "reworded": ""}
    return {
        "quotes": [
            quote_of(members[quote["ref"]].contribution, quote["text"])
            for quote in summary.quotes
            if quote["ref"] in members
        ],
        "sentences": [
            {
                "text": isolated(line["sentence"]),
                "template": isolated(line.get("template", "")),
                "cites": [
                    {"ref": ref, "url": reverse("contribution", args=[ref])}
                    for ref in line["cites"]
                    if ref in members
                ],
            }
            for line in summary.sentences
        ],
        "released": _("Freigegeben von {name} am {day}.").format(
            name=summary.released_by, day=day(summary.released_at)
        ),
        "reworded": _reworded(summary),
    }


def _reworded(summary) -> str:
    """Say which language model had a hand in the sentences, if one had."""
    if not any("template" in line for line in summary.sentences):
        return ""
    how = summary.method["rewording"]
    return _(
        "Ein Sprachmodell ({model}) hat Sätze umformuliert. Jeder wurde nach festen Regeln gegen "
        "die belegten Beiträge geprüft. Der berechnete Satz steht darunter. Prüfsummen (SHA-256): "
        "Anweisung {instruction}, Eingabe {input}."
    ).format(model=how["model"], instruction=how["instruction"][:16], input=how["input"][:16])


def answer(report: Report, entry: Shown, today: date) -> Shown:
    """The published answer with the changes it led to, or by when it is promised."""
    response = entry["response"]
    if response is None:
        return {"answer": None, "waiting": _waiting(report, entry["theme"].pk, today)}
    return {
        "answer": {
            "outcome": response.get_outcome_display(),
            "icon": f"i-{response.outcome}",
            **answer_words(response, report.texts.get(response.pk, []), languages_of_reader()),
            "department": response.lead_department.name,
            "day": day(response.published_at),
            "changes": change_links(report.changes.get(response.pk, [])),
        },
        "waiting": None,
    }


def change_links(changes: list[Change]) -> list[Shown]:
    """Where each change of the text can be read."""
    return [
        {
            "label": _("Änderung Nr. {n}: {place}").format(
                n=change_number(change), place=change.place
            ),
            "url": change_url(next_edition(change.revision).number, change),
        }
        for change in changes
    ]


def next_edition(revision: Revision) -> Edition:
    """The edition that a released revision led to."""
    return cast(Edition, revision.to_edition)


def change_number(change: Change) -> int:
    """The number under which a change is shown and linked."""
    return change.position + 1


def change_url(edition_number: int, change: Change) -> str:
    """The permanent address of a change."""
    page = reverse("changes", args=[edition_number])
    return f"{page}#aenderung-{change_number(change)}"


def theme_url(round_: ConsultationRound, number: int) -> str:
    """The permanent address of a theme or single voice."""
    return reverse("theme", args=[round_.ref, number])


def _waiting(report: Report, theme_pk: int, today: date) -> Shown:
    owed = report.owed.get(theme_pk)
    due = owed.due_on if owed else report.round.answer_due
    is_late = due < today
    if is_late:
        text = _("Überfällig: Die Antwort war bis {day} versprochen.")
    else:
        text = _("Antwort bis {day}")
    return {
        "text": text.format(day=day(due)),
        "late": is_late,
        "department": owed.lead_department.name if owed else "",
    }


# --- every contribution has its place ------------------------------------------------------------


def placement(report: Report) -> Shown:
    """Themes, single voices and contributions a section; the sum is all published ones."""
    rows: dict[str, Shown] = {}
    for entry in report.entries:
        theme = entry["theme"]
        row = rows.setdefault(
            theme.section_wid,
            {"section": report.section(theme.section_wid), "themes": 0, "single": 0, "size": 0},
        )
        row["single" if theme.kind == ThemeKind.SINGLE_VOICE else "themes"] += 1
        row["size"] += entry["size"]
    ordered = sorted(rows.items(), key=lambda pair: report.order.get(pair[0], len(report.order)))
    without = unassigned(report.round).count()
    return {
        "rows": [row for _wid, row in ordered],
        "without": without,
        "themes": sum(row["themes"] for row in rows.values()),
        "single": sum(row["single"] for row in rows.values()),
        "size": sum(row["size"] for row in rows.values()) + without,
    }
