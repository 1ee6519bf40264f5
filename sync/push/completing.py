"""Tasks that the project holds already get the fields that its page has learnt to show."""

from collections.abc import Sequence
from typing import Any

from rich.progress import Progress

from connectors.label_studio import LabelStudio
from label_configs import Interface, LabelConfigError
from sync.pull.listing import Json


def complete_held(
    client: LabelStudio, interface: Interface[Any], held: Sequence[Json], progress: Progress
) -> int:
    """Complete tasks that lack a field: pushed for another interface, or by an older LabelTune.

    Without it their page would fail. A task that the interface can't use at all is left alone.

    Args:
        held: id and data of the project's tasks.

    Returns:
        How many were completed.
    """
    needed = interface.complete_task(interface.example).keys() - interface.example.keys()
    lacking = [task for task in held if not needed <= task["data"].keys()]
    completed = 0
    for task in progress.track(lacking, description="completing tasks"):
        try:
            interface.check_task(task["data"])
        except LabelConfigError:
            continue
        client.update_task(task["id"], interface.complete_task(task["data"]))
        completed += 1
    return completed
