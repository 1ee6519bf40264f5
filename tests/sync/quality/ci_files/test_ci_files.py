"""Findings as files of CI systems."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from sync.quality.check import CheckReport
from sync.quality.checks import Finding
from sync.quality.ci_files import CI_FILES, junit, sarif, write_ci_files
from sync.records.draft_use import draft_use
from sync.records.states import WorkCounts
from tests.sync.builders import config_in

# what SARIF 2.1.0 asks of the parts that are written: required keys, enumerated words, ranges
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
NOTICE = {
    "type": "object",
    "required": ["message"],
    "properties": {"level": LEVEL, "message": TEXT},
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {"shortDescription": TEXT, "fullDescription": TEXT},
}
PLACE = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": "^[^ ]+$"}},
                },
                "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {"type": "array", "uniqueItems": True},
    },
}
RESULT = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": PLACE},
        "rank": {"type": "number", "minimum": -1, "maximum": 100},
        "hostedViewerUri": {"type": "string", "pattern": "^[a-z]+:"},
        "partialFingerprints": {"additionalProperties": {"type": "string"}},
    },
}
DRIVER = {
    "required": ["name"],
    "properties": {"rules": {"type": "array", "items": RULE, "uniqueItems": True}},
}
RUN = {
    "type": "object",
    "required": ["tool"],
    "properties": {
        "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
        "results": {"type": "array", "items": RESULT},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {
            "items": {
                "required": ["executionSuccessful"],
                "properties": {"toolExecutionNotifications": {"items": NOTICE}},
            }
        },
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {"version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}},
    "additionalProperties": True,
}

PAGE = "http://ls/projects/7/data?task="
FINDINGS = [
    Finding("too_fast", "warning", 3, 30, 0.1, "read <it> again", f"{PAGE}3"),
    Finding("too_fast", "info", 4, 40, 0.5, "a bell: \x07, half: \ud800", f"{PAGE}4"),
    Finding("contradiction", "error", 3, 30, 0.0, "says the opposite", f"{PAGE}3"),
    Finding("contradiction", "warning", 3, 30, 0.2, "and once more", f"{PAGE}3"),
    Finding("drift", "warning", None, None, 0.3, "it drifts", "http://ls/projects/7/data"),
    Finding("drift", "warning", None, None, 0.3, "so", "http://ls/projects/7/data", annotator=7),
]
REPORT = CheckReport(
    records=9,
    findings=len(FINDINGS),
    by_kind={"unreadable": 0, "contradiction": 2, "too_fast": 2, "drift": 2},
    by_severity={"error": 1, "warning": 4, "info": 1},
    skips=["category: too few"],
    path="a folder/findings.jsonl",
    table_version=0,
    work=WorkCounts(),
    drafts=draft_use([]),
    seconds=1.5,
)


def log_of(findings: list[Finding], report: CheckReport = REPORT) -> Any:
    log = json.loads(sarif.written([asdict(f) for f in findings], report))
    jsonschema.validate(log, LOG)
    return log["runs"][0]


def test_a_log_holds_rules_and_results() -> None:
    run = log_of(FINDINGS)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(REPORT.by_kind)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    for finding, result in zip(FINDINGS, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.kind
    levels = [result["level"] for result in run["results"]]
    assert levels == ["warning", "note", "error", "warning", "warning", "warning"]
    assert run["results"][0]["message"] == {"text": "task 3: read <it> again"}
    assert run["results"][4]["message"]["text"].startswith("the whole set: ")
    assert run["results"][5]["message"]["text"].startswith("annotator 7: ")
    assert run["results"][2]["rank"] == 100
    place = run["results"][2]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "a%20folder/findings.jsonl"},
        "region": {"startLine": 3},
    }
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in told] == ["Not judged: category: too few."]


@pytest.mark.parametrize("path", ["/data dir/findings.jsonl", "s3://bucket/findings.jsonl"])
def test_the_place_is_an_address(path: str) -> None:
    (result,) = log_of(FINDINGS[:1], replace(REPORT, path=path))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == ("file:///data%20dir/findings.jsonl" if path[0] == "/" else path)


def test_a_finding_is_known_again_when_its_figures_change() -> None:
    again = replace(FINDINGS[0], score=0.2, message="otherwise")
    first, second, other = (log_of([f])["results"][0] for f in (FINDINGS[0], again, FINDINGS[1]))
    assert first["partialFingerprints"] == second["partialFingerprints"]
    assert first["partialFingerprints"] != other["partialFingerprints"]


def test_a_report_of_suites_and_cases() -> None:
    root = ET.fromstring(junit.written([asdict(f) for f in FINDINGS], REPORT))
    assert root.tag == "testsuites"
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("6", "4", "0")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == list(REPORT.by_kind)
    assert (suites["unreadable"].get("tests"), suites["unreadable"].get("failures")) == ("1", "0")
    (case,) = suites["contradiction"]
    assert (case.get("classname"), case.get("name")) == ("contradiction", "task 3")
    (failure,) = case
    assert failure.get("type") == "error"
    assert failure.get("message") == "says the opposite (and 1 other)"
    assert failure.text is not None
    assert f"warning: and once more\n{PAGE}3" in failure.text
    noted = suites["too_fast"][1]
    assert [part.tag for part in noted] == ["system-out"]
    assert noted[0].text == f"a bell: \ufffd, half: \ufffd\n{PAGE}4"
    assert [case.get("name") for case in suites["drift"]][:2] == ["the whole set", "annotator 7"]
    assert (root[-1].findtext("system-out") or "").strip() == "Not judged: category: too few."


def test_nothing_found_is_all_passed() -> None:
    calm = replace(REPORT, by_kind={"unreadable": 0}, skips=[])
    root = ET.fromstring(junit.written([], calm))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert log_of([], calm)["results"] == []


def test_files_lie_beside_the_findings(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    config.data_dir.mkdir()
    lines = "".join(json.dumps(asdict(finding)) + "\n" for finding in FINDINGS)
    (config.data_dir / "findings-v3.jsonl").write_text(lines)
    report = replace(REPORT, path=str(config.data_dir / "findings-v3.jsonl"))
    written = write_ci_files(config, report, ["sarif", "junit", "sarif"])
    assert [Path(path).name for path in written] == ["findings-v3.sarif", "findings-v3.junit.xml"]
    assert len(json.loads(Path(written[0]).read_text())["runs"][0]["results"]) == len(FINDINGS)
    assert ET.parse(written[1]).getroot().get("failures") == "4"
    assert write_ci_files(config, report, []) == []
    assert set(CI_FILES) == {"sarif", "junit"}
