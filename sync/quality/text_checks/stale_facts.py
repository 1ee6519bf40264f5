"""Answers about a version of a product, a price or a rule that no longer holds."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from sync.quality.facts.mentions import Mention, mentions_of, plain_text
from sync.quality.facts.over import is_over, tells_it_is_over
from sync.quality.facts.sentences import sentences
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# finds every mention in a text
_Finder = Callable[[str], Iterable[Mention]]


@dataclass(frozen=True)
class StaleFacts:
    """What has been retired, found in the answer, in the task's facts or in the question.

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
        if not self._stale:
            return
        answer, question = plain_text(text.answer), plain_text(text.question)
        for key, mentions, instead in self._stale:
            over = _over(key, instead)
            if said := _stale_mention(answer, mentions, instead):
                yield TextFault(f'the answer speaks of "{said.text}", {over}', 0.1)
                continue
            if any(mentions(answer)) or tells_it_is_over(answer, instead):
                continue
            for name, fact in text.context.items():
                if any(mentions(plain_text(f"{name} {fact}"))):
                    yield TextFault(f'it is an answer for {name} "{fact}", {over}', 0.2)
                    break
            else:
                if asked := _stale_mention(question, mentions, instead):
                    yield TextFault(f'it is asked for "{asked.text}", {over}', 0.3)

    @cached_property
    def _stale(self) -> list[tuple[str, _Finder, str]]:
        """What is over by now."""
        words = [(key, partial(mentions_of, key), self.retired[key]) for key in self.retired]
        patterns = [
            (key, partial(_matches, re.compile(key, re.IGNORECASE)), instead)
            for key, instead in self.patterns.items()
        ]
        return [
            (key, mentions, instead)
            for key, mentions, instead in (*words, *patterns)
            if key not in self.until or self.until[key] <= self.today
        ]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_stale"}


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Mention]:
    for match in pattern.finditer(text):
        yield Mention(match.start(), match.end(), match[0])


def _stale_mention(text: str, mentions: _Finder, instead: str) -> Mention | None:
    """The first mention in a sentence that doesn't tell that it is over."""
    if not any(mentions(text)):
        return None
    for sentence, following in pairwise([*sentences(text), ""]):
        for mention in mentions(sentence):
            if not is_over(sentence, mention, instead, following):
                return mention
    return None


def _over(key: str, instead: str) -> str:
    return f"which no longer holds ({key}); say what holds now" + (
        f": {instead}" if instead else ""
    )
