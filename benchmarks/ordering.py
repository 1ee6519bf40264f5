"""How well drafts are ordered by fewer samples, beside `samples = 4` everywhere.

Real questions with known answers: customers' questions of Banking77, which a model sorts into one
of 77 intents. A draft is the name of an intent, so that it is plainly right or wrong. The questions
are drawn by chance from the test part; nothing was tuned on them, nor on any other.

The model's replies, four to a question, are drawn once and stored, so that all policies see the
same ones: the first sample alone, the two passes of `drafting.more_samples`, and all four at once.
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
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

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
from drafting.draft_task import Draft, draft_task, first_draft
from drafting.more_samples import deserves_more

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "banking77_test.csv"
RESAMPLES = 2000


@dataclass(frozen=True)
class Outcome:
    """What a policy made of a question.

    Attributes:
        score: of the draft, low = look at it first.
        tokens: that the model wrote for it.
    """

    score: float
    wrong: bool
    tokens: int


def main() -> int:
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
    asked = parser.parse_args()
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
    "four_everywhere": all_samples,
}


def measure(pairs: Sequence[tuple[Question, Reply]]) -> dict[str, Any]:
    """Every figure, by name."""
    made = {
        name: [_outcome(policy, question, reply) for question, reply in pairs]
        for name, policy in POLICIES.items()
    }
    fixed = made["four_everywhere"]
    figures: dict[str, Any] = {"questions": len(pairs), "samples": SAMPLES}
    for name, outcomes in made.items():
        figures[name] = {
            "right": round(float(np.mean([not one.wrong for one in outcomes])), 3),
            "tokens": sum(one.tokens for one in outcomes),
            "tokens_vs_fixed_k": round(
                sum(one.tokens for one in outcomes) / sum(one.tokens for one in fixed), 3
            ),
            "auroc": _interval(auroc, outcomes),
            "auroc_minus_fixed_k": _interval(
                lambda both: auroc([one for one, _ in both]) - auroc([one for _, one in both]),
                list(zip(outcomes, fixed, strict=True)),
            ),
        }
    return figures


def _outcome(policy: Callable[[Question, Stored], Draft], question: Question, reply: Reply) -> Any:
    model = Stored(reply)
    draft = policy(question, model)
    said = draft.record.response.strip().strip("`\"'.").lower()
    return Outcome(draft.score, said != question.intent.lower(), model.tokens)


def auroc(outcomes: Sequence[Outcome]) -> float:
    """How surely a wrong draft has a lower score than a right one; 0.5 where all are alike."""
    wrong = [one.wrong for one in outcomes]
    if len(set(wrong)) < 2:
        return 0.5
    return float(roc_auc_score(wrong, [-one.score for one in outcomes]))


def _interval(figure: Callable[[list[Any]], float], of: list[Any]) -> dict[str, float]:
    """A figure and its 95 % interval, by resampling questions."""

    def resampled(places: Any, axis: int = -1) -> Any:
        return np.apply_along_axis(lambda row: figure([of[int(i)] for i in row]), axis, places)

    value = figure(of)
    found = bootstrap(
        (np.arange(len(of)),),
        resampled,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return {
        "value": round(value, 3),
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
