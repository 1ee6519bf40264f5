"""Fine-tuning on other machines: what a provider's API comes to, whichever form it has.

A file is uploaded, a job is made of it, the job is looked at until it ends. Each provider's API is
a `FinetuneApi`; differences stay inside.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from connectors.errors import ConnectorError

Json = dict[str, Any]
FileState = Literal["waiting", "ready", "broken"]
RemoteState = Literal["waiting", "running", "paused", "succeeded", "failed", "cancelled"]
# nothing more becomes of a job in one of these
ENDED: frozenset[RemoteState] = frozenset(("succeeded", "failed", "cancelled"))


class FinetuneError(ConnectorError):
    """A provider refused a call, or could not be reached.

    Attributes:
        status: of HTTP; None without an answer.
        code: the provider's own, or "".
        said: its reason, in its own words.
        uncertain: whether the call may have been carried out all the same.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        said: str = "",
        uncertain: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.said = said
        self.uncertain = uncertain


@dataclass(frozen=True)
class RemoteFile:
    """A file at the provider.

    Attributes:
        state: whether a job can be made of it.
        reason: why it is broken, where that is told.
    """

    id: str
    state: FileState
    reason: str = ""


@dataclass(frozen=True)
class JobOrder:
    """A job that is asked for.

    Attributes:
        key: what it is known by, in hex: two orders with one key are one job.
        name: of the tuned model, as far as the provider takes one.
        training_file, validation_file: ids of uploaded files.
        method: supervised / dpo / reinforcement.
        settings: those that were chosen: epochs, batch_size, learning_rate,
            learning_rate_multiplier, beta.
        seed: None where the provider takes none.
        labels: what else is written on the job, short texts.
        more: of the provider's own, put into the body as it is.
        attempt: how many jobs of this key failed or were cancelled before.
    """

    key: str
    name: str
    base: str
    training_file: str
    validation_file: str | None
    method: str
    settings: Mapping[str, Any]
    seed: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    attempt: int = 0


@dataclass(frozen=True)
class RemoteJob:
    """A job as the provider tells it.

    Attributes:
        model: the tuned model's name there; None until it is ready.
        code, reason: why it failed, in the provider's own words.
        trained_tokens: None: not told.
        seconds_left: a guess of the provider's; None: not told.
        share: how much of it is done, in [0, 1]; None: not told.
        results: ids of files that hold its losses.
        facts: what else a model's entry keeps of it.
    """

    id: str
    state: RemoteState
    model: str | None = None
    code: str = ""
    reason: str = ""
    trained_tokens: int | None = None
    seed: int | None = None
    seconds_left: float | None = None
    share: float | None = None
    results: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JobStep:
    """What a job told of one step; None where it told nothing.

    Attributes:
        training, validation: losses.
    """

    step: int
    training: float | None = None
    validation: float | None = None


@dataclass(frozen=True)
class JobNews:
    """What a job has told so far.

    Attributes:
        steps: by number.
        total: steps in all; 0: not told.
        said: its last message.
        at: the step that it has come to, where it tells no losses.
    """

    steps: tuple[JobStep, ...] = ()
    total: int = 0
    said: str = ""
    at: int = 0


class FinetuneApi(Protocol):
    """One provider's API.

    Every call raises FinetuneError. Those that read are repeated while a failure may pass; those
    that make something never are, since the caller looks first whether it was made.
    """

    @property
    def base_url(self) -> str: ...

    def close(self) -> None:
        """Close the connections."""

    def find_file(self, name: str, size: int) -> RemoteFile | None:
        """A file that was uploaded under this name, whole; None where there is none."""

    def upload(self, path: Path, name: str) -> RemoteFile:
        """Upload a file for fine-tuning under a name of ours."""

    def file(self, file_id: str) -> RemoteFile:
        """How a file stands."""

    def find_job(self, order: JobOrder, passed_over: Collection[str] = ()) -> RemoteJob | None:
        """The job of an order, if it was made before.

        Args:
            passed_over: ids of jobs that are over and done with.
        """

    def create_job(self, order: JobOrder) -> RemoteJob:
        """Make a job; from here on it costs money."""

    def job(self, job_id: str) -> RemoteJob:
        """How a job stands."""

    def news(self, job: RemoteJob) -> JobNews:
        """What a job has told so far."""

    def cancel(self, job_id: str) -> None:
        """End a job for good."""

    def pause(self, job_id: str) -> None:
        """Let a job rest."""

    def resume(self, job_id: str) -> None:
        """Let a job that rests go on."""
