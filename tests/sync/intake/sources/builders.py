"""Source files, and what reading them gives."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import SourceError
from sync.intake.sources import SourceReader, SourceTask
from sync.settings import SourcesSection

QUESTION = [{"role": "user", "content": "My card was declined."}]


def reader(*paths: Path, **settings: Any) -> SourceReader:
    return SourceReader(paths, SourcesSection(**settings))


def read(*paths: Path, **settings: Any) -> list[SourceTask]:
    return list(reader(*paths, **settings))


def said(*paths: Path, **settings: Any) -> list[str]:
    """What each path was recognised as."""
    opened = reader(*paths, **settings)
    list(opened)
    return [str(recognised) for recognised in opened.recognised]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*objects: Any) -> str:
    return "".join(json.dumps(item) + "\n" for item in objects)


def refused(path: Path, place: str | int | None = None, **settings: Any) -> str:
    """The sentence after file and place; a number is a line."""
    with pytest.raises(SourceError) as caught:
        read(path, **settings)
    place = f"line {place}" if isinstance(place, int) else place
    where = f"{path}: " if place is None else f"{path}, {place}: "
    sentence = str(caught.value)
    assert sentence.startswith(where), sentence
    assert "\n" not in sentence
    return sentence.removeprefix(where)


def said_of(task: SourceTask) -> list[tuple[str, str]]:
    """The conversation as pairs of role and content."""
    return [(message["role"], message["content"]) for message in task.data["messages"]]
