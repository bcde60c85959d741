"""What curators do with the record of their ecosystem: its words, its charter, its roles."""

import json
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from . import letters
from .charters import rules_of
from .derived import changing
from .links import page_address
from .mail import queue_mail
from .models import (
    CharterRule,
    Ecosystem,
    FormerKeywordSlug,
    Membership,
    Role,
    Tagging,
)
from .renewing import note_outdated
from .tasks import follow_memberships
from .upkeep import find_or_make_person

FIELDS = ("name", "tagline", "description", "accent", "banner", "admission", "allowed_origins")


class Outdated(Exception):
    """Somebody saved the record after it was shown."""


class LastCurator(Exception):
    """Without this person nobody would curate the ecosystem."""


def may_curate(person, ecosystem):
    """Say whether ``person`` may change the record of ``ecosystem`` now."""
    if not (person.is_authenticated and person.is_active):
        return False
    return person.is_operator() or is_curator(person, ecosystem)


def is_curator(person, ecosystem):
    roles = Role.objects.filter(person=person, ecosystem=ecosystem, withdrawn_at=None)
    return roles.filter(kind=Role.Kind.CURATOR).exists()


# ── The record ──────────────────────────────────────────────────────────────────────────────────


def record_of(ecosystem):
    """Return the record of ``ecosystem`` as plain values, with its keyword and its charter."""
    values = {name: getattr(ecosystem, name) for name in FIELDS}
    return values | {
        "banner": ecosystem.banner.name,
        "keyword": ecosystem.keyword.name,
        "slug": ecosystem.keyword.slug,
        "core_group": ecosystem.core_group,
        "charter": list(rules_of(ecosystem, ecosystem.charter_version)),
    }


def version_of(record):
    """Return what stands for a whole record: it changes with everything in it."""
    core = record["core_group"]
    text = json.dumps({**record, "core_group": core and core.pk}, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def save_record(ecosystem, record, *, base, by, now):
    """Save a whole `record_of` that began with the version ``base``. Return the `Ecosystem`.

    A charter with other lines is a new version, and the groups are asked again. Raises `Outdated`.
    """
    carriers = Tagging.objects.filter(tag=ecosystem.keyword_id).values_list("content_object")
    with transaction.atomic():
        saved = Ecosystem.objects.select_for_update(of=("self",)).select_related(
            "keyword", "core_group"
        )
        ecosystem = saved.get(pk=ecosystem.pk)
        before = record_of(ecosystem)
        if version_of(before) != base:
            raise Outdated
        is_listing = any(before[name] != record[name] for name in ("keyword", "slug", "admission"))
        # Names on cards and who is listed follow from these three, and from nothing else.
        with changing([pk for (pk,) in carriers] if is_listing else ()):
            _save_keyword(ecosystem.keyword, record)
            for name in (*FIELDS, "core_group"):
                setattr(ecosystem, name, record[name])
            if before["charter"] != record["charter"]:
                _write_charter(ecosystem, record["charter"], now)
            ecosystem.save()
            if before["admission"] != record["admission"]:
                take_in_listed(ecosystem, by, now)
        note_outdated(now, ecosystem=ecosystem)
    return ecosystem


def _save_keyword(keyword, record):
    """Give a keyword its spelling and its slug; the slug it had leads to it for ever."""
    if (keyword.name, keyword.slug) == (record["keyword"], record["slug"]):
        return
    if keyword.slug != record["slug"]:
        FormerKeywordSlug.objects.filter(slug=record["slug"], keyword=keyword).delete()
        FormerKeywordSlug.objects.create(slug=keyword.slug, keyword=keyword)
    keyword.name, keyword.slug = record["keyword"], record["slug"]
    keyword.save(update_fields=["name", "slug"])


def _write_charter(ecosystem, lines, now):
    newest = ecosystem.charter_rules.order_by("-version").values_list("version", flat=True).first()
    if newest is not None:
        ecosystem.charter_version = newest + 1
    CharterRule.objects.bulk_create(
        CharterRule(
            ecosystem=ecosystem, version=ecosystem.charter_version, position=position, text=line
        )
        for position, line in enumerate(lines, start=1)
    )


def take_in_listed(ecosystem, by, now):
    """Accept the groups that were listed before curators read each of them: none disappears."""
    if ecosystem.admission != Ecosystem.Admission.REVIEWED:
        return
    carriers = Tagging.objects.filter(tag=ecosystem.keyword_id, content_object__shelf__gt=0)
    listed = carriers.values_list("content_object", flat=True)
    status = Membership.Status
    accepted = {"status": status.ACCEPTED, "decided_at": now, "decided_by": by}
    known = Membership.objects.filter(ecosystem=ecosystem, group__in=list(listed))
    known.filter(status__in=[status.ASKED, status.QUESTIONED, status.LEFT]).update(**accepted)
    Membership.objects.bulk_create(
        [
            Membership(group_id=pk, ecosystem=ecosystem, asked_at=now, **accepted)
            for pk in sorted(set(listed) - set(known.values_list("group", flat=True)))
        ],
        ignore_conflicts=True,
    )
    follow_memberships(list(listed), now=now, by=by)


# ── Roles ───────────────────────────────────────────────────────────────────────────────────────


def roles_in(ecosystem):
    """Return the roles of ``ecosystem``, those of today first, then the withdrawn ones."""
    people = ("person", "given_by", "withdrawn_by")
    roles = Role.objects.filter(ecosystem=ecosystem).select_related(*people)
    today = roles.filter(withdrawn_at=None).order_by("kind", "given_at", "pk")
    return [*today, *roles.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")]


def give_role(ecosystem, kind, email, language, by, now):
    """Give whoever has this address a role, and write to them. Return (role, whether it is new).

    Only whoever reads that mailbox can sign in with it, so no right goes to anybody else.
    """
    with transaction.atomic():
        person = find_or_make_person(email, language)
        role, is_new = Role.objects.get_or_create(
            person=person,
            ecosystem=ecosystem,
            kind=kind,
            withdrawn_at=None,
            defaults={"given_at": now, "given_by": by},
        )
        if is_new:
            _tell(role, "role_given", by, now)
    return role, is_new


def withdraw_role(role, by, now):
    """Withdraw ``role``. Return whether it was there.

    Raises `LastCurator` where nobody would be left to curate; only an operator may leave it so.
    """
    with transaction.atomic():
        # Two curators who withdraw each other at once: the second is the last one.
        Ecosystem.objects.select_for_update().get(pk=role.ecosystem_id)
        held = Role.objects.filter(ecosystem=role.ecosystem_id, withdrawn_at=None)
        others = held.filter(kind=Role.Kind.CURATOR, person__is_active=True).exclude(pk=role.pk)
        is_last = role.kind == Role.Kind.CURATOR and not others.exists()
        if is_last and held.filter(pk=role.pk).exists() and not by.is_operator():
            raise LastCurator
        if not held.filter(pk=role.pk).update(withdrawn_at=now, withdrawn_by=by):
            return False
        if role.person != by:
            _tell(role, "role_withdrawn", by, now)
    return True


def _tell(role, template, by, now):
    person, slug = role.person, role.ecosystem.keyword.slug
    queue_mail(
        template,
        person=person,
        key=f"{template}:{role.pk}",
        context={
            "by": letters.name_of(by),
            "is_curator": role.kind == Role.Kind.CURATOR,
            "ecosystem": role.ecosystem.name,
            "address": page_address("groups:account_home", language=person.language),
            "ecosystem_page": page_address(
                "groups:ecosystem_detail", slug, language=person.language
            ),
        },
        # It reminds of nothing: whoever wants no reminders still learns what they may do.
        is_asked=not person.wants_reminders,
        now=now,
    )


def sentence_of_last():
    return _("You are the last curator. Give somebody else the role first, then withdraw yours.")
