"""What the working text adds to the admin: reading a file, and new keys for copied pages."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from drafts.concept.admin_views import easy_language, importing
from drafts.concept.copying import renew_block_keys

concept_import = [
    path("", importing.upload, name="upload"),
    path("<str:key>/", importing.preview, name="preview"),
]


class ImportItem(MenuItem):
    """Shown to those who may write a concept."""

    def is_shown(self, request):
        """Ask what the page asks."""
        return importing.may_import(request.user)


@hooks.register("register_admin_urls")
def concept_urls():
    """Addresses of the working text below /admin/."""
    return [
        path("konzept-einlesen/", include((concept_import, "concept_import"))),
        path("verstaendlich-schreiben/", easy_language.check_form, name="easy_language"),
    ]


@hooks.register("register_admin_menu_item")
def import_item():
    """The import in the menu."""
    return ImportItem(
        _("Konzept einlesen"),
        reverse("concept_import:upload"),
        name="concept-import",
        icon_name="upload",
        order=150,
    )


@hooks.register("after_copy_page")
def renew_keys(request, page, new_page):
    """A copy is another place of the concept, so its blocks get keys of their own."""
    renew_block_keys(new_page)
