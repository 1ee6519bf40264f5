"""What becomes of personal data in finished work on its way into a release."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from label_configs import Interface
from sync.common.errors import ExportError
from sync.common.wording import counted
from sync.dataset.release.marked_task import MarkedTask
from sync.intake.redaction.in_finished_work import FoundData, PersonalData, said
from sync.intake.redaction.key_file import KeyFile
from sync.intake.redaction.placeholders import (
    Placeholders,
    Secrets,
    placeholders_in,
    written,
)
from sync.records import LabelledRecord
from sync.settings.export import Personal
from sync.settings.redaction import RedactionSection
from sync.training_files.example import Example, ExampleKind, Judgement, PreferenceExample

ChangeExample = Callable[[Example], Example]

# of examples, that may hold what only a draft says
_WITH_DRAFTS = frozenset((PreferenceExample, Judgement))
# tasks that a message names
_NAMED = 5


@dataclass(frozen=True)
class PersonalDataNotes:
    """What was done to personal data, and what its owner should know of it."""

    notes: tuple[str, ...]
    warnings: tuple[str, ...]


class PersonalDataGate:
    """Looks at every task that becomes lines, once, however often a release is built.

    Attributes:
        mode: of `export.personal_data`.
    """

    def __init__(
        self,
        mode: Personal,
        settings: RedactionSection,
        folder: Path,
        interface: Interface[Any],
        page_of: Callable[[int], str],
    ) -> None:
        """Nothing is looked at yet.

        Args:
            folder: of the configuration, where `key_file` starts.
            page_of: the page of a task.
        """
        self.mode = mode
        self._settings = settings
        self._folder = folder
        self._personal = PersonalData.of(settings, values=mode == "refuse")
        self._interface = interface
        self._page_of = page_of
        self._known: dict[str, Secrets] | None = None
        # what takes memory is kept of tasks with findings alone, by task id
        self._looked: set[int] = set()
        self._marked: dict[int, MarkedTask] = {}
        self._found: dict[int, tuple[str, FoundData]] = {}
        self._exported: set[int] = set()

    def begin(self, kinds: Collection[ExampleKind]) -> None:
        """A release is built, maybe once more without lines that were refused.

        Args:
            kinds: of its examples; some of them hold drafts.
        """
        self._personal = replace(self._personal, drafts=not _WITH_DRAFTS.isdisjoint(kinds))
        self._exported.clear()

    def change(self, record: LabelledRecord) -> ChangeExample | None:
        """What is to be done to a record's examples; None where they stay as they are."""
        self._look(record)
        marked = self._marked.get(record.task_id)
        return marked.change if marked is not None else None

    def exported(self, record: LabelledRecord) -> None:
        """Take note of a task that lines came from, after `change`."""
        if record.task_id in self._found or record.task_id in self._marked:
            self._exported.add(record.task_id)

    def finish(self) -> PersonalDataNotes:
        """Keep what new placeholders stand for, before the release is published.

        Raises:
            ExportError: personal data was found, and is to be refused.
            SyncError: the key file can't be read or written.
        """
        found = {i: f for i, (_, f) in sorted(self._found.items()) if i in self._exported}
        refused = [i for i, f in found.items() if f.answer or f.task]
        if refused:
            kinds: Counter[str] = Counter()
            for i in refused:
                kinds.update({*found[i].answer, *found[i].task})
            raise ExportError(
                f"personal data in {_tasks(len(refused))} ({said(kinds)}): "
                f"{self._pages(refused)}; nothing was written: correct the answers and pull "
                "again, or name what is no secret in cleaning.redaction.allow, or set "
                'export.personal_data = "redact" or "keep" in labeltune.toml'
            )
        return PersonalDataNotes(tuple(self._notes()), tuple(self._warnings(found)))

    def _look(self, record: LabelledRecord) -> None:
        if record.task_id in self._looked:
            return
        self._looked.add(record.task_id)
        found = self._personal.in_record(record, self._interface)
        if found is not None:
            self._found[record.task_id] = (record.key, found)
        if self.mode == "redact" and (marked := self._marks(record)) is not None:
            self._marked[record.task_id] = marked

    def _marks(self, record: LabelledRecord) -> MarkedTask | None:
        seen = self._personal.seen(record, self._interface)
        known = self._secrets().get(record.key, {})
        # what stands in the key file is personal, whether or not its form tells
        kinds = {written(v): mark.strip("<>").rpartition("_")[0] for mark, v in known.items()}
        kinds.update(seen.kinds)
        if not kinds:
            return None
        taken = placeholders_in(dict(record.data)) | placeholders_in(seen.texts)
        marks = Placeholders(kinds, seen.spans, taken, known)
        marks.put_into(seen.texts)  # in one order, whatever is exported
        return MarkedTask(record.key, kinds, marks)

    def _notes(self) -> Iterator[str]:
        marked = [self._marked[i] for i in sorted(self._marked) if i in self._exported]
        new = {each.key: each.marks.secrets for each in marked if each.marks.secrets}
        if not new:
            return
        values = sum(map(len, new.values()))
        meant = "it stands" if values == 1 else "they stand"
        kept = f"; no key file keeps what {meant} for"
        if self._settings.key_file:
            path = self._folder / self._settings.key_file
            with KeyFile(path) as file:
                for key, secrets in new.items():
                    file.add(key, secrets, typed=True)
            kept = f"; {path} keeps what {meant} for"
        marks = counted(values, "new placeholder")
        yield f"{marks} for personal data in {_tasks(len(new))}{kept}."

    def _warnings(self, found: Mapping[int, FoundData]) -> Iterator[str]:
        drafts = [i for i, f in found.items() if f.draft]
        if drafts:
            yield (
                f"personal data in {_tasks(len(drafts))}, in the draft alone, which formats "
                f"with bad answers hold: {self._pages(drafts)}; "
                'export.personal_data = "redact" replaces it'
            )
        invented = [i for i, f in found.items() if f.invented and not self._is_known(i)]
        if invented:
            yield (
                f"placeholders that stand for nothing in {_tasks(len(invented))}, as a model "
                f"invents them: {self._pages(invented)}; correct the answers"
            )

    def _is_known(self, task_id: int) -> bool:
        """Whether the key file has all placeholders that the task's own data lacks."""
        key, found = self._found[task_id]
        return self._secrets().get(key, {}).keys() >= set(found.invented)

    def _secrets(self) -> Mapping[str, Secrets]:
        """What the key file has, read when it is first asked for."""
        if self._known is None:
            self._known = KeyFile.known(self._settings, self._folder)
        return self._known

    def _pages(self, tasks: Sequence[int]) -> str:
        more = len(tasks) - _NAMED
        named = ", ".join(map(self._page_of, tasks[:_NAMED]))
        return f"{named} and {more} more (`labeltune check` names all)" if more > 0 else named


def _tasks(number: int) -> str:
    return counted(number, "finished task")
