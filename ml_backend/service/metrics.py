"""/metrics: the shared figures in Prometheus' text form.

They are read from the queue's store, so every web process answers the same. Request latencies are
not among them: they would differ from process to process.
"""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ml_backend.service.state import BackendState, ProjectState
from ml_backend.store.acceptances import LearntAcceptance

# figure -> name without `_total`, help
_COUNTERS = {
    "drafted": ("labeltune_drafts", "Drafts made."),
    "refined": ("labeltune_drafts_refined", "Drafts that got their further samples."),
    "delivered": ("labeltune_drafts_delivered", "Drafts that Label Studio stored."),
    "refused": ("labeltune_drafts_refused", "Drafts that Label Studio did not store."),
    "failed": ("labeltune_tasks_failed", "Tasks left undrafted, with a reason."),
    "put_off": ("labeltune_attempts_put_off", "Attempts that a fault of the outside ended."),
    "calls": ("labeltune_model_calls", "Paid calls of a model."),
    "cached": ("labeltune_model_calls_cached", "Calls that the reply cache answered."),
    "prompt_tokens": ("labeltune_prompt_tokens", "Tokens sent to models."),
    "completion_tokens": ("labeltune_completion_tokens", "Tokens received from models."),
}


class BackendCollector(Collector):
    """The state as metrics, read anew at each scrape."""

    def __init__(self, read: Callable[[], BackendState], version: str, started_at: float) -> None:
        self._read = read
        self._version = version
        self._started_at = started_at

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        state = self._read()
        info = GaugeMetricFamily(
            "labeltune_build_info", "Always 1; the version is a label.", labels=["version"]
        )
        info.add_metric([self._version], 1)
        yield info
        for name, told, value in (
            (
                "labeltune_start_time_seconds",
                "When this web process began, Unix time.",
                self._started_at,
            ),
            ("labeltune_jobs_waiting", "Jobs that a worker could begin now.", state.waiting),
            ("labeltune_jobs_scheduled", "Jobs whose time has not come.", state.scheduled),
            ("labeltune_workers_alive", "Workers seen lately.", state.workers_alive),
            (
                "labeltune_worker_slots",
                "Tasks that the living workers draft at the same time.",
                sum(w.concurrency for w in state.workers if w.is_alive(state.at)),
            ),
        ):
            yield GaugeMetricFamily(name, told, value=value)
        yield from _of_projects(state.projects)


def _of_projects(projects: tuple[ProjectState, ...]) -> Iterator[Metric]:
    for figure, (name, told) in _COUNTERS.items():
        counter = CounterMetricFamily(name, told, labels=["project"])
        for project in projects:
            counter.add_metric([str(project.id)], project.counts[figure])
        yield counter
    cost = CounterMetricFamily(
        "labeltune_cost", "Spent, in the price table's currency.", labels=["project"]
    )
    reached = GaugeMetricFamily(
        "labeltune_budget_reached", "1 while a budget stops drafting.", labels=["project"]
    )
    refining = GaugeMetricFamily(
        "labeltune_drafts_refining", "Drafts that wait for further samples.", labels=["project"]
    )
    for project in projects:
        refining.add_metric([str(project.id)], project.refining)
        cost.add_metric([str(project.id)], project.cost)
        if project.budget:
            reached.add_metric([str(project.id)], float(project.budget.reached))
    yield refining
    yield cost
    yield reached
    yield from _of_acceptance(projects)


def _of_acceptance(projects: tuple[ProjectState, ...]) -> Iterator[Metric]:
    """How far the scores of drafts can be relied on; nothing of a project where it is not known."""
    for name, told, value in _ACCEPTANCE:
        gauge = GaugeMetricFamily(f"labeltune_acceptance_{name}", told, labels=["project"])
        for project in projects:
            found = None if project.learnt is None else value(project.learnt)
            if found is not None:
                gauge.add_metric([str(project.id)], found)
        yield gauge


def _of_reliability(name: str) -> Callable[[LearntAcceptance], float | None]:
    def value(learnt: LearntAcceptance) -> float | None:
        found: float | None = getattr(learnt.acceptance.reliability, name, None)
        return found

    return value


_ACCEPTANCE: tuple[tuple[str, str, Callable[[LearntAcceptance], float | None]], ...] = (
    (
        "calibrated",
        "1 while what experts did scores drafts, 0 while the prior does.",
        lambda learnt: float(learnt.acceptance.calibrator is not None),
    ),
    ("judged", "Finished drafts that were learnt from.", lambda learnt: learnt.acceptance.judged),
    (
        "learnt_time_seconds",
        "When it was learnt, Unix time.",
        lambda learnt: learnt.at,
    ),
    (
        "auroc",
        "How surely accepted drafts were scored above others, on held-back work.",
        _of_reliability("auroc"),
    ),
    (
        "calibration_error",
        "Expected calibration error of the scores, on held-back work.",
        _of_reliability("calibration_error"),
    ),
)


def metrics_text(collector: Collector) -> bytes:
    """Every metric in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return generate_latest(registry)
