"""Batch functions on Ray Data, a real one; about forty seconds, mostly of starting it."""

import signal
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from sync.compute import Engine, EngineError, LocalEngine, engine_named
from tests.sync.compute.cluster import TOKEN, cluster, python

# Ray uses what it, or pyarrow, has announced the end of
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """One for the module: a start costs four seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with engine_named("ray") as started:
            yield started


@dataclass(frozen=True)
class Times:
    """Each number times those of an array, which makes lists of different lengths."""

    factors: NDArray[np.int64]

    def __call__(self, batch: pa.Table) -> pa.Table:
        rows = [[n * f for f in self.factors.tolist()[: n % 4]] for n in batch["n"].to_pylist()]
        return batch.append_column("times", pa.array(rows, pa.list_(pa.int64())))


def numbered(*sizes: int) -> list[pa.Table]:
    """Batches of these sizes, numbered through."""
    ends = np.cumsum(sizes)
    return [
        pa.table({"n": pa.array(range(int(end) - size, int(end)), pa.int64())})
        for size, end in zip(sizes, ends, strict=True)
    ]


def test_it_gives_what_this_process_gives_in_order_and_batch_by_batch(engine: Engine) -> None:
    batches = numbered(3, 1, 0, 40, 7, 0, 0, 2, 1000, 5)
    function = Times(np.array([2, 3, 5]))
    here = list(LocalEngine().map_batches(batches, function))
    there = list(engine.map_batches(iter(batches), function))
    assert [t.num_rows for t in there] == [b.num_rows for b in batches]
    assert all(one.equals(other) for one, other in zip(there, here, strict=True))
    assert [t.schema for t in there] == [t.schema for t in here]


def test_no_batches_give_none(engine: Engine) -> None:
    assert list(engine.map_batches([], Times(np.array([1])))) == []


class PickyError(Exception):
    """Its constructor takes more than its message, so that it can't be unpickled."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


def fail(batch: pa.Table) -> pa.Table:
    match batch["n"][0].as_py():
        case 1:
            raise EngineError("batch 1: a sentence; do something")
        case 2:
            raise PickyError("batch 2", "another sentence")
    return batch


def test_an_error_of_the_function_comes_as_it_was_raised(engine: Engine) -> None:
    results = engine.map_batches(numbered(1, 1), fail)
    assert next(results)["n"].to_pylist() == [0]
    with pytest.raises(EngineError) as caught:
        next(results)
    assert str(caught.value) == "batch 1: a sentence; do something"
    assert caught.value.__cause__ is None


def test_an_error_that_cannot_travel_keeps_its_sentence(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"^PickyError: batch 2: another sentence$"):
        list(engine.map_batches(numbered(2, 1)[1:], fail))


def test_an_address_where_nothing_listens_is_one_sentence() -> None:
    with (
        pytest.raises(EngineError, match=r"'127\.0\.0\.1:1' can't be used .*refused.*RAY_ADDRESS"),
        engine_named("ray", "127.0.0.1:1"),
    ):
        pytest.fail("there is no such cluster")


ABSENT = """
import sys
sys.modules["ray"] = None
from connectors.errors import ConnectorError
from sync.compute import engine_named
try:
    engine_named("ray").__enter__()
except ConnectorError as error:
    print(error)
"""


def test_without_ray_it_says_what_to_install() -> None:
    with python(ABSENT) as process:
        said, wrong = process.communicate(timeout=60)
    assert said.count("\n") == 1
    assert 'pip install "labeltune[ray]"' in said
    assert wrong == ""


USING = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
import numpy as np, pyarrow as pa
from sync.compute import engine_named
from tests.sync.compute.test_ray import Times

def sleep(batch):
    time.sleep(600)

with engine_named("ray") as engine:
    for result in engine.map_batches([pa.table({"n": [7]})], Times(np.array([1, 2, 3]))):
        print(result["times"].to_pylist(), flush=True)
    if "sleep" in sys.argv:
        list(engine.map_batches([pa.table({"n": [i]}) for i in range(9)], sleep))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new one; pytest's own have paths that are too long for Ray's sockets."""
    with tempfile.TemporaryDirectory(prefix="rt-", dir="/tmp") as name:
        yield Path(name)


@pytest.mark.thorough
def test_a_cluster_that_runs_already_is_used_and_left_running(folder: Path) -> None:
    with cluster(folder) as address:
        for _ in range(2):
            with python(USING, RAY_ADDRESS=address, **TOKEN) as process:
                said, wrong = process.communicate(timeout=120)
            assert (said, wrong) == ("[[7, 14, 21]]\n", "")
        with python(USING, RAY_ADDRESS=address) as process:
            said, wrong = process.communicate(timeout=120)
        assert wrong.splitlines()[-1].endswith(
            f"{address!r} asks for a token; set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN or "
            "RAY_AUTH_TOKEN_PATH"
        )


@pytest.mark.thorough
def test_all_that_it_started_is_gone_after_an_interrupt(folder: Path) -> None:
    with python(USING, "sleep", TMPDIR=str(folder)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "[[7, 14, 21]]\n"
        children = psutil.Process(process.pid).children(recursive=True)
        assert any("raylet" in child.name() for child in children)
        assert list(folder.iterdir())
        process.send_signal(signal.SIGINT)
        said, wrong = process.communicate(timeout=60)
    assert said == ""
    assert wrong.splitlines()[-1:] == ["KeyboardInterrupt"]
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    assert list(folder.iterdir()) == []
