"""Vectors from one command to the next: a text is embedded once, whoever needs it.

`check`, `split` and `rank` share `vectors.arrow` in the data folder; a folder that is an object
store keeps none. The file holds the texts that each of them needed last. One that is missing,
broken or of another model costs time and nothing else.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b, file_digest, sha256
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from connectors.reading import Embeddings, Reading, told_apart
from sync.common.terminal import ShowProgress
from sync.compute import Engine
from sync.compute.embedding import LoadEncoder, as_column, as_matrix, embed, pieces
from sync.compute.kept_results import read_kept, replace_kept, unusable

VECTORS = "vectors.arrow"
# which splits kept beside it before the two were one
_OF_SPLITS = "split-vectors.arrow"
_MODEL = b"model"
# of the way in which texts are read, and of the one before, which cut long texts off
_METHOD, _CUT_OFF = "whole 2", "2"

NeededBy = Literal["check", "claims", "split", "rank", "against", "review", "reasons", "guidelines"]


@dataclass(frozen=True)
class VectorCache:
    """The vectors of one model.

    Attributes:
        path: of the file, or None to keep nothing.
        model: what tells it from every other model, see `fingerprint`.
        rows: by the digest of a text.
        unread: digests of texts that the model can't read, see `connectors.reading`.
        needed: digests of the texts that each command had when it ran last.
        is_whole: false of a file whose long texts were cut off.
    """

    path: Path | None
    model: str
    rows: Mapping[bytes, Embeddings] = field(default_factory=dict, repr=False)
    unread: frozenset[bytes] = frozenset()
    needed: Mapping[str, Collection[bytes]] = field(default_factory=dict, repr=False)
    is_whole: bool = True

    @classmethod
    def read(cls, path: Path | None, model: str) -> "VectorCache":
        """What the last commands left; nothing where it can't be used."""
        table = read_kept(path)
        if path is None or table is None:
            return cls(path, model)
        try:
            stamp = (table.schema.metadata or {}).get(_MODEL)
            if stamp not in (_stamp(model), _stamp(model, _CUT_OFF)):
                return cls(path, model)
            is_whole = stamp == _stamp(model)
            digests = table["digest"].to_pylist()
            rows = dict(zip(digests, as_matrix(table["vector"]), strict=True))
            flags = zip(digests, table["unread"].to_pylist(), strict=True)
            unread = frozenset(digest for digest, flag in flags if flag)
            needed: dict[str, set[bytes]] = {}
            names = table["needed_by"].to_pylist() if is_whole else [""] * len(digests)
            for digest, some in zip(digests, names, strict=True):
                for name in some.split():
                    needed.setdefault(name, set()).add(digest)
        except (pa.ArrowException, KeyError, ValueError, AttributeError) as error:
            unusable(path, error)
            return cls(path, model)
        return cls(path, model, rows, unread, needed, is_whole)

    def row(self, text: str) -> Embeddings | None:
        """The vector of a text, or None where it is not known."""
        if not self.is_whole and len(list(pieces(text))) > 1:
            return None
        return self.rows.get(_digest(text))

    def write(self, reader: NeededBy, texts: Sequence[str], reading: Reading) -> None:
        """Replace what a command needed, whole or not at all; a full disk is no reason to fail."""
        if self.path is None or not len(texts):
            return
        rows = dict(zip(map(_digest, texts), reading.vectors, strict=True))
        unread = {d for d, flag in zip(rows, reading.unread.tolist(), strict=True) if flag}
        needed_by: dict[bytes, str] = dict.fromkeys(rows, reader)
        for other, digests in self.needed.items():
            for digest in sorted(digests) if other != reader else ():
                needed_by[digest] = f"{needed_by.get(digest, '')} {other}".strip()
                if digest not in rows:
                    rows[digest] = self.rows[digest]
                    unread |= self.unread & {digest}
        columns = {
            "digest": pa.array(list(rows), pa.binary(16)),
            "vector": as_column(np.array(list(rows.values()), dtype=np.float32)),
            "unread": pa.array([digest in unread for digest in rows]),
            "needed_by": pa.array([needed_by[digest] for digest in rows]),
        }
        stamped = pa.table(columns).replace_schema_metadata({_MODEL: _stamp(self.model)})
        if replace_kept(self.path, stamped):
            self.path.with_name(_OF_SPLITS).unlink(missing_ok=True)


def text_vectors(
    texts: Sequence[str],
    model: str,
    cache: Path | None,
    load: LoadEncoder,
    engine: Engine,
    progress: ShowProgress,
    *,
    keep_for: NeededBy | None,
) -> Reading:
    """(len(texts), dim): what every command compares its texts by.

    Unequal texts have unequal vectors, see `connectors.reading.told_apart`.

    Args:
        texts: each is embedded once, however often it comes.
        model: its name, or its folder.
        cache: of `VECTORS`; None to embed all texts anew and keep nothing.
        load: gives the encoder of a name; not called where the cache has every text.
        progress: called with texts embedded and texts to embed.
        keep_for: whose texts these are from now on; None to leave the cache as it is.

    Raises:
        EmbeddingError: the embedding model can't be loaded.
    """
    fresh = partial(embed, model=model, load=load, engine=engine, progress=progress)
    known = VectorCache.read(cache, fingerprint(model) if cache is not None else model)
    return told_apart(vectors_of(texts, known, fresh, keep_for=keep_for), texts)


def vectors_of(
    texts: Sequence[str],
    known: VectorCache,
    fresh: Callable[[list[str]], Reading],
    *,
    keep_for: NeededBy | None,
) -> Reading:
    """(len(texts), dim): a text that is known, or comes twice, is not embedded again.

    Args:
        fresh: embeds texts, each once.
        keep_for: see `text_vectors`.
    """
    if not texts:
        return Reading(np.empty((0, 0), dtype=np.float32), np.empty(0, dtype=bool))
    distinct = sorted(set(texts))
    rows = [known.row(text) for text in distinct]
    digests = [_digest(text) for text in distinct]
    unread = np.array([digest in known.unread for digest in digests])
    missing = [i for i, row in enumerate(rows) if row is None]
    made = fresh([distinct[i] for i in missing])
    dim = len(next(iter(known.rows.values()), ()))
    if 0 < len(missing) < len(rows) and made.vectors.shape[1] != dim:
        # another model of the same name
        empty = replace(known, rows={}, needed={})
        return vectors_of(texts, empty, fresh, keep_for=keep_for)
    for i, row, flag in zip(missing, made.vectors, made.unread, strict=True):
        rows[i], unread[i] = row, flag
    vectors = np.array(rows, dtype=np.float32)
    if keep_for and (missing or set(digests) != known.needed.get(keep_for)):
        known.write(keep_for, distinct, Reading(vectors, unread))
    place = {text: i for i, text in enumerate(distinct)}
    wanted = [place[text] for text in texts]
    return Reading(vectors[wanted], unread[wanted])


def fingerprint(model: str) -> str:
    """The name of a model; of a folder, its name and what is in it, wherever it was copied to."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    whole = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            whole.update(file_digest(file, "sha256").digest())
    return f"{folder.name} {whole.hexdigest()}"


def _stamp(model: str, method: str = _METHOD) -> bytes:
    return f"{model} {method}".encode()


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
