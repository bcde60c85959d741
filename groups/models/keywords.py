"""Keywords, and the through table that makes the page of one keyword one index range."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from .. import text
from .fields import KeyField, PortableIndex, at_most

RESERVED_SLUGS = ("new",)


class KeywordQuerySet(models.QuerySet):
    def shown(self):
        """Keep the words that have a page: a published group carries them, or they have a record.

        Any other says nothing, not even that it exists.
        """
        carried = Exists(Tagging.objects.filter(tag=OuterRef("pk"), shelf__gt=0))
        return self.filter(carried | Q(ecosystem__isnull=False))

    def formerly(self, slug):
        """Return the word that has a page and had this slug before, or None."""
        return self.shown().filter(former_slugs__slug=slug.lower()).first()

    def named(self, names):
        """Return ``{folded name: keyword}`` for the ``names`` that exist."""
        folded = {text.fold(name) for name in names}
        return {keyword.name_key: keyword for keyword in self.filter(name_key__in=folded)}

    def get_or_make(self, names):
        """Return ``{folded name: keyword}`` for all ``names``, making those that are missing.

        The first spelling written stays.
        """
        found = self.named(names)
        for name in names:
            key = text.fold(name)
            if key and key not in found:
                found[key], _made = self.get_or_create(name_key=key, defaults={"name": name})
        return found


class Keyword(TagBase):
    """A word groups share. Its identity is its folded form, its spelling the first one written."""

    name = models.CharField(_("name"), max_length=50)
    name_key = KeyField(max_length=160, unique=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=70, unique=True, allow_unicode=False)

    objects = KeywordQuerySet.as_manager()

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & at_most("name", 50), name="groups_keyword_name_length"
            ),
        ]

    def save(self, *args, **kwargs):
        """Keep the folded form in step with the spelling, whoever saves."""
        self.name_key = text.fold(self.name)
        super().save(*args, **kwargs)

    def slugify(self, tag, i=None):
        """Return the slug of ``tag``; the ``i``-th one where it is taken."""
        slug = text.keyword_slug(tag)
        if i is None:
            # What stands at the place of a slug in the addresses of ecosystems.
            return f"{slug}-1" if slug in RESERVED_SLUGS else slug
        return f"{slug}-{i + 1}"


class FormerKeywordSlug(models.Model):
    """The slug of a keyword that was merged or renamed; it redirects for ever."""

    slug = models.SlugField(_("slug"), max_length=70, unique=True)
    keyword = models.ForeignKey(Keyword, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = _("former slug")
        verbose_name_plural = _("former slugs")

    def __str__(self):
        return self.slug


class Tagging(ItemBase):
    """A keyword of a group, with copies of what a listing of that keyword sorts and filters by.

    The copies are kept by `groups.derived`. ``shelf`` is the group's own, or hidden while the
    keyword belongs to an ecosystem that has not admitted the group.
    """

    # Every index below begins with one of these two.
    tag = models.ForeignKey(
        Keyword, on_delete=models.CASCADE, db_index=False, related_name="taggings"
    )
    content_object = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, db_index=False, related_name="taggings"
    )
    position = models.PositiveSmallIntegerField(default=0)

    shelf = models.SmallIntegerField(default=0)
    name_key = KeyField(max_length=160, default="")
    kind = models.CharField(max_length=12, default="")
    activity = models.CharField(max_length=10, default="")
    country = models.CharField(max_length=2, default="")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    member_count = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("keyword of a group")
        verbose_name_plural = _("keywords of groups")
        indexes = [
            # One a listing of one keyword, as on the group itself.
            models.Index(
                fields=["tag", "shelf", "name_key", "content_object"], name="groups_tagging_by_name"
            ),
            models.Index(
                fields=["tag", "shelf", "kind", "name_key", "content_object"],
                name="groups_tagging_kind",
            ),
            models.Index(
                fields=["tag", "shelf", "activity", "name_key", "content_object"],
                name="groups_tagging_activity",
            ),
            models.Index(
                fields=["tag", "shelf", "country", "name_key", "content_object"],
                name="groups_tagging_country",
            ),
            models.Index(
                F("tag"),
                F("shelf"),
                F("created_at").desc(),
                F("content_object"),
                name="groups_tagging_new",
            ),
            PortableIndex(
                F("tag"),
                F("shelf"),
                F("confirmed_at").desc(nulls_last=True),
                F("content_object"),
                name="groups_tagging_confirmed",
            ),
            PortableIndex(
                F("tag"),
                F("shelf"),
                F("member_count").desc(nulls_last=True),
                F("content_object"),
                name="groups_tagging_members",
            ),
        ]
        constraints = [
            models.UniqueConstraint("content_object", "tag", name="groups_tagging_once"),
        ]

    def __str__(self):
        return f"{self.content_object}: {self.tag}"
