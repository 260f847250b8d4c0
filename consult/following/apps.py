from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowingConfig(AppConfig):
    name = "consult.following"
    verbose_name = _("Auf dem Laufenden bleiben")
