"""How many annotators single tasks are to have, in Label Studio."""

from collections.abc import Sequence
from typing import Any

import pytest

from connectors.errors import LabelStudioError
from sync.queue.review.overlaps import raise_overlaps, too_low


class Studio:
    """Overlaps by task, and a history of what was written."""

    def __init__(self, **overlaps: int) -> None:
        self.overlaps = {int(name[1:]): overlap for name, overlap in overlaps.items()}
        self.written: list[tuple[int, int, bool]] = []
        self.gone: set[int] = set()

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        assert (project_id, tuple(include)) == (7, ("id", "overlap"))
        return [{"id": i, "overlap": self.overlaps[i]} for i in task_ids if i in self.overlaps]

    def set_overlap(self, task_id: int, overlap: int, *, is_labeled: bool) -> None:
        if task_id in self.gone:
            raise LabelStudioError("no such task", 404)
        if overlap > 9:
            raise LabelStudioError("broken", 500)
        self.written.append((task_id, overlap, is_labeled))
        self.overlaps[task_id] = overlap


def bring(studio: Studio, wanted: dict[int, int]) -> int:
    return raise_overlaps(studio, too_low(studio, 7, wanted), lambda done, total: None)


def test_only_what_is_too_low_is_raised_and_the_task_is_open_again() -> None:
    studio = Studio(t1=1, t2=3, t3=1)
    assert bring(studio, {1: 2, 2: 2, 4: 2}) == 1
    assert studio.written == [(1, 2, False)]
    assert bring(studio, {1: 2, 2: 2, 4: 2}) == 0
    assert studio.overlaps == {1: 2, 2: 3, 3: 1}


def test_a_task_that_goes_meanwhile_is_passed_over() -> None:
    studio = Studio(t1=1, t2=1)
    studio.gone = {1}
    assert bring(studio, {1: 2, 2: 2}) == 1


def test_another_refusal_is_told() -> None:
    with pytest.raises(LabelStudioError, match="broken"):
        bring(Studio(t1=1), {1: 10})
