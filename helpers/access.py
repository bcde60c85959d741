"""Who may see what the helpers know. Asked of the database each time: a role withdrawn is gone.

Helpers see the groups that their ecosystems have accepted, and those they follow; facilitators
their own; operators all. Curators see numbers only: `curates`.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from groups.access import grant_for
from groups.models import Ecosystem, Group, Membership, Person, Role

from .models import Follow

# Numbers of fewer groups than this would tell of single ones.
FEWEST = 5
COLLEAGUES = 200
Kind = Role.Kind
Status = Membership.Status


@dataclass(frozen=True)
class Viewer:
    """Somebody who helps, with the roles they have now."""

    person: Person
    is_operator: bool
    # The ecosystems they help: {pk: (slug, name)}.
    helped: dict
    # The other helpers there: {pk: name}.
    colleagues: dict


@dataclass(frozen=True)
class Reader:
    """Somebody who may see one group's indicators, as what."""

    person: Person
    is_helper: bool
    is_facilitator: bool


def viewer_of(person):
    """Return the `Viewer` that ``person`` is, or None for whoever helps nowhere. One query."""
    if not person.is_authenticated:
        return None
    is_operator = person.is_operator()
    own = Role.objects.filter(
        ecosystem=OuterRef("ecosystem"), person=person, kind=Kind.HELPER, withdrawn_at=None
    )
    roles = Role.objects.filter(kind=Kind.HELPER, withdrawn_at=None, person__is_active=True)
    if not is_operator:
        roles = roles.filter(Exists(own))
    helped, colleagues = {}, {}
    rows = roles.annotate(is_own=Exists(own)).order_by("-is_own", "person__name", "pk")
    columns = ("ecosystem", "ecosystem__keyword__slug", "ecosystem__name", "person", "person__name")
    for ecosystem, slug, name, pk, who in rows.values_list(*columns)[:COLLEAGUES]:
        helped[ecosystem] = (slug, name)
        if pk != person.pk:
            colleagues[pk] = who
    if not (helped or is_operator):
        return None
    return Viewer(person, is_operator, helped, colleagues)


def groups_for(viewer):
    """Keep the groups whose indicators ``viewer`` may see."""
    if viewer.is_operator:
        return Group.objects.all()
    return Group.objects.filter(may_help(viewer.person))


def may_help(person):
    """Return the condition on a group that ``person`` sees its indicators as a helper.

    Rights come by an accepted membership, never by a keyword alone. Whoever follows a group goes on
    seeing it, as long as they help anywhere, and the group has not left their ecosystems.
    """
    helped = Role.objects.filter(person=person, kind=Kind.HELPER, withdrawn_at=None).values(
        "ecosystem"
    )
    memberships = Membership.objects.filter(group=OuterRef("pk"), ecosystem__in=helped)
    accepted = Exists(memberships.filter(status=Status.ACCEPTED))
    parted = Exists(memberships.filter(status__in=[Status.LEFT, Status.REFUSED]))
    followed = Exists(Follow.objects.filter(group=OuterRef("pk"), person=person, ended_at=None))
    helps = Exists(helped)
    return accepted | (followed & helps & ~parted)


def reader_of(request, group):
    """Return the `Reader` this browser is for ``group``, or None."""
    grant = grant_for(request, group)
    user = request.user
    is_helper = user.is_authenticated and (
        user.is_operator() or Group.objects.filter(may_help(user), pk=group.pk).exists()
    )
    # The kept link may edit the entry, and nothing else.
    is_facilitator = grant is not None and not grant.may_only_edit and grant.person is not None
    if not (is_helper or is_facilitator):
        return None
    return Reader(user if is_helper else grant.person, is_helper, is_facilitator)


def may_follow(viewer, group):
    """Say whether ``viewer`` may begin to follow ``group``: it is a member where they help."""
    if viewer.is_operator:
        return True
    accepted = Membership.objects.filter(
        group=group, status=Status.ACCEPTED, ecosystem__in=list(viewer.helped)
    )
    return accepted.exists()


def curated_ecosystem(person, slug):
    """Return the ecosystem of this address whose numbers ``person`` may see, or None."""
    ecosystems = Ecosystem.objects.filter(keyword__slug=slug).select_related("keyword")
    if not person.is_operator():
        own = Role.objects.filter(
            ecosystem=OuterRef("pk"), person=person, kind=Kind.CURATOR, withdrawn_at=None
        )
        ecosystems = ecosystems.filter(Exists(own))
    return ecosystems.first()


def helpers_of(group):
    """Return the condition on a `Person` that they help ``group`` now: they follow it, and may."""
    following = Follow.objects.filter(person=OuterRef("pk"), group=group, ended_at=None)
    helping = Role.objects.filter(person=OuterRef("pk"), kind=Kind.HELPER, withdrawn_at=None)
    return Exists(following) & (Exists(helping) | Q(is_staff=True))
