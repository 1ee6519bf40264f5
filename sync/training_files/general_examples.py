"""General examples for the training file, which keep a model from forgetting the rest."""

import hashlib
import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sync.common.errors import ExportError
from sync.common.json_text import Json
from sync.common.wording import counted
from sync.settings.mix import MixSection
from sync.training_files.example import Conversation
from sync.training_files.formats import FORMATS

FORMAT = "openai-chat"


@dataclass(frozen=True)
class GeneralExample:
    """One example, and the line that it comes from; `file` is as `[mix]` names it."""

    conversation: Conversation
    file: str
    line: int


@dataclass(frozen=True)
class MixedFile:
    """A file that examples were chosen from.

    Attributes:
        file: as `[mix]` names it.
        lines: that it holds, empty ones aside.
    """

    file: str
    lines: int
    sha256: str


@dataclass(frozen=True)
class GeneralExamples:
    """What is mixed in.

    Attributes:
        share: of the training file's lines, as it was asked for.
    """

    examples: tuple[GeneralExample, ...]
    share: float
    files: tuple[MixedFile, ...]

    def manifest(self) -> Json:
        """What was mixed in, for the release's manifest; the same of the same files."""
        return {
            "share": self.share,
            "count": len(self.examples),
            "files": [{"file": f.file, "lines": f.lines, "sha256": f.sha256} for f in self.files],
        }


def count_for(own: int, share: float) -> int:
    """How many general examples have this share of a file that also holds `own` lines."""
    return round(own * share / (1.0 - share))


def general_examples(settings: MixSection, folder: Path, count: int) -> GeneralExamples:
    """Choose examples by the sha256 of their lines, the lowest; equal lines count once.

    Every line is read and checked, so that it does not depend on the choice whether a fault is
    found; only those that are chosen are held in memory.

    Args:
        folder: where relative paths start: that of the configuration.
        count: see `count_for`.

    Raises:
        ExportError: a file can't be read, a line breaks a rule, or there are too few lines.
    """
    if not settings.files:
        return GeneralExamples((), settings.share, ())
    chosen = _Lowest(count)
    files = [_read(name, folder / name, chosen) for name in settings.files]
    examples = tuple(chosen.examples())
    if len(examples) < count:
        different = counted(len(examples), "example that differs", "examples that differ")
        raise ExportError(
            f"mix.files hold {different}, and {count} are needed for "
            f"mix.share = {settings.share:g}; add a file, or lower the share"
        )
    return GeneralExamples(examples, settings.share, tuple(files))


class _Lowest:
    """The lines with the lowest digests, each once, as it was found first."""

    def __init__(self, count: int) -> None:
        self._count = count
        # the highest digest on top, since heapq keeps the least there
        self._heap: list[tuple[int, str, int, bytes]] = []
        self._held: set[int] = set()

    def add(self, file: str, number: int, line: bytes) -> None:
        digest = int.from_bytes(hashlib.sha256(line).digest(), "big")
        if digest in self._held or not self._count:
            return
        found = (-digest, file, number, line)
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, found)
        elif found > self._heap[0]:
            out, *_ = heapq.heapreplace(self._heap, found)
            self._held.discard(-out)
        else:
            return
        self._held.add(digest)

    def examples(self) -> Iterator[GeneralExample]:
        """By digest."""
        for _, file, number, line in sorted(self._heap, reverse=True):
            yield GeneralExample(_conversation(line), file, number)


def _read(name: str, path: Path, chosen: _Lowest) -> MixedFile:
    """Check every line of a file and offer it."""
    digest = hashlib.sha256()
    lines = 0
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                digest.update(raw)
                line = raw.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else raw.strip()
                if not line:
                    continue
                _check(f"{name}, line {number}", line)
                lines += 1
                chosen.add(name, number, line)
    except OSError as error:
        raise ExportError(
            f"{path}: can't be read ({error.strerror or error}); correct mix.files in "
            "labeltune.toml"
        ) from error
    return MixedFile(name, lines, digest.hexdigest())


def _check(where: str, line: bytes) -> None:
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ExportError(
            f"{where}: no JSON in UTF-8; mix.files must be {FORMAT} JSONL, one object a line"
        ) from error
    if not isinstance(found, dict):
        raise ExportError(
            f"{where}: expected an object, found {type(found).__name__}; mix.files must be "
            f"{FORMAT} JSONL"
        )
    for fault in _errors(found):
        raise ExportError(f"{where}: {fault}; correct or delete the line (mix.files)")


def _errors(found: Json) -> Iterator[str]:
    return (f.message for f in FORMATS[FORMAT].check(found) if f.severity == "error")


def _conversation(line: bytes) -> Conversation:
    found = json.loads(line.decode("utf-8"))
    return Conversation(tuple(found["messages"]), tuple(found.get("tools") or ()))
