"""What is derived from a group and kept beside it, so that pages read and never compute.

The copies on the through table, the card, the words for search and the counts all follow from the
group, its links, keywords and memberships. Whoever changes one of those does it inside
`changing(…)`; then all of it is right at commit, or nothing was changed.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from . import counts, pictures, search
from .bulk import insert
from .models import Ecosystem, Group, Keyword, PageVersion, SearchWord, Service, Tagging, Tombstone
from .public import public_position
from .text import site_key, sort_key


@dataclass
class _Changing:
    change: counts.Change
    touched: set
    core_of: set
    # (scope, group) for every place that showed one of these before.
    shown: set


_outermost = ContextVar("changing", default=None)


@contextmanager
def changing(group_ids=()):
    """Bring everything derived in step with what the block changes about these groups.

    Yields a set; a block that makes groups adds their identifiers to it. Blocks may lie within one
    another: the outermost does the work, once.
    """
    group_ids = set(group_ids)
    outer = _outermost.get()
    if outer:
        outer.change.take_away(_locked(group_ids - outer.touched))
        outer.core_of |= _core_of(group_ids - outer.touched)
        outer.shown |= _shown(group_ids - outer.touched)
        outer.touched |= group_ids
        yield outer.touched
        return
    with transaction.atomic(), PageVersion.objects.bumped_once() as scopes:
        change = counts.Change()
        change.take_away(_locked(group_ids))
        core_of = _core_of(group_ids)
        shown = _shown(group_ids)
        token = _outermost.set(_Changing(change, group_ids, core_of, shown))
        try:
            yield group_ids
        finally:
            _outermost.reset(token)
        # As near to the end of the transaction as can be: who copies asks for what is newer.
        now = timezone.now()
        _derive(group_ids, changed_at=now)
        change.add(group_ids)
        change.write()
        _bury(shown - (shown_now := _shown(group_ids)), shown_now, now)
        if change.scopes:
            scopes |= change.scopes | core_of


def _core_of(group_ids):
    """Return the keywords of the ecosystems that show one of these as their core group."""
    ecosystems = Ecosystem.objects.filter(core_group__in=group_ids)
    return set(ecosystems.values_list("keyword", flat=True)) if group_ids else set()


def _shown(group_ids):
    """Return the (scope, group id) where these groups are public. Two queries."""
    if not group_ids:
        return set()
    public = Group.objects.published().filter(pk__in=group_ids).values_list("pk", flat=True)
    taggings = Tagging.objects.filter(content_object__in=group_ids, shelf__gt=0)
    listed = taggings.values_list("tag_id", "content_object_id")
    return {(counts.EVERYWHERE, pk) for pk in public} | set(listed)


def _bury(gone, shown, now):
    """Leave a tombstone wherever a group was public and is not; take it away where it is again."""
    back = {pk for _scope, pk in shown}
    risen = Tombstone.objects.filter(group_id__in=back)
    if back and (risen := [each.pk for each in risen if each.pk in shown]):
        for scope, pk in risen:
            Tombstone.objects.filter(scope=scope, group_id=pk).delete()
    Tombstone.objects.bulk_create(
        (Tombstone(scope=scope, group_id=pk, gone_at=now) for scope, pk in sorted(gone)),
        update_conflicts=True,
        unique_fields=["scope", "group_id"],
        update_fields=["gone_at"],
    )


def _locked(group_ids):
    """Lock groups in one order, so that two writers wait for each other instead of locking up."""
    groups = Group.objects.select_for_update().filter(pk__in=group_ids).order_by("pk")
    return list(groups.values_list("pk", flat=True))


def derive_everything(progress=lambda done: None):
    """Make everything derived again from the records. Returns how many groups there are."""
    with transaction.atomic():
        ids = list(Group.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), 500):
            _derive(ids[start : start + 500])
            progress(min(start + 500, len(ids)))
        counts.recount()
        keywords = Keyword.objects.values_list("pk", flat=True)
        PageVersion.objects.bump([*keywords, *(-pk for pk in ids)])
    return len(ids)


def _derive(group_ids, changed_at=None):
    groups = list(Group.objects.filter(pk__in=group_ids))
    _refresh_own(groups, changed_at)
    _refresh_taggings(group_ids)
    keywords = _admitted_keywords(group_ids)
    _refresh_cards(groups, keywords)
    _refresh_words(groups, keywords)


def _refresh_own(groups, changed_at):
    for group in groups:
        group.changed_at = changed_at or group.changed_at
        group.name_key = sort_key(group.name)
        # Kept no more exactly than it is shown: a filter by box could find out the rest.
        group.latitude, group.longitude = public_position(
            group.latitude, group.longitude, group.position_is_approximate
        )
    Group.objects.bulk_update(
        groups, ["name_key", "latitude", "longitude", "changed_at"], batch_size=200
    )


def _refresh_taggings(group_ids):
    """Copy to the through table what listings sort and filter by, in one statement a thousand."""
    copies = ("name_key", "kind", "activity", "country", "created_at", "confirmed_at")
    copied = ", ".join(f"{name} = g.{name}" for name in (*copies, "member_count"))
    ids = sorted(group_ids)
    with connection.cursor() as cursor:
        for start in range(0, len(ids), 1000):
            part = ids[start : start + 1000]
            cursor.execute(
                f"""
                UPDATE groups_tagging SET {copied}, shelf = CASE WHEN EXISTS (
                    SELECT 1 FROM groups_ecosystem e
                    WHERE e.keyword_id = groups_tagging.tag_id AND e.admission = 'reviewed'
                    AND NOT EXISTS (
                        SELECT 1 FROM groups_membership m
                        WHERE m.ecosystem_id = e.id AND m.group_id = g.id
                        AND m.status = 'accepted'
                    )
                ) THEN 0 ELSE g.shelf END
                FROM groups_group g
                WHERE g.id = groups_tagging.content_object_id
                AND g.id IN ({", ".join(["%s"] * len(part))})
                """,
                part,
            )


def _admitted_keywords(group_ids):
    """Return ``{group id: [(id, name, slug)]}`` of the keywords that list each group, in order.

    The words of an ecosystem that has not admitted the group are left out: they say nothing yet.
    """
    keywords = defaultdict(list)
    rows = Tagging.objects.filter(content_object__in=group_ids).order_by("position", "pk")
    refused = rows.filter(shelf=0, content_object__shelf__gt=0).values("pk")
    for group_id, *keyword in rows.exclude(pk__in=refused).values_list(
        "content_object_id", "tag_id", "tag__name", "tag__slug"
    ):
        keywords[group_id].append(keyword)
    return keywords


def _refresh_cards(groups, keywords):
    links = defaultdict(dict)
    rows = Service.objects.filter(group__in=groups, kind__in=[Service.Kind.HOME, Service.Kind.JOIN])
    for group_id, kind, url in rows.values_list("group_id", "kind", "url"):
        links[group_id][kind] = url
    for group in groups:
        group.site_key = site_key(links[group.pk].get(Service.Kind.HOME, ""))
        group.card = {
            "keywords": [[name, slug] for _pk, name, slug in keywords[group.pk]],
            "visit": links[group.pk].get(Service.Kind.HOME, ""),
            "join": links[group.pk].get(Service.Kind.JOIN, ""),
            "band": pictures.listing_name(group.banner.name),
        }
    Group.objects.bulk_update(groups, ["card", "site_key"], batch_size=200)


def _refresh_words(groups, keywords):
    SearchWord.objects.filter(group__in=[group.pk for group in groups]).delete()
    insert(
        SearchWord,
        search.COLUMNS,
        [
            row
            for group in groups
            if group.shelf
            for row in search.rows_of(group, [name for _pk, name, _slug in keywords[group.pk]])
        ],
    )
