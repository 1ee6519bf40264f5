"""One task's draft: k samples of the model, the central one chosen and scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.embedding import Encoder
from connectors.llm import Sample
from label_configs import Interface, ReplyError
from ml_backend import scoring
from ml_backend.prompts import build_messages
from ml_backend.settings import LLMSettings


class Sampler(Protocol):
    """What drafting needs of a model endpoint; `connectors.llm.LLM` is one."""

    def sample(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        n: int,
        temperature: float,
        max_tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> list[Sample]:
        """Draw `n` replies."""


@dataclass(frozen=True)
class Draft:
    """A record with the fields that the model filled, and how sure we are of it.

    Attributes:
        score: in [0, 1], low = an expert should look at it first.
        confidence: token confidence in (0, 1], or None when the server gives no logprobs.
        agreement: of the samples, in [0, 1], or None when there was one only.
    """

    record: Any
    score: float
    confidence: float | None
    agreement: float | None


def draft_task(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Encoder,
) -> Draft:
    """Draft one task.

    Replies that do not fit the interface are left out; the disagreement that they are counts:
    agreement is scaled by the share of replies that fit.

    Raises:
        LabelConfigError: the task holds no conversation that could be answered.
        ReplyError: no reply fits the interface.
        LLMError: the endpoint failed.
        ValueError: nothing to score by (one sample, no logprobs).
    """
    interface.check_task(data)
    samples = sampler.sample(
        build_messages(interface, data),
        model=settings.model,
        n=settings.samples,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        schema=interface.reply_schema,
    )
    fitting = list(_fitting(interface, samples))
    if not fitting:
        cut = any(sample.truncated for sample in samples)
        raise ReplyError(
            f"none of {len(samples)} replies fits {interface.name}"
            + ("; some were cut at llm.max_tokens, raise it" if cut else "")
        )
    embeddings = encoder.encode([interface.answer(record) for record, _ in fitting])
    record, sample = fitting[scoring.central_draft(embeddings)]
    agreement = None
    if len(samples) > 1:
        among_fitting = scoring.draft_agreement(embeddings) if len(fitting) > 1 else 1.0
        agreement = among_fitting * len(fitting) / len(samples)
    confidence = scoring.token_confidence(sample.token_logprobs) if sample.token_logprobs else None
    return Draft(record, scoring.acceptance_score(confidence, agreement), confidence, agreement)


def _fitting(interface: Interface[Any], samples: Sequence[Sample]) -> "list[tuple[Any, Sample]]":
    fitting = []
    for sample in samples:
        try:
            fitting.append((interface.read_reply(sample.text), sample))
        except ReplyError:
            continue
    return fitting
