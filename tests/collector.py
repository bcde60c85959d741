"""A collector as a process of its own, which finds every host at one port of this machine.

python -m tests.collector PORT
"""

import os
import sys
from datetime import UTC, datetime

import django


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecosystem.settings")
    django.setup()

    from helpers.collecting import collect
    from helpers.sources.readers import Readers
    from tests.collecting import Anywhere, make_tools

    with Readers(1) as readers, make_tools(Anywhere(int(sys.argv[1])), readers, seconds=5) as tools:
        tools.clock = lambda: datetime.now(UTC)
        tally = collect(tools=tools, at_once=4)
    sys.stdout.write(f"{dict(tally)}\n")
    return int(bool(tally["faults"]))


if __name__ == "__main__":
    sys.exit(main())
