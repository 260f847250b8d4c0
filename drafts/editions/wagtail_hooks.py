"""What editions add to the admin: the release desk and the words of their log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.states import BINDING
from drafts.editions import version_views, views

LOG_ACTIONS = {
    "edition.open": _("Fassung angelegt"),
    "edition.release_section": _("Abschnitt freigegeben"),
    "edition.release_version": _("Sprachfassung freigegeben"),
    "edition.status": _("Stand der Fassung geändert"),
    "version.start": _("Sprachfassung angelegt"),
    "version.renew": _("Sprachfassung an den Aufbau der Vorlage angeglichen"),
    "version.confirm": _("Sprachfassung entspricht der Vorlage"),
}

release = [
    path("", views.desk, name="desk"),
    path("konzept/<int:pk>/", views.open_next, name="open"),
    path("sprachen/", version_views.versions, name="versions"),
    path("sprachen/<int:section>/<slug:language>/", version_views.version, name="version"),
    path("<int:pk>/", views.edition, name="edition"),
    path("<int:pk>/abschnitt/<int:section>/", views.release_one, name="section"),
    path("<int:pk>/alle/", views.release_all, name="all"),
]


class ReleaseItem(MenuItem):
    """Shown to those who may release a concept."""

    def is_shown(self, request):
        """Ask what the page asks."""
        return views.may_release_anything(request.user)


@hooks.register("register_admin_urls")
def release_urls():
    """Addresses of the desk below /admin/."""
    return [path("fassungen/", include((release, "release")))]


@hooks.register("register_admin_menu_item")
def release_item():
    """The desk in the menu."""
    return ReleaseItem(
        _("Fassungen"),
        reverse("release:desk"),
        name="release",
        icon_name="doc-full",
        order=160,
    )


class VersionsItem(MenuItem):
    """Shown to those who may write a concept."""

    def is_shown(self, request):
        """Ask what the page asks."""
        return version_views.may_work_on_versions(request.user)


@hooks.register("register_admin_menu_item")
def versions_item():
    """The language versions in the menu."""
    return VersionsItem(
        _("Sprachfassungen"),
        reverse("release:versions"),
        name="versions",
        icon_name="globe",
        order=165,
    )


@hooks.register("before_edit_page")
def tell_of_changed_source(request, page):
    """Say in the editor of a language version that its German source was changed."""
    is_version = isinstance(page, SectionPage | GoalPage)
    is_version = is_version and page.locale.language_code != BINDING
    if is_version and request.method == "GET" and version_views.source_is_changed(page):
        messages.warning(
            request,
            _("Vorlage geändert: Der deutsche Text lautet seit der Übersetzung anders."),
            buttons=[messages.button(version_views.version_url(page), _("Unterschiede ansehen"))],
        )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Words for what the services of editions log."""
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
