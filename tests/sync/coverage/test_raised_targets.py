"""Cells of which more is wanted than `[targets]` says, since a tuned model failed there."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.coverage.measure import measure
from sync.coverage.raised_targets import FILE, RaisedTarget, raise_targets, read_raised
from sync.table.data_folder import data_folder
from tests.sync.coverage.planted import Planted, configured

FEES = RaisedTarget({"topic": "fees"}, 5, 3, "tuned:m", "a", "tuned:m fails 1 held-out item", 0)


def test_each_cell_is_raised_once_for_each_model(tmp_path: Path) -> None:
    folder = data_folder(configured(tmp_path))
    assert read_raised(folder) == ()
    cards = replace(FEES, labels={"topic": "cards"})
    assert raise_targets(folder, [FEES, cards]) == (FEES, cards)
    assert raise_targets(folder, [replace(FEES, to=50)]) == ()
    anew = replace(FEES, to=8, made_of="b")
    assert raise_targets(folder, [anew]) == (anew,)
    assert read_raised(folder) == (FEES, cards, anew)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"to": 3}]', "null"])
def test_a_file_that_was_broken_is_neither_passed_over_nor_replaced(
    tmp_path: Path, text: str
) -> None:
    config = configured(tmp_path)
    Planted().accepted(2, "fees").store(config)
    folder = data_folder(config)
    folder.write(FILE, text)
    for act in (lambda: measure(config), lambda: raise_targets(folder, [FEES])):
        with pytest.raises(
            SyncError, match=r"raised-targets.json: not the raised targets .* delete"
        ):
            act()
    assert folder.read(FILE) == text.encode()


def test_without_targets_only_raised_cells_have_one(tmp_path: Path) -> None:
    config = configured(tmp_path)
    Planted().accepted(2, "fees").accepted(4, "cards").waiting(1, "fees").store(config)
    raise_targets(data_folder(config), [FEES])
    gaps = measure(config).gaps
    assert gaps.dimensions == ("topic",)
    assert {g.labels["topic"]: (g.have, g.wanted) for g in gaps.cells} == {
        "cards": (4, None),
        "fees": (2, 5),
    }
    assert [sentence for sentence in gaps.advice() if "fees" in sentence] == [
        "3 more of topic=fees: only 1 such task waits in Label Studio; push 2 more",
        "topic=fees: 3 more are wanted, 5 in all, since tuned:m fails 1 held-out item",
    ]
    assert [cell["raised"] for cell in gaps.to_json()["cells"]] == [[], [FEES.to_json()]]


def test_the_past_knows_nothing_of_what_was_raised_later(tmp_path: Path) -> None:
    config = configured(tmp_path)
    Planted().accepted(2, "fees").store(config)
    raise_targets(data_folder(config), [replace(FEES, table_version=1)])
    assert measure(config).gaps.missing
    assert measure(config, at=0).gaps.missing == []


def test_cells_of_other_kinds_and_labels_count_not(tmp_path: Path) -> None:
    targets = '[targets]\ntotal = 10\ndimensions = ["topic", "complexity"]\n'
    config = configured(tmp_path, targets)
    Planted().accepted(2, "fees", "nuanced").store(config)
    gone = replace(FEES, labels={"topic": "gone", "complexity": "nuanced"})
    raise_targets(data_folder(config), [FEES, gone])
    gaps = measure(config).gaps
    assert gaps.total == 10
    assert all(not gap.raised for gap in gaps.cells)
