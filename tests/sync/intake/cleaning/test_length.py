"""Nothing, too little, too much."""

import pytest

from sync.intake.cleaning.steps.length import Length
from tests.sync.intake.cleaning.desk import Json, ask, kept, settings, source

LONG = [{"title": "Fees", "text": "x" * 30}]
CASES: list[tuple[Json, str | None]] = [
    (ask("a card"), None),
    (ask("card?"), None),
    (ask("card"), "the user said 4 characters, fewer than 5"),
    (ask("  card  "), "the user said 4 characters, fewer than 5"),
    (ask("Hi", "Yes"), None),  # all that the user said counts
    (ask("x" * 50), None),
    (ask("x" * 51), "51 characters, more than 50"),
    (ask("x" * 12, "y" * 12), None),
    (ask("x" * 25, "y" * 25), "56 characters, more than 50"),
    (ask("x" * 20, documents=LONG), "55 characters, more than 50"),
    (ask("x" * 15, documents=LONG), None),
    (ask("x" * 10, context={"note": "x" * 60}), None),
    (ask(" \n\t"), "message 1 is empty"),
    (ask("hello", ""), "message 3 is empty"),
    ({"messages": [*ask("hello")["messages"], {"role": "tool", "content": ""}]}, None),
    # what is no conversation is for the interface to refuse
    ({}, None),
    ({"messages": "x"}, None),
    ({"messages": [{"role": "user"}]}, None),
    ({"messages": [{"role": "assistant", "content": "x"}]}, None),
]


@pytest.mark.parametrize(("data", "reason"), CASES)
def test_reason(data: Json, reason: str | None) -> None:
    assert Length(least=5, most=50).reason(data) == reason


def test_by_default_only_what_is_empty() -> None:
    assert kept(source("ok", " ", "?"), settings(length={})) == ["ok", "?"]
