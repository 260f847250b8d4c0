"""For commands that read the source and need no service."""

import os

os.environ.setdefault("SECRET_KEY", "only-to-read-the-source")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
os.environ.setdefault("REDIS_URL", "redis://localhost:6379/0")

from consult.project.settings.base import *
