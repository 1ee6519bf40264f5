"""How well short texts are grouped as reasons of reviewers are, on questions of known intents.

Of banking77 five questions of each of 77 intents, from the test part; the least similarity of a
group was chosen on the training part. Questions stand in for reasons: there is no public set of
reasons, and what they show of a project's own is limited.
"""

import csv
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from connectors.embedding import load_encoder
from connectors.reading import read
from sync.quality.checks.uncovered import groups_of
from sync.queue.review.proposals import TOGETHER

TEST_PART = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "banking77_test.csv"
_EACH, _LEAST, _DRAWS = 5, 3, 10


def measured(quick: bool) -> dict[str, Any]:
    """The figures, means of several draws; none where the data are missing."""
    if not TEST_PART.exists():
        return {}
    by_intent: dict[str, list[str]] = defaultdict(list)
    with TEST_PART.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            by_intent[row["category"]].append(row["text"])
    encoder = load_encoder("all-MiniLM-L6-v2")
    grouped = alike = asked = intents = 0
    draws = 1 if quick else _DRAWS
    for seed in range(draws):
        drawn = random.Random(seed)
        asks = [
            (text, intent)
            for intent, texts in sorted(by_intent.items())
            for text in drawn.sample(texts, _EACH)
        ]
        found = groups_of(read(encoder, [text for text, _ in asks]).vectors, TOGETHER)
        groups = [Counter(asks[row][1] for row in rows) for rows in found if len(rows) >= _LEAST]
        most = [group.most_common(1)[0] for group in groups]
        asked += len(asks)
        grouped += sum(group.total() for group in groups)
        alike += sum(number for _, number in most)
        intents += len({intent for intent, _ in most})
    return {
        "reasons_together": TOGETHER,
        "reasons_grouped": round(grouped / asked, 4),
        "reasons_with_their_kind": round(alike / max(1, grouped), 4),
        "reasons_kinds": len(by_intent),
        "reasons_kinds_with_a_group": round(intents / draws, 1),
    }
