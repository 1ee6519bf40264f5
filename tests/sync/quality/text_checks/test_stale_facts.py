"""Facts that were retired."""

import pickle
from datetime import date

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.stale_facts import StaleFacts

CHECK = StaleFacts(retired={"4.1": "5.0 since May", "Gold plan": ""})


def found(answer: str, check: StaleFacts = CHECK, **context: str) -> list[str]:
    return [fault.message for fault in check(CheckedText("", "", answer, context=context))]


@pytest.mark.parametrize(
    "answer", ["In 4.1 press Save.", "Version v4.1.2 has it.", "The gold  plan has it."]
)
def test_what_is_retired_is_named_with_what_holds(answer: str) -> None:
    (message,) = found(answer)
    assert "no longer holds" in message


def test_what_holds_now_is_told() -> None:
    assert "5.0 since May" in found("In 4.1 press Save.")[0]


@pytest.mark.parametrize(
    "answer",
    [
        "In 4.10 and 14.1 press Save.",
        "It costs $4.1.",
        "It rose by 4.1%.",
        "4.1 is no longer supported; install 5.0.",
        "The goldplan.",
        "Press Save.",
    ],
)
def test_what_is_not_meant(answer: str) -> None:
    assert found(answer) == []


def test_the_version_of_the_task_counts() -> None:
    assert 'version "4.1"' in found("Press Save.", version="4.1")[0]
    assert found("4.1 was retired; upgrade first.", version="4.1") == []
    assert found("Press Save.", version="5.0") == []


def test_what_ends_on_a_day_is_over_from_then_on() -> None:
    options = {"patterns": {r"fee of \w+ 5": ""}, "until": {r"fee of \w+ 5": date(2026, 5, 1)}}
    for today, faults in ((date(2026, 4, 30), 0), (date(2026, 5, 1), 1)):
        assert len(found("A fee of EUR 5.", StaleFacts(**options, today=today))) == faults  # type: ignore[arg-type]


def test_options_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        StaleFacts(patterns={"(": ""})
    with pytest.raises(ValueError, match="neither in retired nor in patterns"):
        StaleFacts(until={"4.1": date(2026, 5, 1)})


def test_it_travels_after_it_ran() -> None:
    found("In 4.1 press Save.")
    assert len(found("In 4.1 press Save.", pickle.loads(pickle.dumps(CHECK)))) == 1
