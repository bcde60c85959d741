"""What an earlier version of an entry becomes when it is brought back today."""

from .short_names import answer_short_name


def brought_back(entry, group, current):
    """Return ``entry``, of an earlier version of ``group``, as it is saved over ``current``.

    The level of activity stays as it is, for falling asleep, waking and stopping are deeds of their
    own; and so does the short name where others have the earlier one by now.
    """
    entry = {name: value for name, value in entry.items() if name in current}
    entry["activity"] = current["activity"]
    if not answer_short_name(entry["short_name"], group=group).is_free:
        entry["short_name"] = current["short_name"]
    return entry
