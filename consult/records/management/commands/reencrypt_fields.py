"""Write all encrypted fields under the first key of FIELD_KEYS."""

from django.core.management.base import BaseCommand

from consult.records.services.rotation import reencrypt_fields


class Command(BaseCommand):
    """Run it after a new key was put in front and before the old one is taken away."""

    help = __doc__

    def handle(self, *_arguments, **_options):
        """Say how many rows were written."""
        self.stdout.write(f"{reencrypt_fields()} rows written under the first key.")
