"""Lists of data sets: LLaMA-Factory's folder and `dataset_info.json`, Axolotl's YAML and others."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from sync.cli import cli
from sync.common.errors import SyncError
from tests.sync.training_files.validation.lines import SECRET, answer, call, right, tool, user
from tests.sync.training_files.validation.llama_factory_folder import FILES, write_folder
from tests.sync.training_files.validation.validating import Validated, run, write

Row = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LLaMA-Factory's data folder."""
    return write_folder(tmp_path_factory.mktemp("llama-factory") / "data")


def listed(path: Path, rows: list[Row], entry: Row) -> Validated:
    """What is found in rows of an array as one entry of a `dataset_info.json` beside it says."""
    (path / "rows.json").write_text(json.dumps(rows))
    (path / "dataset_info.json").write_text(
        json.dumps({"mine": {"file_name": "rows.json", **entry}})
    )
    return run(path)


def refused(*arguments: str | Path) -> str:
    done = CliRunner().invoke(cli, ["validate", *map(str, arguments)])
    assert isinstance(done.exception, SyncError)
    return str(done.exception)


# --- the folder


def test_every_file_of_the_folder_is_read_with_the_right_count(folder: Path) -> None:
    found = run(folder)
    read = {Path(file["file"]).name: file["examples"] for file in found.report["files"]}
    assert read == {name: count for name, (count, _) in FILES.items()}
    assert all(file["complete"] for file in found.report["files"])
    assert [p for p in found.report["problems"] if p["severity"] == "error"] == []
    assert found.status == 0


def test_a_file_is_read_in_the_same_way_by_its_name(folder: Path) -> None:
    """What the list beside it says holds, whether the folder, the list or the file is named."""
    by_folder = {f["file"]: f for f in run(folder).report["files"]}
    for name in FILES:
        (alone,) = run(folder / name).report["files"]
        assert alone == by_folder[alone["file"]]
    entries = run(folder / "dataset_info.json").report["files"]
    assert all(by_folder[f["file"]] == f for f in entries)
    assert len(entries) == 13


def test_formats_and_who_says_them(folder: Path) -> None:
    forms = {Path(f["file"]).stem: (f["format"], f["entry"]) for f in run(folder).report["files"]}
    assert forms["identity"] == ("alpaca", "identity")
    assert forms["dpo_en_demo"] == ("sharegpt-preference", "dpo_en_demo")
    assert forms["kto_en_demo"] == ("sharegpt-kto", "kto_en_demo")
    assert forms["mllm_demo"] == ("sharegpt", "mllm_demo")
    assert forms["c4_demo"][0] == "trl-language-modeling"
    assert forms["v1_dpo_demo"][0] == "trl-preference"


def test_what_is_not_read_is_named(folder: Path) -> None:
    notes = run(folder).report["notes"]
    assert any("a hub or a script holds them: alpaca_en, lima" in note for note in notes)
    assert any("only JSON and Parquet" in note and "wiki_demo.txt" in note for note in notes)
    assert any("'label' as kto_tag" in note for note in notes)


def test_a_list_of_hubs_alone_holds_nothing_to_check(tmp_path: Path) -> None:
    info = tmp_path / "dataset_info.json"
    info.write_text(json.dumps({"lima": {"hf_hub_url": "someone/lima"}}))
    assert "a hub or a script holds it: lima" in refused(info)


# --- entries


def test_tags_that_an_entry_leaves_out_are_not_there(tmp_path: Path) -> None:
    """As LLaMA-Factory has it: without `system_tag` a system message is of an unknown role."""
    entry: Row = {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
        },
    }
    rows = [{"messages": [{"role": "system", "content": SECRET}, user(), answer()]}]
    found = listed(tmp_path, rows, entry)
    assert (1, "from", "error") in found.problems
    assert "example 1: turn 1: from must be" in shown(tmp_path)
    entry["tags"]["system_tag"] = "system"
    assert listed(tmp_path, rows, entry).problems == []


def shown(path: Path) -> str:
    return CliRunner().invoke(cli, ["validate", str(path)]).stdout


def test_a_role_by_the_format_s_name_is_none_of_the_entry_s(tmp_path: Path) -> None:
    tags = {"role_tag": "from", "content_tag": "value", "user_tag": "u", "assistant_tag": "a"}
    entry = {"formatting": "sharegpt", "columns": {"messages": "conversations"}, "tags": tags}
    turns = [{"from": "human", "value": SECRET}, {"from": "a", "value": SECRET}]
    assert (1, "from", "error") in listed(tmp_path, [{"conversations": turns}], entry).problems


@pytest.mark.parametrize(
    ("entry", "row", "form"),
    [
        (
            {"columns": {"prompt": "q", "response": "a", "system": "s", "history": "h"}},
            {"q": SECRET, "a": SECRET, "s": SECRET, "h": [[SECRET, SECRET]]},
            "alpaca",
        ),
        (
            {"ranking": True, "columns": {"prompt": "q", "chosen": "good", "rejected": "bad"}},
            {"q": SECRET, "good": f"{SECRET} 1", "bad": f"{SECRET} 2"},
            "sharegpt-preference",
        ),
        (
            {"columns": {"prompt": "q", "response": "a", "kto_tag": "ok"}},
            {"q": SECRET, "a": SECRET, "ok": False},
            "sharegpt-kto",
        ),
        ({"columns": {"prompt": "text"}}, {"text": SECRET}, "trl-language-modeling"),
        (
            {
                "formatting": "openai",
                "columns": {"messages": "messages"},
                "tags": {
                    "role_tag": "role",
                    "content_tag": "content",
                    "user_tag": "user",
                    "assistant_tag": "assistant",
                    "observation_tag": "tool",
                    "function_tag": "function_call",
                    "system_tag": "system",
                },
            },
            {"messages": [user(), call("{}"), tool(), tool(), answer()]},
            "sharegpt",
        ),
    ],
)
def test_columns_are_mapped(tmp_path: Path, entry: Row, row: Row, form: str) -> None:
    found = listed(tmp_path, [row], entry)
    (file,) = found.report["files"]
    assert (file["format"], file["examples"], found.problems) == (form, 1, [])
    assert file["tokens"]["about"]["total"] > 5
    empty = {key: "" if isinstance(value, str) else [] for key, value in row.items()}
    assert run_status(tmp_path, [empty], entry) == 3


def run_status(path: Path, rows: list[Row], entry: Row) -> int:
    return listed(path, rows, entry).status


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"formatting": "chat"}, "formatting must be alpaca, sharegpt or openai"),
        ({"columns": ["a"]}, "columns must be an object of names"),
        ({"formatting": "sharegpt", "columns": {"tools": "t"}}, "columns must name messages"),
        ({"formatting": "sharegpt", "tags": {"user_tag": "user"}}, "tags must name role_tag"),
        ({"ranking": True}, "columns must name chosen"),
        ({"file_name": "gone.json"}, "there is no such file"),
    ],
)
def test_an_entry_that_can_not_be_read_so(tmp_path: Path, entry: Row, said: str) -> None:
    found = listed(tmp_path, [right("alpaca", 1)], entry)
    assert said in found.message("list")
    assert found.status == 3
    assert "not read" in shown(tmp_path)


def test_a_dataset_info_of_others_is_no_list(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [right("openai-chat", n) for n in range(60)])
    (tmp_path / "dataset_info.json").write_text('{"features": {}, "splits": {}}')
    assert run(tmp_path).problems == []
    assert "not LLaMA-Factory's list" in refused(tmp_path / "dataset_info.json")


# --- pictures, videos and sounds


@pytest.mark.parametrize(
    ("text", "images", "rules"),
    [
        ("<image> Who?", ["a.jpg"], set()),
        ("<image><image> Who?", ["a.jpg"], {"images"}),
        ("Who?", ["a.jpg"], {"images"}),
        ("<image> Who?", [], {"images"}),
        ("<image> Who?", None, {"images"}),
        ("<image> Who?", "a.jpg", set()),
        ("<image> Who?", ["b.jpg"], {"images-files"}),
        ("<image> Who?", 7, {"images"}),
        ("Who?", [], set()),
    ],
)
def test_media_are_counted_against_their_places(
    tmp_path: Path, text: str, images: Any, rules: set[str]
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\x00")
    entry = {
        "formatting": "sharegpt",
        "columns": {"messages": "conversations", "images": "images"},
    }
    turns = [{"from": "human", "value": f"{text} {SECRET}"}, {"from": "gpt", "value": "They."}]
    found = listed(tmp_path, [{"conversations": turns, "images": images}], entry)
    assert found.rules == rules


# --- YAML


def axolotl(path: Path, rows: list[Row], entry: Row, **more: Any) -> Validated:
    write(path / "rows.jsonl", rows)
    held = {"base_model": "m", "datasets": [{"path": "rows.jsonl", **entry}], **more}
    (path / "run.yaml").write_text(yaml.safe_dump(held))
    return run(path / "run.yaml")


HUMAN = [{"who": "human", "said": SECRET}, {"who": "bot", "said": SECRET}]


@pytest.mark.parametrize(
    ("entry", "row", "form"),
    [
        ({"type": "chat_template"}, right("openai-chat", 1), "trl-language-modeling"),
        (
            {
                "type": "chat_template",
                "field_messages": "talk",
                "message_property_mappings": {"role": "who", "content": "said"},
                "roles": {"user": ["human"], "assistant": ["bot"]},
            },
            {"talk": HUMAN},
            "trl-language-modeling",
        ),
        (
            {"type": "chat_template", "message_field_training": "weight"},
            {"messages": [user(), answer(weight=0), user(1), answer(1)]},
            "trl-language-modeling",
        ),
        (
            {"type": "chat_template"},
            {"messages": [user(), call('{"a": 1}'), tool(), answer()]},
            "trl-language-modeling",
        ),
        ({"type": "alpaca"}, right("alpaca", 1), "alpaca"),
        (
            {"type": {"field_instruction": "q", "field_output": "a"}},
            {"q": SECRET, "a": SECRET},
            "alpaca",
        ),
        ({"type": "completion", "field": "said"}, {"said": SECRET}, "trl-language-modeling"),
        ({"type": "stepwise_supervised"}, right("trl-stepwise", 1), "trl-stepwise"),
        ({}, right("trl-preference", 1), "trl-preference"),
    ],
)
def test_axolotl_s_data_sets(tmp_path: Path, entry: Row, row: Row, form: str) -> None:
    found = axolotl(tmp_path, [row], entry)
    (file,) = found.report["files"]
    assert (file["format"], file["examples"], found.problems) == (form, 1, [])


def test_axolotl_s_preferences(tmp_path: Path) -> None:
    row = {"messages": [user()], "chosen": answer(), "rejected": answer(1)}
    found = axolotl(tmp_path, [row], {"type": "chat_template.default"}, rl="dpo")
    assert found.report["files"][0]["format"] == "trl-preference"
    assert found.problems == []


def test_a_weight_that_axolotl_is_not_told_of_is_learnt(tmp_path: Path) -> None:
    rows = [{"messages": [user(), answer(weight=0), user(1), answer(1)]}]
    assert axolotl(tmp_path, rows, {"type": "chat_template"}).rules == {"weight"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"type": "sharegpt"}, "no type sharegpt any more"),
        ({"type": "input_output"}, "which knows chat_template, alpaca"),
        ({"path": 7}, "needs a path that is text"),
        ({"path": "./gone.jsonl", "type": "alpaca"}, "there is no such file"),
    ],
)
def test_a_type_that_is_not_known_is_one_sentence(tmp_path: Path, entry: Row, said: str) -> None:
    found = axolotl(tmp_path, [right("alpaca", 1)], entry)
    assert said in found.message("list")
    assert [p["rule"] for p in found.report["problems"]] == ["list"]


def test_test_datasets_are_for_validation(tmp_path: Path) -> None:
    write(tmp_path / "held.jsonl", [right("alpaca", 1)])
    held_out = [{"path": "held.jsonl", "type": "alpaca"}]
    found = axolotl(tmp_path, [right("alpaca", 1)], {"type": "alpaca"}, test_datasets=held_out)
    assert [file["role"] for file in found.report["files"]] == ["training", "validation"]
    assert found.rules == {"overlap"}


def test_data_sets_of_a_hub_are_named(tmp_path: Path) -> None:
    (tmp_path / "run.yml").write_text("datasets: [{path: someone/alpaca, type: alpaca}]")
    assert "a hub or a script holds it: someone/alpaca" in refused(tmp_path / "run.yml")


def test_the_yaml_of_llama_factory_s_version_1(folder: Path) -> None:
    held = {
        "identity": {"path": "data/identity.json", "source": "local", "converter": "alpaca"},
        "samples": {"path": "data/v1_sft_demo.jsonl", "source": "local"},
        "remote": {"path": "someone/pairs", "converter": "pair"},
    }
    (folder / "mixed.yaml").write_text(yaml.safe_dump(held))
    found = run(folder / "mixed.yaml")
    counts = {f["entry"]: (f["format"], f["examples"]) for f in found.report["files"]}
    assert counts == {"identity": ("alpaca", 9), "samples": ("trl-language-modeling", 11)}
    assert any("remote (someone/pairs)" in note for note in found.report["notes"])


@pytest.mark.parametrize("text", ["base_model: x", "[1]", "a: [", "a: {b: 1}"])
def test_a_yaml_without_data_sets(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.yaml").write_text(text)
    assert "run.yaml: " in refused(tmp_path / "run.yaml")
