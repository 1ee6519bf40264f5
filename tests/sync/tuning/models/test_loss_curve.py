"""Losses as a picture and in a terminal."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from sync.table.data_folder import LocalFolder
from sync.tuning.models.loss_curve import in_a_terminal, write_curve
from sync.tuning.models.model_entry import LossPoint
from tests.sync.tuning.models.entries import ENTRY, entry


def test_the_picture_lies_beside_the_model_in_both_themes(tmp_path: Path) -> None:
    place = write_curve(LocalFolder(tmp_path), ENTRY)
    assert place == str(tmp_path / "models" / "support-1" / "loss.svg")
    svg = Path(place).read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    assert "prefers-color-scheme: dark" in svg
    assert "validation" in svg


@pytest.mark.parametrize("losses", [(), (LossPoint(1, 2.0, 3.0),)])
def test_nothing_is_drawn_of_no_curve(tmp_path: Path, losses: tuple[LossPoint, ...]) -> None:
    assert write_curve(LocalFolder(tmp_path), entry("a", losses=losses)) is None
    assert in_a_terminal(losses) == []


def test_a_terminal_shows_where_each_loss_went() -> None:
    falling = tuple(LossPoint(step, 8.0 - step, 9.0 if step == 1 else None) for step in range(8))
    (line,) = in_a_terminal(falling)
    assert line == "training    █▇▆▅▄▃▂▁  8.0000 → 1.0000"
    (flat,) = in_a_terminal([LossPoint(1, 2.0), LossPoint(2, 2.0)])
    assert "▁▁" in flat


def test_a_long_training_fits_the_line_and_keeps_its_end() -> None:
    many = [LossPoint(step, 1000 / step) for step in range(1, 10_001)]
    (line,) = in_a_terminal(many, width=40)
    assert len(line.split()[1]) <= 40
    assert line.endswith("1000.0000 → 0.1000")
