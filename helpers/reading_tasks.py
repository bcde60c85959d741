"""The task that workers of the engine run. Imported only where the engine is installed."""

from django_tasks import task

from .collecting import collect
from .handing_out import tools_of_this_process


@task(queue_name="sources")
def read_at(name):
    """Read what is due at one host. Return how many became what, for whoever looks at the tasks."""
    return dict(collect(tools=tools_of_this_process(), at_once=0, names=[name]))
