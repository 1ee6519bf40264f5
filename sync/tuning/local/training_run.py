"""A training run as the command sees it: its folder, its process, and what it says of itself."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.stack.llm_server import OPENMP
from sync.stack.processes import python_environment
from sync.stack.tether import tethered
from sync.tuning.local.plan import (
    GENERAL,
    LOG,
    PAUSE,
    STEPS,
    TRAINING,
    VALIDATION,
    TrainingPlan,
)
from sync.tuning.local.step_log import NewEvents, events

# below a model's own folder
RUN = "training"
_LOOKED_AT_S = 0.3
_LOCK = "run.lock"


class TrainingRun:
    """One run; its folder need not be there yet."""

    def __init__(self, model_folder: Path) -> None:
        self.model_folder = model_folder
        self.folder = model_folder / RUN

    @property
    def plan(self) -> TrainingPlan | None:
        """What it does; None where none was begun."""
        return TrainingPlan.read(self.folder)

    def begin(
        self, plan: TrainingPlan, training: Path, validation: Path | None, general: list[Json]
    ) -> None:
        """Write down what is to be done, the plan last; a run of the same plan stays as it is.

        Raises:
            SyncError: the folder can't be written, or holds a run of another plan.
        """
        known = self.plan
        if known is not None:
            if known != plan:
                raise SyncError(
                    f"{self.model_folder}: holds a run with other settings or files; give the "
                    "new one another finetune.name"
                )
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(training, self.folder / TRAINING)
            if validation is not None:
                shutil.copyfile(validation, self.folder / VALIDATION)
            if general:
                lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in general)
                (self.folder / GENERAL).write_text(lines, encoding="utf-8")
        except OSError as error:
            raise SyncError(f"{self.folder}: can't be written ({error.strerror})") from error
        plan.write(self.folder)

    def said(self) -> list[Json]:
        """All that it said of itself."""
        return list(events(self.folder / STEPS))

    def is_done(self) -> bool:
        """Whether its training has ended and its results are there."""
        return any(line["event"] == "done" for line in self.said())

    def train(self, environ: dict[str, str], tell: Callable[[Json], None]) -> None:
        """Run the process until it ends; it dies with this one, and goes on from a checkpoint.

        Args:
            tell: told each line of the log.

        Raises:
            SyncError: it failed, was told to rest, or another command trains here.
        """
        with self._alone(), (self.folder / LOG).open("ab") as output:
            tail = NewEvents(self.folder / STEPS, tell)
            process = subprocess.Popen(
                tethered(training_command(self.folder)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(environ),
            )
            try:
                while process.poll() is None:
                    tail.look()
                    time.sleep(_LOOKED_AT_S)
                tail.look()
            finally:
                process.kill()
                process.wait()
        self._end(process.returncode)

    def rest(self, *, ask: bool) -> None:
        """Ask the run to stop after its present step, or take that back."""
        if ask:
            (self.folder / PAUSE).touch()
        else:
            (self.folder / PAUSE).unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether a process trains in it now."""
        try:
            with self._alone():
                return False
        except SyncError:
            return True

    def _end(self, status: int) -> None:
        """Nothing where the run is done.

        Raises:
            SyncError: it is not.
        """
        said = self.said()
        last = said[-1] if said else {"event": "nothing"}
        if last["event"] == "done":
            return
        name = self.model_folder.name
        if last["event"] == "paused":
            raise SyncError(
                f"{name} rests at step {last['step']}; go on with `labeltune finetune --resume "
                f"{name}`, then --watch {name}"
            )
        if last["event"] == "failed":
            raise SyncError(f"{name}: {last['why']}; see {self.folder / LOG}")
        memory = ", perhaps since the memory ran out" if status == -9 else ""
        raise SyncError(
            f"{name}: the training process ended with status {status}{memory}; see "
            f"{self.folder / LOG}, and go on with `labeltune finetune --watch {name}`"
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self.folder / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise SyncError(
                f"{self.model_folder.name} is trained by another command just now; wait for it"
            ) from None
        try:
            yield
        finally:
            lock.release()


def training_command(folder: Path) -> list[str]:
    """One process; on several GPUs, one for each, by accelerate."""
    import torch

    process = ["-m", "sync.tuning.local.training_process", str(folder)]
    if (devices := torch.cuda.device_count()) > 1:
        launch = ["-m", "accelerate.commands.launch", "--multi_gpu"]
        return [sys.executable, *launch, "--num_processes", str(devices), *process]
    return [sys.executable, *process]


def _environment(environ: dict[str, str]) -> dict[str, str]:
    """Threads that wait without spinning: beside a busy stack they took eight times the time."""
    quiet = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_DISABLE_TELEMETRY": "1"}
    return {**python_environment(environ), **OPENMP, **quiet}
