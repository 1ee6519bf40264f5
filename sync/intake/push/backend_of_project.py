"""The backend of a Label Studio project, and the webhook that tells it of new tasks."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.backend_secrets import (
    PASSWORD,
    SECRET_HEADER,
    USER,
    credentials,
    webhook_secret,
)
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.task_pages import Json
from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import OURS, SettingsError, decoded
from sync.intake.push.backend_params import backend_settings
from sync.settings import Config


def last_push(client: LabelStudio, project_id: int) -> Mapping[str, Any] | None:
    """What our last push told the project's backend, as it stands; None: none was completed.

    It is no `ProjectSettings` yet: whatever stands there, this push puts it right.
    """
    for backend in client.backends(project_id):
        with contextlib.suppress(SettingsError):
            written = decoded(backend.get("extra_params")).get(OURS)
            if isinstance(written, Mapping):
                return written
    return None


def connect_backend(
    config: Config,
    client: LabelStudio,
    project: Json,
    guidelines: str,
    digest: str,
    interactive: bool,
    views: Sequence[str] = (),
    learnt: PlainPrompt | None = None,
) -> str:
    """Register the backend with what it needs to know; returns the version that it drafts.

    Args:
        interactive: the page asks the backend at once for what its instruction box says.
        views: names of those that the project was given, for the next push.
        learnt: the prompt that a tuned model that drafts has learned.

    Raises:
        LabelStudioError: Label Studio refuses something, or can't reach the backend.
    """
    project_id, url = int(project["id"]), config.backend.url.rstrip("/")
    fields = {
        "project": project_id,
        "url": url,
        "extra_params": backend_settings(
            config, guidelines, digest, views, learnt
        ).to_extra_params(),
        "is_interactive": interactive,
    }
    registered = next(iter(client.backends(project_id)), None)
    fields |= _authentication(config, registered)
    _register(client, fields, registered)
    backend = client.backends(project_id)[0]  # listing makes Label Studio ask for the version
    if backend["extra_params"] != fields["extra_params"]:
        # whoever listed backends meanwhile made Label Studio store what it had read before
        _register(client, fields, backend)
        backend = client.backends(project_id)[0]
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


def connect_webhook(config: Config, client: LabelStudio, project_id: int) -> None:
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
