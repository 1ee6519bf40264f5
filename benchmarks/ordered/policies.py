"""Policies of drawing samples, tried on stored replies, and how they compare."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import bootstrap, rankdata

from benchmarks.ordered.replies import SEED, Stored
from connectors.embedding import Encoder
from drafting.draft_task import Draft, draft_task, first_draft, refined_draft
from drafting.more_samples import deserves_more
from drafting.project_settings import LLMSettings
from label_configs import Interface

RESAMPLES = 2000
FIXED = "four_everywhere"


@dataclass(frozen=True)
class Asked:
    """A task whose replies are stored.

    Attributes:
        is_right: whether an expert who knows the answer leaves a draft as it is.
    """

    data: Mapping[str, Any]
    stored: Callable[[], Stored]
    is_right: Callable[[Draft], bool]


@dataclass(frozen=True)
class Drawing:
    """What every policy draws with.

    Attributes:
        settings: `samples` is the most that is drawn.
    """

    interface: Interface[Any]
    settings: LLMSettings
    encoder: Callable[[], Encoder]

    def one_sample(self, data: Mapping[str, Any], model: Stored) -> Draft:
        """The first sample alone."""
        return first_draft(self.interface, data, self.settings, model, self.encoder)

    def two_passes(self, data: Mapping[str, Any], model: Stored) -> Draft:
        """One sample first; where the draft deserves it, more until they settle it."""
        return self._further(data, model, refined_draft)

    def rest_at_once(self, data: Mapping[str, Any], model: Stored) -> Draft:
        """One sample first; all of them where the draft deserves it."""
        return self._further(data, model, draft_task)

    def four_everywhere(self, data: Mapping[str, Any], model: Stored) -> Draft:
        """All of them for every task."""
        return draft_task(self.interface, data, self.settings, model, self.encoder)

    def _further(self, data: Mapping[str, Any], model: Stored, further: Any) -> Draft:
        draft = self.one_sample(data, model)
        if deserves_more(draft.score, draft.drawn, self.settings.samples):
            made: Draft = further(self.interface, data, self.settings, model, self.encoder)
            return made
        return draft

    def policies(self) -> Mapping[str, Callable[[Mapping[str, Any], Stored], Draft]]:
        """Every policy by its name."""
        tried = (self.one_sample, self.two_passes, self.rest_at_once, self.four_everywhere)
        return {policy.__name__: policy for policy in tried}


def compared(
    drawing: Drawing, asked: Sequence[Asked], resamples: int = RESAMPLES
) -> dict[str, dict[str, Any]]:
    """Of each policy: right drafts, tokens written, samples, and the AUROC of its scores.

    The AUROC says how surely a low score finds a wrong draft; it has a 95 % interval by bootstrap
    over questions, and so has what it is more than that of all samples everywhere, paired.
    """
    made = {name: _outcomes(policy, asked) for name, policy in drawing.policies().items()}
    fixed = made[FIXED]
    return {
        name: {
            "right": round(float(1 - one["wrong"].mean()), 3),
            "tokens": int(one["tokens"].sum()),
            "tokens_vs_fixed_k": round(float(one["tokens"].sum() / fixed["tokens"].sum()), 3),
            "samples": round(float(one["drawn"].mean()), 2),
            "auroc": _interval(auroc, resamples, one["scores"], one["wrong"]),
            "auroc_minus_fixed_k": _interval(
                _difference, resamples,
                one["scores"], one["wrong"], fixed["scores"], fixed["wrong"],
            ),
        }
        for name, one in made.items()
    }  # fmt: skip


def _outcomes(
    policy: Callable[[Mapping[str, Any], Stored], Draft], asked: Iterable[Asked]
) -> dict[str, Any]:
    """What a policy made of the tasks, a number of each."""
    rows = []
    for one in asked:
        model = one.stored()
        draft = policy(one.data, model)
        rows.append((draft.score, not one.is_right(draft), model.tokens, draft.drawn))
    columns = zip(*rows, strict=True)
    names = ("scores", "wrong", "tokens", "drawn")
    return {name: np.asarray(column) for name, column in zip(names, columns, strict=True)}


def auroc(scores: Any, wrong: Any, axis: int = -1) -> Any:
    """How surely a wrong draft has a lower score than a right one (Mann and Whitney's U)."""
    ranks = rankdata(-scores, axis=axis)
    many = wrong.sum(axis=axis)
    others = wrong.shape[axis] - many
    return ((ranks * wrong).sum(axis=axis) - many * (many + 1) / 2) / (many * others)


def _difference(scores: Any, wrong: Any, of_scores: Any, of_wrong: Any, axis: int = -1) -> Any:
    return auroc(scores, wrong, axis) - auroc(of_scores, of_wrong, axis)


def _interval(figure: Callable[..., Any], resamples: int, *columns: Any) -> dict[str, float]:
    """A figure and its 95 % interval, by resampling questions."""
    found = bootstrap(
        columns,
        figure,
        n_resamples=resamples,
        paired=True,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return {
        "value": round(float(figure(*columns)), 3),
        "low": round(float(found.low), 3),
        "high": round(float(found.high), 3),
    }


def as_rows(figures: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The figures of `compared` as cells under `HEADINGS`."""
    return [
        (
            name.replace("_", " "),
            f"{row['right']:.2f}",
            f"{row['samples']:.2f}",
            f"{row['tokens']:,}",
            f"{row['tokens_vs_fixed_k']:.2f}",
            _written(row["auroc"]),
            _written(row["auroc_minus_fixed_k"]),
        )
        for name, row in figures.items()
    ]


HEADINGS = ("policy", "right", "samples", "tokens", "of fixed k", "AUROC", "AUROC minus fixed k")


def _written(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
