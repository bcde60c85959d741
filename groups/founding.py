"""Asking for a record for a keyword: by anybody, confirmed by mail, opened by the operator."""

from django.db import transaction
from django.utils import timezone

from . import letters
from .contacting import quoted
from .curating import take_in_listed
from .derived import changing
from .links import page_address
from .mail import queue_mail
from .models import Draft, Ecosystem, EcosystemRequest, Keyword, Link, Person, Role, Tagging
from .text import fold
from .upkeep import find_or_make_person

ASKED = ("keyword", "name", "tagline", "words")


def open_requests():
    """Keep what waits for the operators, the oldest first."""
    return EcosystemRequest.objects.filter(decided_at=None).select_related("person")


def is_taken(keyword):
    """Say whether this word has a record already."""
    return Ecosystem.objects.filter(keyword__name_key=fold(keyword)).exists()


def ask(person, typed, now):
    """Bring what ``person`` asks for before the operators. Return the request.

    Asked twice by the same person for the same word, it is one request: the later words count.
    """
    with transaction.atomic():
        if not person.name and typed.get("sender"):
            person.name = typed["sender"]
            person.save(update_fields=["name"])
        request, _made = EcosystemRequest.objects.update_or_create(
            person=person,
            keyword=typed["keyword"],
            decided_at=None,
            defaults={name: typed[name] for name in ASKED},
            create_defaults={"asked_at": now, **{name: typed[name] for name in ASKED}},
        )
        today = timezone.localdate(now).isoformat()
        for operator in Person.objects.filter(is_staff=True, is_active=True).order_by("pk"):
            queue_mail(
                "ecosystem_asked",
                person=operator,
                key=f"ecosystem_asked:{request.pk}:{operator.pk}:{today}",
                context={
                    "name": request.name,
                    "keyword": request.keyword,
                    "quoted": quoted(request.words),
                    "words": request.words,
                    "address": page_address(
                        "groups:ecosystem_requests", language=operator.language
                    ),
                },
                now=now,
            )
    return request


def ask_to_confirm(email, typed, language, now):
    """Keep what a stranger asks for until they have confirmed their address by the mailed link."""
    with transaction.atomic():
        person = find_or_make_person(email, language)
        draft = Draft.objects.create(
            email=person.email, language=person.language, typed=typed, created_at=now
        )
        if person.is_active:
            send_confirmation(person, draft, now)


def send_confirmation(person, draft, now):
    queue_mail(
        "ecosystem_confirm",
        person=person,
        key=f"ecosystem_confirm:{draft.pk}:{now.isoformat()}",
        context={
            "name": draft.typed["name"],
            "address": letters.link(Link.Purpose.ECOSYSTEM, person, None, now, draft=draft),
        },
        is_asked=True,
        now=now,
    )


def confirm(link, now):
    """Do what the mailed link says. Return whether the word still has no record."""
    typed = link.draft.typed
    if is_taken(typed["keyword"]):
        return False
    ask(link.person, typed, now)
    return True


def open_ecosystem(request, by, now):
    """Open the record that was asked for, with whoever asked as its curator. Return it, or None.

    None where somebody decided before, or the word has got a record meanwhile.
    """
    with transaction.atomic():
        if is_taken(request.keyword) or not _decide(request, "opened", by, now):
            return None
        keyword = Keyword.objects.get_or_make([request.keyword])[fold(request.keyword)]
        carriers = Tagging.objects.filter(tag=keyword).values_list("content_object", flat=True)
        with changing(carriers):
            ecosystem = Ecosystem.objects.create(
                keyword=keyword, name=request.name, tagline=request.tagline, created_at=now
            )
            take_in_listed(ecosystem, by, now)
        Role.objects.create(
            person=request.person,
            ecosystem=ecosystem,
            kind=Role.Kind.CURATOR,
            given_at=now,
            given_by=by,
        )
        EcosystemRequest.objects.filter(pk=request.pk).update(ecosystem=ecosystem)
        edit = page_address("groups:ecosystem_edit", keyword.slug, language=request.person.language)
        _tell(request, "ecosystem_opened", {"address": edit}, now)
    return ecosystem


def refuse(request, by, reason, now):
    """Say no, with the reason whoever asked is told. Return whether it was still to be decided."""
    with transaction.atomic():
        if not _decide(request, "refused", by, now, reason):
            return False
        _tell(request, "ecosystem_refused", {"reason": reason, "quoted": quoted(reason)}, now)
    return True


def _decide(request, decision, by, now, reason=""):
    """Decide ``request``, once: whoever changes the row has decided."""
    waiting = EcosystemRequest.objects.filter(pk=request.pk, decided_at=None)
    return waiting.update(decision=decision, decided_at=now, decided_by=by, reason=reason)


def _tell(request, template, context, now):
    queue_mail(
        template,
        person=request.person,
        key=f"{template}:{request.pk}",
        context={"name": request.name, **context},
        # They wait for it.
        is_asked=True,
        now=now,
    )
