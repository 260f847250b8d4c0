"""What the schedule names is what a worker knows."""

from workers.app import app


def test_every_scheduled_job_is_known_to_a_worker_that_starts():
    app.loader.import_default_modules()
    app.finalize()

    known = {name for name in app.tasks if not name.startswith("celery.")}

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == known
