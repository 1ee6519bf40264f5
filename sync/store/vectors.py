"""Vectors from one command to the next: a text is embedded once, however often it is needed.

They lie in the data folder, for texts that were in the last check; a folder that is an object
store keeps none. A file that is missing, broken or of another model costs time and nothing else.
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
from sync.engine.embedding import as_column, as_matrix

_log = logging.getLogger(__name__)

VECTORS = "vectors.arrow"
_MODEL = b"model"


@dataclass(frozen=True)
class Vectors:
    """The vectors of one model.

    Attributes:
        path: of the file, or None to keep nothing.
        model: what tells it from every other model, see `fingerprint`.
        rows: by the digest of a text.
    """

    path: Path | None
    model: str
    rows: Mapping[bytes, Embeddings] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, path: Path | None, model: str) -> "Vectors":
        """What the last check left; nothing where it can't be used."""
        if path is None or not path.exists():
            return cls(path, model)
        try:
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_file(source).read_all()
            if (table.schema.metadata or {}).get(_MODEL) != model.encode():
                return cls(path, model)
            vectors = as_matrix(table["vector"])
            rows = dict(zip(table["digest"].to_pylist(), vectors, strict=True))
        except (pa.ArrowException, OSError, KeyError, ValueError, AttributeError) as error:
            _log.info("%s: not used (%s)", path, type(error).__name__)
            return cls(path, model)
        return cls(path, model, rows)

    def write(self, texts: Sequence[str], vectors: Embeddings) -> None:
        """Replace the file by these, whole or not at all; a full disk is no reason to fail."""
        if self.path is None or not len(texts):
            return
        digests = pa.array([_digest(text) for text in texts], pa.binary(16))
        table = pa.table({"digest": digests, "vector": as_column(vectors)})
        table = table.replace_schema_metadata({_MODEL: self.model.encode()})
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
    fresh: Callable[[list[str]], Embeddings],
    *,
    keep: bool,
) -> Embeddings:
    """(len(texts), dim): a text that is known, or comes twice, is not embedded again.

    Args:
        fresh: embeds texts, each once.
        keep: leave these vectors, and no others, for the next check.
    """
    if not texts:
        return np.empty((0, 0), dtype=np.float32)
    distinct = sorted(set(texts))
    rows = [known.rows.get(_digest(text)) for text in distinct]
    missing = [i for i, row in enumerate(rows) if row is None]
    made = fresh([distinct[i] for i in missing])
    if 0 < len(made) < len(rows) and made.shape[1] != len(next(iter(known.rows.values()))):
        # another model of the same name
        return vectors_of(texts, replace(known, rows={}), fresh, keep=keep)
    for i, row in zip(missing, made, strict=True):
        rows[i] = row
    vectors = np.array(rows, dtype=np.float32)
    if keep and (missing or len(known.rows) > len(rows)):
        known.write(distinct, vectors)
    place = {text: i for i, text in enumerate(distinct)}
    return vectors[[place[text] for text in texts]]


def fingerprint(model: str) -> str:
    """The name of a model; of a folder, also what changes when another model is put there."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{model} {blake2b(repr(stats).encode(), digest_size=16).hexdigest()}"


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
