"""What people say and how they vote.

`Contribution` is the root of everything that is said: receipts, moderation, themes, answers and
the ledger point only to it. `Comment` (a django-comments-xtd row) holds its words and its place
in the thread. `Ballot` knows no account.
"""

import secrets
import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment

from consult.contributions.states import (
    LISTED,
    Channel,
    Choice,
    ComplaintOutcome,
    Kind,
    Measure,
    Operation,
    Rule,
    Stance,
    SuggestionStatus,
    Visibility,
)
from consult.participants.fields import (
    AddressHashField,
    EncryptedEmailField,
    EncryptedJSONField,
)
from consult.participants.states import VerificationClass


def new_salt() -> str:
    """Return 128 random bits for the HMAC of a contribution."""
    return secrets.token_hex(16)


class ContributionQuerySet(models.QuerySet):
    def published(self):
        """Contributions whose words anybody may read."""
        return self.filter(status=Visibility.PUBLISHED)

    def listed(self):
        """Contributions that stand in a public list, as text or as a stub."""
        return self.filter(status__in=LISTED)

    def in_review(self):
        """Contributions that a moderator has to decide on first."""
        return self.filter(status=Visibility.HELD)


class Contribution(models.Model):
    """Something that was received in a round, at a place of a frozen edition."""

    ref = models.CharField(_("Nummer"), max_length=30, unique=True)
    round = models.ForeignKey(
        "rounds.ConsultationRound", models.PROTECT, related_name="contributions"
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.COMMENT)
    stance = models.CharField(_("Art"), max_length=10, choices=Stance)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    status = models.CharField(max_length=10, choices=Visibility)
    language = models.CharField(max_length=12)
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    section_wid = models.CharField(max_length=36)
    target_wid = models.CharField(max_length=36)
    quote = models.TextField(blank=True)
    quote_language = models.CharField(max_length=12, default="de")
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="contributions"
    )
    verification_class = models.CharField(max_length=20, choices=VerificationClass)
    display_name = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    status_since = models.DateTimeField()
    withdrawal_reason = models.TextField(_("Grund des Zurückziehens"), blank=True)
    decide_by = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default=new_salt, blank=True)
    content_hmac = models.CharField(max_length=64, blank=True)
    receipt_key_hash = models.CharField(max_length=64, unique=True)
    # The name of the words' sentence vector; empty while a worker has still to compute it.
    vector_key = models.CharField(max_length=64, blank=True)
    # How often that was begun and not finished; after a few times the words are set aside.
    vector_attempts = models.PositiveSmallIntegerField(default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beitrag")
        verbose_name_plural = _("Beiträge")
        indexes = [
            models.Index(fields=["edition", "section_wid", "status"], name="section_discussion"),
            models.Index(fields=["round", "status"], name="round_ledger"),
            models.Index(fields=["decide_by"], condition=Q(status="held"), name="moderation_queue"),
            models.Index(
                fields=["id"],
                condition=Q(vector_key="", status__in=["held", "published"]),
                name="vectors_due",
            ),
            models.Index(fields=["vector_key"], condition=~Q(vector_key=""), name="vectors_noted"),
        ]

    def __str__(self):
        return self.ref


class Comment(XtdComment):
    """The words of a contribution and its place in a thread, written once.

    Its key is the contribution's. Name, mail, address and follow-up fields of the library stay
    empty; `is_public` and `is_removed` mirror the status and are written by its gate alone.
    """

    # The library's own reverse name would be "comment", which is the name of its text field.
    xtdcomment_ptr = models.OneToOneField(
        XtdComment, models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )
    contribution = models.OneToOneField(Contribution, models.CASCADE, related_name="comment_row")

    class Meta:
        verbose_name = _("Wortlaut")


class SuggestionBundle(models.Model):
    """Suggestions with the same effect: people support them and staff decide on them together.

    `old_text` is the frozen wording that they refer to and `base_hash` its SHA-256. `effect` is
    equal where place, operation and resulting words are; "" once nobody's words are left.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    section_wid = models.CharField(max_length=36)
    target_wid = models.CharField(max_length=36)
    op = models.CharField(max_length=10, choices=Operation)
    old_text = models.TextField()
    new_text = models.TextField(blank=True)
    base_hash = models.CharField(max_length=64)
    effect = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        max_length=15, choices=SuggestionStatus, default=SuggestionStatus.OPEN
    )

    class Meta:
        verbose_name = _("Bündel gleicher Änderungsvorschläge")
        verbose_name_plural = _("Bündel gleicher Änderungsvorschläge")
        constraints = [
            models.UniqueConstraint(
                fields=["effect"],
                condition=Q(status="open") & ~Q(effect=""),
                name="one_open_bundle_an_effect",
            )
        ]
        indexes = [models.Index(fields=["edition", "section_wid"], name="section_bundles")]

    def __str__(self):
        return f"{self.op} {self.target_wid}"


class Suggestion(models.Model):
    """The other wording that a contribution proposes, as its author wrote it.

    The reason for it are the contribution's words. `credit_agreed` is the author's consent to be
    named beside the changed text.
    """

    contribution = models.OneToOneField(Contribution, models.CASCADE, related_name="suggestion")
    bundle = models.ForeignKey(SuggestionBundle, models.PROTECT, related_name="suggestions")
    new_text = models.TextField(blank=True)
    credit_agreed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Änderungsvorschlag")
        verbose_name_plural = _("Änderungsvorschläge")

    def __str__(self):
        return f"{self.contribution.ref}"


class SuggestionSupport(models.Model):
    """A person wants the text changed as the suggestions of a bundle say."""

    bundle = models.ForeignKey(SuggestionBundle, models.CASCADE, related_name="supports")
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="suggestion_supports"
    )
    verification_class = models.CharField(max_length=20, choices=VerificationClass)
    given_on = models.DateField()

    class Meta:
        verbose_name = _("Unterstützung eines Änderungsvorschlags")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "participant"], name="one_support_a_person")
        ]

    def __str__(self):
        return f"{self.bundle} {self.given_on}"


class ContributionTranslation(models.Model):
    """What a service made of a contribution's words in another language; the row is the job.

    It is shown beside the original and goes with it. It is never analysed, quoted or counted.
    """

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    service = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("automatische Übersetzung")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "language"], name="one_translation_a_language"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(made_at=None), name="translations_due")
        ]

    def __str__(self):
        return f"{self.contribution.ref} [{self.language}]"


class GuestContact(models.Model):
    """Where a guest is told what became of the contribution; deleted with the link to it."""

    contribution = models.OneToOneField(Contribution, models.CASCADE, related_name="guest_contact")
    email = EncryptedEmailField()
    email_hash = AddressHashField(of="email", db_index=True)
    language = models.CharField(max_length=12, default="de")

    class Meta:
        verbose_name = _("Adresse eines Gastes")

    def __str__(self):
        return f"{self.contribution.ref}"


class Unconfirmed(models.Model):
    """What somebody without an account wrote, until the mail is confirmed.

    It has no number and is not received.
    """

    round = models.ForeignKey("rounds.ConsultationRound", models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    email = EncryptedEmailField()
    email_hash = AddressHashField(of="email", db_index=True)
    payload = EncryptedJSONField()
    submitted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.round.ref} {self.submitted_at:%Y-%m-%d}"

    @classmethod
    def kinds(cls) -> list[type["Unconfirmed"]]:
        """The tables in which such texts wait."""
        return [kind for kind in apps.get_models() if issubclass(kind, cls)]


class PendingSubmission(Unconfirmed):
    """What a guest wrote in a discussion."""

    class Meta:
        verbose_name = _("unbestätigter Beitrag")


class Draft(models.Model):
    """What somebody typed into a form and has not sent: for the browser that typed it, for a day.

    `key_hash` is of a secret that stands in the browser's session alone; `place` is the form.
    """

    key_hash = models.CharField(max_length=64)
    place = models.CharField(max_length=300)
    values = EncryptedJSONField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("Entwurf eines Formulars")
        constraints = [
            models.UniqueConstraint(fields=["key_hash", "place"], name="one_draft_a_form")
        ]

    def __str__(self):
        return self.place


class ModerationDecision(models.Model):
    """A reasoned decision on a contribution (DSA Art. 17). It is never changed."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="decisions")
    measure = models.CharField(_("Maßnahme"), max_length=10, choices=Measure)
    rule = models.CharField(_("Regel"), max_length=4, choices=Rule, blank=True)
    reason = models.TextField(_("Begründung"))
    from_report = models.BooleanField(default=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    complaint_until = models.DateField()

    class Meta:
        verbose_name = _("Moderationsentscheidung")
        verbose_name_plural = _("Moderationsentscheidungen")
        constraints = [
            models.CheckConstraint(
                condition=~Q(measure="hide") | ~Q(rule=""), name="hiding_names_a_rule"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.contribution.ref} {self.measure}"


class Complaint(models.Model):
    """The author, or the person behind `report`, objects to a decision; another person decides."""

    decision = models.OneToOneField(ModerationDecision, models.PROTECT, related_name="complaint")
    report = models.ForeignKey(
        "Report", models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    text = models.TextField(_("Warum ist die Entscheidung falsch?"))
    filed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ComplaintOutcome, blank=True)
    reason = models.TextField(_("Begründung"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Beschwerde")
        verbose_name_plural = _("Beschwerden")

    def __str__(self):
        return f"{self.decision}"


class Report(models.Model):
    """Somebody says that a contribution breaks a rule (DSA Art. 16). Anonymous if they like."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="reports")
    rule = models.CharField(_("Regel"), max_length=4, choices=Rule)
    text = models.TextField(_("Was ist nicht in Ordnung?"))
    contact = EncryptedEmailField(_("E-Mail-Adresse (freiwillig)"), blank=True)
    contact_hash = AddressHashField(of="contact", db_index=True)
    language = models.CharField(max_length=12, default="de")
    filed_at = models.DateTimeField()
    decision = models.ForeignKey(
        ModerationDecision, models.PROTECT, null=True, related_name="reports"
    )

    class Meta:
        verbose_name = _("Meldung")
        verbose_name_plural = _("Meldungen")

    def __str__(self):
        return f"{self.contribution.ref} {self.rule}"


class Ballot(models.Model):
    """One counted vote. `voter` is a keyed hash; the key is a file that is destroyed later.

    There is no time finer than the day and no link to an account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="+")
    goal = models.ForeignKey("editions.EditionGoal", models.PROTECT, related_name="+")
    voter = models.CharField(max_length=64)
    choice = models.CharField(max_length=10, choices=Choice)
    verification_class = models.CharField(max_length=20, choices=VerificationClass)
    cast_on = models.DateField()

    class Meta:
        verbose_name = _("Stimme")
        constraints = [
            models.UniqueConstraint(fields=["goal", "round", "voter"], name="one_ballot_a_person")
        ]

    def __str__(self):
        return str(self.id)
