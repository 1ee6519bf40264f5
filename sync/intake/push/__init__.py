"""`push`: source tasks into Label Studio, each exactly once, and the project up to date.

Cleaned tasks are compared with what the project holds before anything is sent. Then the project,
its backend and its webhook are set up, and what is new or changed is sent. That a push which was
killed doubles nothing, `exactly_once` sees to.
Open first: `run`.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from rich.progress import Progress

from connectors.errors import LabelStudioError
from sync.common.errors import BrokenRowsError
from sync.intake.push.backend_params import NOT_TUNED, LearntPrompt
from sync.intake.push.cleaned_sources import PickedRows, read_and_clean
from sync.intake.push.current_project import CurrentProject
from sync.intake.push.report import PushReport
from sync.intake.push.run import PushRun
from sync.intake.services.served_models import ask_served, check_served
from sync.intake.sources import SourceTask
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import DataFolder
from sync.table.guideline_versions import note_guidelines

# of a push that was refused; what another one leaves out is in `DROPPED`
BROKEN = "broken.jsonl"

__all__ = ["BROKEN", "PickedRows", "PushReport", "push"]


def push(
    config: Config,
    sources: Sequence[Path],
    progress: Progress,
    *,
    engine: str = "local",
    dry_run: bool = False,
    preview: int = 0,
    overwrite_annotated: bool = False,
    picked: PickedRows | None = None,
    learnt: LearntPrompt = NOT_TUNED,
) -> PushReport:
    """Create or update the project, import what it does not hold yet, update what has changed.

    Args:
        engine: where cleaning runs, one of `sync.compute.ENGINES`.
        dry_run: change nothing in Label Studio; say what would be changed.
        preview: of a dry run, how many tasks to show as they would be sent.
        overwrite_annotated: give annotated tasks their changed data, too.
        picked: rows of the sources that are pushed; None: all.
        learnt: the prompt that a tuned model that drafts has learned.

    Raises:
        SourceError: a file or a line that can't be read; nothing was sent. Of several lines it
            is a BrokenRowsError, and all of them stand in `BROKEN` in the data folder.
        LabelConfigError: a task that the project's page could not show; nothing was sent.
        LabelStudioError: Label Studio or the backend can't be used; run again to go on.
        ConfigError: the model server serves another model than the one that is asked for.
        SyncError: another push is running here, or the data folder can't be used.
    """
    started = time.monotonic()
    interface = config.load_interface()
    current = CurrentProject(config, interface, config.guidelines_text(), progress)

    unreachable: list[LabelStudioError] = []

    def held() -> Iterator[SourceTask]:
        """Faults of the sources come first: what Label Studio says waits until they are read."""
        try:
            yield from current.tasks()
        except LabelStudioError as error:
            unreachable.append(error)

    with (
        closing(current),
        current.folder.only_one("push"),
        _broken_rows_written(current.folder),
        read_and_clean(
            config,
            sources,
            interface,
            held,
            progress,
            engine,
            keep_secrets=not dry_run,
            picked=picked,
        ) as tasks,
    ):
        served = ask_served(config.llm.base_url, config.env.get("OPENAI_API_KEY"))
        said = check_served(config.llm, served, refuse=not (dry_run or unreachable))
        run = PushRun(
            config, current, interface, tasks, progress, started, overwrite_annotated,
            tuple(filter(None, (said, learnt.note))),
            {} if picked is None else picked.fields, learnt.prompt,
        )  # fmt: skip
        if dry_run:
            return run.rehearse(preview)
        if unreachable:
            raise unreachable[0]
        report = run.carry_out()
    note_guidelines(current.folder, current.guidelines)
    last_runs.note(current.folder, "push", report.to_json())
    return report


@contextmanager
def _broken_rows_written(folder: DataFolder) -> Iterator[None]:
    """Write down all rows for which a push is refused, and nothing of an earlier one."""
    try:
        yield
    except BrokenRowsError as error:
        folder.write(BROKEN, error.lines)
        raise
    if folder.read(BROKEN):
        folder.write(BROKEN, "")
