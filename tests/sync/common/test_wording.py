"""One thing, or several."""

import pytest

from sync.common.wording import counted
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
