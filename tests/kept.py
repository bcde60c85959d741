"""What is kept on write beside the groups, and the same made again from scratch."""

from django.db import transaction

from groups import search
from groups.derived import derive_everything
from groups.models import (
    CellTally,
    FacetTally,
    Group,
    KeywordTally,
    SearchWord,
    Tagging,
)

COPIES = "name_key kind activity country created_at confirmed_at member_count shelf".split()


def kept():
    """Return everything derived, as plain values. A count of nothing is no count."""
    return {
        "facets": _counts(FacetTally, "scope", "kind", "activity", "country", "n", "members"),
        "keywords": _counts(KeywordTally, "scope", "filter", "keyword", "n"),
        "cells": _counts(CellTally, *"scope filter level cell n latitudes longitudes ids".split()),
        "words": set(SearchWord.objects.values_list(*search.COLUMNS)),
        "copies": set(Tagging.objects.values_list("content_object", "tag", *COPIES)),
        "own": {
            pk: own
            for pk, *own in Group.objects.values_list(
                "pk", "name_key", "site_key", "card", "latitude", "longitude"
            )
        },
    }


def made_again():
    """Return what `kept` would be, were everything derived anew. Changes nothing."""
    with transaction.atomic():
        derive_everything()
        everything = kept()
        transaction.set_rollback(True)
    return everything


def _counts(model, *columns):
    numbers = [
        name for name in columns if name in ("n", "members", "latitudes", "longitudes", "ids")
    ]
    key = len(columns) - len(numbers)
    rows = model.objects.values_list(*columns)
    return {row[:key]: row[key:] for row in rows if any(row[key:])}
