"""How a batch travels to a worker and its result, or what was raised there, comes back."""

import functools
import pickle
import traceback
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pyarrow as pa

from sync.compute import BatchFunction, EngineError

if TYPE_CHECKING:
    from ray import ObjectRef

# one row is one batch, as an Arrow IPC stream
_SENT = pa.schema([("batch", pa.large_binary())])
# one of the two is null
_RETURNED = pa.schema([("batch", pa.large_binary()), ("error", pa.large_binary())])


def packed(batch: pa.Table) -> pa.Table:
    """A batch as the one row of a table."""
    return pa.Table.from_pylist([{"batch": _stream(batch)}], schema=_SENT)


def windows(batches: Iterable[pa.Table], most: int, most_bytes: int) -> Iterator[list[pa.Table]]:
    """Packed batches in order, up to so many at a time, or as few as make so many bytes."""
    window: list[pa.Table] = []
    size = 0
    for batch in batches:
        window.append(packed(batch))
        size += window[-1].nbytes
        if len(window) == most or size >= most_bytes:
            yield window
            window, size = [], 0
    if window:
        yield window


def apply(
    row: pa.Table, shared: "ObjectRef[BatchFunction]", installed: str | None = None
) -> pa.Table:
    """Run the function on a packed batch; what it raises is returned, for `unpacked` to raise.

    Args:
        shared: the function, in Ray's object store.
        installed: the version of LabelTune that asks.
    """
    try:
        if installed != installed_version():
            raise EngineError(  # noqa: TRY301
                f"the Ray workers have LabelTune {installed_version()}, and here is {installed}; "
                "install the same version on every node"
            )
        stream = pa.ipc.open_stream(row["batch"][0].as_buffer())
        returned = {"batch": _stream(_function(shared)(stream.read_all())), "error": None}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where it was asked for
        returned = {"batch": None, "error": _pickled(error)}
    return pa.Table.from_pylist([returned], schema=_RETURNED)


def unpacked(row: pa.Table) -> pa.Table:
    """The result of one batch.

    Raises:
        Exception: what the function raised on the worker.
    """
    error = row["error"][0].as_py()
    if error is not None:
        raise pickle.loads(error)
    # a copy, so that the result does not hold on to Ray's memory
    return pa.ipc.open_stream(row["batch"][0].as_py()).read_all()


def installed_version() -> str | None:
    """LabelTune's version, None where it runs from a folder without being installed."""
    try:
        return version("labeltune")
    except PackageNotFoundError:
        return None


@functools.lru_cache(maxsize=1)
def _function(shared: "ObjectRef[BatchFunction]") -> BatchFunction:
    """Fetched once a worker, not once a batch."""
    import ray

    return ray.get(shared)


def _stream(batch: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_table(batch)
    stream: bytes = sink.getvalue().to_pybytes()
    return stream


def _pickled(error: Exception) -> bytes:
    """The error with its traceback as a note; one that can't travel, as a sentence."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        travelling = pickle.dumps(error)
        pickle.loads(travelling)
    except Exception:  # noqa: BLE001 - an error's own __reduce__ may do anything
        return pickle.dumps(EngineError(f"{type(error).__name__}: {error}"))
    return travelling
