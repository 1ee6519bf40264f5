"""An OpenAI-compatible chat endpoint: k samples of one reply, with token log-probabilities."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openai
from openai.types.chat import ChatCompletion

from connectors.errors import LLMError

log = logging.getLogger(__name__)

Message = Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """One sampled reply.

    Attributes:
        token_logprobs: natural log-probability of each token, each <= 0; empty when the server
            gives none.
        truncated: the reply hit the token limit.
    """

    text: str
    token_logprobs: tuple[float, ...] = ()
    truncated: bool = False


class LLM:
    """A client of one endpoint; what the server can't do is found out once and then avoided."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        timeout_s: float = 300.0,
        max_retries: int = 4,
    ) -> None:
        # local servers often need no key, but the client insists on one
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=timeout_s,
            max_retries=max_retries,
        )
        self._n_per_call = 16
        self._logprobs = True

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return str(self._client.base_url)

    def sample(
        self,
        messages: Sequence[Message],
        *,
        model: str,
        n: int,
        temperature: float,
        max_tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> list[Sample]:
        """Draw `n` replies to the same messages.

        Args:
            schema: JSON schema that each reply must follow; None for plain text.

        Raises:
            LLMError: the endpoint can't be reached, refuses the request, or answers nothing.
        """
        request: dict[str, Any] = {
            "model": model,
            "messages": list(messages),
            "temperature": temperature,
            "max_tokens": max_tokens,
        }
        if schema is not None:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "draft", "strict": True, "schema": schema},
            }
        samples: list[Sample] = []
        while len(samples) < n:
            drawn = self._draw(request, min(n - len(samples), self._n_per_call))
            if not drawn:
                raise LLMError(f"{self.base_url}: model {model!r} answered without a reply")
            if len(drawn) < min(n - len(samples), self._n_per_call):
                self._n_per_call = len(drawn)  # the server ignores or limits `n`
            samples += drawn
        return samples

    def _draw(self, request: Mapping[str, Any], n: int) -> list[Sample]:
        """One call, repeated without an option that the server turns out not to know."""
        while True:
            options: dict[str, Any] = {"n": n} if n > 1 else {}
            if self._logprobs:
                options["logprobs"] = True
            try:
                reply = self._client.chat.completions.create(**request, **options)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if self._logprobs and "logprob" in str(error).lower():
                    log.warning("%s gives no logprobs; scoring by agreement alone", self.base_url)
                    self._logprobs = False
                elif n > 1 and re.search(r"\bn\b|n_parallel|choices", str(error)):
                    log.warning("%s draws one sample a call", self.base_url)
                    self._n_per_call = n = 1
                else:
                    raise self._refused(error) from error
            except openai.APIError as error:
                raise self._refused(error) from error
            except json.JSONDecodeError as error:
                raise self._no_endpoint() from error
            else:
                return self._samples(reply)

    def _samples(self, reply: Any) -> list[Sample]:
        # the client passes on whatever came with status 200, a web page too
        choices = reply.choices or () if isinstance(reply, ChatCompletion) else None
        if choices is None or not all(choice.message for choice in choices):
            raise self._no_endpoint()
        return [_sample(choice) for choice in choices]

    def _no_endpoint(self) -> LLMError:
        return LLMError(
            f"{self.base_url} answered no chat completion; "
            "is it the URL of an OpenAI-compatible server (most end in /v1)?"
        )

    def _refused(self, error: openai.APIError) -> LLMError:
        if isinstance(error, openai.APITimeoutError):
            return LLMError(f"the model at {self.base_url} did not answer in time")
        if isinstance(error, openai.APIConnectionError):
            return LLMError(f"the model at {self.base_url} can't be reached; is it running?")
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return LLMError(f"the model at {self.base_url} refused OPENAI_API_KEY")
        if isinstance(error, openai.APIStatusError):
            return LLMError(
                f"the model at {self.base_url} refused the request ({error.status_code})"
            )
        return LLMError(f"the model at {self.base_url} failed ({type(error).__name__})")


def _sample(choice: Any) -> Sample:
    tokens = (choice.logprobs.content or ()) if choice.logprobs else ()
    return Sample(
        text=choice.message.content or "",
        token_logprobs=tuple(
            min(0.0, token.logprob) for token in tokens if token.logprob is not None
        ),
        truncated=choice.finish_reason == "length",
    )
