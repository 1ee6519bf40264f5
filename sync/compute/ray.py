"""Batch functions on Ray Data: the cluster at `RAY_ADDRESS`, or one started for this command.

Each batch travels as one row of a Ray dataset, so that Ray neither splits nor drops one, and what
a batch function raises comes back as that row's result and not as Ray's report of a failure.
Nothing here reads a file: batches go through Ray's object store, so that workers elsewhere need
not see our disk.
"""

import logging
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from connectors.extras import require
from sync.compute import BatchFunction, EngineError
from sync.compute.travel import apply, installed_version, unpacked, windows

if TYPE_CHECKING:
    from ray import ObjectRef

# what one execution of a dataset takes on: enough to hide what it costs to begin one
_MOST_BATCHES = 256
_MOST_BYTES = 256 * 2**20
# a Unix socket's path has 107 characters at most, of which Ray uses about 75
_LONGEST_FOLDER = 28
_KNOCK_TIMEOUT_S = 10.0

# Ray reads these as it is imported
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}


class RayEngine:
    """Ray Data, from `with` to its end; a cluster that was started here stops with it."""

    def __init__(self, address: str | None = None) -> None:
        """Nothing is started yet.

        Args:
            address: of a cluster, as `ray.init` takes it; by default that of `RAY_ADDRESS`, and
                without one a cluster is started on this machine.
        """
        self._address = address or os.environ.get("RAY_ADDRESS")
        self._folder: Path | None = None

    def __enter__(self) -> "RayEngine":
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        require("ray", "the engine 'ray'")
        try:
            import ray.data
        except ImportError as error:
            raise EngineError(f"the engine 'ray' can't be used ({error})") from error
        try:
            self._start()
        except BaseException as error:
            self._stop()
            if not isinstance(error, Exception):
                raise
            raise EngineError(_not_started(self._address, error)) from error
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the cluster, or stop the one that was started here."""
        self._stop()

    def map_batches(
        self, batches: Iterable[pa.Table], function: BatchFunction
    ) -> Iterator[pa.Table]:
        """See `Engine.map_batches`; up to 256 batches or 256 MB are taken at once."""
        import ray
        from ray.exceptions import RayError

        try:
            shared = ray.put(function)
            for window in windows(batches, _MOST_BATCHES, _MOST_BYTES):
                yield from _run(window, shared)
        except RayError as error:
            raise EngineError(_failed(error)) from error

    def _start(self) -> None:
        import ray

        if self._address:
            _knock(self._address)
            ray.init(self._address, log_to_driver=False, logging_level=logging.CRITICAL)
            return
        # Ray asks for a token by default, and would keep it in a file in the home folder
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        # a folder of ours: Ray would leave each run's logs behind
        standard = tempfile.gettempdir()
        parent = standard if len(standard) <= _LONGEST_FOLDER else "/tmp"
        self._folder = Path(tempfile.mkdtemp(prefix="lt-", dir=parent))
        ray.init(
            "local",
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.CRITICAL,
            _temp_dir=str(self._folder),
            _node_ip_address="127.0.0.1",
        )

    def _stop(self) -> None:
        import ray

        ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _run(window: list[pa.Table], shared: "ObjectRef[BatchFunction]") -> Iterator[pa.Table]:
    import ray

    # Ray's types know neither its own references nor batches of Arrow
    refs: list[Any] = [ray.put(row) for row in window]
    function: Any = apply
    dataset = ray.data.from_arrow_refs(refs).map_batches(
        function,
        batch_size=1,
        batch_format="pyarrow",
        fn_kwargs={"shared": shared, "installed": installed_version()},
    )
    for row in dataset.iter_batches(batch_size=1, batch_format="pyarrow"):
        yield unpacked(row)


def _knock(address: str) -> None:
    """Fail at once where nothing listens at the address; Ray itself would try for minutes.

    Raises:
        OSError: nothing does.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), _KNOCK_TIMEOUT_S).close()


def _not_started(address: str | None, error: Exception) -> str:
    reason = str(error).strip().partition("\n")[0]
    if address and "AuthToken" in f"{error} {error.__cause__}":
        return (
            f"the Ray cluster at {address!r} asks for a token; set RAY_AUTH_MODE=token, and "
            "RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH"
        )
    if address:
        return (
            f"the Ray cluster at {address!r} can't be used ({reason}); correct RAY_ADDRESS, or "
            "unset it to start one here"
        )
    return f"Ray can't be started here ({reason}); use --engine local"


def _failed(error: Exception) -> str:
    """Turn failures of Ray itself into EngineError; the batch function's errors pass unchanged."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    missing = next((line for line in lines if line.startswith("ModuleNotFoundError")), None)
    if missing:
        return f"the Ray workers lack something ({missing}); install LabelTune on every node"
    reason = lines[0] if lines else type(error).__name__
    return f"Ray failed ({type(error).__name__}: {reason}); run it again, or with --engine local"
