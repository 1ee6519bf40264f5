"""Real questions and the real model: 5,000 of BANKING77 with all of MedQuAD, by brute force."""

import csv
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.embedding import load_encoder
from connectors.reading import Embeddings
from sync.dataset.splits.prompt_vectors import PromptVectors, prompt_vectors
from sync.dataset.splits.split import split
from sync.dataset.splits.split_items import DROPPED, SPLITS, SplitItem
from sync.dataset.splits.stored_splits import StoredSplit
from sync.dataset.splits.verify import verify
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.split import SplitSection
from sync.table.task_table import TaskTable
from tests.sync.builders import config_in
from tests.sync.dataset.splits.desk import asked
from tests.sync.dataset.splits.planted import split_of

SHARED = Path(__file__).parents[5] / "shared" / "data"
MODEL = "all-MiniLM-L6-v2"
THRESHOLD = SplitSection().near_duplicates

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not (SHARED / "medquad_cdc.jsonl").exists(), reason=f"no BANKING77 and MedQuAD in {SHARED}"
    ),
]

Question = dict[str, Any]


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """`text`, and `intent` or `document`."""
    banking = []
    for name in ("banking77_train.csv", "banking77_test.csv"):
        with (SHARED / name).open(encoding="utf-8", newline="") as file:
            banking += [{"text": r["text"], "intent": r["category"]} for r in csv.DictReader(file)]
    with (SHARED / "medquad_cdc.jsonl").open(encoding="utf-8") as file:
        medical = [json.loads(line) for line in file]
    found = random.Random(6).sample(banking, 5000)
    return found + [{"text": m["question"], "document": m["document"]} for m in medical]


@pytest.fixture(scope="module")
def cached(request: pytest.FixtureRequest) -> Path:
    """Where vectors are kept from one run of the tests to the next."""
    assert request.config.cache is not None
    return request.config.cache.mkdir("split-vectors") / "vectors.arrow"


@pytest.fixture(scope="module")
def texts(questions: list[Question], cached: Path) -> PromptVectors:
    items = [SplitItem(q["text"], 0, q["text"].strip(), (), None, ()) for q in questions]
    return prompt_vectors(items, MODEL, cached, load_encoder, lambda done, total: None)


class KnownEncoder:
    """The real model's vectors, computed before."""

    def __init__(self, texts: PromptVectors) -> None:
        self._texts = texts

    def encode(self, texts: list[str]) -> Embeddings:
        return self._texts.vectors[[self._texts.places[text] for text in texts]]


@pytest.fixture(scope="module")
def config(questions: list[Question], tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A project in which all of them are finished."""
    config = config_in(tmp_path_factory.mktemp("real"))
    rows = []
    for i, question in enumerate(questions, start=1):
        data: dict[str, Any] = {"document": question["document"]} if "document" in question else {}
        if "intent" in question:
            data["categories"] = {"intent": question["intent"]}
        rows.append(asked(i, question["text"], **data))
    TaskTable(config.data_dir / "tasks").apply(7, rows)
    labels = tuple(sorted({q["intent"] for q in questions if "intent" in q}))
    return config.model_copy(update={"categories": {"intent": CategorySection(labels=labels)}})


def test_no_pair_across_splits_is_near(
    config: Config, questions: list[Question], texts: PromptVectors
) -> None:
    found = split(config, load=lambda name: KnownEncoder(texts)).split
    splits = np.array([found.split_of(f"q{i}") for i in range(1, len(questions) + 1)])
    vectors = texts.vectors[[texts.places[q["text"].strip()] for q in questions]]
    near = vectors.astype(np.float64) @ vectors.T.astype(np.float64) >= THRESHOLD
    assert near.sum() > 2 * len(questions), "there are near-duplicates to be kept together"
    leaks = near & (splits[:, None] != splits[None, :])
    assert leaks.sum() == 0
    pairs = zip(questions, splits, strict=True)
    documents = {(q["document"], split) for q, split in pairs if "document" in q}
    assert len(documents) == len({document for document, _ in documents}) == 59
    assert_proportions(found, questions, splits.tolist())
    assert verify(config, load=lambda name: KnownEncoder(texts)).failures == ()


def assert_proportions(
    found: StoredSplit, questions: list[Question], splits: list[str | None]
) -> None:
    """Each of 77 intents, and of those without, within 2 points of the whole in every split."""
    sizes = Counter(splits)
    assert DROPPED not in sizes
    for name, share in SplitSection().shares.items():
        assert sizes[name] / len(questions) == pytest.approx(share, abs=0.01)
    whole = Counter(q.get("intent") for q in questions)
    assert len(whole) == 78
    for name in SPLITS:
        here = Counter(q.get("intent") for q, s in zip(questions, splits, strict=True) if s == name)
        for intent, count in whole.items():
            points = 100 * here[intent] / sizes[name] - 100 * count / len(questions)
            assert abs(points) <= 2
    assert found.manifest()["proportions"]["off"] == []


def test_twenty_steps_of_growth(questions: list[Question], texts: PromptVectors) -> None:
    rng = random.Random(20)
    pool = [
        SplitItem(f"q{i}", i, q["text"].strip(), (), None, (("intent", q.get("intent", "none")),))
        for i, q in enumerate(questions)
    ]
    rng.shuffle(pool)
    here = {one.key: one for one in pool[:400]}
    rest = pool[400:]
    homes: dict[str, str] = {}
    before: StoredSplit | None = None
    given = SplitSection()
    for _ in range(20):
        before = split_of(list(here.values()), before, given, texts=texts)
        assert homes.items() <= before.homes().items()
        homes = before.homes()
        items = list(here.values())
        vectors = texts.vectors[[texts.places[one.text] for one in items]]
        splits = np.array([before.split_of(one.key) for one in items])
        active = splits != DROPPED
        across = (splits[:, None] != splits[None, :]) & active[:, None] & active[None, :]
        assert not (across & (vectors @ vectors.T >= THRESHOLD)).any()
        for one in (rest.pop() for _ in range(rng.randint(10, 80))):
            here[one.key] = one
        for key in rng.sample(sorted(here), 8):
            # somebody writes another question into a task
            old, new = here[key], rest.pop()
            here[key] = SplitItem(old.key, old.task_id, new.text, (), None, new.labels)
        for key in rng.sample(sorted(here), 8):
            del here[key]
    assert before is not None
    assert before.manifest()["sizes"][DROPPED] > 0, "groups merged across splits"
