"""Who follows what, what happened, and who is to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.following.states import Happening, OccurrenceStatus, Rhythm, Topic
from consult.participants.fields import AddressHashField, EncryptedEmailField


class Follower(models.Model):
    """Somebody who is told: an account, or an address that was confirmed.

    Authors get a row when there is first something to tell them. What an account reads mails in is
    written there, `language` is that of an address.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="follower"
    )
    email = EncryptedEmailField(blank=True)
    email_hash = AddressHashField(of="email")
    language = models.CharField(max_length=12, default="de")

    class Meta:
        verbose_name = _("Person, die etwas verfolgt")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="follower_is_account_or_address",
            ),
            models.UniqueConstraint(
                fields=["email_hash"],
                condition=Q(user__isnull=True),
                name="one_follower_an_address",
            ),
        ]

    def __str__(self):
        return f"{self.pk}"


class Subscription(models.Model):
    """Somebody follows something.

    `object` is the key of what is followed: the concept's page, the wid of a section or goal, the
    theme's row, the number of a contribution.
    """

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="subscriptions")
    topic = models.CharField(max_length=12, choices=Topic)
    object = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("Verfolgtes")
        constraints = [
            models.UniqueConstraint(fields=["follower", "topic", "object"], name="followed_once")
        ]
        indexes = [models.Index(fields=["topic", "object"], name="followers_of")]

    def __str__(self):
        return f"{self.topic} {self.object}"


class Occurrence(models.Model):
    """Something happened that is told: the row is the job.

    `facts` are the keys of the rows behind it, never words. After `until` nobody needs to know.
    """

    key = models.CharField(max_length=120, unique=True)
    happening = models.CharField(max_length=24, choices=Happening)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    status = models.CharField(
        max_length=8, choices=OccurrenceStatus, default=OccurrenceStatus.NOTED
    )

    class Meta:
        verbose_name = _("Ereignis")
        indexes = [
            models.Index(fields=["id"], condition=Q(status="noted"), name="occurrences_to_tell")
        ]

    def __str__(self):
        return self.key


class Telling(models.Model):
    """One follower is told one occurrence, once: gathered into a mail when it is due.

    `topic` and `object` are what is followed that it came from.
    """

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="tellings")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="tellings")
    topic = models.CharField(max_length=12, choices=Topic)
    object = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    due_at = models.DateTimeField()
    gathered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Mitteilung")
        constraints = [models.UniqueConstraint(fields=["follower", "occurrence"], name="told_once")]
        indexes = [
            models.Index(
                fields=["due_at", "follower"],
                condition=Q(gathered_at=None),
                name="tellings_to_gather",
            )
        ]

    def __str__(self):
        return f"{self.occurrence} -> {self.follower}"
