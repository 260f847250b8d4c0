"""Public files: what their content shows them to be decides, never their name."""

import hashlib
from datetime import datetime

from wagtail.log_actions import log

from consult.council.models import CouncilFile
from consult.intake.services.files import ATTACHMENTS, kind_of, plain_name


def keep_file(*, name: str, content: bytes, at: datetime) -> CouncilFile:
    """Keep a PDF or a Word file as it came; part of a deed that has asked who may.

    Raises FileRefused where it is empty, too large, of another kind, broken, or acts by itself.
    """
    return CouncilFile.objects.create(
        name=plain_name(name),
        media_type=kind_of(content, ATTACHMENTS),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        stored_at=at,
    )


def take_back(file: CouncilFile, actor, at: datetime) -> None:
    """Empty a file that another one replaces or that must go; its row stays and says since when."""
    file.content, file.taken_back_at = b"", at
    file.save(update_fields=["content", "taken_back_at"])
    log(file, "council_file.take_back", user=actor)
