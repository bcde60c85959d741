"""The version of each page: who kept a copy knows in one look-up whether it still holds."""

import secrets
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction

from ..bulk import put

EVERYWHERE = 0
# What a block changes is gathered and written at its end: rows are taken in one order, after those
# of the groups, so that two writers wait for each other instead of locking up.
_gathered = ContextVar("gathered", default=None)


class PageVersionQuerySet(models.QuerySet):
    def bump(self, scopes):
        """Give new versions to what these scopes show, and to whatever shows the whole directory.

        In the transaction of the change: who reads the new version reads what it changed.
        """
        scopes = {*scopes, EVERYWHERE}
        if (gathered := _gathered.get()) is not None:
            gathered |= scopes
            return
        # Never the same twice, not even after a backup was brought back, as a number would be.
        token = secrets.token_hex(8)
        put(PageVersion, ["scope", "token"], [(scope, token) for scope in sorted(scopes)])

    @contextmanager
    def bumped_once(self):
        """Write what is bumped in the block at its end. Within a transaction."""
        scopes = set()
        token = _gathered.set(scopes)
        try:
            yield scopes
        finally:
            _gathered.reset(token)
        if scopes:
            self.bump(scopes)


class PageVersion(models.Model):
    """What a page shows, as a word that changes with it.

    ``scope`` is the identifier of a keyword for its listing, that of a group with a minus for what
    is shown of this group alone, and 0 for the whole directory.
    """

    scope = models.BigIntegerField(primary_key=True)
    token = models.CharField(max_length=16)

    objects = PageVersionQuerySet.as_manager()

    def __str__(self):
        return f"{self.scope}: {self.token}"


class ShownQuerySet(models.QuerySet):
    """Rows beside the groups that pages show: whoever writes many gives the pages new versions."""

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            PageVersion.objects.bump(self.model.scopes_showing(made))
        return made

    def update(self, **fields):
        with transaction.atomic():
            rows = list(self)
            before = self.model.scopes_showing(rows)
            changed = super().update(**fields)
            after = self.model._base_manager.filter(pk__in=[row.pk for row in rows])
            PageVersion.objects.bump(before | self.model.scopes_showing(after))
        return changed

    def delete(self):
        with transaction.atomic():
            PageVersion.objects.bump(self.model.scopes_showing(self))
            return super().delete()


class Shown(models.Model):
    """A row beside the groups that pages show: saving or deleting it gives them new versions."""

    objects = ShownQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        stored = type(self)._base_manager.filter(pk=self.pk)
        with transaction.atomic():
            # What showed it may be another page than what shows it now.
            before = self.scopes_showing(stored) if self.pk else set()
            super().save(*args, **kwargs)
            PageVersion.objects.bump(before | self.scopes_showing([self]))

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            PageVersion.objects.bump(self.scopes_showing([self]))
            return super().delete(*args, **kwargs)

    @classmethod
    def scopes_showing(cls, rows):
        """Return the set of the scopes that show these rows."""
        raise NotImplementedError
