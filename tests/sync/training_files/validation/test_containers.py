"""JSON arrays and Parquet: the same verdicts as of lines, and what is not read is said to be so."""

import io
import json
import os
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sync.cli import cli
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault
from sync.training_files.validation import json_array
from sync.training_files.validation.containers import examples_in
from sync.training_files.validation.json_array import ArrayElements
from sync.training_files.validation.lines import BOM
from tests.sync.training_files.validation.lines import SECRET, answer, right, user
from tests.sync.training_files.validation.validating import Validated, run, write

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"


def array(path: Path, rows: list[Any], **how: Any) -> Path:
    path.write_text(json.dumps(rows, **how), encoding="utf-8")
    return path


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def only_file(found: Validated) -> dict[str, Any]:
    (file,) = found.report["files"]
    return dict(file)


# --- the same verdicts


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_as_its_lines_are(tmp_path: Path, form: str, indent: int | None) -> None:
    rows = [json.loads(line) for line in (GOLDEN / f"{form}.jsonl").read_bytes().splitlines()]
    rows += [{**rows[0], "messages": 7}, rows[1], {}]
    lines = write(tmp_path / "rows.jsonl", rows)
    whole = array(tmp_path / "rows.json", rows, indent=indent, ensure_ascii=bool(indent))
    by_line, by_example = (run(path, "--format", form) for path in (lines, whole))
    assert [p for p in by_example.problems if p[1] != "json-lines"] == by_line.problems
    assert only_file(by_example)["examples"] == len(rows)
    assert {p["unit"] for p in by_example.report["problems"] if p["line"]} <= {"example"}
    assert only_file(by_example)["tokens"] == only_file(by_line)["tokens"]


# Parquet has columns of one type each, so a format whose keys differ from row to row has no table
@pytest.mark.parametrize("form", ["openai-chat", "trl-preference", "sharegpt", "alpaca"])
def test_parquet_is_read_as_its_lines_are(tmp_path: Path, form: str) -> None:
    rows = [right(form, number) for number in range(300)]
    lines = write(tmp_path / "rows.jsonl", rows)
    table = parquet(tmp_path / "rows.parquet", rows)
    by_line, by_example = (run(path, "--format", form) for path in (lines, table))
    assert [p for p in by_example.problems if p[1] != "json-lines"] == by_line.problems
    assert only_file(by_example)["examples"] == 300
    assert only_file(by_example)["tokens"] == only_file(by_line)["tokens"]


def test_a_column_that_other_rows_have_is_not_there(tmp_path: Path) -> None:
    called = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turns = [
        user(),
        answer(tool_calls=[called]),
        {"role": "tool", "content": "", "tool_call_id": "c"},
    ]
    rows = [{"messages": [user(n), answer(n)]} for n in range(60)] + [
        {"messages": [*turns, answer()]}
    ]
    found = run(parquet(tmp_path / "rows.parquet", rows))
    assert found.problems == [(0, "json-lines", "warning")]


def test_bytes_in_a_column_are_no_text(tmp_path: Path) -> None:
    rows = [{"instruction": SECRET, "input": "", "output": b"\x00"}]
    found = run(parquet(tmp_path / "rows.parquet", rows))
    assert found.problems == [(1, "output", "error")]
    assert "found an object" in found.message("output")


@pytest.mark.parametrize(
    ("provider", "severity"),
    [(None, "warning"), ("openai", "error"), ("together", "error"), ("axolotl", None)],
)
def test_who_reads_arrays(tmp_path: Path, provider: str | None, severity: str | None) -> None:
    rows = [right("openai-chat", number) for number in range(60)]
    for file in (array(tmp_path / "a.json", rows), parquet(tmp_path / "a.parquet", rows)):
        found = run(file, *(["--provider", provider] if provider else []))
        assert found.problems == ([(0, "json-lines", severity)] if severity else [])
    shared = [right("sharegpt", number) for number in range(3)]
    assert run(array(tmp_path / "s.json", shared)).problems == []


# --- what a file is instead


@pytest.mark.parametrize(
    ("content", "rule", "said", "examples"),
    [
        (b"[]", "examples", "array is empty", 0),
        (b"  \n[ \n ]\n", "examples", "array is empty", 0),
        (b"", "examples", "file is empty", 0),
        (b"\n \n", "examples", "blank lines alone", 0),
        (BOM + b"[]", "bom", "byte order mark", 0),
        (b"[1, 2]", "object", "found a number", 0),
        (b'[{"instruction": "a", "output": "b"}, 7]', "object", "found a number", 1),
        (b'[7, {"instruction": "a", "output": "b"}]', "object", "found a number", 1),
        (b'[{"instruction": "a", "output": "b"}]\n[]', "json-array", "2 bytes come after", 1),
        (b'[{"instruction": "a", "output": "b"}', "json-array", "has no end", 1),
        (b'[{"instruction": "a", "output": "b"},', "json-array", "has no end", 1),
        (b'[{"instruction": "a", "output": "b"},]', "json-array", "not read", 1),
        (b'[{"instruction": "a", "output": "b"} {"a": 1}]', "json-array", "not read", 1),
        (b'[{"instruction": "a", "output": "b"}, {"a" 1}, {}]', "json-array", "not read", 1),
        (b'{\n "data": []\n}\n', "json-lines", "several lines", 0),
        (b'{"data": [\n 1]}\n', "json-lines", "several lines", 0),
        (b"ARROW1\x00\x00", "json-lines", "an Arrow file", 0),
        (b"PAR1\x15\x04", "parquet", "begins as Parquet", 0),
    ],
)
def test_what_is_not_read_is_said(
    tmp_path: Path, content: bytes, rule: str, said: str, examples: int
) -> None:
    file = tmp_path / "train.json"
    file.write_bytes(content)
    found = run(file)
    assert said in found.message(rule)
    assert only_file(found)["examples"] == examples
    assert found.status == 3
    text = CliRunner().invoke(cli, ["validate", str(file)]).stdout
    if not only_file(found)["complete"]:
        assert "not read" in text.splitlines()[0]
        assert "0 examples" not in text


def test_an_element_that_is_no_json_is_named(tmp_path: Path) -> None:
    rows = json.dumps([right("alpaca", number) for number in range(50)])
    file = tmp_path / "train.json"
    file.write_text(rows.replace(f'"{SECRET} 30"', f'"{SECRET} "30"', 1))
    found = run(file)
    assert (31, "json", "error") in found.problems
    assert "a quote or bracket is missing there" in found.message("json-array")
    assert only_file(found)["examples"] == 30
    file.write_text(rows.replace(f'"{SECRET} 30",', f'"{SECRET} 30"', 1))
    found = run(file)
    assert (31, "json", "error") in found.problems
    assert "what comes after example 31 was not read" in found.message("json-array")


# --- any array, in any pieces

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(values | st.dictionaries(st.text(), values), max_size=6),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
)
def test_elements_are_those_of_the_array(rows: list[Any], block: int, indent: int | None) -> None:
    raw = json.dumps(rows, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_BLOCK", block)
        elements = ArrayElements(BytesIO(raw))
        assert [json.loads(element) for element in elements] == rows
    assert elements.cut is None
    assert elements.size == len(raw)


@given(st.binary(max_size=80), st.integers(1, 20))
def test_any_bytes_after_a_bracket_end(raw: bytes, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_BLOCK", block)
        elements = ArrayElements(BytesIO(b"[" + raw))
        for element in elements:
            elements.parse(element)
    assert elements.size == len(raw) + 1


def test_an_element_longer_than_an_example_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.training_files.validation.lines.LONGEST_LINE", 1000)
    monkeypatch.setattr(json_array, "_BLOCK", 100)
    rows = [right("alpaca", 1), {"instruction": "a" * 5000, "output": "b"}]
    found = run(array(tmp_path / "a.json", rows))
    assert "longer than 64 MB" in found.message("json-array")
    assert only_file(found)["examples"] == 1


# --- stdin


def test_an_array_from_stdin() -> None:
    rows = [right("sharegpt", number) for number in range(40)]
    found = run("-", given=json.dumps(rows).encode())
    assert (only_file(found)["examples"], found.problems) == (40, [])


@pytest.mark.parametrize("lead", [b"", b" \n", BOM])
def test_an_array_from_a_pipe(lead: bytes) -> None:
    """Which can't be looked into and read again."""
    raw = lead + json.dumps([right("sharegpt", number) for number in range(3000)]).encode()
    receiver, sender = os.pipe()

    def send() -> None:
        with os.fdopen(sender, "wb") as pipe:
            pipe.write(raw)

    sending = threading.Thread(target=send)
    sending.start()
    with os.fdopen(receiver, "rb") as pipe:
        examples = examples_in(pipe)
        assert isinstance(examples, ArrayElements)
        assert sum(1 for _ in examples) == 3000
    sending.join()
    assert examples.size == len(raw)


def test_parquet_from_a_pipe_is_refused() -> None:
    found = run("-", given=b"PAR1")
    assert "can't be read from a pipe" in found.message("parquet")
    assert isinstance(examples_in(io.BytesIO(b"PAR1")), Fault)
