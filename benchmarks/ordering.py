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
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from rich.console import Console
from rich.table import Table

from benchmarks.ordered.policies import HEADINGS, Asked, Drawing, as_rows, compared
from benchmarks.ordered.replies import (
    INTERFACE,
    SAMPLES,
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
from drafting.draft_task import Draft

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "banking77_test.csv"


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


def measure(pairs: Sequence[tuple[Question, Reply]]) -> dict[str, Any]:
    """Every figure, by name."""
    asked = [
        Asked(question.data, partial(Stored, reply), partial(_is_right, question))
        for question, reply in pairs
    ]
    drawing = Drawing(INTERFACE, SETTINGS, load_encoder)
    return {"questions": len(pairs), "samples": SAMPLES, **compared(drawing, asked)}


def _is_right(question: Question, draft: Draft) -> bool:
    said = draft.record.response.strip().strip("`\"'.").lower()
    return bool(said == question.intent.lower())


def show(figures: Mapping[str, Any]) -> None:
    """The same as a table."""
    table = Table(*HEADINGS)
    for row in as_rows({name: one for name, one in figures.items() if isinstance(one, Mapping)}):
        table.add_row(*row)
    Console().print(f"{figures['questions']} questions, 95 % intervals in brackets")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
