"""Thousands of bad submissions to every form there is: no 5xx, and nothing half written.

The forms are read from the pages themselves, as visitor, facilitator, holder of a kept link,
helper, curator and operator; then fields, files, tokens, methods and bodies are spoiled, by a seed.
"""

import io
import json
import random
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from groups.access import SESSION_KEY
from groups.entries import entries_of
from groups.links import make_link
from groups.models import (
    Draft,
    Facilitator,
    Group,
    Link,
    Mail,
    Membership,
    Person,
    Role,
    Submission,
    Task,
)
from groups.tasks import open_task
from groups.views import gate
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)
from tests.forms_of import forms_of
from tests.helpers.factories import make_check_in
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

PAGES = (
    *("/groups/new/", "/en/groups/new/", "/groups/lagune/contact/", "/groups/lagune/report/"),
    *("/groups/lagune/edit/", "/groups/lagune/edit/activity/", "/groups/lagune/edit/people/"),
    *("/groups/lagune/history/", "/groups/dunes/take-over/", "/groups/dunes/edit/"),
    *("/groups/waiting/edit/", "/groups/refused/edit/", "/groups/nobody/edit/", "/review/"),
    *("/account/", "/account/erase/", "/account/login/", "/account/logout/", "/groups/"),
)
A_ROUND = 1000
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "GET")
NASTY = (
    *(
        "",
        " ",
        "\x00",
        b"\xed\xa0\x80",
        b"\xff",
        "\u202e",
        "a\x00b",
        "\r\nBcc: eve@example.org",
        "0",
        "-1",
        "1e400",
    ),
    *("NaN", "99999999999999999999", "true", "null", "[]", "{}", "../../etc/passwd", "%00", "%"),
    *("<script>alert(1)</script>", "javascript:alert(1)", "http://[::1", "https://ex ample/", "//"),
    *("http://127.0.0.1/", "a@b", "@", "a@example.org\nb@example.org", "é" * 200, "x" * 5000),
    *(
        "日本",
        "😀" * 130,
        "new",
        "fr",
        "12",
        "-a-",
        "lagune",
        "waiting",
        "1970-13-45",
        "0001-01-01",
    ),
    *("9999-12-31", "2026-02-30", "'; DROP TABLE groups_group; --", ",,,,", "a," * 60, "|" * 20),
    *("[x](" * 400, "![" * 900, "> " * 900, "*" * 1999, "\u0300" * 300, "A" * 200_000),
)


def picture(kind, size=(600, 200)):
    made = io.BytesIO()
    Image.new("RGB", size, "#2c3e94").save(made, kind)
    return made.getvalue()


@pytest.fixture(scope="module")
def files():
    """What may stand in a field for a file."""
    whole = picture("PNG")
    return (
        *(whole, picture("JPEG"), picture("WEBP"), picture("GIF"), picture("BMP"), b"", b"\x00"),
        *(whole[:60], whole[:-20], picture("JPEG")[:200], b"GIF89a" + b"\xff" * 50, b"\x89PNG\r\n"),
        *(b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04" * 30, picture("PNG", (1, 1))),
        *(whole[:16] + b"\xff\xff\xff\xff" * 2 + whole[24:], b"RIFF\xff\xff\xff\xffWEBPVP8X"),
    )


class World:
    """A small directory with somebody in every role, and a browser for each of them."""

    def __init__(self):
        self.ecosystem = make_ecosystem(
            "rivages", rules=["Open to all.", "Shares."], admission="reviewed"
        )
        self.lagune = make_group(
            short_name="lagune",
            name="Jardins de la Lagune",
            keywords=["rivages", "jardins"],
            services={"home": "https://lagune.example.org/", "admin": "https://x.example.org/"},
            partners=[{"name": "Mairie", "url": "https://mairie.example.org/"}],
        )
        make_membership(self.lagune, self.ecosystem)
        self.waiting = make_group(short_name="waiting", review="pending", keywords=["rivages"])
        open_task(Task.Kind.NEW, self.waiting)
        open_task(Task.Kind.MEMBERSHIP, self.waiting, ecosystem=self.ecosystem)
        self.refused = make_group(short_name="refused", review="refused")
        self.dunes = make_group(short_name="dunes", activity="asleep")
        self.people = {
            each: make_person(f"{each}@example.org")
            for each in ("facilitator", "other", "helper", "curator", "operator")
        }
        for group in (self.lagune, self.waiting, self.refused, self.dunes):
            make_facilitator(group, self.people["facilitator"])
            make_facilitator(group, self.people["other"])
            open_task(Task.Kind.REPORT, group, reason="wrong", reporter="eve@example.org")
        for kind in ("helper", "curator"):
            Role.objects.create(person=self.people[kind], ecosystem=self.ecosystem, kind=kind)
        self.people["operator"].is_staff = self.people["operator"].is_superuser = True
        self.people["operator"].save()
        self.clients = {each: self._client(each) for each in (None, "kept", *self.people)}

    def _client(self, who):
        client = Client(raise_request_exception=False)
        if who in self.people:
            client.force_login(self.people[who])
        if who == "kept":
            until = (timezone.now() + timedelta(days=1)).isoformat()
            session = client.session
            session[SESSION_KEY] = {
                str(group.pk): {"person": None, "only_edit": True, "until": until}
                for group in (self.lagune, self.waiting)
            }
            session.save()
        return client

    def addresses(self):
        """Return every page with a form, with links and tasks as they are now."""
        group = self.lagune
        # One of them may have been erased on the way.
        person = Person.objects.filter(email="facilitator@example.org").first()
        if person is None:
            person = make_person("facilitator@example.org")
            make_facilitator(group, person)
        draft = Draft.objects.create(email="eve@example.org", typed={"name": ["Typed"]})
        wanted = {"keyword": "soleil", "name": "Soleil", "tagline": "", "words": "We meet."}
        wish = Draft.objects.create(email="eve@example.org", typed=wanted)
        drafts = {"draft": draft, "ecosystem": wish}
        fresh = [
            make_link(
                purpose,
                person=None if purpose in ("kept", "draft") else person,
                group=None if purpose in ("draft", "erase", "ecosystem") else group,
                draft=drafts.get(purpose),
            )
            for purpose in Link.Purpose.values
            if purpose not in ("answer", "take_over", "keep", "let_go")
        ]
        check_in = make_check_in(person, group, asked_at=timezone.now(), is_another=True)
        tasks = Task.objects.order_by("-decided_at", "-pk").values_list("pk", flat=True)[:6]
        return [
            *PAGES,
            *(f"/l/{secret}/" for secret in fresh),
            f"/checkin/{check_in}/",
            *(f"/review/{pk}/" for pk in tasks),
        ]


def filled(form, dice):
    """Return the data of ``form`` as somebody could well send it."""
    number = dice.randrange(10**6)
    good = {
        "name": f"Group {number}",
        "tagline": "One line about it.",
        "kind": "thematic",
        "short_name": f"group-{number}",
        "email": f"eve{number % 50}@example.org",
        "words": "Hello, may I come?",
        "reason": "wrong",
        "answer": "Yes, every month.",
        "question": "Where do you meet?",
        "purpose": dice.choice(Link.Purpose.values),
        "until": "2027-03-01",
        "keywords": "rivages, jardins",
        "latitude": "6.4",
        "longitude": "2.6",
        "sure": "on",
    }
    return {
        name: [good[name]] if name in good and not any(values) else list(values)
        for name, values in form.fields.items()
    }


def spoil(form, dice, files):
    """Return the data of ``form`` with a few things wrong, as ``{name: [values and files]}``."""
    data = filled(form, dice)
    if form.buttons:
        name, value = dice.choice(form.buttons)
        data[name] = [value]
    for name in form.files:
        if dice.random() < 0.5:
            data[name] = [
                SimpleUploadedFile(
                    dice.choice(["a.png", "b.svg", "../../c.jpg", "d", "é\x00.gif"]),
                    dice.choice(files),
                    dice.choice(["image/png", "text/html", "", "image/svg+xml"]),
                )
            ]
    names = [*data, "step", "token", "stamp", "base", "action", "unknown"]
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 3, 6])):
        name = dice.choice(names)
        wrong = dice.choice(["drop", "double", "nasty", "nasty", "nasty", "swap"])
        if wrong == "drop":
            data.pop(name, None)
        elif wrong == "double":
            data[name] = [*data.get(name, []), dice.choice(NASTY)]
        elif wrong == "swap":
            data[name] = list(data.get(dice.choice(names), []))
        else:
            data[name] = [dice.choice(NASTY)]
    return data


def send(client, form, dice, files):
    """Send ``form`` spoiled; return the answer and what was sent."""
    data = spoil(form, dice, files)
    way = dice.random()
    if way < 0.06:
        method = dice.choice(METHODS)
        return client.generic(method, form.address, b"name=x", "text/plain"), (method, data)
    if way < 0.12:
        kinds = ("application/json", "multipart/form-data; boundary=x", "multipart/form-data", "")
        body = dice.choice([b"", b"{", b"--x\r\n", bytes(dice.randbytes(300)), b"a=%ff&b=\x00"])
        kind = dice.choice(["application/x-www-form-urlencoded; charset=utf-7", *kinds])
        return client.generic("POST", form.address, body, kind), (kind, body)
    return client.post(form.address, data), data


def nothing_is_half_written():
    """Fail unless every record is whole, and all that is derived follows from the groups."""
    groups = list(Group.objects.prefetch_related("revisions"))
    entries = entries_of(groups)
    for group in groups:
        newest = max(group.revisions.all(), key=lambda revision: revision.pk)
        assert newest.entry == json.loads(json.dumps(entries[group.pk])), group.short_name
        if group.banner:
            assert default_storage.exists(group.banner.name)
    waiting = Group.objects.filter(review="pending").exclude(
        tasks__kind="new", tasks__decided_at=None
    )
    assert [group.short_name for group in waiting] == []
    assert not Submission.objects.filter(group=None).exists()
    assert not Mail.objects.filter(outcome="queued", text="").exists()
    invited = Facilitator.objects.filter(confirmed_at=None, ended_at=None)
    mailed = Link.objects.filter(purpose="confirm").values_list("person", "group")
    assert set(invited.values_list("person", "group")) <= set(mailed)
    asked = Membership.objects.filter(status="asked", group__review="published")
    for membership in asked:
        assert membership.group.tasks.filter(
            kind="membership", ecosystem=membership.ecosystem
        ).exists()
    assert made_again() == kept()


def posted_forms(answer, address):
    """Return the forms of a page that are sent by POST; none of what is no page."""
    if answer.status_code not in (200, 422) or not answer["Content-Type"].startswith("text/html"):
        return []
    return [form for form in forms_of(answer.text, address) if form.method == "post"]


def send_round(how_many, dice, files):
    """Send spoiled forms to a world of its own. Return how often each status was answered."""
    world = World()
    statuses = Counter()
    now = timezone.now()
    with time_machine.travel(now, tick=True):
        forms = []
        for address in world.addresses():
            for who, client in world.clients.items():
                answer = client.get(address)
                assert answer.status_code < 500, (who, address)
                forms += [
                    (who, form)
                    for form in posted_forms(answer, address)
                    if not form.address.endswith("/logout/")
                ]
    # Once each, or the gate, which is everywhere, would take most of what is sent.
    forms = list(
        {(who, form.address, str(form.buttons)): (who, form) for who, form in forms}.values()
    )
    longest = [(who, form) for who, form in forms if form.address.endswith("/groups/new/")]
    followed = []
    # Later, or everything would be sent too quickly to have been read.
    with time_machine.travel(now + timedelta(minutes=5), tick=True):
        go_the_whole_way(world, dice)
        for _ in range(how_many):
            # The longest way is gone most often, and what comes next on any way is followed.
            second = [each for each in followed if ("do", "send") in each[1].buttons]
            pools = [forms, forms, followed or forms, longest, second or longest]
            who, form = dice.choice(dice.choice(pools))
            # What was shown to one is now and then sent by another.
            sender = dice.choice(list(world.clients)) if dice.random() < 0.1 else who
            answer, data = send(world.clients[sender], form, dice, files)
            assert answer.status_code < 500, (sender, form.address, data)
            statuses[answer.status_code] += 1
            # What comes after a form, such as the second step of registering, is spoiled as well.
            followed += [(sender, each) for each in posted_forms(answer, form.address)]
    nothing_is_half_written()
    statuses["registered"] = Submission.objects.count()
    statuses["decided"] = Task.objects.exclude(decided_at=None).count()
    return statuses


def go_the_whole_way(world, dice):
    """Register a group in two steps and accept it, as is meant: bad ones come on top."""
    visitor, operator = world.clients[None], world.clients["operator"]
    form = posted_forms(visitor.get("/groups/new/"), "/groups/new/")[0]
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        read = visitor.post(form.address, {**filled(form, dice), "do": "check"})
        form = posted_forms(read, form.address)[0]
        assert visitor.post(form.address, {**filled(form, dice), "do": "send"}).status_code == 302
    address = f"/review/{Task.objects.filter(kind='new', decided_at=None).latest('pk').pk}/"
    (form,) = [
        form
        for form in posted_forms(operator.get(address), address)
        if ("deed", "accept") in form.buttons
    ]
    assert operator.post(form.address, {**form.fields, "deed": "accept"}).status_code == 302


def send_many(how_many, files, *, seed):
    dice = random.Random(seed)
    statuses = Counter()
    while how_many > 0:
        with transaction.atomic():
            statuses += send_round(min(how_many, A_ROUND), dice, files)
            transaction.set_rollback(True)
        how_many -= A_ROUND
    return statuses


@pytest.fixture(autouse=True)
def quick_gate(monkeypatch):
    """Let the gate answer as soon as it can: nobody measures how long it takes."""
    monkeypatch.setattr(gate, "TAKES", 0)


def test_bad_submissions_are_answered_and_nothing_is_half_written(files):
    statuses = send_many(200, files, seed=20261130)

    # Some are taken, some are answered with the form, some may not do this.
    assert {302, 404, 422, "registered", "decided"} <= statuses.keys()


@pytest.mark.prove
@pytest.mark.parametrize("part", range(5))
def test_thousands_of_bad_submissions(files, part):
    """Five thousand on each database, each with dice of its own: ten thousand in all."""
    statuses = send_many(A_ROUND, files, seed=f"{connection.vendor} {part}")

    assert {302, 404, 405, 422, "registered", "decided"} <= statuses.keys()
