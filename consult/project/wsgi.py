"""The web application for gunicorn."""

from django.core.wsgi import get_wsgi_application

import workers.app  # noqa: F401 - services send jobs by name through this application

application = get_wsgi_application()
