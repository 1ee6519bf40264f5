"""Write and adjust `labeltune.toml` without disturbing its comments."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from sync.errors import StackError

SAMPLE_TITLE = "Bank support (sample)"
SAMPLE_CATEGORIES = (
    "cards",
    "payments",
    "accounts",
    "fees",
    "lending",
    "fraud",
    "app",
    "complaint",
    "other",
)

Value = str | tuple[str, ...]

_SECTION = re.compile(r"\s*\[([\w.]+)\]")
_KEY = re.compile(r"(?P<off># ?)?(?P<key>\w+) = (?P<value>\[[^\]]*\]|\"[^\"]*\"|[^#\n]*[^#\s])")


def template(name: str) -> str:
    """The text of a file in `sync/templates`."""
    return (files("sync") / "templates" / name).read_text(encoding="utf-8")


def sample_file(name: str) -> str:
    """The text of a file in `sync/sample`."""
    return (files("sync") / "sample" / name).read_text(encoding="utf-8")


def with_values(text: str, values: Mapping[tuple[str, str], Value]) -> str:
    """A `labeltune.toml` text with some values replaced; comments and order stay.

    A key that is commented out is switched on, one that is absent is added to its section.

    Args:
        values: (section, key) -> value.
    """
    lines: list[str] = []
    missing = dict(values)
    section = ""
    for line in text.splitlines():
        if heading := _SECTION.match(line):
            lines += _absent(section, missing)
            section = heading[1]
        found = _KEY.match(line)
        if found and (place := (section, found["key"])) in missing:
            line = f"{found['key']} = {_toml(missing.pop(place))}{line[found.end() :]}"
        lines.append(line)
    lines += _absent(section, missing)
    for section in dict.fromkeys(section for section, _ in missing):
        lines += ["", f"[{section}]", *_absent(section, missing)]
    return "\n".join(lines) + "\n"


def write_new(path: Path, text: str) -> None:
    """Create a file, never over an existing one.

    Raises:
        StackError: it exists, or can't be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise StackError(
            f"{path} exists already and is left as it is; edit it, or remove it"
        ) from None
    except OSError as error:
        raise StackError(f"{path}: can't be written ({error.strerror})") from error


def _absent(section: str, missing: dict[tuple[str, str], Value]) -> list[str]:
    """Lines for a section's keys that were not met; they are taken out of `missing`."""
    here = [place for place in missing if place[0] == section]
    return [f"{place[1]} = {_toml(missing.pop(place))}" for place in here]


def _toml(value: Value) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return f"[{', '.join(_toml(item) for item in value)}]"
