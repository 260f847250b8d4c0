"""A link as a QR code, drawn as one outline."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 2


@dataclass(frozen=True)
class PictureCode:
    """A QR code to be drawn: modules a side and the outline of the dark ones."""

    size: int
    outline: str


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
