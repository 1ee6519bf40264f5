"""A backend's state with a bit of everything, some of it hostile."""

from drafting.acceptance.acceptance import Acceptance, Calibrator
from drafting.acceptance.reliability import Reliability
from ml_backend.service.state import BackendState, Budget, ModelServer, ProjectState
from ml_backend.store.acceptances import LearntAcceptance
from ml_backend.store.figures import NAMES, LastError
from ml_backend.store.marks import WorkerSeen

AT = 1_795_300_000.0
HOSTILE = "<script>alert(1)</script>&\"'"

LEARNT = LearntAcceptance(
    Acceptance(
        Calibrator(0.5, 1.0, {}),
        "what was learnt foretells held-back work better than the prior",
        judged=312,
        accepted=140,
        of_prior=Reliability(312, 140, 0.7, 0.65, 0.75, 0.2, 0.04, 0.24),
        of_calibrator=Reliability(312, 140, 0.82, 0.77, 0.86, 0.043, 0.041, 0.17),
    ),
    finished=320,
    at=AT - 90.0,
)


def busy() -> BackendState:
    counts = {name: 1000 * (i + 1) for i, name in enumerate(NAMES)} | {"cost_micros": 12_345_678}
    quiet = dict.fromkeys(NAMES, 0)
    return BackendState(
        waiting=1234,
        scheduled=3,
        workers=(
            WorkerSeen("host-a:4711", AT - 60.0, AT - 2.0, 4),
            WorkerSeen("host-b:4712", AT - 7200.0, AT - 3600.0, 8),
        ),
        projects=(
            ProjectState(
                id=1,
                model_version="chat_response-qwen2.5-coder-1.5b-instruct-3f2a9c01",
                counts=counts,
                today=quiet | {"drafted": 7, "cost_micros": 250_000},
                drafted_lately=42,
                budget=Budget(per_day=5.0, in_all=100.0, reached=False),
                refining=31,
                learnt=LEARNT,
            ),
            ProjectState(
                id=22,
                model_version=f"multi_turn-{HOSTILE}-00c0ffee",
                counts=quiet | {"drafted": 5},
                today=quiet,
                drafted_lately=0,
                budget=Budget(per_day=None, in_all=0.5, reached=True),
                at_rest="llm.budget of 0.5 is spent (0.50); raise it",
            ),
            ProjectState(id=33, model_version=None, counts=quiet, today=quiet, drafted_lately=0),
        ),
        model_servers=(
            ModelServer("http://127.0.0.1:9091/v1", ("logprobs", "n")),
            ModelServer("https://models.example.org/v1", ()),
        ),
        errors=(
            LastError(1, 17, "task 17: none of 4 replies fits chat_response", AT - 60.0),
            LastError(0, None, f"Label Studio can't be reached {HOSTILE}", AT - 600.0),
        ),
        at=AT,
    )


def idle() -> BackendState:
    return BackendState(waiting=0, scheduled=0, at=AT)
