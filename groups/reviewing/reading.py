"""One task as whoever decides reads it: the entry as it will be, what changed, what is doubtful."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import history, markdown
from ..access import confirmed_facilitators
from ..entries import entries_of
from ..forms.fields import shown_picture, sign_picture
from ..forms.review import ENDS
from ..letters import name_of
from ..models import CharterRule, Group, Membership, Partner, Service, Task
from ..pictures import listing_name
from ..public import (
    PUBLIC_SERVICES,
    PublicCard,
    PublicService,
    preview_card,
    public_links,
    public_position,
    public_service,
)
from ..text import fold
from .asking import extras_of
from .marks import decided_by, kind_label
from .queue import RELATED, Row, newest_revisions, rows_of
from .rights import hindrance, tasks_of, with_marks
from .verdicts import ending_of, proposal_of

Kind = Task.Kind
DEEDS = {
    Kind.NEW: ("accept", "ask", "refuse"),
    Kind.EDIT: ("accept", "ask", "refuse"),
    Kind.LOOK: ("seen", "ask", "refuse"),
    Kind.MEMBERSHIP: ("accept", "ask", "refuse"),
    Kind.REPORT: ("end", "ask"),
    Kind.STALE: ("end", "ask"),
    Kind.TAKE_OVER: ("accept", "refuse"),
    Kind.ORPHAN: ("invite", "there", "archive"),
}
REOPENED = (Kind.NEW, Kind.MEMBERSHIP)
DECISIONS_SHOWN = 10


@dataclass(frozen=True)
class ShownPartner:
    name: str
    url: str
    logo_url: str


@dataclass(frozen=True)
class ShownEntry:
    """An entry as its page will show it, and what only facilitators and helpers see."""

    card: PublicCard
    description_html: SafeString
    links: tuple[PublicService, ...]
    private_links: tuple[PublicService, ...]
    partners: tuple[ShownPartner, ...]
    position: str
    started_in: Group | None
    short_address: str


@dataclass(frozen=True)
class Charter:
    """The charter of an ecosystem, and what the group has accepted of it."""

    membership: Membership
    rules: tuple[str, ...]
    accepted_by: str
    is_of_today: bool


@dataclass(frozen=True)
class Past:
    """A decision that was taken about the same group."""

    kind_label: str
    sentence: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """Everything the page of a task shows."""

    task: Task
    row: Row
    entry: ShownEntry
    differences: list[history.Difference]
    conflicts: list[history.Conflict]
    charters: list[Charter]
    past: list[Past]
    facilitators: int
    # By name, or by address where they have none; empty for whoever may not see them.
    facilitator_names: tuple[str, ...]
    hindrance: str
    deeds: tuple[str, ...]
    asker: str
    sender: str

    @property
    def facilitators_label(self):
        """Say who would read a question."""
        if not self.facilitators:
            return _("Nobody of the group has confirmed an address.")
        return ngettext(
            "One facilitator has confirmed an address.",
            "%(n)s facilitators have confirmed an address.",
            self.facilitators,
        ) % {"n": self.facilitators}

    @property
    def decision(self):
        return decided_by(self.task)

    @property
    def reason(self):
        return reason_of(self.task)

    @property
    def may_reopen(self):
        """Say whether what was refused can be taken back from here."""
        is_refused = self.task.decision == Task.Decision.REFUSED
        return is_refused and self.task.kind in REOPENED and not self.hindrance


def find_task(reviewer, pk, now):
    """Return the task ``pk`` if ``reviewer`` may see it, else None. One query."""
    tasks = with_marks(tasks_of(reviewer), reviewer, now)
    return tasks.select_related(*RELATED, "ecosystem__core_group").filter(pk=pk).first()


def read_task(task, reviewer, now):
    """Return the `Reading` of a task that `find_task` found. At most twenty queries."""
    group = task.group
    revision = newest_revisions([group.pk]).get(group.pk)
    memberships = list(_memberships(group))
    accepted = {
        each.ecosystem_id for each in memberships if each.status == Membership.Status.ACCEPTED
    }
    sees_private = reviewer.sees_private_links_of(accepted)
    current = revision.entry if revision else entries_of([group])[group.pk]
    entry, extras, conflicts = current, {}, []
    if task.kind == Kind.EDIT and not task.decided_at:
        entry, extras, conflicts = proposal_of(task, current)
    (row,) = rows_of([task], reviewer, now)
    facilitators = [
        each.person for each in confirmed_facilitators(group).order_by("confirmed_at", "pk")
    ]
    return Reading(
        task=task,
        row=row,
        entry=shown_entry(group, entry, extras, sees_private=sees_private),
        differences=_differences(task, current, entry, sees_private),
        conflicts=conflicts if sees_private else [each for each in conflicts if _is_open(each)],
        charters=_charters(task, memberships),
        past=_past(task, reviewer),
        facilitators=len(facilitators),
        facilitator_names=tuple(map(str, facilitators)) if sees_private else (),
        hindrance=hindrance(task, reviewer),
        deeds=_deeds(task),
        asker=name_of(task.asked_by),
        sender=name_of(task.person),
    )


def _deeds(task):
    if task.decided_at:
        return ()
    deeds = DEEDS[task.kind]
    if task.kind == Kind.LOOK and task.revision is None:
        # There is no version to bring back.
        return tuple(deed for deed in deeds if deed != "refuse")
    return deeds


def _memberships(group):
    left = [Membership.Status.LEFT, Membership.Status.REFUSED]
    return (
        group.memberships.exclude(status__in=left)
        .select_related("ecosystem", "charter_accepted_by")
        .order_by("ecosystem__name")
    )


# ── The entry ───────────────────────────────────────────────────────────────────────────────────


def shown_entry(group, entry, extras, *, sees_private):
    """Return the `ShownEntry` of ``entry`` with ``extras`` over what the group has besides."""
    extras = extras_of(group) | extras
    links, private = _links(entry, extras["members_is_open"])
    position = public_position(
        entry["latitude"], entry["longitude"], extras["position_is_approximate"]
    )
    return ShownEntry(
        card=preview_card(entry, shown_picture(sign_picture(extras["banner"]), listing_name)),
        description_html=markdown.render(entry["description"]),
        links=links,
        private_links=private if sees_private else (),
        partners=_partners(entry, extras.get("logos", {})),
        position="" if None in position else "{}, {}".format(*position),
        started_in=Group.objects.published().filter(pk=extras["started_in"]).first(),
        short_address=f"{settings.SITE_HOST}/{entry['short_name']}",
    )


def _links(entry, members_is_open):
    given = {Service.Kind(kind): url for kind, url in entry["services"].items()}
    shown = public_links(given, members_is_open)
    hidden = {kind: url for kind, url in given.items() if kind not in shown}
    return tuple(
        tuple(public_service(kind, url) for kind, url in links.items()) for links in (shown, hidden)
    )


def _partners(entry, logos):
    """Return the partners with the logos they have, or would get."""
    keys = [fold(each["name"]) for each in entry["partners"]]
    known = dict(Partner.objects.filter(name_key__in=keys).values_list("name_key", "logo"))
    return tuple(
        ShownPartner(
            each["name"],
            each["url"],
            shown_picture(sign_picture(known.get(key) or logos.get(key, ""))),
        )
        for key, each in zip(keys, entry["partners"], strict=True)
    )


def _differences(task, current, entry, sees_private):
    """Return what a task changes, or has changed, as far as its reader may see it."""
    if task.kind == Kind.EDIT and not task.decided_at:
        before, after = current, entry
    elif task.kind == Kind.LOOK and task.revision and not task.decided_at:
        before, after = task.revision.entry, current
    else:
        return []
    found = history.differences(before, after)
    return found if sees_private else [each for each in found if _is_open(each)]


def _is_open(difference):
    """Say whether the field of a difference is no private link."""
    kind = difference.field.removesuffix("_url")
    return kind not in Service.Kind.values or kind in PUBLIC_SERVICES


# ── What goes with it ───────────────────────────────────────────────────────────────────────────


def _charters(task, memberships):
    """Return the charters concerned: of the ecosystem that is asked, or of all the group is in."""
    if task.kind == Kind.MEMBERSHIP:
        memberships = [each for each in memberships if each.ecosystem_id == task.ecosystem_id]
    rules = {}
    found = CharterRule.objects.filter(ecosystem__in=[each.ecosystem_id for each in memberships])
    for rule in found.order_by("position"):
        rules.setdefault((rule.ecosystem_id, rule.version), []).append(rule.text)
    return [
        Charter(
            each,
            tuple(rules.get((each.ecosystem_id, each.ecosystem.charter_version), ())),
            name_of(each.charter_accepted_by),
            each.charter_version == each.ecosystem.charter_version,
        )
        for each in memberships
    ]


def _past(task, reviewer):
    """Return the decisions about the group that ``reviewer`` may see, the newest first."""
    decided = tasks_of(reviewer).filter(group=task.group_id, decided_at__isnull=False)
    decided = decided.exclude(pk=task.pk).select_related("decided_by", "ecosystem")
    return [
        Past(kind_label(each), decided_by(each), reason_of(each))
        for each in decided.order_by("-decided_at", "-pk")[:DECISIONS_SHOWN]
    ]


def reason_of(task):
    """Return why a task was decided as it was, in words."""
    done, words = ending_of(task)
    if task.kind in (Kind.REPORT, Kind.STALE, Kind.ORPHAN) and done in ENDS:
        return f"{ENDS[done][0]}. {words}".strip()
    return task.decision_reason
