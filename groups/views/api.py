"""The page about the read API, and its document for programs."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..api.document import document, operations
from ..api.operations import MOST_ASKED, WITHIN
from ..api.problems import KINDS

# Parameters whose values are few enough to be read.
MOST_VALUES = 10


@require_safe
def api_home(request):
    """Send whoever asks for the API itself to the page about it."""
    return redirect("groups:api_docs")


@require_safe
@cache_control(public=True, max_age=3600)
def api_document(request):
    """Answer the OpenAPI document. It needs no database."""
    return HttpResponse(
        json.dumps(document(), ensure_ascii=False, indent=1), content_type="application/json"
    )


@require_safe
def api_docs(request):
    """Show what can be asked, parameter by parameter, each with a line to try."""
    return render(
        request,
        "groups/api_docs.html",
        {
            "section": "about",
            "canonical_path": request.path,
            "operations": [_shown(path, operation) for path, operation in operations()],
            "problems": [
                (status, name, _(detail)) for status, (name, _title, detail) in KINDS.items()
            ],
            "most": MOST_ASKED,
            "minutes": int(WITHIN.total_seconds()) // 60,
            "licence": settings.DATA_LICENCE,
            "example_line": f"curl '{settings.SITE_URL}/api/v1/groups?country=BJ&limit=2'",
        },
    )


def _shown(path, operation):
    """Return what the page shows of an operation, in the reader's language."""
    [answer] = operation["responses"]["200"]["content"].values()
    return {
        "name": operation["operationId"],
        "path": path,
        "summary": _translated(operation, "summary"),
        "description": _translated(operation, "description"),
        "parameters": [_parameter(each) for each in operation["parameters"]],
        "line": f"curl '{_example(path, operation['parameters'])}'",
        "answer": json.dumps(answer["example"], ensure_ascii=False, indent=2),
    }


def _parameter(parameter):
    schema = parameter["schema"]
    values = schema.get("items", schema).get("enum", [])
    return {
        "name": parameter["name"],
        "words": _translated(parameter, "description"),
        "values": values if len(values) <= MOST_VALUES else [],
        "is_repeatable": schema.get("type") == "array",
    }


def _translated(described, name):
    words = described.get(name, "")
    return _(words) if words else ""


def _example(path, parameters):
    """Return an address that can be tried, with one or two of its parameters."""
    given = {each["name"]: each["example"] for each in parameters}
    path = path.format(**given)
    asked = [(name, given[name]) for name in ("updated_since", "limit") if name in given]
    return f"{settings.SITE_URL}{path}{'?' if asked else ''}{urlencode(asked)}"
