"""Files of JSON lines: whole, counted and hashed."""

import hashlib
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.training_files.manifest.line_writer import LineWriter


@pytest.mark.parametrize("bom", [False, True])
def test_what_is_written_is_counted_and_hashed(tmp_path: Path, bom: bool) -> None:
    values = [{"n": n, "text": "é\u2028" * (n % 500)} for n in range(2000)]
    with LineWriter(tmp_path / "a.jsonl", bom=bom) as writer:
        assert [writer.write(value) for value in values] == list(range(1, 2001))
        size = writer.bytes
    content = writer.path.read_bytes()
    assert len(content) > 500_000, "several blocks"
    assert content.startswith(b"\xef\xbb\xbf") == bom
    text = content.decode("utf-8-sig" if bom else "utf-8")
    assert [json.loads(line) for line in text.splitlines()] == values
    assert (writer.lines, writer.bytes, size) == (2000, len(content), len(content))
    assert writer.sha256 == hashlib.sha256(content).hexdigest()


def test_no_line_is_an_empty_file(tmp_path: Path) -> None:
    with LineWriter(tmp_path / "a.jsonl") as writer:
        pass
    assert writer.path.read_bytes() == b""
    assert writer.sha256 == hashlib.sha256(b"").hexdigest()


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """As a disk that is full: no file can grow beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("lines", [1, 100])
def test_a_full_disk_is_one_sentence_while_writing_and_at_the_end(
    tmp_path: Path, lines: int
) -> None:
    with (
        files_up_to(100),
        pytest.raises(SyncError, match=r"a\.jsonl: can't be written .*; make room"),
        LineWriter(tmp_path / "a.jsonl") as writer,
    ):
        for _ in range(lines):
            writer.write("x" * 10_000)


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match="can't be written"):
        LineWriter(tmp_path / "none" / "a.jsonl")


def test_after_a_failure_of_the_caller_nothing_more_is_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError), LineWriter(tmp_path / "a.jsonl") as writer:
        writer.write(1)
        raise KeyError
    assert writer.path.read_bytes() == b""
