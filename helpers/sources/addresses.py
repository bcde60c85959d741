"""Which addresses given by strangers may be asked at all. Nothing here opens a connection."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
# Whatever a browser or a resolver would still take for an IPv4 address: 2130706433, 0x7f.1, 0177.1
_LOOKS_LIKE_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?\Z")
_QUAD = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})\Z")
_UNWRITABLE = re.compile(r"[\x00-\x20\x7f\\]")
# What may stand in a path or a query as it is; "%" too, since addresses come quoted.
_WRITTEN_AS_IT_IS = "%/:=&?~+!$,;'@()*[]"

# The Internet as it is given out today; everything else (link-local, site-local, the old fec0::,
# documentation, tunnels) is somebody's own network or nobody's.
_GIVEN_OUT = IPv6Network("2000::/3")
_NOT_GIVEN_OUT = [
    # Protocol assignments, Teredo and benchmarks among them; documentation; 6to4.
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
]
# Where a network speaks IPv6 only, its resolver hides the IPv4 address of a site in these.
_TRANSLATED = [IPv6Network("64:ff9b::/96")]
# Counted as global by the standard library.
_OLD = [IPv4Network("192.88.99.0/24"), IPv4Network("192.0.0.0/24")]


class NotAnAddress(ValueError):
    """It cannot be asked, whoever answers. ``code`` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address taken apart: whom to ask, and for what."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self):
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self):
        """Host and port, as an address and a request name them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self):
        return self.scheme, self.host, self.port


def target_of(url, base=None):
    """Return ``url`` taken apart, read where ``base`` led to it. Raise `NotAnAddress`."""
    url = url.strip()
    if len(url) > LONGEST or _UNWRITABLE.search(url):
        raise NotAnAddress("bad_address")
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise NotAnAddress("bad_address") from error
    if parts.scheme not in PORTS or not host:
        raise NotAnAddress("bad_address")
    if parts.username is not None or parts.password is not None:
        raise NotAnAddress("with_password")
    path = quote(parts.path or "/", safe=_WRITTEN_AS_IT_IS)
    if parts.query:
        path += "?" + quote(parts.query, safe=_WRITTEN_AS_IT_IS)
    return Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)


def _host(name):
    """Return the name of a host as it is asked for, in ASCII; "" where it is none."""
    if ":" in name:
        # A scope (fe80::1%eth0) names a wire of this machine.
        return "" if "%" in name else str(ip_address(name))
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if _LOOKS_LIKE_A_NUMBER.match(name) and not _QUAD.match(name):
        return ""
    return name.lower() if re.fullmatch(r"[a-zA-Z0-9._-]{1,253}", name) else ""


def is_public(address):
    """Say whether an IP address, as text, belongs to the Internet and to no private network.

    The standard library alone is not enough: it takes what is translated (64:ff9b::7f00:1), the
    tunnels (2002:7f00:1::), fec0::1, 224.0.0.1 and 192.88.99.1 for global.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if ip.version == 4:
        return _is_public_4(ip)
    if ip.ipv4_mapped is not None:
        return _is_public_4(ip.ipv4_mapped)
    if any(ip in network for network in _TRANSLATED):
        return _is_public_4(ip_address(int(ip) & 0xFFFFFFFF))
    return (
        ip.scope_id is None
        and ip.is_global
        and ip in _GIVEN_OUT
        and not any(ip in network for network in _NOT_GIVEN_OUT)
    )


def _is_public_4(ip):
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip in network for network in _OLD)
    )


def is_same_host(one, other):
    """Say whether two host names are one site's: "www." more or less makes no other."""
    return one.removeprefix("www.") == other.removeprefix("www.")
