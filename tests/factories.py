"""Plain functions that make records for tests, through the doors the product uses."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from groups.derived import changing
from groups.entries import save_entry
from groups.guards import make_stamp
from groups.models import (
    CharterRule,
    Ecosystem,
    Facilitator,
    Group,
    Keyword,
    Mail,
    Membership,
    Person,
    Role,
)
from groups.text import fold

NUMBERS = count(1)


def make_entry(**fields):
    number = next(NUMBERS)
    return {
        "short_name": f"group-{number}",
        "name": f"Group {number}",
        "tagline": "One line about it.",
        "kind": "territorial",
        **fields,
    }


def make_group(*, review="published", keywords=(), services=None, partners=(), **fields):
    """Make a group; `save_entry` takes what an entry holds, the rest is set on the record."""
    entry_fields = {
        name: fields.pop(name)
        for name in (
            "short_name name tagline kind description country region latitude longitude"
            " member_count activity contact_email"
        ).split()
        if name in fields
    }
    entry = make_entry(
        keywords=list(keywords), services=services or {}, partners=list(partners), **entry_fields
    )
    group = save_entry(entry, why="test", review=review if review != "refused" else None)
    if review == "refused":
        fields |= {"review": "refused", "review_reason": "Not a group."}
    if fields:
        with changing([group.pk]):
            Group.objects.filter(pk=group.pk).update(**fields)
    return Group.objects.get(pk=group.pk)


def make_keyword(name="repair"):
    return Keyword.objects.get_or_make([name])[fold(name)]


def make_ecosystem(keyword="rivages", *, name="Rivages", rules=(), admission="open", **fields):
    ecosystem = Ecosystem(keyword=make_keyword(keyword), name=name, admission=admission, **fields)
    with changing(ecosystem.keyword.taggings.values_list("content_object", flat=True)):
        ecosystem.save()
    CharterRule.objects.bulk_create(
        CharterRule(ecosystem=ecosystem, version=1, position=position, text=rule)
        for position, rule in enumerate(rules, start=1)
    )
    return ecosystem


def make_membership(group, ecosystem, *, status="accepted", **fields):
    """Give a group a membership; writing the keyword may have asked for one already."""
    with changing([group.pk]):
        membership, _made = Membership.objects.update_or_create(
            group=group, ecosystem=ecosystem, defaults={"status": status, **fields}
        )
    return membership


def make_person(email="ada@example.org", **fields):
    return Person.objects.create_user(email, **fields)


def make_facilitator(group, person=None, **fields):
    return Facilitator.objects.create(
        group=group,
        person=person or make_person(f"facilitator-{next(NUMBERS)}@example.org"),
        **{"confirmed_at": timezone.now(), **fields},
    )


def stamped(data, form_class, *, age=timedelta(minutes=1), now=None):
    """Return ``data`` as a page with this guarded form sends it, ``age`` after it was shown."""
    now = now or timezone.now()
    return {"website": "", "stamp": make_stamp(form_class, now - age), **data}


def make_mail(receiver="ada@example.org", **fields):
    """Put a mail into the queue as `queue_mail` does, without a template of its own."""
    number = next(NUMBERS)
    person = fields.get("person")
    defaults = {
        "key": f"mail-{number}",
        "receiver": person.email if person else receiver,
        "subject": f"Subject {number}",
        "text": f"Text {number}",
        "html": f"<p>HTML {number}</p>",
        "is_asked": True,
    }
    return Mail.objects.create(**(defaults | fields))


def make_role(ecosystem, kind="helper", person=None, **fields):
    """Give a role in ``ecosystem``. Return the person who has it."""
    person = person or make_person(f"{kind}-{next(NUMBERS)}@example.org", name=f"The {kind}")
    Role.objects.create(person=person, ecosystem=ecosystem, kind=kind, **fields)
    return person
