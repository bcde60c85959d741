"""What a facilitator is asked by mail, and answers by a link."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .alerts import Nudge


class CheckIn(models.Model):
    """The questions about one group that one person may answer by one link, for a while.

    Asked by itself once a month, or mailed with a kind word. What was answered is not kept here: it
    is evidence, a pause, an end, a call for help. Here stands which of those came of it, so that a
    later answer can correct an earlier one.
    """

    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    # First day of the month it was asked for; None for what came with a kind word.
    month = models.DateField(_("month"), null=True, blank=True)
    nudge = models.ForeignKey(
        Nudge, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # Another link, for whoever asked for one when theirs was too old.
    is_another = models.BooleanField(_("asked for"), default=False)
    indicators = models.JSONField(_("asked about"), default=list)
    # Only a digest: whoever reads the database cannot answer anything.
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # {what was asked: which answer it was, and the record it made}
    effects = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                "person",
                "group",
                "month",
                condition=Q(is_another=False, month__isnull=False),
                name="helpers_check_in_once_a_month",
            ),
            models.UniqueConstraint(
                "person",
                "nudge",
                condition=Q(is_another=False, nudge__isnull=False),
                name="helpers_check_in_once_a_nudge",
            ),
            models.CheckConstraint(
                condition=Q(month=None, nudge__isnull=False) | Q(month__isnull=False, nudge=None),
                name="helpers_check_in_has_an_occasion",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "asked_at"], name="helpers_check_in_asked"),
            models.Index(fields=["expires_at"], name="helpers_check_in_expires"),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.asked_at:%Y-%m-%d}"
