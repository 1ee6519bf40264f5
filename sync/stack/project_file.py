"""Write and adjust `labeltune.toml` without disturbing its comments."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import tomlkit

from sync.common.errors import StackError

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

TomlValue = str | tuple[str, ...]


def template(name: str) -> str:
    """The text of a file in `sync/templates`."""
    return (files("sync") / "templates" / name).read_text(encoding="utf-8")


def sample_file(name: str) -> str:
    """The text of a file in `sync/sample`."""
    return (files("sync") / "sample" / name).read_text(encoding="utf-8")


def with_values(text: str, values: Mapping[tuple[str, str], TomlValue]) -> str:
    """A `labeltune.toml` text with some values set; comments and order stay.

    Args:
        values: (section, key) -> value; absent keys and sections are added.
    """
    document = tomlkit.parse(text)
    for (section, key), value in values.items():
        table = document.setdefault(section, tomlkit.table())
        table[key] = value if isinstance(value, str) else list(value)
    return tomlkit.dumps(document)


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
