"""What the site adds to the admin: the city's colours, and a menu without the maker's pages."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks

# News and manual of the maker: in English, on foreign servers, about things that are not used here.
MAKERS_PAGES = ("whats-new", "editor-guide")


@hooks.register("insert_global_admin_css")
def city_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("css/desk.css"))


@hooks.register("construct_help_menu")
def without_makers_pages(request, menu_items):
    menu_items[:] = [item for item in menu_items if not item.name.startswith(MAKERS_PAGES)]


@hooks.register("construct_main_menu")
def name_the_lists(request, menu_items):
    """Call Wagtail's snippets what they are here: offices and bodies."""
    for item in menu_items:
        if item.name == "snippets":
            item.label = _("Ämter und Gremien")
