import pytest

from helpers.sources.robots import read_rules

AGENT = "EcosystemDirectory/1.0 (+https://directory.example.org/about/)"


def test_a_site_without_rules_forbids_nothing():
    assert read_rules("", AGENT).allow("https://example.org/feed")


def test_what_is_forbidden_to_all_or_to_us_is_forbidden():
    rules = read_rules("User-agent: *\nDisallow: /private/\n", AGENT)
    ours = read_rules("User-agent: ecosystemdirectory\nDisallow: /\n", AGENT)
    others = read_rules("User-agent: SomeBot\nDisallow: /\n", AGENT)

    assert not rules.allow("https://example.org/private/feed")
    assert rules.allow("https://example.org/feed")
    assert not ours.allow("https://example.org/feed")
    assert others.allow("https://example.org/feed")


def test_a_delay_is_kept_to_as_far_as_it_is_bearable():
    assert read_rules("User-agent: *\nCrawl-delay: 2\n", AGENT).delay == 2
    assert read_rules("User-agent: *\nCrawl-delay: 86400\n", AGENT).delay == 10
    assert read_rules("User-agent: *\nDisallow:\n", AGENT).delay == 0


@pytest.mark.parametrize(
    "line", ["Disallow: http://[half", "Crawl-delay: ²", "\ufeffUser-agent: *"]
)
def test_a_damaged_line_leaves_the_others_in_force(line):
    rules = read_rules(f"User-agent: *\n{line}\nDisallow: /private\n", AGENT)

    assert not rules.allow("https://example.org/private")
