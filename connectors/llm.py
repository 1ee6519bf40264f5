"""An OpenAI-compatible chat endpoint: k samples of one reply, with token log-probabilities."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import openai
import tenacity

from connectors import llm_failures
from connectors.errors import LLMError
from connectors.llm_capabilities import MOST_CHOICES, Capabilities
from connectors.llm_options import CallOptions
from connectors.llm_reasons import server_reason
from connectors.llm_refusals import Refusal
from connectors.llm_replies import NoCompletionError, Reply, Sample, Usage, read_completion
from connectors.llm_template import ChatTemplates
from connectors.llm_tools import OfferedTools
from connectors.llm_turns import PromptMessage

__all__ = ["LLM", "Capabilities", "OfferedTools", "PromptMessage", "Reply", "Sample", "Usage"]

log = logging.getLogger(__name__)
CONNECT_TIMEOUT_S = 5.0
LEAST_REPLY_TOKENS = 64
GARBAGE_ATTEMPTS = 3
# what a 500 that lasts is put down to
_SUSPECTED = frozenset(("system", "tools"))


class _RefusedError(Exception):
    """The server objects to something in the request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class LLM:
    """A client of one endpoint, for any number of threads.

    What a model's server can't do is found out once, worked around, and told by `capabilities`.

    Args:
        timeout_s: of each attempt, until the server has answered.
        max_retries: of each call after a connection error, a time-out or 408, 409, 429, 5xx; a
            `Retry-After` of up to two minutes is waited for.
        beside: fields that every request has, for a server that is known to take them.
    """

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        timeout_s: float = 120.0,
        max_retries: int = 8,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        # local servers often need no key, but the client insists on one
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            max_retries=max_retries,
            http_client=openai.DefaultHttpxClient(
                event_hooks={"response": [llm_failures.not_again_if_refused]}
            ),
        )
        self.base_url = str(self._client.base_url)
        self._timeout_s, self._beside = timeout_s, dict(beside or {})
        self._lock = threading.Lock()
        self._known: dict[str, Capabilities] = {}
        self._proven: dict[str, frozenset[str]] = {}
        self._templates = ChatTemplates(self._client)
        # the client repeats what failed, but takes a web page with status 200 for an answer
        self._repeat = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(NoCompletionError),
            stop=tenacity.stop_after_attempt(GARBAGE_ATTEMPTS),
            wait=tenacity.wait_random(0.05, 0.5),
            reraise=True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def capabilities(self, model: str) -> Capabilities:
        """What is known so far."""
        return self._known.get(model, Capabilities())

    def restore(self, model: str, capabilities: Capabilities) -> None:
        """Take over what another process has learnt."""
        with self._lock:
            self._known[model] = self.capabilities(model).but(capabilities)

    def sample(
        self,
        messages: Sequence[PromptMessage],
        *,
        model: str,
        n: int,
        temperature: float,
        max_tokens: int,
        schema: Mapping[str, Any] | None = None,
        tools: OfferedTools | None = None,
    ) -> Reply:
        """Draw `n` replies to the same messages.

        Args:
            messages: pictures in them as `data:` URIs, or where the server can fetch them.
            schema: JSON schema that each reply should follow; None for plain text. Not every
                server holds a model to it, so the replies are still to be checked.
            tools: that the model may call. Where the server takes none, they are described in the
                prompt, and calls come as `<tool_call>` in the text.

        Raises:
            LLMUnavailable: it failed after all retries, and may work later.
            ContextTooLong: the prompt is longer than the model takes.
            PicturesRefused: the model sees none, or can't read one of these.
            LLMError: the endpoint refuses the request.
        """
        reply = Reply()
        while len(reply.samples) < n:
            known = self.capabilities(model)
            asked = replace(known, n=min(n - len(reply.samples), known.n))
            try:
                reply += self._draw(
                    messages,
                    CallOptions.of(
                        messages,
                        model=model,
                        temperature=temperature,
                        max_tokens=max_tokens,
                        schema=schema,
                        tools=tools,
                        can=asked,
                    ),
                )
            except LLMError as error:
                error.paid = reply if reply.calls else None
                raise
        return replace(reply, samples=reply.samples[:n])

    def _draw(self, messages: Sequence[PromptMessage], options: CallOptions) -> Reply:
        """One completion, in a form that the server takes."""
        if options.has_pictures and not options.can.pictures:
            raise llm_failures.sees_nothing(self.base_url)
        try:
            worked, reply = options, self._complete(messages, options)
        except _RefusedError as error:
            worked, reply = self._instead(messages, options, error.refusal)
        self._learn(options, worked, reply)
        if "tools" in worked.used() and not self.capabilities(options.model).tools:
            return replace(reply, samples=())  # nobody has told the model of them
        return reply

    def _instead(
        self, messages: Sequence[PromptMessage], options: CallOptions, refusal: Refusal
    ) -> tuple[CallOptions, Reply]:
        """Repeat a refused call without the options that the server objects to."""
        if refusal.about_context:
            return self._shorter(messages, options, refusal)
        proven = self._proven.get(options.model, frozenset())
        if options.has_pictures and "pictures" not in proven and refusal.about_missing_pictures:
            self._keep(options.model, Capabilities(pictures=False))
            raise llm_failures.sees_nothing(self.base_url)
        for weaker in options.weaker(refusal, proven):
            try:
                return weaker, self._complete(messages, weaker)
            except _RefusedError as error:
                # the same again: it was not this option, which stays; else one step is done
                if not error.refusal.same_as(refusal):
                    return self._instead(messages, weaker, error.refusal)
        error_of = llm_failures.pictures_refused if options.has_pictures else llm_failures.refused
        raise error_of(refusal, self.base_url, self._reason(messages, options.tools))

    def _shorter(
        self, messages: Sequence[PromptMessage], options: CallOptions, refusal: Refusal
    ) -> tuple[CallOptions, Reply]:
        """A call refused for its length with a shorter reply, where the prompt leaves room."""
        context = refusal.context_tokens
        if context is not None:
            self._keep(options.model, Capabilities(context_tokens=context))
        left = refusal.left_tokens
        if left is None or not LEAST_REPLY_TOKENS <= left < options.max_tokens:
            raise llm_failures.too_long(self.base_url, context)
        shorter = replace(options, max_tokens=left)
        try:
            return shorter, self._complete(messages, shorter)
        except _RefusedError as error:
            if error.refusal.about_context:
                raise llm_failures.too_long(self.base_url, context) from error
            return self._instead(messages, shorter, error.refusal)

    def _complete(self, messages: Sequence[PromptMessage], options: CallOptions) -> Reply:
        """One call, repeated while it fails in a way that may pass."""
        try:
            return self._repeat(self._call, messages, options)
        except (NoCompletionError, openai.APIError) as error:
            unproven = options.used() - self._proven.get(options.model, frozenset())
            refusal = llm_failures.refusal_in(error, unproven & _SUSPECTED)
            if refusal is not None:
                raise _RefusedError(refusal) from error
            where, reason = self.base_url, self._reason(messages, options.tools)
            if isinstance(error, NoCompletionError):
                raise llm_failures.no_completion(error, where, reason) from error
            raise llm_failures.failure(error, where, self._timeout_s, reason) from error

    def _reason(
        self, messages: Sequence[PromptMessage], tools: OfferedTools | None
    ) -> llm_failures.ShownReason:
        """A function that shows a server's reason without words of the prompt."""
        key = self._client.api_key
        sent = [*messages, *(tools.schemas if tools else ())]
        return lambda body: server_reason(body, sent, key)

    def _call(self, messages: Sequence[PromptMessage], options: CallOptions) -> Reply:
        # the bytes, read by ourselves: the client's own models take longer than the call
        body = options.body(messages) | self._beside
        content = self._client.post("/chat/completions", cast_to=bytes, body=body)
        has_tools = "tools" in options.used()
        if has_tools and self._templates.pass_over_tools(options.model, content):
            self._keep(options.model, Capabilities(tools=False))
        return read_completion(content, options.model, messages, options.tools)

    def _learn(self, asked: CallOptions, worked: CallOptions, reply: Reply) -> None:
        """Take note of what the answer proves."""
        can, used = worked.can, worked.used()
        # of calls some servers give none that gives them of text
        written = [s for s in reply.samples if s.text and not s.tool_calls]
        if can.logprobs and written and not any(s.token_logprobs for s in written):
            can, used = replace(can, logprobs=False), used - {"logprobs"}
        given = min(can.n, len(reply.samples))
        limit = given if given < asked.can.n else MOST_CHOICES
        self._keep(worked.model, replace(can, n=limit))
        proven = self._proven.get(worked.model, frozenset())
        if not used <= proven:
            with self._lock:
                self._proven[worked.model] = proven | used

    def _keep(self, model: str, learnt: Capabilities) -> None:
        """Remember what is missing; each thing is said once."""
        with self._lock:
            before = self.capabilities(model)
            after = self._known[model] = before.but(learnt)
        for said in after.lacking():
            if said not in before.lacking():
                log.warning("model %s at %s: %s", model, self.base_url, said)
