"""Where contributions were collected: the occasion, its transcript and its scans."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.intake.models import Occasion, OfflineNote, StoredFile
from consult.intake.predicates import may_enter
from consult.intake.selectors import occasions_to_clear, tables_to_clear
from consult.intake.services.files import SCANS, store_file
from consult.intake.services.receiving import day_in_window
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted

_BULLET = re.compile(r"^\s*(?:[-–—*•·]|\d{1,3}[.)])\s+")
_BLANK_LINES = re.compile(r"\n\s*\n")


@transaction.atomic
def open_occasion(*, round_: ConsultationRound, actor, at: datetime, **fields: Any) -> Occasion:
    """Write down an occasion. Raises NotPermitted, and UnableToComment for a day outside."""
    if not may_enter(actor, round_):
        raise NotPermitted
    day_in_window(round_, fields["held_on"])
    occasion = Occasion.objects.create(round=round_, recorded_by=actor, recorded_at=at, **fields)
    log(occasion, "intake.occasion", user=actor, data={"kind": occasion.kind})
    return occasion


@transaction.atomic
def change_occasion(*, occasion: Occasion, actor, **fields: Any) -> Occasion:
    """Correct what is said of an occasion. Raises as open_occasion does."""
    if not may_enter(actor, occasion.round):
        raise NotPermitted
    day_in_window(occasion.round, fields["held_on"])
    Occasion.objects.filter(pk=occasion.pk).update(**fields)
    log(occasion, "intake.occasion_change", user=actor, data={"fields": sorted(fields)})
    return Occasion.objects.get(pk=occasion.pk)


@transaction.atomic
def add_original(
    *, occasion: Occasion, name: str, content: bytes, actor, at: datetime
) -> StoredFile:
    """Keep a scan or photo of the original for the person who checks. Raises FileRefused."""
    if not may_enter(actor, occasion.round):
        raise NotPermitted
    stored = store_file(name=name, content=content, accepted=SCANS, at=at, occasion=occasion)
    log(occasion, "intake.original", user=actor, data={"number": stored.pk})
    return stored


@transaction.atomic
def split_transcript(
    *, occasion: Occasion, text: str, by_line: bool, section_wid: str, actor, at: datetime
) -> tuple[int, int]:
    """Make a draft of each paragraph (or line) of a transcript; return (made, known already).

    The transcript is kept as the original. What stands in a note of this occasion word by word is
    not taken twice, so that a form that was sent twice does no harm. Raises NotPermitted.
    """
    if not may_enter(actor, occasion.round):
        raise NotPermitted
    occasion = Occasion.objects.select_for_update().get(pk=occasion.pk)
    known = {note.text for note in occasion.notes.all()}
    pieces = list(dict.fromkeys(pieces_of(text, by_line=by_line)))
    fresh = [piece for piece in pieces if piece not in known]
    if fresh:
        occasion.transcript = f"{occasion.transcript}\n\n{text.strip()}".strip()
        occasion.save(update_fields=["transcript"])
    _write_drafts(occasion, fresh, section_wid, actor, at)
    return len(fresh), len(pieces) - len(fresh)


def pieces_of(text: str, *, by_line: bool) -> list[str]:
    """The single contributions of a transcript, without bullets and numbers before them."""
    plain = text.replace("\r\n", "\n")
    pieces = plain.split("\n") if by_line else _BLANK_LINES.split(plain)
    return [found for piece in pieces if (found := _BULLET.sub("", piece).strip())]


def clear_originals(*, at: datetime) -> int:
    """Delete scans, transcripts and tables that are not needed any more; return of how many."""
    with transaction.atomic():
        cleared = list(occasions_to_clear(at))
        for occasion in cleared:
            forget_originals(occasion)
        tables = list(tables_to_clear(at).select_related("file"))
        for table in tables:
            forget_table(table)
    return len(cleared) + len(tables)


def forget_originals(occasion: Occasion) -> None:
    """Delete scans and transcript; the caller holds the transaction."""
    occasion.originals.all().delete()
    Occasion.objects.filter(pk=occasion.pk).update(transcript="")


def forget_table(table) -> None:
    """Delete the file of an import and the rows that were not taken."""
    StoredFile.objects.filter(table=table).delete()
    table.refresh_from_db(fields=["file"])
    table.rejected = []
    table.save(update_fields=["rejected"])


def next_position(occasion: Occasion) -> int:
    """The place after the last note."""
    return (occasion.notes.aggregate(last=Max("position"))["last"] or 0) + 1


def _write_drafts(occasion: Occasion, texts: list[str], section_wid: str, actor, at) -> None:
    first = next_position(occasion)
    OfflineNote.objects.bulk_create(
        OfflineNote(
            occasion=occasion,
            position=first + place,
            text=text,
            section_wid=section_wid,
            target_wid=section_wid,
            recorded_by=actor,
            recorded_at=at,
        )
        for place, text in enumerate(texts)
    )
