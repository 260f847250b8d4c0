"""Erase again what a restored backup has brought back."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from consult.records.services.erasure import replay_erasures


class Command(BaseCommand):
    """Run it after every restore, before the site answers. It can be repeated."""

    help = __doc__

    def handle(self, *_arguments, **_options):
        """Say how many persons and contributions were there again."""
        self.stdout.write(f"{replay_erasures(at=timezone.now())} erased again.")
