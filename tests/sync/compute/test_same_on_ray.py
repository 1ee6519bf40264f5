"""What runs on an engine gives the same on Ray, to the last bit; about forty seconds.

With the real model, the real recognisers and a real Ray.
"""

import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from connectors.embedding import load_encoder
from label_configs.content import ToolCall
from sync.compute import Engine, LocalEngine, engine_named
from sync.compute.embedding import embed
from sync.compute.near_duplicate_search import first_near
from sync.quality.check import check
from sync.settings.cleaning import CleaningSection
from sync.settings.redaction import RedactionSection
from sync.table.task_table import TABLE, TaskTable
from tests.sync.builders import annotation, config_in, result, task_row
from tests.sync.compute.test_similarity import clustered
from tests.sync.intake.cleaning.desk import cleaned, settings, source
from tests.sync.quality.checks.test_tool_calls import TOOLS

# Ray uses what it, or pyarrow, has announced the end of
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*"),
]


@pytest.fixture(scope="module")
def ray() -> Iterator[Engine]:
    """One for the module: it takes seconds to start, and so do the models in its workers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with engine_named("ray") as started:
            yield started


QUESTIONS = (
    "Where is my card?",
    "Where is my new card?",
    "How much is a transfer abroad?",
    "Why was my payment to the shop in Lyon declined yesterday evening?",
    "Write to ada.lovelace@example.org or call +44 20 7946 0958, please.",
    "Ich habe meine Karte verloren und warte seit Wochen auf eine neue.",
)


def test_embeddings(ray: Engine) -> None:
    texts = [f"{question} ({'x ' * (i % 12)}{i})" for i in range(50) for question in QUESTIONS]
    one, other = (
        embed(texts, "all-MiniLM-L6-v2", load_encoder, engine, lambda done, total: None).vectors
        for engine in (LocalEngine(), ray)
    )
    assert len(texts) > 256  # more than a batch
    assert one.dtype == other.dtype
    assert np.array_equal(one, other)


def test_near_duplicates(ray: Engine) -> None:
    vectors = clustered(6000, 200, clusters=50, spread=0.02)
    stays = np.zeros(6000, dtype=bool)
    here = first_near([vectors], 0.9, stays, LocalEngine())
    assert len(here) > 1000
    assert first_near([vectors], 0.9, stays, ray) == here


ALL = settings(
    normalisation={},
    length={},
    language={"wanted": ["en"]},
    redaction={},
    duplicates={},
    relevance={"examples": ["my card", "an e-mail address and a phone number"], "least": 0.1},
    near_duplicates={"threshold": 0.9},
)


def test_cleaning_with_redaction(ray: Engine, tmp_path: Path) -> None:
    rows = [f"{question} {i % 7}" for i, question in enumerate(QUESTIONS * 9)]
    kept = []
    for engine in (LocalEngine(), ray):
        encoder = partial(load_encoder, "all-MiniLM-L6-v2")
        with cleaned(
            source(*rows), ALL, load_encoder=encoder, engine=engine, folder=tmp_path
        ) as done:
            kept.append((list(done.tasks()), done.report))
    assert kept[0] == kept[1]
    tasks, report = kept[0]
    assert "<EMAIL_1>" in str(tasks)
    assert "ada.lovelace" not in str(tasks)
    assert {step.step for step in report.steps if step.dropped} >= {"language", "near_duplicates"}


PLANTED = (
    "unreadable",
    "incomplete",
    "tool_call",
    "unlisted_category",
    "leftover",
    "personal_data",
    "invented_placeholder",
    "label_error",
    "contradiction",
    "too_fast",
)

# where the same is asked, so that not all questions of a category are near-duplicates
PLACES = (
    "Lisbon on holiday",
    "a meeting",
    "my grandmother's kitchen",
    "an airport queue",
    "hospital since Monday",
    "a tent without electricity",
    "the office of our accountant",
    "Tokyo for work",
    "bed with a cold",
)


def test_findings_byte_for_byte(ray: Engine, tmp_path: Path) -> None:
    categories = ["cards", "cards", "fees", "payments"]
    rows = []
    for i in range(120):
        question, category = QUESTIONS[i % 4], categories[i % 4]
        answer = f"About {category}: please look at page {i % 9}."
        if i % 8 == 3:
            answer = "That is nothing we can help with."
        if i == 70:
            answer += "<|im_end|>"
        if i == 80:
            answer += " Call <PHONE_2> or +44 20 7946 0958."
        if i % 30 == 29:
            category = "cards"
        if i == 70:
            category = "a label of an earlier list"
        called = (ToolCall("fee_of", '{"plan": 1}'),) if i == 90 else ()
        said = " " if i == 50 else answer
        if i == 100:
            said *= 20
        items = result(said, category=category, verdict="edit", calls=called)
        if i == 100:
            items = [{**item, "origin": "prediction"} for item in items]
        broken = [{"from_name": "response", "value": {}}]
        rows.append(
            task_row(
                i,
                [annotation(i, broken if i == 60 else items, minutes=i)],
                messages=[{"role": "user", "content": f"{question} I am in {PLACES[i % 9]}."}],
                **(TOOLS if called else {}),
            )
        )
    written = []
    for name, engine in (("here", LocalEngine()), ("ray", ray)):
        config = config_in(tmp_path / name, categories=("cards", "fees", "payments"))
        redacted = CleaningSection(redaction=RedactionSection(on=True))
        config = config.model_copy(update={"cleaning": redacted})
        TaskTable(config.data_dir / TABLE).apply(7, rows)
        report = check(config, engine=engine)
        assert [kind for kind in PLANTED if not report.by_kind[kind]] == []
        written.append(Path(report.path).read_bytes())
    assert written[0] == written[1]
