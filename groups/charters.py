"""The charters of the ecosystems a group names by its keywords, and accepting them."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from .derived import changing
from .entries import record
from .models import CharterRule, Ecosystem, Membership
from .tasks import follow_memberships
from .text import fold


@dataclass(frozen=True)
class Charter:
    """What an ecosystem asks of its groups, in the version of today."""

    ecosystem: Ecosystem
    version: int
    rules: tuple[str, ...]

    @property
    def is_reviewed(self):
        """Say whether curators accept each group."""
        return self.ecosystem.admission == Ecosystem.Admission.REVIEWED


def charters_of(keywords):
    """Return the `Charter` of each ecosystem that has one of these keywords. Two queries."""
    ecosystems = list(
        Ecosystem.objects.filter(keyword__name_key__in={fold(name) for name in keywords})
        .select_related("keyword")
        .order_by("name")
    )
    rules = {}
    for rule in CharterRule.objects.filter(ecosystem__in=ecosystems).order_by("position"):
        rules.setdefault((rule.ecosystem_id, rule.version), []).append(rule.text)
    return [
        Charter(each, each.charter_version, tuple(rules.get((each.pk, each.charter_version), ())))
        for each in ecosystems
    ]


def unaccepted_charters(group):
    """Return the `Charter`s that ``group`` is asked to accept, in the version of today.

    Those of the ecosystems whose keyword it carries. Four queries at most.
    """
    charters = charters_of(group.keywords.values_list("name", flat=True))
    if not charters:
        return []
    accepted = set(group.memberships.values_list("ecosystem_id", "charter_version"))
    return [
        each
        for each in charters
        if each.rules and (each.ecosystem.pk, each.version) not in accepted
    ]


def accept_shown_charter(group, ecosystem_id, version, by, now):
    """Accept a charter for ``group`` as ``by`` was shown it.

    Return its `Ecosystem`; None where that version is not, or no more, to be accepted.
    """
    with changing([group.pk]):
        shown = [
            each
            for each in unaccepted_charters(group)
            if (each.ecosystem.pk, each.version) == (ecosystem_id, version)
        ]
        if not shown:
            return None
        accept_charters(group, shown, now, by=by)
        follow_memberships([group.pk], now=now)
        record([group], by=by, why="charter_accepted", now=now)
    return shown[0].ecosystem


def accept_charters(group, charters, now, *, by=None):
    """Note that ``group`` accepts these charters. Where the ecosystem is open, it joins with that.

    Not where its curators have refused it. By nobody (None) where whoever registers the group has
    not confirmed an address yet.
    """
    if not charters:
        return
    status = Membership.Status
    with changing([group.pk]):
        for charter in charters:
            accepted = {
                "charter_version": charter.version,
                "charter_accepted_at": now,
                "charter_accepted_by": by,
                "renew_by": None,
            }
            membership, _made = Membership.objects.update_or_create(
                group=group,
                ecosystem=charter.ecosystem,
                defaults=accepted,
                create_defaults={"asked_at": now, **accepted},
            )
            is_decided = membership.status in (status.ACCEPTED, status.REFUSED)
            if not charter.is_reviewed and not is_decided:
                Membership.objects.filter(pk=membership.pk).update(
                    status=status.ACCEPTED, decided_at=now, decided_by=None
                )


def charter_of(ecosystem):
    """Return the `Charter` of ``ecosystem`` in the version of today. One query."""
    return Charter(
        ecosystem, ecosystem.charter_version, rules_of(ecosystem, ecosystem.charter_version)
    )


def rules_of(ecosystem, version):
    """Return the lines of one version of a charter, in order."""
    rules = CharterRule.objects.filter(ecosystem=ecosystem, version=version)
    return tuple(rules.order_by("position").values_list("text", flat=True))


def charter_versions(ecosystem):
    """Return (version, lines, what changed in it) of every version, the newest first. One query."""
    rules = {}
    listed = CharterRule.objects.filter(ecosystem=ecosystem).order_by("version", "position")
    for version, line in listed.values_list("version", "text"):
        rules.setdefault(version, []).append(line)
    found, before = [], None
    for version, lines in rules.items():
        found.append((version, lines, changed_lines(before, lines) if before else []))
        before = lines
    return found[::-1]


def changed_lines(before, after):
    """Return (mark, line) of all lines of two versions: "-" taken away, "+" new, "" as it was."""
    found = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [("", line) for line in after[j1:j2]]
        else:
            found += [("-", line) for line in before[i1:i2]]
            found += [("+", line) for line in after[j1:j2]]
    return found
