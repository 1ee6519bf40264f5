"""Runs that are killed at any moment: one upload of each file, one job, the same model."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.tuning.jobs.endpoint_tuner import EndpointTuner
from tests.sync.tuning.jobs.orders import QUICK, Desk
from tests.sync.tuning.jobs.standin import Fault, stand_in

# of a whole run; later ones only look at the job
CALLS = 14
FORK = multiprocessing.get_context("fork")
# what becomes of the call at which a run is killed: it is carried out while the next command is
# looking for what it made, or at once, or never arrives
WAYS = {
    "late": Fault("", "", slow_s=0.8),
    "done": Fault("", ""),
    "lost": Fault("", "", lost="before"),
}
# longer than "late"
PATIENT = replace(QUICK, settle=2.5, pause=0.05)


def test_killed_at_any_call_it_sends_and_pays_once(
    tmp_path: Path, often: Callable[[int], int]
) -> None:
    moments = moments_of_a_run(tmp_path / "whole")
    for number, (call, way) in enumerate(moments[: often(len(moments))]):
        (tmp_path / str(number)).mkdir()
        killed_at(tmp_path / str(number), call, way)


def moments_of_a_run(folder: Path) -> list[tuple[int, str]]:
    """Each call of a run, and what becomes of it; first those that make something."""
    folder.mkdir()
    with stand_in() as api:
        desk = Desk(folder, api, tuner=EndpointTuner(PATIENT))
        desk.release()
        desk.tune()
        makes = [method == "POST" for method, _ in api.calls[:CALLS]]
    assert makes.count(True) == 3
    moments = [(call, way) for way in WAYS for call in range(1, CALLS + 1)]
    return sorted(moments, key=lambda moment: not makes[moment[0] - 1])


def killed_at(folder: Path, call: int, way: str) -> None:
    """Kill a run when a call of it arrives, then give the same command again."""
    with stand_in() as api:
        desk = Desk(folder, api, tuner=EndpointTuner(PATIENT))
        desk.release()
        run = FORK.Process(target=desk.tune)

        def arriving(number: int) -> Fault | None:
            if number != call or run.pid is None or not run.is_alive():
                return None
            os.kill(run.pid, signal.SIGKILL)
            return replace(WAYS[way])

        api.arriving = arriving
        run.start()
        run.join(60)
        assert run.exitcode in (-signal.SIGKILL, 0), (call, way)
        api.arriving = lambda number: None
        entry = desk.tune()
        time.sleep(WAYS[way].slow_s)  # until what was late is done, too
        made = (len(api.files), len(api.jobs))
        assert made == (2, 1), f"killed at call {call} ({way}): {made}"
        assert entry.run["job"] == "ftjob-1"
        assert desk.journal(entry.name)["job"] == "ftjob-1"


@pytest.mark.parametrize("kills", [6])
def test_killed_again_and_again_at_the_same_run(tmp_path: Path, kills: int) -> None:
    with stand_in() as api:
        desk = Desk(tmp_path, api, tuner=EndpointTuner(PATIENT))
        desk.release()
        for number in range(kills):
            run = FORK.Process(target=desk.tune)
            at = len(api.calls) + 1 + number

            def arriving(arrived: int, at: int = at, run: FORK.Process = run) -> None:
                if arrived == at and run.pid is not None:
                    os.kill(run.pid, signal.SIGKILL)

            api.arriving = arriving
            run.start()
            run.join(60)
        api.arriving = lambda arrived: None
        desk.tune()
        assert (len(api.files), len(api.jobs)) == (2, 1)
