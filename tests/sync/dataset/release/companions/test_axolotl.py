"""Axolotl's YAML: its own schema takes it, and its own strategies learn what they should."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sync.dataset.release.companions.axolotl import axolotl
from sync.training_files.example import Conversation, Steps
from tests.sync.dataset.release.companions.released import CARD, companions, release, said
from tests.sync.dataset.release.companions.trainer_packages import read_by
from tests.sync.training_files.formats.golden_examples import GOLDEN
from tests.sync.training_files.formats.test_golden import without_nulls

SFT, STEPWISE = "axolotl.yaml", "axolotl-stepwise.yaml"
PREFERENCE, KTO = "axolotl-preference.yaml", "axolotl-kto.yaml"
ALL = [SFT, PREFERENCE, KTO, STEPWISE, "sharegpt.yaml"]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Axolotl makes of the golden files, by YAML; of ShareGPT's alone under `sharegpt`."""
    folder = tmp_path_factory.mktemp("release")
    companions(release(folder, split=False), folder)
    alone = axolotl(release(folder, ["sharegpt"], split=False), CARD)[SFT]
    (folder / "sharegpt.yaml").write_text(alone, encoding="utf-8")
    answer: dict[str, Any] = read_by("axolotl_reader", ALL, folder)
    return answer


@pytest.mark.thorough
@pytest.mark.parametrize("name", ALL)
def test_its_schema_takes_every_key(learnt: Any, name: str) -> None:
    written, understood = learnt[name]["written"], learnt[name]["understood"]
    for key, value in written.items():
        if key != "datasets":
            assert understood[key] == value
    for asked, got in zip(written["datasets"], understood["datasets"], strict=True):
        known = {key: got.get(key) for key in asked}
        assert known == asked, "a key that it does not know is gone"


@pytest.mark.thorough
def test_turns_of_weight_0_are_read_and_not_learnt(learnt: Any) -> None:
    rows = learnt[SFT]["rows"]
    examples: list[Conversation] = said("openai-chat")
    unlearnt = 0
    for row, example in zip(rows, examples, strict=True):
        for message in example.messages:
            text = message.get("content") or "balance"
            assert text in row["read"]
            if message["role"] == "assistant":
                assert (text in row["learnt"]) == (message.get("weight", 1) == 1)
                unlearnt += message.get("weight", 1) == 0
    assert unlearnt >= 3


@pytest.mark.thorough
def test_sharegpt_is_read_by_its_own_names(learnt: Any) -> None:
    rows = learnt["sharegpt.yaml"]["rows"]
    assert len(rows) == len(said("sharegpt"))
    assert all(row["learnt"] for row in rows)
    assert any("<|im_start|>tool\n" in row["read"] for row in rows)
    assert any("What an account holds." in row["read"] for row in rows)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "form"), [(PREFERENCE, "trl-preference"), (KTO, "trl-unpaired-preference")]
)
def test_preferences_reach_trl_s_trainer_as_they_are(learnt: Any, name: str, form: str) -> None:
    lines = (GOLDEN / f"{form}.jsonl").read_bytes().splitlines()
    rows = [without_nulls(json.loads(line)) for line in lines]
    read = [without_nulls(row) for row in learnt[name]["rows"]]  # Axolotl shuffles them
    assert sorted(read, key=json.dumps) == sorted(rows, key=json.dumps)


@pytest.mark.thorough
def test_every_step_has_its_verdict(learnt: Any) -> None:
    rows = learnt[STEPWISE]["rows"]
    examples: list[Steps] = said("trl-stepwise")
    for row, example in zip(rows, examples, strict=True):
        assert row["learnt"] == [int(label) for label in example.labels]
        assert all(step in row["read"] for step in example.steps)


def test_validation_is_for_tests_and_test_is_for_neither(tmp_path: Path) -> None:
    texts = axolotl(release(tmp_path), CARD)
    for text in texts.values():
        run = yaml.safe_load(text)
        (train,), (validation,) = run["datasets"], run["test_datasets"]
        assert train["path"].endswith(".train.jsonl")
        assert validation["path"].endswith(".validation.jsonl")
        assert ".test." not in text


def test_the_same_conversations_are_not_learnt_twice(tmp_path: Path) -> None:
    text = axolotl(release(tmp_path), CARD)[SFT]
    assert [one["path"] for one in yaml.safe_load(text)["datasets"]] == ["openai-chat.train.jsonl"]
    assert "# sharegpt holds the same conversations: take one of them only." in text


def test_nothing_is_written_for_formats_that_it_does_not_read(tmp_path: Path) -> None:
    assert axolotl(release(tmp_path, ["gemini", "alpaca", "sharegpt-preference"]), CARD) == {}
    assert axolotl(release(tmp_path, []), CARD) == {}
