"""Turn the demo's files into records, through the same doors as everything else."""

from datetime import date, timedelta
from importlib import import_module

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from .. import pictures
from ..derived import changing
from ..entries import save_entries
from ..exchange.importing import import_file
from ..models import (
    CharterRule,
    Ecosystem,
    Group,
    Keyword,
    Membership,
    Partner,
    Pause,
)
from ..text import fold
from . import world
from .people import add_people, add_tasks
from .pictures import draw_banner, draw_logo

WHY = "demo"
AGE_OF_THE_REAL = 3000  # days: older than any invented group


def load_demo():
    """Load the invented ecosystems and the real communities. Return how many groups of each.

    Nobody is written to: what waits was put into the queue of the reviewers, not into that of mail.
    """
    invented = world.groups()
    now = timezone.now()
    partners = {each["name"]: each for each in world.partners()}
    pairs = [(None, _entry(each, partners)) for each in invented]
    groups = dict(
        zip(
            [each["short_name"] for each in invented],
            save_entries(pairs, why=WHY),
            strict=True,
        )
    )
    _add_logos(partners.values())
    ecosystems = _make_ecosystems(groups)
    with changing(group.pk for group in groups.values()):
        for each in invented:
            _complete(groups[each["short_name"]], each, groups, now)
            _join(groups[each["short_name"]], each["memberships"], ecosystems, now)
    _age_charters(world.ecosystems(), groups, ecosystems, now)
    add_people(ecosystems, now)
    add_tasks(invented, groups, now)
    real = import_file(world.OSM_COMMUNITIES, why=WHY)
    _age_others(groups.values(), now)
    return len(groups), real.added


def add_the_parts_of_others(now):
    """Let every installed app with a ``demo.add_to_demo`` add its part of the world."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "demo"):
            add = getattr(import_module(f"{app.name}.demo"), "add_to_demo", None)
            if add:
                add(now)


def _age_others(groups, now):
    """Let the invented groups be the newest: they have the most to show."""
    others = Group.objects.exclude(pk__in=[group.pk for group in groups])
    with changing(others.values_list("pk", flat=True)):
        others.update(created_at=now - timedelta(days=AGE_OF_THE_REAL))


def _entry(each, partners):
    """Return the entry of an invented group as it first was, if it changed since."""
    before = each.get("before", {})
    fields = "short_name name tagline kind description keywords country region latitude longitude"
    entry = {name: each[name] for name in fields.split()}
    return entry | {
        "tagline": before.get("tagline", each["tagline"]),
        "member_count": each["member_count"],
        "activity": each["activity"],
        "contact_email": each["contact_email"],
        "services": each["services"] | {kind: before[kind] for kind in ("home",) if kind in before},
        "partners": [{"name": name, "url": partners[name]["url"]} for name in each["partners"]],
    }


def _add_logos(partners):
    for each in partners:
        logo = pictures.store_logo(draw_logo(each))
        Partner.objects.filter(name_key=fold(each["name"])).update(logo=logo)


def _make_ecosystems(groups):
    """Make the ecosystems with their charters. Return them by slug."""
    ecosystems = {}
    for each in world.ecosystems():
        keyword = Keyword.objects.get_or_make([each["keyword"]])[fold(each["keyword"])]
        ecosystem = Ecosystem.objects.create(
            keyword=keyword,
            name=each["name"],
            tagline=each["tagline"],
            description=each["description"],
            accent=each["accent"],
            core_group=groups[each["core_group"]],
            charter_version=len(each["former_charters"]) + 1,
            admission=each["admission"],
        )
        charters = [*each["former_charters"], each["charter"]]
        CharterRule.objects.bulk_create(
            CharterRule(ecosystem=ecosystem, version=version, position=position, text=line)
            for version, lines in enumerate(charters, start=1)
            for position, line in enumerate(lines, start=1)
        )
        ecosystems[each["slug"]] = ecosystem
    return ecosystems


def _complete(group, each, groups, now):
    """Give an invented group what no entry holds: its age, its banner, where it began."""
    group.position_is_approximate = each["position_is_approximate"]
    group.time_zone = each["time_zone"] or group.time_zone
    group.started_in = groups.get(each["started_in"])
    group.created_at = now - timedelta(days=each["created_days_ago"])
    if each["confirmed_days_ago"] is not None:
        group.confirmed_at = now - timedelta(days=each["confirmed_days_ago"])
    if each["member_count"] is not None:
        group.member_count_on = date.fromisoformat(each["member_count_on"])
    if each["banner"]:
        group.banner = pictures.store_banner(draw_banner(each["banner"], each["short_name"]))
    group.review = each["review"]
    group.review_reason = each.get("refused_reason", "")
    group.reviewed_at = None if group.review == Group.Review.PENDING else group.created_at
    group.save()
    if group.activity == Group.Activity.ASLEEP:
        Pause.objects.create(
            group=group,
            from_day=timezone.localdate(now) - timedelta(days=90),
            review_on=timezone.localdate(now) + timedelta(days=90),
        )


def _join(group, slugs, ecosystems, now):
    for slug in slugs:
        Membership.objects.create(
            group=group,
            ecosystem=ecosystems[slug],
            status=Membership.Status.ACCEPTED,
            asked_at=group.created_at,
            decided_at=group.created_at,
            charter_version=ecosystems[slug].charter_version,
            charter_accepted_at=now,
        )


def _age_charters(described, groups, ecosystems, now):
    """Let some groups have accepted an earlier charter only: in time still, and too late."""
    for each in described:
        for short_name, days_left in each["renewals"].items():
            memberships = Membership.objects.filter(
                group=groups[short_name], ecosystem=ecosystems[each["slug"]]
            )
            memberships.update(
                charter_version=ecosystems[each["slug"]].charter_version - 1,
                charter_accepted_at=now - timedelta(days=400),
                renew_by=now + timedelta(days=days_left),
            )
