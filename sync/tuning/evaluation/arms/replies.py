"""What an arm says to what it is asked: drawn once, kept on the disk, never paid for twice."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from connectors.errors import ContextTooLong, LLMError, LLMUnavailable
from connectors.llm_replies import Reply
from drafting.read_turns import text_of
from drafting.sample_replies import until_it_fits
from label_configs import ReplyError
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.quality.judge.kept_replies import KeptReplies, PaidReply, key_of, today
from sync.settings import PriceSection
from sync.tuning.evaluation.arms.arm import EvaluatedArm
from sync.tuning.evaluation.arms.prompts import ArmRequest
from sync.tuning.evaluation.arms.servers import ArmServers

# a server that fails so often in a row is left alone; what it said before is kept
_FAILURES = 3


@dataclass(frozen=True)
class ArmReplies:
    """What an arm said.

    Attributes:
        answers: one a request; None where the reply is none that fits.
        cut_off: how many replies ended at the limit of tokens.
        too_long: requests whose shortest prompt is too long for the model.
        known: replies of an earlier run.
        prompt_tokens, completion_tokens: of all replies, those of earlier runs included.
        cost: likewise, in the prices' currency; None without a price.
    """

    answers: tuple[str | None, ...]
    cut_off: int = 0
    too_long: int = 0
    known: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None

    @property
    def unfit(self) -> int:
        """Requests without an answer."""
        return sum(answer is None for answer in self.answers)


class DrawReplies:
    """Draws the replies of arms, many at a time."""

    def __init__(
        self,
        servers: ArmServers,
        kept: KeptReplies,
        *,
        max_tokens: int,
        concurrency: int,
        prices: Mapping[str, PriceSection] | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            kept: of earlier runs.
            prices: by model.
        """
        self._servers = servers
        self._kept = kept
        self._max_tokens = max_tokens
        self._concurrency = concurrency
        self._prices = prices or {}
        self._lock = threading.Lock()

    def of_arm(
        self, arm: EvaluatedArm, requests: Sequence[ArmRequest], progress: ShowProgress
    ) -> ArmReplies:
        """What an arm says to each request, at temperature 0.

        Args:
            progress: called with requests that are done, and all.

        Raises:
            SyncError: the endpoint refuses, or fails again and again; what it said is kept.
        """
        run = _Draw(self, arm, requests, progress)
        with self._kept.alone():
            pool = ThreadPoolExecutor(self._concurrency)
            try:
                paid = list(pool.map(run.one, requests))
            except LLMError as error:
                raise SyncError(
                    f"{arm.name}: {error}; what it said so far is kept, so that the next run goes "
                    "on from there"
                ) from error
            finally:
                pool.shutdown(cancel_futures=True)
                self._kept.write()
        return self._summed(arm, requests, paid, run.known)

    def _summed(
        self,
        arm: EvaluatedArm,
        requests: Sequence[ArmRequest],
        paid: Sequence[PaidReply | None],
        known: int,
    ) -> ArmReplies:
        answers = tuple(
            None if one is None else request.read(one.text)
            for request, one in zip(requests, paid, strict=True)
        )
        there = [one for one in paid if one is not None]
        priced = arm.model in self._prices
        return ArmReplies(
            answers,
            cut_off=sum(one.cut_off for one in there),
            too_long=len(paid) - len(there),
            known=known,
            prompt_tokens=sum(one.prompt_tokens for one in there),
            completion_tokens=sum(one.completion_tokens for one in there),
            cost=sum(one.cost_micros for one in there) / 1_000_000 if priced else None,
        )

    def draw(self, arm: EvaluatedArm, request: ArmRequest) -> tuple[PaidReply, bool]:
        """The reply to one request, and whether it was known.

        Raises:
            ContextTooLong: no prompt is short enough for the model.
            LLMError: the endpoint failed.
        """
        key = key_of(arm.base_url, self._shape(arm, request))
        before = self._kept.get(key)
        if before is not None:
            return before, True
        client = self._servers.client(arm)
        drawn = until_it_fits(
            iter(request.variants),
            lambda messages: client.sample(
                messages,
                model=arm.model,
                n=1,
                temperature=0.0,
                max_tokens=self._max_tokens,
                schema=request.schema,
            ),
        )
        paid = self._paid(key, arm, drawn)
        with self._lock:
            self._kept.put(paid)
        return paid, False

    def _shape(self, arm: EvaluatedArm, request: ArmRequest) -> dict[str, Any]:
        """All that shapes a reply."""
        return {
            "messages": request.variants[0],
            "model": arm.model,
            "made_of": arm.made_of,
            "schema": request.schema,
            "max_tokens": self._max_tokens,
            "seed": self._servers.seed,
            "adapter_scale": arm.adapter_scale,
        }

    def _paid(self, key: str, arm: EvaluatedArm, reply: Reply) -> PaidReply:
        sample = reply.samples[0] if reply.samples else None
        try:
            text = "" if sample is None else text_of(sample)
        except ReplyError:
            text = ""
        usage, price = reply.usage, self._prices.get(arm.model)
        cost = 0.0
        if price is not None:
            cost = usage.prompt_tokens * price.input + usage.completion_tokens * price.output
        return PaidReply(
            key,
            arm.model,
            text,
            usage.prompt_tokens,
            usage.completion_tokens,
            round(cost),
            today(),
            cut_off=sample is not None and sample.truncated,
        )


class _Draw:
    """One arm's replies, from many threads."""

    def __init__(
        self,
        draws: DrawReplies,
        arm: EvaluatedArm,
        requests: Sequence[ArmRequest],
        progress: ShowProgress,
    ) -> None:
        self._draws, self._arm, self._progress = draws, arm, progress
        self._total = len(requests)
        self._done = self._failures = self.known = 0
        self._stopped: LLMError | None = None
        self._lock = threading.Lock()

    def one(self, request: ArmRequest) -> PaidReply | None:
        """The reply to a request; None where its prompt is too long for the model."""
        found = None
        while found is None:
            if self._stopped is not None:
                raise self._stopped
            try:
                found = self._draws.draw(self._arm, request)
            except ContextTooLong:
                break
            except LLMUnavailable as error:
                self._failed(error)
            except LLMError as error:
                self._stopped = error
        with self._lock:
            self._failures = 0
            self._done += 1
            self.known += found is not None and found[1]
            self._progress(self._done, self._total)
        return None if found is None else found[0]

    def _failed(self, error: LLMError) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._stopped = error
