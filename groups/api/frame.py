"""What every answer under /api/ has, whoever gives it: any site may read it, no page among them."""

from django.http import HttpResponse

from .problems import CONTENT_TYPE, READ_METHODS, Problem, answer_problem

PREFIX = "/api/"
# What a browser of another site may do, and which of our headers it may show to that site.
ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
# What a page says of itself; the rest, as what keeps it safe, is true of what stands in its place.
OF_A_PAGE = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}
PREFLIGHT = {
    "Allow": READ_METHODS,
    "Access-Control-Allow-Methods": READ_METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def answers_for_programs(get_response):
    """Answer OPTIONS, put problem details where an error page would stand, let any site read."""

    def middleware(request):
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=PREFLIGHT)
            # Nothing is in it, and so it is of no type.
            del response["Content-Type"]
        else:
            response = _without_page(get_response(request))
        for header, value in ANY_SITE.items():
            response[header] = value
        return response

    return middleware


def _without_page(response):
    """Return the response, or what says the same to a program where it is an error page."""
    if response.status_code < 400 or response.get("Content-Type") == CONTENT_TYPE:
        return response
    headers = {name: value for name, value in response.items() if name not in OF_A_PAGE}
    if response.status_code == 405:
        headers["Allow"] = READ_METHODS
    response.close()
    return answer_problem(Problem(response.status_code, headers=headers))
