"""The proof of what was handed in: number, time, check sum, and the link as a picture."""

from dataclasses import dataclass
from itertools import groupby

import segno

from consult.contributions.models import Contribution
from consult.contributions.selectors import suggestion_of
from consult.contributions.services.proof import handed_in
from site_content.pages.frame import moment

QUIET_ZONE = 2


@dataclass(frozen=True)
class PictureCode:
    """A QR code to be drawn: modules a side and the outline of the dark ones."""

    size: int
    outline: str


def receipt_of(contribution: Contribution, text: str, link: str) -> dict[str, object]:
    """What the receipt box shows; without a link (not opened by its key) it has no picture.

    `line` are the bytes whose HMAC-SHA-256 under the salt is the check sum.
    """
    proposed = suggestion_of(contribution)
    wording = (proposed.bundle.op, proposed.new_text) if proposed else ("", "")
    line = handed_in(contribution.ref, text, contribution.target_wid, *wording)
    return {
        "ref": contribution.ref,
        "at": moment(contribution.received_at),
        "check_sum": contribution.content_hmac,
        "salt": contribution.salt,
        "line": line.decode(),
        "link": link,
        "code": picture_code(link) if link else None,
    }


def picture_code(link: str) -> PictureCode:
    """Return the link as a QR code (ISO/IEC 18004, error correction M) with a quiet zone."""
    code = segno.make(link, error="m", micro=False)
    rows = code.matrix_iter(border=QUIET_ZONE)
    outline = "".join(_runs(list(row), y) for y, row in enumerate(rows))
    return PictureCode(size=code.symbol_size(border=QUIET_ZONE)[0], outline=outline)


def _runs(row: list[int], y: int) -> str:
    parts, x = [], 0
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)
