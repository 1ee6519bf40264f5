"""General examples: chosen by their lines alone, checked, and refused in one sentence."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import ExportError
from sync.settings.mix import MixSection
from sync.training_files.general_examples import GeneralExamples, count_for, general_examples


def line(text: str) -> str:
    turns = [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes."}]
    return json.dumps({"messages": turns})


def mixed(folder: Path, files: dict[str, str], count: int) -> GeneralExamples:
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return general_examples(MixSection(files=tuple(files)), folder, count)


def asked(found: GeneralExamples) -> list[str]:
    return [each.conversation.messages[0]["content"] for each in found.examples]


def test_the_lines_of_the_lowest_digests_are_taken(tmp_path: Path) -> None:
    lines = [line(f"question {i}") for i in range(200)]
    found = mixed(tmp_path, {"a.jsonl": "\n".join(lines)}, 5)
    lowest = sorted(lines, key=lambda each: hashlib.sha256(each.encode()).digest())[:5]
    assert [lines[e.line - 1] for e in found.examples] == lowest
    assert {e.file for e in found.examples} == {"a.jsonl"}


def test_neither_order_nor_files_make_a_difference(tmp_path: Path) -> None:
    lines = [line(f"question {i}") for i in range(50)]
    one = mixed(tmp_path, {"all.jsonl": "\n".join(lines)}, 12)
    parts = {"x.jsonl": "\n".join(lines[:7:-1]), "y.jsonl": "\n\n".join(lines[:20]) + "\n"}
    assert asked(mixed(tmp_path, parts, 12)) == asked(one)
    # and a smaller number is a part of a greater
    assert asked(mixed(tmp_path, parts, 5)) == asked(one)[:5]


def test_what_was_mixed_in_is_told(tmp_path: Path) -> None:
    content = f"{line('a')}\n\n{line('b')}\n"
    found = mixed(tmp_path, {"a.jsonl": content}, 1)
    assert found.manifest() == {
        "share": 0.1,
        "count": 1,
        "files": [
            {
                "file": "a.jsonl",
                "lines": 2,
                "sha256": hashlib.sha256(content.encode()).hexdigest(),
            }
        ],
    }


def test_tools_come_along(tmp_path: Path) -> None:
    tool = {"type": "function", "function": {"name": "rate", "parameters": {"type": "object"}}}
    content = json.dumps({**json.loads(line("a")), "tools": [tool]})
    (example,) = mixed(tmp_path, {"a.jsonl": f"\ufeff{content}\n"}, 1).examples
    assert example.conversation.tools == (tool,)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"messages": [', "a.jsonl, line 2: no JSON in UTF-8; mix.files must be openai-chat"),
        ("[1]", "a.jsonl, line 2: expected an object, found list; mix.files must be openai-chat"),
        ('{"messages": [{"role": "user", "content": "a"}]}', "a.jsonl, line 2: no assistant mess"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(tmp_path: Path, bad: str, said: str) -> None:
    """Even one that would not have been chosen."""
    with pytest.raises(ExportError) as caught:
        mixed(tmp_path, {"a.jsonl": f"{line('a')}\n{bad}\n{line('b')}"}, 0)
    assert str(caught.value).startswith(said)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"messages": "\xff"}')
    with pytest.raises(ExportError, match=r"a\.jsonl, line 1: no JSON in UTF-8"):
        general_examples(MixSection(files=("a.jsonl",)), tmp_path, 1)


def test_too_few_lines_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"mix.files hold 1 example that differs, and 2 are need"):
        mixed(tmp_path, {"a.jsonl": f"{line('a')}\n{line('a')}"}, 2)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"none\.jsonl: can't be read .*correct mix\.files"):
        general_examples(MixSection(files=("none.jsonl",)), tmp_path, 2)


def test_no_files_are_nothing_to_mix(tmp_path: Path) -> None:
    found = general_examples(MixSection(), tmp_path, 5)
    assert (found.examples, found.manifest()["count"]) == ((), 0)


@given(st.integers(0, 10**6), st.floats(0.001, 0.9))
def test_the_share_is_of_the_finished_file(own: int, share: float) -> None:
    general = count_for(own, share)
    assert abs(general - share * (own + general)) <= 1
