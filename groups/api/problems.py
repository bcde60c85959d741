"""What is said when something is wrong: problem details (RFC 9457), in English for programmers."""

import json
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_noop

CONTENT_TYPE = "application/problem+json"
READ_METHODS = "GET, HEAD, OPTIONS"
PAGE = "/api/v1/docs"
# What each status means here: the part of the page that tells of it, a title and a sentence.
KINDS = {
    404: ("not-found", "Not found", gettext_noop("There is nothing at this address.")),
    405: ("read-only", "Read only", gettext_noop("This API is for reading: ask with GET or HEAD.")),
    410: ("gone", "Gone", gettext_noop("There was a group here. It was deleted.")),
    422: (
        "parameters",
        "Parameters",
        gettext_noop("Some parameters cannot be understood: “errors” names them."),
    ),
    429: (
        "too-many",
        "Too many",
        gettext_noop(
            "That was a lot in a short time. Retry-After says for how many seconds to wait."
        ),
    ),
    500: (
        "fault",
        "Fault",
        gettext_noop("Something is broken here, and nothing is wrong with the question."),
    ),
    503: (
        "away",
        "Away",
        gettext_noop("The directory cannot reach its records just now. Ask again later."),
    ),
}


class Problem(Exception):
    """Something is wrong with a request. It is answered as it is; ``headers`` are sent along."""

    def __init__(self, status, detail="", *, errors=(), headers=None):
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}


def answer_problem(problem):
    """Return the response that says what is wrong."""
    status = problem.status
    plain = ("", HTTPStatus(status).phrase, "The request was not answered.")
    name, title, detail = KINDS.get(status, plain)
    said = {
        "type": f"{settings.SITE_URL}{PAGE}#{name}" if name else "about:blank",
        "title": title,
        "status": status,
        "detail": problem.detail or detail,
    }
    if problem.errors:
        said["errors"] = problem.errors
    body = json.dumps(said, ensure_ascii=False).encode()
    response = HttpResponse(body, content_type=CONTENT_TYPE, status=status)
    response["Content-Length"] = len(body)
    for header, value in problem.headers.items():
        response[header] = value
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = "en"
    return response


def parameter_error(parameter, detail):
    """Return one entry of the ``errors`` of a problem."""
    return {"parameter": parameter, "detail": detail}


def refuse_parameters(*errors):
    """Return the `Problem` of parameters that cannot be understood."""
    return Problem(422, errors=[parameter_error(*each) for each in errors])
