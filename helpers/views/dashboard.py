"""The dashboard: who needs a word today, and every group a helper follows."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groups.countries import COUNTRIES, country_name
from groups.text import fold

from .. import matrix, today
from ..indicators import Indicator, Status
from .asking import for_helpers

LONGEST_FILE = 2000


@require_safe
@for_helpers
def dashboard(request, viewer):
    now = timezone.now()
    wanted = matrix.Wanted.from_query(request.GET, viewer)
    groups = matrix.scope(viewer, wanted)
    # What needs a word is of the groups one follows, whatever the table shows.
    followed = matrix.scope(viewer, matrix.Wanted())
    words = today.words_for(followed.values("pk"), now)
    calls, unanswered = today.calls_for(followed.values("pk"), now)
    rows, has_next = matrix.rows_of(groups, viewer, wanted, now)
    numbers = matrix.numbers_of(groups.values("pk"))
    return render(
        request,
        "helpers/dashboard.html",
        {
            "viewer": viewer,
            "wanted": wanted,
            "words": words[: today.SHOWN],
            "others": len(words[today.SHOWN :]),
            "calls": calls,
            "unanswered": unanswered,
            "rows": rows,
            "has_next": has_next,
            "numbers": [
                (Indicator(name).label, [(status, counts[status]) for status in Status])
                for name, counts in numbers.items()
            ],
            "indicators": Indicator,
            "statuses": Status,
            "sorts": [
                ("need", _("Most pressing first")),
                ("quiet", _("Quiet for longest first")),
                ("name", _("By name")),
            ],
            "countries": countries(),
            "section": "helpers",
            "now": now,
        },
    )


def countries():
    language = get_language()
    names = [(code, country_name(code, language)) for code in COUNTRIES]
    return sorted(names, key=lambda each: fold(each[1]))


@require_safe
@for_helpers
def as_csv(request, viewer):
    """Hand over the table as a file, at most two thousand groups of it."""
    now = timezone.now()
    wanted = matrix.Wanted.from_query(request.GET, viewer)
    groups = matrix.ordered(matrix.scope(viewer, wanted), viewer, wanted)[:LONGEST_FILE]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="groups.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    heads = [[each.label, _("last sign of life")] for each in Indicator]
    writer.writerow([_("short name"), _("group"), *(word for head in heads for word in head)])
    for row in matrix.table_of(list(groups), now):
        cells = [
            [cell.rhythm.get_status_display(), cell.rhythm.last_on or ""] for cell in row.cells
        ]
        name = row.group.name
        # A spreadsheet would take it for a formula.
        name = f"'{name}" if name[:1] in "=+-@\t\r" else name
        writer.writerow([row.group.short_name, name, *(word for cell in cells for word in cell)])
    return response
