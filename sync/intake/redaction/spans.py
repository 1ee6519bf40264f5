"""Where personal data stands in a text: our recognisers and presidio's, without any download."""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sync.intake.redaction.recognisers.recogniser import Recogniser
from sync.intake.redaction.recognisers.writing import around, as_seen, plain
from sync.settings.redaction import RedactionSection

# a score of nothing is no finding, whatever is asked for
_LEAST = 1e-9
# a text in plain form holds nothing of a kind without one of these characters, and without this;
# each begins with what is rare, so that it is looked for quickly
_DIGITS = "0123456789"
_SIGNS = {
    "EMAIL_ADDRESS": ("@[(", r"[@\[(](?:(?<=@)|\s?[Aa][Tt]\s?[\])])"),
    "PHONE_NUMBER": (_DIGITS, r"\d(?:[-\u2013. /()]{0,3}\d){6}"),
    "CREDIT_CARD": (_DIGITS, r"\d(?:[ -]?\d){11}"),
    "IBAN_CODE": (_DIGITS, r"\d\d(?<=[A-Za-z]{2}\d\d)(?:[ -]?[A-Za-z\d]){11}"),
    "US_SSN": (_DIGITS, r"\d{3}[-\u2013. ]?\d{2}[-\u2013. ]?\d{4}"),
    "IP_ADDRESS": (_DIGITS, r"[\d:](?:(?<=\d)\.\d{1,3}\.\d|(?<=:)[\da-fA-F.]*:)"),
    "MAC_ADDRESS": (
        ":-.",
        r"[:.-](?:(?<=[:-])[\da-fA-F]{2}[:-][\da-fA-F]{2}[:-]|(?<=\.)[\da-fA-F]{4}\.)",
    ),
    "URL": (".:", r"[.:](?:(?<=\.)[^\s.]|//)"),
    "CRYPTO": ("13", r"[13](?:[A-HJ-NP-Za-km-z1-9]{25}|(?<=[bB][cC]1)[a-zA-Z0-9]{11})"),
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
        """Build presidio's engine only where we lack a recogniser for a wanted entity.

        Raises:
            ConfigError: an entity is unknown, or the spaCy model isn't installed.
        """
        # a push that redacts nothing need not wait for their patterns and tables
        from sync.intake.redaction.recognisers.choosing import own_patterns, recognisers

        ours = recognisers(settings)
        chosen = [ours[entity] for entity in dict.fromkeys(settings.wanted) if entity in ours]
        self._looks = [_look(r) for r in (*chosen, *own_patterns(settings))]
        theirs = [entity for entity in settings.wanted if entity not in ours]
        self._theirs = None
        if theirs:
            from sync.intake.redaction.presidio import engine

            self._theirs = engine(theirs, settings.spacy_model, settings.least_score, ours)
        self._least = max(settings.least_score, _LEAST)
        self._allowed = _allowed(settings.allow)
        # a system prompt is the same in thousands of tasks
        self.spans = functools.lru_cache(maxsize=256)(self._spans)

    def _spans(self, text: str) -> list[Span]:
        """What to redact in a text, in order and never overlapping."""
        found = [span for span in self._anywhere(text) if span.score >= self._least]
        if not found:
            return []
        allowed = [a.span() for a in self._allowed.finditer(text)] if self._allowed else []
        return merged(
            span
            for span in found
            if not any(start <= span.start and span.end <= end for start, end in allowed)
        )

    def _anywhere(self, text: str) -> Iterator[Span]:
        """Spans of the text, and of it without invisible characters, which may part a value."""
        yield from self._found(text)
        if (seen := as_seen(text)) is not None:
            read, at = seen
            for span in self._found(read):
                yield replace(span, start=at[span.start], end=at[span.end - 1] + 1)

    def _found(self, text: str) -> Iterator[Span]:
        form = plain(text)
        there: dict[str, bool] = {}
        for look in self._looks:
            if look.chars not in there:
                there[look.chars] = not look.chars or any(c in form for c in look.chars)
            if there[look.chars] and (look.sign is None or look.sign.search(form)):
                for start, end, score in look.recogniser.found(text):
                    yield Span(start, end, look.recogniser.entity, score)
        if self._theirs is not None:
            for f in self._theirs(text):
                yield Span(f.start, f.end, f.entity_type, f.score)


@dataclass(frozen=True)
class _Look:
    """A recogniser, and what a text must hold before it is asked at all.

    Attributes:
        chars: at least one of them; none: that can't be said.
        sign: None where that can't be said.
    """

    recogniser: Recogniser
    chars: str
    sign: re.Pattern[str] | None


def _look(recogniser: Recogniser) -> _Look:
    chars, sign = _SIGNS.get(recogniser.entity, ("", None))
    return _Look(recogniser, chars, re.compile(sign, re.ASCII) if sign else None)


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


def _allowed(texts: Iterable[str]) -> re.Pattern[str] | None:
    """The texts that are never redacted, in any case and with any white space between words."""
    written = [_anyhow(text.split()) for text in texts if text.strip()]
    return re.compile("|".join(written), re.IGNORECASE) if written else None


def _anyhow(words: list[str]) -> str:
    before, after = around(words[0])[0] or r"(?<!\w)", around(words[-1])[1] or r"(?!\w)"
    return before + r"\s+".join(map(re.escape, words)) + after
