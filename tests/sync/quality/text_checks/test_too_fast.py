"""Drafts that nobody can have read."""

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.too_fast import TooFast, reading_time_s

# 228 words a minute, the average of English in the study
ENGLISH = "The replacement card costs five pounds and arrives within five working days. " * 19


def found(
    lead_time_s: float | None, draft: str | None = None, answer: str = ENGLISH
) -> list[float]:
    text = CheckedText("Fee?", "Fee?", answer, draft=draft or answer, lead_time_s=lead_time_s)
    return [fault.score for fault in TooFast()(text)]


def test_reading_times_are_those_of_the_study() -> None:
    assert reading_time_s(ENGLISH) == pytest.approx(60 * len(ENGLISH.split()) / 228, rel=0.25)
    assert reading_time_s("更换卡片需要五英镑" * 28) == pytest.approx(60, rel=0.02)


@pytest.mark.parametrize(("lead_time_s", "faults"), [(3.0, 1), (20.0, 1), (45.0, 0), (None, 0)])
def test_a_draft_that_stands(lead_time_s: float | None, faults: int) -> None:
    assert len(found(lead_time_s)) == faults


def test_the_fastest_come_first() -> None:
    assert found(1.0) < found(10.0)


def test_who_changed_the_draft_has_read_it() -> None:
    assert found(3.0, draft=ENGLISH.replace("five", "six")) == []
    assert found(3.0, draft=ENGLISH.strip()) != []


def test_reasoning_is_read_too() -> None:
    text = CheckedText("", "", "Yes.", reasoning=(ENGLISH,), draft="Yes.", lead_time_s=3.0)
    (fault,) = TooFast()(text)
    assert fault.message.startswith("the draft was accepted unchanged after 3 s, and reading it")
    assert not list(TooFast(times=40.0)(text))


def test_nobody_reads_at_no_speed() -> None:
    with pytest.raises(ValueError, match="times must be more than 0, found 0"):
        TooFast(times=0)
