"""How well drafts are ordered by fewer samples, beside `samples = 4` everywhere.

Real questions with known answers: customers' questions of Banking77, which a model sorts into one
of 77 intents. A draft is the name of an intent, so that it is plainly right or wrong. The questions
are drawn by chance from the test part; nothing was tuned on them, nor on any other.

The model's replies, four to a question, are drawn once and stored, so that all policies see the
same ones: the first sample alone, the two passes of `drafting.more_samples`, the same with all the
rest drawn in the second, and all four at once.
Of each: right drafts, tokens written, and the AUROC with which a low score finds a wrong draft,
with 95 % intervals by bootstrap over questions (scipy); of the difference, paired.

    python benchmarks/ordering.py --replies replies.jsonl --base-url http://127.0.0.1:9091/v1
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import bootstrap, rankdata

from benchmarks.ordered.replies import (
    INTERFACE,
    SAMPLES,
    SEED,
    SETTINGS,
    Question,
    Stored,
    draw_missing,
    key_of,
    questions,
    stored,
)
from connectors.embedding import load_encoder
from connectors.llm_replies import Reply
from drafting.draft_task import Draft, draft_task, first_draft, refined_draft
from drafting.more_samples import deserves_more

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "banking77_test.csv"
RESAMPLES = 2000


@dataclass(frozen=True)
class Outcomes:
    """What a policy made of the questions, a number of each.

    Attributes:
        scores: of the drafts, low = look at it first.
        tokens: that the model wrote.
    """

    scores: Any
    wrong: Any
    tokens: Any

    @classmethod
    def of(cls, each: Sequence[tuple[float, bool, int]]) -> "Outcomes":
        """From a row a question."""
        return cls(*(np.asarray(column) for column in zip(*each, strict=True)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="banking77_test.csv")
    parser.add_argument("--replies", type=Path, required=True, help="read, and added to")
    parser.add_argument("--base-url", help="draws what is missing; the key is OPENAI_API_KEY")
    parser.add_argument("--model", default=SETTINGS.model)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=600.0, help="most that drawing may take")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="20 questions")
    asked = parser.parse_args(arguments)
    if not asked.data.exists():
        parser.error(f"{asked.data}: no such file; --data names Banking77's test part")
    chosen = questions(asked.data, 20 if asked.quick else asked.questions)
    if asked.base_url:
        draw_missing(chosen, asked.replies, asked.base_url, asked.model, asked.seconds)
    replies = stored(asked.replies)
    pairs = [(one, replies[key]) for one in chosen if (key := key_of(one)) in replies]
    if not pairs:
        parser.error(f"{asked.replies}: holds no reply to these questions; --base-url draws them")
    figures = measure(pairs)
    if asked.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def one_sample(question: Question, model: Stored) -> Draft:
    """The first sample alone."""
    return first_draft(INTERFACE, question.data, SETTINGS, model, _encoder)


def two_passes(question: Question, model: Stored) -> Draft:
    """One sample first; where the draft deserves it, more until they settle it."""
    draft = one_sample(question, model)
    if deserves_more(draft.score, draft.drawn, SAMPLES):
        return refined_draft(INTERFACE, question.data, SETTINGS, model, _encoder)
    return draft


def rest_at_once(question: Question, model: Stored) -> Draft:
    """One sample first; all of them where the draft deserves it."""
    draft = one_sample(question, model)
    if deserves_more(draft.score, draft.drawn, SAMPLES):
        return all_samples(question, model)
    return draft


def all_samples(question: Question, model: Stored) -> Draft:
    """Four of them everywhere."""
    return draft_task(INTERFACE, question.data, SETTINGS, model, _encoder)


POLICIES: Mapping[str, Callable[[Question, Stored], Draft]] = {
    "one_sample": one_sample,
    "two_passes": two_passes,
    "rest_at_once": rest_at_once,
    "four_everywhere": all_samples,
}


def measure(pairs: Sequence[tuple[Question, Reply]]) -> dict[str, Any]:
    """Every figure, by name."""
    made = {
        name: Outcomes.of([_outcome(policy, question, reply) for question, reply in pairs])
        for name, policy in POLICIES.items()
    }
    fixed = made["four_everywhere"]
    figures: dict[str, Any] = {"questions": len(pairs), "samples": SAMPLES}
    for name, one in made.items():
        figures[name] = {
            "right": round(float(1 - one.wrong.mean()), 3),
            "tokens": int(one.tokens.sum()),
            "tokens_vs_fixed_k": round(float(one.tokens.sum() / fixed.tokens.sum()), 3),
            "auroc": _interval(auroc, one.scores, one.wrong),
            "auroc_minus_fixed_k": _interval(
                _difference, one.scores, one.wrong, fixed.scores, fixed.wrong
            ),
        }
    return figures


def _outcome(
    policy: Callable[[Question, Stored], Draft], question: Question, reply: Reply
) -> tuple[float, bool, int]:
    model = Stored(reply)
    draft = policy(question, model)
    said = draft.record.response.strip().strip("`\"'.").lower()
    return draft.score, said != question.intent.lower(), model.tokens


def auroc(scores: Any, wrong: Any, axis: int = -1) -> Any:
    """How surely a wrong draft has a lower score than a right one (Mann and Whitney's U)."""
    ranks = rankdata(-scores, axis=axis)
    many = wrong.sum(axis=axis)
    others = wrong.shape[axis] - many
    return ((ranks * wrong).sum(axis=axis) - many * (many + 1) / 2) / (many * others)


def _difference(scores: Any, wrong: Any, of_scores: Any, of_wrong: Any, axis: int = -1) -> Any:
    return auroc(scores, wrong, axis) - auroc(of_scores, of_wrong, axis)


def _interval(figure: Callable[..., Any], *columns: Any) -> dict[str, float]:
    """A figure and its 95 % interval, by resampling questions."""
    found = bootstrap(
        columns,
        figure,
        n_resamples=RESAMPLES,
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


def _encoder() -> Any:
    return load_encoder("all-MiniLM-L6-v2")


def show(figures: Mapping[str, Any]) -> None:
    """The same as a table."""
    table = Table("policy", "right", "tokens", "of fixed k", "AUROC", "AUROC minus fixed k")
    for name, row in _policies(figures):
        table.add_row(
            name.replace("_", " "),
            f"{row['right']:.2f}",
            f"{row['tokens']:,}",
            f"{row['tokens_vs_fixed_k']:.2f}",
            _written(row["auroc"]),
            _written(row["auroc_minus_fixed_k"]),
        )
    Console().print(f"{figures['questions']} questions, 95 % intervals in brackets")
    Console().print(table)


def _policies(figures: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, figures[name]) for name in POLICIES)


def _written(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


if __name__ == "__main__":
    sys.exit(main())
