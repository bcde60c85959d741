"""The jobs of the worker: each when it is due, by one worker of several, whatever others do."""

from datetime import UTC, datetime, timedelta

import pytest

from groups import jobs
from groups.jobs import LASTS, LOOK_AGAIN, RETRY, Job, find_jobs, run_due
from groups.models import JobRun
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _not_stopping():
    jobs.stopping.clear()
    yield
    jobs.stopping.clear()


@pytest.fixture
def ran():
    return []


@pytest.fixture
def daily(ran):
    return Job("daily", every=DAY, run=ran.append)


def look(*found, now=NOON, next_looks=None):
    return run_due(found, now, {} if next_looks is None else next_looks)


def broken(now):
    raise RuntimeError("broken")


def test_a_job_runs_at_once_and_again_when_it_is_due(daily, ran):
    for now in (NOON, NOON + MOMENT, NOON + DAY - MOMENT, NOON + DAY, NOON + 3 * DAY):
        look(daily, now=now)

    assert ran == [NOON, NOON + DAY, NOON + 3 * DAY]


def test_a_restart_does_not_run_it_again(daily, ran):
    look(daily, next_looks={})
    look(daily, now=NOON + MOMENT, next_looks={})

    assert ran == [NOON]


def test_what_another_worker_does_is_looked_at_now_and_then(daily, ran, django_assert_num_queries):
    look(daily)
    next_looks = {}
    look(daily, now=NOON + MOMENT, next_looks=next_looks)

    with django_assert_num_queries(0):
        look(daily, now=NOON + LOOK_AGAIN, next_looks=next_looks)
    with django_assert_num_queries(1):
        look(daily, now=NOON + LOOK_AGAIN + MOMENT, next_looks=next_looks)


def test_a_job_that_is_not_shared_is_run_by_each_worker(ran):
    mail = Job("mail", every=timedelta(seconds=3), run=ran.append, is_shared=False)
    next_looks = {}

    look(mail, next_looks=next_looks)
    look(mail, next_looks={})
    look(mail, now=NOON + timedelta(seconds=2), next_looks=next_looks)
    look(mail, now=NOON + timedelta(seconds=3), next_looks=next_looks)

    assert ran == [NOON, NOON, NOON + timedelta(seconds=3)]
    assert not JobRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_runs_a_job(daily, ran, shared):
    assert at_once(shared, *[lambda: look(daily)] * 4) == []
    assert at_once(shared, *[lambda: look(daily, now=NOON + DAY)] * 4) == []
    assert ran == [NOON, NOON + DAY]


def test_a_job_that_fails_is_told_and_stops_no_other(daily, ran, caplog):
    failing = Job("failing", every=DAY, run=broken)

    assert look(failing, daily) == ["failing"]
    assert ran == [NOON]
    assert "RuntimeError: broken" in caplog.text


def test_a_job_that_failed_is_tried_again_soon(ran):
    look(Job("job", every=DAY, run=broken))

    mended = Job("job", every=DAY, run=ran.append)
    look(mended, now=NOON + RETRY - MOMENT)
    look(mended, now=NOON + RETRY)

    assert ran == [NOON + RETRY]


def test_a_job_whose_worker_died_is_taken_up_later(daily, ran):
    jobs.claim(daily, NOON)

    look(daily, now=NOON + LASTS - MOMENT)
    look(daily, now=NOON + LASTS)

    assert ran == [NOON + LASTS]


def test_who_is_told_to_stop_begins_nothing_more(daily, ran):
    last = Job("last", every=DAY, run=lambda now: jobs.stopping.set())

    look(last, daily)

    assert ran == []
    assert not JobRun.objects.filter(name="daily").exists()


def test_the_jobs_of_every_app_are_found_and_have_names_of_their_own():
    names = [job.name for job in find_jobs()]

    assert {"send_mail", "tidy", "ask_freshness"} <= set(names)
    assert len(names) == len(set(names))
