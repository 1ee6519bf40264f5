"""Drafts made of stored replies by the product's own way, with what is right known of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.ordered.replies import Stored
from benchmarks.ranked.figures import Flags, Numbers
from benchmarks.ranked.questions import INTERFACE, SETS, Question, is_right
from benchmarks.ranked.replies import SAMPLES, Replied
from connectors.embedding import Encoder
from drafting.acceptance.prior import prior_probability
from drafting.draft_task import draft_task
from drafting.project_settings import LLMSettings
from drafting.signals import Signals


@dataclass(frozen=True)
class AnsweredDraft:
    """A draft, and whether an expert who knows the answer leaves it as it is.

    Attributes:
        signals: in [0, 1], high = more likely to be accepted; those that are known.
        score: the probability of acceptance before anybody has annotated.
        right: it concludes what is right.
        readable: it concludes something.
        cut: it hit the limit of tokens.
    """

    question: Question
    text: str
    signals: Signals
    score: float
    right: bool
    readable: bool
    cut: bool


@dataclass(frozen=True)
class Drafts:
    """Drafts of one set of questions, as columns."""

    rows: Sequence[AnsweredDraft]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def wrong(self) -> Flags:
        """(n,): an expert has to change it."""
        return np.array([not row.right for row in self.rows], dtype=bool)

    @cached_property
    def scores(self) -> Numbers:
        """(n,)."""
        return np.array([row.score for row in self.rows], dtype=np.float64)

    @property
    def names(self) -> list[str]:
        """Of the signals that any of the drafts has."""
        return list(dict.fromkeys(name for row in self.rows for name in row.signals))

    def signal(self, name: str) -> Numbers:
        """(n,): one signal; where it is unknown, the mean of those that are known."""
        known = [row.signals.get(name, np.nan) for row in self.rows]
        values = np.array(known, dtype=np.float64)
        return np.where(np.isnan(values), np.nanmean(values), values)

    @property
    def can_be_ordered(self) -> bool:
        """Some are right and some are wrong."""
        return bool(self.wrong.any() and not self.wrong.all())

    def of(self, kind: str, part: str) -> "Drafts":
        """Those of one set and part."""
        chosen = [r for r in self.rows if (r.question.kind, r.question.part) == (kind, part)]
        return Drafts(chosen)


def drafted(
    asked: Sequence[Question],
    replies: Mapping[str, Replied],
    encoder: Callable[[], Encoder],
) -> Iterator[AnsweredDraft]:
    """The drafts of the questions that have replies."""
    for question in asked:
        if (replied := replies.get(question.key)) is None:
            continue
        one = SETS[question.kind]
        settings = LLMSettings(samples=SAMPLES, max_tokens=one.max_tokens, examples=0)
        draft = draft_task(INTERFACE, question.data, settings, Stored(replied.reply), encoder)
        text = draft.record.response
        cut = any(s.truncated and s.text.strip() == text.strip() for s in replied.reply.samples)
        yield AnsweredDraft(
            question=question,
            text=text,
            signals=draft.signals,
            score=prior_probability(draft.signals),
            right=is_right(question, text),
            readable=one.concluded(text) is not None,
            cut=cut,
        )
