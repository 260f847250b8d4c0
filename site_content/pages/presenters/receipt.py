"""The proof of what was handed in: number, time, check sum, and the link as a picture."""

from consult.contributions.models import Contribution
from consult.contributions.selectors import suggestion_of
from consult.contributions.services.proof import handed_in
from consult.intake.picture_code import picture_code
from site_content.pages.frame import moment


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
