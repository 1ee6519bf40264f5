"""The project in Label Studio: looked up, then made or brought up to date.

In it drafts appear, and the least certain task comes next.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.task_pages import Json
from drafting.plain_prompt import PlainPrompt
from label_configs import Interface
from label_configs.config_xml import LabelConfig
from sync.intake.push.backend_of_project import (
    connect_backend,
    connect_webhook,
    last_push,
)
from sync.intake.push.project_views import (
    add_views,
    given_views,
    wanted_views,
    with_queue_columns,
)
from sync.intake.services.task_stream import RANKED
from sync.settings import Config

# how Label Studio names the controls that annotations hold values of
_USED = re.compile(r"\d+ with from_name=([^,\s]+), to_name=")


@dataclass(frozen=True)
class FoundProject:
    """A project as a push finds it, and the label config that it will have.

    Attributes:
        project: as Label Studio lists it; None while there is none.
        pushed: what our last push told its backend; None when none was completed.
        own_label_config: somebody changed the label config in Label Studio, so it is kept.
    """

    project: Json | None
    pushed: Mapping[str, Any] | None
    own_label_config: bool
    xml: str
    label_config: LabelConfig


@dataclass(frozen=True)
class PreparedProject:
    """A project whose backend is connected and whose versions agree."""

    id: int
    model_version: str


def inspect_project(config: Config, client: LabelStudio, interface: Interface[Any]) -> FoundProject:
    """Look the project up, with its last push and its label config; nothing is changed.

    Raises:
        LabelStudioError: Label Studio can't be asked.
        LabelConfigError: the label config was changed there and the interface can't read it.
    """
    xml = interface.label_config()
    title = config.label_studio.project
    found = client.find_project(title)
    pushed = last_push(client, int(found["id"])) if found else None
    own_label_config = (
        found is not None
        and pushed is not None
        and pushed.get("label_config_sha256") != _digest(found["label_config"])
    )
    if found is not None and own_label_config:
        xml = found["label_config"]
    source = f"the label config of project {title!r}" if found else None
    label_config = interface.check_config(xml, source)
    return FoundProject(found, pushed, own_label_config, xml, label_config)


def prepare_project(
    config: Config,
    client: LabelStudio,
    interface: Interface[Any],
    guidelines: str,
    found: FoundProject,
    *,
    all_listed: bool = True,
    learnt: PlainPrompt | None = None,
) -> PreparedProject:
    """Create the project or bring it up to date: interface, order, overlap, views, backend.

    The tasks must show new guidelines before: the backend learns of them here, and no draft may
    be made with the old ones.

    Args:
        all_listed: whether every task that it holds has the fields by which tasks are listed.
        learnt: the prompt that a tuned model that drafts has learned.

    Raises:
        LabelStudioError: Label Studio refuses something, or can't reach the backend.
    """
    fields, project = _fields(config, guidelines, found.xml), found.project
    if project is None:
        project = _create(client, fields)
    elif any(project.get(name) != value for name, value in fields.items()):
        project = _changed(client, project, fields)
    # what Label Studio made of it, which is what a later push will see
    digest = "" if found.own_label_config else _digest(project["label_config"])
    box = interface.instruction_control
    interactive = box is not None and found.label_config.control(box) is not None
    wanted = _wanted_views(config, interface, found, all_listed)
    given = given_views(found.project, found.pushed, wanted)
    views = add_views(client, int(project["id"]), wanted, given)
    views = with_queue_columns(client, int(project["id"]), wanted, given, views)
    # first, since Label Studio makes one without the secret for a backend that has none
    connect_webhook(config, client, int(project["id"]))
    version = connect_backend(
        config, client, project, guidelines, digest, interactive, views, learnt
    )
    return PreparedProject(id=int(project["id"]), model_version=version)


def _fields(config: Config, guidelines: str, label_config: str) -> Json:
    """A project's settings in Label Studio."""
    section = config.label_studio
    return {
        "title": section.project,
        "label_config": label_config,
        "expert_instruction": MarkdownIt("js-default").render(guidelines),
        "show_instruction": False,  # folded in the page itself; a pop-up would be in the way
        "maximum_annotations": section.overlap,
        "sampling": RANKED,
        "show_overlap_first": False,  # would hand out some tasks before all others
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
    }


def _wanted_views(
    config: Config, interface: Interface[Any], found: FoundProject, all_listed: bool
) -> dict[str, Json]:
    return wanted_views(
        interface,
        found.label_config,
        interface.complete_task(interface.example),
        all_listed=all_listed,
        categorised=any(each.assigned_by != "model" for each in config.categories.values()),
    )


def _create(client: LabelStudio, fields: Json) -> Json:
    """A new project, or the one that a push which was killed has made meanwhile.

    Of several with one title the oldest counts, so a younger one would be lost sight of.
    """
    created = client.create_project(fields)
    oldest = client.find_project(fields["title"])
    if oldest is None or oldest["id"] == created["id"]:
        return created
    client.delete_project(int(created["id"]))
    return oldest


def _changed(client: LabelStudio, project: Json, fields: Json) -> Json:
    """A project with other settings; Label Studio keeps every control that annotations have used.

    Raises:
        LabelStudioError: such a control would go, or Label Studio fails.
    """
    try:
        return client.update_project(project["id"], fields)
    except LabelStudioError as error:
        used = _USED.findall(str(error))
        if error.status != 400 or not used:
            raise
        raise LabelStudioError(
            f"{fields['title']!r}: annotations have used {', '.join(dict.fromkeys(used))}, so "
            "Label Studio does not take that out of the page; put back what labeltune.toml said "
            "before (label_studio.interface, label_studio.categories, [categories.…]), or push to "
            "a project with another title",
            400,
        ) from error


def _digest(xml: str) -> str:
    return hashlib.sha256(xml.encode()).hexdigest()
