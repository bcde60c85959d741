"""How each indicator is measured, for people: the one source of the page and of the guides.

Numbers come from the constants that the program computes with. Nothing here reads the clock.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import arithmetic as rule
from . import weeks
from .indicators import Indicator, Sensitivity
from .sentences import CAME_BACK, NEVER_CAME_BACK


@dataclass(frozen=True)
class Explanation:
    """What one indicator asks, counts, and cannot know."""

    question: str
    unit: str
    evidence: str
    not_evidence: str
    source: str
    error: str
    cannot_see: str


HEADINGS = {
    "question": gettext_lazy("What it asks"),
    "unit": gettext_lazy("What it counts"),
    "evidence": gettext_lazy("What counts as a sign of life"),
    "not_evidence": gettext_lazy("What does not count"),
    "source": gettext_lazy("Where it is looked for"),
    "error": gettext_lazy("How it can be wrong"),
    "cannot_see": gettext_lazy("What it cannot see"),
}

EXPLANATIONS = {
    Indicator.FOLLOW_UP: Explanation(
        question=gettext_lazy("Does the group still write down where its projects stand?"),
        unit=gettext_lazy("Days on which the follow-up document changed."),
        evidence=gettext_lazy("A version saved by a person; a project or an action that changed."),
        not_evidence=gettext_lazy("Changes made by a program, versions put back, templates."),
        source=gettext_lazy("The history of the follow-up document, or somebody’s word."),
        error=gettext_lazy(
            "Correcting a comma looks like progress; a document without a history looks silent."
        ),
        cannot_see=gettext_lazy("Whether the projects advance, and who carries them."),
    ),
    Indicator.MEETINGS: Explanation(
        question=gettext_lazy("Does the group still meet?"),
        unit=gettext_lazy("Days on which a meeting was held."),
        evidence=gettext_lazy(
            "A meeting of the calendar that has passed and was not called off; minutes; “we met” "
            "said by somebody who knows."
        ),
        not_evidence=gettext_lazy(
            "The endless repetitions of a calendar that nobody touches; a date poll."
        ),
        source=gettext_lazy("The calendar, the minutes, or somebody’s word."),
        error=gettext_lazy("A meeting that was announced and not held, while nobody said so."),
        cannot_see=gettext_lazy("How many came, and whether it did them good."),
    ),
    Indicator.NEWS: Explanation(
        question=gettext_lazy("Does the group still tell others what it does?"),
        unit=gettext_lazy("Days on which something was published."),
        evidence=gettext_lazy("An issue that was sent, an article that was published."),
        not_evidence=gettext_lazy("Drafts, and what a program posts again."),
        source=gettext_lazy("The feed of the site or of the newsletter, or somebody’s word."),
        error=gettext_lazy("A feed that changes all its dates at once, when a site moves."),
        cannot_see=gettext_lazy("Whether anybody reads it."),
    ),
    Indicator.DISCUSSION: Explanation(
        question=gettext_lazy("Do members still talk with each other between the meetings?"),
        unit=gettext_lazy("Days with a message, and messages a week."),
        evidence=gettext_lazy("A message written by a person."),
        not_evidence=gettext_lazy("Automatic notices, digests, unwanted mail."),
        source=gettext_lazy("The public archive of the list or forum, or somebody’s word."),
        error=gettext_lazy("Days of another time zone; messages that the archive leaves out."),
        cannot_see=gettext_lazy(
            "What is written, and by whom: neither is read. Nor what is said in private."
        ),
    ),
    Indicator.SPACE: Explanation(
        question=gettext_lazy("Does the group still add to what it shares?"),
        unit=gettext_lazy("Days on which the shared space changed."),
        evidence=gettext_lazy("A page that a person made or edited."),
        not_evidence=gettext_lazy("Moves of a whole site, mass imports, programs."),
        source=gettext_lazy("The recent changes of the wiki or site, or somebody’s word."),
        error=gettext_lazy("One person tidying for an evening looks like a busy group."),
        cannot_see=gettext_lazy("Whether what is shared is used."),
    ),
}


def formulas():
    """Return [(title, sentence)]: how a status comes about, with the numbers of the program."""
    return [
        (
            _("Usual"),
            _(
                "The middle one of the last %(kept)s gaps between days with a sign of life. Gaps "
                "under %(shortest)s days are one burst and are not counted. A rhythm that the "
                "group declares counts as %(declared)s more gaps. Unless it is declared, no rhythm "
                "is believed to be slower than %(slowest)s days. With fewer than %(few)s gaps we "
                "say: still learning."
            )
            % {
                "kept": rule.GAPS_KEPT,
                "shortest": rule.SHORTEST_GAP,
                "declared": rule.whole(rule.DECLARED_WEIGHT),
                "slowest": rule.whole(rule.SLOWEST_LEARNED),
                "few": rule.LEARNED_WITH,
            },
        ),
        (
            _("Late"),
            _(
                "A third more than usual has passed, at least %(least)s days more and at most "
                "%(most)s. Only the group and its helpers see it."
            )
            % {"least": rule.whole(rule.LATE_LEAST), "most": rule.whole(rule.LATE_MOST)},
        ),
        (
            _("Silent"),
            _(
                "%(times)s usual gaps have passed, never under %(least)s days nor over %(most)s, "
                "unless a slower rhythm is declared. A vigilant group is asked sooner: "
                "%(vigilant_times)s gaps, from %(vigilant_least)s to %(vigilant_most)s days; so "
                "are meetings. A relaxed one later: %(relaxed_times)s gaps, from %(relaxed_least)s "
                "to %(relaxed_most)s days. Then a helper is alerted."
            )
            % _patience(),
        ),
        (
            _("Too busy"),
            _(
                "A discussion with at least %(floor)s messages a week: two weeks running above "
                "%(two)s times a usual week, or one above %(one)s times; or more than the group "
                "itself finds bearable. Two calm weeks end it."
            )
            % {
                "floor": weeks.BUSY_FLOOR,
                "two": rule.whole(weeks.BUSY_TWO_WEEKS),
                "one": rule.whole(weeks.BUSY_ONE_WEEK),
            },
        ),
        (
            _("Much quieter than usual"),
            _(
                "%(weeks)s weeks in a row under a quarter of a usual week of %(floor)s messages or "
                "more; shown as late."
            )
            % {"weeks": weeks.QUIET_WEEKS, "floor": weeks.QUIET_FLOOR},
        ),
        (
            _("A date to come"),
            _(
                "A meeting that is announced speaks for the group, %(ahead)s days ahead or as long "
                "as its patience lasts. An open date poll keeps it from being called silent for "
                "%(poll)s days."
            )
            % {"ahead": rule.ANNOUNCED_AHEAD, "poll": rule.POLL_DAYS},
        ),
        (
            _("Paused"),
            _(
                "By the group’s own choice. Days of a pause count neither as silence nor in the "
                "usual gap; afterwards the clock goes on where it stopped."
            ),
        ),
        (
            _("Unknown"),
            _(
                "No source, nothing yet, or a source that could not be read for more than "
                "%(days)s days. A broken source never makes a group silent."
            )
            % {"days": rule.UNREADABLE_AFTER},
        ),
        (
            _("After an alert"),
            _(
                "Of a hundred groups, %(month)s came back within a month, %(quarter)s within "
                "three, %(year)s within a year; %(never)s never did."
            )
            % {
                "month": CAME_BACK[30],
                "quarter": CAME_BACK[90],
                "year": CAME_BACK[365],
                "never": NEVER_CAME_BACK[0],
            },
        ),
    ]


def _patience():
    names = {
        Sensitivity.VIGILANT: "vigilant_",
        Sensitivity.NORMAL: "",
        Sensitivity.RELAXED: "relaxed_",
    }
    return {
        f"{prefix}{part}": number
        for sensitivity, prefix in names.items()
        for part, number in zip(("times", "least", "most"), rule.PATIENCE[sensitivity], strict=True)
    }


def title():
    return _("How we measure")


def introduction():
    return _(
        "Five questions tell whether a group lives: each has its own habit, and is compared with "
        "nothing else. What has stopped is hard to see; the program only says that it may have. "
        "People decide. Only days are kept: no text, and no author."
    )


def indicators():
    """Return [(indicator, [(heading, sentence)])], in order."""
    return [
        (
            indicator,
            [
                (heading, getattr(EXPLANATIONS[indicator], name))
                for name, heading in HEADINGS.items()
            ],
        )
        for indicator in Indicator
    ]


def as_markdown():
    """Return the page of the guides in the active language."""
    lines = [f"# {title()}", "", introduction(), ""]
    for indicator, parts in indicators():
        lines += [f"## {indicator.label}", ""]
        for heading, text in parts:
            lines += [f"- **{heading}.** {text}"]
        lines += [""]
    lines += [f"## {_('From days to a word')}", ""]
    lines += [f"- **{heading}.** {text}" for heading, text in formulas()]
    return "\n".join(lines) + "\n"
