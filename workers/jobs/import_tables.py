"""Take over tables that a second person has approved."""

from celery import shared_task

# A table of twenty thousand rows takes some minutes.
LONGEST = 3600


@shared_task(name="workers.import_tables", soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def import_tables(**_later) -> None:
    """Take one table after the other; workers share them batch by batch."""
    from consult.intake.services.imports import run_next_import

    while run_next_import():
        pass
