"""Which scores `gaps --queue` writes, whatever it finds and wherever it is cut short."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import LabelStudioError
from sync.coverage.measure import measure
from sync.queue.missing_first import plan_missing
from sync.queue.place_drafts import needing_kinds
from sync.queue.plan import QueuePlan
from sync.queue.send import send
from sync.queue.stored_scores import StoredScore, read_scores, store_scores
from sync.queue.waiting_drafts import ProjectQueue
from sync.settings import Config
from sync.table.data_folder import DataFolder, LocalFolder
from tests.sync.coverage.planted import Planted, configured

WANTED = '[[targets.cells]]\ntopic = "fees"\ncount = {}\n'


class FakeQueue:
    """Scores in Label Studio; `lasts` writes succeed, the next one fails.

    Attributes:
        history: prediction ids in the order in which they were written.
    """

    def __init__(self, scores: Mapping[int, float], lasts: int = 10**6, gone: int = 0) -> None:
        self.scores = dict(scores)
        self.history: list[int] = []
        self.lasts = lasts
        self.told: dict[int, Mapping[str, Any]] = {}
        self._gone = gone

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> None:
        if len(self.history) >= self.lasts:
            raise LabelStudioError("Label Studio can't be reached")
        if prediction_id == self._gone:
            raise LabelStudioError("Label Studio refused", 404)
        self.history.append(prediction_id)
        self.scores[prediction_id] = fields["score"]

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        return [{"id": task_id, "data": {}} for task_id in task_ids]

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        self.told[task_id] = data


class Project:
    """Waiting tasks of two kinds, ids 5001 and up, and what was written of them."""

    def __init__(self, folder: Path, fees: list[float], cards: list[float]) -> None:
        self.folder: DataFolder = LocalFolder(folder / "data")
        self._place = folder
        self.kinds = ["fees"] * len(fees) + ["cards"] * len(cards)
        self.own = {5001 + i: score for i, score in enumerate([*fees, *cards])}
        self.queue = FakeQueue(self.own)
        self.undrafted = 0

    def plan(self, wanted: int, done: int = 0, version: str = "v1") -> QueuePlan:
        """Targets of so many fees, of which so many are done (the first ones)."""
        planted = Planted()
        for place, kind in enumerate(self.kinds):
            if place < done:
                planted.accepted(1, kind)
            else:
                planted.waiting(1, kind, score=self.queue.scores[5001 + place])
        measured = measure(self._config(planted, wanted))
        found = ProjectQueue(7, version).read(planted.rows)
        self.undrafted = needing_kinds(found.undrafted, measured)
        return plan_missing(found, measured, read_scores(self.folder))

    def write(self, plan: QueuePlan) -> int:
        return send(self.queue, 7, self.folder, plan, lambda done, total: None).scores

    def _config(self, planted: Planted, wanted: int) -> Config:
        return planted.store(configured(self._place, WANTED.format(wanted)))


def test_as_many_as_are_missing_are_lowered_the_least_certain_first(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.9, 0.5, 0.7], cards=[0.6])
    plan = project.plan(wanted=2)
    assert plan.changes == pytest.approx({5002: 0.005, 5003: 0.007})
    assert project.write(plan) == 2
    # 0.9 and what is not missing are as they were
    assert (project.queue.scores[5001], project.queue.scores[5004]) == (0.9, 0.6)


def test_a_half_filled_cell_comes_half_as_far(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.3, 0.8], cards=[])
    assert project.plan(wanted=2, done=1).changes == pytest.approx({5002: 0.4})


def test_a_second_time_writes_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.9, 0.5], cards=[0.6])
    project.write(project.plan(wanted=2))
    again = project.plan(wanted=2)
    assert (dict(again.changes), again.reasons["need"]) == ({}, 2)


def test_a_filled_gap_gives_back_what_was_there(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.9, 0.5, 0.7], cards=[0.6])
    project.write(project.plan(wanted=2))
    plan = project.plan(wanted=1, done=1)
    assert (plan.restored, plan.reasons["need"]) == (2, 0)
    project.write(plan)
    assert project.queue.scores == project.own
    assert read_scores(project.folder) == {}


def test_a_score_that_is_nobodys_is_the_backends_new_one(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.9], cards=[])
    project.write(project.plan(wanted=1))
    project.queue.scores[5001] = 0.2
    assert project.plan(wanted=1).changes == pytest.approx({5001: 0.002})
    project.write(project.plan(wanted=1))
    project.write(project.plan(wanted=0))
    assert project.queue.scores == {5001: 0.2}


def test_a_draft_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """Label Studio's order does not look at it."""
    project = Project(tmp_path, fees=[0.9], cards=[])
    plan = project.plan(wanted=1, version="v2")
    assert (dict(plan.changes), project.undrafted) == ({}, 1)


def test_a_draft_that_has_gone_is_passed_over(tmp_path: Path) -> None:
    project = Project(tmp_path, fees=[0.9, 0.5], cards=[])
    plan = project.plan(wanted=2)
    project.queue = FakeQueue(project.own, gone=5001)
    assert project.write(plan) == 1


@settings(max_examples=20)
@given(
    fees=st.lists(st.floats(0, 1), min_size=1, max_size=6),
    runs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4),
)
def test_wherever_it_is_cut_short_no_score_is_lost(
    tmp_path_factory: pytest.TempPathFactory, fees: list[float], runs: list[tuple[int, int]]
) -> None:
    """Runs with other targets, each ended by a failure; then nothing is wanted any more."""
    project = Project(tmp_path_factory.mktemp("queue"), fees, cards=[0.5])
    for wanted, lasts in runs:
        project.queue = FakeQueue(project.queue.scores, lasts)
        plan = project.plan(wanted)
        if len(plan.changes) > lasts:
            with pytest.raises(LabelStudioError):
                project.write(plan)
        else:
            project.write(plan)
    project.queue = FakeQueue(project.queue.scores)
    project.write(project.plan(wanted=0))
    assert project.queue.scores == pytest.approx(project.own)


def test_a_file_that_is_no_json_is_none(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    for content in ("{", "[]", '{"1": 2}', '{"a": [1, 2]}'):
        folder.write("queue-scores.json", content)
        assert read_scores(folder) == {}


def test_what_was_on_record_is_read_whoever_wrote_it(tmp_path: Path) -> None:
    """An older LabelTune kept a list: the own score, then what was written."""
    folder = LocalFolder(tmp_path)
    whole = StoredScore(0.9, (0.98, 0.5), acceptance=0.4, repeats=12)
    store_scores(folder, {5: StoredScore(0.7, (0.007,)), 6: whole})
    assert json.loads(folder.read("queue-scores.json") or b"")["5"] == [0.7, 0.007]
    assert read_scores(folder) == {5: StoredScore(0.7, (0.007,)), 6: whole}
