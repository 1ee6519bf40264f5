"""The model class for `label-studio-ml`, 2.x or 1.0.9: the answers of our own service.

Like our own web process it only asks the queue; `python -m ml_backend.worker` drafts.
"""

import functools
import json
import logging
import time
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.service import calls
from ml_backend.service.calls import known_settings, note_event, set_up
from ml_backend.service.wire import PayloadError, PredictRequest, SetupRequest, WebhookEvent
from ml_backend.settings import BackendSettings
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs

try:
    from label_studio_ml.model import LabelStudioMLBase as ModelBase
    from label_studio_ml.response import ModelResponse
except ModuleNotFoundError as error:
    if error.name != "label_studio_ml.response":
        raise
    from ml_backend.official import version_1

    # whoever serves the model, a script by `label-studio-ml init` too, needs its calls mended
    version_1.install()
    ModelBase, ModelResponse = version_1.ProjectModel, None

log = logging.getLogger(__name__)

Payload = TypeVar("Payload", bound=BaseModel)


@functools.cache
def environment() -> tuple[BackendSettings, Jobs]:
    """The settings and the queue of this process, opened by the first call that needs them."""
    settings = BackendSettings.from_environment()
    return settings, Jobs(open_queue(settings.queue))


class LabelTuneModel(ModelBase):  # type: ignore[misc]  # the package is not installed here
    """LabelTune's drafts of one project; the package's server makes one anew for each call."""

    def setup(self) -> None:
        """Take over the version that the project was set up with, in whichever process."""
        project_id = str(self.project_id)
        project = (
            known_settings(environment()[1], int(project_id))
            if project_id.isdecimal()
            else ProjectSettings()
        )
        self._announce(model_version(project))

    def set_extra_params(self, extra_params: Any) -> None:
        """Remember the project's settings; the server calls this in /setup, after `setup`.

        Args:
            extra_params: an object, or its JSON text.

        Raises:
            SettingsError: they can't be used.
            LabelConfigError: the project's label config does not fit its interface.
        """
        text = extra_params if isinstance(extra_params, str) else json.dumps(extra_params)
        super().set_extra_params(text)
        sent = {"project": self.project_id, "schema": self.label_config, "extra_params": text}
        self._announce(set_up(environment()[1], _checked(SetupRequest, sent)))

    def predict(
        self, tasks: list[dict[str, Any]], context: dict[str, Any] | None = None, **params: Any
    ) -> Any:
        """One slot a task, in order: a prediction, or `[]` for a draft that is not ready.

        Args:
            context: what an annotator did, in an interactive call.
            params: `login` and `password` of the project; not needed.

        Returns:
            A `ModelResponse` in 2.x, a list in 1.0.9.

        Raises:
            PayloadError: the tasks are not Label Studio's.
        """
        started = time.monotonic()
        settings, jobs = environment()
        sent = {"tasks": tasks, "project": self.project_id, "params": {"context": context}}
        body = _checked(PredictRequest, sent)
        project = known_settings(jobs, body.project_id)
        slots = calls.predict(jobs, body, project, calls.deadline_s(body, settings))
        version = model_version(project)
        log.info(
            "predict: %s tasks, %s ready, %.2f s, %s",
            len(slots), sum(map(bool, slots)), time.monotonic() - started, version,
        )  # fmt: skip
        if ModelResponse is None:
            return slots
        return ModelResponse(model_version=version, predictions=slots)

    def fit(self, *tasks_or_event: Any, **more: Any) -> None:
        """Look for work where an event may have brought some; no model is trained here.

        2.x passes `event` and `data` in order or by name, 1.0.9 passes tasks and then both by
        name. Nothing is returned: 1.0.9's own job store would take it for a trained model.

        Raises:
            PayloadError: the event is not Label Studio's.
        """
        event, data = more.get("event"), more.get("data")
        if tasks_or_event and isinstance(tasks_or_event[0], str):
            event, data = (*tasks_or_event, data)[:2]
        if event:
            sent = {**(data if isinstance(data, dict) else {}), "action": event}
            note_event(environment()[1], _checked(WebhookEvent, sent))

    def _announce(self, version: str) -> None:
        """Have the server answer /setup with this version."""
        if self.get("model_version") != version:  # 2.x writes to a file
            self.set("model_version", version)


def _checked(kind: type[Payload], sent: dict[str, Any]) -> Payload:
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(("payload", *(str(part) for part in fault["loc"])))
    # not chained: the server answers with the traceback, and pydantic's words quote the payload
    raise PayloadError(f"{where}: {fault['msg']}")
