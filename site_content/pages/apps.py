from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "site_content.pages"
    verbose_name = _("Seiten")

    def ready(self) -> None:
        from consult.documents.services.kinds import set_publisher
        from site_content.pages.frame import name_of_city
        from site_content.pages.presenters.pack_documents import register_pack
        from site_content.pages.presenters.synopsis_files import register_synopsis

        set_publisher(name_of_city)
        register_synopsis()
        register_pack()
