"""Sources as a stream of tasks, and what was recognised on the way."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from label_configs.interface import Interface
from label_configs.message_forms import call_fault, has_open_call
from sync.errors import SourceError
from sync.sources.converting import task_of
from sync.sources.documents import reading as documents
from sync.sources.finding import Source, find_sources
from sync.sources.last_assistant import rule_for
from sync.sources.opening import one_sentence, shown
from sync.sources.recognised import Recognised
from sync.sources.row import Unshowable
from sync.sources.seen_ids import SeenIds
from sync.sources.task import SourceTask

if TYPE_CHECKING:
    from sync.sources.settings import SourcesSection


class SourceReader(Iterator[SourceTask]):
    """The tasks of sources, one at a time.

    Attributes:
        recognised: what each path was taken for; complete when the last task was read.
        notes: what the user should know, such as files that were left out.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        settings: "SourcesSection",
        interface: Interface[Any] | None = None,
    ) -> None:
        self.recognised: list[Recognised] = []
        self.notes: list[str] = []
        self._settings = settings
        self._rule = rule_for(settings.last_assistant, interface)
        self._columns_not_met = set(settings.columns.values())
        self._met_rows = False
        self._with_open_calls = 0
        self._tasks = self._read(paths)

    def __next__(self) -> SourceTask:
        return next(self._tasks)

    def _read(self, paths: Sequence[Path]) -> Iterator[SourceTask]:
        with SeenIds() as seen:
            for source in find_sources(paths, self.notes):
                recognised = self._recognise(source)
                with one_sentence(source.path):
                    for task in self._tasks_of(source, recognised):
                        if task.id is not None:
                            seen.add(task.id, task.where)
                        yield task
        self._check_columns(paths)
        if self._with_open_calls:
            self.notes.append(
                f"conversations with a tool's call that has no answer: {self._with_open_calls}; "
                "OpenAI's formats and some others can't hold them, and exports leave them out there"
            )

    def _check_columns(self, paths: Sequence[Path]) -> None:
        """Refuse a mapping that fitted nothing: a misspelt field would be lost without a word."""
        if self._columns_not_met and self._met_rows:
            raise SourceError(
                f"{', '.join(map(shown, paths))}: no row holds the field "
                f"{min(self._columns_not_met)!r}; correct [sources.columns] in labeltune.toml"
            )

    def _recognise(self, source: Source) -> Recognised:
        given, kind = shown(source.given), source.kind.name
        for known in self.recognised:
            if (known.source, known.kind) == (given, kind):
                break
        else:
            known = Recognised(given, kind)
            self.recognised.append(known)
        known.files += 1
        return known

    def _tasks_of(self, source: Source, recognised: Recognised) -> Iterator[SourceTask]:
        if source.kind.is_document:
            settings = self._settings.documents
            module = source.kind.module
            for task in documents.tasks(source.path, source.name, module, settings, self.notes):
                recognised.tasks["section"] += 1
                yield task
            return
        module_of_rows = importlib.import_module(source.kind.module)
        for row in module_of_rows.rows(source.path, self._settings, self.notes):
            self._met_rows = True
            self._columns_not_met -= row.values.keys()
            try:
                shape, task = task_of(row, self._settings, self._rule)
            except Unshowable:
                if self._settings.unshowable == "refuse":
                    raise
                recognised.skipped += 1
                continue
            recognised.tasks[shape.name] += 1
            self._with_open_calls += _has_open_call(task.data["messages"])
            yield task


def _has_open_call(messages: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a call of a tool has no answer, in a conversation that can be pushed."""
    return call_fault(messages) is None and has_open_call(messages)


def read_sources(
    paths: Sequence[Path],
    settings: "SourcesSection",
    interface: Interface[Any] | None = None,
) -> SourceReader:
    """The tasks of files and folders, in order, streamed.

    Args:
        paths: files, folders, or `-` for JSONL on standard input.
        interface: decides what "auto" means for an answer at a conversation's end: it stays
            where the interface takes finished conversations, and else becomes the reference.

    Raises:
        SourceError: while iterating; one sentence with file and line.
    """
    return SourceReader(paths, settings, interface)
