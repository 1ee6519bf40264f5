"""Vectors from one command to the next: a text is embedded once, however often it is needed.

They lie in the data folder, for texts that were in the last check; a folder that is an object
store keeps none. A file that is missing, broken or of another model costs time and nothing else;
so does one from before texts that a model can't read were compared by their characters.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa

from connectors.embedding import Embeddings
from connectors.reading import Reading
from sync.compute.embedding import as_column, as_matrix

_log = logging.getLogger(__name__)

VECTORS = "vectors.arrow"
_MODEL = b"model"
# of the way in which texts are read
_METHOD = 2


@dataclass(frozen=True)
class Vectors:
    """The vectors of one model.

    Attributes:
        path: of the file, or None to keep nothing.
        model: what tells it from every other model, see `fingerprint`.
        rows: by the digest of a text.
        unread: digests of texts that the model can't read, see `connectors.reading`.
    """

    path: Path | None
    model: str
    rows: Mapping[bytes, Embeddings] = field(default_factory=dict, repr=False)
    unread: frozenset[bytes] = frozenset()

    @classmethod
    def read(cls, path: Path | None, model: str) -> "Vectors":
        """What the last check left; nothing where it can't be used."""
        if path is None or not path.exists():
            return cls(path, model)
        try:
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_file(source).read_all()
            if (table.schema.metadata or {}).get(_MODEL) != _stamp(model):
                return cls(path, model)
            digests = table["digest"].to_pylist()
            rows = dict(zip(digests, as_matrix(table["vector"]), strict=True))
            flags = zip(digests, table["unread"].to_pylist(), strict=True)
            unread = frozenset(digest for digest, flag in flags if flag)
        except (pa.ArrowException, OSError, KeyError, ValueError, AttributeError) as error:
            _log.info("%s: not used (%s)", path, type(error).__name__)
            return cls(path, model)
        return cls(path, model, rows, unread)

    def write(self, texts: Sequence[str], reading: Reading) -> None:
        """Replace the file by these, whole or not at all; a full disk is no reason to fail."""
        if self.path is None or not len(texts):
            return
        digests = pa.array([_digest(text) for text in texts], pa.binary(16))
        columns = {
            "digest": digests,
            "vector": as_column(reading.vectors),
            "unread": pa.array(reading.unread),
        }
        table = pa.table(columns).replace_schema_metadata({_MODEL: _stamp(self.model)})
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with pa.ipc.new_file(str(fresh), table.schema) as writer:
                    writer.write_table(table)
                fresh.replace(self.path)
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            _log.info("%s: not written (%s)", self.path, error.strerror or error)


def vectors_of(
    texts: Sequence[str],
    known: Vectors,
    fresh: Callable[[list[str]], Reading],
    *,
    keep: bool,
) -> Reading:
    """(len(texts), dim): a text that is known, or comes twice, is not embedded again.

    Args:
        fresh: embeds texts, each once.
        keep: leave these vectors, and no others, for the next check.
    """
    if not texts:
        return Reading(np.empty((0, 0), dtype=np.float32), np.empty(0, dtype=bool))
    distinct = sorted(set(texts))
    digests = [_digest(text) for text in distinct]
    rows = [known.rows.get(digest) for digest in digests]
    unread = np.array([digest in known.unread for digest in digests])
    missing = [i for i, row in enumerate(rows) if row is None]
    made = fresh([distinct[i] for i in missing])
    dim = len(next(iter(known.rows.values()), ()))
    if 0 < len(missing) < len(rows) and made.vectors.shape[1] != dim:
        # another model of the same name
        return vectors_of(texts, replace(known, rows={}), fresh, keep=keep)
    for i, row, flag in zip(missing, made.vectors, made.unread, strict=True):
        rows[i], unread[i] = row, flag
    vectors = np.array(rows, dtype=np.float32)
    if keep and (missing or len(known.rows) > len(rows)):
        known.write(distinct, Reading(vectors, unread))
    place = {text: i for i, text in enumerate(distinct)}
    wanted = [place[text] for text in texts]
    return Reading(vectors[wanted], unread[wanted])


def fingerprint(model: str) -> str:
    """The name of a model; of a folder, also what changes when another model is put there."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{model} {blake2b(repr(stats).encode(), digest_size=16).hexdigest()}"


def _stamp(model: str) -> bytes:
    return f"{model} {_METHOD}".encode()


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
