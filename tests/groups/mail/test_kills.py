"""`kill -9` of the sender, at any moment: each mail comes once, or its fate is marked as unknown.

The senders are real processes, the mail server and the database too; only time is moved by hand.
"""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F

from groups.models import Mail
from tests.factories import make_mail
from tests.smtp import open_post_office

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
# How many senders may end before the moment at which one is to be killed.
TRIES = 10
# Claimed and not begun; begun; said for whom; with the text on its way; taken, and not yet known.
MOMENTS = ["EHLO", "MAIL", "RCPT", "DATA", "taken"]


class Senders:
    """Starts `manage.py send_mail` on the database of the test."""

    def __init__(self, shared, office, folder):
        self.office = office
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "SECRET_KEY": "x",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{shared}" if shared else address(connection.settings_dict),
            "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "send_mail"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self):
        """Let a sender do its work. Return how many seconds it took."""
        begun = time.monotonic()
        output, _ = (process := self.start()).communicate(timeout=120)
        assert process.returncode == 0, output
        return time.monotonic() - begun

    def kill_one(self, moment, dice, *, lifetime, beside_another):
        """Start a sender and kill it at ``moment``, or at any. Return whether it was killed.

        ``lifetime`` is about how long it lives where nobody kills it.
        """
        other = self.start() if beside_another else None
        victim = self.start()
        # A connection is opened once; of mails there are several.
        left = iter(range(0 if moment == "EHLO" else dice.randrange(3), -1, -1))

        def watch(seen):
            if seen == moment and next(left, None) == 0:
                victim.kill()
                victim.wait()

        self.office.watch = watch
        timer = threading.Timer(dice.uniform(0.2, 1) * lifetime, victim.kill)
        if moment == "any":
            timer.start()
        victim.communicate(timeout=120)
        timer.cancel()
        self.office.watch = lambda seen: None
        if other:
            other.communicate(timeout=120)
        return victim.returncode == -9


def address(database):
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(database)


def queue_some(number):
    """Queue four mails that were asked for, and two that leave as one. Each says its own key."""
    for each in range(4):
        queue(f"asked-{number}-{each}", f"asked-{number}-{each}@example.org")
    for each in range(2):
        queue(f"joined-{number}-{each}", f"joined-{number}@example.org", is_asked=False)


def queue(key, receiver, **fields):
    make_mail(receiver, key=key, text=f"[{key}]", **fields)


def let_an_hour_pass():
    hour = timedelta(hours=1)
    Mail.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - hour)
    Mail.objects.filter(outcome="queued").update(due_at=F("due_at") - hour)


def copies_by_fate(office):
    """Return how often each mail came, by what the database says became of it."""
    came = Counter(re.findall(r"\[(\w+-\d+-\d+)\]", "".join(each.text for each in office.letters)))
    copies = {}
    for mail in Mail.objects.all():
        copies.setdefault(mail.outcome, []).append(came[mail.key])
    return copies


def prove(shared, folder, moments, dice, *, in_company):
    """Kill a sender at each of ``moments``, let one end: nothing is lost and nothing comes twice.

    A part of them, ``in_company``, works beside another one. Return how many were killed, and of
    the mails whose fate is unknown, how many came how often.
    """
    killed = rounds = 0
    with open_post_office() as office:
        senders = Senders(shared, office, folder)
        queue_some(rounds)
        rounds += 1
        # A fast machine is given less time than a slow one.
        lifetime = senders.run()
        for moment in moments:
            # Whoever had ended before the moment came is followed by another, who is killed.
            for _ in range(TRIES):
                queue_some(rounds)
                rounds += 1
                in_pair = dice.random() < in_company
                is_killed = senders.kill_one(
                    moment, dice, lifetime=lifetime, beside_another=in_pair
                )
                let_an_hour_pass()
                if is_killed:
                    killed += 1
                    break
        while Mail.objects.filter(outcome__in=["queued", "handing_over"]).exists():
            senders.run()
            let_an_hour_pass()

    copies = copies_by_fate(office)
    assert sum(len(each) for each in copies.values()) == 6 * rounds
    assert copies.keys() <= {"sent", "joined", "unknown"}
    assert {*copies["sent"], *copies.get("joined", [])} == {1}
    assert set(copies.get("unknown", [])) <= {0, 1}
    # A kill leaves one mail in doubt at most, or two that would have left as one.
    assert len(copies.get("unknown", [])) <= 2 * killed
    return killed, Counter(copies.get("unknown", []))


def test_killed_senders_lose_nothing_and_double_nothing(shared, tmp_path):
    moments = ["EHLO", "MAIL", "taken"]

    killed, unknown = prove(shared, tmp_path, moments, random.Random(3), in_company=0)

    assert killed == 3
    # Before a word was said of it, and after all was.
    assert unknown == {0: 1, 1: 1}


@pytest.mark.prove
def test_fifty_killed_senders_lose_nothing_and_double_nothing(shared, tmp_path):
    dice = random.Random(5)
    moments = [*MOMENTS * 7, *["any"] * 15]
    dice.shuffle(moments)

    killed, unknown = prove(shared, tmp_path, moments, dice, in_company=1 / 5)

    assert killed == 50
    assert unknown.keys() == {0, 1}
