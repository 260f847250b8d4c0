"""People who take part or work here, and what is to be sent to them."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.participants.fields import (
    AddressHashField,
    EncryptedEmailField,
    EncryptedJSONField,
)
from consult.participants.states import (
    ErasureScope,
    ErasureStatus,
    NoticeStatus,
    VerificationClass,
)


class UserManager(BaseUserManager):
    """Accounts are known by e-mail, there is no user name."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account with a normalised address and a hashed password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account that may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """An account. In public a person is only ever the pseudonym, or nobody."""

    username = None
    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    pseudonym = models.CharField(
        _("Name, der angezeigt wird"),
        max_length=60,
        blank=True,
        help_text=_("Frei wählbar. Bleibt das Feld leer, steht dort „Teilnehmende Person“."),
    )
    language = models.CharField(_("Sprache"), max_length=12, default="de")
    residence_declared_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")

    def __str__(self):
        return self.get_full_name() or self.pseudonym or str(_("Teilnehmende Person"))

    @property
    def verification_class(self) -> VerificationClass:
        """The class in which an act of this person counts now."""
        if self.residence_declared_at:
            return VerificationClass.RESIDENCE_DECLARED
        return VerificationClass.EMAIL_CONFIRMED


class DepartmentMember(models.Model):
    """A person who drafts and signs answers for a department."""

    user = models.ForeignKey(User, models.CASCADE, related_name="department_memberships")
    department = models.ForeignKey(
        "concept.Department", models.CASCADE, related_name="members", verbose_name=_("Dienststelle")
    )

    class Meta:
        verbose_name = _("Zugehörigkeit zu einer Dienststelle")
        verbose_name_plural = _("Zugehörigkeiten zu Dienststellen")
        constraints = [models.UniqueConstraint(fields=["user", "department"], name="member_once")]

    def __str__(self):
        return f"{self.user}, {self.department}"


class Notice(models.Model):
    """A mail that is to be sent: the row is the job. `key` keeps it from being sent twice."""

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="notices")
    email = EncryptedEmailField(blank=True)
    email_hash = AddressHashField(of="email", db_index=True)
    language = models.CharField(max_length=12, default="de")
    template = models.CharField(max_length=60)
    context = EncryptedJSONField(default=dict)
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Nachricht")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email=""), name="notice_has_a_recipient"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="queued"), name="queued_notices"),
            models.Index(fields=["handed_at"], condition=Q(status="handed"), name="handed_notices"),
        ]

    def __str__(self):
        return self.key


class ErasureRequest(models.Model):
    """Somebody wants personal data gone: the row is the job.

    It names an account, or a contribution by its number. Afterwards the account is gone from here
    too. `asked_by` and `reason` are set where the coordination office acts on a letter.
    """

    scope = models.CharField(max_length=15, choices=ErasureScope)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ref = models.CharField(_("Nummer"), max_length=30, blank=True)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("Aktenzeichen oder Anlass"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=ErasureStatus, default=ErasureStatus.REQUESTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Löschung auf Wunsch")
        verbose_name_plural = _("Löschungen auf Wunsch")
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="contribution") ^ Q(ref=""), name="erasure_of_one_thing"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(status="requested", ref=""),
                name="one_erasure_an_account",
            ),
            models.UniqueConstraint(
                fields=["ref"],
                condition=Q(status="requested") & ~Q(ref=""),
                name="one_erasure_a_contribution",
            ),
        ]

    def __str__(self):
        return f"{self.scope} {self.ref or self.pk}"
