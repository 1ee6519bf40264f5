"""What `check` found, in the files that CI systems read: one module each, one entry in `CI_FILES`.

Open first: this module, then `sarif`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sync.quality.check import CheckReport
from sync.quality.ci_files import junit, sarif
from sync.settings import Config
from sync.table.data_folder import data_folder


class WriteCIFile(Protocol):
    """Findings as a file's text."""

    def __call__(self, findings: Sequence[Mapping[str, Any]], report: CheckReport) -> str: ...


# name for --format -> end of the file's name, and what writes it
CI_FILES: dict[str, tuple[str, WriteCIFile]] = {
    "sarif": (".sarif", sarif.written),
    "junit": (".junit.xml", junit.written),
}


def write_ci_files(config: Config, report: CheckReport, formats: Sequence[str]) -> list[str]:
    """Write the findings of a check beside its `findings.jsonl`, and say where.

    Args:
        formats: names in `CI_FILES`.

    Raises:
        SyncError: the data folder can't be read or written.
    """
    folder = data_folder(config)
    name = report.path.replace("\\", "/").rpartition("/")[2]
    lines = (folder.read(name) or b"").splitlines() if formats else []
    findings = [json.loads(line) for line in lines]
    written = []
    for each in dict.fromkeys(formats):
        end, write = CI_FILES[each]
        file = name.removesuffix(".jsonl") + end
        folder.write(file, write(findings, report))
        written.append(folder.location(file))
    return written
