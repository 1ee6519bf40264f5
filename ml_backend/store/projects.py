"""What the backend knows of its projects, for all processes that use the same queue."""

import functools
import json
from collections.abc import Mapping
from typing import Any

from huey.api import Huey

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.store.marks import Marks

ANNOUNCED_S = 60.0


class Projects:
    """Each project's settings, which jobs are announced for it, and why it is at rest."""

    def __init__(self, huey: Huey, marks: Marks) -> None:
        self._huey = huey
        self._marks = marks

    def ids(self) -> list[int]:
        """The projects that we know."""
        return list(self._huey.get("projects", peek=True) or ())

    def remember(self, project_id: int, settings: ProjectSettings) -> None:
        """Keep a project's settings; its drafts have their version from now on."""
        raw = json.dumps(settings.model_dump())
        if self._huey.get(f"settings:{project_id}", peek=True) == raw:
            return
        self._huey.put(f"settings:{project_id}", raw)
        self._huey.put("projects", sorted({*self.ids(), project_id}))

    def settings(self, project_id: int) -> ProjectSettings | None:
        """A project's settings as they were read last; None where they never were."""
        raw = self._huey.get(f"settings:{project_id}", peek=True)
        return None if raw is None else _parsed(raw)

    def known(self) -> dict[int, ProjectSettings]:
        """The settings of every project that we know, by its id."""
        found = ((project_id, self.settings(project_id)) for project_id in self.ids())
        return {project_id: settings for project_id, settings in found if settings is not None}

    def is_outdated(self, project_id: int, version: str) -> bool:
        """Whether a project has moved on to another version since."""
        settings = self.settings(project_id)
        return settings is not None and model_version(settings) != version

    # work that a burst of events asks for

    def announce(self, what: str, project_id: int) -> bool:
        """Whether to enqueue a job: true for one caller until it starts, so a burst makes one."""
        name = f"announced:{what}:{project_id}"
        # looking costs less than a claim that fails
        return not self._marks.is_set(name) and self._marks.claim(name, ANNOUNCED_S)

    def started(self, what: str, project_id: int) -> None:
        """Note that the announced job starts; the next event needs another one."""
        self._marks.delete(f"announced:{what}:{project_id}")

    def is_due(self, what: str, every_s: float) -> bool:
        """Whether it is time again: true for one caller in every `every_s` seconds."""
        return self._marks.claim(f"due:{what}", every_s)

    # projects that are at rest

    def stop(self, project_id: int, reason: str, seconds: float) -> None:
        """Draft nothing of a project for that long: more calls would be refused alike."""
        self._marks.put(f"stopped:{project_id}", seconds, reason=reason)

    def stopped(self, project_id: int) -> str | None:
        """Why nothing of a project is drafted now; None while it is."""
        mark = self._marks.read(f"stopped:{project_id}")
        return None if mark is None else str(mark["reason"])

    def go_on(self) -> None:
        """Forget why projects were stopped: a worker that starts may have another key."""
        for project_id in self.ids():
            self._marks.delete(f"stopped:{project_id}")

    # what one process finds out and another shows

    def remember_model_server(self, url: str, model: str, facts: Mapping[str, Any]) -> None:
        """Keep what a model of a server can do.

        Args:
            facts: plain values.
        """
        known = self.facts("model_servers")
        known[f"{url} {model}"] = {"url": url, "model": model, **facts}
        self.remember_facts("model_servers", known)

    def model_servers(self) -> list[dict[str, Any]]:
        """What is known of each model of each server: `url`, `model`, and its facts."""
        return list(self.facts("model_servers").values())

    def remember_facts(self, name: str, facts: Mapping[str, Any]) -> None:
        """Keep plain values by name, such as what a model server can do."""
        self._huey.put(f"facts:{name}", dict(facts))

    def facts(self, name: str) -> dict[str, Any]:
        """What `remember_facts` kept last; empty where it kept nothing."""
        return dict(self._huey.get(f"facts:{name}", peek=True) or {})


@functools.lru_cache(maxsize=256)
def _parsed(raw: str) -> ProjectSettings:
    return ProjectSettings.model_validate(json.loads(raw))
