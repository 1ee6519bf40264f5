"""What text checks found before, so that the next `check` looks only at what changed.

`text-checks.arrow` in the data folder has a row for each text and a column for each check as it is
tuned. It can be deleted at any time; one that is missing or broken costs time and nothing else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from sync.compute.kept_results import code_version, read_kept, replace_kept, unusable

TEXT_OUTCOMES = "text-checks.arrow"
_DIGEST = "digest"


@dataclass(frozen=True)
class KnownOutcomes:
    """What checks found in texts.

    Attributes:
        path: of the file, or None to keep nothing.
        rows: by the digest of a text.
        by_check: fingerprint of a check -> JSON of what it found in each row; None: not known.
    """

    path: Path | None = None
    rows: Mapping[bytes, int] = field(default_factory=dict, repr=False)
    by_check: Mapping[str, Sequence[str | None]] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, path: Path | None) -> "KnownOutcomes":
        """What the last check left; nothing where it can't be used."""
        table = read_kept(path)
        if path is None or table is None:
            return cls(path)
        try:
            rows = {digest: i for i, digest in enumerate(table[_DIGEST].to_pylist())}
            columns = {n: table[n].to_pylist() for n in table.column_names if n != _DIGEST}
        except (pa.ArrowException, KeyError, ValueError) as error:
            unusable(path, error)
            return cls(path)
        return cls(path, rows, columns)

    def of(self, fingerprint: str, digest: bytes) -> str | None:
        """What a check found in a text; None where it did not look yet."""
        row, found = self.rows.get(digest), self.by_check.get(fingerprint)
        return None if row is None or found is None else found[row]

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
        for name in self.by_check:
            if _name(name) not in ran:
                columns[name] = pa.array([self.of(name, digest) for digest in rows], pa.string())
        replace_kept(self.path, pa.table(columns))


def fingerprint(name: str, check: object) -> str:
    """What tells a check, as it is tuned, from every other, and from its later versions."""
    told = f"{name}\n{check!r}\n{code_version()}"
    return f"{name} {hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}"


def _name(told: str) -> str:
    return told.partition(" ")[0]
