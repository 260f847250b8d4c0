"""The proof of what was handed in: canonical bytes, and their check sum under the row's salt."""

import hashlib
import hmac

from consult.contributions.services.suggestions import Proposal
from drafts.concept.snapshots import canonical_bytes


def content_hmac(salt: str, text: str, place, ref: str, proposal: Proposal | None = None) -> str:
    """The HMAC-SHA-256 over the canonical bytes of what was handed in, as 64 digits."""
    op, new_text = (proposal.op, proposal.new_text) if proposal else ("", "")
    body = handed_in(ref, text, place.target_wid, op, new_text)
    return hmac.new(bytes.fromhex(salt), body, hashlib.sha256).hexdigest()


def handed_in(ref: str, text: str, target: str, op: str = "", new_text: str = "") -> bytes:
    """The canonical bytes of what was handed in; a suggestion names operation and new wording."""
    wording = {"wording": {"new": new_text, "op": op}} if op else {}
    return canonical_bytes({"ref": ref, "text": text, "target": target, **wording})


def secret_hash(secret: str) -> str:
    """The form in which keys and tokens are stored: the SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()
