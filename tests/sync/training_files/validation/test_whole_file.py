"""Rules of a file as a whole, of two files together, and of the job."""

import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.common.same_text import as_read
from sync.training_files.formats.format import FileRules
from sync.training_files.manifest.contents import is_plain
from sync.training_files.trainers import PROVIDERS
from sync.training_files.validation.validate import Options, validate
from sync.training_files.validation.whole_file import check_number, check_size
from tests.sync.training_files.validation.lines import SECRET, answer, call, right, user
from tests.sync.training_files.validation.validating import READS, run, write


def chats(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [right("openai-chat", number) for number in range(start, start + count)]


@pytest.mark.parametrize(
    ("provider", "count", "rules"),
    [
        (None, 0, {"examples"}),
        (None, 9, {"examples"}),
        (None, 49, {"recommended-examples"}),
        (None, 50, set()),
        ("openai", 9, {"examples"}),
        ("openai", 10, {"recommended-examples"}),
        ("together", 1, set()),
        ("fireworks", 2, {"examples"}),
        ("fireworks", 3, set()),
    ],
)
def test_too_few_examples(
    tmp_path: Path, provider: str | None, count: int, rules: set[str]
) -> None:
    file = write(tmp_path / "train.jsonl", chats(count))
    named = ["--provider", provider] if provider else []
    found = run(file, "--format", "openai-chat", *named)
    assert found.rules == rules
    assert found.status == (3 if rules == {"examples"} else 0)


@pytest.mark.parametrize(
    ("provider", "form", "few", "enough"),
    [("gemini", "gemini", 99, 100), ("bedrock", "bedrock-conversation", 99, 100)],
)
def test_fewer_than_are_recommended(
    tmp_path: Path, provider: str, form: str, few: int, enough: int
) -> None:
    for count, rules in ((few, {"recommended-examples"}), (enough, set())):
        file = write(tmp_path / "train.jsonl", [right(form, number) for number in range(count)])
        assert run(file, "--provider", provider).rules == rules


def test_a_validation_file_may_be_small(tmp_path: Path) -> None:
    train = write(tmp_path / "train.jsonl", chats(50))
    held = write(tmp_path / "held.jsonl", chats(1, start=50))
    assert run(train, "--validation", held).problems == []


@pytest.mark.parametrize(
    ("name", "form", "role", "most"),
    [
        ("fireworks", "openai-chat", "training", 3_000_000),
        ("gemini", "gemini", "training", 1_000_000),
        ("gemini", "gemini", "validation", 5_000),
    ],
)
def test_too_many_examples(name: str, form: str, role: Any, most: int) -> None:
    provider = PROVIDERS[name]
    rules = provider.formats[form]
    assert not list(check_number(rules, most, role, provider))
    (fault,) = check_number(rules, most + 1, role, provider)
    assert fault.rule == "most-examples"


@pytest.mark.parametrize(
    ("name", "form", "largest"),
    [
        ("openai", "openai-chat", 512 * 2**20),
        ("azure", "openai-chat", 512 * 2**20 - 1),
        ("together", "openai-chat", 501 * 2**30 // 10),
        ("gemini", "gemini", 2**30),
    ],
)
def test_too_large_a_file(name: str, form: str, largest: int) -> None:
    rules = PROVIDERS[name].formats[form]
    assert not list(check_size(rules, largest))
    assert [fault.rule for fault in check_size(rules, largest + 1)] == ["size"]


def test_the_size_is_what_the_file_has(tmp_path: Path) -> None:
    """The byte order mark and every line break included."""
    file = write(tmp_path / "train.jsonl", chats(60), bom=True)
    size = file.stat().st_size
    for most, rules in ((size, []), (size - 1, ["size"])):
        small = replace(PROVIDERS["azure"], takes={"openai-chat": FileRules(max_bytes=most)})
        report = validate([file], Options(provider=small))
        assert [tally.rule for tally in report.files[0].rules] == rules
        assert report.files[0].bytes == size


def test_a_byte_order_mark_is_azure_s_alone(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.jsonl", chats(60))
    marked = write(tmp_path / "marked.jsonl", chats(60), bom=True)
    for provider in (None, "openai", "together", "fireworks"):
        named = ["--provider", provider] if provider else []
        assert run(plain, *named).problems == []
        assert run(marked, *named).problems == [(0, "bom", "error")]
    assert run(plain, "--provider", "azure").problems == [(0, "bom", "error")]
    assert run(marked, "--provider", "azure").problems == []


def test_a_provider_reads_its_formats_only(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", [right("gemini", n) for n in range(100)])
    found = run(file, "--provider", "together")
    assert found.problems == [(0, "provider-format", "error")]
    assert "openai-chat" in found.message("provider-format")
    assert run(file, "--provider", "vertex").problems == []


def test_a_line_of_another_format(tmp_path: Path) -> None:
    lines = [*chats(60), right("sharegpt", 1), right("alpaca", 1)]
    found = run(write(tmp_path / "train.jsonl", lines))
    assert found.problems == [(61, "one-format", "error"), (62, "one-format", "error")]
    assert "'conversations'" in found.message("one-format")


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (b'{\n  "messages": []\n}\n', "json-lines", "several lines"),
        ('{"messages": []}\n'.encode("utf-16"), "utf-8", "UTF-16"),
        (gzip.compress(b'{"messages": []}', mtime=0), "json-lines", "compressed (gzip)"),
        (b"PAR1\x15\x04", "parquet", "begins as Parquet"),
    ],
)
def test_no_json_lines_at_all_are_one_sentence(
    tmp_path: Path, content: bytes, rule: str, said: str
) -> None:
    file = tmp_path / "train.jsonl"
    file.write_bytes(content)
    found = run(file)
    assert [(r, s) for _, r, s in found.problems if r != "blank-line"] == [(rule, "error")]
    assert said in found.message(rule)
    assert found.status == 3


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (b"", ["examples"]),
        (b"\n \n", ["blank-line", "blank-line", "examples"]),
        (b"{'messages': []}\n" * 30, ["json"] * 30),
    ],
)
def test_where_no_line_can_be_read_the_reason_is_told(
    tmp_path: Path, content: bytes, rules: list[str]
) -> None:
    file = tmp_path / "train.jsonl"
    file.write_bytes(content)
    found = run(file)
    assert [rule for _, rule, _ in found.problems] == rules
    assert found.status == 3


def test_line_breaks_of_every_kind(tmp_path: Path) -> None:
    """CRLF, and none at the end."""
    lines = write(tmp_path / "lf.jsonl", chats(60)).read_bytes()
    file = tmp_path / "crlf.jsonl"
    file.write_bytes(lines.replace(b"\n", b"\r\n").rstrip())
    found = run(file)
    assert found.problems == []
    assert found.report["files"][0]["examples"] == 60


# --- two files


def test_what_training_and_validation_share(tmp_path: Path) -> None:
    train = write(tmp_path / "train.jsonl", chats(60))
    same_example = right("openai-chat", 3)
    same_prompt = {"messages": [*right("openai-chat", 4)["messages"][:2], answer(99)]}
    loud = {
        "messages": [
            {**message, "content": f" {message['content'].upper()}\n\t "}
            for message in right("openai-chat", 5)["messages"]
        ]
    }
    new = right("openai-chat", 1000)
    held = write(tmp_path / "held.jsonl", [new, same_example, same_prompt, loud])
    found = run(train, "--validation", held)
    assert found.problems == [
        (2, "overlap", "error"),
        (3, "overlap-prompt", "error"),
        (4, "overlap-case", "warning"),
    ]
    assert {p["file"] for p in found.report["problems"]} == {str(held)}
    assert f"line 4 of {train}" in found.message("overlap")
    assert "but for case" in found.message("overlap-case")
    assert found.status == 3


SAME = [
    # whether the second prompt is the same to a reader; None: but for case
    ("5个苹果和12个梨一共多少钱", "51个苹果和2个梨一共多少钱", False),
    ("What is 1 1+1?", "What is 11+1?", False),
    ("How do I  freeze\nmy card?", "How do I freeze my card?", True),
    (" One\ttwo\r\n\r\nthree ", "One two\u00a0three", True),
    ("cafe\u0301 is open?", "café is open?", True),
    ("Explain fooBar", "Explain foobar", None),
    ("ΟΔΟΣ", "οδος", None),
    ("Straße or STRASSE?", "strasse or Strasse?", None),
    ("Is it a, b?", "Is ita, b?", False),
    ("x = -1", "x = - 1", False),
    ("What is 2+3?", "What is 2-3?", False),
    ("Let's eat, Grandma", "Let's eat Grandma", False),
    ("กิน ข้าว", "กินข้าว", False),
    ("3 と 14 の和は", "31 と 4 の和は", False),
    ("Fix:\n```\nif x:\n  a\nb\n```", "Fix:\n```\nif x:\n  a\n  b\n```", False),
    ("if x:\n    y\nz", "if x:\n    y\n    z", False),
    ("One:\n\n  - a\n  - b ", "One: \n  - a\r\n  -  b", True),
    ("Fix  it:\n```\nif x:\n  a\n```\n", "Fix it:\n\n```\nif x:\n  a\n```", True),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_which_prompts_are_the_same(
    tmp_path: Path, one: str, other: str, same: bool | None
) -> None:
    said = [{"role": "user", "content": text} for text in (one, other)]
    train = write(tmp_path / "t.jsonl", [*chats(60), {"messages": [said[0], answer(3)]}])
    held = write(tmp_path / "v.jsonl", [{"messages": [said[1], answer(4)]}])
    found = [(rule, severity) for _, rule, severity in run(train, "--validation", held).problems]
    wanted = {True: ("overlap-prompt", "error"), None: ("overlap-prompt-case", "warning")}
    assert found == ([wanted[same]] if same is not False else [])


SHARED = Path(__file__).parents[5] / "shared" / "data" / "faults" / "same_prompt.jsonl"


@pytest.mark.skipif(not SHARED.exists(), reason=f"needs {SHARED}")
def test_the_prompts_of_the_report() -> None:
    for line in map(json.loads, SHARED.read_text(encoding="utf-8").splitlines()):
        assert (as_read(line["a"]) == as_read(line["b"])) == line["same"], line


def test_doubles_but_for_case_are_told_as_that(tmp_path: Path) -> None:
    line = {"messages": [{"role": "user", "content": "Explain fooBar"}, answer(3)]}
    loud = {"messages": [{"role": "user", "content": "Explain foobar"}, answer(3)]}
    found = run(write(tmp_path / "train.jsonl", [*chats(60), line, loud, line]))
    assert sorted(found.problems) == [(62, "duplicate", "warning"), (63, "duplicate", "warning")]
    messages = {p["line"]: p["message"] for p in found.report["problems"]}
    assert "line 61 but for case" in messages[62]
    assert "line 61;" in messages[63]


def test_what_a_file_holds_twice(tmp_path: Path) -> None:
    lines = [*chats(60), right("openai-chat", 7), right("openai-chat", 7)]
    found = run(write(tmp_path / "train.jsonl", lines))
    assert found.problems == [(61, "duplicate", "warning"), (62, "duplicate", "warning")]
    assert "line 8" in found.message("duplicate")
    assert found.status == 0


def test_a_prompt_with_two_answers_is_no_double(tmp_path: Path) -> None:
    prompt = right("openai-chat", 1)["messages"][:2]
    lines = [*chats(60), {"messages": [*prompt, answer(77)]}]
    assert run(write(tmp_path / "train.jsonl", lines)).problems == []


def test_opposite_verdicts_on_an_answer_are_no_double(tmp_path: Path) -> None:
    line = right("trl-unpaired-preference", 1)
    lines = [line, line | {"label": False}]
    assert run(write(tmp_path / "train.jsonl", lines)).problems == []


@pytest.mark.parametrize(
    "content", [None, 7, {"text": SECRET}, [SECRET], [{"type": "text", "text": None}], ""]
)
def test_malformed_contents_are_no_doubles(tmp_path: Path, content: Any) -> None:
    """Nobody knows what such a line says, so it equals no other, in no file."""
    lines = [{"messages": [user(), {"role": "assistant", "content": content}]}] * 3
    train = write(tmp_path / "train.jsonl", lines)
    held = write(tmp_path / "held.jsonl", [*lines, {"messages": [user(), answer()]}])
    found = run(train, "--validation", held, "--format", "openai-chat")
    assert found.rules.isdisjoint({"duplicate", "overlap", "overlap-prompt"})
    assert [rule for _, rule, _ in found.problems].count("content") == 6


def test_blank_and_broken_lines_equal_nothing(tmp_path: Path) -> None:
    lines = [*chats(60), b"", b"", b"{", b"{", {"messages": []}, {"messages": []}]
    assert "duplicate" not in run(write(tmp_path / "train.jsonl", lines)).rules


@pytest.mark.parametrize(
    ("provider", "severity"),
    [("openai", "error"), ("azure", "error"), ("fireworks", None), (None, "warning")],
)
def test_reinforcement_needs_two_files(
    tmp_path: Path, provider: str | None, severity: str | None
) -> None:
    bom = provider == "azure"
    lines = [right("openai-reinforcement", number) for number in range(60)]
    train = write(tmp_path / "train.jsonl", lines[:55], bom=bom)
    held = write(tmp_path / "held.jsonl", lines[55:], bom=bom)
    named = ["--provider", provider] if provider else []
    found = run(train, *named)
    assert found.problems == ([(0, "validation-file", severity)] if severity else [])
    assert run(train, *named, "--validation", held).problems == []


# --- the job, and tokens


@pytest.mark.parametrize(("epochs", "rules"), [(1, set()), (50, set()), (51, {"epochs"})])
def test_the_job_s_epochs(tmp_path: Path, epochs: int, rules: set[str]) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    assert run(file, "--provider", "openai", "--epochs", str(epochs)).rules == rules


def test_an_example_longer_than_the_model_takes(tmp_path: Path) -> None:
    long = {"messages": [user(), {"role": "assistant", "content": "word " * 70_000}]}
    file = write(tmp_path / "train.jsonl", [*chats(60), long])
    found = run(file, "--provider", "openai", "--model", "gpt-4.1-mini")
    assert found.problems == [(61, "token-limit", "warning")]
    said = found.message("token-limit")
    assert "about 87,5" in said
    assert "65,536 of an example" in said
    assert "26% of the answer" in said
    assert run(file, "--provider", "openai").problems == []


def test_calls_of_tools_are_in_turn_for_together(tmp_path: Path) -> None:
    turns = [user(), call("{}"), {"role": "tool", "tool_call_id": "c1", "content": SECRET}]
    lines = [{"messages": [*turns, answer()]}, {"messages": [*turns, answer(), user(), answer(1)]}]
    file = write(tmp_path / "t.jsonl", lines)
    assert run(file, "--provider", "together-2").problems == []
    assert run(file, "--provider", "together").rules == {"content", "role"}


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ({"text": SECRET}, "trl-language-modeling"),
        ({"prompt": SECRET, "completion": SECRET}, "trl-prompt-completion"),
        ({"messages": [answer(), {"role": "user", "content": ""}]}, "openai-chat"),
    ],
)
def test_lines_are_taken_for_what_the_provider_reads_them_as(
    tmp_path: Path, line: Any, form: str
) -> None:
    found = run(write(tmp_path / "t.jsonl", [line]), "--provider", "together")
    assert found.status == 0
    assert found.report["files"][0]["format"] == form


# --- the golden files

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"


@pytest.mark.parametrize(("form", "provider"), READS)
def test_golden_files_raise_no_false_alarm(form: str, provider: str | None) -> None:
    """Of what a line is: there are too few lines for some, and no byte order mark."""
    log = io.StringIO()
    options = Options(form, PROVIDERS[provider] if provider else None)
    report = validate([GOLDEN / f"{form}.jsonl"], options, log=log)
    assert report.files[0].examples >= 10
    problems = [json.loads(line) for line in log.getvalue().splitlines()]
    refused = {p["line"] for p in problems if p["line"] and p["severity"] == "error"}
    assert refused == _unread(GOLDEN / f"{form}.jsonl", provider)


def _unread(file: Path, provider: str | None) -> set[int]:
    """Lines that are more than a reader reads, such as weights and calls for LLaMA-Factory."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if provider in ("together", "together-2") and file.name.startswith("trl-"):
        return set(range(1, len(lines) + 1))  # of messages; it reads such a line as text
    if provider == "together":
        with_tools = ('"tools"', '"tool_calls"', '"tool"')
        return {
            n for n, line in enumerate(lines, 1) if any(w in json.dumps(line) for w in with_tools)
        }
    if provider == "bedrock":
        return {n for n, line in enumerate(lines, 1) if "toolConfig" in line}
    if provider != "llama-factory" or "messages" not in lines[0]:
        return set()
    return {number for number, line in enumerate(lines, 1) if not _is_plain(line)}


def _is_plain(line: dict[str, Any]) -> bool:
    """What the companion for LLaMA-Factory goes by, but for what it drops with a warning alone."""
    kept = {"messages": [{**m, "reasoning_content": None} for m in line["messages"]]}
    return is_plain(kept)
