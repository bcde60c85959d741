import pytest

from helpers.sources.addresses import NotAnAddress, is_public, target_of

PRIVATE = """
    127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
    192.0.0.9 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1
    255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
    64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1
    5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 nonsense
""".split()
PUBLIC = "8.8.8.8 1.1.1.1 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700::1111 2a00:1450::5".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_no_public_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
        ("gopher://example.org/", "bad_address"),
        ("example.org", "bad_address"),
        ("http://", "bad_address"),
        ("http:///path", "bad_address"),
        ("http://example.org:99999/", "bad_address"),
        ("http://example.org:x/", "bad_address"),
        ("http://[::1/", "bad_address"),
        ("http://[fe80::1%25eth0]/", "bad_address"),
        ("http://2130706433/", "bad_address"),
        ("http://017700000001/", "bad_address"),
        ("http://0x7f000001/", "bad_address"),
        ("http://0x7f.1/", "bad_address"),
        ("http://0177.0.0.1/", "bad_address"),
        ("http://127.1/", "bad_address"),
        ("http://127.0.0.1./", "bad_address"),
        ("http://a_b/\r\nHost: x", "bad_address"),
        ("http://example.org\\@127.0.0.1/", "bad_address"),
        ("http://exa mple.org/", "bad_address"),
        ("http://example.org/" + "x" * 2000, "bad_address"),
        ("http://user@example.org/", "with_password"),
        ("http://user:secret@example.org/", "with_password"),
        ("http://example.org@127.0.0.1/", "with_password"),
        ("http://①②⑦.0.0.1.example..org/", "bad_address"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url, code):
    with pytest.raises(NotAnAddress) as refusal:
        target_of(url)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:443/", "http://example.org:443/"),
        (
            "https://éco.example.org/été?q=œuf",
            "https://xn--co-9ia.example.org/%C3%A9t%C3%A9?q=%C5%93uf",
        ),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://1.1.1.1/", "http://1.1.1.1/"),
    ],
)
def test_an_address_is_asked_for_in_its_plain_form(url, asked):
    assert target_of(url).url == asked


def test_a_redirect_is_read_where_it_was_met():
    assert target_of("../feed", "https://example.org/a/b/c").url == "https://example.org/a/feed"
    assert target_of("//other.org", "https://example.org/").url == "https://other.org/"


def test_digits_of_other_scripts_name_no_private_network():
    """“①②⑦.⓪.⓪.①” is 127.0.0.1 to some."""
    assert target_of("http://①②⑦.⓪.⓪.①/").host == "127.0.0.1"
