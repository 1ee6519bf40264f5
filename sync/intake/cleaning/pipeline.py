"""Source tasks through every cleaning step, into a temporary file that a push then reads.

Nothing is imported before all of it was read: a fault in the last line stops a push that sent
nothing. Memory holds a batch, and a digest a task; vectors for near-duplicates are on disk until
they are compared.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import Progress

from label_configs import Interface
from sync.common.source_task import SourceTask
from sync.compute import Engine
from sync.intake.cleaning.chain import OpenEncoder, Situation
from sync.intake.cleaning.cleaned import Cleaned
from sync.intake.cleaning.run import CleaningRun, FinishTask, HeldTasks, SecretStore
from sync.intake.cleaning.steps import planned
from sync.intake.sources.row import BrokenRow
from sync.settings.cleaning import CleaningSection

__all__ = ["Cleaned", "HeldTasks", "OpenEncoder", "SecretStore", "clean"]


@contextmanager
def clean(
    tasks: Iterable[SourceTask | BrokenRow],
    settings: CleaningSection,
    *,
    interface: Interface[Any],
    load_encoder: OpenEncoder,
    engine: Engine,
    held: HeldTasks,
    progress: Progress,
    folder: Path = Path(),
    key_file: SecretStore | None = None,
    finish: FinishTask | None = None,
) -> Iterator[Cleaned]:
    """Clean the tasks of all sources; what was written for it is gone afterwards.

    Args:
        tasks: of the sources, read once, and the rows that can't become tasks.
        interface: of the project; it says which tasks its page can show.
        load_encoder: gives the embedding model where a batch is embedded; picklable, such as
            `functools.partial(connectors.embedding.load_encoder, name)`.
        engine: where steps run.
        held: tasks that the project holds, each with its id; called once for each step that
            compares with them, and not at all if none does.
        progress: gets a bar.
        folder: where relative paths in the settings start: the configuration's folder.
        key_file: gets what was redacted in kept tasks; None keeps nothing of it (a dry run).
        finish: gives a cleaned task as it is to be kept; raises a SourceError for one that can't
            be pushed.

    Raises:
        ConfigError: a setting that can't be used; nothing was read.
        SourceError, LabelConfigError: a file that can't be read; or rows that can't be read, shown
            or pushed, when all were read, unless the settings say to drop them.
        SyncError: no room for the temporary file.
    """
    situation = Situation(folder, dry_run=key_file is None, load_encoder=load_encoder)
    plan = planned(settings, situation)
    run = CleaningRun(plan, settings, interface, engine, held, situation, finish)
    try:
        yield run.clean(tasks, progress, key_file)
    finally:
        run.close()
