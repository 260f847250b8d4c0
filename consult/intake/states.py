"""States and vocabulary of what comes in on paper, at meetings, from surveys and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.contributions.states import Channel


class OccasionKind(models.TextChoices):
    """Where contributions were collected that nobody typed into the site's form."""

    EVENT = "event", _("Veranstaltung oder Treffen")
    LETTERS = "letters", _("Briefe und E-Mails")
    CALLS = "calls", _("Anrufe und Gespräche")
    SURVEY = "survey", _("Umfrage (Datei)")
    CARDS = "cards", _("gesammelte Karten (Datei)")


CHANNEL_OF = {
    OccasionKind.EVENT: Channel.EVENT,
    OccasionKind.LETTERS: Channel.LETTER,
    OccasionKind.CALLS: Channel.ASSISTED,
    OccasionKind.SURVEY: Channel.SURVEY,
    OccasionKind.CARDS: Channel.EVENT,
}
# What is typed in by hand, and what comes as a table.
BY_HAND = (OccasionKind.EVENT, OccasionKind.LETTERS, OccasionKind.CALLS)
BY_FILE = (OccasionKind.SURVEY, OccasionKind.CARDS)


class NoteStatus(models.TextChoices):
    """A note is a contribution only from `received` on: before that it has no number."""

    DRAFT = "draft", _("Entwurf")
    SUBMITTED = "submitted", _("wartet auf die zweite Person")
    RETURNED = "returned", _("zurückgegeben")
    RECEIVED = "received", _("eingegangen")


N = NoteStatus

NOTE_TRANSITIONS = frozenset(
    {
        (N.DRAFT, N.SUBMITTED),
        (N.RETURNED, N.SUBMITTED),
        (N.SUBMITTED, N.RETURNED),
        (N.SUBMITTED, N.RECEIVED),
    }
)
# While the words can still be changed by those who take them down.
WRITABLE = (N.DRAFT, N.RETURNED)


class ImportStatus(models.TextChoices):
    """A table is read again and again until it is handed over; nothing comes in before `approved`."""

    UPLOADED = "uploaded", _("Vorschau")
    HANDED_OVER = "handed_over", _("wartet auf die zweite Person")
    APPROVED = "approved", _("wird übernommen")
    DONE = "done", _("übernommen")
    DISCARDED = "discarded", _("verworfen")


I = ImportStatus  # noqa: E741 - only for the table below

IMPORT_TRANSITIONS = frozenset(
    {
        (I.UPLOADED, I.HANDED_OVER),
        (I.UPLOADED, I.DISCARDED),
        (I.HANDED_OVER, I.UPLOADED),
        (I.HANDED_OVER, I.APPROVED),
        (I.APPROVED, I.DONE),
    }
)


class CardStatus(models.TextChoices):
    """A printed code: on a blank card, on the receipt of a note, or replaced by a newer print."""

    BLANK = "blank", _("ausgegeben")
    USED = "used", _("gehört zu einem Beitrag")
    REPLACED = "replaced", _("ersetzt")


CARD_TRANSITIONS = frozenset(
    {(CardStatus.BLANK, CardStatus.USED), (CardStatus.USED, CardStatus.REPLACED)}
)


class InviteeKind(models.TextChoices):
    """Whom the city asks for its view by name: never a person."""

    COUNCIL_BODY = "council_body", _("Gremium oder Beirat")
    ORGANISATION = "organisation", _("Organisation")
    OFFICE = "office", _("Amt oder Behörde")


class InviteChannel(models.TextChoices):
    """How the city asked."""

    LETTER = "letter", _("Brief")
    EMAIL = "email", _("E-Mail")
    PHONE = "phone", _("Anruf")
    MEETING = "meeting", _("Sitzung oder Gespräch")


class InviteeAnswer(models.TextChoices):
    """What came back."""

    NONE = "none", _("keine Antwort")
    WITHOUT_REMARKS = "without_remarks", _("ohne Anmerkungen")
    WITH_REMARKS = "with_remarks", _("mit Anmerkungen")


# Any entry can be corrected until the round is answered; no answer is no step.
INVITEE_TRANSITIONS = frozenset(
    (old, new)
    for old in InviteeAnswer
    for new in InviteeAnswer
    if {old, new} != {InviteeAnswer.NONE}
)


class StatementStatus(models.TextChoices):
    """Whether the office knows that the organisation exists."""

    RECEIVED = "received", _("wird geprüft")
    CONFIRMED = "confirmed", _("Organisation bestätigt")


STATEMENT_TRANSITIONS = frozenset({(StatementStatus.RECEIVED, StatementStatus.CONFIRMED)})
