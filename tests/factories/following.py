"""What the worker does between a deed and its mails."""

from consult.following.services.gathering import gather_next
from consult.following.services.noting import note_occurrences
from consult.following.services.telling import tell_next
from consult.participants.services import send_due_notices


def tell(at) -> None:
    """Note, tell and gather until nothing is left, as the job does."""
    note_occurrences(at=at)
    while tell_next(at=at):
        pass
    while gather_next(at=at):
        pass


def tell_and_send(at) -> None:
    """The same, then the mails go out."""
    tell(at)
    while send_due_notices(at=at):
        pass
