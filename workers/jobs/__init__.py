"""Thin Celery tasks, one file a job. Each finds its rows itself, so a lost message costs time."""

from workers.jobs import (  # noqa: F401 - importing registers the tasks
    analyse,
    clear_expired,
    compute_vectors,
    correct_ledgers,
    destroy_ballot_keys,
    documents,
    erase,
    import_tables,
    publish_oparl,
    seal_audit_log,
    send_notices,
    tell_authors,
    tell_followers,
    translate,
    turn_rounds,
)
