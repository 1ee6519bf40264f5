"""`labeltune validate` as a user calls it, in this process, and what it printed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner

from sync.cli import cli
from sync.training_files.formats import FORMATS
from sync.training_files.trainers import PROVIDERS
from tests.sync.training_files.validation.lines import SECRET

# (format, provider that reads it or None)
READS: list[tuple[str, str | None]] = [(form, None) for form in FORMATS]
READS += [(form, provider.name) for provider in PROVIDERS.values() for form in provider.formats]


@dataclass(frozen=True)
class Validated:
    """What came out; `problems` as (line, rule, severity)."""

    status: int
    report: dict[str, Any]

    @property
    def problems(self) -> list[tuple[int, str, str]]:
        return [(p["line"], p["rule"], p["severity"]) for p in self.report["problems"]]

    @property
    def rules(self) -> set[str]:
        return {rule for _, rule, _ in self.problems}

    def message(self, rule: str) -> str:
        """What the first problem of a rule says."""
        found: str = next(p["message"] for p in self.report["problems"] if p["rule"] == rule)
        return found


def run(*arguments: str | Path, given: bytes | None = None) -> Validated:
    """The verb with `--json`; nothing that it prints may hold the examples' texts."""
    done = CliRunner().invoke(cli, ["validate", *map(str, arguments), "--json"], input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert SECRET not in done.output
    return Validated(done.exit_code, json.loads(done.stdout))


def write(path: Path, lines: Iterable[Any], bom: bool = False) -> Path:
    """A file of JSON lines; bytes are written as they are."""
    content = (line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    path.write_bytes(b"\xef\xbb\xbf" * bom + b"".join(line + b"\n" for line in content))
    return path
