"""A practice project for new people: finished work that a reviewer approved, with its answers.

It stands beside the project, is filled from its table, and nothing in it is ever exported. Each
task is there once; whoever is new answers them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt
from rich.progress import Progress

from connectors.label_studio import LabelStudio
from label_configs import Interface
from label_configs.practice import FIELD, practice_html, with_practice
from label_configs.queue_fields import without_queue
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.current_project import CurrentProject
from sync.intake.push.exactly_once import Importer
from sync.intake.push.plan import Fate, compare, send
from sync.intake.push.project_views import ALL_TASKS, add_views, wanted_views
from sync.intake.push.updates import Updater
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.record import LabelledRecord
from sync.records.review_queues import derived_name, derived_title
from sync.settings import Config

TASKS = 20
_VERSION = "practice"
# as many as ever come: everybody answers every task
_EVERYBODY = 1000


@dataclass(frozen=True)
class PracticeReport:
    """What was done.

    Attributes:
        approved: finished tasks of the project that a reviewer, or a star, stands for.
        tasks: of the practice project; `new` and `changed` of them were sent, `removed` taken out,
            since their answers are approved no more.
    """

    project: str
    url: str | None
    approved: int
    tasks: int
    new: int
    changed: int
    removed: int
    dry_run: bool

    def to_json(self) -> Json:
        """All of it, for machines."""
        return asdict(self)


def push_practice(
    config: Config, progress: Progress, client: LabelStudio | None = None, *, dry_run: bool = False
) -> PracticeReport:
    """Fill the practice project from the finished work that was pulled.

    Args:
        dry_run: change nothing in Label Studio.

    Raises:
        SyncError: nothing is approved yet, nothing was pulled, or another push is running.
        LabelStudioError: Label Studio can't be used; run again to go on.
    """
    work = open_pulled_work(config)
    approved = {record.key: _labels(record, work.interface) for record in _approved(work)}
    if not approved:
        raise SyncError(
            f"{config.label_studio.project!r} has no finished task with an id from its source that "
            "a reviewer approved or that has a star in Label Studio, so there is nothing to "
            "practise on; `labeltune review` first, or set stars, and `labeltune pull`"
        )
    own = practice_config(config)
    current = CurrentProject(own, work.interface, config.guidelines_text(), progress, client)
    with closing(current), current.folder.only_one("push"):
        if not dry_run:
            current.settle()
        chosen = choose_practice(approved, current.held.tasks, TASKS)
        tasks = list(_practice_tasks(work, set(chosen)))
        plan = compare(tasks, current.held, current.fields, lambda task: None)
        gone = [each.task_id for key, each in current.held.tasks.items() if key not in chosen]
        project = current.found.project
        removed = len(gone)
        if not dry_run:
            project = _bring_project(current.client, own, work.interface, current, project)
            importer = Importer(current.client, project["id"], current.journal, current.look)
            updater = Updater(current.client, project["id"], work.interface, current.guidelines)
            bar = progress.add_task("sending practice tasks", total=len(tasks))

            def complete(task: SourceTask) -> dict[str, Any]:
                data = {**task.data, ID_FIELD: task.id}
                return work.interface.complete_task(data, current.guidelines)

            send(
                tasks, plan, current.held, importer, updater, complete,
                lambda done: progress.advance(bar, done),
            )  # fmt: skip
            removed = current.client.delete_untouched_tasks(project["id"], gone)
            if any(task.predictions for task in tasks):
                # only now, since Label Studio takes no version of which it has no draft
                current.client.update_project(project["id"], {"model_version": _VERSION})
        url = None if project is None else current.client.project_url(int(project["id"]))
    return PracticeReport(
        own.label_studio.project,
        url,
        len(approved),
        len(tasks),
        plan.count(Fate.CREATED),
        plan.count(Fate.UPDATED),
        removed,
        dry_run,
    )


def practice_config(config: Config) -> Config:
    """The configuration of the practice project, whose files lie beside those of the project."""
    title = derived_title(config, " practice")
    return config.model_copy(
        update={
            "label_studio": config.label_studio.model_copy(update={"project": title}),
            "project_name": derived_name(config, "practice"),
            "siblings": {},
        }
    )


def choose_practice(
    approved: Mapping[str, Sequence[str]], held: Mapping[str, Any], number: int
) -> list[str]:
    """The ids of tasks to practise on: those that are there already, then one of each kind in turn.

    Args:
        approved: labels of each task, by its id from the source.
    """
    chosen = [key for key in held if key in approved][:number]
    by_kind: dict[tuple[str, ...], list[str]] = {}
    for key in sorted(set(approved) - set(chosen), key=_digest):
        by_kind.setdefault(tuple(approved[key]), []).append(key)
    turns = [own for _, own in sorted(by_kind.items())]
    while len(chosen) < number and any(turns):
        for own in turns:
            if own and len(chosen) < number:
                chosen.append(own.pop(0))
    return chosen


def _digest(key: str) -> bytes:
    return sha256(f"practice:{key}".encode("utf-8", "surrogatepass")).digest()


def _approved(work: PulledWork) -> Iterator[LabelledRecord]:
    for outcome in work.outcomes():
        if (
            isinstance(outcome, LabelledRecord)
            and outcome.review is not None
            and outcome.accepted(work.interface)
            and outcome.data.get(ID_FIELD) not in (None, "")
        ):
            yield outcome


def _labels(record: LabelledRecord, interface: Interface[Any]) -> tuple[str, ...]:
    return tuple(f"{name} {label}" for name, label in sorted(_decided(record, interface).items()))


def _decided(record: LabelledRecord, interface: Interface[Any]) -> dict[str, Any]:
    """The categories that were given; not what became of the draft, which is another one's."""
    return {**record.categories, **interface.task_labels(record.record)}


def _practice_tasks(work: PulledWork, chosen: set[str]) -> Iterator[SourceTask]:
    interface = work.interface
    for record in _approved(work):
        if record.key not in chosen:
            continue
        answer = interface.answer(record.record) or interface.written(record.record)
        reason = "" if record.review is None else record.review.reason
        shown = practice_html(answer, _decided(record, interface), reason)
        drafts: tuple[Json, ...] = ()
        if record.draft is not None:
            result = interface.encode(record.draft)
            drafts = ({"model_version": _VERSION, "score": 0.5, "result": result},)
        data = {**without_queue(record.data), FIELD: shown}
        yield SourceTask(record.key, data, f"task {record.task_id}", predictions=drafts)


def _bring_project(
    client: LabelStudio,
    config: Config,
    interface: Interface[Any],
    current: CurrentProject,
    found: Json | None,
) -> Json:
    """The practice project, made or put right; it has no backend, so nothing drafts in it."""
    xml = with_practice(interface.label_config(), f"{interface.name}.xml")
    fields = {
        "title": config.label_studio.project,
        "label_config": xml,
        "expert_instruction": MarkdownIt("js-default").render(current.guidelines),
        "maximum_annotations": _EVERYBODY,
        "sampling": "Sequential sampling",
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
    }
    if found is None:
        made = client.create_project(fields)
        oldest = client.find_project(fields["title"])
        if oldest is not None and oldest["id"] != made["id"]:  # of a run that was killed
            client.delete_project(int(made["id"]))
            made = oldest
        del current.found
        found = made
    else:
        found = client.update_project(int(found["id"]), fields)
    _add_view(client, int(found["id"]), interface)
    return found


def _add_view(client: LabelStudio, project_id: int, interface: Interface[Any]) -> None:
    """Give the table of tasks a tab that does not show the answers."""
    fields = {*interface.complete_task(interface.example), FIELD}
    wanted = wanted_views(interface, interface.config, fields, all_listed=True, categorised=False)
    add_views(client, project_id, {ALL_TASKS: wanted[ALL_TASKS]}, ())
