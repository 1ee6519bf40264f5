"""Like an example, or unlike all of them."""

from pathlib import Path
from typing import Any

import pytest

from connectors.embedding import load_encoder
from sync.common.errors import ConfigError
from tests.connectors.near_texts import NEAR
from tests.sync.intake.cleaning.desk import ask, cleaned, kept, settings, source

CARDS = ("card lost", "card stolen")


def relevance(**given: Any) -> Any:
    return settings(relevance={"examples": CARDS, "least": 0.5, **given})


def test_what_is_near_no_example_is_dropped() -> None:
    tasks = source("my card lost", "the weather", "stolen")
    with cleaned(tasks, relevance()) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1", "3"]
        (example,) = done.report.steps[-1].examples
    assert example.reason == "similarity to the nearest example 0.000, less than 0.5"


def test_counter_examples() -> None:
    tasks = source("card lost", "card lost in game", "card")
    section = relevance(counter_examples=["card game"])
    with cleaned(tasks, section) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1", "2", "3"]
    with cleaned(tasks, relevance(counter_examples=["card lost in game"])) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1", "3"]
        assert done.report.steps[-1].examples[0].reason == (
            "nearer to a counter-example (1.000) than to any example (0.707)"
        )


def test_documents_may_be_what_is_relevant() -> None:
    tasks = source(
        ask("ask something", documents=[{"title": "card", "text": "lost"}]),
        ask("ask something", documents=[{"title": "the", "text": "weather"}]),
        ask("ask something"),
    )
    with cleaned(tasks, relevance()) as done:
        assert [task.where[-1] for task in done.tasks()] == ["1"]


def test_only_what_the_user_said_is_judged() -> None:
    task = ask("the weather", "today")
    task["messages"][1]["content"] = "card lost"
    assert kept(source(task), relevance()) == []


def test_examples_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "cards.txt").write_text("\ufeffcard lost\r\n\n  card stolen  \n", "utf-8")
    section = relevance(examples="cards.txt")
    assert kept(source("stolen", "rain"), section, folder=tmp_path) == ["stolen"]


def test_with_the_real_model() -> None:
    section = settings(relevance={"examples": ["I lost my credit card", "My payment failed"]})
    said = ["Someone stole my bank card", "What shall I cook for dinner?", "The transfer failed"]
    assert kept(source(*said), section, load_encoder=load_encoder) == [said[0], said[2]]


@pytest.mark.parametrize(
    ("given", "content", "sentence"),
    [
        ("gone.txt", None, r"relevance\.examples: .*gone\.txt can't be read \(No such file"),
        ("a.txt", b"\xff", r"relevance\.examples: .*a\.txt is not UTF-8"),
        ("a.txt", b" \n\n", r"relevance\.examples: no text in 'a\.txt'"),
        (["", " "], None, r"relevance\.examples: no text in \('', ' '\)"),
    ],
)
def test_examples_that_can_t_be_used_are_refused_before_anything_is_read(
    tmp_path: Path, given: Any, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "a.txt").write_bytes(content)

    def unread() -> Any:
        raise AssertionError("read")
        yield

    with (
        pytest.raises(ConfigError, match=rf"^labeltune\.toml: cleaning\.{sentence}"),
        cleaned(unread(), relevance(examples=given), folder=tmp_path),
    ):
        pass


def test_what_the_model_cannot_read_is_not_judged() -> None:
    section = settings(relevance={"examples": ["I lost my credit card"]})
    said = ["What shall I cook for dinner?", *(pair[0] for pair in NEAR["Lao"])]
    with cleaned(source(*said), section, load_encoder=load_encoder) as done:
        assert done.report.kept == len(NEAR["Lao"])
        (step,) = [s for s in done.report.steps if s.step == "relevance"]
        assert step.notes == {"that embedding.model can't read, so not judged": len(NEAR["Lao"])}
