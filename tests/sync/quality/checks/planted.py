"""Real questions with planted label errors."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

BANKING77 = Path(__file__).parents[4].parent / "shared" / "data" / "banking77_train.csv"


@dataclass(frozen=True)
class Planted:
    """Questions with their given categories, and the rows where those were flipped."""

    texts: list[str]
    given: list[str]
    true: list[str]
    flipped: set[int]


def banking77(seed: int, categories: int = 8, each: int = 50, share: float = 0.05) -> Planted:
    """A sample of banking77 in which a share of the categories is wrong."""
    if not BANKING77.exists():
        pytest.skip(f"{BANKING77} is absent: the planted errors need real questions")
    with BANKING77.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rng = np.random.default_rng(seed)
    every = sorted({row["category"] for row in rows})
    chosen = [str(c) for c in rng.choice(every, categories, replace=False)]
    texts: list[str] = []
    true: list[str] = []
    for category in chosen:
        found = [row["text"] for row in rows if row["category"] == category]
        texts += [str(t) for t in rng.choice(found, min(each, len(found)), replace=False)]
        true += [category] * min(each, len(found))
    flipped = {int(i) for i in rng.choice(len(texts), round(share * len(texts)), replace=False)}
    given = [
        str(rng.choice([c for c in chosen if c != label])) if i in flipped else label
        for i, label in enumerate(true)
    ]
    return Planted(texts, given, true, flipped)
