"""Several row steps as one."""

import pickle
from dataclasses import dataclass
from pathlib import Path

from connectors.embedding import load_encoder
from sync.intake.cleaning.arrow_form import SCHEMA, from_arrow, to_arrow
from sync.intake.cleaning.chain import CHANGED, DROPPED, NOTED, Chain, Situation
from sync.intake.cleaning.steps import planned
from sync.intake.cleaning.task_batches import (
    NOTE,
    TRAIL,
    TaskBatch,
    dropping,
    rewritten,
    to_batch,
)
from sync.intake.cleaning.task_vectors import DOCUMENTS_VECTOR, VECTOR, Embedding
from tests.sync.intake.cleaning.desk import Json, settings, source


@dataclass(frozen=True)
class Adding:
    """Adds to a number."""

    by: int

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        return rewritten(batch, lambda data: {"n": data["n"] + self.by})


@dataclass(frozen=True)
class AtMost:
    """Drops higher numbers; notes zeros; adds a column."""

    most: int

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        def reason(data: Json) -> str | None:
            return f"{data['n']} > {self.most}" if data["n"] > self.most else None

        noted = [None if task.data["n"] else "zero" for task in batch.tasks]
        marked = dropping(batch, reason).with_column(NOTE, noted)
        return marked.with_column(f"below {self.most}", ["seen"] * len(batch))


def numbers(*values: int) -> TaskBatch:
    return to_batch(source(*({"n": value} for value in values)))


def test_each_step_sees_what_those_before_it_kept() -> None:
    chain = Chain((("lower", AtMost(5)), ("add", Adding(0)), ("up", Adding(3)), ("top", AtMost(6))))
    done = chain(numbers(9, 0, 4, 2))
    assert [task.data["n"] for task in done.tasks] == [9, 3, 7, 5]
    assert done.dropped == ["9 > 5", None, "7 > 6", None]
    assert done.column(TRAIL) == [
        [("lower", DROPPED, "9 > 5")],
        [("lower", NOTED, "zero"), ("up", CHANGED, None)],
        [("up", CHANGED, None), ("top", DROPPED, "7 > 6")],
        [("up", CHANGED, None)],
    ]
    assert done.column("below 6") == [None, "seen", "seen", "seen"]
    assert [task.where for task in done.tasks] == [f"faq.jsonl, line {n}" for n in (1, 2, 3, 4)]
    assert NOTE not in done.columns


def test_no_steps_and_no_rows() -> None:
    assert Chain(())(numbers(1)).without_column(TRAIL) == numbers(1)
    emptied = Chain((("lower", AtMost(0)), ("up", Adding(1))))
    assert None not in emptied(numbers(1, 2)).dropped
    assert len(emptied(numbers())) == 0


def test_a_batch_gives_back_its_tasks() -> None:
    tasks = source({"a": [1, None, "\ud800", "\u2028"]}, x={"b": {"c": 1.5}})
    assert from_arrow(to_arrow(to_batch(tasks))).tasks == tasks
    assert to_arrow(to_batch(tasks)).schema == SCHEMA


def test_steps_travel_to_other_processes() -> None:
    section = settings(
        normalisation={}, length={}, language={}, near_duplicates={},
        relevance={"examples": ["a card"]},
    )  # fmt: skip
    plan = planned(section, Situation(Path(), dry_run=True, load_encoder=load_encoder))
    assert plan.names == (
        "normalisation",
        "length",
        "language",
        "usable",
        "relevance",
        "near_duplicates",
    )
    assert plan.vectors is not None
    for chain in (plan.rows, plan.vectors):
        assert [name for name, _ in pickle.loads(pickle.dumps(chain)).steps] == [
            name for name, _ in chain.steps
        ]


def test_vectors_of_no_rows() -> None:
    done = Embedding(load_encoder)(to_batch([]))
    assert len(done) == 0
    assert {VECTOR, DOCUMENTS_VECTOR} <= set(done.columns)
