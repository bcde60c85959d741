"""The addresses of the helpers: pages in the reader's language."""

from django.urls import path

from .views import (
    checkins,
    cockpit,
    dashboard,
    deeds,
    digest,
    groups,
    how_we_measure,
    nudges,
    sources,
)

app_name = "helpers"

pages_in_a_language = [
    # What a secret looks like, the directory says (`groups.urls`).
    path("checkin/<secret:secret>/", checkins.check_in, name="check_in"),
    path("helpers/", dashboard.dashboard, name="dashboard"),
    path("helpers/groups.csv", dashboard.as_csv, name="dashboard_csv"),
    path("helpers/digest/", digest.digest, name="digest"),
    path("helpers/cockpit/<slug:slug>/", cockpit.cockpit, name="cockpit"),
    path("helpers/cockpit/<slug:slug>/seasons/", cockpit.seasons, name="seasons"),
    path("helpers/groups/<slug:short_name>/", groups.group, name="group"),
    path("helpers/groups/<slug:short_name>/sources/", sources.group_sources, name="group_sources"),
    path("helpers/sources/", sources.source_list, name="source_list"),
    path("helpers/groups/<slug:short_name>/note/", deeds.note, name="note"),
    path("helpers/groups/<slug:short_name>/write/", nudges.write, name="write"),
    path("helpers/nudges/<int:pk>/", nudges.outcome, name="outcome"),
    path("helpers/how-we-measure/", how_we_measure.how_we_measure, name="how_we_measure"),
]
