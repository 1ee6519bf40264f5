"""Fakes at our own seams: each is a small class with a queue of answers and a history."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from connectors.llm_replies import Reply, Sample, Usage
from connectors.reading import Embeddings
from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fake_label_studio import DOWN, OWN_URL, FakeLabelStudio, conversation
from tests.ml_backend.workers import consumer, run_jobs, sweep, wait_until

__all__ = [
    "DOWN",
    "OWN_URL",
    "REFINED",
    "FakeDrafting",
    "FakeEncoder",
    "FakeLabelStudio",
    "FakeSampler",
    "backend_of",
    "consumer",
    "conversation",
    "finish",
    "finished",
    "job_for",
    "make_ready",
    "run_jobs",
    "sweep",
    "wait_until",
]

# the score of a draft with all its samples
REFINED = 0.75


class FakeSampler:
    """A model that answers from a queue: samples of one reply, whole replies, or exceptions.

    It signs its samples and counts ten tokens of prompt and two of each sample. Where `answers`
    runs out, it repeats `otherwise`.
    """

    base_url = "http://model/v1/"

    def __init__(
        self,
        *answers: Sequence[Sample] | Reply | Exception,
        otherwise: Sequence[Sample] | Reply | Exception | None = None,
    ) -> None:
        self.answers = list(answers)
        self.otherwise = otherwise
        self.history: list[dict[str, Any]] = []

    def sample(self, messages: Sequence[Mapping[str, Any]], **options: Any) -> Reply:
        self.history.append({"messages": list(messages), **options})
        answer = self.answers.pop(0) if self.answers else self.otherwise
        assert answer is not None, "the model was asked more often than expected"
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        signed = tuple(replace(s, model=s.model or options["model"]) for s in answer)
        return Reply(signed, Usage(10, 2 * len(signed)), 1)


class FakeEncoder:
    """An embedding model that knows the vectors of a few texts."""

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self.vectors = vectors
        self.history: list[list[str]] = []

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        return np.array([self.vectors[text] for text in texts], dtype=np.float32)


class FakeDrafting:
    """Drafting without a model.

    Attributes:
        failures: task id -> exceptions to raise, one a draft, before it succeeds.
        slow: task ids that wait for `gate`.
        one_by_one: task ids whose drafts an import in bulk would drop.
        doubtful: task id -> score of a first draft that deserves further samples.
        chosen: task id -> the text that further samples choose; the first one where none is named.
        history: the jobs drafted, in the order of their start.
    """

    def __init__(self) -> None:
        self.failures: dict[int, list[Exception]] = {}
        self.slow: set[int] = set()
        self.one_by_one: set[int] = set()
        self.doubtful: dict[int, float] = {}
        self.chosen: dict[int, str] = {}
        self.gate = threading.Event()
        self.history: list[DraftJob] = []

    def __call__(self, job: DraftJob) -> tuple[FinishedDraft, dict[str, Any]]:
        self.history.append(job)
        if job.task_id in self.slow:
            assert self.gate.wait(20)
        if self.failures.get(job.task_id):
            raise self.failures[job.task_id].pop(0)
        if job.again:
            return self._refined(job), {}
        drafted = replace(finished(job), one_by_one=job.task_id in self.one_by_one)
        if job.task_id in self.doubtful:
            drafted = replace(drafted, score=self.doubtful[job.task_id], doubtful=True)
        return drafted, job.settings.load_interface().task_patch(record_for(job))

    def _refined(self, job: DraftJob) -> FinishedDraft:
        drafted = replace(finished(job), score=REFINED, again=True)
        if job.settings.interface != "chat_response":
            return replace(drafted, result=[], score_only=True)
        if job.task_id not in self.chosen:
            return drafted
        record = ChatResponse(response=self.chosen[job.task_id])
        return replace(drafted, result=job.settings.load_interface().encode(record))

    def tasks(self) -> list[int]:
        """Ids of the tasks drafted, in order."""
        return [job.task_id for job in self.history]

    def refined(self) -> list[int]:
        """Ids of the tasks whose further samples were drawn, in order."""
        return [job.task_id for job in self.history if job.again]


def record_for(job: DraftJob) -> Any:
    """A draft of the job's interface that tells its task."""
    text = f"Answer to task {job.task_id}."
    if job.settings.interface == "chat_response":
        return ChatResponse(response=text)
    return ReasoningSteps(steps=(Step("Declined.", "observation"),), answer=text)


def job_for(task_id: int, project: ProjectSettings, data: Any = None, **fields: Any) -> DraftJob:
    """A job of project 1, as a sweep makes it."""
    own = data or conversation(f"Question {task_id}")
    return DraftJob(
        **{"project_id": 1, **fields},
        task_id=task_id,
        data=own,
        settings=project,
        model_version=model_version(project),
    )


def finished(job: DraftJob, score: float = 0.25) -> FinishedDraft:
    """The draft that `FakeDrafting` makes of a job."""
    return FinishedDraft(
        project_id=job.project_id,
        task_id=job.task_id,
        result=job.settings.load_interface().encode(record_for(job)),
        score=score,
        model_version=job.model_version,
        stale=job.stale,
    )


def backend_of(settings: ProjectSettings, **fields: Any) -> dict[str, Any]:
    """A backend as `labeltune push` registers it."""
    return {"extra_params": {"labeltune": settings.model_dump()}, **fields}


def make_ready(jobs: Jobs, job: DraftJob, score: float = 0.25) -> FinishedDraft:
    """A finished draft in the ledger, to be handed out."""
    draft = finished(job, score)
    jobs.ledger.put(job.key, draft)
    return draft


def finish(jobs: Jobs, project: ProjectSettings, task_ids: Iterable[int]) -> None:
    """Finished drafts in the outbox, as a draft job leaves them."""
    for task_id in task_ids:
        job = job_for(task_id, project)
        make_ready(jobs, job)
        jobs.deliver(job.key)
