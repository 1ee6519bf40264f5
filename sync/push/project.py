"""A Label Studio project in which drafts appear and the least certain task comes next."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from rich.progress import Progress

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.label_studio_http import Json
from label_configs import Interface
from label_configs.config_xml import LabelConfig
from sync.config import Config
from sync.push.guidelines import refresh_guidelines
from sync.push.view import add_view

# under this key of a backend's extra_params are the settings that the backend reads
OURS = "labeltune"
CONFIG_DIGEST = "label_config_sha256"


@dataclass(frozen=True)
class PreparedProject:
    """A project whose backend is connected and whose versions agree.

    Attributes:
        own_label_config: somebody changed the label config in Label Studio, so it was kept.
        label_config: what its page shows.
    """

    id: int
    model_version: str
    is_new: bool
    own_label_config: bool
    label_config: LabelConfig


def prepare_project(
    config: Config,
    client: LabelStudio,
    interface: Interface[Any],
    guidelines: str,
    progress: Progress,
) -> PreparedProject:
    """Create the project or bring it up to date: interface, order, overlap, backend, versions.

    Raises:
        LabelStudioError: Label Studio refuses something, or can't reach the backend.
        LabelConfigError: the label config was changed there and the interface can't read it.
    """
    section = config.label_studio
    xml = interface.label_config()
    found = client.find_project(section.project)
    pushed = _last_push(client, int(found["id"])) if found else None
    own_label_config = (
        found is not None
        and pushed is not None
        and pushed.get(CONFIG_DIGEST) != _digest(found["label_config"])
    )
    if found is not None and own_label_config:
        xml = found["label_config"]
    source = f"the label config of project {section.project!r}" if found else None
    label_config = interface.check_config(xml, source)
    fields = {
        "title": section.project,
        "label_config": xml,
        "expert_instruction": MarkdownIt("js-default").render(guidelines),
        "show_instruction": False,  # folded in the page itself; a pop-up would be in the way
        "maximum_annotations": section.overlap,
        "sampling": "Uncertainty sampling",
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
    }
    if found is None:
        project = client.create_project(fields)
        add_view(client, int(project["id"]), interface)
    elif any(found.get(name) != value for name, value in fields.items()):
        project = client.update_project(found["id"], fields)
    else:
        project = found
    if pushed and guidelines and pushed.get("guidelines") != guidelines:
        refresh_guidelines(client, int(project["id"]), guidelines, progress)
    # what Label Studio made of it, which is what a later push will see
    digest = "" if own_label_config else _digest(project["label_config"])
    version = _connect_backend(config, client, project, guidelines, digest)
    _connect_webhook(client, int(project["id"]), config.backend.url)
    return PreparedProject(
        id=int(project["id"]),
        model_version=version,
        is_new=found is None,
        own_label_config=own_label_config,
        label_config=label_config,
    )


def _digest(xml: str) -> str:
    return hashlib.sha256(xml.encode()).hexdigest()


def _last_push(client: LabelStudio, project_id: int) -> Mapping[str, Any] | None:
    """What our last push told the project's backend; None when none was completed."""
    for backend in client.backends(project_id):
        ours: Mapping[str, Any] | None = (backend.get("extra_params") or {}).get(OURS)
        if ours is not None:
            return ours
    return None


def _connect_backend(
    config: Config, client: LabelStudio, project: Json, guidelines: str, digest: str
) -> str:
    """Register the backend with what it needs to know; returns the version that it drafts."""
    project_id, url = int(project["id"]), config.backend.url.rstrip("/")
    extra_params = {
        OURS: {
            "interface": config.label_studio.interface,
            "categories": list(config.label_studio.categories),
            "guidelines": guidelines,
            "llm": config.llm.model_dump(),
            "embedding": config.embedding.model_dump(),
            CONFIG_DIGEST: digest,
        }
    }
    fields = {"project": project_id, "url": url, "extra_params": extra_params}
    registered = client.backends(project_id)
    try:
        if not registered:
            client.add_backend({**fields, "title": "LabelTune"})
        elif registered[0]["url"] != url or registered[0]["extra_params"] != extra_params:
            client.update_backend(registered[0]["id"], fields)
    except LabelStudioError as error:
        if error.status != 400:
            raise
        raise LabelStudioError(
            f"Label Studio can't use the backend at {url}: is it running, and may Label Studio "
            f"reach it? ({error})",
            400,
        ) from error
    backend = client.backends(project_id)[0]  # listing makes Label Studio ask for the version
    version = backend["model_version"]
    if backend.get("readable_state") != "Connected" or not version:
        raise LabelStudioError(
            f"the backend at {url} does not answer Label Studio "
            f"({backend.get('error_message') or backend.get('readable_state')}); see its log"
        )
    # title, project version and prediction version must be one string for drafts to show
    if backend["title"] != version:
        client.update_backend(backend["id"], {**fields, "title": version})
    if project.get("model_version") != version:
        client.update_project(project_id, {"model_version": version})
    return str(version)


def _connect_webhook(client: LabelStudio, project_id: int, backend_url: str) -> None:
    """New tasks are announced to the backend; Label Studio omits that for one-word host names."""
    url = f"{backend_url.rstrip('/')}/webhook"
    if not any(webhook["url"] == url for webhook in client.webhooks(project_id)):
        client.add_webhook(
            {"project": project_id, "url": url, "send_payload": True, "send_for_all_actions": True}
        )
