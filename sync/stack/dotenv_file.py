"""Write a `.env` file that only its owner can read, without touching other people's lines."""

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from sync.common.errors import StackError

_PLAIN = re.compile(r"[\w./:@%+,=~-]*")


def update_dotenv(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set variables in a `.env` file, or remove those whose value is None.

    Every other line stays as it is. The file is replaced in one step and has mode 600 from the
    moment it exists.

    Raises:
        StackError: the file can't be read or written.
    """
    path = path.resolve()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = _rewritten(before, changes)
        if after == before and path.stat().st_mode & 0o777 == 0o600:
            return
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        temporary.unlink(missing_ok=True)
        raise StackError(f"{path}: can't be updated ({error})") from error


def _rewritten(text: str, changes: Mapping[str, str | None]) -> str:
    """The text of the file after the changes; new variables come last."""
    lines: list[str] = []
    written: set[str] = set()
    for binding in parse_stream(io.StringIO(text)):
        key = binding.key
        if key is None or key not in changes:
            lines.append(binding.original.string)
            continue
        value = changes[key]
        original = binding.original.string
        lines.append(original[: len(original) - len(original.lstrip())])  # empty lines before it
        if value is not None and key not in written:
            lines.append(_line(key, value))
        written.add(key)
    body = "".join(lines)
    if body and not body.endswith("\n"):
        body += "\n"
    new = {k: v for k, v in changes.items() if k not in written and v is not None}
    return body + "".join(_line(key, value) for key, value in new.items())


def _line(key: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{key}={value}\n"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'\n"
