"""What is written to the log says nothing of a person."""

import logging
import re

MASK = "…"
# Keys in addresses: receipt, reported barrier, confirmation of a text, a reporter's decision,
# what is followed, an address, a password.
_KEYS = re.compile(
    r"(/(?:beleg|barriere-melden|bestaetigen|melden/entscheidung|verfolgen/bestaetigen|verfolgen/gast|abbestellen|"
    r"confirm-email|password/reset/key)/)[^/?#\s'\"]+"
)
_ADDRESSES = re.compile(r"[^\s'\"<>(){}\[\],;:/]+@[^\s'\"<>(){}\[\],;:/]+")
# PostgreSQL quotes the row that it refuses.
_ROWS = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Masks keys in addresses of pages, e-mail addresses and quoted rows, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Format as usual, then mask."""
        return discreet(super().format(record))


def discreet(text: str) -> str:
    """Return the text without keys, addresses and rows."""
    text = _KEYS.sub(rf"\1{MASK}", text)
    text = _ADDRESSES.sub(MASK, text)
    return _ROWS.sub(rf"\1: {MASK}", text)
