"""Gets a judge's replies: those of before for nothing, the rest at once and within the budget."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from connectors.errors import ContextTooLong, LLMError, LLMUnavailable
from drafting.read_turns import text_of
from label_configs.reply import ReplyError
from sync.common.terminal import ShowProgress
from sync.quality.judge.budget import JudgeBudget
from sync.quality.judge.kept_replies import MICROS, KeptReplies, PaidReply, key_of, today
from sync.quality.judge.requests import (
    CUT_OFF,
    TOO_LONG,
    UNREADABLE,
    JudgeEndpoint,
    JudgeReadings,
    JudgeRequest,
)

# an unreadable reply is asked for once more; the same prompt rarely does better a third time
_ATTEMPTS = 2
# a server that fails so often in a row is left alone, a model that never keeps to the form likewise
_FAILURES = 3
_UNREADABLE = 10
# tokens of a first reply, and characters of a token, to tell the cost before anything is paid
_COMPLETION = 150.0
_CHARACTERS = 3.5


class AskJudge:
    """One judge for one run."""

    def __init__(
        self,
        endpoint: JudgeEndpoint,
        model: str,
        kept: KeptReplies,
        budget: JudgeBudget,
        *,
        concurrency: int,
        max_tokens: int,
        say: Callable[[str], None] = lambda said: None,
        progress: ShowProgress = lambda done, total: None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            say: tells the user what is about to be paid.
            progress: called with requests that are done, and all that are to be paid for.
        """
        self.model = model
        self._endpoint = endpoint
        self._kept = kept
        self._budget = budget
        self._concurrency = concurrency
        self._max_tokens = max_tokens
        self._say = say
        self._progress = progress
        self._lock = threading.Lock()

    @property
    def budget(self) -> JudgeBudget:
        """What may be paid."""
        return self._budget

    def ask(self, requests: Sequence[JudgeRequest]) -> JudgeReadings:
        """Have all of them answered, as far as budget and server allow.

        Raises:
            SyncError: the replies can't be kept, or another check asks a judge.
        """
        found = JudgeReadings([None] * len(requests))
        waiting: dict[str, list[int]] = {}
        for i, request in enumerate(requests):
            if self._from_before(request, i, found):
                found.known += 1
            else:
                waiting.setdefault(self._key(request, 0), []).append(i)
        if not waiting:
            return found
        asked = [(requests[rows[0]], rows) for rows in waiting.values()]
        self._tell(asked, found.known)
        run = _Run(self, found, len(asked))
        with self._kept.alone():
            pool = ThreadPoolExecutor(self._concurrency)
            try:
                list(pool.map(lambda one: run.one(*one), asked))
            finally:
                pool.shutdown(cancel_futures=True)
                self._kept.write()
        return found

    def _from_before(self, request: JudgeRequest, i: int, found: JudgeReadings) -> bool:
        """Whether earlier replies answer it, for good or for bad."""
        why = UNREADABLE
        for attempt in range(_ATTEMPTS):
            paid = self._kept.get(self._key(request, attempt))
            if paid is None:
                return False
            why = CUT_OFF if paid.cut_off else UNREADABLE
            try:
                found.values[i] = request.read(paid.text)
            except ReplyError:
                continue
            return True
        found.why_not[why] += 1
        return True

    def _tell(self, asked: Sequence[tuple[JudgeRequest, Any]], known: int) -> None:
        texts = (str(m["content"]) for request, _ in asked for m in request.messages)
        prompt = sum(map(len, texts)) / _CHARACTERS
        completion = (self._kept.mean_completion(self.model) or _COMPLETION) * len(asked)
        before = f"; {known} are known from before" if known else ""
        cost = self._budget.cost_micros(round(prompt), round(completion)) / MICROS
        about = f", about {cost:.2g}" if cost else ""
        limit = self._budget.told()
        self._say(f"The judge {self.model} is asked {len(asked)} times{about}{limit}{before}.")

    def _key(self, request: JudgeRequest, attempt: int) -> str:
        shape = {
            "messages": list(request.messages),
            "model": self.model,
            "max_tokens": self._max_tokens,
            "schema": request.schema,
            "attempt": attempt,
        }
        return key_of(self._endpoint.base_url, shape)

    def draw(self, request: JudgeRequest, attempt: int) -> PaidReply:
        """A reply, paid for and kept; its text is "" where the model gave none.

        Raises:
            LLMError: the endpoint failed.
        """
        key = self._key(request, attempt)
        before = self._kept.get(key)
        if before is not None:
            return before
        reply = self._endpoint.sample(
            request.messages,
            model=self.model,
            n=1,
            # a judge that is asked again should say the same; a second try should not
            temperature=0.0 if not attempt else 0.5,
            # what was cut off, or all reasoning, may fit then
            max_tokens=self._max_tokens * (1 + attempt),
            schema=request.schema,
        )
        sample = reply.samples[0] if reply.samples else None
        try:
            text = "" if sample is None else text_of(sample)
        except ReplyError:
            text = ""
        usage = reply.usage
        cost = self._budget.cost_micros(usage.prompt_tokens, usage.completion_tokens)
        paid = PaidReply(
            key,
            self.model,
            text,
            usage.prompt_tokens,
            usage.completion_tokens,
            cost,
            today(),
            cut_off=sample is not None and sample.truncated,
        )
        with self._lock:
            self._kept.put(paid)
            self._budget.pay(cost)
        return paid


class _Run:
    """The requests of one call of `ask`, from many threads."""

    def __init__(self, judge: AskJudge, found: JudgeReadings, total: int) -> None:
        self._judge = judge
        self._found = found
        self._total = total
        self._done = self._failures = self._read = 0
        self._before = judge.budget.spent_here
        self._lock = threading.Lock()

    def one(self, request: JudgeRequest, rows: Sequence[int]) -> None:
        """Ask, unless something has stopped the run."""
        reached = self._judge.budget.reached()
        with self._lock:
            if reached and not self._found.stopped:
                self._found.stopped = reached
            if self._found.stopped:
                return
        value, why = self._value(request)
        with self._lock:
            for i in rows:
                self._found.values[i] = value
            if why:
                self._found.why_not[why] += len(rows)
            self._read += value is not None
            unread = self._found.why_not[UNREADABLE] + self._found.why_not[CUT_OFF]
            if unread >= _UNREADABLE and not self._read:
                self._found.stopped = self._found.stopped or (
                    f"of {unread} replies of {self._judge.model} none could be read; name another "
                    "model as checks.judge.model"
                )
            self._done += 1
            self._found.cost = self._judge.budget.spent_here - self._before
            self._judge._progress(self._done, self._total)

    def _value(self, request: JudgeRequest) -> tuple[Any, str]:
        """What a request gives, or why nothing."""
        why = UNREADABLE
        for attempt in range(_ATTEMPTS):
            try:
                paid = self._judge.draw(request, attempt)
                why = CUT_OFF if paid.cut_off else UNREADABLE
                value = request.read(paid.text)
            except ReplyError:
                continue
            except ContextTooLong:
                return None, TOO_LONG
            except LLMError as error:
                self._stop(error)
                return None, ""
            self._failures = 0
            return value, ""
        return None, why

    def _stop(self, error: LLMError) -> None:
        """What is refused stops the run at once; what may pass, when it happens again and again."""
        with self._lock:
            self._failures += 1
            if not isinstance(error, LLMUnavailable) or self._failures >= _FAILURES:
                self._found.stopped = self._found.stopped or str(error)
