"""Bringing entries in from a file: each row read, cleaned, compared, and saved or reported."""

from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ..entries import entries_of, save_entries
from ..models import Group
from ..public import public_position
from ..text import fold, site_key, sort_key
from .cleaning import MOST_KEYWORDS, Problem, clean_row
from .reading import read

BATCH = 500


@dataclass
class Report:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    # (row number, Problem) of the rows left out, (row number, sentence) of the rest.
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def import_file(
    path,
    *,
    keyword="",
    kind="",
    update=False,
    dry_run=False,
    by=None,
    why,
    understood=lambda reading: None,
    progress=lambda done, total: None,
):
    """Import the groups of a file. Return the `Report`.

    New short names are added and published; known ones are left alone unless ``update``.
    ``keyword`` is given to every row, ``kind`` to those without one. A bad row is reported and does
    not stop the others. ``dry_run`` does all of it and takes it back. ``understood`` is told the
    `Reading` first, ``progress`` how far it is.
    Raises `reading.Unreadable` if the file makes no sense as a whole.
    """
    reading = read(path)
    understood(reading)
    report = Report()
    rows = list(reading.rows)
    with transaction.atomic():
        seen = {}
        for start in range(0, len(rows), BATCH):
            _import_batch(rows[start : start + BATCH], report, seen, keyword, kind, update, by, why)
            progress(min(start + BATCH, len(rows)), len(rows))
        if dry_run:
            transaction.set_rollback(True)
    return report


def _import_batch(rows, report, seen, keyword, kind, update, by, why):
    pairs = []
    for number, raw in rows:
        cleaned = clean_row(raw, default_kind=kind)
        entry = dict(cleaned.entry)
        problems = [*cleaned.errors, *_clashes(entry, seen)]
        if problems:
            report.problems += [(number, problem) for problem in problems]
            continue
        seen[entry["short_name"]] = number
        report.notes += [(number, note) for note in cleaned.notes]
        pairs.append((number, entry))
    groups = Group.objects.filter(short_name__in=[entry["short_name"] for _n, entry in pairs])
    known = {group.short_name: group for group in groups}
    before = entries_of(known.values())
    _note_duplicates([pair for pair in pairs if pair[1]["short_name"] not in known], report)
    to_save = []
    for number, entry in pairs:
        group = known.get(entry["short_name"])
        if keyword:
            words = entry.get("keywords", before[group.pk]["keywords"] if group else [])
            is_there = fold(keyword) in map(fold, words)
            if not is_there and len(words) >= MOST_KEYWORDS:
                report.notes.append((number, _("it has 12 keywords; “%s” is left out") % keyword))
            else:
                entry["keywords"] = words if is_there else [*words, keyword]
        if group is None:
            to_save.append((number, None, entry))
            continue
        if "services" in entry:
            # A file that names some links says nothing of the others.
            entry["services"] = before[group.pk]["services"] | entry["services"]
        if _changes_nothing(entry, group, before[group.pk]):
            report.unchanged += 1
        elif update:
            to_save.append((number, group, entry))
        else:
            report.unchanged += 1
            report.notes.append(
                (number, _("“%s” is there already; --update would change it.") % group.short_name)
            )
    _save(to_save, report, by, why)


def _clashes(entry, seen):
    """Yield the problem of a short name given twice in the file."""
    name = entry.get("short_name", "")
    if name in seen:
        reason = _("row %(row)s has this short name already") % {"row": seen[name]}
        yield Problem("short_name", name, reason)


def _changes_nothing(entry, group, before):
    """Tell whether saving would leave all as it is: some things are kept in one form only."""
    given = {name: value for name, value in entry.items() if name in before}
    if "latitude" in given:
        position = given["latitude"], given["longitude"]
        position = public_position(*position, group.position_is_approximate)
        given["latitude"], given["longitude"] = position
    if "keywords" in given:
        given["keywords"] = [fold(name) for name in given["keywords"]]
        before = {**before, "keywords": [fold(name) for name in before["keywords"]]}
    if "partners" in given:
        # A partner is one record for all its groups: an entry gives it only what it lacks.
        known = {fold(each["name"]): each for each in before["partners"]}
        given["partners"] = [
            known[key] if (key := fold(each["name"])) in known and known[key]["url"] else each
            for each in given["partners"]
        ]
    return all(before[name] == value for name, value in given.items())


def _save(rows, report, by, why):
    """Save the rows together; where one breaks a rule, one by one, so that only that one fails."""
    if not rows:
        return
    try:
        with transaction.atomic():
            _save_rows(rows, by, why)
    except (IntegrityError, DataError):
        for row in rows:
            try:
                with transaction.atomic():
                    _save_rows([row], by, why)
            except (IntegrityError, DataError) as error:
                reason = _("the database refuses it: %s") % str(error).splitlines()[0]
                report.problems.append(
                    (row[0], Problem("short_name", row[2]["short_name"], reason))
                )
            else:
                _count(report, row)
    else:
        for row in rows:
            _count(report, row)


def _save_rows(rows, by, why):
    new = [(None, entry) for _number, group, entry in rows if group is None]
    known = [(group, entry) for _number, group, entry in rows if group is not None]
    if new:
        save_entries(new, by=by, why=why, review=Group.Review.PUBLISHED)
    if known:
        save_entries(known, by=by, why=why)


def _count(report, row):
    if row[1] is None:
        report.added += 1
    else:
        report.changed += 1


def _note_duplicates(pairs, report):
    """Report rows that look like a group already here: same site, or same name and place."""
    homes = [(number, entry.get("services", {}).get("home", "")) for number, entry in pairs]
    sites = {site: number for number, url in homes if (site := site_key(url))}
    names = {(fold(entry["name"]), entry.get("country", "")): number for number, entry in pairs}
    known = Group.objects.filter(site_key__in=sites).values_list("site_key", "short_name")
    for site, short_name in known:
        _note_duplicate(report, sites[site], short_name)
    keys = {sort_key(entry["name"]) for _number, entry in pairs}
    for name, country, short_name in Group.objects.filter(name_key__in=keys).values_list(
        "name", "country", "short_name"
    ):
        if number := names.get((fold(name), country)):
            _note_duplicate(report, number, short_name)


def _note_duplicate(report, number, short_name):
    report.notes.append((number, _("this may be “%s”, which is here already") % short_name))
