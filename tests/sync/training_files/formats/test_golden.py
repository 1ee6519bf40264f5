"""The golden files: what is written for the checked-in examples, byte for byte, and read back."""

import json
from pathlib import Path

import pytest

from sync.training_files.formats import FORMATS
from tests.sync.training_files.formats.golden_examples import GOLDEN, golden_lines

NAMES = tuple(FORMATS)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_written_as_in_the_golden_file(name: str) -> None:
    written = list(golden_lines(FORMATS[name]))
    assert b"".join(written) == (GOLDEN / f"{name}.jsonl").read_bytes()
    assert len(written) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_is_broken(name: str) -> None:
    for line in (GOLDEN / f"{name}.jsonl").read_bytes().splitlines():
        errors = [f for f in FORMATS[name].check(json.loads(line)) if f.severity == "error"]
        assert errors == []


def test_only_openai_s_reasoning_and_bedrock_s_tools_are_warned_of() -> None:
    warned = [
        (name, number, fault.rule)
        for name in NAMES
        for number, line in enumerate((GOLDEN / f"{name}.jsonl").read_bytes().splitlines(), 1)
        for fault in FORMATS[name].check(json.loads(line))
    ]
    bedrock = [("bedrock-conversation", number, "tools") for number in (13, 14)]
    assert warned == [("openai-chat", 17, "keys"), *bedrock]


@pytest.mark.parametrize("name", NAMES)
def test_writing_changes_no_example(name: str) -> None:
    assert list(golden_lines(FORMATS[name])) == list(golden_lines(FORMATS[name]))


@pytest.mark.parametrize("name", NAMES)
def test_datasets_loads_it(name: str, tmp_path: Path) -> None:
    import datasets

    path = GOLDEN / f"{name}.jsonl"
    loaded = datasets.load_dataset(
        "json", data_files=str(path), split="train", cache_dir=str(tmp_path)
    )
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [without_nulls(row) for row in loaded] == [without_nulls(row) for row in rows]


def without_nulls(value: object) -> object:
    """A value without the keys that only other lines have, which Arrow fills with null."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value
