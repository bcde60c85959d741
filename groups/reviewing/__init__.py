"""The review: what groups send in, who decides about it, and what becomes of it.

Nothing waits without somebody who may decide it, and each decision says who took it and when.
"""

from .asking import answer, changed, moved_links, propose, resubmit, submitted
from .reminding import queue_what_waits, remind_operators, remind_reviewers
from .rights import open_tasks_for, waiting_for_operators
from .states import State, state_of, states_of

__all__ = [
    "State",
    "answer",
    "changed",
    "moved_links",
    "open_tasks_for",
    "propose",
    "queue_what_waits",
    "remind_operators",
    "remind_reviewers",
    "resubmit",
    "state_of",
    "states_of",
    "submitted",
    "waiting_for_operators",
]
