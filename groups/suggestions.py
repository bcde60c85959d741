"""Keywords to choose from, so that groups that mean the same write the same."""

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from .models import Keyword, KeywordTally
from .search import HIGHEST
from .text import fold

EVERYWHERE = {"scope": 0, "filter": ""}


def frequent_keywords(how_many):
    """Return the names of the keywords most groups carry. One query."""
    tallies = KeywordTally.objects.filter(**EVERYWHERE, n__gt=0).order_by("-n", "keyword")
    return list(tallies.values_list("keyword__name", flat=True)[:how_many])


def keywords_like(text, how_many):
    """Return (name, number of groups) of the public keywords that begin like ``text``. One query.

    A word only hidden groups carry is not among them.
    """
    start = fold(text)
    if not start:
        return []
    tally = KeywordTally.objects.filter(**EVERYWHERE, keyword=OuterRef("pk"))
    found = (
        Keyword.objects.filter(name_key__gte=start, name_key__lt=start + HIGHEST)
        .annotate(n=Coalesce(Subquery(tally.values("n")), Value(0)))
        .filter(Q(n__gt=0) | Q(ecosystem__isnull=False))
    )
    return list(found.order_by(F("n").desc(), "name_key").values_list("name", "n")[:how_many])
