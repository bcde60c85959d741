"""From messages of a list to counts per day. Who wrote what is forgotten line by line."""

import datetime
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from .dates import local_day, moment_of
from .reading import MOST_BYTES, Unreadable

# A month of this many times the usual, and of this many at least, was flooded by spam.
_FLOOD_TIMES = 20
_FLOOD_LEAST = 300
_FEWEST_MONTHS = 3
# Clocks of senders are wrong by years; the list's own clock tells when it received a message.
_CLOCKS_DIFFER = datetime.timedelta(days=7)
_HEADERS = 100
_ARRIVED = re.compile(
    rb"From \S{1,200}(?: at \S{1,200})?\s+(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})"
)
_ANSWER = re.compile(r"\s*(?:\[[^\]]{1,60}\]\s*)?(?:re|rép|rep|aw|tr)\s?:", re.IGNORECASE)
_DIGEST = re.compile(r"digest, vol|lot \S+ \d+, parution", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """A message without its words: its day, and whether it answers another."""

    day: datetime.date
    is_answer: bool = False


def messages_of_mbox(body, context):
    """Return the messages of an mbox, gzipped or not. Raises `Unreadable` if it is none."""
    body = unpacked(body)
    starts = [0] if body.startswith(b"From ") else []
    starts += [found.start() + 1 for found in re.finditer(rb"\nFrom \S", body)]
    if not starts:
        if body.strip():
            raise Unreadable("not_an_mbox")
        return []  # a list that nobody has written to yet
    messages = []
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        message = _message(body[start : min(end, start + 20_000)], context)
        if message:
            messages.append(message)
    return messages


def unpacked(body):
    """Return the bytes of what may be gzip, within our limit of size. Raises `Unreadable`."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpack = zlib.decompressobj(31)
    try:
        text = unpack.decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise Unreadable("not_an_mbox") from error
    if unpack.unconsumed_tail:
        raise Unreadable("too_large")
    return text


def _message(part, context):
    """Read the headers of one message; None for notices, digests, and what has no day."""
    lines = part.split(b"\n", _HEADERS)[:_HEADERS]
    headers = {}
    for line in lines[1:]:
        if not line.strip():
            break
        name, colon, value = line.partition(b":")
        if colon and name[:1].strip():
            headers.setdefault(name.strip().lower(), value.strip()[:300].decode("latin-1"))
    automatic = headers.get(b"auto-submitted", "no").lower()
    subject = headers.get(b"subject", "")
    if not automatic.startswith("no") or _DIGEST.search(subject):
        return None
    sent = moment_of(headers.get(b"date", ""))
    day = local_day(sent, context.time_zone) if sent else None
    arrived = _arrival(lines[0])
    if arrived and (day is None or abs(day - arrived) > _CLOCKS_DIFFER):
        day = arrived
    is_answer = b"in-reply-to" in headers or b"references" in headers or is_reply(subject)
    return Message(day, is_answer) if day else None


def _arrival(line):
    found = _ARRIVED.match(line[:500])
    if not found:
        return None
    try:
        return parsedate_to_datetime(found[1].decode("ascii")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_reply(subject):
    """Tell whether a subject answers another."""
    return _ANSWER.match(subject[:200]) is not None


def counts_of(messages):
    """Return {day: how many}, spam months reduced to what people answered one another.

    Spam comes by the thousand and nobody answers it; a lively month is full of answers.
    """
    months = Counter(message.day.replace(day=1) for message in messages)
    flooded = set()
    if len(months) > _FEWEST_MONTHS:
        usual = sorted(months.values())[len(months) // 2]
        most = max(_FLOOD_LEAST, _FLOOD_TIMES * usual)
        flooded = {month for month, count in months.items() if count >= most}
    return Counter(
        message.day
        for message in messages
        if message.is_answer or message.day.replace(day=1) not in flooded
    )
