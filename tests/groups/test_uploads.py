from io import BytesIO

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.test import RequestFactory

from groups import uploads


@pytest.mark.parametrize(("sent", "arrives"), [(99, 99), (100, 100), (101, 101), (500_000, 101)])
def test_what_comes_after_the_most_is_dropped(sent, arrives, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    file = BytesIO(bytes(sent))
    file.name = "picture.png"

    request = RequestFactory().post("/", {"picture": file, "name": "Jardins"})

    assert len(request.FILES["picture"].read()) == request.FILES["picture"].size == arrives
    assert request.POST["name"] == "Jardins"


@pytest.mark.parametrize(
    ("sent", "kind"), [(1_000, InMemoryUploadedFile), (30_000_000, TemporaryUploadedFile)]
)
def test_a_large_file_lies_on_the_disk_and_no_more_of_it_than_decides(sent, kind):
    file = BytesIO(bytes(sent))
    file.name = "picture.png"

    with RequestFactory().post("/", {"picture": file}).FILES["picture"] as arrived:
        assert isinstance(arrived, kind)
        assert arrived.size == min(sent, 12 * 1024 * 1024 + 1)
