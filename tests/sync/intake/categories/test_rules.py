"""A source's tasks get their categories: their own first, then what the rules say."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SourceError
from sync.common.source_task import SourceTask
from sync.intake.categories.rules import categorise
from sync.settings.categories import CategorySection, by_rules
from tests.sync.intake.sources.builders import lines, read, write

KIND = CategorySection(
    labels=("how-to", "complaint", "other"),
    rules={"complaint": ("fed up", "re:\\bnever\\b.*!"), "how-to": ("how do I", "how can I")},
)
TOPIC = CategorySection(labels=("cards", "fees"), rules={"cards": ("card",)}, otherwise="fees")
BY_HAND = CategorySection(labels=("a", "b"))
ALL = {"kind": KIND, "topic": TOPIC, "by_hand": BY_HAND}


def task(said: str = "Hello", **data: Any) -> SourceTask:
    messages = [{"role": "user", "content": said}]
    return SourceTask("1", {"messages": messages, **data}, "a.jsonl, line 3")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("How do I freeze my card?", {"kind": "how-to", "topic": "cards"}),
        ("I am FED\nUP. How do I leave?", {"kind": "complaint", "topic": "fees"}),
        ("It never works!", {"kind": "complaint", "topic": "fees"}),
        ("Which cardigan is this?", {"topic": "fees"}),
    ],
)
def test_the_first_rule_that_fits(said: str, found: dict[str, str]) -> None:
    assert categorise(task(said), ALL).data["categories"] == found


def test_only_what_the_user_said_counts() -> None:
    turns = [("system", "card"), ("user", "Why?"), ("assistant", "card"), ("user", "But why?")]
    messages = [{"role": role, "content": content} for role, content in turns]
    assert by_rules({"messages": messages}, ALL) == {"topic": "fees"}


def test_the_source_s_own_come_first() -> None:
    given = task("My card", categories={"topic": "fees", "by_hand": "b", "kind": ""})
    assert categorise(given, ALL).data["categories"] == {"topic": "fees", "by_hand": "b"}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_columns_of_a_flat_source(tmp_path: Path, name: str) -> None:
    row = {"prompt": "My card", "categories.topic": "fees", "categories.kind": "", "other": "1"}
    flat = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    (given,) = read(write(tmp_path, name, flat if name == "a.csv" else lines(row)))
    found = categorise(given, ALL).data
    assert found["categories"] == {"topic": "fees"}
    assert found.keys() == {"messages", "other", "categories"}


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "My card", "theme": "fees"},
        {"prompt": "My card", "categories.topic": "fees"},
        {"prompt": "My card", "categories": {"topic": "fees"}},
        {"prompt": "My card", "categories": {"by_hand": "b"}, "theme": "fees"},
    ],
)
@pytest.mark.parametrize("other_fields", ["keep", "drop"])
def test_they_reach_the_task_whatever_its_source_calls_them(
    tmp_path: Path, row: dict[str, Any], other_fields: str
) -> None:
    columns = {"categories.topic": "theme"} if "theme" in row else {}
    path = write(tmp_path, "a.jsonl", lines({**row, "note": "x"}))
    (given,) = read(path, columns=columns, other_fields=other_fields)
    assert categorise(given, ALL).data["categories"]["topic"] == "fees"
    assert ("note" in given.data) is (other_fields == "keep")


def test_a_mapped_label_that_there_is_none_of_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "prompt,theme\nMy card,fee\n")
    (given,) = read(path, columns={"categories.topic": "theme"})
    with pytest.raises(SourceError, match=r"a\.csv, line 2: categories\.topic: no label 'fee' \("):
        categorise(given, ALL)


def test_nothing_configured_changes_nothing() -> None:
    given = task(categories="whatever the source means by it")
    assert categorise(given, {}) is given


def test_a_task_without_any_has_no_such_field() -> None:
    assert categorise(task(), {"by_hand": BY_HAND}) == task()


def test_the_task_itself_is_left_as_it_is() -> None:
    given = task("My card")
    before = dict(given.data)
    assert categorise(given, ALL) is not given
    assert given.data == before


WRONG: list[tuple[Any, str]] = [
    ("fees", "'categories' must be a mapping of names to labels, found str; correct it"),
    (
        {"topics": "fees"},
        "no category 'topics' (did you mean 'topic'?); correct it, or add [categories.topics] to "
        "labeltune.toml",
    ),
    (
        {"topic": "fee"},
        "categories.topic: no label 'fee' (did you mean 'fees'?); correct it, or add it to "
        "[categories.topic] in labeltune.toml",
    ),
    (
        {"topic": 7},
        "categories.topic: no label 7 (there are cards, fees); correct it, or add it to "
        "[categories.topic] in labeltune.toml",
    ),
]


@pytest.mark.parametrize(("own", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_a_source_gets_wrong_is_refused_with_its_place(own: Any, said: str) -> None:
    with pytest.raises(SourceError) as refused:
        categorise(task(categories=own), ALL)
    assert str(refused.value) == f"a.jsonl, line 3: {said}"


@given(st.text(max_size=30), st.sampled_from([{}, {"topic": "fees"}]))
def test_once_is_enough(said: str, own: dict[str, str]) -> None:
    once = categorise(task(said or "x", categories=own), ALL)
    assert categorise(once, ALL) == once
    assert all(label in ALL[name].labels for name, label in once.data["categories"].items())


def test_it_can_be_imported_before_the_configuration() -> None:
    """The configuration imports every room's settings: a room must not need it in turn."""
    code = "import sync.intake.categories.rules, sync.settings.categories"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])
