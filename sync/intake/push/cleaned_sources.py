"""From source files to the tasks of a push: read, cleaned, with their categories."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import Progress

from connectors.embedding import extra_of, load_encoder
from connectors.extras import require
from label_configs import Interface
from sync.compute import engine_named
from sync.intake.categories.rules import categorise
from sync.intake.cleaning.pipeline import Cleaned, clean
from sync.intake.cleaning.report import CleaningReport
from sync.intake.cleaning.steps import NEAR_DUPLICATES, VECTOR_STEPS
from sync.intake.redaction.key_file import KeyFile
from sync.intake.sources import SourceReader, SourceTask
from sync.intake.sources.picture_files import PictureFiles
from sync.intake.sources.row import BrokenRow
from sync.settings import Config


@dataclass(frozen=True)
class PickedRows:
    """Some rows of the sources, and what their tasks get beside what the sources say.

    Attributes:
        places: files and lines, as errors name them; no other row is looked at.
        fields: of the queue, by the task's id; given to tasks that are created.
    """

    places: Collection[str]
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class CleanedTasks:
    """The tasks of a push, on disk; iterated as often as need be."""

    reader: SourceReader
    cleaned: Cleaned
    pictures: PictureFiles

    @property
    def report(self) -> CleaningReport:
        """What cleaning did."""
        return self.cleaned.report

    def __iter__(self) -> Iterator[SourceTask]:
        return self.cleaned.tasks()


@contextmanager
def read_and_clean(
    config: Config,
    sources: Sequence[Path],
    interface: Interface[Any],
    held: Callable[[], Iterable[SourceTask]],
    progress: Progress,
    engine: str,
    *,
    keep_secrets: bool,
    picked: PickedRows | None = None,
) -> Iterator[CleanedTasks]:
    """Read all sources to their end, clean their tasks and assign categories.

    Args:
        held: the tasks that the project holds; asked only where cleaning compares with them.
        engine: one of `sync.compute.ENGINES`.
        keep_secrets: write what is redacted to the key file.
        picked: the rows that are used; None: all.

    Raises:
        SourceError: a file or a line that can't be read; of several lines a BrokenRowsError.
        LabelConfigError: a task that the project's page could not show.
        EngineError: the engine can't be used.
        MissingExtraError: a step compares texts, and nothing that embeds them is installed.
    """
    for step in (*VECTOR_STEPS, NEAR_DUPLICATES):
        if getattr(config.cleaning, step).on:
            require(extra_of(config.embedding.model), f"cleaning.{step}")
    key_file = KeyFile.of(config.cleaning.redaction, config.folder) if keep_secrets else None
    time_field = config.split.time_field
    pictures = PictureFiles(config.sources.pictures, config.label_studio.url)
    reader = SourceReader(sources, config.sources, interface, time_field, pictures)
    with (
        engine_named(engine) as runner,
        key_file or nullcontext(),
        closing(pictures),
        clean(
            _picked(reader, picked),
            config.cleaning,
            interface=interface,
            load_encoder=partial(load_encoder, config.embedding.model),
            engine=runner,
            held=held,
            progress=progress,
            folder=config.folder,
            key_file=key_file,
            finish=partial(categorise, categories=config.categories) if config.categories else None,
        ) as cleaned,
    ):
        if key_file is not None:
            key_file.close()  # on disk before anything that it speaks of is sent
        yield CleanedTasks(reader, cleaned, pictures)


def _picked(reader: SourceReader, picked: PickedRows | None) -> Iterator[SourceTask | BrokenRow]:
    for outcome in reader.outcomes():
        if picked is None or outcome.where in picked.places:
            yield outcome
