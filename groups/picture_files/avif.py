"""AVIF: boxes that claim a size, and the sizes inside the AV1 stream, which the decoder obeys."""

from struct import unpack_from

from .found import PictureFile, Refused

MOST_PIXELS = 16_000_000
# A picture has one or two items (its transparency is one) and what describes them.
MOST_BOXES = 500
MOST_ITEMS = 64
MOST_EXTENTS = 64
MOST_UNITS = 1_000
SEQUENCE_HEADER = 1


def is_one(data):
    return data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis")


def look_at(data):
    boxes = list(_boxes(data, 0, len(data)))
    names = [name for name, _start, _end in boxes]
    _name, start, end = boxes[0]
    if b"moov" in names or b"avis" in data[start:end]:
        raise Refused("animated")
    if names.count(b"meta") != 1:
        raise Refused("broken")
    _name, start, end = boxes[names.index(b"meta")]
    parts = {}
    for name, first, last in _boxes(data, start + 4, end):
        if name in parts and name in (b"iloc", b"iinf", b"iprp", b"idat"):
            raise Refused("broken")
        parts[name] = (first, last)
    if not {b"iloc", b"iinf", b"iprp"} <= parts.keys():
        raise Refused("broken")
    kinds = _kinds(data, *parts[b"iinf"])
    # One put together from tiles would have to be understood whole to know its size.
    if b"grid" in kinds.values() or b"av01" not in kinds.values():
        raise Refused("broken")
    sizes = _claimed(data, *parts[b"iprp"])
    for item, stream in _streams(data, parts).items():
        if kinds.get(item) == b"av01":
            sizes += _sizes_of_frames(stream)
    if not sizes:
        raise Refused("broken")
    width, height = max(width for width, _height in sizes), max(height for _width, height in sizes)
    return PictureFile("AVIF", width, height, data, MOST_PIXELS)


def _boxes(data, at, end):
    """Yield (name, start, end) of the boxes that lie one after another in a part of the file."""
    for _box in range(MOST_BOXES):
        if at + 8 > end:
            return
        length, name = unpack_from(">I4s", data, at)
        start = at + 8
        if length == 1:
            (length,) = unpack_from(">Q", data, start)
            start += 8
        last = at + length if length else end
        if not start <= last <= end:
            raise Refused("broken")
        yield name, start, last
        at = last
    raise Refused("broken")


def _kinds(data, start, end):
    """Return ``{item: kind}``."""
    kinds = {}
    first = start + (6 if data[start] == 0 else 8)
    for name, at, _last in _boxes(data, first, end):
        version = data[at]
        if name != b"infe" or version not in (2, 3):
            raise Refused("broken")
        item, _protection, kind = unpack_from(">HH4s" if version == 2 else ">IH4s", data, at + 4)
        if item in kinds:
            raise Refused("broken")
        kinds[item] = kind
    if len(kinds) > MOST_ITEMS:
        raise Refused("broken")
    return kinds


def _claimed(data, start, end):
    """Return the sizes that boxes claim."""
    return [
        unpack_from(">II", data, at + 4)
        for name, first, last in _boxes(data, start, end)
        if name == b"ipco"
        for property_name, at, _end in _boxes(data, first, last)
        if property_name == b"ispe"
    ]


def _streams(data, parts):
    """Return ``{item: its bytes}``, put together from where the file says they lie."""
    at, _end = parts[b"iloc"]
    version = data[at]
    if version > 2:
        raise Refused("broken")
    widths = unpack_from(">H", data, at + 4)[0]
    offset_width, length_width, base_width, index_width = (
        (widths >> shift & 15) for shift in (12, 8, 4, 0)
    )
    reader = _Reader(data, at + 6)
    streams = {}
    count = reader.number(4 if version == 2 else 2)
    if count > MOST_ITEMS:
        raise Refused("broken")
    for _item in range(count):
        item = reader.number(4 if version == 2 else 2)
        lies_in = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_width)
        extents = reader.number(2)
        if item in streams or lies_in > 1 or extents > MOST_EXTENTS:
            raise Refused("broken")
        if lies_in == 1 and b"idat" not in parts:
            raise Refused("broken")
        first, last = parts[b"idat"] if lies_in == 1 else (0, len(data))
        pieces = []
        for _extent in range(extents):
            if version:
                reader.number(index_width)
            start = first + base + reader.number(offset_width)
            length = reader.number(length_width) or last - start
            if start + length > last:
                raise Refused("broken")
            pieces.append(data[start : start + length])
        if sum(map(len, pieces)) > len(data):
            raise Refused("broken")
        streams[item] = b"".join(pieces)
    return streams


class _Reader:
    """Numbers of so many bytes, one after another."""

    def __init__(self, data, at):
        self.data, self.at = data, at

    def number(self, width):
        self.at += width
        return int.from_bytes(self.data[self.at - width : self.at], "big")


class _Bits:
    """Numbers of so many bits, one after another; past the end all are zero."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, width):
        value = 0
        for at in range(self.at, self.at + width):
            byte = self.data[at // 8] if at // 8 < len(self.data) else 0
            value = value << 1 | byte >> 7 - at % 8 & 1
        self.at += width
        return value


def _sizes_of_frames(stream):
    """Return the sizes that the sequence headers of an AV1 stream allow."""
    sizes, at = [], 0
    for _unit in range(MOST_UNITS):
        if at >= len(stream):
            return sizes
        head = stream[at]
        at += 2 if head & 4 else 1
        length = len(stream) - at
        if head & 2:
            length, at = _leb128(stream, at)
        if head >> 3 & 15 == SEQUENCE_HEADER:
            sizes.append(_size_of_sequence(stream[at : at + min(length, 400)]))
        at += length
    raise Refused("broken")


def _leb128(stream, at):
    value = 0
    for number in range(8):
        byte = stream[at]
        at += 1
        value |= (byte & 0x7F) << 7 * number
        if byte < 0x80:
            return value, at
    raise Refused("broken")


def _size_of_sequence(header):
    """Return the largest (width, height) of a frame: AV1, section 5.5.1."""
    bits = _Bits(header)
    bits.number(4)
    is_reduced = bits.number(1)
    if is_reduced:
        bits.number(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.number(4) + 1, bits.number(4) + 1
    width, height = bits.number(width_bits) + 1, bits.number(height_bits) + 1
    # A frame of a film may give a size of its own, in so many bits. Encoders take no more bits than
    # they need, so that this is less than four times what the header says.
    if not is_reduced and (1 << width_bits) * (1 << height_bits) > 4 * MOST_PIXELS:
        raise Refused("too_many_pixels", width=width, height=height, most=MOST_PIXELS)
    return width, height


def _skip_operating_points(bits):
    delay_width = 0
    if bits.number(1):
        bits.number(64)
        if bits.number(1):
            # How long a picture lasts: zeros, and as many bits after the one that ends them.
            zeros = 0
            while zeros < 32 and not bits.number(1):
                zeros += 1
            bits.number(zeros if zeros < 32 else 0)
        if bits.number(1):
            delay_width = bits.number(5) + 1
            bits.number(42)
    has_delay = bits.number(1)
    for _point in range(bits.number(5) + 1):
        bits.number(12)
        if bits.number(5) > 7:
            bits.number(1)
        if delay_width and bits.number(1):
            bits.number(2 * delay_width + 1)
        if has_delay and bits.number(1):
            bits.number(4)
