"""What rows were decoded to before, so that the next `check` decodes only those that changed.

`decoded-tasks.arrow` in the data folder holds each row under a digest of all that decides what it
is decoded to, many rows a block. It can be deleted at any time; one that is missing or broken costs
time and nothing else.
"""

import io
import pickle
from collections.abc import Mapping
from dataclasses import is_dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from sync.compute.kept_results import read_kept, replace_kept, unusable
from sync.quality.decoded.task import DecodedTask
from sync.table.arrow_columns import array

DECODED_TASKS = "decoded-tasks.arrow"
# rows a block
_BLOCK = 64
_DIGEST_SIZE = 16
# a block's digests one after the other, its rows, and a digest of all of it
_SCHEMA = pa.schema(
    [("digests", pa.binary()), ("decoded", pa.large_binary()), ("whole", pa.binary())]
)


def read_known(path: Path | None) -> dict[bytes, DecodedTask]:
    """What the last check left, by digest; of a broken file what can be used."""
    table = read_kept(path)
    found: dict[bytes, DecodedTask] = {}
    if path is None or table is None or table.schema != _SCHEMA:
        return found
    for block in table.to_pylist():
        digests, decoded = block["digests"], block["decoded"]
        if _digest(digests + decoded) == block["whole"]:
            try:
                found |= zip(_parted(digests), unpickled(decoded), strict=True)
            except Exception as error:  # noqa: BLE001 - a pickle may fail in any way
                unusable(path, error)
    return found


def write_known(path: Path, known: Mapping[bytes, DecodedTask]) -> None:
    """Keep these rows and nothing else, so that what was deleted is kept nowhere."""
    pairs = list(known.items())
    columns: dict[str, list[bytes]] = {name: [] for name in _SCHEMA.names}
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        columns["digests"].append(b"".join(digest for digest, _ in block))
        columns["decoded"].append(pickle.dumps([task for _, task in block]))
        columns["whole"].append(_digest(columns["digests"][-1] + columns["decoded"][-1]))
    arrays = [array(columns[field.name], field.type) for field in _SCHEMA]
    replace_kept(path, pa.Table.from_arrays(arrays, schema=_SCHEMA))


def unpickled(decoded: bytes) -> list[DecodedTask]:
    """The rows of a block.

    Raises:
        pickle.UnpicklingError: something else stands there; or whatever a broken pickle raises.
    """
    found: list[DecodedTask] = _Unpickler(io.BytesIO(decoded)).load()
    return found


def digest_of(*said: object) -> bytes:
    """16 bytes that nothing else has which reads otherwise."""
    return _digest(repr(said).encode("utf-8", "surrogatepass"))


class _Unpickler(pickle.Unpickler):
    """Makes nothing but our own data classes and times, whoever wrote the file."""

    _PACKAGES = ("label_configs.", "drafting.", "sync.records.", "sync.intake.redaction.")
    _OTHERS = frozenset(
        {
            ("sync.quality.decoded.task", "DecodedTask"),
            ("datetime", "datetime"),
            ("datetime", "timedelta"),
            ("datetime", "timezone"),
            ("collections", "Counter"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        known = (module, name) in self._OTHERS
        if known or (module.startswith(self._PACKAGES) and name.isidentifier()):
            found = super().find_class(module, name)
            if known or (isinstance(found, type) and is_dataclass(found)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no data class of finished work")


def _parted(digests: bytes) -> tuple[bytes, ...]:
    starts = range(0, len(digests), _DIGEST_SIZE)
    return tuple(digests[start : start + _DIGEST_SIZE] for start in starts)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST_SIZE).digest()
