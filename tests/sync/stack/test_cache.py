from pathlib import Path

import pytest

from sync.common.errors import StackError
from sync.stack.cache import cache_dir, require_disk


def test_follows_xdg(cache: Path) -> None:
    assert cache_dir() == cache


def test_too_little_room_names_needed_and_free(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"2\.5 GB are needed .* 0\.3 GB are free"):
        require_disk(tmp_path, 2_500_000_000, free_bytes=lambda _: 300_000_000)


def test_folder_need_not_exist(tmp_path: Path) -> None:
    asked: list[Path] = []

    def free_bytes(folder: Path) -> int:
        asked.append(folder)
        return 10

    require_disk(tmp_path / "not" / "there", 10, free_bytes)
    assert asked == [tmp_path]
