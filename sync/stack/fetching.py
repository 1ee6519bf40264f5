"""Label Studio and the model, installed and fetched where they are missing, side by side."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress

from sync.common.wording import time_left
from sync.stack import label_studio
from sync.stack.download import missing_bytes, model_path
from sync.stack.empty_database import prepared_database
from sync.stack.models import LocalModel
from sync.stack.stages import Stages


@dataclass(frozen=True)
class Fetched:
    """What a stack is started with.

    Attributes:
        executable: Label Studio's command.
        empty_database: its tables, to be copied at a first start; None where not wanted.
        model_file: None with the user's own endpoint.
    """

    executable: Path
    empty_database: Path | None
    model_file: Path | None


def fetch(model: LocalModel | None, stages: Stages, *, first_start: bool) -> Fetched:
    """Label Studio and the local model, installed and fetched where they are missing.

    Args:
        model: None with the user's own endpoint.
        first_start: this folder's Label Studio has no database yet.

    Raises:
        StackError: one of them can't be had.
    """

    def install() -> tuple[Path, Path | None]:
        executable = label_studio.installed(stages)
        if not first_start:
            return executable, None
        return executable, prepared_database(executable, stages)

    try:
        (executable, database), model_file = side_by_side(
            install, lambda: None if model is None else _model(model, stages)
        )
    finally:
        stages.close()
    return Fetched(executable, database, model_file)


def side_by_side(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs in threads of their own and return what each gives.

    The first that fails fails all: the others end with this process, as after Ctrl-C.
    """
    results: dict[int, Any] = {}
    failures: list[BaseException] = []
    changed = threading.Event()

    def run(number: int) -> None:
        try:
            results[number] = jobs[number]()
        except BaseException as error:  # noqa: BLE001 - raised below, where somebody waits
            failures.append(error)
        changed.set()

    for number in range(len(jobs)):
        threading.Thread(target=run, args=(number,), daemon=True).start()
    while len(results) < len(jobs):
        changed.wait()
        changed.clear()
        if failures:
            raise failures[0]
    return [results[number] for number in range(len(jobs))]


def _model(model: LocalModel, stages: Stages) -> Path:
    counter = Progress(disable=True)
    if not missing_bytes(model):
        return model_path(model, counter)
    with stages.stage(f"Fetching {model.name}", lambda: bytes_fetched(counter, model.size)):
        return model_path(model, counter)


def bytes_fetched(counter: Progress, size: int) -> str:
    """`312 of 1,117 MB, 8.2 MB/s, about 2 min left`."""
    if not counter.tasks:  # whole, and taken off
        return f"{size / 1e6:,.0f} MB"
    task = counter.tasks[0]
    if task.completed >= size:
        return f"{size / 1e6:,.0f} MB, verifying"
    said = f"{task.completed / 1e6:,.0f} of {size / 1e6:,.0f} MB"
    if task.speed:
        left = time_left((size - task.completed) / task.speed)
        said += f", {task.speed / 1e6:.1f} MB/s, {left}"
    return said
