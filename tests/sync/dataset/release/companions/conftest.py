"""Files of a release that are only told of."""

from collections.abc import Callable, Mapping

import pytest

from sync.training_files.manifest.contents import WrittenFile


@pytest.fixture
def file() -> Callable[..., WrittenFile]:
    def told(
        form: str, lines: int, split: str | None = None, left_out: Mapping[str, int] | None = None
    ) -> WrittenFile:
        name = f"{form}.{split}.jsonl" if split else f"{form}.jsonl"
        return WrittenFile(form, split, name, lines, 10 * lines, "0" * 64, left_out or {})

    return told
