"""A Label Studio project in which drafts appear and the least certain task comes next."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

from connectors.backend_secrets import (
    PASSWORD,
    SECRET_HEADER,
    USER,
    credentials,
    webhook_secret,
)
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.label_studio_http import Json
from label_configs import Interface
from label_configs.config_xml import LabelConfig
from sync.config import Config
from sync.push.told import told
from sync.push.view import add_view

# under this key of a backend's extra_params are the settings that the backend reads
OURS = "labeltune"
CONFIG_DIGEST = "label_config_sha256"
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


def find_project(config: Config, client: LabelStudio, interface: Interface[Any]) -> FoundProject:
    """Look the project up; nothing is changed.

    Raises:
        LabelStudioError: Label Studio can't be asked.
        LabelConfigError: the label config was changed there and the interface can't read it.
    """
    xml = interface.label_config()
    title = config.label_studio.project
    found = client.find_project(title)
    pushed = _last_push(client, int(found["id"])) if found else None
    own_label_config = (
        found is not None
        and pushed is not None
        and pushed.get(CONFIG_DIGEST) != _digest(found["label_config"])
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
) -> PreparedProject:
    """Create the project or bring it up to date: interface, order, overlap, backend, versions.

    The tasks must show new guidelines before: the backend learns of them here, and no draft may
    be made with the old ones.

    Raises:
        LabelStudioError: Label Studio refuses something, or can't reach the backend.
    """
    section = config.label_studio
    fields = {
        "title": section.project,
        "label_config": found.xml,
        "expert_instruction": MarkdownIt("js-default").render(guidelines),
        "show_instruction": False,  # folded in the page itself; a pop-up would be in the way
        "maximum_annotations": section.overlap,
        "sampling": "Uncertainty sampling",
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
    }
    project = found.project
    if project is None:
        project = _create(client, fields)
        add_view(client, int(project["id"]), interface)
    elif any(project.get(name) != value for name, value in fields.items()):
        project = _changed(client, project, fields)
    # what Label Studio made of it, which is what a later push will see
    digest = "" if found.own_label_config else _digest(project["label_config"])
    box = interface.instruction_control
    interactive = box is not None and found.label_config.control(box) is not None
    # first, since Label Studio makes one without the secret for a backend that has none
    _connect_webhook(config, client, int(project["id"]))
    version = _connect_backend(config, client, project, guidelines, digest, interactive)
    return PreparedProject(id=int(project["id"]), model_version=version)


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


def _last_push(client: LabelStudio, project_id: int) -> Mapping[str, Any] | None:
    """What our last push told the project's backend; None when none was completed."""
    for backend in client.backends(project_id):
        ours: Mapping[str, Any] | None = (backend.get("extra_params") or {}).get(OURS)
        if ours is not None:
            return ours
    return None


def _connect_backend(
    config: Config,
    client: LabelStudio,
    project: Json,
    guidelines: str,
    digest: str,
    interactive: bool,
) -> str:
    """Register the backend with what it needs to know; returns the version that it drafts.

    Args:
        interactive: the page asks the backend at once for what its instruction box says.
    """
    project_id, url = int(project["id"]), config.backend.url.rstrip("/")
    extra_params = {OURS: {**told(config, guidelines), CONFIG_DIGEST: digest}}
    fields = {
        "project": project_id,
        "url": url,
        "extra_params": extra_params,
        "is_interactive": interactive,
    }
    registered = next(iter(client.backends(project_id)), None)
    fields |= _authentication(config, registered)
    _register(client, fields, registered)
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


def _authentication(config: Config, registered: Mapping[str, Any] | None) -> Json:
    """What Label Studio sends to the backend to be let in.

    Where the environment holds no credentials, those that Label Studio knows stay; it shows no
    password, and an empty one leaves it as it is.
    """
    known = credentials(config.env)
    if known is not None:
        user, password = known.user, known.password
    elif registered and registered.get("auth_method") == "BASIC_AUTH":
        user, password = registered["basic_auth_user"], ""
    else:
        return {}
    return {"auth_method": "BASIC_AUTH", "basic_auth_user": user, "basic_auth_pass": password}


def _register(client: LabelStudio, fields: Json, registered: Mapping[str, Any] | None) -> None:
    """Add the backend, or change it where it differs; a password is never shown, so it differs."""
    try:
        if registered is None:
            client.add_backend({**fields, "title": "LabelTune"})
        elif any(registered.get(name) != value for name, value in fields.items()):
            client.update_backend(registered["id"], fields)
    except LabelStudioError as error:
        if error.status != 400:
            raise
        raise LabelStudioError(
            f"Label Studio can't use the backend at {fields['url']}: is it running, may Label "
            f"Studio reach it, and are {USER} and {PASSWORD} here the backend's? ({error})",
            400,
        ) from error


def _connect_webhook(config: Config, client: LabelStudio, project_id: int) -> None:
    """New tasks are announced to the backend, with the secret by which it knows its webhook."""
    url = f"{config.backend.url.rstrip('/')}/webhook"
    secret = webhook_secret(config.env)
    headers = {SECRET_HEADER: secret} if secret else {}
    fields = {"url": url, "send_payload": True, "send_for_all_actions": True, "headers": headers}
    ours = [webhook for webhook in client.webhooks(project_id) if webhook["url"] == url]
    if not ours:
        client.add_webhook({"project": project_id, **fields})
    for webhook in ours:
        if webhook["headers"] != headers:
            client.update_webhook(webhook["id"], fields)
