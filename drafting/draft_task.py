"""One task's draft: samples of the model, the central one chosen and scored."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.embedding import Encoder
from connectors.errors import PicturesRefused
from drafting import scores, turn_similarity
from drafting.more_samples import first_counts
from drafting.project_settings import LLMSettings
from drafting.read_turns import reasoning_of
from drafting.sample_replies import Drawn, Prompts, Sampler, draw, whole_prompt
from label_configs import Interface, ReplyError
from label_configs.content import ToolCall, calls_of
from label_configs.source_reasoning import DRAFT_CALLS


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
    if (own := _unasked(interface, data, settings)) is not None:
        return own
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
    shown as it is, and scored by how far the model's replies agree with it; where the interface
    has a score of its own for it, no model is asked.

    Args:
        encoder: gives the embedding model; called only where there are texts to compare.
        keep_first: the first sample stays the draft, and the others only score it.

    Raises:
        LabelConfigError: the task holds no conversation that could be answered.
        ReplyError: no reply fits the interface, and the task brings no draft along.
        LLMError: the endpoint failed, or sees no pictures and the task brings no draft along.
        BudgetReachedError: nothing more may be paid.
        ValueError: nothing to score by (one sample, no logprobs).
    """
    interface.check_task(data)
    if (unasked := _unasked(interface, data, settings)) is not None:
        return unasked
    own = interface.own_draft(data)
    try:
        drawn = draw(interface, data, settings, sampler, prompts)
    except (ReplyError, PicturesRefused):
        if own is None:
            raise
        # the share of replies that fit is 0; a model that sees no pictures gives none
        return Draft(own, 0.0, None, 0.0, drawn=settings.samples)
    if own is not None:
        return _own(interface, own, _own_calls(interface, data), drawn, encoder)
    order, among = [0], 1.0
    if len(drawn.records) > 1:
        order, among = _compared(interface, drawn, encoder)
        if keep_first:
            order.sort(key=bool)  # the rest keeps its order
    record = interface.assemble([drawn.records[i] for i in order], data)
    chosen = drawn.samples[order[0]]
    logprobs = chosen.token_logprobs
    confidence = scores.token_confidence(logprobs) if logprobs else None
    agreement = drawn.share * among if settings.samples > 1 or drawn.share < 1 else None
    score = scores.acceptance_score(confidence, agreement)
    return Draft(record, score, confidence, agreement, reasoning_of(chosen), drawn.count)


def _unasked(
    interface: Interface[Any], data: Mapping[str, Any], settings: LLMSettings
) -> Draft | None:
    """The task's own draft where no model is asked for one; it counts as drawn in full."""
    score, own = interface.own_score(data), interface.own_draft(data)
    if score is None or own is None:
        return None
    return Draft(own, score, None, None, drawn=settings.samples)


def _compared(
    interface: Interface[Any], drawn: Drawn, encoder: Callable[[], Encoder]
) -> tuple[list[int], float]:
    """The places of the replies, the most central first, and their agreement in [0, 1]."""
    calls = [calls_of(turn) for turn in drawn.turns]
    if any(calls):
        alike = _similarities(interface, drawn.records, calls, encoder)
        return turn_similarity.most_similar_first(alike), turn_similarity.mean_similarity(alike)
    embeddings = encoder().encode([interface.answer(record) for record in drawn.records])
    return scores.by_centrality(embeddings), scores.draft_agreement(embeddings)


def _similarities(
    interface: Interface[Any],
    records: Sequence[Any],
    calls: Sequence[Sequence[ToolCall]],
    encoder: Callable[[], Encoder],
) -> turn_similarity.Similarities:
    """How alike records are, of which some call tools; texts are embedded where there are two."""
    texts = [interface.answer(one) for one, made in zip(records, calls, strict=True) if not made]
    embeddings = encoder().encode(texts) if len(texts) > 1 else np.ones((len(texts), 1), np.float32)
    return turn_similarity.turn_similarities(calls, embeddings)


def _own_calls(interface: Interface[Any], data: Mapping[str, Any]) -> Sequence[ToolCall]:
    """The calls of the answer that the task brings along, beside its conversation or at its end."""
    if not interface.takes_calls:
        return ()
    brought = data.get(DRAFT_CALLS) or data["messages"][-1].get("tool_calls")
    return calls_of({"tool_calls": brought})


def _own(
    interface: Interface[Any],
    own: Any,
    own_calls: Sequence[ToolCall],
    drawn: Drawn,
    encoder: Callable[[], Encoder],
) -> Draft:
    """The task's own draft, scored by the model's replies."""
    calls = [own_calls, *(calls_of(turn) for turn in drawn.turns)]
    if any(calls):
        alike = _similarities(interface, [own, *drawn.records], calls, encoder)
        among = float(alike[0, 1:].mean())
    else:
        model = encoder()
        (embedding,) = model.encode([interface.answer(own)])
        embeddings = model.encode([interface.answer(record) for record in drawn.records])
        among = scores.agreement_with(embedding, embeddings)
    agreement = drawn.share * among
    score = scores.acceptance_score(None, agreement)
    return Draft(own, score, None, agreement, drawn=drawn.count)
