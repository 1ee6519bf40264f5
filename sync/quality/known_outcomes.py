"""What text checks found before, so that the next `check` looks only at what changed.

`text-checks.arrow` in the data folder has a row for each text and a column for each check as it is
tuned. It can be deleted at any time; one that is missing or broken costs time and nothing else.
"""

import hashlib
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa

from sync.compute.travel import installed_version

_log = logging.getLogger(__name__)

TEXT_OUTCOMES = "text-checks.arrow"
_DIGEST = "digest"
# what checks are written with; another version of it may find something else
_LIBRARIES = ("py3langid", "eyecite", "price-parser", "dateparser", "pint", "pyphen")


@dataclass(frozen=True)
class KnownOutcomes:
    """What checks found in texts.

    Attributes:
        path: of the file, or None to keep nothing.
        by_check: fingerprint of a check -> digest of a text -> JSON of what it found.
    """

    path: Path | None = None
    by_check: Mapping[str, Mapping[bytes, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, path: Path | None) -> "KnownOutcomes":
        """What the last check left; nothing where it can't be used."""
        if path is None or not path.exists():
            return cls(path)
        try:
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_file(source).read_all()
            digests = table[_DIGEST].to_pylist()
            columns = {n: table[n].to_pylist() for n in table.column_names if n != _DIGEST}
        except (pa.ArrowException, OSError, KeyError) as error:
            _log.info("%s: not used (%s)", path, type(error).__name__)
            return cls(path)
        return cls(
            path,
            {
                name: {d: o for d, o in zip(digests, outcomes, strict=True) if o is not None}
                for name, outcomes in columns.items()
            },
        )

    def of(self, fingerprint: str, digest: bytes) -> str | None:
        """What a check found in a text; None where it did not look yet."""
        return self.by_check.get(fingerprint, {}).get(digest)

    def write(self, digests: Sequence[bytes], found: Mapping[str, Sequence[str | None]]) -> None:
        """Replace the file, whole or not at all; a full disk is no reason to fail.

        What checks that did not run this time know of these texts stays.

        Args:
            found: by fingerprint, of each text what was found; None where that is not known.
        """
        if self.path is None:
            return
        rows = {digest: i for i, digest in enumerate(digests)}
        columns: dict[str, Any] = {_DIGEST: pa.array(list(rows), pa.binary(16))}
        for name, outcomes in found.items():
            columns[name] = pa.array([outcomes[i] for i in rows.values()], pa.string())
        ran = {_name(each) for each in found}
        for name, known in self.by_check.items():
            if _name(name) not in ran:
                columns[name] = pa.array([known.get(digest) for digest in rows], pa.string())
        _replace(self.path, pa.table(columns))


def fingerprint(name: str, check: object) -> str:
    """What tells a check, as it is tuned, from every other, and from its later versions."""
    told = f"{name}\n{check!r}\n{_code()}"
    return f"{name} {hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}"


def _name(told: str) -> str:
    return told.partition(" ")[0]


@cache
def _code() -> str:
    """What stands for all code that checks are made of."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{installed_version()} {digest.hexdigest()} {[*map(_version, _LIBRARIES)]}"


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _replace(path: Path, table: pa.Table) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with pa.ipc.new_file(str(fresh), table.schema) as writer:
                writer.write_table(table)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        _log.info("%s: not written (%s)", path, error.strerror or error)
