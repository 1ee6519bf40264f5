"""Vectors from one command to the next."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from connectors.reading import Reading
from sync.compute.vector_cache import NeededBy, VectorCache, fingerprint, vectors_of


class Encoding:
    """Vectors of a text's length, of so many dimensions; keeps what it was asked."""

    def __init__(self, dim: int = 3) -> None:
        self.dim = dim
        self.history: list[list[str]] = []

    def __call__(self, texts: list[str]) -> Reading:
        self.history.append(texts)
        rows = [[float(len(text))] * self.dim for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dim if texts else 0)
        return Reading(vectors, np.array(["unread" in text for text in texts], dtype=bool))


def run(
    path: Path | None,
    *texts: str,
    dim: int = 3,
    model: str = "m",
    keep_for: NeededBy | None = "check",
) -> list[str]:
    """The texts that were embedded for a check of these."""
    encoding = Encoding(dim)
    reading = vectors_of(list(texts), VectorCache.read(path, model), encoding, keep_for=keep_for)
    assert reading.unread.tolist() == ["unread" in text for text in texts]
    assert reading.vectors.tolist() == [[float(len(text))] * dim for text in texts]
    return encoding.history[-1]


def test_a_text_is_embedded_once_in_a_check_and_once_in_all_checks(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vectors.arrow"
    assert run(path, "ccc", "a", "bb", "a") == ["a", "bb", "ccc"]
    assert run(path, "a", "dddd", "bb", "half \ud800") == ["dddd", "half \ud800"]
    assert run(path, "half \ud800", "dddd") == []


def test_what_was_not_in_the_last_check_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "vectors.arrow"
    run(path, "a", "bb")
    assert run(path, "a") == []
    assert run(path, "a", "bb") == ["bb"]


def test_a_check_and_a_split_share_vectors_and_neither_takes_the_other_s(tmp_path: Path) -> None:
    path = tmp_path / "vectors.arrow"
    run(path, "a", "unread", keep_for="check")
    assert run(path, "a", "bb", keep_for="split") == ["bb"]
    assert run(path, "a", "unread", "bb", keep_for=None) == []
    # the split needs it no more, the check still does
    assert run(path, "bb", keep_for="split") == []
    assert run(path, "a", "unread", "bb", keep_for=None) == []
    run(path, "unread", keep_for="check")
    assert run(path, "a", "unread", "bb", keep_for=None) == ["a"]


def test_of_vectors_that_were_cut_off_only_those_of_short_texts_are_used(tmp_path: Path) -> None:
    path = tmp_path / "vectors.arrow"
    short, long = "short", "long " * 400
    run(path, long, short)
    table = pa.ipc.open_file(path).read_all().drop_columns(["needed_by"])
    before = table.replace_schema_metadata({b"model": b"m 2"})
    with pa.ipc.new_file(str(path), before.schema) as writer:
        writer.write_table(before)
    (tmp_path / "split-vectors.arrow").write_bytes(b"what splits kept apart")
    assert run(path, long, short) == [long]
    assert run(path, long, short) == []
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_check_of_the_past_reads_and_leaves_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "vectors.arrow"
    run(path, "a", "bb")
    assert run(path, "a", "ccc", keep_for=None) == ["ccc"]
    assert run(path, "a", "bb") == []


def test_nothing_is_kept_where_there_is_no_file() -> None:
    assert run(None, "a") == run(None, "a") == ["a"]


@pytest.mark.parametrize("model", ["other", "m"])
def test_another_model_starts_afresh(tmp_path: Path, model: str) -> None:
    path = tmp_path / "vectors.arrow"
    run(path, "a", "bb")
    # a new version may keep its name, which shows in the length of its vectors at the latest
    assert run(path, "a", "bb", "ccc", dim=5, model=model) == ["a", "bb", "ccc"]
    assert run(path, "a", "bb", dim=5, model=model) == []


def test_no_texts_are_no_vectors(tmp_path: Path) -> None:
    path = tmp_path / "vectors.arrow"
    assert vectors_of(
        [], VectorCache.read(path, "m"), Encoding(), keep_for="check"
    ).vectors.shape == (0, 0)
    assert not path.exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_broken_file_costs_time_and_nothing_else(tmp_path: Path, share: float) -> None:
    path = tmp_path / "vectors.arrow"
    run(path, "a", "bb")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert run(path, "a", "bb") == ["a", "bb"]
    assert path.read_bytes() == whole
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(tmp_path / "file" / "vectors.arrow", "a") == ["a"]


def test_a_folder_with_another_model_in_it_is_another_model(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"1")
    before = fingerprint(str(tmp_path))
    assert fingerprint(str(tmp_path)) == before
    (tmp_path / "weights").write_bytes(b"22")
    assert fingerprint(str(tmp_path)) != before
    assert fingerprint("all-MiniLM-L6-v2") == "all-MiniLM-L6-v2"
