"""Where personal data stands in a text: presidio with our recognisers, without any download."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sync.redaction.recognisers.writing import around, plain
from sync.redaction.settings import RedactionSection

# a text without any of these holds nothing of the kind, and presidio need not look at it
_SIGNS = {
    "EMAIL_ADDRESS": r"@|[\[(]\s?at\s?[\])]",
    "PHONE_NUMBER": r"\d",
    "CREDIT_CARD": r"\d",
    "IBAN_CODE": r"\d",
    "US_SSN": r"\d",
    "IP_ADDRESS": r"\d",
    "MAC_ADDRESS": r"[\da-f]{2}[:-][\da-f]{2}|[\da-f]{4}\.[\da-f]{4}",
    "URL": r"://|\w\.\w",
    "CRYPTO": r"\w{25}",
}


@dataclass(frozen=True)
class Span:
    """A stretch of a text that is personal data.

    Attributes:
        start, end: as of a slice.
        entity: presidio's name of its kind.
        score: in [0, 1]; high means sure.
    """

    start: int
    end: int
    entity: str
    score: float


class Analysis:
    """Finds personal data in texts, as the settings ask for it."""

    def __init__(self, settings: RedactionSection) -> None:
        """Build presidio's engine.

        Raises:
            ConfigError: an entity is unknown, or the spaCy model isn't installed.
        """
        from sync.redaction.engine import engine

        self._least = settings.least_score
        self._wanted = [*settings.wanted, *(pattern.name for pattern in settings.patterns)]
        self._engine, self._words = engine(settings)
        self._signs = _signs(self._wanted)
        self._allowed = _allowed(settings.allow)
        # a system prompt is the same in thousands of tasks
        self.spans = functools.lru_cache(maxsize=256)(self._spans)

    def _spans(self, text: str) -> list[Span]:
        """What to redact in a text, in order and never overlapping."""
        if self._signs is not None and not self._signs.search(plain(text)):
            return []
        found = self._engine.analyze(
            text,
            language="en",
            entities=self._wanted,
            score_threshold=self._least,
            nlp_artifacts=self._words,
        )
        allowed = [a.span() for a in self._allowed.finditer(text)] if self._allowed else []
        return merged(
            Span(f.start, f.end, f.entity_type, f.score)
            for f in found
            if not any(start <= f.start and f.end <= end for start, end in allowed)
        )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans as one, of the kind of the longest, then of the surest."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.entity)):
        if groups and span.start < max(s.end for s in groups[-1]):
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_union(group) for group in groups]


def _union(group: list[Span]) -> Span:
    first = max(group, key=lambda s: (s.end - s.start, s.score, s.entity))
    end = max(s.end for s in group)
    return Span(group[0].start, end, first.entity, first.score)


@functools.cache
def analysis(settings: RedactionSection) -> Analysis:
    """The analysis of these settings, built once in every process that asks for it.

    Raises:
        ConfigError: see `Analysis`.
    """
    return Analysis(settings)


def _signs(wanted: Iterable[str]) -> re.Pattern[str] | None:
    """What a text must have one of to hold anything; None where that can't be said."""
    try:
        return re.compile("|".join(dict.fromkeys(_SIGNS[e] for e in wanted)), re.IGNORECASE)
    except KeyError:
        return None


def _allowed(texts: Iterable[str]) -> re.Pattern[str] | None:
    """The texts that are never redacted, in any case and with any white space between words."""
    written = [_anyhow(text.split()) for text in texts if text.strip()]
    return re.compile("|".join(written), re.IGNORECASE) if written else None


def _anyhow(words: list[str]) -> str:
    before, after = around(words[0])[0] or r"(?<!\w)", around(words[-1])[1] or r"(?!\w)"
    return before + r"\s+".join(map(re.escape, words)) + after
