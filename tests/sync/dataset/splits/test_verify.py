"""`--verify`: holds for what was split, and for nothing that was changed by hand since."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import SyncError
from sync.dataset.splits.stored_splits import StoredSplit
from tests.sync.dataset.splits.desk import Desk, asked

Json = dict[str, Any]

ROWS = [asked(i, f"t{i % 60} n{i}", user_id=f"u{i % 70}") for i in range(1, 81)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.pull(ROWS)
    return desk


def forged(
    desk: Desk, split: StoredSplit, lines: Callable[[list[Json]], object], manifest: Json
) -> None:
    """Change a split so that its files fit each other again."""
    folder = desk.config.data_dir / "splits"
    path = folder / f"{split.name}.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    lines(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    fresh = desk.manifest(split.name) | {"sha256": sha256(path.read_bytes()).hexdigest()}
    fresh |= manifest
    (folder / f"{split.name}.manifest.json").write_text(json.dumps(fresh))


def test_it_holds(desk: Desk) -> None:
    made = desk.split()
    verdict = desk.verify()
    assert verdict.failures == ()
    assert (verdict.name, verdict.items) == (made.split.name, 80)
    claimed = made.split.manifest()["proof"]["closest"]
    assert [found.as_json() for found in verdict.closest] == claimed


def test_no_vector_of_a_cache_is_trusted(desk: Desk) -> None:
    desk.split()
    del desk.encoder.history[:]
    desk.verify()
    assert len(desk.encoder.history) == 80


def test_it_holds_for_its_own_settings(desk: Desk) -> None:
    desk.split()
    assert desk.with_settings(near_duplicates=0.3, seed=9).verify().failures == ()


def test_it_holds_after_the_project_has_grown(desk: Desk) -> None:
    first = desk.split().split
    desk.pull([asked(90, "t90")])
    assert desk.verify().name == first.name
    assert desk.verify().failures == ()
    second = desk.split().split
    assert (desk.verify().name, desk.verify(at=0).name) == (second.name, first.name)
    assert desk.verify().failures == desk.verify(at=0).failures == ()


def test_a_pair_that_was_torn_is_found(desk: Desk) -> None:
    made = desk.split().split
    home = made.split_of("q5")
    other = "test" if home == "train" else "train"

    def tear(rows: list[Json]) -> None:
        # q5 and q65 are about the same
        next(row for row in rows if row["key"] == "q5")["split"] = other

    forged(desk, made, tear, {})
    told = " ".join(desk.verify().failures)
    assert "similar, at least the threshold of 0.65" in told
    assert "q5" in told
    assert "the manifest states other sizes" in told


def test_a_tie_that_was_torn_is_found(desk: Desk) -> None:
    made = desk.split().split
    other = "test" if made.split_of("q1") == "train" else "train"

    def tear(rows: list[Json]) -> None:
        # q1 and q71 are of one user
        next(row for row in rows if row["key"] == "q71")["split"] = other

    forged(desk, made, tear, {})
    assert any(
        "ties across splits: 1, the first of q1 and q71" in f for f in desk.verify().failures
    )


def test_a_claim_that_is_untrue_is_found(desk: Desk) -> None:
    made = desk.split().split
    proof = desk.manifest(made.name)["proof"]
    proof["closest"][1]["similarity"] -= 0.01
    forged(desk, made, lambda rows: None, {"proof": proof})
    (told,) = desk.verify().failures
    assert "across train and test" in told


def test_an_item_that_was_left_out_is_found(desk: Desk) -> None:
    made = desk.split().split
    forged(desk, made, lambda rows: rows.pop(), {})
    assert any("1 of 80 finished tasks is in no split" in f for f in desk.verify().failures)


def test_another_model_is_told(desk: Desk) -> None:
    desk.split()
    other = desk.config.embedding.model_copy(update={"model": "other"})
    desk.config = desk.config.model_copy(update={"embedding": other})
    assert any("embedding.model is other now" in f for f in desk.verify().failures)


def test_a_move_from_test_to_train_is_found(desk: Desk) -> None:
    first = desk.split().split
    tested = next(line.key for line in first.lines if line.split == "test")
    desk.pull([asked(90, "t90")])
    second = desk.split().split

    def move(rows: list[Json]) -> None:
        next(row for row in rows if row["key"] == tested)["split"] = "train"

    forged(desk, second, move, {})
    told = desk.verify().failures
    assert any(f"in train here or in {first.name}, and in test in the other: 1" in f for f in told)


def test_nothing_to_verify(desk: Desk) -> None:
    with pytest.raises(SyncError, match="nothing split yet"):
        desk.verify()
