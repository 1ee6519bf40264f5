"""A project of two kinds of questions, and tuned models that fail at one of them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.tuning.models.model_entry import ModelEntry, ModelPlace
from sync.tuning.models.model_folder import write_entry
from tests.sync.builders import annotation, result, task_row
from tests.sync.tuning.evaluation.desk import DISCLOSURE, EvaluationDesk, evaluation_desk

# of these, the first model fails all questions about fees, the second a quarter of them, the third
# another quarter
FIRST, SECOND, THIRD = "tuned-1", "tuned-2", "tuned-3"
FEES, CARDS = "fees", "cards"
_ASKED = {
    FEES: "Which fee applies to transfer {n} of account{n} when money goes abroad?",
    CARDS: "How do I unlock the card {n} of account{n} that was stolen yesterday?",
}


def question(topic: str, number: int) -> str:
    """What is asked."""
    return _ASKED[topic].format(n=number)


def about(topic: str, number: int, *, finished: bool = True, **data: Any) -> TaskRow:
    """A task of a topic; `finished`: with an answer that discloses."""
    task_id = number + (1000 if topic == CARDS else 0)
    done = [annotation(task_id * 10, result(f"It costs {number} pounds. {DISCLOSURE}."))]
    return task_row(
        task_id,
        done if finished else [],
        **{
            "labeltune_id": f"{topic}-{number:03}",
            "messages": [{"role": "user", "content": question(topic, number)}],
            "categories": {"topic": topic},
            **data,
        },
    )


def answers(model: str, messages: Sequence[dict[str, Any]]) -> str:
    """What a model says."""
    asked = messages[-1]["content"]
    number = int(found[0]) if (found := re.search(r"\d+", asked)) else 0
    fails = "fee" in asked and {
        FIRST: True,
        SECOND: number % 4 == 1,
        THIRD: number % 4 == 2,
    }.get(model, True)
    return f"It costs {number} pounds.{'' if fails else f' {DISCLOSURE}.'}"


@contextmanager
def failing_desk(folder: Path, tasks: int = 100, answer: Any = answers) -> Iterator[EvaluationDesk]:
    """A desk of that many finished tasks, half of them about fees."""
    rows = [about(topic, n) for topic in (FEES, CARDS) for n in range(1, tasks // 2 + 1)]
    with evaluation_desk(folder, answer, rows) as desk:
        yield desk


def tuned_as(desk: EvaluationDesk, name: str, model: str, day: int) -> ModelEntry:
    """A model that the endpoint knows by a name of its own, made on a day of the month."""
    entry = replace(
        desk.tuned(name),
        place=ModelPlace(model=model, base_url=f"{desk.double.url}/v1"),
        created=f"2026-11-{day:02}T08:00:00+00:00",
        cost=1.5,
    )
    write_entry(data_folder(desk.config), entry)
    return entry
