"""What is counted and indexed on write, so that a page costs the same in a directory of any size.

All of it can be made again from the groups (`manage.py recount`). ``scope`` is the identifier of a
keyword, or 0 for the whole directory. Written by `groups.counts` and `groups.search` only.
"""

from django.db import models
from django.db.models import F

from .fields import KeyField


class FacetTally(models.Model):
    """How many published groups of a scope have this kind, activity and country; their members."""

    pk = models.CompositePrimaryKey("scope", "kind", "activity", "country")
    scope = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    activity = models.CharField(max_length=10)
    country = models.CharField(max_length=2)
    n = models.IntegerField()
    members = models.BigIntegerField()


class KeywordTally(models.Model):
    """How many groups of a scope, under at most one filter, carry a keyword.

    ``filter`` is "" for all listed groups, or a value like `kind:thematic` or `country:BJ`.
    """

    pk = models.CompositePrimaryKey("scope", "filter", "keyword")
    scope = models.BigIntegerField()
    filter = models.CharField(max_length=24)
    keyword = models.ForeignKey(
        "groups.Keyword", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    n = models.IntegerField()

    class Meta:
        indexes = [
            # The most frequent keywords of a listing.
            models.Index(
                F("scope"), F("filter"), F("n").desc(), F("keyword"), name="groups_keywordtally_top"
            ),
        ]


class CellTally(models.Model):
    """The groups of a scope, under at most one filter, within one cell of the world's grid.

    Sums, so that adding and taking away a group is exact: positions in millionths of a degree, and
    identifiers, so that a cell of one group knows which.
    """

    pk = models.CompositePrimaryKey("scope", "filter", "level", "cell")
    scope = models.BigIntegerField()
    filter = models.CharField(max_length=24)
    level = models.SmallIntegerField()
    cell = models.IntegerField()
    n = models.IntegerField()
    latitudes = models.BigIntegerField()
    longitudes = models.BigIntegerField()
    ids = models.BigIntegerField()


class SearchWord(models.Model):
    """A folded word of a published group, in the best tier it occurs in.

    Tiers: 1 name, 2 tagline, 3 keywords and place, 4 description. ``facet`` and ``name_rank`` are
    what a search counts and sorts by, as the numbers `groups.search` makes of them.
    """

    pk = models.CompositePrimaryKey("group", "word")
    # Its own index would repeat the beginning of the primary key.
    group = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    word = KeyField(max_length=40)
    tier = models.SmallIntegerField()
    shelf = models.SmallIntegerField()
    facet = models.IntegerField()
    name_rank = models.BigIntegerField()

    class Meta:
        indexes = [
            # A search walks one tier after the other, stops as soon as it has enough, and reads
            # nothing but this index.
            models.Index(
                fields=["shelf", "tier", "word", "group", "name_rank", "facet"],
                name="groups_searchword_in_tier",
            ),
        ]
