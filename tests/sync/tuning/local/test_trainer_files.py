"""Other trainers' own files of a run: as their documentation says, and as they read them.

Unsloth's is a script, which needs a GPU to be run.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sync.common.errors import SyncError
from sync.training_files.manifest.stored_release import read_release
from sync.tuning.local.plan import Method
from sync.tuning.local.trainer_files import TRAINER_FILES, DescribedRun
from tests.sync.dataset.release.companions.trainer_packages import trainer_packages
from tests.sync.training_files.readers.reader_packages import answered_by
from tests.sync.tuning.local.desk import PLAN, release, tiny_base

# the format that both read, and how LLaMA-Factory is told of it
FORMS: Mapping[Method, tuple[str, dict[str, object]]] = {
    "supervised": ("openai-chat", {}),
    "dpo": ("trl-preference", {"ranking": True}),
    "kto": ("trl-unpaired-preference", {"columns": {"kto_tag": "label"}}),
}


def described(folder: Path, base: str = "org/model", method: Method = "supervised") -> DescribedRun:
    found = release(folder, method, train=3, validation=2, test=1)
    return DescribedRun("bank", base, replace(PLAN, method=method), read_release(found))


def test_unsloth_gets_a_script_of_the_runs_settings(tmp_path: Path) -> None:
    files = TRAINER_FILES["unsloth"](described(tmp_path / "release"))
    (text,) = files.values()
    assert list(files) == ["bank.unsloth.py"]
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    told = {word.arg: ast.unparse(word.value) for call in calls for word in call.keywords}
    assert (told["r"], told["lora_alpha"], told["learning_rate"]) == ("4", "8", "0.01")
    assert told["num_train_epochs"] == "3"
    assert "test" not in text.partition("files =")[2].partition("\n")[0].replace(str(tmp_path), "")


def test_a_known_local_model_is_named_as_its_publisher_does(tmp_path: Path) -> None:
    run = described(tmp_path / "release", "smollm2-135m")
    assert run.published_base == "HuggingFaceTB/SmolLM2-135M-Instruct"
    with pytest.raises(SyncError, match=r"own\.gguf is a GGUF file"):
        _ = described(tmp_path / "other", "own.gguf").published_base


@pytest.mark.parametrize("trainer", ["axolotl", "llama-factory"])
def test_what_a_trainer_cant_read_is_told(tmp_path: Path, trainer: str) -> None:
    with pytest.raises(SyncError, match="labeltune export --format openai-chat"):
        TRAINER_FILES[trainer](described(tmp_path / "release"))


def test_axolotl_trains_on_the_release_as_its_companion_says(tmp_path: Path) -> None:
    run = described(tmp_path / "release")
    files = run.release.manifest["files"]
    for entry in files:
        entry["format"] = "openai-chat"
    (text,) = TRAINER_FILES["axolotl"](run).values()
    told = yaml.safe_load(text)
    assert told["base_model"] == "org/model"
    assert [Path(each["path"]).name for each in told["datasets"]] == [files[0]["file"]]
    assert Path(told["datasets"][0]["path"]).is_absolute()
    assert [Path(each["path"]).name for each in told["test_datasets"]] == [files[1]["file"]]
    assert (told["adapter"], told["lora_r"], told["datasets"][0]["type"]) == (
        "lora",
        4,
        "chat_template",
    )


def test_llama_factory_finds_the_data_set_that_the_release_lists(tmp_path: Path) -> None:
    run = described(tmp_path / "release")
    names = [entry["file"] for entry in run.release.manifest["files"]]
    listed = {name.removesuffix(".jsonl"): {"file_name": name, "columns": {}} for name in names}
    (run.release.folder / "dataset_info.json").write_text(json.dumps(listed))
    (text,) = TRAINER_FILES["llama-factory"](run).values()
    told = yaml.safe_load(text)
    assert told["dataset_dir"] == str(run.release.folder.resolve())
    assert (told["dataset"], told["eval_dataset"]) == (
        "trl-prompt-completion.train",
        "trl-prompt-completion.validation",
    )
    assert (told["stage"], told["finetuning_type"], told["lora_target"]) == ("sft", "lora", "all")


@pytest.mark.thorough
@pytest.mark.parametrize("method", FORMS)
def test_they_read_their_files_as_they_are_meant(tmp_path: Path, method: Method) -> None:
    run = described(tmp_path / "release", str(tiny_base(tmp_path / "base")), method)
    form, kind = FORMS[method]
    for entry in run.release.manifest["files"]:
        entry["format"] = form
    names = [entry["file"] for entry in run.release.manifest["files"]]
    listed = {name.removesuffix(".jsonl"): {"file_name": name, **kind} for name in names}
    (run.release.folder / "dataset_info.json").write_text(json.dumps(listed))
    asked = {
        trainer: next(iter(TRAINER_FILES[trainer](run).values()))
        for trainer in ("axolotl", "llama-factory")
    }
    reader = "tests.sync.tuning.local.trainer_file_reader"
    said = answered_by(reader, asked, tmp_path, trainer_packages())
    expected = {
        "unknown": [],
        "rank": 4,
        "learning_rate": 0.01,
        "batch": 4,
        "method": {"supervised": "sft"}.get(method, method),
    }
    for trainer, read in said.items():
        assert {key: read[key] for key in expected} == expected, trainer
    assert said["axolotl"]["data"] == [str(run.release.folder.resolve() / names[0])]
    assert said["axolotl"]["patience"] == PLAN.patience
    assert said["llama-factory"]["data"] == [names[0].removesuffix(".jsonl")]
