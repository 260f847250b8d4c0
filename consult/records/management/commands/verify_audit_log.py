"""Check the audit log from its beginning and against the heads that were noted outside."""

from django.core.management.base import BaseCommand, CommandError

from consult.records.selectors import audit_head
from consult.records.services.audit_chain import Root, first_break, noted_roots

SENTENCES = {
    "gap": "Link {position} is missing.",
    "removed": "The entry behind link {position} was removed.",
    "changed": "The entry behind link {position}, or the link, was changed.",
    "rewritten": "Link {position} is not the one that was noted: the chain was written anew.",
    "shortened": "The chain ends at link {position}, but a later head was noted.",
}


class Command(BaseCommand):
    """Exit status 1 where the chain does not hold, with the place of the first break."""

    help = __doc__

    def add_arguments(self, parser):
        """Heads that somebody else has kept can be checked too."""
        parser.add_argument(
            "--root", nargs=2, action="append", default=[], metavar=("POSITION", "DIGEST"),
            help="a published head to compare with, besides those in the file",
        )  # fmt: skip

    def handle(self, *_arguments, root, **_options):
        """Print the head, or say where the chain breaks."""
        noted = [*noted_roots(), *(Root(int(position), digest) for position, digest in root)]
        found = first_break(noted)
        if found:
            raise CommandError(SENTENCES[found.code].format(position=found.position))
        head = audit_head()
        said = f"{head.position} {head.digest}" if head else "no entry yet"
        self.stdout.write(f"intact, {len(noted)} noted heads match. Head: {said}")
