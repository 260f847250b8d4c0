from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "consult.documents"
    verbose_name = _("Dokumente")

    def ready(self) -> None:
        from consult.documents.services.editions import register_kinds

        register_kinds()
