"""`push`: a project set up so that drafts and their order work, and its tasks imported once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import Progress

import label_configs
from connectors.label_studio import LabelStudio
from label_configs.task_fields import check_fields
from sync.config import Config
from sync.pull.listing import Json
from sync.push.completing import complete_held
from sync.push.project import prepare_project
from sync.sources import ID_FIELD, SourceTask, read_source

BATCH = 200


@dataclass(frozen=True)
class PushReport:
    """What a push did.

    Attributes:
        created: tasks imported.
        unchanged: tasks that the project held already.
        changed: tasks that the project holds with other data; left as they are.
        completed: tasks of the project that lacked fields of its page and now have them.
        new_project: whether the project was created by this push.
        own_label_config: the label config was changed in Label Studio, so it was kept.
    """

    project_id: int
    url: str
    model_version: str
    new_project: bool
    created: int
    unchanged: int
    changed: int
    completed: int
    own_label_config: bool

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def push(config: Config, sources: Sequence[Path], progress: Progress) -> PushReport:
    """Create or update the project and import what it does not hold yet.

    Every source is read and checked to its end before anything is sent.

    Raises:
        SourceError: a file or a line that can't be read; nothing was sent.
        LabelConfigError: a task that the project's page could not show; nothing was imported.
        LabelStudioError: Label Studio or the backend can't be used; run again to go on.
    """
    interface = config.load_interface()
    guidelines = config.guidelines_text()
    checked = list(_checked(sources, interface))
    with LabelStudio(config.label_studio.url, config.api_key) as client:
        return _push(config, client, interface, guidelines, checked, progress)


def _push(
    config: Config,
    client: LabelStudio,
    interface: label_configs.Interface[Any],
    guidelines: str,
    checked: Sequence[SourceTask],
    progress: Progress,
) -> PushReport:
    project = prepare_project(config, client, interface, guidelines, progress)
    held = _held_tasks(client, project.id)
    completed_now = complete_held(client, interface, held, progress)
    known = {
        task["data"][ID_FIELD]: _source_inputs(interface, task["data"])
        for task in held
        if ID_FIELD in task["data"]
    }
    fresh = [task for task in checked if task.id not in known]
    changed = sum(
        known[task.id] != _source_inputs(interface, task.data)
        for task in checked
        if task.id in known
    )
    completed = [
        (task.where, interface.complete_task({**task.data, ID_FIELD: task.id}, guidelines))
        for task in fresh
    ]
    for where, data in completed:
        check_fields(project.label_config, data, where)
    bar = progress.add_task("importing", total=len(fresh))
    created = 0
    for batch in _batches([data for _, data in completed]):
        created += client.import_tasks(project.id, [{"data": data} for data in batch])
        progress.advance(bar, len(batch))
    return PushReport(
        project_id=project.id,
        url=client.project_url(project.id),
        model_version=project.model_version,
        new_project=project.is_new,
        created=created,
        unchanged=len(checked) - len(fresh) - changed,
        changed=changed,
        completed=completed_now,
        own_label_config=project.own_label_config,
    )


def _checked(
    sources: Sequence[Path], interface: label_configs.Interface[Any]
) -> Iterator[SourceTask]:
    seen: dict[str, str] = {}
    for source in sources:
        for task in read_source(source, seen):
            interface.check_task(task.data, task.where)
            yield task


def _held_tasks(client: LabelStudio, project_id: int) -> list[Json]:
    """What the project holds: id and data of every task."""
    return [
        task
        for page in client.task_pages(project_id, include=("id", "data"), page_size=2000)
        for task in page.tasks
    ]


def _source_inputs(
    interface: label_configs.Interface[Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What a source says of a task; guidelines are the project's."""
    return {k: v for k, v in interface.inputs(data).items() if k != "guidelines"}


def _batches(tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], ...]]:
    rest = iter(tasks)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
