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
    agreement is scaled by the share of replies that fit. A draft that the task brings along is
    shown as it is, and scored by how far the model's replies agree with it.

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
        schema=interface.schema(),
    )
    fitting = _fitting(interface, samples, data)
    if not fitting:
        cut = any(sample.truncated for sample in samples)
        raise ReplyError(
            f"none of {len(samples)} replies fits {interface.name}"
            + ("; some were cut at llm.max_tokens, raise it" if cut else "")
        )
    share = len(fitting) / len(samples)
    embeddings = encoder.encode([interface.answer(record) for record, _ in fitting])
    own = interface.own_draft(data)
    if own is not None:
        (embedding,) = encoder.encode([interface.answer(own)])
        agreement = share * scoring.agreement_with(embedding, embeddings)
        return Draft(own, scoring.acceptance_score(None, agreement), None, agreement)
    order = scoring.by_centrality(embeddings)
    record = interface.assemble([fitting[i][0] for i in order], data)
    logprobs = fitting[order[0]][1].token_logprobs
    confidence = scoring.token_confidence(logprobs) if logprobs else None
    among_fitting = scoring.draft_agreement(embeddings) if len(fitting) > 1 else 1.0
    agreed = share * among_fitting if len(samples) > 1 else None
    return Draft(record, scoring.acceptance_score(confidence, agreed), confidence, agreed)


def _fitting(
    interface: Interface[Any], samples: Sequence[Sample], data: Mapping[str, Any]
) -> list[tuple[Any, Sample]]:
    fitting = []
    for sample in samples:
        try:
            fitting.append((interface.read_reply(sample.text, data), sample))
        except ReplyError:
            continue
    return fitting
