"""TRL's own dataset utilities and trainers read the golden files, and learn what they should."""

from pathlib import Path
from typing import Any

import pytest

from sync.training_files.example import Completion, Judgement, PreferenceExample
from tests.sync.training_files.formats.golden_examples import EXAMPLES, GOLDEN
from tests.sync.training_files.formats.trl_desk import byte_tokenizer, load, tiny_model

# TRL's configurations set an option by the name that transformers renamed
pytestmark = pytest.mark.filterwarnings("ignore:.gradient_checkpointing.:FutureWarning")

CONVERSATIONAL = (
    "trl-language-modeling",
    "trl-prompt-completion",
    "trl-preference",
    "trl-unpaired-preference",
)
TURN = "<|im_start|>assistant\n"
END = "<|im_end|>\n"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return byte_tokenizer()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datasets")


def rows(name: str, cache: Path) -> list[dict[str, Any]]:
    """Rows as a trainer meets them: nulls for the columns that only other rows have."""
    return list(load(GOLDEN / f"{name}.jsonl", cache))


@pytest.mark.parametrize("name", CONVERSATIONAL)
def test_every_row_is_conversational_to_trl(name: str, cache: Path) -> None:
    from trl.data_utils import is_conversational

    assert all(is_conversational(row) for row in rows(name, cache))


@pytest.mark.parametrize("name", CONVERSATIONAL)
def test_a_chat_template_renders_every_row(name: str, cache: Path, tokenizer: Any) -> None:
    from trl.data_utils import maybe_apply_chat_template

    for row in rows(name, cache):
        rendered = maybe_apply_chat_template(row, tokenizer, tools=row.get("tools"))
        for key, text in rendered.items():
            if key not in ("label", "prompt"):
                assert text.endswith(END)
        whole = rendered.get("text", rendered.get("prompt", ""))
        assert ("balance" in whole) == bool(row.get("tools")), "tools are told to the model"


def test_a_pair_comes_apart_into_a_good_and_a_bad_answer(cache: Path) -> None:
    from trl.data_utils import unpair_preference_dataset

    pairs = load(GOLDEN / "trl-preference.jsonl", cache)
    unpaired = unpair_preference_dataset(pairs)
    judged = [(r["prompt"], r["completion"], r["label"]) for r in unpaired]
    for row in pairs:
        assert (row["prompt"], row["chosen"], True) in judged
        assert (row["prompt"], row["rejected"], False) in judged
    assert len(judged) == 2 * len(pairs)


def test_the_prompt_is_what_trl_would_find_itself(cache: Path) -> None:
    from trl.data_utils import extract_prompt, maybe_extract_prompt

    for row in rows("trl-preference", cache):
        assert maybe_extract_prompt(row) is row, "nothing is left to extract"
        implicit = {key: row["prompt"] + row[key] for key in ("chosen", "rejected")}
        found = extract_prompt(implicit)
        assert found == {key: row[key] for key in ("prompt", "chosen", "rejected")}


@pytest.fixture
def quiet_trainer(cache: Path) -> dict[str, Any]:
    """Settings of a trainer that only prepares its data here."""
    return {"output_dir": str(cache / "out"), "report_to": [], "use_cpu": True, "bf16": False}


def learnt(trainer: Any, tokenizer: Any) -> list[str]:
    """The text of each row that a trainer computes its loss on."""
    return [
        tokenizer.decode(
            [i for i, label in zip(r["input_ids"], r["labels"], strict=True) if label != -100]
        )
        for r in trainer.train_dataset
    ]


def test_sft_learns_every_assistants_turn_of_a_conversation(
    cache: Path, tokenizer: Any, quiet_trainer: dict[str, Any]
) -> None:
    from trl import SFTConfig, SFTTrainer

    trainer = SFTTrainer(
        model=tiny_model(len(tokenizer)),
        args=SFTConfig(**quiet_trainer, assistant_only_loss=True, max_length=None),
        train_dataset=load(GOLDEN / "trl-language-modeling.jsonl", cache),
        processing_class=tokenizer,
    )
    texts = learnt(trainer, tokenizer)
    assert f"First.{END}Second.{END}" in texts
    assert f"<call>balance account=x;</call><call>balance </call>{END}" in texts
    assert f"<think>GBP 5.00 a month for twelve months is GBP 60.</think>GBP 60.{END}" in texts
    assert not any("Third, which is wrong." in text for text in texts)


def test_sft_learns_the_completion_alone(
    cache: Path, tokenizer: Any, quiet_trainer: dict[str, Any]
) -> None:
    from trl import SFTConfig, SFTTrainer

    trainer = SFTTrainer(
        model=tiny_model(len(tokenizer)),
        args=SFTConfig(**quiet_trainer, max_length=None),
        train_dataset=load(GOLDEN / "trl-prompt-completion.jsonl", cache),
        processing_class=tokenizer,
    )
    *said, called = learnt(trainer, tokenizer)
    examples = [e for e in EXAMPLES[Completion] if isinstance(e, Completion)]
    assert said == [e.completion["content"] + END for e in examples[:-1]]
    assert called == f"<call>balance account=main;currency=EUR;</call>{END}"


def test_dpo_compares_the_two_answers(
    cache: Path, tokenizer: Any, quiet_trainer: dict[str, Any]
) -> None:
    from trl import DPOConfig, DPOTrainer

    trainer = DPOTrainer(
        model=tiny_model(len(tokenizer)),
        ref_model=tiny_model(len(tokenizer)),
        args=DPOConfig(**quiet_trainer, max_length=None),
        train_dataset=load(GOLDEN / "trl-preference.jsonl", cache),
        processing_class=tokenizer,
    )
    for row, example in zip(trainer.train_dataset, EXAMPLES[PreferenceExample], strict=True):
        assert isinstance(example, PreferenceExample)
        assert tokenizer.decode(row["prompt_ids"]).endswith(TURN)
        assert tokenizer.decode(row["chosen_ids"]) == example.chosen + END
        assert tokenizer.decode(row["rejected_ids"]) == example.rejected + END


def test_kto_knows_good_answers_from_bad(
    cache: Path, tokenizer: Any, quiet_trainer: dict[str, Any]
) -> None:
    from trl import KTOConfig, KTOTrainer

    trainer = KTOTrainer(
        model=tiny_model(len(tokenizer)),
        ref_model=tiny_model(len(tokenizer)),
        args=KTOConfig(**quiet_trainer, max_length=None),
        train_dataset=load(GOLDEN / "trl-unpaired-preference.jsonl", cache),
        processing_class=tokenizer,
    )
    for row, example in zip(trainer.train_dataset, EXAMPLES[Judgement], strict=True):
        assert isinstance(example, Judgement)
        assert row["label"] is example.label
        assert tokenizer.decode(row["completion_ids"]) == example.completion + END


def test_steps_load_as_the_type_that_process_reward_models_are_trained_on(cache: Path) -> None:
    """The columns of trl-lib/math_shepherd and trl-lib/prm800k, which TRL's `PRMTrainer` read until
    it was taken away in 2026, and which Axolotl's `stepwise_supervised` reads."""
    from datasets import List, Value

    loaded = load(GOLDEN / "trl-stepwise.jsonl", cache)
    assert loaded.features == {
        "prompt": Value("string"),
        "completions": List(Value("string")),
        "labels": List(Value("bool")),
    }
    assert all(len(row["completions"]) == len(row["labels"]) for row in loaded)
