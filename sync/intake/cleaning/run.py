"""One run of the cleaning steps: batches through the engine, and what needs more than a task."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from rich.progress import Progress

from connectors.reading import MULTILINGUAL
from label_configs import Interface, LabelConfigError
from sync.common.errors import SourceError
from sync.common.source_task import SourceTask
from sync.compute import Engine
from sync.intake.cleaning.broken import BrokenRows, Fault
from sync.intake.cleaning.chain import CHANGED, NOTED, TRAIL, Event, read_trail
from sync.intake.cleaning.cleaned import Cleaned
from sync.intake.cleaning.contents import ContentsTally
from sync.intake.cleaning.plan import Plan
from sync.intake.cleaning.step_counts import Tally
from sync.intake.cleaning.step_inputs import Situation
from sync.intake.cleaning.steps import DUPLICATES, NEAR_DUPLICATES, READABLE, USABLE, usable
from sync.intake.cleaning.steps.duplicates import Duplicates
from sync.intake.cleaning.steps.near_duplicates import NearDuplicates
from sync.intake.cleaning.task_batches import SCHEMA, SECRETS, Data, batches, with_column
from sync.intake.cleaning.task_identity import Identities, made_id
from sync.intake.cleaning.task_vectors import UNREAD, Embedding
from sync.intake.cleaning.temporary_files import Spool
from sync.intake.sources.row import BrokenRow
from sync.settings.cleaning import CleaningSection

_BY_CHARACTERS = (
    "that embedding.model can't read, so compared by their characters (a multilingual model, such "
    f"as {MULTILINGUAL!r}, reads them)"
)

Held = Callable[[], Iterable[SourceTask]]
# raises a SourceError for a task that can't be pushed
Check = Callable[[SourceTask], object]


class SecretStore(Protocol):
    """Where what was redacted is kept: `sync.intake.redaction.key_file.KeyFile`."""

    def add(self, id: str, secrets: Mapping[str, Any]) -> None:
        """Keep a task's placeholders and what they stand for."""


class Running:
    """Everything that one run has open or in memory."""

    def __init__(
        self,
        plan: Plan,
        settings: CleaningSection,
        interface: Interface[Any],
        engine: Engine,
        held: Held,
        situation: Situation,
        check: Check | None,
    ) -> None:
        self._plan = plan
        self._settings = settings
        self._interface = interface
        self._engine = engine
        self._held = held
        self._embedding = Embedding(situation.load_encoder)
        self._check = check
        self._tally = Tally(plan.names)
        self._broken = BrokenRows()
        self._spool = Spool()
        near = settings.near_duplicates
        self._near = NearDuplicates(near) if near.on else None
        self._duplicates = Duplicates(held()) if settings.duplicates.on else None
        self._identities = Identities()
        self._contents = ContentsTally()
        # of tasks between two steps, in order: whether they were changed, what was redacted, and
        # the kind of their contents; what was redacted is never written but into the key file
        self._underway: deque[tuple[bool, str | None, int]] = deque()
        # by place in the spool
        self._changed: set[int] = set()
        self._secrets: dict[int, tuple[str, str]] = {}
        self._spooled = 0
        # by place in the spool: where those are that the embedding model can't read
        self._unread: dict[int, tuple[str, str | None]] = {}

    def clean(
        self,
        tasks: Iterable[SourceTask | BrokenRow],
        progress: Progress,
        key_file: SecretStore | None,
    ) -> Cleaned:
        """Run everything; see `sync.intake.cleaning.pipeline.clean`."""
        bar = progress.add_task("cleaning", total=None)
        read = self._counted(tasks, lambda: progress.advance(bar))
        kept = self._decided(self._engine.map_batches(batches(read), self._plan.rows))
        if self._plan.vectors is not None:
            kept = self._engine.map_batches(kept, self._plan.vectors)
        for table in kept:
            self._keep(table)
        self._spool.finish()
        progress.update(bar, total=self._tally.read)
        self._broken.refuse(self._tally.read)
        dropped = self._drop_near_duplicates(progress)
        self._tally.changed = len(self._changed - dropped)
        for place, (task_id, secrets) in self._secrets.items():
            if key_file is not None and place not in dropped:
                key_file.add(task_id, json.loads(secrets))
        self._secrets.clear()
        contents = self._contents.contents(dropped)
        return Cleaned(self._spool, dropped, self._tally, contents)

    def close(self) -> None:
        """Give the room on disk back."""
        self._spool.close()
        self._tally.close()
        self._broken.close()
        if self._near is not None:
            self._near.close()

    def _counted(
        self, tasks: Iterable[SourceTask | BrokenRow], advance: Callable[[], None]
    ) -> Iterator[SourceTask]:
        for task in tasks:
            self._tally.read += 1
            advance()
            if isinstance(task, SourceTask):
                yield task
            else:
                self._leave_out(READABLE, task.error, task.where, task.id)

    def _leave_out(self, step: str, fault: Fault, where: str, own_id: str | None) -> None:
        """A row that can't be pushed: dropped where the settings say so, else refused later."""
        reason = str(fault).removeprefix(f"{where}: ")
        if self._settings.unusable == "drop":
            self._tally.drop(step, where, own_id, reason)
        else:
            self._broken.add(fault, where, own_id, step, reason)

    def _decided(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """What is usable and new of what the row steps kept, each task with its id."""
        for table in tables:
            kept: list[int] = []
            ids: list[str] = []
            for i, row in enumerate(_rows(table)):
                self._tally.note(row.events, row.where, row.id)
                if row.is_dropped:
                    continue
                data = json.loads(row.data)
                task_id = self._decide(row, data)
                if task_id is None:
                    continue
                kept.append(i)
                ids.append(task_id)
                kind = self._contents.kind(data)
                self._underway.append((row.is_changed, row.secrets, kind))
            if kept:
                yield with_column(table.select(SCHEMA.names).take(kept), "id", ids)

    def _decide(self, row: "_Row", data: Data) -> str | None:
        """The id of a task, or None when it is dropped."""
        try:
            usable.check(self._interface, data, row.where)
            if self._check is not None:
                self._check(SourceTask(row.id, data, row.where))
        except (LabelConfigError, SourceError) as fault:
            self._leave_out(USABLE, fault, row.where, row.id)
            return None
        made = made_id(data)
        if self._duplicates is not None:
            reason = self._duplicates.reason(row.id or made, data, row.where)
            if reason is not None:
                self._tally.drop(DUPLICATES, row.where, row.id, reason)
                return None
        try:
            return self._identities.give(row.id, made, row.where)
        except SourceError as fault:
            self._leave_out(USABLE, fault, row.where, row.id)
            return None

    def _keep(self, table: pa.Table) -> None:
        """Write what is left to disk."""
        for row in _rows(table):
            was_changed, secrets, kind = self._underway.popleft()
            self._tally.note(row.events, row.where, row.id)
            if row.is_dropped:
                continue
            if was_changed or row.is_changed:
                self._changed.add(self._spooled)
            if secrets is not None and row.id is not None:
                self._secrets[self._spooled] = (row.id, secrets)
            self._contents.keep(kind)
            if row.is_unread:
                self._unread[self._spooled] = (row.where, row.id)
            self._spooled += 1
        left = table.filter(pc.is_null(table["dropped"]))
        self._spool.add(left)
        if self._near is not None and left.num_rows:
            self._near.add(left)

    def _drop_near_duplicates(self, progress: Progress) -> set[int]:
        """Drop tasks that are near another one; their places in the spool."""
        if self._near is None:
            return set()
        held = progress.track(self._held(), total=None, description="comparing with the project")
        near = self._near.near(held, self._engine, self._embedding)
        for task in near:
            self._tally.drop(NEAR_DUPLICATES, task.where, task.id, task.reason)
        dropped = {task.place for task in near}
        for place, (where, own_id) in self._unread.items():
            if place not in dropped:
                self._tally.note([(NEAR_DUPLICATES, NOTED, _BY_CHARACTERS)], where, own_id)
        return dropped


@dataclass(frozen=True)
class _Row:
    """A task as it comes from a chain of steps, or from none."""

    id: str | None
    data: str
    where: str
    is_dropped: bool
    events: Sequence[Event]
    secrets: str | None
    is_unread: bool

    @property
    def is_changed(self) -> bool:
        return any(event == CHANGED for _, event, _ in self.events)


def _rows(table: pa.Table) -> Iterator[_Row]:
    columns = [
        table[name].to_pylist() if name in table.column_names else [None] * table.num_rows
        for name in (*SCHEMA.names, TRAIL, SECRETS, UNREAD)
    ]
    for own_id, data, where, dropped, trail, secrets, unread in zip(*columns, strict=True):
        is_dropped = dropped is not None
        yield _Row(own_id, data, where, is_dropped, read_trail(trail), secrets, bool(unread))
