"""Several row steps as one."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from connectors.embedding import load_encoder
from sync.intake.cleaning.chain import CHANGED, DROPPED, NOTED, TRAIL, Chain, read_trail
from sync.intake.cleaning.plan import planned
from sync.intake.cleaning.step_inputs import Situation
from sync.intake.cleaning.task_batches import (
    NOTE,
    SCHEMA,
    dropping,
    from_batch,
    rewritten,
    to_batch,
    with_column,
)
from sync.intake.cleaning.task_vectors import DOCUMENTS_VECTOR, VECTOR, Embedding
from tests.sync.intake.cleaning.desk import Json, settings, source


@dataclass(frozen=True)
class Adding:
    """Adds to a number."""

    by: int

    def __call__(self, batch: pa.Table) -> pa.Table:
        return rewritten(batch, lambda data: {"n": data["n"] + self.by})


@dataclass(frozen=True)
class AtMost:
    """Drops higher numbers; notes zeros; adds a column."""

    most: int

    def __call__(self, batch: pa.Table) -> pa.Table:
        def reason(data: Json) -> str | None:
            return f"{data['n']} > {self.most}" if data["n"] > self.most else None

        noted = [None if task.data["n"] else "zero" for task in from_batch(batch)]
        marked = with_column(dropping(batch, reason), NOTE, noted)
        return with_column(marked, f"below {self.most}", ["seen"] * batch.num_rows)


def numbers(*values: int) -> pa.Table:
    return to_batch(source(*({"n": value} for value in values)))


def test_each_step_sees_what_those_before_it_kept() -> None:
    chain = Chain((("lower", AtMost(5)), ("add", Adding(0)), ("up", Adding(3)), ("top", AtMost(6))))
    done = chain(numbers(9, 0, 4, 2))
    assert [task.data["n"] for task in from_batch(done)] == [9, 3, 7, 5]
    assert done["dropped"].to_pylist() == ["9 > 5", None, "7 > 6", None]
    assert [read_trail(trail) for trail in done[TRAIL].to_pylist()] == [
        [("lower", DROPPED, "9 > 5")],
        [("lower", NOTED, "zero"), ("up", CHANGED, None)],
        [("up", CHANGED, None), ("top", DROPPED, "7 > 6")],
        [("up", CHANGED, None)],
    ]
    assert done["below 6"].to_pylist() == [None, "seen", "seen", "seen"]
    assert done["where"].to_pylist() == [f"faq.jsonl, line {n}" for n in (1, 2, 3, 4)]
    assert NOTE not in done.column_names


def test_no_steps_and_no_rows() -> None:
    assert Chain(())(numbers(1)).select(SCHEMA.names) == numbers(1)
    emptied = Chain((("lower", AtMost(0)), ("up", Adding(1))))
    assert emptied(numbers(1, 2))["dropped"].null_count == 0
    assert emptied(numbers()).num_rows == 0


def test_a_batch_gives_back_its_tasks() -> None:
    tasks = source({"a": [1, None, "\ud800", "\u2028"]}, x={"b": {"c": 1.5}})
    assert from_batch(to_batch(tasks)) == tasks
    assert to_batch(tasks).schema == SCHEMA


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
    assert done.num_rows == 0
    assert {VECTOR, DOCUMENTS_VECTOR} <= set(done.column_names)
