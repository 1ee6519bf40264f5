"""Moments: what is read, what is never guessed, and what the sentence says instead."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.moments import check_date_format, moment

SET = "(set sources.date_format ="
UNREAD: dict[str, tuple[Any, str]] = {
    "nothing": (None, "nothing"),
    "an empty text": ("", "nothing"),
    "words": ("soon", "text that is none (set sources.date_format to how it is written"),
    "a list": (["2026"], "a list"),
    "a flag": (True, "true or false"),
    "seconds": (1700000000, f'what seems to be seconds since 1970 {SET} "epoch")'),
    "seconds with a fraction": (
        1700000000.25,
        f'what seems to be seconds since 1970 {SET} "epoch")',
    ),
    "seconds as text": ("1700000000", f'what seems to be seconds since 1970 {SET} "epoch")'),
    "milliseconds": (1700000000000, f'what seems to be milliseconds since 1970 {SET} "epoch-ms")'),
    # which `fromisoformat` takes for the year 1711
    "milliseconds like a date": (
        "1711011512345",
        f'what seems to be milliseconds since 1970 {SET} "epoch-ms")',
    ),
    "a day of a spreadsheet": (45992, "a number that is no date"),
    "month or day": (
        "3/4/2026",
        "a date of which nothing says whether month or day comes first "
        f'{SET} "%m/%d/%Y" or "%d/%m/%Y")',
    ),
    "month or day, short": (
        "03.04.26",
        "a date of which nothing says whether month or day comes first "
        f'{SET} "%m.%d.%y" or "%d.%m.%y")',
    ),
    "the month first": ("03/14/2026", f'a date that begins with the month {SET} "%m/%d/%Y")'),
    "the day first": ("14.03.2026", f'a date that begins with the day {SET} "%d.%m.%Y")'),
    "with a time": (
        "12/31/2026 11:05 PM",
        f'a date that begins with the month {SET} "%m/%d/%Y %I:%M %p")',
    ),
    "with seconds": (
        "31.12.2026, 23:05:01",
        f'a date that begins with the day {SET} "%d.%m.%Y, %H:%M:%S")',
    ),
    "before the year 1": (
        "0001-01-01T00:30:00+01:00",
        "a time in the year 1 that in UTC is outside of the years 1 to 9999",
    ),
    "after the year 9999": (
        "9999-12-31T23:30:00-01:00",
        "a time in the year 9999 that in UTC is outside of the years 1 to 9999",
    ),
}


@pytest.mark.parametrize(("value", "sentence"), UNREAD.values(), ids=UNREAD)
def test_what_is_not_read_is_named_with_the_setting(value: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        moment(value)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("value", ["2026-03-04", "2026-03-04 09:12", "2026-03-04T09:12:00Z"])
def test_iso_where_another_form_was_named(value: str) -> None:
    with pytest.raises(ValueError, match=r"^a date in ISO 8601 \(leave sources.date_format out"):
        moment(value, "%m/%d/%Y")


def test_the_suggested_format_reads_the_value() -> None:
    for value, _ in UNREAD.values():
        with pytest.raises(ValueError, match=r".") as caught:
            moment(value)
        quoted = str(caught.value).split('"')[1::2]
        for date_format in quoted:
            check_date_format(date_format)
            assert moment(value, date_format).tzinfo is UTC


READ: dict[str, tuple[Any, str | None, datetime]] = {
    "a day": ("2026-03-01", None, datetime(2026, 3, 1, tzinfo=UTC)),
    "a day without signs": ("20260301", None, datetime(2026, 3, 1, tzinfo=UTC)),
    "a zone": ("2026-03-01T01:00:00+02:00", None, datetime(2026, 2, 28, 23, tzinfo=UTC)),
    "Z": ("2026-03-01T01:00:00Z", None, datetime(2026, 3, 1, 1, tzinfo=UTC)),
    "a format": ("1.3.2026 7:05", "%d.%m.%Y %H:%M", datetime(2026, 3, 1, 7, 5, tzinfo=UTC)),
    "a format with a zone": (
        "03/01/26 +0200",
        "%m/%d/%y %z",
        datetime(2026, 2, 28, 22, tzinfo=UTC),
    ),
    "the first moment": ("0001-01-01T00:00:00Z", None, datetime(1, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize(("value", "date_format", "at"), READ.values(), ids=READ)
def test_what_is_read(value: Any, date_format: str | None, at: datetime) -> None:
    assert moment(value, date_format) == at


@pytest.mark.parametrize("date_format", ["%H:%M", "%Y", "soon", "%Y-%m-%d %", "%m/%d", "%Q"])
def test_formats_that_read_no_date(date_format: str) -> None:
    with pytest.raises(ValueError, match=r"write for example"):
        check_date_format(date_format)


@given(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str)
)
def test_anything_is_read_or_told_in_one_sentence(value: Any) -> None:
    for date_format in (None, "%m/%d/%Y", "epoch", "epoch-ms"):
        try:
            assert moment(value, date_format).tzinfo is UTC
        except ValueError as error:
            assert "\n" not in str(error)
            if isinstance(value, str) and len(value) > 3:
                assert value not in str(error)
