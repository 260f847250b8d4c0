"""The workers with a schedule that comes round ten times as often: for whoever waits for a sweep."""

from workers.app import app

__all__ = ["app"]

for sweep in app.conf.beat_schedule.values():
    sweep["schedule"] /= 10
