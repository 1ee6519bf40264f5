"""One run of the cleaning steps: batches through the engine, and what needs more than a task."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from rich.progress import Progress

from connectors.reading import MULTILINGUAL
from label_configs import Interface, LabelConfigError
from sync.common.errors import SourceError
from sync.common.json_text import to_json
from sync.common.source_task import SourceTask
from sync.compute import Engine
from sync.compute.objects import map_objects
from sync.intake.cleaning.arrow_form import over_arrow
from sync.intake.cleaning.chain import CHANGED, NOTED, Event, RowStep, Situation
from sync.intake.cleaning.cleaned import Cleaned, ContentsTally
from sync.intake.cleaning.step_counts import BrokenRows, RowFault, StepCounts
from sync.intake.cleaning.steps import (
    DUPLICATES,
    NEAR_DUPLICATES,
    READABLE,
    USABLE,
    CleaningPlan,
    usable,
)
from sync.intake.cleaning.steps.duplicates import Duplicates
from sync.intake.cleaning.steps.near_duplicates import NearDuplicates
from sync.intake.cleaning.task_batches import SECRETS, TRAIL, TaskBatch, batches, to_batch
from sync.intake.cleaning.task_identity import Identities, made_id
from sync.intake.cleaning.task_vectors import UNREAD, Embedding
from sync.intake.cleaning.temporary_files import TaskFile
from sync.intake.redaction.placeholders import Secrets
from sync.intake.sources.row import BrokenRow
from sync.settings.cleaning import CleaningSection

# rows by which the bar moves
_SHOWN = 32
_BY_CHARACTERS = (
    "that embedding.model can't read, so compared by their characters (a multilingual model, such "
    f"as {MULTILINGUAL!r}, reads them)"
)

HeldTasks = Callable[[], Iterable[SourceTask]]
# gives a task as it is to be kept; raises a SourceError for one that can't be pushed
FinishTask = Callable[[SourceTask], SourceTask]


class SecretStore(Protocol):
    """Where what was redacted is kept: `sync.intake.redaction.key_file.KeyFile`."""

    def add(self, id: str, secrets: Mapping[str, Any]) -> None:
        """Keep a task's placeholders and what they stand for."""


class CleaningRun:
    """Everything that one run has open or in memory."""

    def __init__(
        self,
        plan: CleaningPlan,
        settings: CleaningSection,
        interface: Interface[Any],
        engine: Engine,
        held: HeldTasks,
        situation: Situation,
        finish: FinishTask | None,
    ) -> None:
        self._plan = plan
        self._settings = settings
        self._interface = interface
        self._engine = engine
        self._held = held
        self._embedding = Embedding(situation.load_encoder)
        self._finish = finish
        self._tally = StepCounts(plan.names)
        self._broken = BrokenRows()
        self._spool = TaskFile()
        near = settings.near_duplicates
        self._near = NearDuplicates(near) if near.on else None
        self._duplicates = Duplicates(held()) if settings.duplicates.on else None
        self._identities = Identities()
        self._contents = ContentsTally()
        # of tasks between two steps, in order: whether they were changed, what was redacted, and
        # the kind of their contents; what was redacted is never written but into the key file
        self._underway: deque[tuple[bool, Secrets | None, int]] = deque()
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
        read = self._counted(tasks, partial(progress.advance, bar))
        kept = self._decided(self._stepped(batches(read), self._plan.rows))
        if self._plan.vectors is not None:
            kept = self._stepped(kept, self._plan.vectors)
        for batch in kept:
            self._keep(batch)
        self._spool.finish()
        progress.update(bar, total=self._tally.read, completed=self._tally.read)
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

    def _stepped(self, tasks: Iterable[TaskBatch], step: RowStep) -> Iterator[TaskBatch]:
        return map_objects(self._engine, tasks, over_arrow(step))

    def _counted(
        self, tasks: Iterable[SourceTask | BrokenRow], advance: Callable[[int], None]
    ) -> Iterator[SourceTask]:
        for task in tasks:
            self._tally.read += 1
            if not self._tally.read % _SHOWN:
                advance(_SHOWN)
            if isinstance(task, SourceTask):
                yield task
            else:
                self._leave_out(READABLE, task.error, task.where, task.id)

    def _leave_out(self, step: str, fault: RowFault, where: str, own_id: str | None) -> None:
        """A row that can't be pushed: dropped where the settings say so, else refused later."""
        reason = str(fault).removeprefix(f"{where}: ")
        if self._settings.unusable == "drop":
            self._tally.drop(step, where, own_id, reason)
        else:
            self._broken.add(fault, where, own_id, step, reason)

    def _decided(self, batches: Iterable[TaskBatch]) -> Iterator[TaskBatch]:
        """What is usable and new of what the row steps kept, each task with its id."""
        for batch in batches:
            kept = []
            rows = zip(
                batch.tasks, batch.dropped, batch.column(TRAIL), batch.column(SECRETS), strict=True
            )
            for task, dropped, trail, secrets in rows:
                if trail is not None:
                    self._tally.note(trail, task.where, task.id)
                if dropped is not None:
                    continue
                decided = self._decide(task)
                if decided is None:
                    continue
                kept.append(decided)
                kind = self._contents.kind(task.data)
                self._underway.append((_is_changed(trail), secrets, kind))
            if kept:
                yield to_batch(kept)

    def _decide(self, task: SourceTask) -> SourceTask | None:
        """The task with its id, or None when it is dropped."""
        own_id, data, where = task.id, task.data, task.where
        try:
            usable.check(self._interface, data, where)
            if self._finish is not None:
                task = self._finish(task)
        except (LabelConfigError, SourceError) as fault:
            self._leave_out(USABLE, fault, where, own_id)
            return None
        made = made_id(data) if own_id is None else own_id
        if self._duplicates is not None:
            reason = self._duplicates.reason(made, data, where)
            if reason is not None:
                self._tally.drop(DUPLICATES, where, own_id, reason)
                return None
        try:
            given = self._identities.give(own_id, made, where)
            return SourceTask(given, task.data, where, task.annotations, task.predictions)
        except SourceError as fault:
            self._leave_out(USABLE, fault, where, own_id)
            return None

    def _keep(self, batch: TaskBatch) -> None:
        """Write what is left to disk."""
        rows = zip(
            batch.tasks, batch.dropped, batch.column(TRAIL), batch.column(UNREAD), strict=True
        )
        for task, dropped, trail, is_unread in rows:
            was_changed, secrets, kind = self._underway.popleft()
            if trail is not None:
                self._tally.note(trail, task.where, task.id)
            if dropped is not None:
                continue
            if was_changed or _is_changed(trail):
                self._changed.add(self._spooled)
            if secrets and task.id is not None:
                self._secrets[self._spooled] = (task.id, to_json(secrets))
            self._contents.keep(kind)
            if is_unread:
                self._unread[self._spooled] = (task.where, task.id)
            self._spooled += 1
        left = batch.kept()
        self._spool.add(left.tasks)
        if self._near is not None and len(left):
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


def _is_changed(trail: Sequence[Event] | None) -> bool:
    """Whether a step changed a task's data."""
    return trail is not None and any(event == CHANGED for _, event, _ in trail)
