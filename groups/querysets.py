"""The vocabulary of questions about groups. A page says what it wants in these words."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Abs, Cast, Least

# Positions are kept to a ten-thousandth of a degree; the square of the world fits sixteen digits.
FINENESS = 10**11


class GroupQuerySet(models.QuerySet):
    def published(self):
        """Keep the groups that were accepted: they have a page."""
        return self.filter(shelf__gt=0)

    def listed(self):
        """Keep the groups lists show unless asked otherwise: published and not archived."""
        return self.filter(shelf=1)

    def visible_to(self, person):
        """Keep the groups ``person`` (or an anonymous visitor) may see at all.

        Everybody sees what is published. Facilitators also see their own entries, helpers and
        curators those of their ecosystems' members, curators those that ask to become members, and
        helpers those that no ecosystem has accepted yet.
        """
        published = Q(shelf__gt=0)
        if not getattr(person, "is_authenticated", False):
            return self.filter(published)
        if person.is_operator():
            return self
        from .models import Facilitator, Membership, Role

        own = Facilitator.objects.filter(
            group=OuterRef("pk"), person=person, confirmed_at__isnull=False, ended_at=None
        )
        roles = Role.objects.filter(person=person, withdrawn_at=None)
        entrusted = Membership.objects.filter(
            group=OuterRef("pk"), status="accepted", ecosystem__in=roles.values("ecosystem")
        )
        asking = Membership.objects.filter(
            group=OuterRef("pk"),
            status__in=["asked", "questioned"],
            ecosystem__in=roles.filter(kind="curator").values("ecosystem"),
        )
        visible = published | Exists(own) | Exists(entrusted) | Exists(asking)
        if roles.filter(kind="helper").exists():
            accepted = Membership.objects.filter(group=OuterRef("pk"), status="accepted")
            visible |= ~Exists(accepted)
        return self.filter(visible)

    def in_ecosystem(self, ecosystem):
        """Keep the groups listed under ``ecosystem`` (an Ecosystem or a Keyword)."""
        from .models import Tagging

        keyword_id = getattr(ecosystem, "keyword_id", ecosystem.pk)
        return self.filter(
            Exists(
                Tagging.objects.filter(content_object=OuterRef("pk"), tag=keyword_id, shelf__gt=0)
            )
        )

    def matching(self, text):
        """Keep the groups that mention every word of ``text``, best tier first, then by name.

        Words match by their start, whatever their case and accents. At most the first
        `search.LIMIT` matches are kept. Text without any word keeps all, by name.
        """
        from . import search

        words = search.query_words(text)
        if not words:
            return self.order_by("name_key", "pk")
        found = search.find(words, among=self)
        tiers = [
            When(pk__in=[m.pk for m in found.matches.values() if m.tier == each], then=Value(each))
            for each in search.TIERS
        ]
        return self.filter(pk__in=found.matches).order_by(Case(*tiers), "name_key", "pk")

    def within(self, west, south, east, north):
        """Keep the groups placed in this box of degrees, which may cross the date line."""
        inside = Q(latitude__range=(south, north))
        if west <= east:
            return self.filter(inside, longitude__range=(west, east))
        return self.filter(inside & (Q(longitude__gte=west) | Q(longitude__lte=east)))

    def by_distance(self, latitude, longitude, squeeze):
        """Order by distance from a place; ``squeeze`` is how short a degree is there, eastwards."""
        return self.order_by(_squared_distance(latitude, longitude, squeeze), "pk")

    def with_distance(self, latitude, longitude, squeeze):
        """Add ``far``, the squared distance in degrees as a whole number of 1/`FINENESS`.

        A whole number is the same each time it is compared: a list may go on after it.
        """
        squared = _squared_distance(latitude, longitude, squeeze)
        return self.annotate(far=Cast(squared * Value(float(FINENESS)), models.BigIntegerField()))

    def named(self, short_name):
        """Return the group with this short name or one it had before, or None."""
        group = self.filter(short_name=short_name).first()
        return group or self.filter(former_short_names__short_name=short_name).first()


def _squared_distance(latitude, longitude, squeeze):
    north = F("latitude") - Value(float(latitude))
    apart = Abs(F("longitude") - Value(float(longitude)))
    # The way round the other side of the world may be the shorter one.
    east = Least(apart, Value(360.0) - apart) * Value(float(squeeze))
    return north * north + east * east
