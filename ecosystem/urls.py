"""Every address of the site. French pages have no prefix, English ones begin with /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from groups import urls as groups
from helpers import urls as helpers

from .health import healthz

handler400 = "groups.views.refusals.bad_request"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include((groups.data, "groups"), namespace="groups-data")),
    *(
        i18n_patterns(
            # No part of "groups", or its pages would look for all others among themselves.
            path("", include((groups.demo_pages, "groups-demo"))),
            prefix_default_language=False,
        )
        if settings.DEMO
        else []
    ),
    *i18n_patterns(
        path("", include((groups.pages_in_a_language, "groups"))),
        path("", include((helpers.pages_in_a_language, "helpers"))),
        path("account/", include("groups.views.signing_in")),
        prefix_default_language=False,
    ),
    # The short address people print comes last, so that it never hides a page.
    path("", include((groups.short_addresses, "groups"), namespace="groups-short")),
]
