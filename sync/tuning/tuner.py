"""The seam between `labeltune finetune` and a way to tune a model: here, or on other machines.

A run is a model that is being made. It has a name before it has a model, and its folder
`models/NAME` is where a way keeps what it needs to go on after `kill -9`.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sync.settings import Config
from sync.settings.finetune import TuningMethod
from sync.table.data_folder import DataFolder
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.models.learnt_release import LearntRelease, learnt_release
from sync.tuning.models.model_entry import ModelEntry, TuningWay, check_name, default_name


@dataclass(frozen=True)
class TuningRequest:
    """A model that is asked for.

    Attributes:
        config: of the project, with the options of the command line in `[finetune]`.
        folder: the project's data folder.
        release: on this machine for as long as the command runs.
        where: the release, as people read it.
    """

    config: Config
    folder: DataFolder
    release: StoredRelease
    where: str

    @property
    def method(self) -> TuningMethod:
        """What is learned."""
        return self.config.finetune.method

    @property
    def epochs(self) -> int:
        """How often each example is learned."""
        return self.config.finetune.epochs or self.config.training.epochs

    def learnt(self, form: str) -> LearntRelease:
        """The files that are handed on, in a format unless `finetune.format` names another.

        Raises:
            SyncError: the release has no training examples in it, or was changed.
        """
        return learnt_release(self.release, self.where, self.config.finetune.format or form)

    def name(self, base: str, key: str) -> str:
        """The name of the run.

        Args:
            key: of `run_key`.

        Raises:
            SyncError: `finetune.name` can't be one.
        """
        return check_name(self.config.finetune.name or default_name(base, key))


def run_key(learnt: LearntRelease, decided: Mapping[str, Any]) -> str:
    """The hash of all that decides what a model is, in hex: its files and how it is trained.

    Args:
        decided: base, method, settings: as JSON.
    """
    files = sorted((file.role, file.sha256) for file in learnt.files)
    text = json.dumps([files, decided], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class TuningEstimate:
    """A run before it begins: all that can be checked was, and nothing was spent.

    Attributes:
        name: of the run.
        sentences: what it will do, take and cost, for people.
        facts: the same for `--json`.
        warnings: what may be wrong with it.
        costs: whether going on spends money that was not spent yet; it is asked for first.
        begun: whether the run has begun before, so that it goes on.
    """

    name: str
    sentences: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    costs: bool = False
    begun: bool = False


@dataclass(frozen=True)
class TuningMoment:
    """How far a run is.

    Attributes:
        said: what happens now, a few words.
        step, steps: of training; 0 where they are not known.
        training, validation: losses at the step, where they were measured.
        seconds_left: None: not known.
    """

    said: str
    step: int = 0
    steps: int = 0
    training: float | None = None
    validation: float | None = None
    seconds_left: float | None = None


ShowTuning = Callable[[TuningMoment], None]


class Tuner(Protocol):
    """A way to tune a model.

    Attributes:
        way: its name.
        summary: one line for `--help`.
    """

    @property
    def way(self) -> TuningWay: ...

    @property
    def summary(self) -> str: ...

    def require(self) -> None:
        """See that what it needs is installed.

        Raises:
            MissingExtraError: an extra is not.
        """

    def estimate(self, request: TuningRequest, show: ShowTuning) -> TuningEstimate:
        """Check a request, and say what it takes; nothing is sent, spent or begun.

        Raises:
            SyncError: it can't be done, and why.
        """

    def start(self, request: TuningRequest, name: str, show: ShowTuning) -> None:
        """Begin a run, or go on with it; once it returns, `watch` needs the name alone.

        However often it is called, and wherever it was killed before, there is one run.

        Raises:
            SyncError: it is refused, and why.
        """

    def holds(self, folder: DataFolder, name: str) -> bool:
        """Whether a run of this name is its own."""

    def watch(self, config: Config, folder: DataFolder, name: str, show: ShowTuning) -> ModelEntry:
        """Stay until a run is done, train where it trains here, and write the model's entry.

        Raises:
            SyncError: the run failed, was cancelled, or there is none.
        """

    def cancel(self, config: Config, folder: DataFolder, name: str) -> str:
        """End a run for good; says in a sentence what became of it."""

    def pause(self, config: Config, folder: DataFolder, name: str) -> str:
        """Let a run rest; says in a sentence what became of it.

        Raises:
            SyncError: it can't rest.
        """

    def resume(self, config: Config, folder: DataFolder, name: str) -> str:
        """Let a run that rests go on; says in a sentence what became of it.

        Raises:
            SyncError: it can't go on.
        """
