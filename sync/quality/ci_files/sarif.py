"""Findings as SARIF 2.1.0, which code scanning and many CI systems read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sync.common.json_text import to_json
from sync.compute.travel import installed_version
from sync.quality.check import CheckReport
from sync.quality.report.kind_words import words_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def written(findings: Sequence[Mapping[str, Any]], report: CheckReport) -> str:
    """A log of one run; each check that ran is a rule, each finding a result."""
    rules = list(dict.fromkeys([*report.by_kind, *(f["kind"] for f in findings)]))
    driver = {
        "name": "LabelTune",
        "informationUri": "https://github.com/labeltune/labeltune",
        "rules": [_rule(kind) for kind in rules],
    }
    if version := installed_version():
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": f"Not judged: {skip}."}}
                    for skip in report.skips
                ],
            }
        ],
        "results": [
            _result(finding, line, rules.index(finding["kind"]), report.path)
            for line, finding in enumerate(findings, start=1)
        ],
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(kind: str) -> dict[str, Any]:
    words = words_of(kind)
    return {
        "id": kind,
        "shortDescription": {"text": words.name},
        "fullDescription": {"text": words.meaning or words.name},
    }


def _result(finding: Mapping[str, Any], line: int, rule: int, path: str) -> dict[str, Any]:
    """A result whose place is its line of `findings.jsonl`, since a task is no file."""
    about = _about(finding)
    return {
        "ruleId": finding["kind"],
        "ruleIndex": rule,
        "level": _LEVELS[finding["severity"]],
        "message": {"text": f"{about}: {finding['message']}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(path)},
                    "region": {"startLine": line},
                },
                "logicalLocations": [{"name": about, "kind": "element"}],
            }
        ],
        "hostedViewerUri": finding["url"],
        # of 100, high = look at this first
        "rank": round(100 * (1 - finding["score"]), 3),
        "partialFingerprints": {"labeltune/v1": _same(finding)},
    }


def _about(finding: Mapping[str, Any]) -> str:
    if finding["task_id"] is not None:
        return f"task {finding['task_id']}"
    if finding.get("annotator") is not None:
        return f"annotator {finding['annotator']}"
    return "the whole set"


def _same(finding: Mapping[str, Any]) -> str:
    """What stays the same as long as a finding does, though its figures may not."""
    names = ("kind", "task_id", "annotation_id", "control", "related_task_id", "annotator")
    told = to_json([finding.get(name) for name in names])
    return hashlib.sha256(told.encode()).hexdigest()


def _uri(path: str) -> str:
    """A relative or absolute URI of a path."""
    if "://" in path:
        return path
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
