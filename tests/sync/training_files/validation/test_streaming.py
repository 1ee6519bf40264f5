"""Files of any size, and lines of any content, in memory that does not grow with them."""

import json
import re
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.same_text import as_read
from sync.training_files.formats import FORMATS
from sync.training_files.formats.example_texts import Said, count_quoted
from sync.training_files.formats.format import Fault, Format
from sync.training_files.trainers import PROVIDERS
from sync.training_files.validation import lines as file_lines
from sync.training_files.validation.line_shapes import guess, line_shapes, shape_of
from sync.training_files.validation.lines import BOM, ByteLines, doubled_key, parse
from sync.training_files.validation.repeated_examples import (
    Fingerprints,
    double_examples,
    doubles,
    in_both,
    shared,
)
from sync.training_files.validation.token_statistics import TokenStatistics
from sync.training_files.validation.tokens import ByteCounter
from sync.training_files.validation.validate import Options, validate
from tests.sync.training_files.validation.lines import right
from tests.sync.training_files.validation.validating import write


def peak(file: Path, log: Path) -> int:
    """Bytes that validating a file takes at most."""
    tracemalloc.start()
    with log.open("w") as problems:
        validate([file], Options(form="openai-chat"), log=problems)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("container", ["array", "parquet"])
def test_memory_does_not_grow_with_an_array_or_a_table(tmp_path: Path, container: str) -> None:
    """But for what a line takes, and for one block of the file."""
    answer = {"role": "assistant", "content": "word " * 300}

    def examples(count: int) -> Path:
        rows = [{"messages": [{"role": "user", "content": str(n)}, answer]} for n in range(count)]
        path = tmp_path / f"{count}.{container}"
        if container == "array":
            path.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        else:
            pq.write_table(pa.Table.from_pylist(rows), path, compression="none")
        return path

    few, many = examples(2_000), examples(5_000)
    peak(few, tmp_path / "log")  # what is loaded once
    grown = peak(many, tmp_path / "log") - peak(few, tmp_path / "log")
    assert grown < 3_000 * 150
    assert few.stat().st_size > (2_000_000 if container == "array" else 10_000)


@pytest.mark.parametrize("broken", [False, True])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, broken: bool) -> None:
    """But for 32 bytes a line, and some more for a moment while doubles are looked for."""
    answer = {"role": "assistant", "content": "word " * 300, **({"name": 1} if broken else {})}

    def lines(count: int) -> Path:
        asked = ({"role": "user", "content": str(0 if broken else n)} for n in range(count))
        return write(tmp_path / f"{count}.jsonl", ({"messages": [user, answer]} for user in asked))

    few, many = lines(500), lines(4_000)
    peak(few, tmp_path / "log")  # what is loaded once
    grown = peak(many, tmp_path / "log") - peak(few, tmp_path / "log")
    assert grown < 3_500 * 150
    assert many.stat().st_size - few.stat().st_size > 3_500 * 1_500


def test_a_huge_line_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lines, "LONGEST_LINE", 100)
    lines = ByteLines(BytesIO(b"a\n" + b"b" * 950 + b"\n" + b"c\n" + b"d" * 98 + b"\n" + b"e" * 99))
    assert list(lines) == [b"a\n", None, b"c\n", b"d" * 98 + b"\n", None]
    assert lines.size == 2 + 951 + 2 + 99 + 99


def test_a_huge_json_array_is_known_by_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lines, "LONGEST_LINE", 1000)
    file = tmp_path / "train.jsonl"
    file.write_bytes(orjson.dumps([right("openai-chat", n) for n in range(100)]))
    (rule,) = validate([file], Options()).files[0].rules
    assert rule.rule == "json-lines"


@given(st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\n", b"")), max_size=8))
def test_lines_are_those_of_the_file(content: list[bytes]) -> None:
    whole = b"\n".join(content)
    lines = ByteLines(BytesIO(BOM + whole))
    expected = whole.removeprefix(BOM) if whole.startswith(BOM) else whole
    assert b"".join(line or b"" for line in lines) == whole or expected != whole
    assert lines.size == len(BOM + whole)
    assert lines.bom


def test_progress_ends_at_the_file_s_size(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", (right("openai-chat", n) for n in range(20_000)))
    told: list[tuple[int, int]] = []
    validate([file], Options(), progress=lambda done, total: told.append((done, total)))
    size = file.stat().st_size
    assert told
    assert told == sorted(told)
    assert {total for _, total in told} == {size}
    assert size - told[-1][0] <= 2 * 2**20


# --- anything that JSON can say

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = re.findall(
    r"\w+",
    """messages role content weight tool_calls tools input preferred_output prompt completion label
    chosen rejected completions labels conversations from value kto_tag system systemInstruction
    contents parts text schemaVersion instruction output history""",
)
names = st.sampled_from(KEYS)
words = st.sampled_from(["user", "assistant", "human", "gpt", "model", "system", "tool"])
near = st.recursive(
    values | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=15,
)
lines = st.dictionaries(names, near, max_size=5)


@given(lines)
def test_no_line_is_too_odd(line: dict[str, Any]) -> None:
    for form in FORMATS.values():
        said = form.read(line)
        texts = [*said.prompt, *said.answer, *said.trained, said.mark]
        assert all(type(text) is str for text in texts)
        TokenStatistics(ByteCounter(), 1, "is cut off").add_all([said])
        Fingerprints().add(said)
    for provider in PROVIDERS.values():
        for name in provider.formats:
            assert all(isinstance(fault, Fault) for fault in provider.check(name, line))
    guess([line], FORMATS)


@given(near)
def test_a_line_that_json_reads_is_read(value: Any) -> None:
    try:
        raw = json.dumps(value).encode()
    except UnicodeEncodeError:
        return
    line = parse(raw)
    if isinstance(value, dict) and isinstance(line, dict):
        assert line == value
        assert doubled_key(raw, count_quoted(line)) is None
    else:
        assert isinstance(line, Fault)


some_text = st.text(max_size=5) | st.text(alphabet='a\\":{}', max_size=6)


@given(st.dictionaries(some_text, some_text, min_size=1), st.booleans())
def test_a_key_that_is_there_twice_is_found(inner: dict[str, str], twice: bool) -> None:
    keys = [*inner.items(), *([next(iter(inner.items()))] if twice else [])]
    body = ",".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in keys)
    raw = f'{{"a":[{{{body}}}]}}'.encode()
    line = parse(raw)
    if isinstance(line, Fault):
        assert line.rule == "surrogate"
    else:
        assert (doubled_key(raw, count_quoted(line)) is not None) == twice


@given(st.binary(max_size=60))
def test_any_bytes_end_in_an_object_or_a_fault(raw: bytes) -> None:
    assert isinstance(parse(raw), dict | Fault)


# --- equal hashes, against the obvious way

few_hashes = st.lists(st.integers(0, 5), max_size=30)


@given(few_hashes)
def test_doubles_by_brute_force(hashes: list[int]) -> None:
    found = list(doubles(np.array(hashes, dtype=np.int64)))
    assert found == [
        (i + 1, hashes.index(h) + 1) for i, h in enumerate(hashes) if h and h in hashes[:i]
    ]


@given(few_hashes, few_hashes)
def test_shared_by_brute_force(ours: list[int], theirs: list[int]) -> None:
    found = list(shared(np.array(ours, dtype=np.int64), np.array(theirs, dtype=np.int64)))
    assert found == [(i + 1, theirs.index(h) + 1) for i, h in enumerate(ours) if h and h in theirs]


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_prompts_are_the_same_where_every_text_reads_the_same(
    ours: list[str], theirs: list[str]
) -> None:
    def of(texts: list[str], answer: str) -> Fingerprints:
        made = Fingerprints()
        made.add(Said(texts, [answer], [answer], 1))
        return made

    same = [as_read(text) for text in ours] == [as_read(text) for text in theirs]
    found = [(what, but) for what, but, _, _ in in_both(of(ours, "a"), of(theirs, "b"))]
    assert (found == [("prompt", "")]) == (same and any([*map(as_read, ours), len(ours) > 1]))


@given(st.text(alphabet="ab\n\u3000\u00e9`~ "))
def test_white_space_is_collapsed_outside_fences(text: str) -> None:
    assert as_read(as_read(text)) == as_read(text)
    if "```" not in text and "~~~" not in text and "\n  " not in text:
        assert as_read("\u3000\n" + text.replace(" ", "\u2003 \n") + "\t") == as_read(text)
        assert as_read(text).split() == text.split()


def test_what_is_told_once() -> None:
    made = Fingerprints()
    for prompt in ("Ab", "ab", "Ab", "", "ab"):
        made.add(Said([prompt], [], [], 1))
    assert list(double_examples(made)) == [("", 3, 1), ("", 5, 2), (" but for case", 2, 1)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ärzte € heute", "Ärzte\u00a0€\nheute", True),
        ("Žlutý kůň", "ŽLUTÝ KŮŇ", False),
        ("ab", "a b", False),
        ("Ärzte", "Arzte", False),
        ("a", "b", False),
    ],
)
def test_what_is_the_same_text(one: str, other: str, same: bool) -> None:
    assert (as_read(one) == as_read(other)) == same


# --- every format has a shape


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read_and_known_by_its_lines(form: str) -> None:
    assert type(FORMATS[form]).read is not Format.read
    line = right(form, 1)
    shape = shape_of(line, line_shapes(FORMATS))
    assert shape is not None
    assert form in shape.formats
    assert guess([line], FORMATS) in ("openai-chat", form)
    assert all(name in FORMATS for known in line_shapes(FORMATS) for name in known.formats)
