"""One task's draft: samples of the model, the central one chosen and scored."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.embedding import Encoder
from connectors.errors import PicturesRefused
from drafting.acceptance.prior import NoSignalError, prior_probability
from drafting.gather_evidence import gather_evidence
from drafting.judge_draft import Judge, not_asked
from drafting.more_samples import first_counts, further_counts, is_settled
from drafting.project_settings import LLMSettings
from drafting.read_turns import reasoning_of
from drafting.sample_replies import Drawn, Prompts, Sampler, draw
from drafting.signals import Signals, signals_of
from drafting.signals.evidence import Evidence, Vectors
from drafting.signals.text_checks import soundness
from drafting.turn_similarity import soundest_first
from label_configs import Interface, ReplyError


@dataclass(frozen=True)
class Draft:
    """A record with the fields that the model filled, and how sure we are of it.

    Attributes:
        score: how likely an expert accepts it unchanged, by the prior; in [0, 1], low = look first.
        confidence: token confidence in (0, 1], or None when the server gives no logprobs.
        agreement: of the samples, in [0, 1], or None when there was one only.
        reasoning: of the sample that was chosen; "" for a draft that the task brought along.
        drawn: samples that it was made and scored by, without second tries.
        signals: what speaks for it, by name, each in [0, 1]; those that are known.
    """

    record: Any
    score: float
    confidence: float | None
    agreement: float | None
    reasoning: str = ""
    drawn: int = 0
    signals: Signals = field(default_factory=dict)


def first_draft(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Callable[[], Encoder],
    prompts: Prompts | None = None,
    *,
    gives_logprobs: bool = True,
    judge: Judge = not_asked,
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

    def make(some: LLMSettings) -> Draft:
        return draft_task(interface, data, some, sampler, encoder, prompts, judge=judge)

    counts = first_counts(interface, data, settings, gives_logprobs=gives_logprobs)
    return _first_that_is_enough(make, settings, counts, lambda _: True)


def refined_draft(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Callable[[], Encoder],
    prompts: Prompts | None = None,
    *,
    keep_first: bool = False,
    judge: Judge = not_asked,
) -> Draft:
    """Draft one task by further samples, until they settle it; see `draft_task`.

    They agree, or each says something else, or `settings.samples` are drawn.
    """

    def make(some: LLMSettings) -> Draft:
        task = interface, data, some, sampler, encoder, prompts
        return draft_task(*task, keep_first=keep_first, judge=judge)

    kept = keep_first or interface.own_draft(data) is not None

    def is_enough(made: Draft) -> bool:
        return is_settled(made.signals, made.drawn, kept=kept)

    return _first_that_is_enough(make, settings, further_counts(settings.samples), is_enough)


def _first_that_is_enough(
    make: Callable[[LLMSettings], Draft],
    settings: LLMSettings,
    counts: Iterable[int],
    is_enough: Callable[[Draft], bool],
) -> Draft:
    """The draft by as few samples as will do, else by the last of the counts, which must do."""
    *fewer, most = (settings.model_copy(update={"samples": count}) for count in counts)
    for some in fewer:
        with contextlib.suppress(ReplyError, NoSignalError):
            made = make(some)
            if is_enough(made):
                return made
    return make(most)


def draft_task(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    encoder: Callable[[], Encoder],
    prompts: Prompts | None = None,
    *,
    keep_first: bool = False,
    judge: Judge = not_asked,
) -> Draft:
    """Draft one task by `settings.samples` samples.

    The draft is the sample whose conclusion is most like those of the others (self-consistency:
    Wang et al. 2023), of those in which no fault can be seen. Replies that do not fit the interface
    are left out; the disagreement that they are counts: agreement is scaled by the share of replies
    that fit. A draft that the task brings along is shown as it is, and scored by how far the
    model's replies agree with it; where the interface has a score of its own for it, no model is
    asked.

    Args:
        encoder: gives the embedding model; called only where there are texts to compare.
        keep_first: the first sample stays the draft, and the others only score it.
        judge: says how probable it is that the draft is right; a pair of answers is not judged.

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
        nothing = {"fitting_share": 0.0}
        return Draft(own, 0.0, None, 0.0, drawn=settings.samples, signals=nothing)
    vectors = Vectors(encoder)
    if own is not None:
        return _own(interface, own, data, drawn, vectors, judge)
    evidence = gather_evidence(interface, data, drawn, vectors)
    order = [0]
    if len(drawn.records) > 1:
        alike = evidence.alike_in_conclusion, evidence.alike
        order = soundest_first(*alike, soundness(evidence))
        if keep_first:
            order.sort(key=bool)  # the rest keeps its order
    record = interface.assemble([drawn.records[i] for i in order], data)
    signals = signals_of(_judged(interface, evidence.in_order(order), judge))
    confidence = signals.get("token_confidence")
    among = drawn.share * signals.get("agreement", 1.0)
    agreement = among if settings.samples > 1 or drawn.share < 1 else None
    score = prior_probability(signals)
    reasoning = reasoning_of(drawn.samples[order[0]])
    return Draft(record, score, confidence, agreement, reasoning, drawn.count, signals)


def _unasked(
    interface: Interface[Any], data: Mapping[str, Any], settings: LLMSettings
) -> Draft | None:
    """The task's own draft where no model is asked for one; it counts as drawn in full."""
    score, own = interface.own_score(data), interface.own_draft(data)
    if score is None or own is None:
        return None
    return Draft(own, score, None, None, drawn=settings.samples)


def _judged(interface: Interface[Any], evidence: Evidence, judge: Judge) -> Evidence:
    """Evidence with what the judge says of the draft, where the draft is one answer."""
    if interface.samples_for_a_draft > 1:
        return evidence
    return replace(evidence, self_judgement=judge(evidence.answers[0].text))


def _own(
    interface: Interface[Any],
    own: Any,
    data: Mapping[str, Any],
    drawn: Drawn,
    vectors: Vectors,
    judge: Judge,
) -> Draft:
    """The task's own draft, scored by the model's replies."""
    evidence = gather_evidence(interface, data, drawn, vectors, own)
    signals = signals_of(_judged(interface, evidence, judge))
    agreement = drawn.share * signals["agreement"]
    score = prior_probability(signals)
    return Draft(own, score, None, agreement, drawn=drawn.count, signals=signals)
