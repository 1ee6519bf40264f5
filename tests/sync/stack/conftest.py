"""A user's cache folder of one test's own, a progress bar that shows nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.progress import Progress


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """LabelTune's folder in an empty user cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "labeltune"


@pytest.fixture
def progress() -> Iterator[Progress]:
    """Counts, and shows nothing."""
    yield Progress(disable=True)
