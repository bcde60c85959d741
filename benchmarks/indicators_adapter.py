"""The rule of the product as an evaluator of silence detectors calls it.

    PYTHONPATH=. python evaluate.py STREAMS.jsonl --adapter benchmarks.indicators_adapter:score

Such a file names two indicators otherwise. Needs no Django, no database and no clock.
"""

from helpers.arithmetic import FOLLOW_UP, MEETINGS, SPACE, Facts, assess

NAMES = {"meeting": MEETINGS, "project_doc": FOLLOW_UP}


def score(events, today, declared_cadence_days, kind=SPACE):
    """Return the status of a stream of active days on this day, with its default sensitivity."""
    return _status(events, today, declared_cadence_days, NAMES.get(kind, kind))


def score_normal(events, today, declared_cadence_days):
    """The same as `score`, with the normal sensitivity whatever the stream is."""
    return _status(events, today, declared_cadence_days, SPACE)


def _status(days, today, declared_days, indicator):
    facts = Facts(indicator=indicator, days=days, declared_days=declared_days)
    return assess(facts, today).status
