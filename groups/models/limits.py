"""What keeps abuse within bounds, without keeping anybody's address."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NetworkKey(models.Model):
    """The key of one day with which networks are hashed; gone a day later, and they with it."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField()

    class Meta:
        verbose_name = _("network key")
        verbose_name_plural = _("network keys")

    def __str__(self):
        return f"{self.day}"


class Limit(models.Model):
    """How often somebody did something within one stretch of time."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self):
        return f"{self.key}: {self.count}"


class CacheRow(models.Model):
    """The table of Django's database cache, so that migrating is all there is to do.

    The columns are Django's (`createcachetable`); nothing but the cache reads or writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shared_cache"
        verbose_name = _("row of the cache")
        verbose_name_plural = _("rows of the cache")

    def __str__(self):
        return self.cache_key
