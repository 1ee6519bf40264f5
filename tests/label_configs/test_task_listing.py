"""How a task is listed: its last question in one line, in any script, and its categories."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

import label_configs
from label_configs import INTERFACES
from label_configs.task_listing import LAST_QUESTION, WIDTH, last_question, one_line

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"


def test_it_is_the_user_s_last_message() -> None:
    said = [("user", "First?"), ("assistant", "Yes."), ("user", "Second?"), ("assistant", "No.")]
    messages = [{"role": role, "content": content} for role, content in said]
    assert last_question(messages) == "Second?"
    assert last_question([{"role": "system", "content": "Be kind."}]) == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("One\n\n  two\tthree\r\nfour", "One two three four"),
        ("**Bold**, _slanted_ and `code`", "Bold, slanted and code"),
        ("See [the fees](https://example.com) or ![a scan](x.png)", "See the fees or a scan"),
        ("# Title\n\n> said\n\n- one\n- two\n\n1. a\n2. b", "Title said one two 1. a 2. b"),
        ("```py\nprint(1)\n```\nWhy?", "print(1) Why?"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        # what only looks like Markdown
        ("2 * 3 * 4 = snake_case_name?", "2 * 3 * 4 = snake_case_name?"),
        ("I am <EMAIL_1>, R&D", "I am <EMAIL_1>, R&D"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("---", "---"),
        # what turns writing around, rings a bell, or is not seen
        ("a\u202eb\x07c\x00", "a b c"),
    ],
)
def test_a_text_is_one_line_of_its_words(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("word " * 3, "word word word"),
        ("word " * 9, "word word word word…"),
        ("a" * 30, "a" * 20 + "…"),
        ("价" * 30, "价" * 10 + "…"),
        ("مرحبا " * 9, "مرحبا مرحبا مرحبا…"),
        ("e\u0301" * 30, "e\u0301" * 10 + "…"),
        (FAMILY * 9, FAMILY * 2 + "…"),
        ("x" + FLAG * 30, "x" + FLAG * 9 + "…"),
    ],
    ids=["short", "words", "letters", "Chinese", "Arabic", "accents", "emoji", "flags"],
)
def test_a_long_text_is_cut_where_nothing_is_torn_apart(text: str, line: str) -> None:
    assert one_line(text, width=20) == line


@given(st.text(max_size=3000))
def test_any_text_makes_a_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= WIDTH + 1
    assert line == " ".join(line.split())


@pytest.mark.parametrize("name", INTERFACES)
def test_every_interface_lists_its_tasks_and_drafts_without(name: str) -> None:
    interface = label_configs.load(name, dimensions={"topic": ["fees"], "mood": ["calm"]})
    source = {**interface.example, "categories": {"mood": "calm", "topic": "fees"}}
    task = interface.complete_task(source)
    assert task[LAST_QUESTION]
    assert task["categorised_as"] == "fees, calm"
    without: dict[str, Any] = {k: v for k, v in task.items() if k != LAST_QUESTION}
    without["categorised_as"] = "another"
    assert interface.inputs(without) == interface.inputs(task)
    assert interface.complete_task(without) == task
    shown = {field for tag in interface.config.objects if (field := tag.field)}
    assert not shown & {LAST_QUESTION, "categorised_as"}


def test_without_kinds_of_category_there_is_no_column_of_them() -> None:
    interface = label_configs.load("chat_response")
    assert list(interface.listed_fields(interface.example)) == [LAST_QUESTION]
