"""What a judge is asked and what comes of it, as values, and the server that it is asked of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.llm_replies import Reply
from connectors.llm_turns import PromptMessage

# why a request was not judged
TOO_LONG = "the prompt is too long for the model"
UNREADABLE = "the reply is not the JSON asked for"
CUT_OFF = "the reply was cut off; raise checks.judge.max_tokens"


class JudgeEndpoint(Protocol):
    """A model server; `connectors.llm.LLM` is one."""

    @property
    def base_url(self) -> str: ...
    def sample(
        self,
        messages: Sequence[PromptMessage],
        *,
        model: str,
        n: int,
        temperature: float,
        max_tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> Reply: ...


@dataclass(frozen=True)
class JudgeRequest:
    """One prompt.

    Attributes:
        read: makes the reply a value; raises ReplyError where it can't.
    """

    messages: Sequence[PromptMessage]
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


@dataclass
class JudgeReadings:
    """What came of requests.

    Attributes:
        values: one a request, in their order; None where it was not judged.
        known: requests that were answered before.
        why_not: how many were not judged, by reason.
        stopped: why no more was asked, as a sentence; "" where all was.
        cost: of this run.
    """

    values: list[Any]
    known: int = 0
    why_not: Counter[str] = field(default_factory=Counter)
    stopped: str = ""
    cost: float = 0.0
