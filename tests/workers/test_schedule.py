"""What the schedule names is what a worker knows."""

import json
import subprocess
import sys

from workers.app import app

# As a worker starts: in a process of its own, in which no test has imported a job.
KNOWN = """
import json
from workers.app import app
app.loader.import_default_modules()
app.finalize()
print(json.dumps([name for name in app.tasks if not name.startswith("celery.")]))
"""


def test_every_scheduled_job_is_known_to_a_worker_that_starts():
    started = subprocess.run(
        [sys.executable, "-c", KNOWN], check=True, capture_output=True, text=True
    )

    known = set(json.loads(started.stdout))

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == known
