"""Source files as tasks: JSONL with `messages` or `prompt`, and CSV with a `prompt` column."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sync.errors import SourceError
from sync.sources.task import ID_FIELD, SourceTask

__all__ = ["ID_FIELD", "SourceTask", "read_source"]


def read_source(path: Path, seen: dict[str, str]) -> Iterator[SourceTask]:
    """A file's tasks, in order.

    Args:
        seen: id -> where, of the tasks read so far; two with the same id are refused.

    Raises:
        SourceError: names the file, the line, what was expected and what came.
    """
    reader = {".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".csv": _read_csv}.get(
        path.suffix.lower()
    )
    if reader is None:
        raise SourceError(f"{path}: unknown kind of file; expected .jsonl or .csv")
    try:
        for line, raw in reader(path):
            where = f"{path}, line {line}"
            task = _task(raw, where)
            if task.id in seen:
                raise SourceError(
                    f"{where}: the id {task.id!r} was used at {seen[task.id]}; ids must differ"
                )
            seen[task.id] = where
            yield task
    except FileNotFoundError:
        raise SourceError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 ({error.reason}); convert it first") from error
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror})") from error


def _read_jsonl(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                raw = _parse(line.rstrip())
            except json.JSONDecodeError as error:
                said = error.msg.removesuffix(" at")
                raise SourceError(
                    f"{path}, line {number}: not JSON ({said} at column {error.colno}); "
                    "correct or remove the line, then push again: nothing was sent"
                ) from error
            except (ValueError, RecursionError) as error:
                raise SourceError(
                    f"{path}, line {number}: JSON that Label Studio would refuse ({error}); "
                    "correct or remove the line, then push again: nothing was sent"
                ) from error
            if not isinstance(raw, dict):
                raise SourceError(
                    f"{path}, line {number}: expected an object, found a {type(raw).__name__}"
                )
            yield number, raw


def _parse(line: str) -> Any:
    """A line's JSON.

    Raises:
        ValueError: not JSON, or with NaN, an endless number or half a character (a lone
            surrogate), which no request can carry.
    """
    raw = json.loads(line)
    json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()
    return raw


def _read_csv(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Columns: `prompt`, optional `id`; `context.NAME` columns become the context."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        # strict, since a quote that is never closed would swallow the rows after it
        rows = csv.DictReader(file, strict=True)
        try:
            yield from _csv_rows(path, rows)
        except csv.Error as error:
            raise SourceError(
                f"{path}, line {rows.reader.line_num}: not CSV ({error}); "
                "see that every quote is closed"
            ) from error


def _csv_rows(path: Path, rows: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, Any]]]:
    columns = list(rows.fieldnames or ())
    if "prompt" not in columns:
        raise SourceError(
            f"{path}, line 1: no column 'prompt' "
            f"(found {', '.join(columns) or 'no header'}); rename one"
        )
    if "context" in columns or len(set(columns)) != len(columns):
        raise SourceError(
            f"{path}, line 1: columns must differ, and a fact of the context needs a name as in "
            f"'context.NAME' (found {', '.join(columns)}); rename them"
        )
    for row in rows:
        if None in row or None in row.values():
            raise SourceError(
                f"{path}, line {rows.line_num}: expected {len(columns)} fields; "
                "quote fields that hold commas or line breaks"
            )
        context = {
            name.removeprefix("context."): value
            for name, value in row.items()
            if name.startswith("context.") and value
        }
        rest = {k: v for k, v in row.items() if not k.startswith("context.") and v}
        yield rows.line_num, {**rest, "context": context}


def _task(raw: Mapping[str, Any], where: str) -> SourceTask:
    data = dict(raw)
    own_id = data.pop("id", None)
    prompt = data.pop("prompt", None)
    if "messages" not in data:
        if not isinstance(prompt, str) or not prompt.strip():
            found = ", ".join(sorted(raw)) or "nothing"
            raise SourceError(f"{where}: needs 'messages' or a 'prompt' with text, found {found}")
        data["messages"] = [{"role": "user", "content": prompt}]
    if own_id is None or own_id == "":
        inputs = json.dumps([data["messages"], data.get("context") or {}], sort_keys=True)
        own_id = hashlib.sha256(inputs.encode()).hexdigest()[:16]
    return SourceTask(str(own_id), data, where)
