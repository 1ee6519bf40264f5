"""One task's draft: samples of the model, the central one chosen and scored."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.embedding import Encoder
from drafting import scores
from drafting.more_samples import first_counts
from drafting.project_settings import LLMSettings
from drafting.sample_replies import Drawn, Prompts, Sampler, draw, reasoning_of, whole_prompt
from label_configs import Interface, ReplyError


@dataclass(frozen=True)
class Draft:
    """A record with the fields that the model filled, and how sure we are of it.

    Attributes:
        score: in [0, 1], low = an expert should look at it first.
        confidence: token confidence in (0, 1], or None when the server gives no logprobs.
        agreement: of the samples, in [0, 1], or None when there was one only.
        reasoning: of the sample that was chosen; "" for a draft that the task brought along.
        drawn: samples that it was made and scored by, without second tries.
    """

    record: Any
    score: float
    confidence: float | None
    agreement: float | None
    reasoning: str = ""
    drawn: int = 0


def first_draft(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Callable[[], Encoder],
    prompts: Prompts = whole_prompt,
    *,
    gives_logprobs: bool = True,
) -> Draft:
    """Draft one task by as few samples as make a draft with a score; see `draft_task`.

    Where they make none, since no reply fits, nothing tells how sure the model is, or two answers
    are alike, more are drawn, up to `settings.samples`.

    Args:
        gives_logprobs: whether the server is thought to give token probabilities; it saves a call.
    """
    interface.check_task(data)
    *fewer, most = first_counts(interface, data, settings, gives_logprobs=gives_logprobs)
    for count in fewer:
        some = settings.model_copy(update={"samples": count})
        with contextlib.suppress(ReplyError, scores.NoSignalError):
            return draft_task(interface, data, some, sampler, encoder, prompts)
    all_of_them = settings.model_copy(update={"samples": most})
    return draft_task(interface, data, all_of_them, sampler, encoder, prompts)


def draft_task(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Callable[[], Encoder],
    prompts: Prompts = whole_prompt,
    *,
    keep_first: bool = False,
) -> Draft:
    """Draft one task by `settings.samples` samples.

    Replies that do not fit the interface are left out; the disagreement that they are counts:
    agreement is scaled by the share of replies that fit. A draft that the task brings along is
    shown as it is, and scored by how far the model's replies agree with it.

    Args:
        encoder: gives the embedding model; called only where there are texts to compare.
        keep_first: the first sample stays the draft, and the others only score it.

    Raises:
        LabelConfigError: the task holds no conversation that could be answered.
        ReplyError: no reply fits the interface, and the task brings no draft along.
        LLMError: the endpoint failed.
        BudgetReachedError: nothing more may be paid.
        ValueError: nothing to score by (one sample, no logprobs).
    """
    interface.check_task(data)
    own = interface.own_draft(data)
    try:
        drawn = draw(interface, data, settings, sampler, prompts)
    except ReplyError:
        if own is None:
            raise
        # the share of replies that fit is 0
        return Draft(own, 0.0, None, 0.0, drawn=settings.samples)
    if own is not None:
        return _own(interface, own, drawn, encoder())
    answers = [interface.answer(record) for record in drawn.records]
    order, among = [0], 1.0
    if len(answers) > 1:
        embeddings = encoder().encode(answers)
        among = scores.draft_agreement(embeddings)
        order = scores.by_centrality(embeddings)
        if keep_first:
            order.sort(key=bool)  # the rest keeps its order
    record = interface.assemble([drawn.records[i] for i in order], data)
    chosen = drawn.samples[order[0]]
    logprobs = chosen.token_logprobs
    confidence = scores.token_confidence(logprobs) if logprobs else None
    agreement = drawn.share * among if settings.samples > 1 or drawn.share < 1 else None
    score = scores.acceptance_score(confidence, agreement)
    return Draft(record, score, confidence, agreement, reasoning_of(chosen), drawn.count)


def _own(interface: Interface[Any], own: Any, drawn: Drawn, encoder: Encoder) -> Draft:
    """The task's own draft, scored by the model's replies."""
    (embedding,) = encoder.encode([interface.answer(own)])
    embeddings = encoder.encode([interface.answer(record) for record in drawn.records])
    agreement = drawn.share * scores.agreement_with(embedding, embeddings)
    score = scores.acceptance_score(None, agreement)
    return Draft(own, score, None, agreement, drawn=drawn.count)
