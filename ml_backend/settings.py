"""The backend's own settings, read from environment variables."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drafting.project_settings import SettingsError

# the worker ends when its stdin does, a pipe from the process that started it
WITH_PARENT = "--with-parent"
# Label Studio gives up after 100 s, and the answer has to travel
LONGEST_DEADLINE_S = 90.0


@dataclass(frozen=True)
class BackendSettings:
    """The settings of one process.

    Attributes:
        queue: of jobs and of drafts on their way: an SQLite file, or `redis://…`.
        concurrency: tasks drafted at the same time.
        first_alone: how many requests have the model to themselves at first, see `FirstAlone`.
        own_url: the URL that projects register; others' projects are left alone. None: all.
        predict_deadline_s: when /predict answers with what it has; always under Label Studio's 100.
        open_deadline_s: the same of a single task, which somebody opens and waits for the page of.
        llm_timeout_s: how long a model may take for a reply.
    """

    label_studio_url: str = "http://127.0.0.1:8080"
    label_studio_key: str | None = None
    llm_base_url: str | None = None
    llm_key: str | None = None
    queue: str | Path = Path("labeltune-queue.db")
    concurrency: int = 4
    first_alone: int = 0
    own_url: str | None = None
    predict_deadline_s: float = 20.0
    open_deadline_s: float = 1.5
    llm_timeout_s: float = 120.0

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "BackendSettings":
        """Read `LABEL_STUDIO_*`, `OPENAI_*` and `LABELTUNE_*`.

        Raises:
            SettingsError: a variable must be a number, and isn't one that can be used.
        """
        return cls(
            label_studio_url=env.get("LABEL_STUDIO_URL", cls.label_studio_url),
            label_studio_key=env.get("LABEL_STUDIO_API_KEY"),
            llm_base_url=env.get("OPENAI_BASE_URL"),
            llm_key=env.get("OPENAI_API_KEY"),
            queue=env.get("LABELTUNE_QUEUE", cls.queue),
            concurrency=int(_positive(env, "LABELTUNE_CONCURRENCY", cls.concurrency)),
            first_alone=_count(env, "LABELTUNE_FIRST_ALONE", cls.first_alone),
            own_url=env.get("LABELTUNE_BACKEND_URL"),
            predict_deadline_s=min(
                _positive(env, "LABELTUNE_PREDICT_DEADLINE", cls.predict_deadline_s),
                LONGEST_DEADLINE_S,
            ),
            open_deadline_s=min(
                _positive(env, "LABELTUNE_OPEN_DEADLINE", cls.open_deadline_s), LONGEST_DEADLINE_S
            ),
            llm_timeout_s=_positive(env, "LABELTUNE_LLM_TIMEOUT", cls.llm_timeout_s),
        )


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    found = env.get(name, str(default))
    if not found.isdecimal():
        raise SettingsError(f"{name} must be a whole number, 0 or above, found {found!r}")
    return int(found)


def _positive(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError:
        value = 0.0
    if not math.isfinite(value) or value <= 0:
        raise SettingsError(f"{name} must be a number above 0, found {env[name]!r}")
    return value
