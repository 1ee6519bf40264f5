"""Files of plain lines and others, held against the same files without the quick look at a line."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.training_files.formats import FORMATS
from sync.training_files.formats.example_texts import count_quoted
from sync.training_files.formats.format import Format
from sync.training_files.validation import example_batch
from sync.training_files.validation.check_lines import check_lines
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings
from sync.training_files.validation.files_to_check import FileToCheck
from sync.training_files.validation.lines import ByteLines, doubled_key, none_doubled, parse
from sync.training_files.validation.problems import Problem, Problems
from sync.training_files.validation.token_statistics import TokenStatistics
from sync.training_files.validation.tokens import ByteCounter
from tests.sync.training_files.validation.lines import SECRET, right

LIMIT = 60  # tokens
# what is spelled in several ways, is of several widths, or is a leftover of a model's server
words = st.sampled_from(
    [
        *('"', "\\", '\\"', "\n", "[", "[T"),
        *("é", "€ 5", "\U0001f4b3", "e\u0301", "ß", "İ", "я", "ก่", "\x00"),
        *(
            "\x01",
            "\x02",
            "User:",
            "<think>a</think>b",
            "[",
            "[T",
            "```\na\n```",
            " ",
            "long " * 60,
        ),
    ]
)
texts = st.lists(words, max_size=4).map("".join)
spellings = st.sampled_from(
    ["plain", "ascii", "spaced", "odd", "doubled", "cut", "null", "latin-1"]
)


def told(value: Any, text: str) -> Any:
    """A line that says something else, too."""
    if isinstance(value, dict):
        return {key: told(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [told(inner, text) for inner in value]
    return value.replace(SECRET, text) if isinstance(value, str) else value


def spelled(line: Any, how: str) -> bytes:
    """A line of JSON, or of what is none."""
    if how == "odd":
        line = {**line, "messages": [*line.get("messages", []), {"role": "user"}]}
    text = json.dumps(line, ensure_ascii=how == "ascii", indent=None)
    if how == "spaced":
        text = f" {text.replace(': ', ' :  ')}"
    elif how == "doubled":
        at = text.rindex('"', 0, text.rindex(": "))
        key = text[text.rindex('"', 0, at) : at + 1]
        text = f"{text[: text.rindex(key)]}{key}: null, {text[text.rindex(key) :]}"
    elif how == "cut":
        text = text[:-1]
    elif how == "null":
        text = text.replace(SECRET, "x").replace('"user"', "null")
    return text.encode("latin-1" if how == "latin-1" else "utf-8", "replace") + b"\n"


def verdict(form: Format, raw: bytes) -> tuple[list[Problem], Any, list[int], list[int], int]:
    """What is said of a file of lines."""
    found: list[Problem] = []
    asked = CheckSettings({form.name: form}, form.name, None, ByteCounter(), LIMIT)
    source = FileToCheck(Path("train.jsonl"), "training")
    tokens = TokenStatistics(asked.counter, LIMIT, "is cut off")
    passed = CheckedFile(source, form.name, "option", tokens)
    lines = ByteLines(BytesIO(raw))
    check_lines(lines, lines, passed, asked, Problems(3, sink=found.append))
    numbers = passed.likenesses
    return (
        found,
        tokens.report(),
        numbers.examples.tolist(),
        numbers.prompts.tolist(),
        passed.examples,
    )


def slow(form: Format) -> Format:
    """The format without its quick look."""
    return type(form.name, (type(form),), {"plain": Format.plain})()


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=12)
@given(
    lines=st.lists(st.tuples(st.integers(0, 3), texts, spellings), max_size=6),
    most=st.sampled_from([0, 2_000, 1 << 19]),
)
def test_a_quick_look_changes_no_verdict(form: str, lines: list[Any], most: int) -> None:
    """However many lines are looked at together."""
    raw = b"".join(spelled(told(right(form, n), text), how) for n, text, how in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(example_batch, "_MOST_BYTES", most)
        quick = verdict(FORMATS[form], raw)
    assert quick == verdict(slow(FORMATS[form]), raw)
    numbers = [problem.line for problem in quick[0] if problem.rule != "leftover"]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_a_quick_look(form: str) -> None:
    """Which most lines pass: else the test above says nothing."""
    assert FORMATS[form].plain(right(form, 0)) is not None


@given(st.lists(st.dictionaries(texts, texts, max_size=3), max_size=4), st.booleans())
def test_keys_that_may_stand_twice_are_looked_at(lines: list[dict[str, str]], twice: bool) -> None:
    raws = [json.dumps({"a": line}).encode() for line in lines]
    if twice and raws:
        raws[0] = raws[0].replace(b'{"a"', b'{"a": {}, "a"')
    parsed = [parse(raw) for raw in raws]
    counts = [count_quoted(line) for line in parsed]
    doubled = any(doubled_key(raw, n) is not None for raw, n in zip(raws, counts, strict=True))
    assert doubled == (twice and bool(raws))
    assert not (doubled and none_doubled(raws, sum(counts)))
    if not any("\\\\" in raw.decode() for raw in raws):
        assert none_doubled(raws, sum(counts)) == (not doubled)
