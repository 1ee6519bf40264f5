"""Source tasks through every cleaning step, into a temporary file that a push then reads.

Nothing is imported before all of it was read: a fault in the last line stops a push that sent
nothing. Memory holds a batch, a digest a task, and, for near-duplicates, a vector a task.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rich.progress import Progress

from connectors.embedding import Encoder
from label_configs import Interface
from sync.cleaning.report import CleaningReport
from sync.engine import Engine
from sync.sources.task import SourceTask

if TYPE_CHECKING:
    from sync.cleaning.settings import CleaningSection

LoadEncoder = Callable[[], Encoder]
Held = Callable[[], Iterable[SourceTask]]


class SecretStore(Protocol):
    """Where what was redacted is kept: `sync.redaction.KeyFile`."""

    def add(self, id: str, secrets: Mapping[str, str]) -> None:
        """Keep a task's placeholders and what they stand for."""


class Cleaned:
    """Tasks that were cleaned, on disk for as long as `clean` is open."""

    report: CleaningReport

    def tasks(self) -> Iterator[SourceTask]:
        """The kept tasks in the order of the sources, each with an id; as often as asked for."""
        raise NotImplementedError

    def write_dropped(self, path: Path) -> None:
        """Replace a file by what was dropped: JSON lines of `where`, `id`, `step` and `reason`.

        Raises:
            SyncError: it can't be written.
        """
        raise NotImplementedError


@contextmanager
def clean(
    tasks: Iterable[SourceTask],
    settings: "CleaningSection",
    *,
    interface: Interface[Any],
    load_encoder: LoadEncoder,
    engine: Engine,
    held: Held,
    progress: Progress,
    folder: Path = Path(),
    key_file: SecretStore | None = None,
) -> Iterator[Cleaned]:
    """Clean the tasks of all sources; what was written for it is gone afterwards.

    Args:
        tasks: of the sources, read once.
        interface: of the project; it says which tasks its page can show.
        load_encoder: gives the embedding model where a batch is embedded; picklable, such as
            `functools.partial(connectors.embedding.load_encoder, name)`.
        engine: where steps run.
        held: tasks that the project holds, each with its id; called once for each step that
            compares with them, and not at all if none does.
        progress: gets a bar.
        folder: where relative paths in the settings start: the configuration's folder.
        key_file: gets what was redacted in kept tasks; None keeps nothing of it (a dry run).

    Raises:
        ConfigError: a setting that can't be used; nothing was read.
        SourceError, LabelConfigError: a task that can't be read or shown.
        SyncError: no room for the temporary file.
    """
    raise NotImplementedError
    yield
