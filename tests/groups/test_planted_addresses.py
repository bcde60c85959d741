"""No address of anybody in any public output, and no network address anywhere at all.

A directory is planted with addresses and names in every place that knows people. Then every URL
pattern of the site is visited, every form is sent, commands are run and the mails are read. A new
pattern whose parameters are unknown here fails, so that a new output is looked at as well.
"""

import functools
import hashlib
import html
import io
import itertools
import logging
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import Resolver404, URLPattern, get_resolver
from django.utils import timezone
from django.utils.translation import override

from groups import guards
from groups.entries import save_entry
from groups.links import make_link
from groups.mail import queue_mail
from groups.mail.unsubscribe import unsubscribe_address
from groups.models import (
    CacheRow,
    Draft,
    FormerShortName,
    Group,
    Limit,
    Link,
    Mail,
    Pause,
    Person,
    Revision,
    Role,
    Task,
)
from groups.upkeep import confirm_entry
from groups.views import gate, signing_in
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.forms_of import forms_of
from tests.helpers.factories import make_check_in
from tests.traces import places_of, written_down

pytestmark = pytest.mark.django_db

NOW = timezone.now()
# Whatever holds one of these has said too much.
DOMAIN = "planted.example"
NAME = "Zorglub"
PLANTED = re.compile(rf"\b[\w.@-]{{0,40}}{re.escape(DOMAIN)}|{NAME}[ \w-]{{0,40}}", re.IGNORECASE)
PASSWORD = "seven words nobody else would say"
STATES = {
    "published": {"latitude": 6.4, "longitude": 2.6, "has_profile": True},
    "asleep": {"activity": "asleep"},
    "dozing": {"activity": "asleep"},
    "archived": {"activity": "archived"},
    "alone": {},
    "pending": {"review": "pending", "has_profile": True},
    "refused": {"review": "refused"},
}
ASKED = ("published", "pending")
# Where visitors come from: the connection, and what a proxy says of it.
NETWORKS = (
    {"REMOTE_ADDR": "203.0.113.77"},
    {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.88, 198.51.100.99"},
    {"REMOTE_ADDR": "2001:db8:7777:1::9", "HTTP_X_FORWARDED_FOR": "2001:db8:8888::1"},
)


# ── What is planted ─────────────────────────────────────────────────────────────────────────────


def address(name):
    return f"{name}@{DOMAIN}"


def planted_person(name, **fields):
    return make_person(address(name), name=f"{NAME} {name}", **fields)


def plant():
    """Make a directory that knows many people. Return its groups by what they are."""
    operator = planted_person("operator", is_staff=True, is_superuser=True)
    operator.set_password(PASSWORD)
    operator.save()
    private = {kind: f"https://{kind}.{DOMAIN}/x" for kind in ("members", "admin", "follow_up")}
    links = {"home": "https://lagune.example/", "join": "https://lagune.example/join", **private}
    common = {"keywords": ["rivages"], "services": links, "country": "BJ"}
    ecosystem = make_ecosystem("rivages", rules=["Be open."])
    groups = {
        state: make_group(short_name=f"the-{state}", name=f"The {state}", **common, **fields)
        for state, fields in STATES.items()
    }
    for state, group in groups.items():
        plant_people(group, state, operator)
        plant_tasks(group, state, operator)
    FormerShortName.objects.create(short_name="the-former", group=groups["published"])
    for kind in Role.Kind:
        person = planted_person(kind)
        Role.objects.create(person=person, ecosystem=ecosystem, kind=kind, given_by=operator)
    LogEntry.objects.create(user=operator, object_repr=operator.email, action_flag=1)
    draft = Draft.objects.create(email=address("draft"), typed={"contact_email": address("typed")})
    make_link(Link.Purpose.DRAFT, draft=draft)
    code = {"code": address("code")}
    queue_mail("login_code", key="x", receiver=address("queued"), context=code, is_asked=True)
    return groups


def plant_people(group, state, operator):
    confirmed = planted_person(f"confirmed-{state}")
    left = planted_person(f"left-{state}")
    make_facilitator(group, left, ended_at=NOW, ended_by=confirmed)
    if state != "alone":
        make_facilitator(group, confirmed, added_by=operator)
        make_facilitator(group, planted_person(f"invited-{state}"), confirmed_at=None)
        entry = {"short_name": group.short_name, "contact_email": address(f"contact-{state}")}
        save_entry(entry, group=group, by=confirmed, why="test")
    confirm_entry(group, confirmed, NOW)
    Group.objects.filter(pk=group.pk).update(reviewed_by=operator)
    tomorrow = NOW + timedelta(days=1)
    Pause.objects.create(group=group, from_day=NOW, until_day=tomorrow, created_by=confirmed)


def plant_tasks(group, state, operator):
    person = Person.objects.get(email=address(f"confirmed-{state}"))
    said = {"group": group, "words": f"Write to {address(f'words-{state}')}, {NAME}."}
    decided = {"decision": "seen", "decided_at": NOW, "decided_by": operator}
    asked = {"question": f"Who is {NAME}?", "asked_by": operator, "asked_at": NOW, "answer": NAME}
    taken = {"taken_by": operator, "taken_until": NOW + timedelta(hours=1)}
    reporter = address(f"reporter-{state}")
    entry = {"short_name": group.short_name, "contact_email": address(f"proposed-{state}")}
    for fields in (
        {"kind": "report", "reason": "wrong", "reporter": reporter},
        {"kind": "report", "reason": "closed", "reporter": reporter, **decided},
        {"kind": "take_over", "person": planted_person(f"offer-{state}")},
        {"kind": "edit", "entry": entry, "person": person},
        {"kind": "look", "revision": group.revisions.first(), "person": person, **asked, **taken},
    ):
        # Whoever may be taken over, and was not asked for yet, shows the form for it.
        if (state, fields["kind"]) != ("dozing", "take_over"):
            Task.objects.create(**said, **fields)


@pytest.fixture
def planted():
    return plant()


# ── Every address of the site ───────────────────────────────────────────────────────────────────

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>.*?\)")


def routes_of(resolver, before=""):
    """Yield the route of every URL pattern, in the language of the moment."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes_of(pattern, route)


def routes_in(language):
    with override(language):
        return set(routes_of(get_resolver()))


def addresses_in(language, groups):
    """Return every address there is in a language, with whatever its parameters may be."""
    found = {f"/{'en/' if language == 'en' else ''}nowhere/"}
    for route in routes_in(language):
        names = [first or second for first, second in PARAMETER.findall(route)]
        for values in itertools.product(*(values_of(name, route, groups) for name in names)):
            filled = iter(values)
            found.add("/" + PARAMETER.sub(lambda _name, filled=filled: str(next(filled)), route))
    return sorted(found)


def values_of(parameter, route, groups):
    """Return what a parameter may be: what is public, what is not, and what is nothing at all."""
    if parameter == "pk":
        if "history" not in route:
            return [*Task.objects.values_list("pk", flat=True), 999_999_999]
        own = Revision.objects.filter(group=groups["published"])
        other = Revision.objects.filter(group=groups["pending"])
        return [own.first().pk, own.last().pk, other.first().pk, 999_999_999]
    person = str(Person.objects.order_by("pk").first().pk)
    return {
        "short_name": [*(group.short_name for group in groups.values()), "the-former", "nobody"],
        "slug": ["rivages", "nothing"],
        "suffix": ["json", "geojson", "csv", "atom"],
        "number": ["0", "1", "7"],
        "secret": secrets_for(route, groups),
        "token": [unsubscribe_address(Person.objects.first()).split("/")[-2], "1:forged"],
        "name": ["banners/none.webp"],
        # The operators' pages: whoever is not one of them sees none, whatever is asked for.
        "object_id": [person],
        "id": [person],
        "content_type_id": [str(ContentType.objects.get_for_model(Person).pk)],
        "app_label": ["groups"],
        "url": ["anything/"],
    }[parameter]


def secrets_for(route, groups):
    """Return secrets that this address takes, and one that nothing takes."""
    if "checkin" not in route:
        return [*spent_secrets(groups), "A" * 32]
    people = {state: Person.objects.get(email=address(f"confirmed-{state}")) for state in ASKED}
    open_and_over = (NOW, NOW - timedelta(days=90))
    return [
        make_check_in(people[state], groups[state], asked_at=asked_at, is_another=True)
        for state, asked_at in itertools.product(ASKED, open_and_over)
    ] + ["A" * 32]


def spent_secrets(groups):
    """Return the secrets of links that open nothing any more; each still knows its person."""
    secrets = []
    for state, change in itertools.product(
        ("published", "pending"),
        ({"expires_at": NOW - timedelta(days=1)}, {"used_at": NOW}, {"ended_at": NOW}),
    ):
        person = Person.objects.get(email=address(f"confirmed-{state}"))
        secrets.append(make_link(Link.Purpose.EDIT, person=person, group=groups[state]))
        Link.objects.filter(pk=Link.objects.latest("pk").pk).update(**change)
    return secrets


# ── The walk ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Walk:
    """What came of visiting everything once, as text."""

    # What was answered to whom, at which address, by what; in the order of the walk.
    answers: dict[str, str] = field(default_factory=dict)
    # The paths of the forms that were sent.
    sent: set[str] = field(default_factory=set)
    # Every mail that was queued: (receiver, subject, all it says).
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    # Everything written down in the end, and the limits that were taken away on the way.
    kept: list[tuple[str, str]] = field(default_factory=list)
    log: str = ""


@functools.cache
def walked():
    """Walk through the site once; the tests below look at what was said, not at the database."""
    walk, lines = Walk(), io.StringIO()
    handler = logging.StreamHandler(lines)
    logging.getLogger().addHandler(handler)
    # Each form is sent as soon as it is shown, and answered at once.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guards, "AT_LEAST", timedelta(0))
        patch.setattr(gate, "TAKES", 0)
        patch.setattr(signing_in, "ANSWER_TAKES", 0)
        with override_settings(TRUSTED_PROXIES=["127.0.0.1"], OPERATORS_NEED_SECOND_FACTOR=True):
            _walk_everywhere(walk, plant())
    logging.getLogger().removeHandler(handler)
    walk.log = lines.getvalue()
    walk.mails = [
        (mail.receiver, mail.subject, f"{mail.text}\n{html.unescape(mail.html)}\n{mail.reply_to}")
        for mail in Mail.objects.exclude(key="x")
    ]
    walk.kept += written_down()
    return walk


def _walk_everywhere(walk, groups):
    visitors = itertools.cycle(Client(**network) for network in NETWORKS)
    for number, address in enumerate(addresses_in("fr", groups)):
        client = next(visitors)
        page = _visit(walk, "a visitor", client, address)
        if page.get("Content-Type", "").startswith("text/html"):
            _send_forms(walk, client, address, page, number)
    for address in addresses_in("en", groups):
        _visit(walk, "a visitor", next(visitors), address)
    stranger = make_person("stranger@visitor.example")
    make_facilitator(make_group(short_name="elsewhere"), stranger)
    signed_in = Client(**NETWORKS[0])
    signed_in.force_login(stranger)
    for address in addresses_in("fr", groups):
        _visit(walk, "a stranger who signed in", signed_in, address)
    _ask_for_links(walk, groups)
    _sign_in_and_out()


def _visit(walk, who, client, address):
    response = client.get(address)
    assert response.status_code < 500, address
    walk.answers[f"{who}: {address}"] = said_by(response)
    return response


def _send_forms(walk, client, address, page, number):
    """Send each form of a page: with nothing, with nonsense, and with what makes sense."""
    for form in forms_of(page.text, address):
        if form.method != "post":
            continue
        walk.sent.add(form.address)
        for what, data in {
            "nothing": dict.fromkeys(form.fields, ""),
            "nonsense": dict.fromkeys(form.fields, "\x00<b>\ufffd" + "9" * 300),
            "sense": {name: sense(name, shown, number) for name, shown in form.fields.items()},
        }.items():
            _forget_limits(walk)
            answer = client.post(form.address, data)
            assert answer.status_code < 500, (form.address, what)
            walk.answers[f"{form.address} with {what}"] = said_by(answer)
            to = urljoin(form.address, answer.get("Location", ""))
            if answer.status_code in (302, 303) and not urlsplit(to).netloc:
                _visit(walk, f"{form.address} with {what}, then", client, to)


def sense(name, shown, number):
    """Return what a visitor types into a field, or leaves there."""
    typed = {
        "email": f"visitor-{number}@visitor.example",
        "login": f"visitor-{number}@visitor.example",
        "name": "A visitor",
        "sender_name": "A visitor",
        "words": "Good morning to all of you.",
        "short_name": f"new-{number}",
        "code": "000000",
        "password": "guessed",
    }
    return typed.get(name) or "".join(shown)


def _forget_limits(walk):
    """Let the next form be the first of its kind: what is too much would be refused."""
    walk.kept += [("a limit", key) for key in Limit.objects.values_list("key", flat=True)]
    walk.kept += [("a row of the cache", str(row)) for row in CacheRow.objects.values_list()]
    Limit.objects.all().delete()
    CacheRow.objects.all().delete()


def _ask_for_links(walk, groups):
    """Ask for a link with the address of each facilitator, as they would."""
    client = Client(**NETWORKS[1])
    for group in groups.values():
        listed = group.facilitators.filter(ended_at=None)
        for email in listed.values_list("person__email", flat=True):
            _forget_limits(walk)
            asked = {"email": email, "purpose": "edit"}
            client.post(f"/groups/{group.short_name}/edit/link/", asked)


def _sign_in_and_out():
    client = Client(**NETWORKS[2])
    person = Person.objects.get(email=address("confirmed-published"))
    client.post("/account/login/", {"email": person.email})
    code = re.search(r"^\s*(\d{6})\s*$", Mail.objects.latest("pk").text, re.MULTILINE)[1]
    client.post("/account/login/code/", {"code": code})
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    client.post("/account/login/password/", {"login": address("operator"), "password": PASSWORD})
    # Asked once more who it is: allauth's own way would keep the request, network address included.
    assert "reauthenticate" in client.post("/account/2fa/totp/activate/", {"code": "000000"}).url


def said_by(response):
    """Return all that an answer says, body, headers and cookies, also as a reader decodes it."""
    body = b"".join(response) if response.streaming else response.content
    headers = "".join(f"{name}: {value}\n" for name, value in response.items())
    said = f"{headers}{response.cookies.output()}\n{body.decode(errors='replace')}"
    return "\n".join({said: 0, html.unescape(said): 0, unquote(said): 0})


def leaks_in(text):
    """Return what of the planted stands in ``text``."""
    found = any(word.lower() in text.lower() for word in (DOMAIN, NAME))
    return set(PLANTED.findall(text)) if found else set()


@pytest.fixture
def walk(db):
    return walked()


def test_no_page_and_no_answer_to_a_form_says_anything_of_anybody(walk):
    leaks = {where: leaks_in(said) for where, said in walk.answers.items()}

    assert {where: said for where, said in leaks.items() if said} == {}


def test_every_pattern_of_the_site_was_visited(walk):
    """Or the test above would be true of too little."""
    visited = set()
    for where in walk.answers:
        path = urlsplit(where.rpartition(": ")[2]).path
        with override("en" if path.startswith("/en/") else "fr"), suppress(Resolver404):
            visited.add(get_resolver().resolve(path).route.removesuffix("$"))
    routes = {PARAMETER.sub("*", route) for route in routes_in("fr") | routes_in("en")}

    assert len(routes) > 100
    assert routes - {PARAMETER.sub("*", route.replace("^", "")) for route in visited} == set()


def test_what_pages_say_to_programs_was_looked_at(walk):
    said = {where: text for where, text in walk.answers.items() if '"application/ld+json"' in text}

    assert {"a visitor: /groups/the-published/", "a visitor: /ecosystems/rivages/"} <= set(said)
    assert '"sameAs"' not in said["a visitor: /groups/the-published/"]
    assert '"url":"https://lagune.example/"' in said["a visitor: /groups/the-published/"]


def test_profiles_were_looked_at(walk):
    profile = walk.answers["a visitor: /groups/the-published/murmurations.json"]

    assert "organizations_schema-v1.0.0" in profile
    assert (
        "organizations_schema"
        not in walk.answers["a visitor: /groups/the-pending/murmurations.json"]
    )


def test_a_parameter_nobody_thought_of_is_noticed(planted):
    with pytest.raises(KeyError):
        values_of("person_id", "people/<int:person_id>/", planted)


def test_the_forms_that_anybody_may_send_were_sent(walk):
    assert walk.sent >= {
        "/account/login/",
        "/account/login/password/",
        "/groups/new/",
        "/groups/the-published/contact/",
        "/groups/the-published/report/",
        "/groups/the-dozing/take-over/",
        "/groups/the-published/edit/link/",
    }


def test_what_is_planted_would_be_noticed(planted):
    """Each of these shows something to whoever may see it: the search finds what is there."""
    facilitator, operator = Client(), Client()
    facilitator.force_login(Person.objects.get(email=address("confirmed-published")))
    operator.force_login(Person.objects.get(email=address("operator")))
    group = planted["published"]

    people = facilitator.get(f"/groups/{group.short_name}/edit/people/")
    changed = operator.get(f"/admin/groups/group/{group.pk}/change/")

    assert address("confirmed-published") in leaks_in(said_by(people))
    assert f"admin.{DOMAIN}" in leaks_in(said_by(changed))
    assert {place.partition(".")[0] for place in places_of(DOMAIN)} >= {
        "groups_draft",
        "groups_mail",
        "groups_person",
        "groups_service",
        "groups_task",
    }


def test_search_finds_no_group_by_the_people_in_it(planted):
    for words in (address("confirmed-published"), DOMAIN, NAME, "confirmed-published"):
        page = Client().get("/groups/", {"q": words})

        assert re.findall(r'href="/groups/(the-\w+)/"', page.text) == [], words


# ── Commands and mails ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["csv", "json", "geojson"])
@pytest.mark.parametrize("ecosystem", [[], ["--ecosystem", "rivages"]])
def test_no_export_says_anything_of_anybody(planted, form, ecosystem):
    written = io.StringIO()

    call_command("export_groups", "--format", form, *ecosystem, stdout=written)

    assert "the-published" in written.getvalue()
    assert leaks_in(written.getvalue()) == set()


def test_an_export_with_private_columns_does(planted):
    """And so the test above would notice."""
    written = io.StringIO()

    call_command("export_groups", "--with-private", stdout=written)

    leaks = leaks_in(written.getvalue())
    assert f"admin.{DOMAIN}" in leaks
    assert any("@" in each for each in leaks)


def test_no_mail_says_an_address_of_anybody_but_its_reader(walk):
    for receiver, subject, said in walk.mails:
        addresses = {each for each in leaks_in(f"{subject}\n{said}") if "@" in each}

        assert addresses <= {receiver}, subject


def test_the_address_of_a_visitor_goes_to_those_they_wrote_to_only(walk):
    written_to = {
        receiver.partition("@")[0]
        for receiver, subject, said in walk.mails
        for visitor in re.findall(r"visitor-\d+@visitor[.]example", f"{subject}\n{said}")
        if visitor != receiver
    }

    assert {"confirmed-published", "confirmed-dozing"} <= written_to
    assert all(name.startswith("confirmed-") for name in written_to)


# ── Where visitors are ──────────────────────────────────────────────────────────────────────────


def traces_of_networks():
    """Return what would give a visitor away: the network, or a hash of it that anybody can make."""
    addresses = [
        each.strip()
        for network in NETWORKS
        for value in network.values()
        for each in value.split(",")
    ]
    foreign = [each for each in addresses if each != "127.0.0.1"]
    starts = [
        re.match(r"\d+[.]\d+[.]\d+[.]|[0-9a-f]+:[0-9a-f]+:[0-9a-f]+:", each)[0] for each in foreign
    ]
    hashes = [
        hashlib.new(kind, each.encode()).hexdigest()
        for kind in ("md5", "sha1", "sha256")
        for each in (*foreign, *starts)
    ]
    return [*starts, *hashes]


def test_no_network_address_is_written_down_anywhere(walk):
    traces = traces_of_networks()

    assert len(walk.kept) > 1000
    assert [place for place, text in walk.kept if any(each in text for each in traces)] == []


def test_no_network_address_is_logged(walk):
    traces = traces_of_networks()

    assert "Not Found: /nowhere/" in walk.log
    assert [line for line in walk.log.splitlines() if any(each in line for each in traces)] == []


def test_limits_were_counted_on_the_way(walk):
    """Or the two tests above would be true of nothing."""
    places = {place for place, _text in walk.kept}

    assert places >= {"a limit", "a row of the cache", "groups_networkkey.key", "a session"}


def test_a_network_address_written_down_would_be_noticed(planted):
    Task.objects.filter(pk=Task.objects.first().pk).update(words="From 203.0.113.77.")

    assert [
        place
        for place, text in written_down()
        if any(each in text for each in traces_of_networks())
    ] == ["groups_task.words"]
