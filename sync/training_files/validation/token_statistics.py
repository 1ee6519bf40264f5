"""Tokens an example and in all, and what a limit cuts, in flat memory."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault
from sync.training_files.validation.tokens import (
    PER_EXAMPLE,
    PER_TURN,
    TokenCounter,
    utf8_length,
)


@dataclass(frozen=True)
class Spread:
    """How a number is spread over the examples."""

    total: int
    least: int
    median: int
    p95: int
    most: int


@dataclass(frozen=True)
class Total:
    """Tokens of all examples; the two are equal where they are exact."""

    about: int
    at_most: int


@dataclass(frozen=True)
class TokenReport:
    """Tokens of a file.

    Attributes:
        tokenizer: what counted.
        exact: whether it knows the vocabulary; else `about` is an estimate.
        about: of one example, a chat template's tokens included.
        at_most: the same as an upper bound; equal to `about` where it is exact.
        trained: of all: those the loss is computed on.
        kept: of all: those within the limit, which are trained on and paid for.
        limit: tokens of one example, or None where it is not known.
        over_limit, maybe_over_limit: examples that are above it, or may be.
    """

    tokenizer: str
    exact: bool
    about: Spread
    at_most: Spread
    trained: Total
    kept: Total
    limit: int | None
    over_limit: int
    maybe_over_limit: int


class TokenStatistics:
    """Counts a file's tokens, one example after the other.

    How often each length occurs is kept: the lengths that a file can have are few, since k of them
    take more than k * k / 2 bytes.
    """

    def __init__(self, counter: TokenCounter, limit: int | None, cuts: str) -> None:
        """
        Args:
            limit: tokens of one example, or None.
            cuts: what becomes of the rest, such as "is cut off".
        """
        self._counter = counter
        self._limit = limit
        self._cuts = cuts
        self._about: Counter[int] = Counter()
        self._most: Counter[int] = Counter()
        self._trained_most = self._trained_about = 0
        self._maybe = 0

    def add(self, said: Said) -> Fault | None:
        """Count an example; the fault of one that is longer than the limit."""
        counter = self._counter
        words, trained = self._lengths(said)
        template = PER_TURN * said.turns + PER_EXAMPLE
        most, about = words + template, counter.about(words) + template
        self._most[most] += 1
        self._about[about] += 1
        if trained:
            self._trained_most += trained
            self._trained_about += counter.about(trained)
        if self._limit is None or most <= self._limit:
            return None
        if about <= self._limit:
            self._maybe += 1
            return None
        return self._too_long(about, most, said)

    def _lengths(self, said: Said) -> tuple[int, int]:
        """The length of an example, and that of what is trained on."""
        if not self._counter.exact:  # the bytes of texts are those of them joined
            answer = utf8_length("".join(said.answer))
            words = utf8_length("".join(said.prompt)) + answer
            same = said.trained == said.answer
            return words, answer if same else utf8_length("".join(said.trained))
        texts = [*said.prompt, *said.answer]
        lengths = self._counter.lengths(texts)
        of = dict(zip(texts, lengths, strict=True))
        return sum(lengths), sum([of[text] for text in said.trained])

    def _too_long(self, about: int, most: int, said: Said) -> Fault:
        limit = self._limit or 0
        cut = about - limit
        answer = self._counter.about(sum(self._counter.lengths(said.answer)))
        part = (
            "the whole answer with it"
            if cut >= answer
            else f"{math.ceil(100 * cut / answer)}% of the answer"
        )
        number = f"{about:,}" if self._counter.exact else f"about {about:,} (at most {most:,})"
        return Fault(
            "token-limit",
            f"{number} tokens; {limit:,} of an example are trained on and the rest {self._cuts}: "
            f"the last {cut:,}, {part}. Shorten the example",
            "warning",
        )

    def report(self) -> TokenReport | None:
        """What was counted, or None where there was no example."""
        if not self._about:
            return None
        limit = self._limit
        over = 0 if limit is None else sum(n for k, n in self._about.items() if k > limit)
        return TokenReport(
            tokenizer=self._counter.name,
            exact=self._counter.exact,
            about=spread(self._about),
            at_most=spread(self._most),
            trained=Total(self._trained_about, self._trained_most),
            kept=Total(_within(self._about, limit), _within(self._most, limit)),
            limit=limit,
            over_limit=over,
            maybe_over_limit=self._maybe,
        )


def spread(lengths: Counter[int]) -> Spread:
    """How lengths are spread; a quantile is one of the lengths that occur, the lower of two.

    Args:
        lengths: length -> how often, at least one.
    """
    occurring, times = np.array(list(lengths.items())).T
    median, p95 = np.quantile(occurring, (0.5, 0.95), weights=times, method="inverted_cdf")
    return Spread(
        total=int(occurring @ times),
        least=min(lengths),
        median=int(median),
        p95=int(p95),
        most=max(lengths),
    )


def _within(lengths: Counter[int], limit: int | None) -> int:
    """Tokens in all, of each example those within the limit."""
    return sum(
        (length if limit is None else min(length, limit)) * n for length, n in lengths.items()
    )
