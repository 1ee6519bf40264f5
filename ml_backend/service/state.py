"""How the backend stands, for people (/status) and for Prometheus (/metrics).

Counts, ids, versions and our own sentences only: no task text, no title, no secret.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings
from ml_backend.drafts.paid_sampler import MICROS, reached_budget
from ml_backend.store.acceptances import LearntAcceptance
from ml_backend.store.figures import Figures, LastError, today
from ml_backend.store.ledger import Failure
from ml_backend.store.marks import WorkerSeen
from ml_backend.work.jobs import Jobs


@dataclass(frozen=True)
class Budget:
    """What a project may cost, in the price table's currency; None means without a limit.

    Attributes:
        reached: drafting has stopped for it; what is ready is still served.
    """

    per_day: float | None
    in_all: float | None
    reached: bool


@dataclass(frozen=True)
class ModelServer:
    """A model endpoint, and the features that it turned out to lack, such as `logprobs`."""

    url: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class ProjectState:
    """A project that the backend drafts for.

    Drafts come in two passes. In /status's JSON `projects[].counts.drafted` counts drafts of the
    first pass, so each task once (anew where its version or data changed); `projects[].refining` is
    how many of them wait for further samples, and `counts.refined` how many have got them. The
    first pass is over once Label Studio shows no task without a draft; `refining` may then still
    fall for long, and nobody need wait for it.

    Attributes:
        model_version: of the drafts that it should have; None while none is known.
        counts: of all time, by `figures.NAMES`.
        today: the same of this day (UTC).
        drafted_lately: drafts of the last ten minutes.
        refining: drafts that wait for further samples.
        budget: None where there is none.
        at_rest: why nothing of it is drafted at present; None while it is.
        learnt: what its experts taught of its drafts; None: nothing yet.
    """

    id: int
    model_version: str | None
    counts: Mapping[str, int]
    today: Mapping[str, int]
    drafted_lately: int
    budget: Budget | None = None
    at_rest: str | None = None
    refining: int = 0
    learnt: LearntAcceptance | None = None

    @property
    def cost(self) -> float:
        """Spent in all, in the price table's currency."""
        return self.counts["cost_micros"] / MICROS

    @property
    def cost_today(self) -> float:
        """Spent this day (UTC), in the price table's currency."""
        return self.today["cost_micros"] / MICROS


@dataclass(frozen=True)
class BackendState:
    """Everything that the pages show.

    Attributes:
        waiting: jobs that a worker could begin now.
        scheduled: jobs whose time has not come.
        errors: newest first.
        failures: every task that is left undrafted for the time being, newest first.
        at: Unix time of this look.
    """

    waiting: int
    scheduled: int
    workers: tuple[WorkerSeen, ...] = ()
    projects: tuple[ProjectState, ...] = ()
    model_servers: tuple[ModelServer, ...] = ()
    errors: tuple[LastError, ...] = ()
    failures: tuple[Failure, ...] = ()
    at: float = field(default_factory=time.time)

    @property
    def workers_alive(self) -> int:
        """How many workers were seen lately."""
        return sum(worker.is_alive(self.at) for worker in self.workers)


def read_state(jobs: Jobs) -> BackendState:
    """How things stand now."""
    known = jobs.projects.known()
    refining = jobs.doubtful.counts(known)
    return BackendState(
        waiting=jobs.drafts.pending_count() + jobs.chores.pending_count(),
        scheduled=jobs.drafts.scheduled_count() + jobs.chores.scheduled_count(),
        workers=tuple(jobs.marks.workers()),
        projects=tuple(
            project_state(
                jobs.figures,
                number,
                model_version(settings),
                _budget(jobs, number, settings.llm),
                jobs.at_rest(number),
                refining[number],
                jobs.learning.acceptances.learnt(number),
            )
            for number, settings in known.items()
        ),
        model_servers=_model_servers(jobs),
        errors=tuple(jobs.figures.errors()),
        failures=tuple(jobs.ledger.failures()),
    )


def _budget(jobs: Jobs, project_id: int, llm: LLMSettings) -> Budget | None:
    if llm.budget is None and llm.daily_budget is None:
        return None
    reached = reached_budget(jobs.figures, project_id, llm) is not None
    return Budget(llm.daily_budget, llm.budget, reached)


def _model_servers(jobs: Jobs) -> tuple[ModelServer, ...]:
    return tuple(
        ModelServer(f"{_address(known['url'])} {known['model']}", tuple(known["lacks"]))
        for known in jobs.projects.model_servers()
    )


def _address(url: str) -> str:
    """A URL without the user and password that it may hold."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def project_state(
    figures: Figures,
    project_id: int,
    model_version: str | None,
    budget: Budget | None = None,
    at_rest: str | None = None,
    refining: int = 0,
    learnt: LearntAcceptance | None = None,
) -> ProjectState:
    """The state of a project, from its counts."""
    return ProjectState(
        id=project_id,
        model_version=model_version,
        counts=figures.of(project_id),
        today=figures.of(project_id, today()),
        drafted_lately=figures.recent(project_id),
        budget=budget,
        at_rest=at_rest,
        refining=refining,
        learnt=learnt,
    )
