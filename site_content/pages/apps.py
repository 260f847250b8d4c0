from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "site_content.pages"
    verbose_name = _("Seiten")
