"""What is thrown away once it has had its time."""

from datetime import timedelta

import pytest

from groups.tidying import LINKS_KEPT
from helpers.models import CheckIn
from helpers.tidying import tidy
from tests.factories import make_group, make_person
from tests.helpers.factories import NOW, make_check_in

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("over_for", "left"), [(LINKS_KEPT, 1), (LINKS_KEPT + MOMENT, 0)])
def test_a_check_in_goes_once_it_has_long_been_over(over_for, left):
    make_check_in(make_person(), make_group(), asked_at=NOW, expires_at=NOW - over_for)

    assert tidy(NOW) == {"check_ins": 1 - left}
    assert CheckIn.objects.count() == left


def test_one_that_is_open_stays():
    make_check_in(make_person(), make_group(), asked_at=NOW)

    assert tidy(NOW) == {"check_ins": 0}
