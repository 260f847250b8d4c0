"""All addresses. Public ones carry the language, staff ones do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from consult.participants.second_factor import SetUpSecondFactor
from site_content.pages import urls as pages_urls
from site_content.pages.views import machines
from site_content.pages.views.audit import audit_root
from site_content.pages.views.entrance import entrance

handler404 = "site_content.pages.views.errors.not_found"
handler403 = "site_content.pages.views.errors.forbidden"
handler500 = "site_content.pages.views.errors.server_error"

urlpatterns = [
    # Wagtail's own password form would be a way round the second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("audit-root.txt", audit_root, name="audit_root"),
    path("", entrance),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("favicon.ico", machines.icon),
    path("oparl/", RedirectView.as_view(pattern_name="oparl_system")),
    path("oparl/v1.1/", include("site_content.pages.oparl_urls")),
    *i18n_patterns(
        path("konto/", include("allauth.account.urls")),
        path("konto/2fa/totp/activate/", SetUpSecondFactor.as_view()),
        path("konto/2fa/", include("allauth.mfa.urls")),
        path("", include(pages_urls)),
        # Wagtail's form for visitors knows neither the second factor nor the limits of the login.
        path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
        path("", include(wagtail_urls)),
    ),
]
