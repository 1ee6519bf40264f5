"""A task to be drafted, as it travels through the queue."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from drafting.project_settings import ProjectSettings
from drafting.rewrite_request import Instructed
from label_configs.queue_fields import FIRST

# ends the keys of second passes
AGAIN = "+"


def again_key(key: str) -> str:
    """The key of a draft's second pass, by that of the first."""
    return f"{key}{AGAIN}"


@dataclass(frozen=True)
class DraftJob:
    """One task to draft for one version.

    Attributes:
        data: the task's data.
        stale: ids of its predictions that the new one replaces, deleted once it is in place.
        seen_at: when Label Studio was seen to hold no draft of it (Unix time); one that was
            finished since then makes the job needless.
        rewrite: what to change; the draft then goes to the annotator who waits, and to
            nobody else.
        again: the task has its draft, and this is its second pass.
    """

    project_id: int
    task_id: int
    data: Mapping[str, Any]
    settings: ProjectSettings
    model_version: str
    stale: tuple[int, ...] = ()
    seen_at: float = field(default_factory=time.time)
    rewrite: Instructed | None = None
    again: bool = False

    @cached_property
    def key(self) -> str:
        """Tells drafts apart: version, task, and whatever shapes the draft."""
        return again_key(self.first_key) if self.again else self.first_key

    @cached_property
    def first_key(self) -> str:
        """The key of this draft's first pass."""
        inputs = self.settings.load_interface().inputs(self.data)
        if self.rewrite is not None:
            inputs = {**inputs, "rewrite": asdict(self.rewrite)}
        digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
        return f"{self.model_version}:{self.task_id}:{digest}"

    @property
    def drafted_data(self) -> dict[str, Any]:
        """The task's data as the model gets it.

        It gets the project's guidelines, and the task's own where the project has none.
        """
        guidelines = self.settings.guidelines or self.data.get("guidelines")
        return {**self.data, "guidelines": guidelines}

    def to_json(self) -> dict[str, Any]:
        """The job as plain values for the queue, which keeps a project's settings only once."""
        return {
            "project_id": self.project_id,
            "task_id": self.task_id,
            "data": dict(self.data),
            "model_version": self.model_version,
            "stale": list(self.stale),
            "seen_at": self.seen_at,
            "rewrite": asdict(self.rewrite) if self.rewrite else None,
            "again": self.again,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], settings: ProjectSettings) -> "DraftJob":
        """The inverse of `to_json`."""
        rewrite = raw["rewrite"] and Instructed.from_json(raw["rewrite"])
        job = cls(
            project_id=raw["project_id"],
            task_id=raw["task_id"],
            data=raw["data"],
            settings=settings,
            model_version=raw["model_version"],
            stale=tuple(raw["stale"]),
            seen_at=raw["seen_at"],
            rewrite=rewrite,
            again=raw.get("again", False),  # queued by an older version
        )
        # what it was enqueued by
        job.__dict__.update(key=raw["key"], first_key=raw["key"].removesuffix(AGAIN))
        return job


@dataclass(frozen=True)
class FinishedDraft:
    """A draft as Label Studio takes it: a prediction.

    Attributes:
        one_by_one: Label Studio's import in bulk would drop it without a word, as it does
            with the controls of a Repeater.
        reasoning: what the model thought before it wrote the draft; an interface that has a place
            for it has it among the results as well.
        for_page_only: an annotator waits for it in the page; never stored as a prediction.
        again: it comes from the second pass, and may replace the one that the task has.
        score_only: it replaces nothing, and only its score counts.
        doubtful: it deserves a second pass.
        signals: what speaks for it, by name; the result tells them as well, where there is one.
        comes_first: its task comes before others, so that Label Studio gets a lower score.
    """

    project_id: int
    task_id: int
    result: list[dict[str, Any]]
    score: float
    model_version: str
    stale: tuple[int, ...] = ()
    one_by_one: bool = False
    reasoning: str = ""
    for_page_only: bool = False
    again: bool = False
    score_only: bool = False
    doubtful: bool = False
    signals: Mapping[str, float] = field(default_factory=dict)
    comes_first: bool = False

    @property
    def place(self) -> float:
        """The score by which Label Studio orders tasks, until they are ranked."""
        return FIRST * self.score if self.comes_first else self.score

    def prediction(self) -> dict[str, Any]:
        """The slot of this task in an answer to /predict."""
        return {"result": self.result, "score": self.place, "model_version": self.model_version}
