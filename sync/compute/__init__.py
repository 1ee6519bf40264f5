"""Where batch functions run: in this process, or on Ray Data; the results are the same.

An engine is opened for the length of a command, and what it started is gone afterwards:

    with engine_named("ray") as engine:
        for batch in engine.map_batches(batches, function):
            ...

Cleaning, checks and splits compare texts here: `similarity` is the arithmetic of it. Only `ray` and
`travel` know Ray.
Open first: this module, then `near_duplicate_search`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from sync.common.errors import SyncError

if TYPE_CHECKING:
    import pyarrow as pa

BatchFunction = Callable[["pa.Table"], "pa.Table"]


class EngineError(SyncError):
    """The engine can't be used, can't be reached, or lost its workers."""


class Engine(Protocol):
    """Runs a function over Arrow tables."""

    def map_batches(
        self, batches: Iterable["pa.Table"], function: BatchFunction
    ) -> Iterator["pa.Table"]:
        """One table for each table, in the same order, as they are asked for.

        Args:
            batches: read as results are taken, no more than a bounded number ahead, so that a
                stream stays a stream. Results may depend on where one batch ends and the next
                begins, never on the engine.
            function: pure and picklable: a function of a module, a `functools.partial` of one, or
                a frozen dataclass with `__call__`. What it holds travels once, not with each
                batch. It loads a model by name where it runs.

        Raises:
            EngineError: the engine itself failed. An error of `function` comes as it was raised.
        """


class LocalEngine:
    """Runs in this process, where BLAS and torch use all cores; works without `with` as well."""

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing was opened."""

    def map_batches(
        self, batches: Iterable["pa.Table"], function: BatchFunction
    ) -> Iterator["pa.Table"]:
        """See `Engine.map_batches`; one batch in memory at a time."""
        return map(function, batches)


# batches of which fewer are done before other processes have started, which takes seconds
LEAST_FOR_CORES = 8
# more than that, and this process is what takes the time
_MOST_CORES = 16


def on_all_cores(
    engine: Engine,
    batches: Iterable["pa.Table"],
    function: BatchFunction,
    count: int,
    least: int = LEAST_FOR_CORES,
) -> Iterator["pa.Table"]:
    """As `Engine.map_batches`, in processes on all cores of this machine: Python uses only one.

    Short work stays in this process, and a cluster's on the cluster.

    Args:
        count: how many batches there are.
        least: batches from which on other processes are worth it.
    """
    few = count < max(least, 2)
    workers = 1 if few or not isinstance(engine, LocalEngine) else _cores()
    if workers < 2:
        yield from engine.map_batches(batches, function)
        return
    # loky starts them clean, so nothing is inherited from threads that run here
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky import get_reusable_executor

    try:
        with parallel_config("loky", n_jobs=min(workers, _MOST_CORES), inner_max_num_threads=1):
            yield from Parallel(return_as="generator")(delayed(function)(b) for b in batches)
    finally:
        get_reusable_executor().shutdown(wait=True)


def _cores() -> int:
    import joblib

    return int(joblib.cpu_count())


# name -> what it is, for --help
ENGINES = {
    "local": "in this process",
    "ray": "on Ray Data: the cluster at RAY_ADDRESS, or one that is started here",
}


def engine_named(name: str, address: str | None = None) -> AbstractContextManager[Engine]:
    """The engine of that name, ready inside `with`; one of `ENGINES`.

    Args:
        address: of a Ray cluster; by default that of the environment variable `RAY_ADDRESS`.

    Raises:
        EngineError: no engine has that name.
        MissingExtraError: inside `with`: Ray is not installed.
    """
    if name == "ray":
        from sync.compute.ray import RayEngine

        return RayEngine(address)
    if name == "local":
        return LocalEngine()
    raise EngineError(f"no engine {name!r}; there are {', '.join(ENGINES)}")
