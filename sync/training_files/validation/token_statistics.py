"""Tokens an example and in all, and what a limit cuts, in flat memory."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

import numpy as np

from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault
from sync.training_files.validation.tokens import (
    PER_EXAMPLE,
    PER_TURN,
    TokenCounter,
    utf8_lengths,
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
    """Counts a file's tokens, some examples at a time.

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
        self._exact = counter.exact
        self._limit = limit
        self._cuts = cuts
        # how often examples of so many tokens of texts and of a template were met
        self._lengths_met: Counter[tuple[int, int]] = Counter()
        self._trained_most = self._trained_about = 0
        self._maybe = 0

    def add_all(self, lines: Sequence[Said]) -> list[tuple[int, Fault]]:
        """Count examples; (index, fault) of each that is longer than the limit."""
        words, trained = self._exact_lengths(lines) if self._exact else _byte_lengths(lines)
        templates = [PER_TURN * said[3] + PER_EXAMPLE for said in lines]
        self._lengths_met.update(zip(words, templates, strict=True))
        self._trained_most += sum(trained)
        self._trained_about += sum(map(self._counter.about, trained))
        limit = self._limit
        if limit is None:
            return []
        found = []
        for index, (length, template) in enumerate(zip(words, templates, strict=True)):
            if (most := length + template) <= limit:
                continue
            if (about := self._counter.about(length) + template) <= limit:
                self._maybe += 1
            else:
                found.append((index, self._too_long(about, most, lines[index])))
        return found

    def _exact_lengths(self, lines: Sequence[Said]) -> tuple[list[int], list[int]]:
        """The tokens of each example, and those of what is trained on."""
        words, trained = [], []
        for prompt, answer, learnt, _, _ in lines:
            texts = [*prompt, *answer]
            lengths = self._counter.lengths(texts)
            of = dict(zip(texts, lengths, strict=True))
            words.append(sum(lengths))
            trained.append(sum([of[text] for text in learnt]))
        return words, trained

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
        if not self._lengths_met:
            return None
        abouts, mosts = Counter[int](), Counter[int]()
        for (words, template), times in self._lengths_met.items():
            abouts[self._counter.about(words) + template] += times
            mosts[words + template] += times
        limit = self._limit
        over = 0 if limit is None else sum(n for k, n in abouts.items() if k > limit)
        return TokenReport(
            tokenizer=self._counter.name,
            exact=self._counter.exact,
            about=spread(abouts),
            at_most=spread(mosts),
            trained=Total(self._trained_about, self._trained_most),
            kept=Total(_within(abouts, limit), _within(mosts, limit)),
            limit=limit,
            over_limit=over,
            maybe_over_limit=self._maybe,
        )


def _byte_lengths(lines: Sequence[Said]) -> tuple[list[int], list[int]]:
    """The bytes of each example's texts, and of those that are trained on."""
    sides = ["".join(said[0]) for said in lines]
    sides += ["".join(said[1]) for said in lines]
    lengths = utf8_lengths(sides)
    asked, told = lengths[: len(lines)], lengths[len(lines) :]
    words = list(map(add, asked, told))
    for index, (_, answer, learnt, _, _) in enumerate(lines):
        if learnt is not answer and learnt != answer:
            told[index] = sum(utf8_lengths(learnt))
    return words, told


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
