"""What the stand-in does to a request: how long it takes, what it can't do, how often it fails."""

import random
from dataclasses import dataclass, field, fields
from typing import Any

CHOICES = {
    "logprobs": ("yes", "refuse", "ignore"),
    "n": ("yes", "refuse", "ignore"),
    "structured": ("yes", "object", "refuse", "ignore"),
    "tools": ("ignore", "call", "refuse"),
    "wording": ("openai", "llama.cpp", "vllm"),
}
FAULTS = ("limited", "failed", "overloaded", "hanging", "html", "cut_json", "closed")


def _share(help_text: str) -> Any:
    return field(default=0.0, metadata={"help": f"share of requests in [0, 1]: {help_text}"})


@dataclass(frozen=True)
class Behaviour:
    """The flags of the command line and the JSON of POST /_faults follow from these fields."""

    latency_ms: float = field(default=200.0, metadata={"help": "from request to reply"})
    model: str = field(default="stand-in", metadata={"help": "what GET /v1/models lists"})
    seed: int = field(default=0, metadata={"help": "of the draw of faults"})
    limited: float = _share("429 with Retry-After")
    retry_after_s: float = field(default=1.0, metadata={"help": "the Retry-After of a 429"})
    failed: float = _share("500")
    overloaded: float = _share("503")
    hanging: float = _share("the connection is held and nothing comes")
    html: float = _share("a web page with status 200")
    cut_json: float = _share("JSON that breaks off, with status 200")
    closed: float = _share("the connection is closed at once")
    gone_s: float = field(
        default=0.0, metadata={"help": "from now on for so long every connection is closed"}
    )
    logprobs: str = field(default="yes", metadata={"help": "refuse answers 400"})
    n: str = field(default="yes", metadata={"help": "refuse answers 400, ignore gives one choice"})
    most_n: int = field(default=128, metadata={"help": "a larger n is answered 400"})
    structured: str = field(
        default="yes", metadata={"help": "response_format: object knows json_object only"}
    )
    tools: str = field(
        default="ignore", metadata={"help": "call: the first tool of a request is called"}
    )
    usage: bool = field(default=True, metadata={"help": "tell the tokens used"})
    context_tokens: int = field(default=0, metadata={"help": "0 is no limit"})
    wording: str = field(default="openai", metadata={"help": "of the refusal of a long prompt"})

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is one of {', '.join(known)}, not {getattr(self, name)}")
        if not 0 <= sum(getattr(self, name) for name in FAULTS) <= 1:
            raise ValueError(f"the shares of {', '.join(FAULTS)} must sum up to at most 1")

    def fault(self, draws: random.Random) -> str | None:
        """The name of the next request's fault, or None."""
        left = draws.random()
        for name in FAULTS:
            left -= getattr(self, name)
            if left < 0:
                return name
        return None

    @classmethod
    def read(cls, raw: dict[str, Any], before: "Behaviour") -> "Behaviour":
        """`before` with the fields that `raw` names.

        Raises:
            ValueError: an unknown field, or a value out of range.
        """
        known = {known.name for known in fields(cls)}
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"unknown: {', '.join(unknown)} (known: {', '.join(sorted(known))})")
        return cls(**{name: raw.get(name, getattr(before, name)) for name in known})
