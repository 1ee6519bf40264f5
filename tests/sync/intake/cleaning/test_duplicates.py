"""Exactly the same, in the sources or in the project."""

from typing import Any

import pytest

from sync.common.errors import SourceError
from tests.sync.intake.cleaning.desk import ask, cleaned, kept, project, settings, source

ON = settings(duplicates={})
FEES = [{"title": "Fees", "text": "None."}]

SAME: list[tuple[Any, Any]] = [
    ("card", "card"),
    ("caf\u00e9  \nau lait", "cafe\u0301\r\nau\u00a0lait "),
    (ask("a", context={}), ask("a", documents=[])),
    (ask("a", context={"x": 1, "y": 2}), ask("a", context={"y": 2, "x": 1})),
    (ask("a", topic="cards"), ask("a", topic="fees")),
    (ask("a", guidelines="Be kind."), ask("a")),
]
DIFFERENT: list[tuple[Any, Any]] = [
    ("card", "Card"),
    ("if x:\n    y", "if x:\ny"),
    (ask("a", "b"), ask("b", "a")),
    (ask("a", context={"x": 1}), ask("a", context={"x": 2})),
    (ask("a", documents=FEES), ask("a")),
    (ask("a", answers=[{"text": "b"}]), ask("a", answers=[{"text": "c"}])),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_first_of_two_that_ask_the_same_stays(first: Any, second: Any) -> None:
    tasks = source(first, second)
    with cleaned(tasks, ON) as done:
        assert [task.data for task in done.tasks()] == [tasks[0].data]
        (example,) = done.report.steps[-1].examples
    assert (example.where, example.reason) == (
        "faq.jsonl, line 2",
        "the same as faq.jsonl, line 1",
    )


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_what_differs_is_kept(first: Any, second: Any) -> None:
    assert len(kept(source(first, second), ON)) == 2


def test_what_the_project_holds_comes_first() -> None:
    tasks = source("fees?", "card?", "limits?")
    with cleaned(tasks, ON, held=project(x="card?", y="pin?")) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1", "3"]
        assert done.report.steps[-1].examples[0].reason == "the same as the project's x"


def test_a_task_that_the_project_holds_is_no_duplicate_of_itself() -> None:
    with cleaned(source("card?"), ON) as done:
        (made,) = [task.id for task in done.tasks()]
    assert made is not None
    assert kept(source("card?"), ON, held=project(**{made: "card?"})) == ["card?"]
    assert kept(source(x="card?"), ON, held=project(x="card?")) == ["card?"]


def test_an_update_is_kept_even_if_another_task_asks_the_same() -> None:
    assert kept(source(x="card?"), ON, held=project(x="crad?", y="card?")) == ["card?"]


def test_within_the_sources_an_update_is_a_duplicate_like_any_other() -> None:
    tasks = source("pin?", x="pin?")
    with cleaned(tasks, ON, held=project(x="card?")) as done:
        assert [task.id for task in done.tasks()] != ["x"]
        assert done.report.kept == 1


def test_off_what_is_asked_twice_gets_two_ids() -> None:
    def ids() -> list[str | None]:
        with cleaned(source("card?", "pin?", "card?", "card?"), settings()) as done:
            return [task.id for task in done.tasks()]

    first, pin, second, third = ids()
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert pin is not None
    assert ids() == [first, pin, second, third]


def test_the_same_id_for_different_tasks_is_refused() -> None:
    first, second = source(x="card?"), source("skip", x="pin?")[1:]
    with (
        pytest.raises(SourceError, match=r"^faq.jsonl, line 2: the id 'x' was used at faq.jsonl, "),
        cleaned([*first, *second], ON),
    ):
        pass


def test_an_id_is_made_of_what_was_cleaned() -> None:
    both = settings(duplicates={}, normalisation={})
    with cleaned(source("card  "), both) as one, cleaned(source("card"), both) as other:
        ids = {task.id for done in (one, other) for task in done.tasks()}
    assert len(ids) == 1
