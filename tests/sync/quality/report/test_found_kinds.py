"""Findings by severity and kind: all are counted, the first are shown."""

import json
from typing import Any

import pytest

from sync.quality.checks import CHECKS, FOLLOW_UPS
from sync.quality.report.found_kinds import MOST_OF_A_KIND, MOST_SHOWN, AllFound, read_found
from sync.quality.report.kind_words import words_of
from sync.quality.text_checks import TEXT_CHECKS
from tests.sync.quality.report.planted import finding


def found(*findings: dict[str, Any]) -> AllFound:
    return read_found(json.dumps(each).encode() for each in findings)


def test_errors_come_first_then_the_kind_with_most() -> None:
    said = found(
        *(finding(n, "label_error") for n in (1, 1, 2)),
        *(finding(n, "contradiction") for n in (3, 4, 5, 6)),
        finding(7, "incomplete", severity="error"),
        finding(8, "label_error", severity="info"),
    )
    assert [(k.severity, k.kind, k.number, k.tasks) for k in said.kinds] == [
        ("error", "incomplete", 1, 1),
        ("warning", "contradiction", 4, 4),
        ("warning", "label_error", 3, 2),
        ("info", "label_error", 1, 1),
    ]
    assert (said.number, said.tasks) == (9, {"error": 1, "warning": 6, "info": 1})
    assert said.of_annotations == {10: 2, 20: 1, 30: 1, 40: 1, 50: 1, 60: 1, 70: 1}
    assert said.quoted_tasks() == {1, 2, 3, 4, 5, 6, 7, 8}


def test_the_rest_is_counted() -> None:
    said = found(*(finding(n) for n in range(1, 101)))
    (kind,) = said.kinds
    assert (len(kind.shown), kind.left) == (MOST_OF_A_KIND, 100 - MOST_OF_A_KIND)
    assert [f.task_id for f in kind.shown] == [*range(1, MOST_OF_A_KIND + 1)]


def test_many_kinds_show_fewer_of_each() -> None:
    said = found(*(finding(n, f"kind_{n % 100}") for n in range(1, 2_001)))
    assert said.number == 2_000
    assert sum(len(kind.shown) for kind in said.kinds) == MOST_SHOWN


def test_a_finding_about_the_whole_set_has_no_task() -> None:
    said = found(finding(1, task_id=None, annotation_id=None, tasks=[*range(20)], annotator=7))
    (shown,) = said.kinds[0].shown
    assert (shown.task_id, shown.tasks, said.quoted_tasks()) == (None, (0, 1, 2, 3, 4), frozenset())
    assert (said.tasks["warning"], said.of_annotations) == (0, {})


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", None, "//x"])
def test_only_pages_of_the_web_are_linked(url: str | None) -> None:
    assert found(finding(1, url=url)).kinds[0].shown[0].url is None
    assert found(finding(1)).kinds[0].shown[0].url is not None


@pytest.mark.parametrize("line", [b"[]", b"{}", b'{"kind": "x", "severity": "fatal"}', b"nothing"])
def test_what_is_no_finding_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"finding|JSON|Expecting"):
        read_found([line])


@pytest.mark.parametrize("kind", [*CHECKS, *FOLLOW_UPS, *TEXT_CHECKS])
def test_every_kind_means_something(kind: str) -> None:
    assert words_of(kind).meaning.endswith((".", "?")), words_of(kind)


def test_a_kind_that_nobody_has_words_for_goes_by_its_name() -> None:
    assert words_of("cut_off").name == "answers that are cut off"
    assert words_of("label_error").name == "labels that are probably wrong"
    assert (words_of("my_own").name, words_of("my_own").meaning) == ("my own", "")
