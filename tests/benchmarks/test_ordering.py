"""The benchmark of the order of drafts, with replies that are made up here."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmarks import ordering
from benchmarks.ordered import policies
from benchmarks.ordered.replies import SAMPLES, key_of, questions
from connectors.llm_replies import Reply, Sample

SURE, UNSURE = (-0.01,) * 4, (-1.0,) * 4


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with (tmp_path / "asked.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "category"])
        rows.writerows([f"Question {i}?", f"intent_{i % 4}"] for i in range(40))
    return tmp_path / "asked.csv"


def store(path: Path, replies: Sequence[tuple[str, Reply]]) -> None:
    lines = (json.dumps({"question": q, "reply": r.to_json()}) for q, r in replies)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_sure_drafts_keep_one_sample_and_the_order_is_found(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every second question is answered rightly and surely, the others wrongly and in doubt."""
    asked = questions(data, 20)
    replies = []
    for place, question in enumerate(asked):
        text, told = (question.intent, SURE) if place % 2 else ("something_else", UNSURE)
        replies.append((key_of(question), Reply((Sample(text, told),) * SAMPLES)))
    store(tmp_path / "replies.jsonl", replies)
    stored = f"--replies={tmp_path / 'replies.jsonl'}"
    assert ordering.main(["--quick", "--json", f"--data={data}", stored]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 20
    assert found["two_passes"]["right"] == 0.5
    assert found["two_passes"]["auroc"]["value"] == 1
    assert found["two_passes"]["tokens_vs_fixed_k"] == pytest.approx((10 + 2 * 10) / 80, abs=0.001)
    assert found["rest_at_once"]["tokens_vs_fixed_k"] == pytest.approx(50 / 80, abs=0.001)
    assert found["one_sample"]["tokens_vs_fixed_k"] == 0.25
    assert found["four_everywhere"]["auroc_minus_fixed_k"] == {"value": 0, "low": 0, "high": 0}


def test_without_replies_it_says_what_draws_them(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        ordering.main([f"--data={data}", "--quick", f"--replies={tmp_path / 'none.jsonl'}"])
    said = capsys.readouterr().err
    assert "none.jsonl: holds no reply to these questions; --base-url draws them" in said


def test_the_area_is_that_of_scikit_learn() -> None:
    draws = np.random.default_rng(1)
    scores, wrong = draws.integers(0, 9, (5, 60)) / 9, draws.random((5, 60)) < 0.4
    expected = [roc_auc_score(w, -s) for s, w in zip(scores, wrong, strict=True)]
    assert policies.auroc(scores, wrong) == pytest.approx(expected)
