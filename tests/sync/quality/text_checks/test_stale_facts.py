"""Facts that were retired."""

import pickle
from datetime import date

import pytest

from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.stale_facts import StaleFacts

CHECK = StaleFacts(retired={"4.1": "5.0 since May", "Gold plan": ""})
MORE = StaleFacts(
    retired={
        "2023 edition": "2025 edition",
        "ISO 9001:2008": "ISO 9001:2015",
        "Windows 7": "Windows 11",
        "3.x": "5.0",
        "6": "7",
        "Silver plan": "Plus plan",
    },
    patterns={r"fee of (EUR|€) ?5\b": "EUR 6"},
)


def found(answer: str, check: StaleFacts = CHECK, **context: str) -> list[str]:
    return [fault.message for fault in check(CheckedText("", "", answer, context=context))]


@pytest.mark.parametrize(
    "answer",
    [
        "In 4.1 press Save.",
        "Version v4.1.2 has it.",
        "The gold  plan has it.",
        # written otherwise
        "In 4.1.x press Save.",
        "You find it in versions 4.0-4.3.",
        "The Gold-Plan has it.",
        "Choose one of our Gold plans; the **Gold** plan's fee is the same.",
        "The Gold and Silver plans have it.",
        "It is free on the Gold\nplan.",
        # words of the end that are about something else
        "The update to 4.1 is free for all.",
        "Before you start, open 4.1 and press Save.",
        "If your file was lost, open 4.1 and press Undo.",
        "Update the settings in 4.1.",
        "In 4.1, press Save until it is green; the file is no longer locked then.",
        "4.1 has replaced 4.0 everywhere.",
        "4.1 replaces the discontinued 4.0.",
        "Since 4.0 is no longer supported, use 4.1 instead.",
        "4.1 is not deprecated yet.",
        "It is not available in 4.1.",
        "You can use 4.1 in your office.",
    ],
)
def test_what_is_retired_is_named_with_what_holds(answer: str) -> None:
    (message,) = found(answer)
    assert "no longer holds" in message


@pytest.mark.parametrize(
    "answer",
    [
        "Use the 2023 Edition.",
        "The edition of 2023 says so.",
        "See ISO 9001:2008.",
        "Install it on Windows7.",
        "In 3.4 press Save, and with 3.x it is easy.",
        "Filedesk 6 has it.",
        "Take release 6.",
        "A fee of EUR\u00a05 is due.",
        "A **fee of EUR 5** is due.",
    ],
)
def test_names_numbers_and_patterns(answer: str) -> None:
    assert found(answer, MORE)


@pytest.mark.parametrize(
    "answer",
    [
        "It takes 6 days, and 6 of them are free.",
        "On Monday 6 people came.",
        "The fee of EUR 5 was raised to EUR 6.",
        "Customers on the Silver plan have been moved to the Plus plan.",
        "The 2023 edition is outdated.",
        "In 2023 the edition changed.",
    ],
)
def test_numbers_that_are_no_version_and_what_has_changed(answer: str) -> None:
    assert found(answer, MORE) == []


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
        # numbers that are no version
        "It is 4.1 km away, and 4.1 million people use it.",
        "See section 4.1 of the terms.",
        # told to be over
        "It needs 4.1 or later.",
        "Upgrade from 4.1 to 5.0 first.",
        "If you still use 4.1, please update to the newest version.",
        "Use 5.0 instead of 4.1.",
        "5.0 replaced 4.1 in May; 4.1 was replaced by 5.0.",
        "Until 4.1 the button was blue.",
        "In 4.1 the menu was called Tools.",
        "We no longer support 4.1.",
        "The former Gold plan had it.",
        "The Gold plan costs EUR 3. It is no longer sold.",
        "Wir verkaufen den Gold plan nicht mehr.",
    ],
)
def test_what_is_not_meant(answer: str) -> None:
    assert found(answer) == []


def test_the_version_of_the_task_counts() -> None:
    assert 'version "4.1"' in found("Press Save.", version="4.1")[0]
    assert found("4.1 was retired; upgrade first.", version="4.1") == []
    assert found("Press Save.", version="5.0") == []
    assert len(found("Press Save.", plan="Gold")) == 1
    assert len(found("Press Save before the file was closed.", version="4.1")) == 1
    assert found("Install 5.0 first.", version="4.1") == []


def test_the_version_that_is_asked_for_counts() -> None:
    def asked(question: str, answer: str = "Press Save.") -> list[TextFault]:
        return list(CHECK(CheckedText(question, question, answer)))

    assert 'asked for "4.1"' in asked("How do I save in 4.1?")[0].message
    assert asked("I moved from 4.1 to 5.0. How do I save?") == []
    assert asked("How do I save in 4.1?", "In 5.0 press Save.") == []


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
