"""The key file: what placeholders stand for, kept by the user and read by nobody else.

JSON lines: a random secret first, then a task a line. It is only ever appended to, by whole lines,
so that a process that is killed loses nothing that was written before.
"""

import hashlib
import json
import os
import secrets as random_secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Self

from filelock import FileLock

from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.intake.redaction.packed_json import Value
from sync.intake.redaction.placeholders import Secrets
from sync.settings.redaction import RedactionSection

_OWNER_ONLY = 0o600


class KeyFile:
    """What was redacted, by a task's key. Use it in a `with`, or call `close` before sending."""

    def __init__(self, path: Path) -> None:
        """Nothing is made yet.

        Args:
            path: made at the first `add` or `secret`, with mode 0600.
        """
        self.path = path
        self._file: BinaryIO | None = None
        self._held = ExitStack()  # file and lock
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), mode=_OWNER_ONLY, timeout=60)
        self._written: dict[tuple[str, bool], bytes] = {}

    @classmethod
    def of(cls, settings: RedactionSection, folder: Path) -> Self | None:
        """The key file of a configuration; None where redaction is off or nothing is kept."""
        if not settings.on or not settings.key_file:
            return None
        return cls(folder / settings.key_file)

    @classmethod
    def known(cls, settings: RedactionSection, folder: Path) -> dict[str, Secrets]:
        """Read the key file of a configuration, whether or not redaction is on now.

        Raises:
            SyncError: see `secrets`.
        """
        path = folder / settings.key_file
        return cls(path).secrets() if settings.key_file and path.is_file() else {}

    def secret(self, *, make: bool = True) -> bytes:
        """The random secret of this file, for `pseudonym`.

        Args:
            make: make the file where there is none; otherwise the secret is one for now.

        Raises:
            SyncError: the file can't be read, or is no key file.
        """
        if not self.path.exists():
            if not make:
                return random_secrets.token_bytes(32)
            self._make()
        for line in self._lines():
            try:
                return bytes.fromhex(line["secret"])
            except (KeyError, TypeError, ValueError):
                break
        raise SyncError(
            f"{self.path}: not a key file (its first line holds no secret); name another in "
            "cleaning.redaction.key_file, or restore it from a backup"
        )

    def add(self, id: str, secrets: Mapping[str, Value], *, typed: bool = False) -> None:
        """Keep what a task's placeholders stand for; writes nothing where the file has the same.

        Another value for a placeholder of the same task replaces the earlier one: the task's
        source changed.

        Args:
            typed: they are in its answer and not in its source, which has a line of its own.

        Raises:
            SyncError: the file can't be written.
        """
        file = self._open()
        entry = _entry(secrets)
        if self._written.get((id, typed)) == entry:
            return
        mark = {"typed": True} if typed else {}
        line = to_json({"id": id, "secrets": dict(secrets), **mark}) + "\n"
        try:
            file.write(line.encode())
            file.flush()
        except OSError as error:
            raise self._unusable("written", error) from error
        self._written[id, typed] = entry

    def close(self) -> None:
        """Wait until everything is on the disk, and let other processes write.

        Raises:
            SyncError: the disk refuses.
        """
        file, self._file = self._file, None
        if file is None:
            return
        try:
            with self._held:
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unusable("written", error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def secrets(self) -> dict[str, Secrets]:
        """Task id -> placeholder -> value, of all tasks.

        Raises:
            SyncError: the file can't be read, or a line is damaged.
        """
        kept: dict[str, Secrets] = {}
        for line in self._tasks():
            kept.setdefault(line["id"], {}).update(line["secrets"])
        return kept

    def _make(self) -> None:
        """Make the file with its first line in it, unless another process just did."""
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        first = to_json({"labeltune": "redaction key", "secret": random_secrets.token_hex(32)})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(f"{first}\n".encode())
                    file.flush()
                    os.fsync(file.fileno())
                # unlike a rename, a link never replaces a file that is there
                os.link(draft, self.path)
            finally:
                draft.unlink()
        except FileExistsError:
            return
        except OSError as error:
            raise self._unusable("made", error) from error

    def _open(self) -> BinaryIO:
        """Lock the file, mend its last line, read digests of its lines, and stand at its end."""
        if self._file is None:
            self.secret()
            try:
                with ExitStack() as undo:
                    undo.enter_context(self._lock)
                    self.path.chmod(_OWNER_ONLY)
                    file = undo.enter_context(self.path.open("r+b"))
                    _heal(file)
                    self._written = {
                        (line["id"], bool(line.get("typed"))): _entry(line["secrets"])
                        for line in self._tasks()
                    }
                    self._held = undo.pop_all()
            except OSError as error:
                raise self._unusable("written", error) from error
            self._file = file
        return self._file

    def _tasks(self) -> Iterator[dict[str, Any]]:
        """The lines of tasks."""
        return (line for line in self._lines() if "id" in line)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """The file's objects; a last line that was cut off is left out."""
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    try:
                        yield _parsed(line)
                    except ValueError:
                        if not line.endswith(b"\n"):
                            return
                        raise SyncError(
                            f"{self.path}, line {number}: not a line of a key file; restore the "
                            "file from a backup, or remove the line: its task can't be turned back"
                        ) from None
        except OSError as error:
            raise self._unusable("read", error) from error

    def _unusable(self, what: str, error: OSError) -> SyncError:
        return SyncError(
            f"{self.path}: the key file can't be {what} ({error.strerror or error}); correct "
            "cleaning.redaction.key_file in labeltune.toml"
        )


def _parsed(line: bytes) -> dict[str, Any]:
    """Raises ValueError for anything but a line of a key file."""
    parsed = json.loads(line)
    if not isinstance(parsed, dict) or not (
        "secret" in parsed
        or (isinstance(parsed.get("id"), str) and isinstance(parsed.get("secrets"), dict))
    ):
        raise ValueError
    return parsed


def _heal(file: BinaryIO) -> None:
    """Cut off what a killed process left of its last line, or end a whole one; stand at the end."""
    start = 0
    last = b""
    for line in file:
        start, last = start + len(last), line
    if last.endswith(b"\n"):
        return
    try:
        _parsed(last)
        file.write(b"\n")
    except ValueError:
        file.truncate(start)
        file.seek(start)
    file.flush()


def _entry(secrets: Mapping[str, Value]) -> bytes:
    """A short digest, since a large project's values would fill the memory."""
    text = json.dumps(dict(secrets), sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
