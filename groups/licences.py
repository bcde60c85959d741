"""What the licence of the data is called, from its address."""

import re
from urllib.parse import urlsplit

_NAMED = (
    (re.compile(r"//creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)"), "CC {} {}"),
    (re.compile(r"//creativecommons\.org/publicdomain/(zero)/(\d\.\d)"), "CC0 {1}"),
    (re.compile(r"//opendatacommons\.org/licenses/(odbl)/(\d[.-]\d)?"), "ODbL"),
)


def licence_name(address):
    """Return the usual name of the licence at ``address``, else the site that explains it."""
    for form, name in _NAMED:
        if found := form.search(address):
            return name.format(found[1].upper(), found[2])
    return urlsplit(address).netloc.removeprefix("www.")
