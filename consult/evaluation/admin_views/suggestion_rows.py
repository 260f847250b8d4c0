"""What the desk of suggestions shows: editions with sections, places with their working text."""

from collections import Counter, defaultdict
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.selectors import difference
from consult.contributions.states import Operation, SuggestionStatus
from consult.evaluation.selectors.suggestions import Bundle, bundles_beside, reasons_of
from consult.evaluation.services.revision import parts_of
from consult.evaluation.states import CarryState
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.rewording import WorkingText, working_texts
from drafts.editions.selectors import contents, readable_editions, section_data

Row = dict[str, Any]
REASONS = 3


def edition_rows() -> list[Row]:
    """The readable editions, newest first, with the sections in which something was suggested."""
    return [_edition_row(edition) for edition in readable_editions()]


def place_rows(edition: Edition, section_wid: str, bundles: list[Bundle]) -> list[Row]:
    """The places of a section with their working text and the suggestions for each.

    What has lost its place comes last. Most wanted suggestions come first.
    """
    parts = parts_of(section_data(edition, wid=section_wid))
    texts = working_texts(edition.concept, section_wid)
    reasons, running = reasons_of(bundles, REASONS), running_rounds(edition)
    by_place: dict[str, list[Bundle]] = defaultdict(list)
    for bundle in sorted(bundles, key=lambda found: (-found.people, found.first.ref)):
        by_place[bundle.target_wid].append(bundle)
    order = [wid for wid in parts if wid in by_place]
    order += [wid for wid in by_place if wid not in parts]
    return [
        {
            "name": parts[wid].place if wid in parts else _("Stelle entfallen"),
            "now": texts.get(wid),
            "changed": _changed(by_place[wid][0], texts.get(wid)),
            "edit_url": _edit_url(texts.get(wid)),
            "bundles": [
                {
                    **bundle_row(bundle, texts.get(wid), running),
                    "reasons": reasons[bundle.row.pk],
                }
                for bundle in by_place[wid]
            ],
        }
        for wid in order
    ]


def running_rounds(edition: Edition) -> set[int]:
    """The rounds of the concept that are not over: till then others can join a suggestion."""
    rounds = ConsultationRound.objects.filter(edition__concept=edition.concept_id)
    return set(rounds.exclude(status__in=TALLIES_READABLE).values_list("pk", flat=True))


def bundle_row(bundle: Bundle, now: WorkingText | None, running: set[int]) -> Row:
    """One bundle on the desk: words, numbers, state, whether it can be adopted as it is."""
    row = bundle.row
    is_open = row.status == SuggestionStatus.OPEN
    moved_on = now is None or content_hash(now.text) != row.base_hash
    return {
        "bundle": bundle,
        "url": reverse("suggestions_desk:one", args=[row.pk]),
        "public_url": reverse("contribution", args=[bundle.first.ref]),
        "op": row.get_op_display(),
        "parts": difference(row.op, row.old_text, row.new_text),
        "people": _people(bundle, is_over=not (running and is_open)),
        "status": row.get_status_display(),
        "is_open": is_open,
        "carried": _carried(bundle),
        "moved_on": moved_on,
        "reads_so": _reads_so(bundle, now),
        "can_decide": running.isdisjoint(author.round_id for author in bundle.authors),
        "decision": bundle.decision,
    }


def status_tabs(bundles: list[Bundle], wanted: str) -> list[Row]:
    """Filter links with counts."""
    counts = Counter(bundle.row.status for bundle in bundles)
    rows = [("", _("Alle"), len(bundles))]
    rows += [(status, capfirst(status.label), counts[status]) for status in SuggestionStatus]
    known = wanted if wanted in SuggestionStatus else ""
    return [
        {"label": label, "count": count, "url": f"?stand={name}", "current": name == known}
        for name, label, count in rows
    ]


def _edition_row(edition: Edition) -> Row:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for bundle in bundles_beside(edition):
        counts[bundle.section_wid][bundle.row.status] += 1
    names = {row["wid"]: f"{row['number']} {row['title']}".strip() for row in contents(edition)}
    return {
        "edition": edition,
        "sections": [
            {
                "name": name,
                "url": reverse("suggestions_desk:section", args=[edition.pk, wid]),
                "open": counts[wid][SuggestionStatus.OPEN],
                "all": counts[wid].total(),
            }
            for wid, name in names.items()
            if wid in counts
        ],
    }


def _people(bundle: Bundle, *, is_over: bool) -> str:
    """How many propose it; who supports it is counted once the rounds are over."""
    words = ngettext("%(n)s Person schlägt das vor", "%(n)s Personen schlagen das vor",
                     bundle.proposers) % {"n": bundle.proposers}  # fmt: skip
    others = bundle.people - bundle.proposers
    if not is_over or not others:
        return words
    return f"{words}, " + ngettext(
        "%(n)s weitere unterstützt es", "%(n)s weitere unterstützen es", others
    ) % {"n": others}


def _carried(bundle: Bundle) -> str:
    if not bundle.carried:
        return ""
    return _("aus Fassung %(n)s: %(state)s") % {
        "n": bundle.row.edition.number,
        "state": CarryState(bundle.carried).label,
    }


def _reads_so(bundle: Bundle, now: WorkingText | None) -> bool:
    if bundle.row.op == Operation.INSERT:
        return False
    if bundle.row.op == Operation.DELETE:
        return now is None
    return now is not None and now.text == bundle.row.new_text


def _changed(bundle: Bundle, now: WorkingText | None) -> bool:
    return now is not None and content_hash(now.text) != bundle.row.base_hash


def _edit_url(now: WorkingText | None) -> str:
    return reverse("wagtailadmin_pages:edit", args=[now.page.pk]) if now else ""
