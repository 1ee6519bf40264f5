"""The registry's label-studio-ml 1.0.9 in the shape of 2.x.

By itself 1.0.9 keeps one model for all projects, tells it neither the project nor `extra_params`,
answers /setup with a version of its own, and forks a process for every event, whose payload it
writes to a file. Here each call makes the model of its project, as in 2.x.
"""

import json
from typing import Any

from flask import request
from label_studio_ml import api
from label_studio_ml.model import LabelStudioMLBase, LabelStudioMLManager, ModelWrapper


class ProjectModel(LabelStudioMLBase):  # type: ignore[misc]  # the package is not installed here
    """1.0.9's base class with the constructor and the methods of 2.x's."""

    def __init__(self, project_id: str | None = None, label_config: str | None = None) -> None:
        """Make the model of one project; the server makes one for each call."""
        super().__init__(label_config=label_config)
        self.project_id = project_id or ""
        self._values: dict[str, str] = {}
        self.setup()

    def setup(self) -> None:
        """Prepare; a model sets its version here."""

    def get(self, key: str) -> str | None:
        """What was set, in this call."""
        return self._values.get(key)

    def set(self, key: str, value: str) -> None:
        """Keep a text for the rest of this call."""
        self._values[key] = value

    def set_extra_params(self, extra_params: str) -> None:
        """Keep the backend's `extra_params`, as JSON text."""
        self.set("extra_params", extra_params)

    @property
    def extra_params(self) -> Any:
        """The backend's `extra_params`, once they are set."""
        return json.loads(self.get("extra_params") or "{}")

    @property
    def model_version(self) -> str | None:
        """The version of the project's drafts."""
        return self.get("model_version")


class ProjectModels(LabelStudioMLManager):  # type: ignore[misc]  # the same
    """Takes the place of 1.0.9's manager: a model of the call's own project answers each call."""

    @classmethod
    def fetch(
        cls, project: str | None = None, label_config: str | None = None, *_: Any, **__: Any
    ) -> ModelWrapper:
        """For /setup: the project's model, with the `extra_params` that the route leaves out."""
        model = cls._of(project, label_config)
        extra_params = request.get_json().get("extra_params")
        if extra_params:
            model.set_extra_params(extra_params)
        return ModelWrapper(model, model.model_version)

    @classmethod
    def predict(
        cls,
        tasks: list[dict[str, Any]],
        project: str | None = None,
        label_config: str | None = None,
        force_reload: bool = False,
        try_fetch: bool = True,
        **params: Any,
    ) -> tuple[Any, ModelWrapper]:
        """For /predict, in any process, whichever answered /setup."""
        model = cls._of(project, label_config)
        return model.predict(tasks, **params), ModelWrapper(model, model.model_version)

    @classmethod
    def webhook(cls, event: str, data: dict[str, Any]) -> dict[str, str]:
        """For /webhook: at once, since the model only enqueues."""
        cls._of(None, None).fit((), event=event, data=data)
        return {"status": "ok"}

    @classmethod
    def train(cls, *_: Any, **__: Any) -> None:
        """For /train, which Label Studio no longer calls: nothing is trained."""

    @classmethod
    def is_training(cls, project: str | None) -> dict[str, Any]:
        """For /is_training."""
        return {"is_training": False, "backend": "none"}

    @classmethod
    def _of(cls, project: str | None, label_config: str | None) -> Any:
        """The model of Label Studio's `<id>.<created>`."""
        return cls.model_class((project or "").partition(".")[0], label_config)


def install() -> None:
    """Let 1.0.9's routes ask `ProjectModels`; the package offers no other way."""
    api._manager = ProjectModels()
