"""Telling authors that an answer can be read in a language of theirs."""

from datetime import datetime
from typing import Any

from consult.contributions.models import Contribution
from consult.contributions.services.notices import author_address
from consult.evaluation.models import Response, ResponseText
from consult.evaluation.selectors import chosen_text, released_texts
from consult.participants.services import queue_notice


def tell_of_version(*, response: Response, language: str, at: datetime) -> None:
    """Queue a mail to every author whose answer can now be read in this language.

    What the German answer is, they have been told when it was published. The caller holds the
    transaction. Nobody is told twice in one language.
    """
    texts = released_texts([response])[response.pk]
    authors = Contribution.objects.filter(
        assignments__theme=response.theme, assignments__is_current=True
    ).select_related("participant", "guest_contact")
    for contribution in authors:
        recipient = author_address(contribution)
        if not recipient:
            continue
        text = chosen_text(texts, languages_of_author(contribution, recipient))
        if text and text.language == language:
            queue_notice(
                key=f"answer:{response.pk}:{language}:{contribution.ref}",
                template="answer",
                context=_context(response, contribution, text),
                at=at,
                **recipient,
            )


def languages_of_author(contribution: Contribution, recipient: dict[str, Any]) -> list[str]:
    """The languages in which an author is answered, the preferred one first.

    That is the one which they chose for themselves, then the one which they wrote in. German is
    what the account begins with and no choice against a language that somebody wrote in.
    """
    own = recipient["user"].language if "user" in recipient else recipient["language"]
    return [own, contribution.language]


def _context(
    response: Response, contribution: Contribution, text: ResponseText
) -> dict[str, object]:
    return {
        "ref": contribution.ref,
        "theme": response.theme.title,
        "outcome": response.outcome,
        "reason": response.reason,
        "department": response.lead_department.name,
        "own_reason": text.reason,
        "service": text.service,
    }
