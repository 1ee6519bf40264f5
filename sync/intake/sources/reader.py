"""Sources as a stream of tasks, each id of theirs once."""

import importlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from label_configs.interface import Interface
from label_configs.message_forms import call_fault, has_gap
from sync.common.errors import BrokenRowsError, SourceError
from sync.common.source_task import SourceTask
from sync.intake.sources.compression import one_sentence, shown
from sync.intake.sources.discovery import Recognised, SourceFile, find_sources
from sync.intake.sources.documents import document_tasks as documents
from sync.intake.sources.last_assistant import rule_for
from sync.intake.sources.picture_files import PictureFiles
from sync.intake.sources.row import BrokenRow, Row, Unshowable
from sync.intake.sources.row_to_task import task_of, with_moment
from sync.settings.sources import SourcesSection

# broken rows that are told one by one; the rest is counted
LISTED = 10


class SourceReader(Iterator[SourceTask]):
    """Reads the tasks of files and folders, in order, one at a time.

    Iterate either over it or over its `outcomes`, once. Iterating raises a SourceError, one
    sentence with file and line, where a source can't be read.

    Attributes:
        recognised: what each path was taken for; complete when the last task was read.
        notes: what the user should know, such as files that were left out.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        settings: SourcesSection,
        interface: Interface[Any] | None = None,
        time_field: str | None = None,
        pictures: PictureFiles | None = None,
    ) -> None:
        """Nothing is read yet.

        Args:
            paths: files, folders, or `-` for JSONL on standard input.
            interface: decides what "auto" means for an answer at a conversation's end: it stays
                where the interface takes finished conversations, and else becomes the reference.
            time_field: of task data that must hold a time, which becomes ISO 8601.
            pictures: checks those of each task; None leaves their addresses as they are read.
        """
        self.recognised: list[Recognised] = []
        self.notes: list[str] = []
        self._pictures = pictures
        self._settings = settings
        self._rule = rule_for(settings.last_assistant, interface)
        self._columns_not_met = set(settings.columns.values())
        self._met_rows = False
        self._with_gaps = 0
        self._time_field = time_field
        self._outcomes = self._read(paths)
        self._tasks = self._without_broken()

    def __next__(self) -> SourceTask:
        return next(self._tasks)

    def outcomes(self) -> Iterator[SourceTask | BrokenRow]:
        """What became of each row: a task, or why it can't become one.

        Raises:
            SourceError: while iterating; a file that can't be read any further.
        """
        return self._outcomes

    def _without_broken(self) -> Iterator[SourceTask]:
        """The tasks, if all rows are some; the others are told when all were read."""
        broken: list[BrokenRow] = []
        read = count = 0
        for outcome in self._outcomes:
            read += 1
            if isinstance(outcome, SourceTask):
                yield outcome
                continue
            count += 1
            if count <= LISTED:
                broken.append(outcome)
        if count == 1:
            raise broken[0].error
        if broken:
            raise BrokenRowsError([str(row.error) for row in broken], count, read)

    def _read(self, paths: Sequence[Path]) -> Iterator[SourceTask | BrokenRow]:
        with SeenIds() as seen:
            for source in find_sources(paths, self.notes):
                recognised = self._recognise(source)
                with one_sentence(source.path):
                    for task in self._tasks_of(source, recognised):
                        try:
                            if isinstance(task, SourceTask):
                                if task.id is not None:
                                    seen.add(task.id, task.where)
                                if self._pictures is not None:
                                    task = self._pictures.taken(task, source)
                        except SourceError as error:
                            yield BrokenRow(error, task.where, task.id)
                            continue
                        yield task
        self._check_columns(paths)
        if self._pictures is not None:
            self.notes += self._pictures.notes()
        if self._with_gaps:
            self.notes.append(
                f"conversations with a tool's call without answer, or an answer to a call that "
                f"stands in the text alone: {self._with_gaps}; "
                "OpenAI's formats and some others can't hold them, and exports leave them out there"
            )

    def _check_columns(self, paths: Sequence[Path]) -> None:
        """Refuse a mapping that fitted nothing: a misspelt field would be lost without a word."""
        if self._columns_not_met and self._met_rows:
            raise SourceError(
                f"{', '.join(map(shown, paths))}: no row holds the field "
                f"{min(self._columns_not_met)!r}; correct [sources.columns] in labeltune.toml"
            )

    def _recognise(self, source: SourceFile) -> Recognised:
        given, kind = shown(source.given), source.kind.name
        for known in self.recognised:
            if (known.source, known.kind) == (given, kind):
                break
        else:
            known = Recognised(given, kind)
            self.recognised.append(known)
        known.files += 1
        return known

    def _tasks_of(
        self, source: SourceFile, recognised: Recognised
    ) -> Iterator[SourceTask | BrokenRow]:
        if source.kind.is_document:
            settings = self._settings.documents
            module = source.kind.module
            encoding = self._settings.encoding
            for task in documents.tasks(
                source.path, source.name, module, settings, self.notes, encoding
            ):
                recognised.tasks["section"] += 1
                yield task
            return
        folder = source.path if source.path.is_dir() else source.path.parent
        module_of_rows = importlib.import_module(source.kind.module)
        for row in module_of_rows.rows(source.path, self._settings, self.notes):
            if isinstance(row, BrokenRow):
                yield row
                continue
            self._met_rows = True
            self._columns_not_met -= row.values.keys()
            try:
                shape, task = task_of(row, self._settings, self._rule, folder)
                if self._time_field is not None:
                    task = with_moment(task, self._time_field, self._settings.date_format)
            except SourceError as error:
                if isinstance(error, Unshowable) and self._settings.unshowable == "skip":
                    recognised.skipped += 1
                else:
                    yield BrokenRow(error, row.where, _written_id(row, self._settings))
                continue
            recognised.tasks[shape.name] += 1
            self._with_gaps += _has_gap(task.data["messages"])
            yield task


def _has_gap(messages: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a call or an answer of a tool stands alone, in a conversation that can be pushed."""
    if not any("tool_calls" in message for message in messages):
        return False
    return call_fault(messages) is None and has_gap(messages)


def _written_id(row: Row, settings: SourcesSection) -> str | None:
    """The id of a row that is broken, where that is a text or a number."""
    own_id = row.values.get(settings.columns.get("id", "id"))
    return str(own_id) if isinstance(own_id, str | int) and own_id != "" else None


class SeenIds:
    """Refuses an id that comes a second time."""

    def __init__(self) -> None:
        # a nameless database is a temporary file of SQLite's own, gone when it is closed
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._table.execute("BEGIN")

    def __enter__(self) -> "SeenIds":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._table.close()

    def add(self, own_id: str, where: str) -> None:
        """Note an id.

        Raises:
            SourceError: it was noted before; says where.
        """
        added = self._table.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (own_id, where)
        )
        if not added.rowcount:
            (before,) = self._table.execute(
                "SELECT place FROM seen WHERE id = ?", (own_id,)
            ).fetchone()
            raise SourceError(f"{where}: the id {own_id!r} was used at {before}; ids must differ")
