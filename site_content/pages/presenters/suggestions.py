"""Residents' suggestions as readers meet them: beside a place, in a list, on their own pages.

While people take part, the order is a hash of number and day and nobody sees how many support a
wording: neither early nor loud ones have an advantage. Afterwards what most people want comes
first.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.states import SuggestionStatus, Visibility
from consult.evaluation.selectors.suggestions import (
    Bundle,
    Credit,
    bundle_of,
    bundles_beside,
    credits_in,
    reasons_of,
    supported_by,
)
from consult.evaluation.states import CarryState
from consult.records.selectors import Trace
from drafts.concept.snapshots import Data
from drafts.concept.states import Openness
from site_content.pages.presenters.discussion import Participation
from site_content.pages.presenters.figures import day, listed
from site_content.pages.presenters.wordings import shown_wording

BESIDE = 3
REASONS = 3
NAMES = 3


class Suggestions:
    """All suggestions of a section or an edition, read once, and what a reader sees of them."""

    def __init__(self, taking_part: Participation, section_wid: str = ""):
        self.taking_part = taking_part
        self.bundles = bundles_beside(taking_part.edition, section_wid)
        self.supported = supported_by(taking_part.user, self.bundles)
        self.credits = credits_in(taking_part.edition, section_wid) if section_wid else {}
        self.by_place: dict[str, list[Bundle]] = defaultdict(list)
        for bundle in in_order(self.bundles, taking_part):
            gone = bundle.carried == CarryState.GONE
            self.by_place[bundle.section_wid if gone else bundle.target_wid].append(bundle)

    def beside_blocks(self, blocks: list[Data], openness: str, slug: str) -> list[Data]:
        """Add to each numbered block what residents propose there, the way to propose, the credit."""
        return [
            {
                **block,
                **self._beside(
                    block["wid"], slug, openness, _("Absatz {no}").format(no=block["no"])
                ),
            }
            if "no" in block
            else block
            for block in blocks
        ]

    def beside_goal(self, goal: Data, slug: str) -> Data:
        """What stands beside a goal: proposals, the way to propose, on whose suggestion it is."""
        place = _("Ziel {number}").format(number=goal["number"])
        return self._beside(goal["wid"], slug, goal["openness"], place)

    def _beside(self, wid: str, slug: str, openness: str, place: str) -> Data:
        credit = self.credits.get(wid)
        return {
            "suggest_url": suggest_url(self.taking_part, slug, wid, openness),
            "suggestions": self._folded(wid, slug, place),
            "credit": credit_line(credit) if credit else "",
        }

    def _folded(self, wid: str, slug: str, place: str) -> Data | None:
        """The first few of a place and the way to all; None where there are none."""
        found = self.by_place.get(wid, [])
        if not found:
            return None
        edition = self.taking_part.edition
        url = reverse("suggestions", args=[edition.number, slug])
        return {
            "template": "contributions/_suggestions.html",
            "label": counted(len(found)),
            "place": place,
            "entries": self.entries(found[:BESIDE]),
            "all_url": f"{url}?{urlencode({'stelle': wid})}",
            "more": len(found) > BESIDE,
        }

    def entries(self, bundles: list[Bundle], *, reasons: bool = False) -> list[Data]:
        """Bundles as a reader sees them, on request with the first reasons for each."""
        said = reasons_of(bundles, REASONS) if reasons else {}
        return [
            entry(bundle, self.taking_part, self.supported, said.get(bundle.row.pk, []))
            for bundle in bundles
        ]


def counted(number: int) -> str:
    """A number of different wordings in words."""
    return ngettext("{n} Vorschlag zum Wortlaut", "{n} Vorschläge zum Wortlaut", number).format(
        n=number
    )


def in_order(bundles: Iterable[Bundle], taking_part: Participation) -> list[Bundle]:
    """A fair order while people take part, else by people; equal ones by the fair order."""
    today = timezone.localdate(taking_part.at).isoformat()

    def chance(bundle: Bundle) -> bytes:
        return hashlib.blake2b(f"{bundle.first.ref}{today}".encode()).digest()

    if taking_part.is_open:
        return sorted(bundles, key=chance)
    return sorted(bundles, key=lambda bundle: (-bundle.people, chance(bundle)))


def entry(
    bundle: Bundle,
    taking_part: Participation,
    supported: set[int],
    reasons: list[tuple[str, str]],
) -> Data:
    """One bundle: the wording, how many want it, what became of it, what one can do."""
    ref, row = bundle.first.ref, bundle.row
    return {
        "ref": ref,
        "url": reverse("contribution", args=[ref]),
        "wording": shown_wording(row.op, row.old_text, row.new_text),
        "proposers": proposers(bundle),
        "supporters": supporters(bundle, taking_part),
        "reasons": [
            {"ref": number, "text": text, "url": reverse("contribution", args=[number])}
            for number, text in reasons
        ],
        "more_reasons": max(0, len(bundle.authors) - len(reasons)) if reasons else 0,
        "status": row.get_status_display(),
        "is_open": row.status == SuggestionStatus.OPEN,
        "carried": carried(bundle),
        "decision": decision(bundle),
        "support": _support(bundle, taking_part, supported),
        "reply_url": reverse("contribution", args=[ref]) + "#schreiben",
    }


def proposers(bundle: Bundle) -> str:
    """How many people propose the wording."""
    return ngettext(
        "{n} Person schlägt das vor", "{n} Personen schlagen das vor", bundle.proposers
    ).format(n=bundle.proposers)


def supporters(bundle: Bundle, taking_part: Participation) -> str:
    """How many others support it; nothing while people can."""
    others = bundle.people - bundle.proposers
    running = taking_part.is_open and bundle.row.status == SuggestionStatus.OPEN
    if running or not others:
        return ""
    return ngettext(
        "{n} weitere Person unterstützt das", "{n} weitere Personen unterstützen das", others
    ).format(n=others)


def carried(bundle: Bundle) -> str:
    """That the bundle comes from an earlier edition, and whether it still fits."""
    states = {
        CarryState.EXACT: _("Der Vorschlag passt noch."),
        CarryState.MOVED: _("Die Stelle steht jetzt woanders. Der Vorschlag passt noch."),
        CarryState.TEXT_CHANGED: _("Der Wortlaut der Stelle wurde inzwischen geändert."),
        CarryState.GONE: _("Die Stelle gibt es nicht mehr."),
    }
    if not bundle.carried:
        return ""
    return _("Aus Fassung {n} übernommen, noch nicht entschieden. {state}").format(
        n=bundle.row.edition.number, state=states[CarryState(bundle.carried)]
    )


def decision(bundle: Bundle) -> Data | None:
    """What was decided and why; None while nothing is."""
    found = bundle.decision
    if found is None or found.outcome == SuggestionStatus.OPEN:
        return None
    icons = {
        SuggestionStatus.ADOPTED: "i-adopted",
        SuggestionStatus.AMENDED: "i-partly",
        SuggestionStatus.DECLINED: "i-not_adopted",
    }
    return {
        "outcome": capfirst(found.get_outcome_display()),
        "icon": icons[SuggestionStatus(found.outcome)],
        "reason": found.reason,
        "wording": found.wording,
        "day": day(found.decided_at),
    }


def credit_line(credit: Credit) -> str:
    """On whose suggestion a text was changed; names only of those who agree."""
    if not credit.names:
        return (
            _("Auf Vorschlag einer teilnehmenden Person")
            if credit.others < 2
            else _("Auf Vorschlag von {n} teilnehmenden Personen").format(n=credit.others)
        )
    names, others = listed(credit.names[:NAMES]), credit.others + len(credit.names[NAMES:])
    if not others:
        return _("Auf Vorschlag von {names}").format(names=names)
    return ngettext(
        "Auf Vorschlag von {names} und einer weiteren Person",
        "Auf Vorschlag von {names} und {n} weiteren Personen",
        others,
    ).format(names=names, n=others)


def on_own_page(trace: Trace, taking_part: Participation, *, is_holder: bool) -> Data | None:
    """What the page of one suggestion shows of it; None for other contributions.

    Readers meet its bundle; the holder of the receipt sees the words also while nobody else does.
    """
    suggestion = trace.suggestion
    if suggestion is None or trace.contribution.status == Visibility.ERASED:
        return None
    row, ref = suggestion.bundle, trace.contribution.ref
    bundle = bundle_of(suggestion)
    shown: Data = {
        "wording": shown_wording(row.op, row.old_text, suggestion.new_text),
        "credit": suggestion.credit_agreed if is_holder else None,
        "reply_url": _reply_url(trace, taking_part),
    }
    if bundle is None:
        return shown
    supported = supported_by(taking_part.user, [bundle])
    found = entry(bundle, taking_part, supported, [])
    others = [author for author in bundle.authors if author.ref != ref][:REASONS]
    return {
        **shown,
        **{name: found[name] for name in ("proposers", "supporters", "support", "status")},
        "others": [
            {"ref": other.ref, "url": reverse("contribution", args=[other.ref])} for other in others
        ],
        "left": len(bundle.authors) - 1 - len(others),
    }


def _reply_url(trace: Trace, taking_part: Participation) -> str:
    """The way to comment on the suggestion, in the discussion that it was written for."""
    found = trace.contribution
    is_there = found.status == Visibility.PUBLISHED and taking_part.is_open
    if not is_there or taking_part.edition.pk != found.edition_id:
        return ""
    section = found.edition.sections.filter(wid=found.section_wid).first()
    return taking_part.comment_url(section.slug, antwort=found.ref) if section else ""


def suggest_url(taking_part: Participation, slug: str, wid: str, openness: str) -> str:
    """The way to the form for a place; "" where it is fixed or nobody can take part."""
    if not taking_part.is_open or openness == Openness.FIXED:
        return ""
    url = reverse("suggest", args=[taking_part.edition.number, slug])
    return f"{url}?{urlencode({'stelle': wid})}"


def _support(bundle: Bundle, taking_part: Participation, supported: set[int]) -> Data | None:
    """The button of who is logged in, or the way to an account; None where it makes no sense."""
    if not taking_part.is_open or bundle.row.status != SuggestionStatus.OPEN:
        return None
    url = reverse("support", args=[bundle.first.ref])
    if not taking_part.signed_in:
        return {"url": url, "link": True}
    if taking_part.user.pk in {author.person for author in bundle.authors}:
        return {"own": True}
    return {"url": url, "given": bundle.row.pk in supported}
