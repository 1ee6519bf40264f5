"""kill -9 while scores are sent: what stands in Label Studio then is known to the next run."""

import json
import os
import random
import signal
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sync.queue.diversity import question_of
from sync.queue.notes import PlacedDrafts
from sync.queue.plan import QueuePlan, own_score, plan_queue
from sync.queue.priority import DONE, NONE, Waiting, ranked
from sync.queue.send import send
from sync.queue.stored_scores import read_scores
from sync.queue.waiting_drafts import WaitingDraft
from sync.table.data_folder import LocalFolder

KILLS, TASKS = 6, 40
_A_WRITE_S = 0.002


class WrittenDown:
    """A Label Studio that keeps its scores in a file, a line a write, and takes its time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def scores(self) -> dict[int, float]:
        """As they stand now, however the last writer ended."""
        lines = self._path.read_text().splitlines()
        return {int(number): score for number, score in map(json.loads, lines)}

    def writes(self) -> int:
        """How many there were."""
        return self._path.read_text().count("\n")

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> None:
        time.sleep(_A_WRITE_S)
        with self._path.open("a") as file:
            file.write(json.dumps([prediction_id, fields["score"]]) + "\n")

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        return [{"id": task_id, "data": {}} for task_id in task_ids]

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        time.sleep(_A_WRITE_S)


def plan(studio: WrittenDown, folder: LocalFolder, repeating: Sequence[bool]) -> QueuePlan:
    """Send some tasks back, as they stand now, and all others where they were."""
    known = read_scores(folder)
    question = question_of({"messages": []})
    drafts = [
        WaitingDraft(number, number, score, None, question)
        for number, score in sorted(studio.scores().items())
    ]
    own = [own_score(draft, known) for draft in drafts]
    waiting = Waiting(
        task_ids=np.arange(TASKS),
        acceptance=np.array(own),
        doubt=np.zeros(TASKS),
        kinds=np.full(TASKS, -1),
        repeats=np.where(repeating, DONE, NONE),
        audits=np.zeros(0, dtype=np.int64),
    )
    placed = PlacedDrafts(drafts, waiting, ranked(waiting), own, [None] * TASKS)
    return plan_queue(placed, studio.scores(), known)


def send_and_be_killed(
    studio: WrittenDown, folder: LocalFolder, made: QueuePlan, writes: int
) -> bool:
    """Send in another process, and kill it once it has written so often; whether it was at it."""
    before = studio.writes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of this process are idle
        child = os.fork()
    if not child:
        send(studio, 7, folder, made, lambda done, total: None)
        os._exit(0)
    while studio.writes() < before + writes:
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            return False
        time.sleep(_A_WRITE_S / 4)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_whenever_it_is_killed_no_score_is_lost(tmp_path: Path) -> None:
    chance = random.Random(11)
    own = {number: chance.random() for number in range(TASKS)}
    path = tmp_path / "scores.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in own.items()))
    studio, folder = WrittenDown(path), LocalFolder(tmp_path / "data")
    killed = 0
    for _ in range(KILLS):
        repeating = [chance.random() < 0.5 for _ in range(TASKS)]
        made = plan(studio, folder, repeating)
        killed += send_and_be_killed(studio, folder, made, writes=chance.randrange(12))
    assert killed, "the kills came too late"
    assert studio.scores() != own
    made = plan(studio, folder, [False] * TASKS)
    send(studio, 7, folder, made, lambda done, total: None)
    assert studio.scores() == pytest.approx(own)
    assert read_scores(folder) == {}
