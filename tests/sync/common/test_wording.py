"""One thing, or several."""

import pytest

from sync.common.wording import counted, lasting, time_left
from sync.dataset.splits.split_summary import proven


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("task",), "0 tasks"),
        (1, ("task",), "1 task"),
        (2, ("task",), "2 tasks"),
        (1, ("task was", "tasks were"), "1 task was"),
        (3, ("task was", "tasks were"), "3 tasks were"),
    ],
)
def test_a_count_in_words(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said


def test_a_single_tie_is_no_ties() -> None:
    manifest = {"proof": {"ties_across": 1, "closest": []}}
    assert proven(manifest).startswith("1 tie across splits;")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (48, "48 s"),
        (59.7, "1 min"),
        (65, "1 min 5 s"),
        (3605, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_length_of_time_in_words(seconds: float, said: str) -> None:
    assert lasting(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "5 s"), (42, "40 s"), (89, "90 s"), (95, "2 min"), (5390, "90 min"), (7300, "2 h")],
)
def test_a_guess_is_told_as_one(seconds: float, said: str) -> None:
    assert time_left(seconds) == f"about {said} left"
