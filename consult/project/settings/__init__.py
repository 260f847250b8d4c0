"""Settings: `base` for all, then one module a place: demo, test, production.

Whatever loads settings also knows the Celery application: services send jobs by name through it.
"""

import workers.app  # noqa: F401
