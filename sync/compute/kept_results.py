"""Results that are kept in Arrow files for the next command; losing one costs time alone.

A file is replaced whole or not at all, so that one process may read while another writes, or is
killed. Of two that write at once the later one's stays. What was made by other code is not used:
`code_version` stands for it.
"""

import hashlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from sync.compute.travel import installed_version

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).parent.parent.parent
# all that may have a part in a result
_PACKAGES = ("label_configs", "connectors", "drafting", "sync")
_ALL_LIBRARIES = (
    "py3langid eyecite price-parser dateparser pint pyphen presidio-analyzer phonenumbers spacy "
    "pydantic numpy scikit-learn cleanlab"
)
# that checks are written with; another version of one may find something else
_LIBRARIES = tuple(_ALL_LIBRARIES.split())
MADE_BY = b"made_by"

_Known = TypeVar("_Known")


def read_known(
    path: Path | None, made_by: bytes, known_of: Callable[[pa.Table], _Known], nothing: _Known
) -> _Known:
    """What the last command left; `nothing` where it can't be used, or was made otherwise.

    Args:
        made_by: as the table's metadata has it under `MADE_BY`.
        known_of: reads the table, and raises what pyarrow does, or ValueError, for a wrong one.
    """
    table = read_kept(path)
    if path is None or table is None or (table.schema.metadata or {}).get(MADE_BY) != made_by:
        return nothing
    try:
        return known_of(table)
    except (pa.ArrowException, KeyError, ValueError, AttributeError) as error:
        unusable(path, error)
        return nothing


def read_kept(path: Path | None) -> pa.Table | None:
    """What was kept; None where nothing was, or it can't be read."""
    if path is None or not path.exists():
        return None
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (pa.ArrowException, OSError) as error:
        unusable(path, error)
        return None


def unusable(path: Path, error: Exception) -> None:
    """Note that what was kept is not used."""
    _log.info("%s: not used (%s)", path, type(error).__name__)


def replace_kept(path: Path, table: pa.Table) -> bool:
    """Keep this instead, and say whether it is kept: a full disk is no reason to fail."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with pa.ipc.new_file(str(fresh), table.schema) as writer:
                writer.write_table(table)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        _log.info("%s: not written (%s)", path, error.strerror or error)
        return False
    return True


@cache
def code_version() -> str:
    """The version of LabelTune, a digest of its own files, and what else it runs on."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _files():
        digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    libraries = [library_version(library) for library in _LIBRARIES]
    return f"{installed_version()} {digest.hexdigest()} {sys.version_info[:3]} {libraries}"


def _files() -> Iterator[Path]:
    """Code and what lies beside it, such as label configs and profiles."""
    for package in _PACKAGES:
        found = (path for path in (_ROOT / package).rglob("*") if path.is_file())
        yield from sorted(path for path in found if path.suffix != ".pyc")


def library_version(library: str) -> str | None:
    """Of an installed library; None where it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None
