from benchmarks.measuring import Measured
from benchmarks.pages import pages_of
from benchmarks.world import World


def test_a_page_is_compared_with_the_file_of_the_same_bytes():
    measured = Measured(milliseconds=[3.0, 2.0, 9.0], file_milliseconds=[2.0, 1.0, 2.0])

    assert measured.times_the_file == 1.5
    assert Measured(milliseconds=[3.0]).times_the_file is None


def test_what_others_embed_and_ecosystems_are_compared_with_files():
    compared = [page.name for page in pages_of(World()) if page.as_file]

    assert compared == [
        "ecosystem",
        "ecosystem, kept",
        "ecosystem, 304",
        "widget",
        "widget, kept",
        "widget, 304",
    ]
