"""The names of the science: five indicators, seven statuses, three sensitivities."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Indicator(models.TextChoices):
    FOLLOW_UP = "follow_up", _("Project follow-up")
    MEETINGS = "meetings", _("Meetings")
    NEWS = "news", _("News")
    DISCUSSION = "discussion", _("Discussion")
    SPACE = "space", _("Shared space")


class Status(models.TextChoices):
    ON_TRACK = "on_track", _("On track")
    LATE = "late", _("Late")
    SILENT = "silent", _("Silent")
    TOO_BUSY = "too_busy", _("Too busy")
    PAUSED = "paused", _("Paused")
    UNKNOWN = "unknown", _("Unknown")
    ARCHIVED = "archived", _("Archived")


class UnknownReason(models.TextChoices):
    """Unknown, unreadable and zero are three different things."""

    NO_SOURCE = "no_source", _("No source")
    UNREADABLE = "unreadable", _("Unreadable")
    NOTHING_YET = "nothing_yet", _("Nothing yet")


class Sensitivity(models.TextChoices):
    VIGILANT = "vigilant", _("Vigilant")
    NORMAL = "normal", _("Normal")
    RELAXED = "relaxed", _("Relaxed")
