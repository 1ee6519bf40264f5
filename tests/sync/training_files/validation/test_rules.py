"""One file for every rule of formats and providers: it breaks that rule, and no other."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sync.training_files.trainers import PROVIDERS
from tests.sync.training_files.validation.lines import (
    SECRET,
    SYSTEM,
    answer,
    blocks,
    call,
    parts,
    right,
    says,
    tool,
    user,
)
from tests.sync.training_files.validation.validating import READS, run, write

AT = 7  # the line that breaks the rule
ENOUGH = 120  # examples that nobody finds too few


class Broken(NamedTuple):
    """A line that breaks one rule of a format, as a provider reads it."""

    form: str
    provider: str | None
    rule: str
    line: Any
    severity: str = "error"


def chat(*messages: Any, **extra: Any) -> dict[str, Any]:
    return {"messages": list(messages), **extra}


def changed(form: str, **changes: Any) -> dict[str, Any]:
    """A right line with some of its keys changed; None takes one away."""
    line = right(form, 999) | changes
    return {key: value for key, value in line.items() if value is not None}


def image(text: str) -> list[Any]:
    return [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": "a"}}]


def pictures(number: int) -> list[Any]:
    url = "data:image/png;base64,iVBORw0KGgo="
    return [{"type": "image_url", "image_url": {"url": url}}] * number


def shown(parts: list[Any]) -> dict[str, Any]:
    """Parts in a question, and the answer as parts, too."""
    said = {"role": "assistant", "content": [{"type": "text", "text": SECRET}]}
    return chat({"role": "user", "content": parts}, said)


def shared(*turns: Any) -> dict[str, Any]:
    """A line of ShareGPT's that ends with an answer."""
    return {"conversations": [*turns, says("gpt")]}


def text_schema() -> dict[str, Any]:
    """A function whose parameters are JSON as text."""
    return {"type": "function", "function": {"name": "pay", "parameters": "{}"}}


WEB_PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
PAY = [{"type": "function", "function": {"name": "pay", "parameters": {}}}]
LONG = " ".join(["word"] * 70_000)

LINES = [
    # any format: a line is one JSON object in UTF-8
    Broken("openai-chat", None, "utf-8", b'{"messages": "\xff"}'),
    Broken("openai-chat", None, "json", b'{"messages": [}'),
    Broken("openai-chat", None, "json", b"[" * 100_000),
    Broken("openai-chat", None, "object", [user(), answer()]),
    Broken("openai-chat", None, "object", 7),
    Broken("openai-chat", None, "nan", b'{"messages": NaN}'),
    Broken("openai-chat", None, "surrogate", b'{"messages": "\\ud800"}'),
    Broken("openai-chat", None, "blank-line", b"", "warning"),
    Broken("openai-chat", None, "blank-line", b" \t\r", "warning"),
    Broken("openai-chat", None, "bom", b"\xef\xbb\xbf{}"),
    Broken(
        "openai-chat",
        None,
        "duplicate-key",
        b'{"messages":[{"role":"user","role":"user","content":"1"},'
        b'{"role":"assistant","content":"2"}]}',
    ),
    # OpenAI's chat format
    Broken("openai-chat", "openai", "messages", {"messages": []}),
    Broken("openai-chat", "openai", "messages", {"messages": SECRET}),
    Broken("openai-chat", "openai", "role", chat({"content": SECRET}, answer())),
    Broken("openai-chat", "openai", "role", chat({"role": "human", "content": "a"}, answer())),
    Broken("openai-chat", "openai", "content", chat({"role": "user"}, answer())),
    Broken("openai-chat", "openai", "content", chat(user(), {"role": "assistant"})),
    Broken("openai-chat", "openai", "assistant", chat(SYSTEM, user())),
    Broken("openai-chat", "openai", "last", chat(user(), answer(), user(1))),
    Broken("openai-chat", "openai", "weight", chat(user(), answer(weight=0))),
    Broken("openai-chat", "openai", "weight", chat(user(), answer(weight=0.5))),
    Broken("openai-chat", "openai", "weight", chat(user() | {"weight": 1}, answer())),
    Broken("openai-chat", "openai", "tool_arguments", chat(user(), call({}), tool(), answer())),
    Broken("openai-chat", "openai", "tool_call_id", chat(user(), call("{}"), tool("c2"), answer())),
    Broken("openai-chat", "openai", "tools", chat(user(), answer(), tools="pay")),
    # OpenAI's preferences
    Broken(
        "openai-preference",
        "openai",
        "output",
        changed("openai-preference", preferred_output=[]),
    ),
    Broken(
        "openai-preference",
        "openai",
        "role",
        changed("openai-preference", preferred_output=[answer(1), user()]),
    ),
    Broken(
        "openai-preference",
        "openai",
        "text",
        changed(
            "openai-preference", preferred_output=[{"role": "assistant", "content": image("a")}]
        ),
    ),
    Broken(
        "openai-preference",
        "openai",
        "same",
        changed("openai-preference", preferred_output=[answer()], non_preferred_output=[answer()]),
    ),
    Broken(
        "openai-preference",
        "openai",
        "assistant",
        changed("openai-preference", preferred_output=[tool()]),
    ),
    # OpenAI's prompts for reinforcement
    Broken("openai-reinforcement", None, "last", chat(user(), answer(), reference_answer="a")),
    # Together
    Broken(
        "openai-chat", "together", "role", chat({"role": "developer", "content": "a"}, answer())
    ),
    Broken("openai-chat", "together", "alternation", chat(user(), user(1), answer())),
    Broken("openai-chat", "together", "alternation", chat(user(), answer(), answer(1))),
    Broken("openai-chat", "together", "alternation", chat(SYSTEM, answer()), "warning"),
    Broken("openai-chat", "together", "system-first", chat(user(), SYSTEM, answer()), "warning"),
    Broken("openai-chat", "together", "blank-line", b""),
    Broken("openai-chat", "together", "columns", chat(user(), answer(), id=7)),
    Broken("openai-chat", "together", "columns", chat(user(), answer(), tools=PAY)),
    Broken("openai-chat", "together", "content", chat(user(), call("{}"))),
    Broken(
        "openai-chat", "together", "content", chat(user(), answer() | {"content": ""}), "warning"
    ),
    Broken("openai-chat", "together", "last", chat(user(), answer(), user(1)), "warning"),
    Broken("openai-chat", "together", "weight", chat(user() | {"weight": 1}, answer()), "warning"),
    Broken("openai-chat", "together", "weight", chat(user(), answer(weight=0)), "warning"),
    Broken(
        "openai-chat",
        "together",
        "role",
        chat(user(), call("{}") | {"content": SECRET}, tool(), answer()),
    ),
    Broken(
        "openai-chat", "together", "mixed", chat({"role": "user", "content": pictures(1)}, answer())
    ),
    Broken(
        "openai-chat",
        "together",
        "images",
        shown([{"type": "image_url", "image_url": {"url": "a"}}]),
    ),
    Broken("openai-chat", "together", "images", shown(pictures(11))),
    Broken("openai-chat", "together", "parts", shown([{"type": "file", "file": {}}])),
    Broken("openai-chat", "together-2", "columns", chat(user(), answer(), id=7)),
    Broken("openai-chat", "together-2", "alternation", chat(user(), user(1), answer()), "warning"),
    Broken(
        "openai-preference",
        "together",
        "input-last",
        changed("openai-preference", input={"messages": [user(), answer(2)]}),
    ),
    Broken(
        "openai-preference",
        "together",
        "same",
        changed("openai-preference", non_preferred_output=[answer(999)]),
        "warning",
    ),
    Broken("trl-language-modeling", "together", "rows", chat(user(), answer())),
    Broken("openai-chat", "together", "weight", chat(user(), answer(weight=1.0))),
    Broken("openai-chat", "together", "one-format", chat(user(), answer(), text=SECRET)),
    Broken("openai-chat", "together", "one-format", right("openai-preference", 1)),
    Broken(
        "openai-preference",
        "together",
        "one-answer",
        changed("openai-preference", preferred_output=[answer(), answer(1)]),
    ),
    # Fireworks
    Broken("openai-chat", "fireworks", "system-first", chat(SYSTEM, user(), SYSTEM, answer())),
    Broken("openai-chat", "fireworks", "images", shown([WEB_PICTURE])),
    # OpenAI, of what others take
    Broken("openai-chat", "openai", "parts", shown([{"type": "video", "video": "a"}])),
    Broken("openai-chat", "openai", "tool_schema", chat(user(), answer(), tools=[text_schema()])),
    Broken("openai-chat", "together", "images", shown([WEB_PICTURE])),
    # LLaMA-Factory
    Broken(
        "sharegpt",
        "llama-factory",
        "order",
        {"conversations": [says("gpt"), says("human")]},
    ),
    Broken("sharegpt", "llama-factory", "count", {"conversations": [says("human")]}),
    Broken(
        "sharegpt-preference",
        "llama-factory",
        "count",
        changed("sharegpt-preference", conversations=[says("human"), says("gpt")]),
    ),
    Broken(
        "sharegpt-preference",
        "llama-factory",
        "chosen",
        changed("sharegpt-preference", chosen=SECRET),
    ),
    Broken("sharegpt-kto", "llama-factory", "kto_tag", changed("sharegpt-kto", kto_tag="true")),
    Broken("openai-chat", "llama-factory", "turn-order", chat(user(), user(1), answer())),
    Broken(
        "openai-chat",
        "llama-factory",
        "no-weights",
        chat(user(), {**answer(), "weight": 0}, user(1), answer(1)),
    ),
    Broken(
        "openai-chat",
        "llama-factory",
        "text-only",
        chat({"role": "user", "content": [{"type": "text", "text": SECRET}]}, answer()),
    ),
    Broken(
        "openai-chat",
        "llama-factory",
        "no-tool-calls",
        chat(user(), call("{}"), {"role": "tool", "tool_call_id": "c1", "content": "1"}, answer()),
    ),
    Broken("openai-chat", "llama-factory", "no-tools", chat(user(), answer(), tools=PAY)),
    Broken("openai-chat", "llama-factory", "images", chat(user(), answer(), images=["a.png"])),
    Broken("sharegpt", "llama-factory", "value", shared(says("human") | {"value": ""}), "warning"),
    # Axolotl
    Broken("sharegpt", "axolotl", "tools", shared(says("human", 900)) | {"tools": ""}),
    Broken("sharegpt", "axolotl", "order", shared(says("human"), says("human", 1)), "warning"),
    Broken("openai-chat", "axolotl", "last", chat(user(), answer(), user(1)), "warning"),
    Broken(
        "trl-language-modeling",
        "axolotl",
        "nothing-learnt",
        chat(user(), {"role": "assistant", "content": [WEB_PICTURE]}),
    ),
    Broken("openai-chat", "axolotl", "tool_arguments", chat(user(), call(""))),
    # TRL
    Broken(
        "trl-preference",
        "trl",
        "same",
        changed("trl-preference", rejected=[answer(999)]),
        "warning",
    ),
    Broken(
        "trl-language-modeling",
        "trl",
        "tool_arguments",
        chat(user(), call("{}"), tool(), answer(), tools=PAY),
    ),
    Broken("trl-language-modeling", "trl", "tools", chat(user(), answer(), tools="pay")),
    Broken("trl-unpaired-preference", "trl", "label", changed("trl-unpaired-preference", label=1)),
    Broken("trl-stepwise", "trl", "lengths", changed("trl-stepwise", labels=[True])),
    # Gemini and Bedrock
    Broken("gemini", "gemini", "role", {"contents": [parts("user"), parts("assistant")]}),
    Broken(
        "bedrock-conversation",
        "bedrock",
        "schemaVersion",
        changed("bedrock-conversation", schemaVersion=2024),
    ),
    Broken(
        "bedrock-conversation",
        "bedrock",
        "reserved",
        changed("bedrock-conversation", messages=[blocks("user", 0, "User:"), blocks("assistant")]),
    ),
    Broken("alpaca", "llama-factory", "output", changed("alpaca", output=None)),
]


@pytest.mark.parametrize("broken", LINES, ids=lambda b: f"{b.form}-{b.provider or 'any'}-{b.rule}")
def test_a_line_breaks_one_rule(tmp_path: Path, broken: Broken) -> None:
    lines = [right(broken.form, number, broken.provider) for number in range(ENOUGH)]
    lines[AT - 1] = broken.line
    file = write(tmp_path / "train.jsonl", lines)
    found = run(file, "--format", broken.form, *options(tmp_path, broken.form, broken.provider))
    assert found.problems == [(AT, broken.rule, broken.severity)]
    assert found.status == (3 if broken.severity == "error" else 0)


@pytest.mark.parametrize(("form", "provider"), READS)
def test_right_lines_break_none(tmp_path: Path, form: str, provider: str | None) -> None:
    bom = bool(provider and PROVIDERS[provider].bom)
    lines = (right(form, number, provider) for number in range(ENOUGH))
    file = write(tmp_path / "train.jsonl", lines, bom=bom)
    found = run(file, "--format", form, *options(tmp_path, form, provider, bom))
    assert (found.status, found.problems) == (0, [])


def options(folder: Path, form: str, provider: str | None, bom: bool = False) -> list[str | Path]:
    """The provider, and a validation file where one is asked for."""
    named: list[str | Path] = ["--provider", provider] if provider else []
    if form != "openai-reinforcement":
        return named
    held_out = write(folder / "held.jsonl", [right(form, ENOUGH + 1, provider)], bom=bom)
    return [*named, "--validation", held_out]
