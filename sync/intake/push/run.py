"""One push, when the sources are read and cleaned: compare everything, then change what differs.

Nothing is changed before every task was compared, so that a task that can't be sent stops a push
that has sent nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rich.progress import Progress

from connectors.errors import LabelStudioError
from drafting.plain_prompt import PlainPrompt
from label_configs import Interface
from label_configs.queue_fields import without_queue
from label_configs.task_fields import check_fields
from sync.common.chunks import chunked
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.backend_params import backend_settings, changed_settings
from sync.intake.push.cleaned_sources import CleanedTasks
from sync.intake.push.current_project import CurrentProject
from sync.intake.push.exactly_once import Importer
from sync.intake.push.picture_uploads import PictureUploads
from sync.intake.push.plan import Fate, PushPlan, compare, send, sent
from sync.intake.push.preview import previews
from sync.intake.push.project import PreparedProject, prepare_project
from sync.intake.push.project_tasks import ProjectTasks
from sync.intake.push.redrafts import Redrafting, redrafting
from sync.intake.push.renamed_categories import refuse_lost, renamed
from sync.intake.push.report import PushReport, pushed_contents
from sync.intake.push.updates import CHUNK, Updater
from sync.intake.services.backend_status import backend_says
from sync.intake.services.health import get
from sync.records.unlisted import Unlisted
from sync.settings import Config

DROPPED = "dropped.jsonl"


@dataclass(frozen=True)
class PushRun:
    """One push, with all that it needs.

    Attributes:
        started: monotonic time.
        notes: what the user should know beside what the sources say.
        queue_fields: that tasks get where they are created, by their ids.
        learnt: the prompt that a tuned model that drafts has learned.
    """

    config: Config
    current: CurrentProject
    interface: Interface[Any]
    tasks: CleanedTasks
    progress: Progress
    started: float
    overwrite_annotated: bool
    notes: tuple[str, ...] = ()
    queue_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    learnt: PlainPrompt | None = None

    def rehearse(self, preview: int = 0) -> PushReport:
        """Compare as far as Label Studio can be asked; change nothing there.

        Args:
            preview: how many tasks to show as they would be sent.
        """
        plan, held, reason, anew = PushPlan(), ProjectTasks(), None, None
        unlisted: tuple[Unlisted, ...] = ()
        try:
            plan, held = self._plan(), self.current.held
            unlisted = self._unlisted()
            anew = self._redrafting(self._changed())
        except LabelStudioError as error:
            reason = str(error)
        self._write_dropped()
        completed, doubled = len(held.outdated), len(held.doubles)
        report = self._report(
            plan, completed, doubled, anew, unlisted, dry_run=True, not_compared=reason
        )
        shown = previews(self.tasks, self.interface, self.current.guidelines, preview)
        return replace(report, preview=shown)

    def carry_out(self) -> PushReport:
        """Bring Label Studio to what the sources say."""
        current = self.current
        current.settle()
        plan, held, unlisted = self._plan(), current.held, self._unlisted()
        refuse_lost(unlisted, current.found, self.interface)
        self._write_dropped()
        completed = self._complete(held)
        found, guidelines = current.found, current.guidelines
        anew = self._redrafting(self._changed())
        prepared = prepare_project(
            self.config, current.client, self.interface, guidelines, found,
            all_listed=not held.unlisted, learnt=self.learnt,
        )  # fmt: skip
        if anew is None and found.project and _is_other(prepared, found.project):
            anew = self._redrafting(("how LabelTune asks the model",))
        doubled = self._delete(prepared.id, held.doubles)
        updater = self._updater(prepared.id)
        pictures = self._send(plan, prepared.id, updater)
        if current.is_crowded(held.total - doubled + plan.count(Fate.CREATED)):
            doubled += self._delete(prepared.id, current.look().doubles)
        return self._report(
            plan, completed, doubled, anew, unlisted, prepared=prepared, updater=updater,
            pictures=pictures,
        )  # fmt: skip

    def _plan(self) -> PushPlan:
        fields, label_config = self.current.fields, self.current.found.label_config

        repeats = [tag.repeat for tag in label_config.objects]
        repeats += [tag.repeat for tag in label_config.controls]
        fitting: set[tuple[str, ...]] = set()

        def check(task: SourceTask) -> None:
            names = tuple(task.data)
            if names not in fitting:
                check_fields(label_config, fields.as_completed(task.data), task.where)
                if not any(repeats):  # a Repeater asks for lists, any other tag only for a field
                    fitting.add(names)

        held = self.current.held
        bar = self.progress.add_task("comparing", total=self.tasks.report.kept)
        compared = self.progress.track(self.tasks, task_id=bar)
        return compare(compared, held, fields, check, overwrite_annotated=self.overwrite_annotated)

    def _unlisted(self) -> tuple[Unlisted, ...]:
        """Of the tasks as `held` has pulled them."""
        current = self.current
        return renamed(self.config, self.interface, current.found, current.folder.table())

    def _changed(self) -> tuple[str, ...]:
        """What has changed since the last push that shapes drafts."""
        pushed = self.current.found.pushed
        now = backend_settings(self.config, self.current.guidelines, learnt=self.learnt)
        return changed_settings(pushed, now) if pushed else ()

    def _redrafting(self, because: tuple[str, ...]) -> Redrafting | None:
        """The drafts that are made anew because of that; none where nothing has changed."""
        project = self.current.found.project
        if project is None or not because:
            return None
        ask = partial(backend_says, self.config, get)
        client = self.current.client
        return redrafting(client, int(project["id"]), because, self.config.llm, ask)

    def _write_dropped(self) -> None:
        self.current.folder.write(DROPPED, self.tasks.cleaned.dropped())

    def _updater(self, project_id: int) -> Updater:
        return Updater(
            self.current.client,
            project_id,
            self.interface,
            self.current.guidelines,
            overwrite_annotated=self.overwrite_annotated,
        )

    def _complete(self, held: ProjectTasks) -> int:
        """Before the backend learns of new guidelines, so that no draft is made with old ones."""
        project = self.current.found.project
        if project is None or not held.outdated:
            return 0
        updater = self._updater(int(project["id"]))
        bar = self.progress.add_task("bringing tasks up to date", total=len(held.outdated))
        updater.complete(held.outdated, lambda done: self.progress.advance(bar, done))
        return updater.completed

    def _send(self, plan: PushPlan, project_id: int, updater: Updater) -> int:
        """Pictures first, then the tasks that show them; how many pictures were uploaded."""
        current = self.current
        uploads = PictureUploads(current.client, project_id, self.tasks.pictures)
        uploaded = uploads.bring(sent(self.tasks, plan), self.progress)
        importer = Importer(current.client, project_id, current.journal, current.look)
        total = plan.count(Fate.CREATED) + plan.count(Fate.UPDATED)
        bar = self.progress.add_task("importing", total=total)

        def complete(task: SourceTask) -> dict[str, Any]:
            data = {**without_queue(task.data), **self.queue_fields.get(str(task.id), {})}
            return self.interface.complete_task({**data, ID_FIELD: task.id}, current.guidelines)

        send(
            uploads.addressed(self.tasks), plan, current.held, importer, updater, complete,
            lambda done: self.progress.advance(bar, done),
        )  # fmt: skip
        return uploaded

    def _delete(self, project_id: int, doubles: list[int]) -> int:
        """Delete tasks of which there is another, unless somebody has begun to work on them."""
        delete = self.current.client.delete_untouched_tasks
        return sum(delete(project_id, chunk) for chunk in chunked(doubles, CHUNK))

    def _report(
        self,
        plan: PushPlan,
        completed: int,
        doubled: int,
        anew: Redrafting | None,
        unlisted: tuple[Unlisted, ...],
        *,
        prepared: PreparedProject | None = None,
        updater: Updater | None = None,
        pictures: int = 0,
        dry_run: bool = False,
        not_compared: str | None = None,
    ) -> PushReport:
        found = None if not_compared else self.current.found
        project = found and found.project
        project_id = prepared.id if prepared else (int(project["id"]) if project else None)
        late = updater.annotated if updater else 0
        return PushReport(
            project=self.config.label_studio.project,
            project_id=project_id,
            url=self.current.client.project_url(project_id) if project_id else None,
            model_version=prepared.model_version if prepared else None,
            dry_run=dry_run,
            new_project=found is not None and project is None,
            created=plan.count(Fate.CREATED),
            updated=updater.updated if updater else plan.count(Fate.UPDATED),
            overwritten=tuple(updater.overwritten) if updater else (),
            unchanged=plan.count(Fate.UNCHANGED),
            annotated=plan.count(Fate.ANNOTATED) + late,
            completed=completed,
            pictures=pictures,
            doubled=doubled,
            redrafting=anew,
            own_label_config=found is not None and found.own_label_config,
            not_compared=not_compared,
            seconds=round(time.monotonic() - self.started, 3),
            sources=tuple(self.tasks.reader.recognised),
            notes=(*self.tasks.reader.notes, *self.notes, *(f"{u.sentence()}." for u in unlisted)),
            unlisted=unlisted,
            cleaning=self.tasks.report,
            contents=pushed_contents(
                self.tasks.cleaned.contents,
                self.interface,
                self.config,
                found.label_config if found else None,
            ),
        )


def _is_other(prepared: PreparedProject, before: Mapping[str, Any]) -> bool:
    """Whether the drafts that the project had are of another version."""
    return before.get("model_version") not in (None, "", prepared.model_version)
