"""Addresses of OParl: without a language, and never changed."""

from django.urls import path

from site_content.pages.views import oparl

urlpatterns = [
    path("", oparl.entrance, name="oparl_system"),
    path("body/", oparl.bodies, name="oparl_bodies"),
    path("body/<str:key>/<str:kind>/", oparl.of_body, name="oparl_body_list"),
    path(
        "organization/<str:key>/<str:kind>/",
        oparl.of_organization,
        name="oparl_organization_list",
    ),
    path("<str:kind>/<str:key>/", oparl.one, name="oparl_object"),
    path("<path:rest>", oparl.nothing),
]
