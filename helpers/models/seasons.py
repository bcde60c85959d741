"""Times in which groups of an ecosystem or a country often rest. They propose a pause, no more."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.countries import COUNTRIES


class Season(models.Model):
    """A season somebody entered: curators for their ecosystem, operators for a country."""

    name = models.CharField(_("name"), max_length=60)
    ecosystem = models.ForeignKey(
        "groups.Ecosystem",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ecosystem"),
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    # A movable feast is entered for each year.
    is_yearly = models.BooleanField(_("the same days every year"), default=False)

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ecosystem=None) ^ Q(country=""),
                name="helpers_season_of_one_place",
                violation_error_message=_("A season is of an ecosystem or of a country."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="helpers_season_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.country and self.country not in COUNTRIES:
            raise ValidationError({"country": _("Two letters of ISO 3166-1, as FR or SN.")})
        if self.first_on and self.last_on and (self.last_on - self.first_on).days >= 180:
            raise ValidationError(_("Half a year is no season: a group of that kind is asleep."))


class SeasonAnswer(models.Model):
    """A group was asked whether it rests in a season, and has answered."""

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    # Which season (`seasons.Proposal.key`), and the first day of it that was meant.
    key = models.CharField(max_length=40)
    first_on = models.DateField()
    accepted = models.BooleanField()
    by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer about a season")
        verbose_name_plural = _("answers about seasons")
        constraints = [
            models.UniqueConstraint(
                "group", "key", "first_on", name="helpers_season_answered_once"
            ),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.key}: {self.accepted}"
