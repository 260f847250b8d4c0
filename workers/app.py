"""The Celery application and its schedule. Every job is also found by its sweep."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.project.settings.production")

app = Celery("consult")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers.jobs"], related_name=None)
app.set_default()

app.conf.beat_schedule = {
    "turn-rounds": {"task": "workers.turn_rounds", "schedule": 20.0},
    "analyse": {"task": "workers.analyse", "schedule": 15.0},
    # A sweep that has waited for the next one is not needed any more.
    "compute-vectors": {
        "task": "workers.compute_vectors",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "tell-followers": {
        "task": "workers.tell_followers",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "send-notices": {"task": "workers.send_notices", "schedule": 30.0},
    "tell-authors": {"task": "workers.tell_authors", "schedule": 60.0},
    "translate": {
        "task": "workers.translate",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "correct-ledgers": {"task": "workers.correct_ledgers", "schedule": 20.0},
    "publish-oparl": {
        "task": "workers.publish_oparl",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "import-tables": {"task": "workers.import_tables", "schedule": 20.0},
    "make-documents": {"task": "workers.make_documents", "schedule": 20.0},
    "erase": {"task": "workers.erase", "schedule": 20.0},
    "seal-audit-log": {"task": "workers.seal_audit_log", "schedule": 60.0},
    "clear-expired": {"task": "workers.clear_expired", "schedule": 3600.0},
    "destroy-ballot-keys": {"task": "workers.destroy_ballot_keys", "schedule": 3600.0},
}
