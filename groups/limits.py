"""How often somebody may do something: counted exactly, and forgotten by itself.

No address of the Internet is kept. A network is known by a hash with the key of the day, which is
thrown away with the day; an e-mail address by a hash with the key of the site.
"""

import hmac
import ipaddress
import re
import secrets

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .models import Limit, NetworkKey

SORRY = _(
    "That was a lot in a short time, so we take a breath. Nothing is lost: wait a while, then "
    "press the button again."
)
# With its port, as some proxies write it: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\A(?:\[([^\[\]]*)\]|([0-9.]+))(?::[0-9]*)?\Z")


def over_limit(request_or_network, what, *, times, within, who="", now=None):
    """Count one ``what``; say whether it was one too many: more than ``times`` ``within`` a time.

    Counted are the deeds of a network (a request's, or one named by `network_of`; "" for any), of
    ``who`` (an e-mail address, a group…), or of both together. The time begins with the first deed;
    once it is over everything begins anew, whether anybody tidied up or not. One statement, so that
    several at once are counted one by one.
    """
    now = now or timezone.now()
    network = request_or_network
    if not isinstance(network, str):
        network = network_of(request_or_network, now=now)
    counted = salted_hmac("groups.limits", f"{network} {who}", algorithm="sha256").hexdigest()
    ends_at, now = (
        connection.ops.adapt_datetimefield_value(moment) for moment in (now + within, now)
    )
    table = Limit._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (key, count, ends_at) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN {table}.ends_at <= %s THEN 1 ELSE {table}.count + 1 END,
                ends_at = CASE WHEN {table}.ends_at <= %s THEN excluded.ends_at
                    ELSE {table}.ends_at END
            RETURNING count
            """,
            [f"{what}:{counted[:40]}", ends_at, now, now],
        )
        [count] = cursor.fetchone()
    return count > times


def network_of(request, *, now=None):
    """Return what the network of whoever asks is called today: the same for all of it, and no more.

    A network is what one line of a provider shares: IPv4 /24, IPv6 /48.
    """
    now = now or timezone.now()
    return hmac.new(_key_of_the_day(now.date()), _network(request).encode(), "sha256").hexdigest()


def _network(request):
    address = client_address(request)
    if address is None:
        return "unknown"
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, length), strict=False))


def client_address(request):
    """Return the address of whoever asks, or None where it cannot be known.

    What a request says of itself (`X-Forwarded-For`) counts only as far as our own proxies wrote
    it: its last part is what the nearest one saw, and so on for as long as that was ours as well.
    """
    address = _address(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and _is_ours(address):
        before = _address(hops.pop())
        if before is None:
            break
        address = before
    return address


def _address(text):
    text = text.strip().strip('"')
    if with_port := _WITH_PORT.match(text):
        text = with_port[1] or with_port[2] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_ours(address):
    return address is not None and any(
        address in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES
    )


def _key_of_the_day(day):
    """Return the random key of ``day``. Who makes a new one throws the older ones away."""
    key, made = NetworkKey.objects.get_or_create(day=day, defaults={"key": secrets.token_bytes(32)})
    if made:
        NetworkKey.objects.filter(day__lt=day).delete()
    return bytes(key.key)
