"""The benchmark's count of leaks is nought after a split, and is not nought without one."""

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.exporting.leaks import compared, measure


def test_splits_have_none(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["text"])
        for what in ("PIN", "card", "loan", "salary", "mortgage", "app", "fee", "branch"):
            rows.writerow([f"Where do I find my {what}?"])
            rows.writerow([f"Where can I find my {what}?"])
    found = measure([path])
    assert (found["leaks"], found["leak_items"]) == (0, 16)
    assert found["leak_near_pairs"] >= 8
    assert 0 < found["leak_closest"] < 0.9


def test_what_is_across_is_counted_once() -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(700, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    splits = rng.choice(["train", "test"], size=700)
    by_hand = [
        float(vectors[i] @ vectors[j])
        for i in range(700)
        for j in range(i)
        if splits[i] != splits[j]
    ]
    found = compared(vectors, splits, 0.9)
    assert found["leaks"] == sum(similarity >= 0.9 for similarity in by_hand) > 0
    assert found["leak_comparisons"] == len(by_hand)
    assert found["leak_closest"] == pytest.approx(max(by_hand), abs=1e-4)
