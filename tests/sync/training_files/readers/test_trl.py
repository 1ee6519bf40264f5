"""TRL's own functions over generated lines: what stops them is an error here, too."""

import pytest

from tests.sync.training_files.readers.comparing import compared
from tests.sync.training_files.readers.documented import documented
from tests.sync.training_files.readers.generated_lines import generated
from tests.sync.training_files.readers.trl_reader import PARTS, TRLReader

NUMBER = 150


@pytest.fixture(scope="module")
def reader() -> TRLReader:
    return TRLReader()


def taken(reader: TRLReader, form: str, number: int, seed: int) -> set[str]:
    """Our rules that break lines which it takes; the other way round there is nothing."""
    lines = generated(form, number, seed)
    assert len(lines) == number
    found = compared(form, "trl", lines, [reader.verdict(form, line) for line in lines])
    assert found.passed == []
    assert found.taken > number / 10
    return set(found.refused)


@pytest.mark.parametrize("form", PARTS)
def test_what_stops_it_is_an_error(reader: TRLReader, form: str) -> None:
    assert NUMBER * len(PARTS) >= 500
    assert taken(reader, form, NUMBER, 0) <= documented("trl")


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("form", PARTS)
def test_what_stops_it_is_an_error_in_many_more_lines(
    reader: TRLReader, form: str, seed: int
) -> None:
    assert taken(reader, form, 3_000, seed) <= documented("trl")
