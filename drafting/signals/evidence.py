"""What the model did for one task, as signals see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from connectors.embedding import Encoder
from connectors.reading import Embeddings
from drafting import turn_similarity
from drafting.signals.conclusions import OfParts, conclusion_similarities
from drafting.turn_similarity import Similarities
from label_configs.content import ToolCall

_ROUNDING = 1e-9


@dataclass(frozen=True)
class SampledAnswer:
    """One sample of the model that fits the interface, or the draft that a task brought along.

    Attributes:
        text: what the end user would read of it (`Interface.answer`).
        parts: of the text that each answer something of their own; none: all of it is one.
        steps: of the reasoning that an expert is shown with it.
        calls: of tools.
        faulty_calls: one of them is none that its tool takes.
        token_logprobs: natural log-probability of each token of the reply; empty where unknown.
        model: that wrote it; "" where nobody says.
    """

    text: str
    parts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    faulty_calls: bool = False
    token_logprobs: tuple[float, ...] = ()
    model: str = ""


class Vectors:
    """The vectors of texts, each embedded once; the model is loaded with the first text."""

    def __init__(self, encoder: Callable[[], Encoder]) -> None:
        self._encoder = encoder
        self._known: dict[str, Embeddings] = {}

    def of(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim), rows of unit length."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder().encode(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True)
class Evidence:
    """What the model did for one task.

    Attributes:
        answers: the samples that fit, the draft first; at least one.
        vectors: of any texts, by the project's embedding model.
        fitting_share: of whole replies that fit among all that were drawn.
        documents: texts that the task brings along, which answers should rest on.
        asked: what the conversation and its facts say.
        brought: the draft came with the task, and the others are the model's samples.
        self_judgement: how probable the model thinks that the draft is right, where it was asked.
    """

    answers: tuple[SampledAnswer, ...]
    vectors: Vectors
    fitting_share: float | None = None
    documents: tuple[str, ...] = ()
    asked: str = ""
    brought: bool = False
    self_judgement: float | None = None

    def in_order(self, order: Sequence[int]) -> "Evidence":
        """The same with its answers in another order."""
        return replace(self, answers=tuple(self.answers[place] for place in order))

    @property
    def sampled(self) -> tuple[SampledAnswer, ...]:
        """The model's own samples."""
        return self.answers[1:] if self.brought else self.answers

    @property
    def calls_tools(self) -> bool:
        """Whether one of the answers does; then they are compared by what they do."""
        return any(answer.calls for answer in self.answers)

    @cached_property
    def alike(self) -> Similarities:
        """(n, n): how alike whole answers are; by cosine, in [-1, 1], or by their calls."""
        if not self.calls_tools:
            vectors = self.vectors.of([answer.text for answer in self.answers])
            cosines: Similarities = vectors @ vectors.T
            return cosines
        calls = [answer.calls for answer in self.answers]
        texts = [answer.text for answer in self.answers if not answer.calls]
        # one text alone is compared with nothing
        single = np.ones((len(texts), 1), np.float32)
        vectors = self.vectors.of(texts) if len(texts) > 1 else single
        return turn_similarity.turn_similarities(calls, vectors)

    @cached_property
    def alike_in_conclusion(self) -> Similarities:
        """(n, n): how alike answers are in what they come to, in [0, 1]; of calls, what they do."""
        return self._alike_in_conclusion(np.mean)

    @cached_property
    def alike_in_meaning(self) -> Similarities:
        """(n, n): the same, where the least alike of several parts decides; calls are equal or not.

        One of three fees that differs, or one of five arguments, is another answer.
        """
        if not any(answer.calls or answer.parts[1:] for answer in self.answers):
            return self.alike_in_conclusion
        alike = self._alike_in_conclusion(np.min)
        calling = np.array([bool(answer.calls) for answer in self.answers])
        return np.where(np.outer(calling, calling), alike >= 1.0 - _ROUNDING, alike)

    def _alike_in_conclusion(self, of_parts: OfParts) -> Similarities:
        worded = [at for at, answer in enumerate(self.answers) if not answer.calls]
        alike = np.array(self.alike, dtype=np.float64) if self.calls_tools else np.eye(len(worded))
        if len(worded) > 1:
            parts = [self.answers[at].parts or (self.answers[at].text,) for at in worded]
            found = conclusion_similarities(parts, self.vectors.of, of_parts)
            alike[np.ix_(worded, worded)] = found
        return alike
