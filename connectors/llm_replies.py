"""What a chat endpoint answers, as values: samples of a reply, and the tokens that they took."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from connectors.llm_bodies import NO_COMPLETION_FORM, NoCompletionError, completion_in
from connectors.llm_calls import calls_in
from connectors.llm_content import PromptMessage, count_pictures, sent_text, storable
from connectors.llm_tools import OfferedTools

__all__ = ["NoCompletionError", "Reply", "Sample", "Usage", "read_completion"]

MESSAGE_OVERHEAD_TOKENS = 8
# as much as most models make of a large picture
PICTURE_TOKENS = 1_600
# DeepSeek, vLLM and llama.cpp; newer vLLM and OpenRouter
REASONING_FIELDS = ("reasoning_content", "reasoning")


@dataclass(frozen=True)
class Sample:
    """One sampled reply.

    Attributes:
        token_logprobs: natural log-probability of each token, each <= 0; empty when the server
            gives none.
        truncated: the reply hit the token limit.
        model: that was asked for it.
        reasoning: that the server gives beside the text; what it leaves in the text stays there.
        tool_calls: that the model makes, each as OpenAI's chat form has it, arguments as JSON
            text; empty where it makes none.
        withheld: why there is no text, as what the model's reply did; "" where nobody says.
    """

    text: str
    token_logprobs: tuple[float, ...] = ()
    truncated: bool = False
    model: str = ""
    reasoning: str = ""
    withheld: str = ""
    tool_calls: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens that were paid for.

    Attributes:
        estimated: the server did not tell, so that this is an upper bound.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True)
class Reply:
    """All samples of one prompt.

    Attributes:
        calls: completions that were paid for to get them.
    """

    samples: tuple[Sample, ...] = ()
    usage: Usage = Usage()
    calls: int = 0

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(
            self.samples + other.samples, self.usage + other.usage, self.calls + other.calls
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Reply":
        """The reply that `to_json` was called on."""
        return cls(
            tuple(
                Sample(
                    **{
                        **sample,
                        "token_logprobs": tuple(sample["token_logprobs"]),
                        "tool_calls": tuple(sample.get("tool_calls") or ()),
                    }
                )
                for sample in raw["samples"]
            ),
            Usage(**raw["usage"]),
            raw["calls"],
        )


def read_completion(
    content: bytes,
    model: str,
    messages: Sequence[PromptMessage],
    tools: OfferedTools | None = None,
) -> Reply:
    """The body of a chat completion.

    Args:
        messages: that were sent, and `tools` with them, to count by where the server does not.

    Raises:
        NoCompletionError: the answer is no completion, or holds no choice.
    """
    raw = completion_in(content)
    try:
        samples = tuple(_sample(choice, model) for choice in raw["choices"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NoCompletionError(NO_COMPLETION_FORM) from error
    return Reply(samples, _usage(raw.get("usage"), samples, messages, tools), 1)


def _sample(choice: Mapping[str, Any], model: str) -> Sample:
    logprobs = choice.get("logprobs") or {}
    told = (token["logprob"] for token in logprobs.get("content") or ())
    message = choice["message"]
    text, reasoning = _said(message)
    calls = calls_in(message)
    return Sample(
        text=text,
        # an engine may round above 0, or write NaN for a token that it forced
        token_logprobs=tuple(
            min(0.0, value) for value in told if value is not None and math.isfinite(value)
        ),
        truncated=choice.get("finish_reason") == "length",
        model=model,
        reasoning=reasoning,
        withheld="" if text.strip() else _withheld(message, choice.get("finish_reason")),
        tool_calls=calls,
    )


def _said(message: Mapping[str, Any]) -> tuple[str, str]:
    """The text of a message, and the reasoning beside it under any of its names."""
    content, thought = message.get("content"), ""
    if not isinstance(content, str):
        # some servers answer in parts, as requests may ask in parts
        parts = list(content or ())
        thought = "".join(_thought(part) for part in parts)
        content = "".join(part.get("text") or "" for part in parts if not _thought(part))
    for name in REASONING_FIELDS:
        told = message.get(name)
        thought = thought or (told if isinstance(told, str) else "")
    return storable(content), storable(thought).strip()


def _thought(part: Mapping[str, Any]) -> str:
    """The text of a part that is reasoning, as Mistral and Anthropic write it."""
    if part.get("type") not in ("thinking", "reasoning", "thought"):
        return ""
    inner = part.get("thinking") or part.get("reasoning") or part.get("text") or ""
    if isinstance(inner, str):
        return inner
    return "".join(piece.get("text") or "" for piece in inner)


def _withheld(message: Mapping[str, Any], finish_reason: Any) -> str:
    if finish_reason == "content_filter":
        return "was withheld by the server's content filter"
    if message.get("refusal"):
        return "is a refusal to answer"
    if message.get("tool_calls") or message.get("function_call"):
        return "only calls a tool"
    return ""


def _usage(
    told: Any,
    samples: Sequence[Sample],
    messages: Sequence[PromptMessage],
    tools: OfferedTools | None,
) -> Usage:
    shown = sum(len(sample.token_logprobs) for sample in samples)
    try:
        # llama.cpp counts the tokens of one choice only; what we were shown was made too
        return Usage(int(told["prompt_tokens"]), max(int(told["completion_tokens"]), shown))
    except (TypeError, KeyError, ValueError):
        prompt = sum(_most_tokens(sent_text(message)) for message in messages)
        prompt += PICTURE_TOKENS * sum(map(count_pictures, messages))
        prompt += _most_tokens(_json(tools.schemas)) if tools else 0
        return Usage(
            prompt + MESSAGE_OVERHEAD_TOKENS * (len(messages) + 1),
            shown or sum(_most_tokens(_written(sample)) + 1 for sample in samples),
            estimated=True,
        )


def _written(sample: Sample) -> str:
    """All that a model wrote for a sample."""
    return sample.text + sample.reasoning + (_json(sample.tool_calls) if sample.tool_calls else "")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _most_tokens(text: str) -> int:
    """More tokens than a tokenizer makes of ordinary text: one for every two ASCII characters,
    one for every byte of others.
    """
    ascii_characters = sum(map(str.isascii, text))
    return math.ceil(ascii_characters / 2) + len(text.encode("utf-8", "replace")) - ascii_characters
