"""The benchmark of the ranking, on made-up files, and its arithmetic."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks import ranking
from benchmarks.ranked import figures, labels, made_up, pictures, questions, replies
from drafting.acceptance.prior import QUESTIONS


def test_a_quick_run_measures_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert ranking.main(["--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["quick"] is True
    for kind in questions.SETS:
        one = found["drafts"][kind]
        assert one["questions"] >= made_up.QUESTIONS * 3 // 4  # the others are for development
        assert one["by_score"]["score"]["auroc"]["value"] > 0.7
        low, high = (one["by_score"]["score"]["auroc"][end] for end in ("low", "high"))
        assert low <= one["by_score"]["score"]["auroc"]["value"] <= high
    assert found["auroc"] == found["drafts"]["gsm8k"]["by_score"]["score"]["auroc"]["value"]
    for one in found["samples"].values():
        fixed, fewer = (one["policies"][name] for name in ("four_everywhere", "two_passes"))
        assert fewer["samples"] <= fixed["samples"] == replies.SAMPLES
        assert fewer["tokens_vs_fixed_k"] <= fixed["tokens_vs_fixed_k"] == 1
    assert found["samples"].keys() == questions.SETS.keys()
    assert all(found["labels"][name]["reached"] for name in labels.STRATEGIES)
    assert found["label_saving"] == found["labels"]["label_saving"]
    project = found["project"]
    assert 0.5 < project["of_whole_project"]["value"] <= project["best_of_whole_project"]["value"]
    copies = found["duplicates"]["by_order"]
    assert found["near_duplicates_top50"] == copies["ours"]["share"] < copies["random"]["share"]
    assert found["estimates"]["said"] + found["estimates"]["too_early_to_say"] == 5
    requests = found["rescoring"]["requests"]
    assert (requests["again"], requests["2_drafts_changed"] <= 8) == (0, True)
    assert found["edits_in_first_half"] == project["edits_in_first_half"]["value"]


def test_without_the_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ranking.main([f"--data={tmp_path / 'none'}"]) == 0
    assert "none: no such folder, so nothing is measured" in capsys.readouterr().out


def test_no_question_is_for_development_and_reported(tmp_path: Path) -> None:
    made_up.write_all(tmp_path)
    asked = questions.in_drawing_order(tmp_path)
    parts = {part: {q.key for q in asked if q.part == part} for part in ("dev", "reported")}
    assert {q.kind for q in asked} == questions.SETS.keys()
    assert min(Counter(q.kind for q in asked if q.part == "dev").values()) == 15
    assert not parts["dev"] & parts["reported"]
    assert [q.kind for q in asked[: made_up.QUESTIONS // 4]] == ["gsm8k"] * 15


@pytest.mark.parametrize(
    ("kind", "text", "concluded"),
    [
        ("gsm8k", "16 - 7 = 9\nAnswer: 9", "9"),
        ("gsm8k", "**Answer:** $1,200.00 in all", "1200"),
        ("gsm8k", "Answer: 3 + 4 = 7", "7"),
        ("gsm8k", "It takes 3 hours and 20 minutes", "20"),
        ("gsm8k", "Answer: -0.50", "-0.5"),
        ("gsm8k", "I can't tell.", None),
        ("pubmedqa", "It helped.\nDecision: yes", "yes"),
        ("pubmedqa", "Decision: no\nBut then:\n**Decision:** Maybe.", "maybe"),
        ("pubmedqa", "No, it did not.", "no"),
        ("pubmedqa", "It helped. Yes, it did.", None),
        ("banking77", "The customer waits.\nIntent: card_arrival", "card_arrival"),
        ("banking77", "**Intent:** `Refund_not_showing_up`.", "refund_not_showing_up"),
        ("banking77", "Intent: reverted_card_payment?", "reverted_card_payment"),
        ("banking77", "It is about card_arrival: lost_or_stolen_card", "lost_or_stolen_card"),
        ("banking77", "The card.", None),
    ],
)
def test_what_a_draft_concludes_is_read(kind: str, text: str, concluded: str | None) -> None:
    assert questions.SETS[kind].concluded(text) == concluded


def test_replies_are_drawn_once_and_a_cut_line_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up.write_all(tmp_path)
    asked = questions.in_drawing_order(tmp_path)[:5]
    bodies: list[dict[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        token = {"token": "7", "logprob": -0.1}
        choice = {"message": {"content": "Answer: 7"}, "logprobs": {"content": [token]}}
        return httpx.Response(200, json={"choices": [choice] * 4})

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://model") as client:
        drawn = replies.draw(client, asked[0])
    assert [sample.text for sample in drawn.reply.samples] == ["Answer: 7"] * 4
    assert drawn.tokens == (("7",),) * 4
    (body,) = bodies
    assert body["seed"] == replies.seed_of(asked[0])
    assert (body["n"], body["logprobs"]) == (4, True)
    path = tmp_path / "drawn.jsonl"
    row = {"key": asked[0].key, "reply": drawn.reply.to_json(), "tokens": drawn.tokens}
    line = json.dumps({**row, "asked": drawn.asked, "seconds": 1.0})
    path.write_text(f'{line}\n{{"key": "{asked[1].key}", "rep', encoding="utf-8")
    found = replies.stored(path)
    assert found == {asked[0].key: replace(drawn, seconds=1.0)}
    assert replies.answering(asked, found) == found


def test_replies_to_another_prompt_are_none(tmp_path: Path) -> None:
    made_up.write_all(tmp_path)
    asked = questions.in_drawing_order(tmp_path)
    found = replies.stored(tmp_path / replies.FILE)
    assert replies.answering(asked, found).keys() == {one.key for one in asked}
    other = replace(asked[0], data={**asked[0].data, "guidelines": "Be brief."})
    assert replies.answering([other, asked[1]], found).keys() == {asked[1].key}


def test_replies_of_ones_own_count_before_those_that_are_shipped(tmp_path: Path) -> None:
    shipped = replies.known(tmp_path / "none.jsonl")
    assert shipped
    for key, replied in shipped.items():
        assert key.partition("-")[0] in questions.SETS
        assert len(replied.reply.samples) == len(replied.tokens) == replies.SAMPLES
    key, other = next(iter(shipped.items()))
    row = {"key": key, "asked": "7", "reply": other.reply.to_json(), "tokens": [["7"]]}
    row["seconds"] = 1.0
    (tmp_path / "own.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert replies.known(tmp_path / "own.jsonl") == {
        **shipped,
        key: replies.Replied(other.reply, (("7",),), 1.0, "7"),
    }


def test_the_risk_of_each_coverage_is_the_share_of_wrong_drafts_among_the_surest() -> None:
    scores = np.array([0.9, 0.8, 0.8, 0.1])
    wrong = np.array([False, True, False, True])
    coverage, risk = figures.risk_coverage(scores, wrong)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0.25, 1 / 3, 0.5])
    assert figures.auroc(scores, wrong) == pytest.approx(3.5 / 4)


def test_areas_are_those_of_scikit_learn() -> None:
    draws = np.random.default_rng(4)
    for _ in range(5):
        scores, wrong = draws.integers(0, 9, 60) / 9, draws.random(60) < 0.4
        assert figures.auroc(scores, wrong) == pytest.approx(roc_auc_score(wrong, -scores))
        expected = average_precision_score(wrong, -scores)
        assert figures.auprc(scores, wrong) == pytest.approx(expected)


def test_an_interval_holds_its_figure_and_narrows_with_more_drafts() -> None:
    draws = np.random.default_rng(5)
    widths = []
    for n in (40, 640):
        wrong = draws.random(n) < 0.5
        scores = draws.normal(0, 1, n) - wrong
        found = figures.estimate(figures.auroc, scores, wrong, 100)
        assert found.low < found.value < found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 2


def test_figures_become_pictures(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    made = ranking.Material(tmp_path, tmp_path, quick=True, encoder=made_up.CharacterEncoder)
    made_up.write_all(tmp_path)
    written = pictures.write(ranking.measure(made, ["labels", "project"]), tmp_path / "images")
    assert [path.name for path in written] == ["ranking_labels.svg", "ranking_project.svg"]
    assert all(path.read_text(encoding="utf-8").startswith("<svg") for path in written)


def test_development_looks_at_development_questions_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking.BankQuestions, "reported", None)
    monkeypatch.setattr(ranking.Material, "reported", None)
    assert ranking.main(["--quick", "--develop"]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = {name: value for line in said for name, value in line.items()}
    assert told["gsm8k"]["questions"] == told["pubmedqa"]["questions"] == made_up.QUESTIONS // 4
    assert told["speakers"].keys() <= QUESTIONS.keys()
    for asked, means in told["speakers"].items():
        assert set(means) <= set(QUESTIONS[asked])
        assert [*means.values()] == sorted(means.values(), reverse=True)
