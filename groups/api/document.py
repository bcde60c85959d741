"""The OpenAPI document: what django-ninja knows of the operations, and what every answer shares."""

import re
from copy import deepcopy
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_noop
from ninja.openapi.schema import get_schema

from . import answering
from .operations import BASE, MOST_ASKED, api
from .problems import CONTENT_TYPE, KINDS, READ_METHODS

DESCRIPTION = f"""\
What the public pages of the directory show, for programs. Read only, without a key, from any site
(CORS). The data are under the licence each answer names.

**Pages.** Lists come in pages: follow `next` (or the header `Link` with `rel="next"`) until there
is none. Its `cursor` is not for making up.

**Keeping a copy.** Read all pages of `/groups` once and keep `as_of` of the first. From then on ask
with `updated_since` set to the last `as_of`: you get what changed, and in `deleted` the numbers of
what is gone. Some of it you may know already. Whoever comes back less often than every two years
begins anew.

**Caching.** Answers carry an `ETag`; ask again with `If-None-Match`, and a `304` costs nothing.

**Limits.** {MOST_ASKED} answers in ten minutes for one network (a `304` is not counted), then `429`
with `Retry-After`. No address is kept for that.

**Errors** are problem details (RFC 9457, `{CONTENT_TYPE}`). Unknown parameters, and values that
mean nothing, are refused with `422` and named: nothing is left out silently.
"""
# What stands within an address; the other parameters bring their own words.
PARTS = {
    "short_name": gettext_noop("The short name of a group, as in the address of its page."),
    "slug": gettext_noop("The slug of a keyword, as in the address of its page."),
}
EXAMPLES = {
    "q": "jardin",
    "kind": ["territorial"],
    "activity": ["active", "preparing"],
    "country": ["BJ", "TG"],
    "keyword": ["compost"],
    "near": "6.37,2.43",
    "bbox": "0.5,5.5,4,12.5",
    "updated_since": "2026-11-02T08:30:00Z",
    "limit": 20,
    "cursor": "1793607300000000-0-120",
    "short_name": "jardins-lagune",
    "slug": "rivages",
}
GROUP = {
    "id": 120,
    "short_name": "jardins-lagune",
    "name": "Jardins de la lagune",
    "tagline": "Nous jardinons au bord de l’eau.",
    "kind": "territorial",
    "description": "Un jardin **ouvert** le samedi.",
    "keywords": ["Compost", "Rivages"],
    "keyword_slugs": ["compost", "rivages"],
    "country": "BJ",
    "region": "Atlantique",
    "latitude": 6.4,
    "longitude": 2.4,
    "position_is_approximate": True,
    "member_count": 180,
    "member_count_on": "2026-09-01",
    "activity": "active",
    "services": {"home": "https://lagune.example/", "join": "https://lagune.example/venir"},
    "partners": [{"name": "Mairie", "url": "https://mairie.example/"}],
    "ecosystems": ["rivages"],
    "created_at": "2026-03-01T10:00:00+00:00",
    "updated_at": "2026-10-12T17:20:00+00:00",
    "changed_at": "2026-10-12T17:20:00+00:00",
    "confirmed_at": "2026-10-12T17:20:00+00:00",
    "url": "https://directory.example/groups/jardins-lagune/",
    "picture": "https://directory.example/groups/jardins-lagune/pattern.svg",
}
LICENCE = {"licence": "https://creativecommons.org/licenses/by-sa/4.0/"}
ECOSYSTEM = {
    "slug": "rivages",
    "name": "Rivages",
    "tagline": "Des groupes au bord de l’eau.",
    "has_record": True,
    "group_count": 14,
    "country_count": 5,
    "member_count": 3200,
    "url": "https://directory.example/ecosystems/rivages/",
    "picture": "https://directory.example/cloth.svg?band=jardins-lagune",
}
ANSWERS = {
    answering.GroupPage: {
        **LICENCE,
        "groups": [GROUP],
        "deleted": [{"id": 98, "deleted_on": "2026-11-20"}],
        "as_of": "2026-11-02T08:30:00+00:00",
        "next": "https://directory.example/api/v1/groups?limit=20&cursor=1793607300000000-0-120",
    },
    answering.GroupAnswer: {**LICENCE, "group": GROUP},
    answering.EcosystemPage: {**LICENCE, "ecosystems": [ECOSYSTEM], "next": None},
    answering.EcosystemAnswer: {
        **LICENCE,
        "ecosystem": {
            **ECOSYSTEM,
            "description_html": "<p>Nous vivons près de l’eau.</p>",
            "accent": "feuille",
            "charter": ["Le groupe est ouvert à tous."],
            "charter_version": 1,
            "core_group": "facilitateurs",
        },
    },
    answering.KeywordPage: {
        **LICENCE,
        "keywords": [
            {
                "slug": "compost",
                "name": "Compost",
                "group_count": 12,
                "has_record": False,
                "url": "https://directory.example/ecosystems/compost/",
            }
        ],
        "next": None,
    },
}
TEXT = {"schema": {"type": "string"}}
HEADERS = {
    "ETag": {"description": "The version of the answer, for If-None-Match.", **TEXT},
    "Link": {"description": "The licence, and the next page if there is one.", **TEXT},
    "Cache-Control": {"description": "How long a copy is good.", **TEXT},
}
SECONDS = {
    "Retry-After": {
        "description": "How many seconds to wait.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "required": True,
    }
}
ALLOW = {"Allow": {"description": READ_METHODS, "required": True, **TEXT}}
# Beside what every answer may be.
OF_ONE = {"getGroup": (308, 404, 410), "getEcosystem": (308, 404)}
OF_ONE["listGroupsOfEcosystem"] = OF_ONE["getEcosystem"]


@cache
def document():
    """Return the whole document, as values ready for JSON."""
    made = deepcopy(dict(get_schema(api, BASE.strip("/") + "/")))
    made["info"] = {
        "title": "Ecosystem of groups: read API",
        "version": api.version,
        "description": DESCRIPTION,
        "license": {"name": "Licence of the data", "url": settings.DATA_LICENCE},
    }
    made["servers"] = [{"url": settings.SITE_URL}]
    made["externalDocs"] = {"url": f"{settings.SITE_URL}{BASE}/docs", "description": "The page"}
    for path, methods in made["paths"].items():
        # HEAD answers as GET does, without the body: that goes without saying.
        methods.pop("head", None)
        _complete(path, methods["get"])
    made["components"]["schemas"] |= _schemas(answering.Problem)
    made["components"]["responses"] = _responses()
    return made


def operations():
    """Return (path, operation) of all that can be asked, in the order of the document."""
    return [(path, methods["get"]) for path, methods in document()["paths"].items()]


def _complete(path, operation):
    """Add examples to an operation, and the answers that are not the one that was asked for."""
    for parameter in operation["parameters"]:
        if parameter["schema"].get("default", "") is None:
            # Not given is not a value.
            del parameter["schema"]["default"]
        parameter.setdefault("description", PARTS.get(parameter["name"]))
        parameter["example"] = EXAMPLES[parameter["name"]]
    [answer] = operation["responses"][200]["content"].values()
    shape = answer["schema"]["$ref"].rpartition("/")[2]
    answer["example"] = next(said for each, said in ANSWERS.items() if each.__name__ == shape)
    responses = {"200": {**operation["responses"][200], "headers": HEADERS}}
    others = (304, *OF_ONE.get(operation["operationId"], ()), 405, 422, 429, 500, 503)
    for status in sorted(others):
        responses[str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    operation["responses"] = responses
    operation["tags"] = [re.search(r"/v1/(\w+)", path)[1]]


def _name(status):
    return {304: "unchanged", 308: "moved"}.get(status) or KINDS[status][0]


def _responses():
    """Return the answers that every operation shares, by name."""
    headers = {405: ALLOW, 429: SECONDS, 503: SECONDS}
    problems = {
        name: {
            "description": detail,
            "headers": headers.get(status, {}),
            "content": {
                CONTENT_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": _problem_example(status),
                }
            },
        }
        for status, (name, _title, detail) in KINDS.items()
    }
    location = {"Location": {"description": "Its address of today.", "required": True, **TEXT}}
    return {
        "unchanged": {"description": "Your copy is still right."},
        "moved": {"description": "It has another name now.", "headers": location},
        **problems,
    }


def _problem_example(status):
    name, title, detail = KINDS[status]
    said = {"type": f"{settings.SITE_URL}{BASE}/docs#{name}", "title": title}
    said |= {"status": status, "detail": detail}
    if status == 422:
        error = {"parameter": "limit", "detail": "Use a whole number."}
        return {**said, "errors": [error]}
    return said


def _schemas(shape):
    """Return the schemas of a shape and of what it is made of, by name."""
    made = shape.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**made.pop("$defs", {}), shape.__name__: made}
