"""The records of the indicators, to be looked at: they change by the deeds of `recording` alone."""

from django.contrib import admin

from .models import (
    Alert,
    Announcement,
    Follow,
    Nudge,
    Rhythm,
    Season,
    Sighting,
    Source,
    Transition,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Evidence put in by hand would leave the rhythm untrue: nothing is added or changed here."""

    list_per_page = 50
    # A count of ten million rows for a number nobody needs.
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Rhythm)
class RhythmAdmin(ReadOnlyAdmin):
    list_display = ["group", "indicator", "status", "status_since", "last_on", "silent_on"]
    list_filter = ["indicator", "status", "unknown_reason"]
    list_select_related = ["group"]
    search_fields = ["group__short_name"]


@admin.register(Sighting)
class SightingAdmin(ReadOnlyAdmin):
    list_display = ["group", "indicator", "day", "count", "source"]
    list_filter = ["indicator"]
    list_select_related = ["group", "source"]
    search_fields = ["group__short_name"]


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["group", "indicator", "kind", "day", "is_confirmed", "cancelled_at"]
    list_filter = ["indicator", "kind"]
    list_select_related = ["group"]
    search_fields = ["group__short_name"]


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ["group", "indicator", "kind", "host", "state", "collected_through"]
    list_filter = ["indicator", "kind", "state"]
    list_select_related = ["group"]
    search_fields = ["group__short_name", "host"]


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = ["rhythm", "before", "after", "on", "cause"]
    list_filter = ["after", "cause"]
    list_select_related = ["rhythm__group"]
    search_fields = ["rhythm__group__short_name"]


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["rhythm", "quiet_since", "opened_on", "closed_at", "closed_why"]
    list_filter = ["closed_why"]
    list_select_related = ["rhythm__group"]
    search_fields = ["rhythm__group__short_name"]


@admin.register(Nudge)
class NudgeAdmin(ReadOnlyAdmin):
    """What was written stays between those who wrote and those who read it."""

    list_display = ["group", "sent_at", "way", "outcome"]
    list_filter = ["way", "outcome"]
    list_select_related = ["group"]
    exclude = ["text"]
    search_fields = ["group__short_name"]


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    list_display = ["person", "group", "since", "ended_at"]
    list_select_related = ["person", "group"]
    search_fields = ["group__short_name"]


@admin.register(Season)
class SeasonAdmin(admin.ModelAdmin):
    """Those of countries are entered here; curators look after those of their ecosystem."""

    list_display = ["name", "country", "ecosystem", "first_on", "last_on", "is_yearly"]
    list_filter = ["country"]
    list_select_related = ["ecosystem"]
