"""What was measured, as tables, and whether the budgets were kept, in words."""

from dataclasses import dataclass
from itertools import groupby

from .pages import COLD_SIZE, MOST_QUERIES

HEAD = (
    "",
    "groups",
    "queries",
    "median ms",
    "p99 ms",
    "growth",
    "× constant",
    "× file",
    "bytes",
    "gzip",
)
GROWTH = "Growth: how many times longer in the largest directory than in the smallest"
COLD = f"Cold: how many times the constant view, with {COLD_SIZE:,} groups"
QUERIES = "Queries"
MAP_BYTES = "First answer of the map in the largest directory: bytes, compressed"


@dataclass(frozen=True)
class Budget:
    """What one page may cost in one respect, and what it does."""

    heading: str
    system: str
    page: str
    found: float
    limit: float

    @property
    def is_binding(self):
        """Whether the command fails if it is missed: the other ratios depend on the machine."""
        return self.heading == GROWTH

    @property
    def is_kept(self):
        return self.found <= self.limit


def print_tables(measured, constant):
    """Print a table for each database system."""
    versions = {database.system: database.version for _page, database in measured}
    for system, version in versions.items():
        rows = [HEAD]
        for page, sizes in groupby(
            (each for each in measured.items() if each[0][1].system == system),
            key=lambda each: each[0][0],
        ):
            title, first = page.name, None
            for (_page, database), one in sizes:
                first = first or one.median
                rows.append(
                    (
                        *(title, f"{database.size:,}", f"{one.queries}"),
                        *(f"{one.median:.2f}", f"{one.p99:.2f}", f"{one.median / first:.2f}"),
                        f"{one.median / constant.median:.1f}",
                        f"{one.times_the_file:.1f}" if one.times_the_file else "",
                        *(f"{one.plain_bytes:,}", f"{one.gzip_bytes:,}"),
                    )
                )
                title = ""
        print(f"\n{system} {version}\n")
        _print_aligned(rows)
    print(
        f"\nThe constant view: median {constant.median:.2f} ms, p99 {constant.p99:.2f} ms;"
        f" every page was asked for {len(one.milliseconds)} times."
        "\n× file: how many times a static file of the same bytes, from WhiteNoise in this process."
    )


def budgets_of(measured, constant):
    """Return the budgets that this measurement says something about."""
    sizes = sorted({database.size for _page, database in measured})
    smallest = {
        (page, database.system): one.median
        for (page, database), one in measured.items()
        if database.size == sizes[0]
    }
    budgets = []
    for (page, database), one in measured.items():
        whose = database.system, page.name
        if page.growth and database.size == sizes[-1] > sizes[0]:
            times = one.median / smallest[page, database.system]
            budgets.append(Budget(GROWTH, *whose, times, page.growth))
        if database.size == COLD_SIZE and page.cold:
            times = one.median / constant.median
            budgets.append(Budget(COLD, *whose, times, page.cold))
        if database.size == sizes[-1]:
            budgets.append(Budget(QUERIES, *whose, one.queries, MOST_QUERIES))
            if page.gzip_bytes:
                budgets.append(Budget(MAP_BYTES, *whose, one.gzip_bytes, page.gzip_bytes))
    return budgets


def print_budgets(budgets):
    """Print what each budget allows, what was found, and whether it was kept."""
    for heading in dict.fromkeys(budget.heading for budget in budgets):
        of_heading = [budget for budget in budgets if budget.heading == heading]
        systems = list(dict.fromkeys(budget.system for budget in of_heading))
        rows = [("", "at most", *(cell for system in systems for cell in (system, "")))]
        for page, of_page in groupby(of_heading, key=lambda budget: budget.page):
            of_page = list(of_page)
            rows.append((page, _short(of_page[0].limit)))
            for budget in of_page:
                rows[-1] += (_short(budget.found), "kept" if budget.is_kept else "missed")
        print(f"\n{heading}\n")
        _print_aligned(rows)


def _short(number):
    return f"{number:,.2f}" if isinstance(number, float) else f"{number:,}"


def _print_aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join(cells).rstrip())
