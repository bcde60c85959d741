import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from helpers.models import Rhythm, Season
from helpers.recording import see
from tests.factories import make_group
from tests.helpers.factories import NOW, every

pytestmark = pytest.mark.django_db


def test_records_of_the_indicators_are_looked_at_and_not_changed(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    ours = [
        page
        for model, page in admin.site._registry.items()
        if model._meta.app_label == "helpers" and model is not Season
    ]

    assert len(ours) == 8
    for page in ours:
        assert page.has_view_permission(request)
        assert page.get_model_perms(request) == {
            "add": False,
            "change": False,
            "delete": False,
            "view": True,
        }


def test_each_list_is_shown(admin_user):
    see(make_group(), "meetings", every(30), now=NOW)
    request = RequestFactory().get("/")
    request.user = admin_user

    for model, page in admin.site._registry.items():
        if model._meta.app_label == "helpers":
            assert list(page.get_changelist_instance(request).result_list) is not None
    assert reverse("admin:helpers_rhythm_changelist")
    assert Rhythm.objects.count() == 1
