"""A task to be drafted, as it travels through the queue."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_backend.settings import ProjectSettings


@dataclass(frozen=True)
class DraftJob:
    """One task to draft for one version.

    Attributes:
        data: the task's data.
        stale: ids of its predictions of other versions, deleted once the new one is in place.
        seen_at: when Label Studio was seen to hold no draft of it (Unix time); one that was
            finished since then makes the job needless.
    """

    project_id: int
    task_id: int
    data: Mapping[str, Any]
    settings: ProjectSettings
    model_version: str
    stale: tuple[int, ...] = ()
    seen_at: float = field(default_factory=time.time)

    @property
    def key(self) -> str:
        """Tells drafts apart: version, task, and whatever of its data shapes the draft."""
        inputs = self.settings.load_interface().inputs(self.data)
        digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
        return f"{self.model_version}:{self.task_id}:{digest}"

    def to_json(self) -> dict[str, Any]:
        """Plain values for the queue."""
        return {
            "project_id": self.project_id,
            "task_id": self.task_id,
            "data": dict(self.data),
            "settings": self.settings.model_dump(),
            "model_version": self.model_version,
            "stale": list(self.stale),
            "seen_at": self.seen_at,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "DraftJob":
        """The inverse of `to_json`."""
        return cls(
            project_id=raw["project_id"],
            task_id=raw["task_id"],
            data=raw["data"],
            settings=ProjectSettings.model_validate(raw["settings"]),
            model_version=raw["model_version"],
            stale=tuple(raw["stale"]),
            seen_at=raw["seen_at"],
        )


@dataclass(frozen=True)
class FinishedDraft:
    """A draft as Label Studio takes it: a prediction."""

    project_id: int
    task_id: int
    result: list[dict[str, Any]]
    score: float
    model_version: str
    stale: tuple[int, ...] = ()

    def prediction(self) -> dict[str, Any]:
        """The slot of this task in an answer to /predict."""
        return {"result": self.result, "score": self.score, "model_version": self.model_version}
