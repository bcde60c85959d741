"""When somebody gets their weekly digest, and for which day it was last planned."""

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

MONDAY, MORNING = 0, 8
HOURS = [(hour, f"{hour}:00") for hour in range(24)]


class Digest(models.Model):
    """The digest of one person: on their weekday, at their hour, where they live."""

    person = models.OneToOneField("groups.Person", on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=list(WEEKDAYS.items()), default=MONDAY
    )
    hour = models.PositiveSmallIntegerField(_("hour"), choices=HOURS, default=MORNING)
    # Each of these days has one digest, or had nothing to say: whoever writes it here plans it.
    planned_on = models.DateField(_("last planned for"), null=True, blank=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="helpers_digest_weekday"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="helpers_digest_hour"),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.get_weekday_display()}, {self.hour}:00"
