"""The five indicators of a group's activity, by name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Indicator(models.TextChoices):
    FOLLOW_UP = "follow_up", _("Project follow-up")
    MEETINGS = "meetings", _("Meetings")
    NEWS = "news", _("News")
    DISCUSSION = "discussion", _("Discussion")
    SPACE = "space", _("Shared space")
