"""`labeltune restore`: an exported file with personal data put back, line by line.

What is done to one line's texts is `sync.intake.redaction.placeholders.restore`.
"""

import codecs
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.common.source_task import ID_FIELD
from sync.intake.redaction.placeholders import Secrets, placeholders, restore
from sync.training_files.manifest import LINEAGE, MANIFEST
from sync.training_files.manifest.lineage import keys_of_lines
from sync.training_files.manifest.manifest import hashes
from sync.training_files.manifest.stored_release import sha256

# byte order mark
_BOM = "\ufeff"


@dataclass(frozen=True)
class RestoreReport:
    """What became of a file.

    Attributes:
        restored: lines that hold personal data again.
        left: what looks like a placeholder and isn't in the key file.
    """

    lines: int
    restored: int
    left: int


def restore_file(source: Path, secrets: Mapping[str, Secrets], out: TextIO) -> RestoreReport:
    """Write a file's lines with the placeholders of each line's task turned back.

    Args:
        source: JSON lines: of a release, with its manifest and lineage beside it, or lines with
            `labeltune_id`.
        secrets: of the key file, by the key of a task.

    Raises:
        SyncError: a line isn't JSON, or can't be tied to a task.
    """
    key_of_line = _keys(source)
    lines = restored = left = 0
    for number, record in _records(source):
        if number == 1 and _begins_with_bom(source):
            out.write(_BOM)
        key = key_of_line(number, record)
        whole = restore(record, secrets.get(key, {}) if key else {})
        out.write(to_json(whole) + "\n")
        lines += 1
        restored += whole != record
        left += placeholders(whole)
    return RestoreReport(lines, restored, left)


def _begins_with_bom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def _records(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with source.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                record = json.loads(line.removeprefix(_BOM) if number == 1 else line)
                if not isinstance(record, dict):
                    raise SyncError(f"{source}, line {number}: expected an object")
                yield number, record
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(source, error) from error
    except json.JSONDecodeError as error:
        raise SyncError(f"{source}, line {number}: not JSON ({error.msg})") from None


def _unreadable(path: Path, error: Exception) -> SyncError:
    return SyncError(f"{path}: can't be read ({error})")


def _keys(source: Path) -> Callable[[int, Mapping[str, Any]], str | None]:
    """How to know a line's task: by its own `labeltune_id`, else by the release's lineage."""
    by_line = _exported_keys(source)

    def key_of(number: int, record: Mapping[str, Any]) -> str | None:
        own = record.get(ID_FIELD)
        if isinstance(own, str):
            return own
        if by_line is None or number not in by_line:
            raise SyncError(
                f"{source}, line {number}: can't be tied to a task; restore the exported file "
                f"where its {MANIFEST} and {LINEAGE} are, or give every line its {ID_FIELD!r}"
            )
        return by_line[number]

    return key_of


def _exported_keys(source: Path) -> Mapping[int, str | None] | None:
    """The key of each line's task; None where no manifest beside the file names the file.

    Raises:
        SyncError: the file or the lineage is no longer the one that was exported.
    """
    path = source.with_name(MANIFEST)
    if not path.exists():
        return None
    try:
        known = hashes(json.loads(path.read_text(encoding="utf-8")))
        if source.name not in known:
            return None
        exported = {name: known[name] for name in (source.name, LINEAGE)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SyncError(
            f"{path}: not the manifest of an export of this version ({type(error).__name__}); "
            "export again"
        ) from error
    for name, digest in exported.items():
        file = source.with_name(name)
        try:
            same = sha256(file) == digest
        except OSError as error:
            raise _unreadable(file, error) from error
        if not same:
            raise SyncError(
                f"{file}: changed since it was exported, so its lines can't be told apart; "
                "restore the file as it was exported, and change it then"
            )
    return keys_of_lines(source.parent, source.name)
