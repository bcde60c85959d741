"""What can be asked of the API. Each answer is one JSON object with the licence of the data."""

import json
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from .. import rows
from ..caching import directory_version, group_version, keyword_version, versioned
from ..ecosystem_pages import ecosystem_of
from ..limits import over_limit
from ..matches import kept_cube
from ..models import FormerShortName, Group, Keyword
from ..open_data.reading import numbered
from ..public_entries import as_plain
from ..text import is_short_name
from . import answering, words
from .asking import GroupsAsked, PageAsked, check_names
from .cursors import BEGINNING, Cursor
from .listing import read_page
from .problems import Problem, answer_problem, parameter_error

BASE = "/api/v1"
READ = ["GET", "HEAD"]
# For one network; an answer that did not change since the asker's copy counts for nothing.
MOST_ASKED, WITHIN = 600, timedelta(minutes=10)
WAIT = str(int(WITHIN.total_seconds()))

# The document and its page are ours: `document` and `views.api`.
api = NinjaAPI(version="1", openapi_url=None, docs_url=None, urls_namespace="api")


# ── What goes wrong ─────────────────────────────────────────────────────────────────────────────


@api.exception_handler(Exception)
def leave_it_to_the_site(request, error):
    """Raise a fault of ours again: it is logged, and `frame` answers it."""
    raise error


@api.exception_handler(Problem)
def answer_known_problem(request, problem):
    return answer_problem(problem)


@api.exception_handler(Http404)
def answer_not_found(request, error):
    return answer_problem(Problem(404))


@api.exception_handler(HttpError)
def answer_http_error(request, error):
    return answer_problem(Problem(error.status_code, error.message))


@api.exception_handler(ValidationError)
def answer_invalid(request, error):
    """Name each parameter whose value cannot be understood."""
    errors = [
        parameter_error(_parameter_of(each["loc"]), _sentence(each["msg"])) for each in error.errors
    ]
    return answer_problem(Problem(422, errors=errors))


def _parameter_of(places):
    """Return the name of the parameter: what comes after where it was (`query`) and its model."""
    names = [place for place in places if isinstance(place, str)]
    return names[-1]


def _sentence(message):
    said = message.removeprefix("Value error, ")
    return said if len(said) <= 200 else "This is not one of the values of the document."


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────


@api.api_operation(
    READ,
    "/groups",
    response=answering.GroupPage,
    operation_id="listGroups",
    summary=gettext_noop("The groups of the directory"),
    description=gettext_noop(
        "Filters narrow as in the directory: several values of one are alternatives, different "
        "filters and several keywords all apply. Groups come in the order of their numbers; with "
        "near, the nearest first; with updated_since, in the order in which they changed. Nobody "
        "who follows next to the end, and later asks for what changed since as_of, misses a group "
        "or its end."
    ),
)
def list_groups(request, asked: Query[GroupsAsked]):
    check_names(request, GroupsAsked)
    return _group_page(request, asked, directory_version())


@api.api_operation(
    READ,
    "/groups/{short_name}",
    response=answering.GroupAnswer,
    operation_id="getGroup",
    summary=gettext_noop("One group"),
    description=gettext_noop(
        "A former short name redirects; a group that was deleted answers 410."
    ),
)
def get_group(request, short_name: str):
    check_names(request)
    wanted = short_name.lower()
    version = group_version(wanted) if is_short_name(wanted) else None
    if version is None:
        return _former_group(request, wanted)
    if wanted != short_name:
        return _moved(f"groups/{wanted}")

    def build():
        _count(request)
        group = Group.objects.published().filter(pk=-version.scope).first()
        if group is None:
            raise Problem(404)
        [(pk, entry)] = numbered([group])
        return _json({"licence": settings.DATA_LICENCE, "group": _plain(pk, entry)})

    return _answer(request, version, build)


def _former_group(request, short_name):
    _count(request)
    if not is_short_name(short_name):
        raise Problem(404)
    group = Group.objects.published().filter(former_short_names__short_name=short_name).first()
    if group:
        return _moved(f"groups/{group.short_name}")
    if FormerShortName.objects.filter(short_name=short_name, group=None, was_shown=True).exists():
        raise Problem(410)
    raise Problem(404)


def _group_page(request, asked, version, keyword=None):
    def build():
        _count(request)
        page = read_page(asked, keyword)
        answer = {
            "licence": settings.DATA_LICENCE,
            "groups": [_plain(pk, entry) for pk, entry in page.groups],
            "as_of": page.as_of.isoformat(),
            "next": _next(request, page.following),
        }
        if asked.updated_since:
            answer["deleted"] = [
                {"id": gone.id, "deleted_on": gone.gone_at.date().isoformat()} for gone in page.gone
            ]
        return answer

    return _answer_page(request, version, build)


def _plain(pk, entry):
    return {"id": pk, **as_plain(entry)}


# ── Ecosystems and keywords ─────────────────────────────────────────────────────────────────────


@api.api_operation(
    READ,
    "/ecosystems",
    response=answering.EcosystemPage,
    operation_id="listEcosystems",
    summary=gettext_noop("The ecosystems"),
    description=gettext_noop("Those with a record; any other keyword has the same addresses."),
)
def list_ecosystems(request, asked: Query[PageAsked]):
    check_names(request, PageAsked)

    def build():
        found, following = _cut(words.ecosystems_after, request, asked)
        ecosystems = [words.plain_ecosystem(each) for each in found]
        return {
            "licence": settings.DATA_LICENCE,
            "ecosystems": ecosystems,
            "next": _next(request, following),
        }

    return _answer_page(request, directory_version(), build)


@api.api_operation(
    READ,
    "/ecosystems/{slug}",
    response=answering.EcosystemAnswer,
    operation_id="getEcosystem",
    summary=gettext_noop("One ecosystem, or any keyword"),
    description=gettext_noop(
        "A former slug redirects. A keyword that no group shows is not found."
    ),
)
def get_ecosystem(request, slug: str):
    check_names(request)
    found = rows.ecosystem_page(slug.lower()) if _is_slug(slug) else None
    if found is None or found[1].slug != slug:
        return _former_slug(request, slug, found and found[1].pk, "")
    version, keyword, record, core = found

    def build():
        _count(request)
        cube = kept_cube(keyword)
        if not cube and record is None:
            raise Problem(404)
        ecosystem = words.whole_ecosystem(ecosystem_of(keyword, record, core, cube))
        return _json({"licence": settings.DATA_LICENCE, "ecosystem": ecosystem})

    return _answer(request, version, build)


@api.api_operation(
    READ,
    "/ecosystems/{slug}/groups",
    response=answering.GroupPage,
    operation_id="listGroupsOfEcosystem",
    summary=gettext_noop("The groups of one ecosystem, or of any keyword"),
    description=gettext_noop("The same parameters as for all groups."),
)
def list_groups_of_ecosystem(request, slug: str, asked: Query[GroupsAsked]):
    check_names(request, GroupsAsked)
    version = keyword_version(slug.lower()) if _is_slug(slug) else None
    if version is None or version.name != slug:
        return _former_slug(request, slug, version and version.scope, "/groups")
    keyword = Keyword.objects.shown().filter(pk=version.scope).first()
    if keyword is None:
        _count(request)
        raise Problem(404)
    return _group_page(request, asked, version, keyword)


@api.api_operation(
    READ,
    "/keywords",
    response=answering.KeywordPage,
    operation_id="listKeywords",
    summary=gettext_noop("The keywords"),
    description=gettext_noop("Every keyword that a published group shows, or that has a record."),
)
def list_keywords(request, asked: Query[PageAsked]):
    check_names(request, PageAsked)

    def build():
        found, following = _cut(words.keywords_after, request, asked)
        return {
            "licence": settings.DATA_LICENCE,
            "keywords": found,
            "next": _next(request, following),
        }

    return _answer_page(request, directory_version(), build)


def _cut(read, request, asked):
    """Return one page of what ``read`` finds, and the cursor of the next one or None."""
    _count(request)
    start = asked.cursor or Cursor(BEGINNING)
    found = read(start.pk, asked.limit + 1)
    shown = found[: asked.limit]
    following = Cursor(BEGINNING, pk=shown[-1][0]) if len(found) > asked.limit else None
    return [each for _pk, each in shown], following


def _former_slug(request, slug, keyword_id, rest):
    """Redirect from a former slug, or another spelling, of a keyword that has a page; else 404."""
    _count(request)
    keywords = Keyword.objects.shown()
    if not _is_slug(slug):
        raise Problem(404)
    if keyword_id:
        keyword = keywords.filter(pk=keyword_id).first()
    else:
        keyword = keywords.filter(former_slugs__slug=slug.lower()).first()
    if keyword is None:
        raise Problem(404)
    return _moved(f"ecosystems/{keyword.slug}{rest}")


def _is_slug(slug):
    return slug.isascii() and slug.replace("-", "").replace("_", "").isalnum() and len(slug) <= 70


# ── Answers ─────────────────────────────────────────────────────────────────────────────────────


def _count(request):
    """Count one answer that has to be made; raise a `Problem` if it is one too many."""
    if over_limit(request, "api", times=MOST_ASKED, within=WITHIN):
        raise Problem(429, headers={"Retry-After": WAIT})


def _next(request, cursor):
    """Return the address of the next page, with all that was asked; None if there is none."""
    if cursor is None:
        return None
    asked = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name != "cursor"
    ]
    return f"{settings.SITE_URL}{request.path}?{urlencode([*asked, ('cursor', str(cursor))])}"


def _answer_page(request, version, build):
    """Answer one page of a list; its headers name the next one."""
    links = []

    def body():
        answer = build()
        if answer["next"]:
            links.append(f'<{answer["next"]}>; rel="next"')
        return _json(answer)

    return _answer(request, version, body, links)


def _answer(request, version, build, links=()):
    """Answer 304 where the asker has it, else what ``build()`` makes.

    The tag is a weak one: two answers of one version may differ in ``as_of``, by a minute or a day,
    and mean the same.
    """
    response = versioned(
        request,
        # An entry names ecosystems and partners, and a change of theirs is no change of its group.
        version._replace(token=version.everywhere),
        f"api {request.get_full_path()}",
        build,
        content_type="application/json",
        # An address with its parameters is asked for once by each, and few ask for the same.
        is_kept=False,
    )
    response["ETag"] = f"W/{response['ETag']}"
    response["Link"] = ", ".join([f'<{settings.DATA_LICENCE}>; rel="license"', *links])
    return response


def _moved(path):
    response = HttpResponse(status=308, headers={"Location": f"{BASE}/{path}"})
    # Nothing is in it, and so it is of no type.
    del response["Content-Type"]
    return response


def _json(answer):
    return json.dumps(answer, ensure_ascii=False)
