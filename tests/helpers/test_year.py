"""A year of forty groups: every alert and every mail, compared with the list that was expected."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from groups.models import Mail
from helpers.models import Alert
from tests.smtp import open_post_office, use

from .year import FIRST, Year, expected_alerts

EXPECTED = Path(__file__).parent.parent / "data" / "year.txt"
WEEKS_IN_BRIEF = 9


@pytest.fixture
def post_office(settings):
    with open_post_office() as office:
        use(settings, office.port)
        yield office


@pytest.mark.prove
@pytest.mark.django_db
def test_a_year_of_forty_groups_goes_as_expected(post_office):
    told = Year().live()

    assert sorted(line for line in told if " alert: " in line) == expected_alerts()
    assert told == EXPECTED.read_text(encoding="utf-8").splitlines()
    check(told, post_office)


@pytest.mark.django_db
def test_nine_weeks_of_forty_groups_go_as_expected(post_office):
    last = FIRST + timedelta(weeks=WEEKS_IN_BRIEF)
    expected = EXPECTED.read_text(encoding="utf-8").splitlines()
    brief = [line for line in expected if date.fromisoformat(line[:10]) < last]

    told = Year().live(days=7 * WEEKS_IN_BRIEF)

    assert sorted(line for line in told if " alert: " in line) == [
        line for line in expected_alerts() if date.fromisoformat(line[:10]) < last
    ]
    assert told == brief
    check(told, post_office)


def check(told, post_office):
    """What holds whatever happens: nothing twice, nothing left, one mail a day that can wait."""
    parcels = [line for line in told if " mail to " in line]
    assert len(post_office.letters) == len(parcels)
    assert len({letter.message["Message-ID"] for letter in post_office.letters}) == len(parcels)
    assert not Mail.objects.exclude(outcome__in=["sent", "joined", "queued"]).exists()
    waiting = [line for line in parcels if "nudge" not in line]
    days = Counter((line[:10], line.split(" mail to ")[1].partition(":")[0]) for line in waiting)
    assert max(days.values()) == 1
    assert not Alert.objects.filter(told_at=None, lead=None, closed_at=None).exists()
