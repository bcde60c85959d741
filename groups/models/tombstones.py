"""What is left of a group where it was shown once: that it is gone, and since when."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tombstone(models.Model):
    """A group that was shown in a scope, and is not any more.

    Whoever copied it learns that it went, and nothing else: no name, no reason. ``scope`` is the
    identifier of a keyword, or 0 for the whole directory. Written by `groups.derived` only.
    """

    pk = models.CompositePrimaryKey("scope", "group_id")
    scope = models.BigIntegerField()
    # Not a foreign key: the group may be deleted.
    group_id = models.BigIntegerField()
    gone_at = models.DateTimeField(_("gone at"))

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        indexes = [
            models.Index(fields=["scope", "gone_at", "group_id"], name="groups_tombstone_gone"),
            models.Index(fields=["gone_at"], name="groups_tombstone_old"),
        ]

    def __str__(self):
        return f"{self.group_id} in {self.scope}"
