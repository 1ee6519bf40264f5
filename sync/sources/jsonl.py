"""JSON Lines: an object a line."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.errors import SourceError
from sync.sources.opening import open_bytes, shown
from sync.sources.row import Row

if TYPE_CHECKING:
    from sync.sources.settings import SourcesSection


def rows(path: Path, settings: "SourcesSection", notes: list[str]) -> Iterator[Row]:
    """A file's rows; blank lines are skipped.

    Raises:
        SourceError: a line that is no JSON object, by its number.
    """
    with open_bytes(path) as file:
        lines = io.TextIOWrapper(file, encoding="utf-8-sig")
        try:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    where = f"{shown(path)}, line {number}"
                    yield Row(where, _object(line.rstrip(), where))
        finally:
            # who opened the bytes closes them: standard input must survive
            lines.detach()


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        raw = parse(line)
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at")
        raise SourceError(
            f"{where}: not JSON ({said} at column {error.colno}); "
            "correct or remove the line, then push again: nothing was sent"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{where}: JSON that Label Studio would refuse ({error}); "
            "correct or remove the line, then push again: nothing was sent"
        ) from error
    if not isinstance(raw, dict):
        raise SourceError(f"{where}: expected an object, found a {type(raw).__name__}")
    return raw


def parse(text: str) -> Any:
    """JSON that Label Studio takes.

    Raises:
        ValueError: not JSON, or with NaN, an endless number or half a character (a lone
            surrogate), which no request can carry.
    """
    raw = json.loads(text)
    json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()
    return raw
