"""The benchmark of the checks, on made-up files, and what it plants."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks import quality
from benchmarks.quality_measured import kinds, labels, made_up, text_faults
from benchmarks.quality_measured.cases import Half, planted
from benchmarks.quality_measured.scenes.workshop import CONVERSIONS, UNITS
from sync.quality.checks import CHECKS
from sync.quality.checks.check import nothing_reads
from sync.quality.text_checks import TEXT_CHECKS


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up files."""
    folder = tmp_path_factory.mktemp("data")
    made_up.write_all(folder)
    return folder


@pytest.mark.thorough
def test_a_quick_run_measures_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main(["--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["quick"] is True
    assert 0 < found["recall"] <= 1
    methods = found["labels"]["methods"]
    assert methods["ours"]["auprc"] > methods["random"]["auprc"]
    assert found["auprc_vs_cleanlab"] == found["labels"]["auprc_vs_cleanlab"]
    assert -1 < found["agreement"]["nominal"]["alpha"] < 1
    assert {one["check"] for one in found["texts"]["kinds"].values()} <= TEXT_CHECKS.keys()
    assert found["false_alarms"].keys() == TEXT_CHECKS.keys()
    assert found["sets"]["kinds"]["contradiction"]["recall"] > 0
    (run,) = found["speed"]["runs"]
    assert run["tasks"] == quality.FEW
    assert run["again"]["findings"] == run["cold"]["findings"]


def test_without_the_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main([f"--data={tmp_path / 'none'}"]) == 0
    assert "none: no such folder, so nothing is measured" in capsys.readouterr().out


@pytest.mark.parametrize("half", ["dev", "reported"])
def test_every_kind_can_be_planted_and_changes_the_answer(data: Path, half: Half) -> None:
    cases = kinds.all_cases(data, half, 30)
    for name, kind in kinds.KINDS.items():
        faults = planted(name, kind, half, cases, 6)
        assert len(faults) == 6, name
        assert all(one.faulty != one.clean.text for one in faults), name
        again = planted(name, kind, half, kinds.all_cases(data, half, 30), 6)
        assert [one.faulty for one in faults] == [one.faulty for one in again], name


def test_the_halves_share_neither_ways_of_planting_nor_answers(data: Path) -> None:
    both: dict[str, set[str]] = {"dev": set(), "reported": set()}
    for half in ("dev", "reported"):
        cases = kinds.all_cases(data, half, 30)
        for scene in ("bank", "support", "gsm8k"):
            both[half] |= {one.text.answer for one in cases[scene]}
    assert not both["dev"] & both["reported"]
    for name, kind in kinds.KINDS.items():
        assert not set(kind.dev) & set(kind.reported), name


def test_each_check_that_a_kind_names_is_there() -> None:
    named = {kind.check for kind in kinds.KINDS.values()}
    assert named <= TEXT_CHECKS.keys() | CHECKS.keys()
    assert named >= TEXT_CHECKS.keys()  # no text check goes unmeasured


def test_what_fires_on_clean_answers_or_on_other_faults_costs_precision() -> None:
    fires = text_faults.Fires(
        nothing_reads, found=8, planted=10, on_twins=1, twins=50, on_others=1, others=100
    )
    told = fires.as_json()
    assert (told["recall"], told["precision"]) == (0.8, 0.8)


def test_labels_are_moved_to_the_class_whose_words_are_most_alike() -> None:
    texts = [f"{word} card {i}" for word in ("lost", "lost my", "rate") for i in range(20)]
    right = ["lost"] * 20 + ["gone"] * 20 + ["rate"] * 20
    wrong = labels.with_moved(texts, right, seed=1)
    assert wrong.moved.sum() == 6
    names = sorted(set(right))
    moves = Counter(
        (names[a], names[b])
        for a, b in zip(wrong.right[wrong.moved], wrong.given[wrong.moved], strict=True)
    )
    assert {move for move in moves if "rate" not in move} <= {("lost", "gone"), ("gone", "lost")}
    assert np.array_equal(wrong.given, labels.with_moved(texts, right, seed=1).given)


def test_figures_of_labels_are_of_those_that_were_moved() -> None:
    wrong = labels.Wrong(np.array([0, 1, 1, 0]), np.array([0, 1, 0, 0]), ["a", "b", "c", "d"])
    doubted = np.array([False, True, True, False])
    doubts = labels.Doubts(doubted, np.array([0.9, 0.4, 0.1, 0.8]), 1.0, np.array([0, 0, 0, 0]))
    found = labels.figures(doubts, wrong)
    assert (found["recall"], found["precision"], found["auprc"]) == (1.0, 0.5, 1.0)
    assert found["suggested_right"] == 1.0


def test_sums_and_conversions_of_clean_answers_are_right() -> None:
    draws = Random(4)
    for half, scene in UNITS.items():
        slots = scene.draw(draws)
        for name, (one, other, convert) in CONVERSIONS[half].items():
            value = float(slots[name].removesuffix(f" {one}"))
            told = float(slots[f"{name}_in"].removesuffix(f" {other}"))
            assert told == pytest.approx(convert(value), abs=0.05)
        assert int(slots["whole"]) == int(slots["parts"]) * int(slots["price"]) + int(slots["work"])
