import gzip
import zlib

import pytest

from helpers.sources.unpacking import Damaged, TooMuch, unpacked

TEXT = b"One message a day. " * 100
RAW = zlib.compressobj(wbits=-15)
WITHOUT_HEAD = RAW.compress(TEXT) + RAW.flush()


@pytest.mark.parametrize("packed", [gzip.compress(TEXT), zlib.compress(TEXT), WITHOUT_HEAD])
def test_what_servers_call_gzip_and_deflate_is_unpacked(packed):
    assert unpacked(packed, len(TEXT)) == TEXT


def test_one_byte_more_than_the_bound_is_too_much():
    with pytest.raises(TooMuch):
        unpacked(gzip.compress(TEXT), len(TEXT) - 1)


def test_several_archives_in_a_row_are_one_and_rubbish_after_them_is_dropped():
    packed = gzip.compress(b"one, ") + gzip.compress(b"two") + b"\0\0rubbish"

    assert unpacked(packed, 100) == b"one, two"


def test_several_archives_in_a_row_share_one_bound():
    with pytest.raises(TooMuch):
        unpacked(gzip.compress(b"12345") * 3, 12)


@pytest.mark.parametrize("packed", [gzip.compress(TEXT)[:-9], b"<html>", b"\x1f\x8b\x08\x00"])
def test_what_ends_early_or_was_never_packed_is_damaged(packed):
    with pytest.raises(Damaged):
        unpacked(packed, 10_000)
