"""What the stand-in has seen: enough to show that nothing was lost, paid twice or hurried."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

EARLY_S = 0.005


@dataclass
class Counts:
    """Counters since the start or the last POST /_reset.

    Attributes:
        requests: chat completions asked for, whatever became of them.
        completed: answered with a completion; `choices` is how many replies these held.
        pictures: that came as data with completed requests.
        abandoned: the client left before its completion was ready.
        refused: answered 400 for what the behaviour says the server can't do.
        faults: injected, by name; what came while the server was gone is `gone`.
        calls_by_prompt, choices_by_prompt: of completed ones, by prompt digest.
        retries_after_429: one [seconds waited, seconds asked for] for each request that came
            after a 429 to the same prompt.
        early_retries: how many of those came too soon.
        first_s, last_s: monotonic time of the first request and the last completion.
    """

    requests: int = 0
    completed: int = 0
    choices: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    pictures: int = 0
    abandoned: int = 0
    refused: int = 0
    concurrent: int = 0
    max_concurrent: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    calls_by_prompt: Counter[str] = field(default_factory=Counter)
    choices_by_prompt: Counter[str] = field(default_factory=Counter)
    retries_after_429: list[list[float]] = field(default_factory=list)
    early_retries: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    _limited: dict[str, tuple[float, float]] = field(default_factory=dict)

    def came(self, digest: str) -> None:
        """A request for a chat completion."""
        now = time.monotonic()
        self.first_s = self.first_s or now
        self.requests += 1
        self.concurrent += 1
        self.max_concurrent = max(self.max_concurrent, self.concurrent)
        if digest in self._limited:
            at, asked_s = self._limited.pop(digest)
            self.retries_after_429.append([round(now - at, 4), asked_s])
            self.early_retries += now - at < asked_s - EARLY_S

    def limited(self, digest: str, retry_after_s: float) -> None:
        """A 429 was sent."""
        self._limited[digest] = (time.monotonic(), retry_after_s)

    def answered(self, digest: str, choices: int, usage: dict[str, int]) -> None:
        """A completion was sent."""
        self.last_s = time.monotonic()
        self.completed += 1
        self.choices += choices
        self.prompt_tokens += usage["prompt_tokens"]
        self.completion_tokens += usage["completion_tokens"]
        self.calls_by_prompt[digest] += 1
        self.choices_by_prompt[digest] += choices

    def to_json(self) -> dict[str, Any]:
        """Everything, and the number of prompts and the most calls that one of them took."""
        raw = {k: v for k, v in vars(self).items() if not k.startswith("_")}
        most = max(self.calls_by_prompt.values(), default=0)
        return {**raw, "prompts": len(self.calls_by_prompt), "most_calls_per_prompt": most}
