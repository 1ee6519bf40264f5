"""An evaluation that is killed at any moment goes on: what was said is kept, the rest is asked."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sync.settings import Config
from sync.tuning.evaluation.evaluate import REPLIES, WantedEvaluation, evaluate
from tests.ml_backend.http_double import Reply
from tests.sync.tuning.evaluation.desk import EvaluationDesk, WordEncoder, evaluation_desk, says

# a process that begins anew: deltalake takes no fork of one that has used it
FORKING = multiprocessing.get_context("forkserver")
ITEMS, ARMS = 24, 3
ALL = ITEMS * ARMS
# replies that have come: none, one, within each arm, all but one
MOMENTS = (30, 71, 0, 1, 24, 25, 47, 60)


def evaluated(config: Config) -> None:
    evaluate(config, WantedEvaluation(("bank-1",)), load=lambda name: WordEncoder())


def one_at_a_time(desk: EvaluationDesk) -> None:
    """So that a reply is kept before the next one is asked for."""
    alone = desk.config.evaluate.model_copy(update={"concurrency": 1})
    desk.config = desk.config.model_copy(update={"evaluate": alone})


def test_killed_at_any_reply_it_asks_only_for_what_is_missing(
    tmp_path: Path, often: Callable[[int], int]
) -> None:
    with evaluation_desk(tmp_path / "whole") as desk:
        desk.tuned()
        whole = desk.evaluated()
        assert len(desk.chats()) == ALL
    for come in MOMENTS[: often(4 * len(MOMENTS)) // 4]:
        again = killed_after(tmp_path / str(come), come)
        assert (again.items, again.rows, again.main) == (ITEMS, whole.rows, whole.main), come
        assert [pair.series for pair in again.compared] == [p.series for p in whole.compared], come


def killed_after(folder: Path, come: int) -> Any:
    """Kill a run when it has so many replies and asks for the next; then run it again."""
    running: list[Any] = []

    def answer(model: str, messages: Sequence[dict[str, Any]]) -> str | Reply:
        if running and len(desk.chats()) > come:
            os.kill(running[0].pid, signal.SIGKILL)
        return says(model, messages)

    with evaluation_desk(folder, answer) as desk:
        one_at_a_time(desk)
        desk.tuned()
        run = FORKING.Process(target=evaluated, args=(desk.config,))
        run.start()
        running.append(run)
        run.join(60)
        assert run.exitcode == -signal.SIGKILL, come
        assert len(desk.chats()) == come + 1
        running.clear()
        again = desk.evaluated()
        assert len(desk.chats()) == come + 1 + ALL - come, come
        kept = (desk.config.data_dir / REPLIES).read_bytes().splitlines()
        assert len(kept) == ALL
    return again


def test_a_reply_that_was_half_written_is_asked_for_again(tmp_path: Path) -> None:
    with evaluation_desk(tmp_path) as desk:
        desk.tuned()
        whole = desk.evaluated()
        kept = desk.config.data_dir / REPLIES
        kept.write_bytes(kept.read_bytes()[:-40])
        again = desk.evaluated()
        assert len(desk.chats()) == ALL + 1
        assert again.rows == whole.rows
        assert desk.evaluated().rows == whole.rows
        assert len(desk.chats()) == ALL + 1
