"""What facilitators decide about being read: look, yes, no, follow where it moved."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from groups.models import Service

from . import recording
from .claiming import make_hosts
from .indicators import Indicator
from .models import LinkCheck, Look, Source, Transition
from .sources.addresses import NotAnAddress, target_of

# Where evidence of an indicator is looked for; the site itself may hold any of it.
SERVICES = {
    Service.Kind.FOLLOW_UP: Indicator.FOLLOW_UP,
    Service.Kind.MEETINGS: Indicator.MEETINGS,
    Service.Kind.NEWS: Indicator.NEWS,
    Service.Kind.DISCUSSIONS: Indicator.DISCUSSION,
    Service.Kind.PROJECTS: Indicator.SPACE,
    Service.Kind.RESOURCES: Indicator.SPACE,
    Service.Kind.HOME: "",
}
MOST_SOURCES = 20
# What was found is offered for so long; after that it is looked at again.
FOUND_LASTS = timedelta(days=7)


def ask_for_look(group, url, by, now, *, indicator=""):
    """Have ``url`` looked at, once, for ``group``. Return the `Look`. Raise `NotAnAddress`."""
    target = target_of(url)
    make_hosts([target.host])
    waiting = Look.objects.filter(group=group, url=target.url, done_at=None).first()
    return waiting or Look.objects.create(
        group=group,
        url=target.url,
        host=target.host,
        indicator=indicator,
        asked_by=by,
        asked_at=now,
    )


def accept(look, position, indicator, by, now):
    """Say yes to the proposal at ``position`` of ``look``: read from now on, for ``indicator``.

    Return the `Source`, or None where there is no such proposal, or no room for another source.
    Accepted twice it is read once.
    """
    if not 0 <= position < len(look.found) or look.asked_at < now - FOUND_LASTS:
        return None
    proposal = look.found[position]
    wanted = {"group": look.group, "indicator": indicator, "url": proposal["url"]}
    accepted = Source.objects.accepted().filter(**wanted).first()
    if accepted or Source.objects.accepted().filter(group=look.group).count() >= MOST_SOURCES:
        return accepted
    host = target_of(proposal["url"]).host
    try:
        with transaction.atomic():
            source = Source.objects.create(
                **wanted,
                kind=proposal["kind"],
                host=host,
                accepted_at=now,
                accepted_by=by,
                state_since=now,
                next_check_at=now,
            )
            make_hosts([host])
            _recompute(look.group, by, now)
    except IntegrityError:
        # Somebody else pressed the same button at the same moment.
        return Source.objects.accepted().filter(**wanted).first()
    return source


def stop(source, by, now):
    """Say no: nothing is read from ``source`` any more. What was counted stays.

    Return whether it was read until now.
    """
    with transaction.atomic():
        if not Source.objects.accepted().filter(pk=source.pk).update(stopped_at=now, stopped_by=by):
            return False
        if not Source.objects.accepted().filter(group=source.group).exists():
            # Nobody lets us read here any more, links included.
            LinkCheck.objects.filter(group=source.group).delete()
        _recompute(source.group, by, now)
    return True


def follow_move(source, by, now):
    """Say that the other site to which ``source`` has moved is the group's own: read there.

    Return whether it had moved. Where both addresses were accepted, one is left.
    """
    with transaction.atomic():
        moved = Source.objects.accepted().select_for_update().filter(pk=source.pk)
        source = moved.filter(state=Source.State.MOVED).exclude(moved_to="").first()
        if source is None:
            return False
        others = Source.objects.accepted().filter(
            group=source.group, indicator=source.indicator, url=source.moved_to
        )
        if others.exists():
            return stop(source, by, now)
        source.url, source.moved_to = source.moved_to, ""
        source.host = target_of(source.url).host
        source.state, source.state_since, source.next_check_at = Source.State.NEW, now, now
        source.problem, source.failures, source.failing_since = "", 0, None
        source.accepted_by = by
        # What the old address said of itself is not true of the new one.
        source.etag = source.last_modified = source.fingerprint = ""
        source.understood_at = None
        source.save()
        make_hosts([source.host])
    return True


def look_again(source, now):
    """Let ``source`` be read at the next occasion. Return whether it is one that is read."""
    return bool(Source.objects.accepted().filter(pk=source.pk).update(next_check_at=now))


def links_to_look_at(group):
    """Return the public links of ``group`` that may hold evidence, as (kind, label, url)."""
    links = {each.kind: each for each in group.services.all()}
    return [
        (kind, links[kind].get_kind_display(), links[kind].url)
        for kind in SERVICES
        if kind in links and _can_be_asked(links[kind].url)
    ]


def _can_be_asked(url):
    try:
        target_of(url)
    except NotAnAddress:
        return False
    return True


def _recompute(group, by, now):
    recording.recompute(group, cause=Transition.Cause.SOURCE, by=by, now=now)
