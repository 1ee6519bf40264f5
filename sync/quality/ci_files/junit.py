"""Findings as a JUnit report, which every CI system shows: a suite a check, a case a task.

https://github.com/testmoapp/junitxml describes what its readers have in common.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from sync.common.wording import counted
from sync.quality.check import CheckReport

# what XML 1.0 can't hold
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(findings: Sequence[Mapping[str, Any]], report: CheckReport) -> str:
    """Errors and warnings are failures; a note stands in the output of a case that passed.

    A check that found nothing is one case that passed.
    """
    by_kind: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in report.by_kind}
    for finding in findings:
        by_kind.setdefault(finding["kind"], []).append(finding)
    root = ET.Element("testsuites", name="labeltune check", time=f"{report.seconds:.3f}")
    for kind, found in by_kind.items():
        suite = ET.SubElement(root, "testsuite", name=kind)
        by_case: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for finding in found:
            by_case[_case(finding)].append(finding)
        for case, some in by_case.items():
            _add(suite, kind, case, some)
        if not found:
            ET.SubElement(suite, "testcase", classname=kind, name="all finished tasks")
        _count(suite)
    _count(root)
    said = [f"Not judged: {skip}." for skip in report.skips]
    if said:
        ET.SubElement(root[-1] if len(root) else root, "system-out").text = _held("\n".join(said))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add(suite: ET.Element, kind: str, case: str, findings: Sequence[Mapping[str, Any]]) -> None:
    """A test case with what was found of it, the worst first, since readers show one failure."""
    element = ET.SubElement(suite, "testcase", classname=kind, name=case)
    failures = [f for f in findings if f["severity"] != "info"]
    text = "\n\n".join(f"{f['severity']}: {f['message']}\n{f['url']}" for f in failures)
    if failures:
        first = failures[0]
        more = f" (and {counted(len(failures) - 1, 'other')})" if len(failures) > 1 else ""
        message = _held(first["message"] + more)
        failure = ET.SubElement(element, "failure", type=first["severity"], message=message)
        failure.text = _held(text)
    notes = [f"{f['message']}\n{f['url']}" for f in findings if f["severity"] == "info"]
    if notes:
        ET.SubElement(element, "system-out").text = _held("\n\n".join(notes))


def _case(finding: Mapping[str, Any]) -> str:
    if finding["task_id"] is not None:
        return f"task {finding['task_id']}"
    who = finding.get("annotator")
    return "the whole set" if who is None else f"annotator {who}"


def _count(element: ET.Element) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    element.set("failures", str(sum(1 for _ in element.iter("failure"))))
    element.set("errors", "0")


def _held(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
