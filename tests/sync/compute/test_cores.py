"""Batches on all cores."""

import os
from dataclasses import dataclass

import pyarrow as pa
import pytest

from sync import compute
from sync.compute import LocalEngine, on_all_cores


@dataclass(frozen=True)
class Doubled:
    """Twice each number, and who computed it."""

    def __call__(self, batch: pa.Table) -> pa.Table:
        numbers = batch["n"].to_pylist()
        return pa.table({"n": [2 * n for n in numbers], "by": [os.getpid()] * len(numbers)})


def batches(count: int) -> list[pa.Table]:
    return [pa.table({"n": [2 * i, 2 * i + 2]}) for i in range(count)]


def test_other_processes_give_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "_cores", lambda: 2)
    here = list(on_all_cores(LocalEngine(), batches(6), Doubled(), 6, least=7))
    there = list(on_all_cores(LocalEngine(), batches(6), Doubled(), 6, least=6))
    assert [b["n"].to_pylist() for b in here] == [b["n"].to_pylist() for b in there]
    assert {pid for b in here for pid in b["by"].to_pylist()} == {os.getpid()}
    assert os.getpid() not in {pid for b in there for pid in b["by"].to_pylist()}
