"""The types of OpenAI's own library over generated lines: what they refuse is an error here."""

from typing import Any

import pytest

from tests.sync.training_files.readers.comparing import compared
from tests.sync.training_files.readers.documented import documented
from tests.sync.training_files.readers.generated_lines import generated
from tests.sync.training_files.readers.openai_reader import verdict

FORMS = ("openai-chat", "openai-preference", "openai-reinforcement")
NUMBER = 600


def taken(number: int, seed: int) -> set[str]:
    """Our rules that break lines which it takes; the other way round there is nothing."""
    rules: set[str] = set()
    for form in FORMS:
        lines: list[Any] = generated(form, number, seed)
        assert len(lines) == number
        found = compared(form, "openai", lines, [verdict(form, line) for line in lines])
        assert found.passed == []
        assert found.taken > number / 10
        rules |= set(found.refused)
    return rules


def test_what_its_types_refuse_is_an_error() -> None:
    assert taken(NUMBER, 0) <= documented("openai")


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_what_its_types_refuse_is_an_error_in_many_more_lines(seed: int) -> None:
    assert taken(6_000, seed) <= documented("openai")
