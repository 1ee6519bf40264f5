"""Answers about a version of a product, a price or a rule that no longer holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sync.quality.facts.sentences import sentences
from sync.quality.text_checks.checked_text import CheckedText, TextFault

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)")
# a sentence with one of these tells that something is over
_SAYS_SO = re.compile(
    r"\b(?:retired?|no longer|discontinued|deprecated|end[- ]of[- ](?:life|support)|unsupported|"
    r"obsolete|outdated|replaced|superseded|successor|was|were|until|before|formerly|previously|"
    r"upgrade|update|instead|newer|withdrawn|expired|nicht mehr|eingestellt|abgel[öo]st|bis"
    r"|veraltet|"
    r"n'est plus|ya no)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StaleFacts:
    """What has been retired, found in the answer or in the task's facts.

    Attributes:
        retired: what no longer holds, such as a version or a plan's name, with what holds instead.
        patterns: the same as regular expressions.
        until: the day from which a key of either no longer holds; without one, it already does not.
        today: by default the day on which the check runs.
    """

    retired: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    until: Mapping[str, date] = field(default_factory=dict)
    today: date = field(default_factory=date.today)

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(
                    f"patterns: {pattern!r} is no regular expression: {error}"
                ) from None
        for key in self.until:
            if key not in self.retired and key not in self.patterns:
                raise ValueError(f"until: {key!r} is neither in retired nor in patterns")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        for key, pattern, instead in self._stale:
            said = next(
                (match for sentence in sentences(text.answer)
                 if (match := pattern.search(sentence)) and not _SAYS_SO.search(sentence)),
                None,
            )  # fmt: skip
            if said is not None:
                yield TextFault(f'the answer speaks of "{said[0]}", {_over(key, instead)}', 0.1)
                continue
            for name, fact in text.context.items():
                known = pattern.search(f"{name} {fact}")
                if known and not _SAYS_SO.search(text.answer):
                    yield TextFault(
                        f'it is an answer for {name} "{fact}", {_over(key, instead)}', 0.2
                    )
                    break

    @cached_property
    def _stale(self) -> list[tuple[str, re.Pattern[str], str]]:
        """What is over by now."""
        words = [(key, _literal(key), instead) for key, instead in self.retired.items()]
        patterns = [
            (key, re.compile(key, re.IGNORECASE), instead) for key, instead in self.patterns.items()
        ]
        return [
            (key, pattern, instead)
            for key, pattern, instead in (*words, *patterns)
            if key not in self.until or self.until[key] <= self.today
        ]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_stale"}


def _literal(key: str) -> re.Pattern[str]:
    """A version with its patches, or the words as they are, whole and in any case."""
    version = _VERSION.fullmatch(key.strip())
    if version:
        return re.compile(
            rf"(?<![\w.,$€£])v?{re.escape(version[1])}(?:\.\d+)*(?![\w%]|[.,]\d)", re.I
        )
    words = r"\s+".join(map(re.escape, key.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _over(key: str, instead: str) -> str:
    return f"which no longer holds ({key}); say what holds now" + (
        f": {instead}" if instead else ""
    )
