import hashlib
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from rich.progress import Progress

from sync.common.errors import StackError
from sync.stack.download import missing_bytes, model_path
from sync.stack.model_sources import ModelSource, OnBytes, UnavailableError
from sync.stack.models import MODELS, LocalModel

CONTENT = b"GGUF" * 1000


@dataclass
class Giver:
    """A source that gives so many bytes a call, then fails.

    Attributes:
        pause_s: how long it takes.
        starts: where it was asked to go on.
    """

    gives: int = len(CONTENT)
    content: bytes = CONTENT
    pause_s: float = 0.0
    starts: list[int] = field(default_factory=list)

    def append(self, partial: Path, size: int, advance: OnBytes) -> None:
        there = partial.read_bytes() if partial.exists() else b""
        self.starts.append(len(there))
        time.sleep(self.pause_s)
        new = self.content[len(there) : len(there) + self.gives]
        partial.write_bytes(there + new)
        advance(len(new))
        if len(there + new) < size:
            raise UnavailableError("giver: gone")


def model(*sources: ModelSource) -> LocalModel:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return LocalModel("tiny", len(CONTENT), digest, "CC0-1.0", sources)


def test_fetched_once(cache: Path, progress: Progress) -> None:
    giver = Giver()
    assert missing_bytes(model(giver)) == len(CONTENT)
    path = model_path(model(giver), progress)
    assert path == cache / "models" / f"{model().sha256}.gguf"
    assert path.read_bytes() == CONTENT
    assert missing_bytes(model(giver)) == 0
    assert model_path(model(giver), progress) == path
    assert giver.starts == [0]


def test_a_file_of_the_users_is_taken_where_it_is(tmp_path: Path, progress: Progress) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    found = replace(model(), own=own)
    assert (missing_bytes(found), model_path(found, progress)) == (0, own)
    own.write_bytes(b"another")
    with pytest.raises(StackError, match="no longer the file that the adapter was trained on"):
        model_path(found, progress)
    assert own.exists()


def test_next_source_continues(cache: Path, progress: Progress) -> None:
    first, second = Giver(gives=1500), Giver()
    assert model_path(model(first, second), progress).read_bytes() == CONTENT
    assert second.starts == [1500]


def test_no_source_delivers_and_the_next_run_continues(cache: Path, progress: Progress) -> None:
    with pytest.raises(StackError, match=r"tiny can't be fetched \(giver: gone\).*--llm-url"):
        model_path(model(Giver(gives=1500)), progress)
    assert missing_bytes(model()) == len(CONTENT) - 1500
    later = Giver()
    assert model_path(model(later), progress).read_bytes() == CONTENT
    assert later.starts == [1500]


def test_wrong_content_is_removed(cache: Path, progress: Progress) -> None:
    wrong = Giver(content=b"?" * len(CONTENT))
    with pytest.raises(StackError, match=r"not the file of tiny .* has been removed"):
        model_path(model(wrong), progress)
    assert missing_bytes(model()) == len(CONTENT)
    assert model_path(model(Giver()), progress).read_bytes() == CONTENT


def test_file_that_was_damaged_later_is_found(cache: Path, progress: Progress) -> None:
    path = model_path(model(Giver()), progress)
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(StackError, match="has been removed"):
        model_path(model(Giver()), progress)
    assert not path.exists()


def test_two_at_once_fetch_once(cache: Path, progress: Progress) -> None:
    giver, paths = Giver(pause_s=0.3), []

    def fetch() -> None:
        paths.append(model_path(model(giver), Progress(disable=True)))

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 4
    assert giver.starts == [0]


def test_folder_that_can_not_be_written(cache: Path, progress: Progress) -> None:
    cache.parent.mkdir()
    cache.write_text("a file in the way")
    with pytest.raises(StackError, match="can't be stored"):
        model_path(model(Giver()), progress)


@pytest.mark.parametrize("listed", MODELS.values(), ids=MODELS)
def test_registry(listed: LocalModel) -> None:
    assert listed.licence == "Apache-2.0"
    assert len(listed.sha256) == 64
    for source in listed.sources:
        parts = (getattr(source, "count", 0), getattr(source, "part_bytes", 0))
        if parts[0]:
            assert -(-listed.size // parts[1]) == parts[0]
