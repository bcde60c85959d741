"""Saving an entry: the one way in, for the form, the import, the admin and the demo.

An entry is a dictionary in the columns of the export: text fields, `services` as ``{kind: url}``,
`keywords` as a list of names, `partners` as a list of ``{"name", "url"}``. Whatever saves one gets
its revision, its search words and the counts with it, or nothing at all.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from . import text
from .countries import default_time_zone
from .derived import changing
from .models import (
    Ecosystem,
    Facilitator,
    FormerShortName,
    Group,
    GroupPartner,
    Keyword,
    Membership,
    Partner,
    Person,
    Revision,
    Service,
    Tagging,
)
from .models.people import fold_email
from .public import public_position
from .tasks import follow_memberships, settle_reviews

FIELDS = (
    "short_name",
    "name",
    "tagline",
    "kind",
    "description",
    "country",
    "region",
    "latitude",
    "longitude",
    "member_count",
    "activity",
)
# The short name of a deleted group is not given again for so long.
KEPT_AFTER_DELETION = timedelta(days=2 * 365)
EMPTY = {
    "description": "",
    "country": "",
    "region": "",
    "latitude": None,
    "longitude": None,
    "member_count": None,
    "activity": "active",
    "keywords": [],
    "services": {},
    "partners": [],
}


def save_entry(entry, *, group=None, by=None, why, review=None, now=None):
    """Save one entry as a new group or over ``group``. Return the group. See `save_entries`."""
    return save_entries([(group, entry)], by=by, why=why, review=review, now=now)[0]


def save_entries(pairs, *, by=None, why, review=None, now=None):
    """Save (group or None, entry) ``pairs`` in one transaction. Return the groups, in order.

    What an entry leaves out stays as it is (for a new group: empty). ``review`` is given to all;
    without it new groups wait and others keep theirs. ``why`` and ``by`` go into the revision.
    ``contact_email`` names a first facilitator, unconfirmed: no mail is sent.
    Raises IntegrityError if an entry breaks a rule of the records; then nothing is saved.
    """
    now = now or timezone.now()
    with changing(group.pk for group, _entry in pairs if group) as touched:
        before = entries_of([group for group, _entry in pairs if group])
        whole = [{**EMPTY, **before.get(group and group.pk, {}), **entry} for group, entry in pairs]
        groups = [
            _filled(group or Group(created_at=now), entry, now, review)
            for (group, _entry), entry in zip(pairs, whole, strict=True)
        ]
        _refuse_names_of_others(groups, now)
        _note_former_names(groups, before)
        _save(groups)
        touched.update(group.pk for group in groups)
        _save_services(groups, whole)
        written = _save_keywords(groups, whole)
        _ask_for_membership(groups, [group for group in groups if group.pk in before], written, now)
        _save_partners(groups, whole)
        _save_contacts(groups, pairs, by)
        record(groups, by=by, why=why, now=now)
        if review and before:
            settle_reviews(groups, by=by, now=now)
    return groups


def record(groups, *, by, why, now=None):
    """Write a revision of each group as it is now."""
    entries = entries_of(groups)
    Revision.objects.bulk_create(
        Revision(
            group=group, created_at=now or timezone.now(), by=by, why=why, entry=entries[group.pk]
        )
        for group in groups
    )


def entries_of(groups):
    """Return ``{group id: entry}`` for ``groups``, in four queries; no address of people."""
    ids = [group.pk for group in groups]
    entries = {
        group.pk: {
            **{name: getattr(group, name) for name in FIELDS},
            "keywords": [],
            "services": {},
            "partners": [],
        }
        for group in Group.objects.filter(pk__in=ids)
    }
    services = Service.objects.filter(group__in=ids).order_by("pk")
    for group_id, kind, url in services.values_list("group_id", "kind", "url"):
        entries[group_id]["services"][kind] = url
    taggings = Tagging.objects.filter(content_object__in=ids).order_by("position", "pk")
    for group_id, name in taggings.values_list("content_object_id", "tag__name"):
        entries[group_id]["keywords"].append(name)
    partnerships = GroupPartner.objects.filter(group__in=ids).order_by("position", "pk")
    for group_id, name, url in partnerships.values_list(
        "group_id", "partner__name", "partner__url"
    ):
        entries[group_id]["partners"].append({"name": name, "url": url})
    return entries


def _filled(group, entry, now, review):
    counted_before = group.member_count
    for name in FIELDS:
        setattr(group, name, entry[name])
    # No column of the export: only a form knows it.
    if "position_is_approximate" in entry:
        group.position_is_approximate = entry["position_is_approximate"]
    # Revisions too hold a position no more exactly than it is shown.
    group.latitude, group.longitude = public_position(
        group.latitude, group.longitude, group.position_is_approximate
    )
    if group.member_count is None:
        group.member_count_on = None
    elif group.member_count != counted_before:
        group.member_count_on = timezone.localdate(now)
    group.time_zone = group.time_zone or default_time_zone(group.country) or ""
    group.updated_at = now
    if review and review != group.review:
        group.review = review
        group.reviewed_at = now
    return group


def names_of_others(wanted, now):
    """Return those of ``wanted``, {short name: group id or None}, that lead to another group.

    The name of a group that was deleted lately leads nowhere, and is kept as well.
    """
    return [
        former.short_name
        for former in FormerShortName.objects.filter(short_name__in=wanted)
        if (former.group_id and former.group_id != wanted[former.short_name])
        or (former.group_id is None and former.ended_at > now - KEPT_AFTER_DELETION)
    ]


def _refuse_names_of_others(groups, now):
    wanted = {group.short_name: group.pk for group in groups}
    for name in names_of_others(wanted, now):
        raise IntegrityError(f"The short name {name} belonged to another group.")


def _note_former_names(groups, before):
    changed = [
        (before[group.pk]["short_name"], group)
        for group in groups
        if group.pk in before and before[group.pk]["short_name"] != group.short_name
    ]
    for former, group in changed:
        FormerShortName.objects.update_or_create(short_name=former, defaults={"group": group})
        FormerShortName.objects.filter(short_name=group.short_name, group=group).delete()


def _save(groups):
    Group.objects.bulk_create([group for group in groups if group.pk is None])
    names = [*FIELDS, "position_is_approximate", "member_count_on", "time_zone", "updated_at"]
    names += ["review", "reviewed_at"]
    known = [group for group in groups if not group._state.adding]
    if known:
        Group.objects.bulk_update(known, names, batch_size=100)


def _save_services(groups, entries):
    wanted = {
        (group.pk, kind): url
        for group, entry in zip(groups, entries, strict=True)
        for kind, url in entry["services"].items()
        if url
    }
    moved, stale = [], []
    for service in Service.objects.filter(group__in=groups):
        url = wanted.pop((service.group_id, service.kind), None)
        if url is None:
            stale.append(service.pk)
        elif url != service.url:
            service.url = url
            moved.append(service)
    Service.objects.filter(pk__in=stale).delete()
    if moved:
        Service.objects.bulk_update(moved, ["url"])
    Service.objects.bulk_create(
        Service(group_id=group_id, kind=kind, url=url) for (group_id, kind), url in wanted.items()
    )


def _save_keywords(groups, entries):
    """Save the keywords of each group. Return (group id, keyword id) of those it had not before."""
    names = dict.fromkeys(name for entry in entries for name in entry["keywords"])
    keywords = Keyword.objects.get_or_make(names)
    wanted = {}
    for group, entry in zip(groups, entries, strict=True):
        for position, name in enumerate(entry["keywords"]):
            if keyword := keywords.get(text.fold(name)):
                wanted.setdefault((group.pk, keyword.pk), position)
    stale, written = [], set(wanted)
    for tagging in Tagging.objects.filter(content_object__in=groups):
        key = (tagging.content_object_id, tagging.tag_id)
        written.discard(key)
        if wanted.get(key) == tagging.position:
            del wanted[key]
        else:
            stale.append(tagging.pk)
    Tagging.objects.filter(pk__in=stale).delete()
    Tagging.objects.bulk_create(
        Tagging(content_object_id=group_id, tag_id=keyword_id, position=position)
        for (group_id, keyword_id), position in wanted.items()
    )
    return written


def _ask_for_membership(groups, known_groups, written, now):
    """Take the keyword of an ecosystem that reviews its groups as a question to its curators.

    Taking the keyword away before they have decided takes the question back; whoever left and
    writes it anew asks again.
    """
    status = Membership.Status
    carried = {
        (group_id, ecosystem_id): keyword_id
        for group_id, ecosystem_id, keyword_id in Tagging.objects.filter(
            content_object__in=groups, tag__ecosystem__admission=Ecosystem.Admission.REVIEWED
        ).values_list("content_object_id", "tag__ecosystem__pk", "tag_id")
    }
    known = {
        (membership.group_id, membership.ecosystem_id): membership
        for membership in Membership.objects.filter(
            group__in=known_groups, ecosystem__admission=Ecosystem.Admission.REVIEWED
        )
    }
    new = [
        Membership(group_id=group_id, ecosystem_id=ecosystem_id, asked_at=now)
        for group_id, ecosystem_id in sorted(carried.keys() - known.keys())
    ]
    Membership.objects.bulk_create(new, ignore_conflicts=True)
    taken_back = [
        membership.pk
        for key, membership in known.items()
        if key not in carried and membership.status in (status.ASKED, status.QUESTIONED)
    ]
    again = [
        membership.pk
        for key, membership in known.items()
        if membership.status == status.LEFT and (key[0], carried.get(key)) in written
    ]
    if taken_back:
        Membership.objects.filter(pk__in=taken_back).update(status=status.LEFT)
    if again:
        Membership.objects.filter(pk__in=again).update(
            status=status.ASKED, asked_at=now, decided_at=None, decided_by=None
        )
    if new or taken_back or again:
        follow_memberships([group.pk for group in groups], now=now)


def _save_partners(groups, entries):
    partners = _partners_named(
        [each for entry in entries for each in entry["partners"] if text.fold(each["name"])]
    )
    GroupPartner.objects.filter(group__in=groups).delete()
    wanted = {}
    for group, entry in zip(groups, entries, strict=True):
        for position, each in enumerate(entry["partners"]):
            if partner := partners.get(text.fold(each["name"])):
                wanted.setdefault((group.pk, partner.pk), position)
    GroupPartner.objects.bulk_create(
        GroupPartner(group_id=group_id, partner_id=partner_id, position=position)
        for (group_id, partner_id), position in wanted.items()
    )


def _partners_named(wanted):
    """Return ``{folded name: partner}``, making those that are missing.

    A partner serves several groups, so an entry names it and never rewrites it; it may only give
    the address that was missing.
    """
    urls = {}
    for each in wanted:
        urls.setdefault(text.fold(each["name"]), each)
    partners = {p.name_key: p for p in Partner.objects.filter(name_key__in=urls)}
    for key, each in urls.items():
        if key not in partners:
            partners[key] = Partner.objects.create(
                name=each["name"], name_key=key, url=each.get("url", "")
            )
        elif each.get("url") and not partners[key].url:
            partners[key].url = each["url"]
            partners[key].save(update_fields=["url"])
    return partners


def _save_contacts(groups, pairs, by):
    """Name the first facilitator of the groups that have none."""
    emails = {
        group.pk: fold_email(entry["contact_email"])
        for group, (_before, entry) in zip(groups, pairs, strict=True)
        if entry.get("contact_email")
    }
    if not emails:
        return
    taken = set(Facilitator.objects.filter(group__in=emails).values_list("group_id", flat=True))
    people = defaultdict(
        lambda: None, Person.objects.in_bulk(set(emails.values()), field_name="email")
    )
    for group_id, email in emails.items():
        if group_id in taken:
            continue
        if people[email] is None:
            people[email] = Person.objects.create_user(email)
        Facilitator.objects.create(person=people[email], group_id=group_id, added_by=by)
