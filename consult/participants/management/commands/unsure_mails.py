"""`consult manage unsure_mails`: mails of which nobody knows whether the server took them."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from consult.participants import services
from consult.participants.models import Notice
from consult.participants.states import NoticeStatus


class Command(BaseCommand):
    """Count them; with --send-again, queue them anew under the same Message-ID."""

    help = "Shows how many mails were handed over without an answer; can send them once more."

    def add_arguments(self, parser):
        """One switch."""
        parser.add_argument("--send-again", action="store_true")

    def handle(self, *_args, send_again: bool, **_options):
        """Print the number, or do it."""
        if send_again:
            self.stdout.write(f"queued again: {services.send_again(at=timezone.now())}")
        else:
            unsure = Notice.objects.filter(status=NoticeStatus.UNSURE)
            self.stdout.write(f"unsure: {unsure.count()}")
