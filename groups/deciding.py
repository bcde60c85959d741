"""Decisions about groups and keywords, taken by somebody, all of them in the revisions."""

from django.db import transaction
from django.utils import timezone

from .derived import changing
from .entries import record
from .models import (
    Ecosystem,
    FormerKeywordSlug,
    FormerShortName,
    Group,
    Keyword,
    Tagging,
)
from .tasks import settle_reviews


def publish(groups, *, by):
    """Accept groups into the directory."""
    _decide(groups, Group.Review.PUBLISHED, "", by, "published")


def refuse(groups, *, by, reason):
    """Refuse groups, with the reason they are told."""
    _decide(groups, Group.Review.REFUSED, reason, by, "refused")


def _decide(groups, review, reason, by, why):
    groups = list(groups)
    now = timezone.now()
    with changing(group.pk for group in groups):
        Group.objects.filter(pk__in=[group.pk for group in groups]).update(
            review=review, review_reason=reason, reviewed_at=now, reviewed_by=by, updated_at=now
        )
        record(groups, by=by, why=why, now=now)
        settle_reviews(groups, by=by, now=now)


def delete_groups(groups):
    """Delete groups; nobody is given their short names for a while."""
    groups = list(groups)
    with changing(group.pk for group in groups):
        for group in groups:
            was_shown = bool(group.shelf)
            group.former_short_names.update(was_shown=was_shown)
            FormerShortName.objects.update_or_create(
                short_name=group.short_name,
                defaults={"group": None, "ended_at": timezone.now(), "was_shown": was_shown},
            )
        Group.objects.filter(pk__in=[group.pk for group in groups]).delete()


def delete_keywords(keywords):
    """Take keywords from their groups and delete them."""
    keywords = list(keywords)
    with transaction.atomic():
        taggings = Tagging.objects.filter(tag__in=keywords)
        with changing(taggings.values_list("content_object", flat=True)):
            taggings.delete()
        # Only now: the counts refer to the keywords they are taken away from.
        Keyword.objects.filter(pk__in=[keyword.pk for keyword in keywords]).delete()


def merge_keywords(kept, others):
    """Give the groups of ``others`` the keyword ``kept`` instead; their addresses redirect to it.

    Raises ValueError if one of ``others`` has an ecosystem of its own: that is for its curators.
    """
    others = [keyword for keyword in others if keyword != kept]
    if Ecosystem.objects.filter(keyword__in=others).exists():
        raise ValueError("A keyword with an ecosystem of its own cannot be merged into another.")
    with transaction.atomic():
        taggings = Tagging.objects.filter(tag__in=others)
        with changing(taggings.values_list("content_object", flat=True)):
            for keyword in others:
                # A group may carry two of the merged words.
                already = Tagging.objects.filter(tag=kept).values("content_object")
                Tagging.objects.filter(tag=keyword, content_object__in=already).delete()
                Tagging.objects.filter(tag=keyword).update(tag=kept)
                FormerKeywordSlug.objects.filter(keyword=keyword).update(keyword=kept)
                # A word that was merged before and written again has left its slug already.
                FormerKeywordSlug.objects.update_or_create(
                    slug=keyword.slug, defaults={"keyword": kept}
                )
        delete_keywords(others)
