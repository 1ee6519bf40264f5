"""A Label Studio project in which drafts appear and the least certain task comes next."""

from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

from connectors.errors import LabelStudioError
from connectors.label_studio import Json, LabelStudio
from label_configs import Interface
from sync.config import Config


@dataclass(frozen=True)
class PreparedProject:
    """A project whose backend is connected and whose versions agree."""

    id: int
    model_version: str
    is_new: bool


def prepare_project(
    config: Config, client: LabelStudio, interface: Interface[Any], guidelines: str
) -> PreparedProject:
    """Create the project or bring it up to date: interface, order, overlap, backend, versions.

    Raises:
        LabelStudioError: Label Studio refuses something, or can't reach the backend.
    """
    section = config.label_studio
    fields = {
        "title": section.project,
        "label_config": interface.label_config(section.categories),
        "expert_instruction": MarkdownIt("js-default").render(guidelines),
        "show_instruction": False,  # folded in the page itself; a pop-up would be in the way
        "maximum_annotations": section.overlap,
        "sampling": "Uncertainty sampling",
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
    }
    found = client.find_project(section.project)
    if found is None:
        project = client.create_project(fields)
    elif any(found.get(name) != value for name, value in fields.items()):
        project = client.update_project(found["id"], fields)
    else:
        project = found
    project_id = int(project["id"])
    backend = _connect_backend(config, client, project_id, guidelines)
    version = str(backend["model_version"])
    # title, project version and prediction version must be one string for drafts to show
    if backend["title"] != version:
        client.update_backend(
            backend["id"], {"url": backend["url"], "project": project_id, "title": version}
        )
    if project.get("model_version") != version:
        client.update_project(project_id, {"model_version": version})
    _connect_webhook(client, project_id, config.backend.url)
    return PreparedProject(project_id, version, found is None)


def _connect_backend(config: Config, client: LabelStudio, project_id: int, guidelines: str) -> Json:
    """The project's backend, registered with what it needs to know, as Label Studio sees it."""
    url = config.backend.url.rstrip("/")
    extra_params = {
        "labeltune": {
            "interface": config.label_studio.interface,
            "guidelines": guidelines,
            "llm": config.llm.model_dump(),
            "embedding": config.embedding.model_dump(),
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
    if not backend["model_version"]:
        raise LabelStudioError(
            f"the backend at {url} does not answer Label Studio's /setup "
            f"({backend.get('error_message') or backend.get('readable_state')}); see its log"
        )
    return backend


def _connect_webhook(client: LabelStudio, project_id: int, backend_url: str) -> None:
    """New tasks are announced to the backend; Label Studio omits that for one-word host names."""
    url = f"{backend_url.rstrip('/')}/webhook"
    if not any(webhook["url"] == url for webhook in client.webhooks(project_id)):
        client.add_webhook(
            {"project": project_id, "url": url, "send_payload": True, "send_for_all_actions": True}
        )
