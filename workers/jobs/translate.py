"""Let the operator's service translate contributions and answers."""

from celery import current_app, shared_task
from django.utils import timezone

BATCH = 100  # so that other jobs get their turn


@shared_task(name="workers.translate")
def translate(**_later) -> None:
    """Queue what has no translation, translate a batch, then ask to be called again."""
    from consult.contributions.services.translating import queue_translations, translate_next
    from consult.evaluation.services.answer_texts import translate_next_answer

    queue_translations(at=timezone.now())
    for _row in range(BATCH):
        now = timezone.now()
        if not (translate_next_answer(at=now) or translate_next(at=now)):
            return
    current_app.send_task("workers.translate")
