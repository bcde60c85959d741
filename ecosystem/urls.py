"""Every address of the site. French pages have no prefix, English ones begin with /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from groups import urls as groups

from .health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include((groups.data, "groups"), namespace="groups-data")),
    *i18n_patterns(
        path("", include((groups.pages_in_a_language, "groups"))), prefix_default_language=False
    ),
    # The short address people print comes last, so that it never hides a page.
    path("", include((groups.short_addresses, "groups"), namespace="groups-short")),
]
