"""Gets replies from the cache, else from the model while the budget allows, and counts both."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Protocol

from connectors.errors import LLMError
from connectors.llm_content import PromptMessage, has_pictures
from connectors.llm_replies import Reply
from connectors.llm_tools import OfferedTools
from drafting.project_settings import LLMSettings
from ml_backend.store.figures import Figures, today
from ml_backend.store.replies import Replies, reply_key

MICROS = 1_000_000


class BudgetReachedError(Exception):
    """The project's budget is spent; says which one and what to do."""


class Endpoint(Protocol):
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
        tools: OfferedTools | None = None,
    ) -> Reply: ...


# a prompt whose pictures have addresses of Label Studio -> the same as a model can read it
WithPictures = Callable[[Sequence[PromptMessage]], Sequence[PromptMessage]]


def cost_micros(prompt_tokens: int, completion_tokens: int, llm: LLMSettings, model: str) -> int:
    """What a call costs, in millionths of the price table's currency; 0 for a model without price.

    Prices are per million tokens, so tokens times price is already in millionths.
    """
    price = llm.prices.get(model)
    if price is None:
        return 0
    return round(prompt_tokens * price.input + completion_tokens * price.output)


def reached_budget(figures: Figures, project_id: int, llm: LLMSettings) -> str | None:
    """Which budget of a project is spent, as a sentence; None while there is money left."""
    limits = (
        ("llm.budget", llm.budget, None, "raise it in labeltune.toml and push"),
        ("llm.daily_budget", llm.daily_budget, today(), "it starts anew at midnight UTC"),
    )
    for name, limit, day, remedy in limits:
        if limit is None:
            continue
        spent = figures.get("cost_micros", project_id, day) / MICROS
        if spent >= limit:
            return f"{name} of {limit:g} is spent ({spent:.2f}); {remedy}"
    return None


class PaidSampler:
    """Draws replies for one project, and never pays twice for the same one."""

    def __init__(
        self,
        endpoint: Endpoint,
        replies: Replies,
        figures: Figures,
        project_id: int,
        llm: LLMSettings,
        slots: Callable[[int], AbstractContextManager[Any]] = nullcontext,
        with_pictures: WithPictures = list,
    ) -> None:
        """Prepare.

        Args:
            with_pictures: has the pictures of a prompt fetched, where it holds some and its reply
                is not known yet.
            slots: of a call that draws so many samples; held while the model is asked, until what
                it costs is counted.
        """
        self._endpoint = endpoint
        self._replies = replies
        self._figures = figures
        self._project_id = project_id
        self._llm = llm
        self._slots = slots
        self._with_pictures = with_pictures

    def sample(
        self,
        messages: Sequence[PromptMessage],
        *,
        model: str,
        n: int,
        schema: Mapping[str, Any] | None = None,
        attempt: int = 0,
        tools: OfferedTools | None = None,
    ) -> Reply:
        """Draw `n` replies of a model, or those that were drawn before.

        Where fewer were drawn before, only the rest is drawn: the same prompt may be asked for
        one reply first, and for more later.

        Args:
            attempt: tells a repeated request from the first, so that it draws anew.

        Raises:
            BudgetReachedError: nothing more may be paid.
            PictureError: a picture of the prompt can't be had.
            LabelStudioError: Label Studio, which has them, can't be asked.
            LLMError: the endpoint failed.
        """
        request = {
            "messages": list(messages),
            "model": model,
            "temperature": self._llm.temperature,
            "max_tokens": self._llm.max_tokens,
            "schema": schema,
            **({"tools": _told(tools)} if tools else {}),  # others have the key of before
        }
        key = reply_key(self._endpoint.base_url, {**request, "attempt": attempt})
        known = self._replies.get(key) or Reply()
        if len(known.samples) >= n:
            self._figures.add("cached", self._project_id)
            return replace(known, samples=known.samples[:n])
        if has_pictures(messages):
            messages = self._with_pictures(messages)
        with self._slots(n - len(known.samples)):
            reached = reached_budget(self._figures, self._project_id, self._llm)
            if reached is not None:
                raise BudgetReachedError(reached)
            try:
                drawn = self._endpoint.sample(
                    messages,
                    model=model,
                    n=n - len(known.samples),
                    temperature=self._llm.temperature,
                    max_tokens=self._llm.max_tokens,
                    schema=schema,
                    **({"tools": tools} if tools else {}),
                )
            except LLMError as error:
                if error.paid is not None:  # some of the samples came before it failed
                    self._keep(key, known, error.paid, model)
                raise
            return self._keep(key, known, drawn, model)

    def _keep(self, key: str, known: Reply, drawn: Reply, model: str) -> Reply:
        """Store what was paid for before anything else is done with it."""
        reply = known + drawn
        self._replies.put(key, reply)
        self._count(drawn, model)
        return reply

    def _count(self, reply: Reply, model: str) -> None:
        usage = reply.usage
        cost = cost_micros(usage.prompt_tokens, usage.completion_tokens, self._llm, model)
        for name, amount in (
            ("cost_micros", cost),
            ("calls", reply.calls),
            ("prompt_tokens", usage.prompt_tokens),
            ("completion_tokens", usage.completion_tokens),
        ):
            self._figures.add(name, self._project_id, amount)


def _told(tools: OfferedTools) -> dict[str, Any]:
    """What of the tools a reply depends on; which of them only stand in the prompt is none."""
    return {"schemas": tools.schemas, "choice": tools.choice, "parallel": tools.parallel}
