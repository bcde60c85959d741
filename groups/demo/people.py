"""The people of the demo, what they may do, and what waits for them. All of them are invented."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery

from ..entries import save_entry
from ..models import Ecosystem, Facilitator, Group, Person, Revision, Role, Task
from ..reviewing import changed, submitted
from ..tasks import open_task
from . import world


def add_people(ecosystems, now):
    """Make the people, give them their roles, and let facilitators have confirmed their address."""
    for each in world.people():
        person, _made = Person.objects.get_or_create(
            email=each["email"], defaults={"language": each["language"]}
        )
        person.name = each["name"]
        person.is_staff = person.is_superuser = each["role"] == "operator"
        # Nobody signs in with a password: a button of the demo does it.
        person.set_unusable_password()
        person.save()
        if each["ecosystem"]:
            Role.objects.create(
                person=person,
                ecosystem=ecosystems[each["ecosystem"]],
                kind=each["role"],
                given_at=now - timedelta(days=200),
            )
    # Somebody has said "still right", so somebody had confirmed.
    since = Group.objects.filter(pk=OuterRef("group")).values("created_at")
    known = Facilitator.objects.filter(group__confirmed_at__isnull=False)
    known.update(confirmed_at=Subquery(since))


def add_tasks(invented, groups, now):
    """Let something wait for review: what is new, what changed, what a visitor reported."""
    for each in invented:
        group = groups[each["short_name"]]
        if group.review == Group.Review.PENDING:
            submitted(group, group.created_at)
        if "before" in each:
            _change(group, each, now - timedelta(hours=20))
        if "report" in each:
            report = each["report"]
            when = now - timedelta(days=report["days_ago"])
            fields = {name: report[name] for name in ("reason", "words", "reporter")}
            open_task(Task.Kind.REPORT, group, now=when, **fields)


def _change(group, each, when):
    facilitator = Facilitator.objects.get(group=group).person
    before = Revision.objects.filter(group=group).latest("pk")
    entry = {"tagline": each["tagline"], "services": each["services"]}
    group = save_entry(entry, group=Group.objects.get(pk=group.pk), by=facilitator, why="edited")
    changed(group, before, facilitator, when)


def cast():
    """Return one person of each role that the demo lets you be, by role."""
    people = Person.objects.in_bulk([each["email"] for each in world.people()], field_name="email")
    roles = {}
    for each in world.people():
        if each["email"] in people:
            roles.setdefault(each["role"], people[each["email"]])
    return roles


def ecosystem_of(person):
    """Return the ecosystem a person of the demo has a role in, or None."""
    return Ecosystem.objects.filter(roles__person=person).first()
