"""Moments as people write them: ISO 8601, a format that the settings name, or seconds of an epoch.

Nothing is guessed: where day and month could be exchanged, the sentence says so.
"""

import re
from datetime import UTC, datetime
from typing import Any

from sync.common.json_text import json_type

EPOCH, EPOCH_MS = "epoch", "epoch-ms"
_FACTORS = {EPOCH: 1, EPOCH_MS: 1000}
_DIGITS = re.compile(r"\s*-?\d{9,}(?:\.\d+)?\s*")
# day, month and year apart by one sign, as 3/4/2026 or 03.04.26
_SLASHED = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b(.*)", re.DOTALL)
_SETTING = "sources.date_format"


def moment(value: Any, date_format: str | None = None) -> datetime:
    """A moment in UTC; one without a zone is taken for UTC.

    Args:
        date_format: as `strptime` has it, "epoch" or "epoch-ms"; None for ISO 8601.

    Raises:
        ValueError: it can't be read so; what it seems to be and what helps, never the value.
    """
    if value is None or value == "":
        raise ValueError("nothing")
    try:
        at = _iso(value) if date_format is None else _formatted(value, date_format)
    except (TypeError, ValueError):
        raise ValueError(_seems(value)) from None
    except (OverflowError, OSError):
        raise ValueError("a number that is no date") from None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise ValueError(
            f"a time in the year {at.year} that in UTC is outside of the years 1 to 9999"
        ) from None


def check_date_format(date_format: str) -> None:
    """Check that moments can be read with a format.

    Raises:
        ValueError: they can't.
    """
    if date_format in _FACTORS:
        return
    example = datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC)
    try:
        read = datetime.strptime(example.strftime(date_format), date_format)
    except (ValueError, re.error) as error:
        raise ValueError(f"no format of dates ({error}); {_examples()}") from None
    if (read.year, read.month, read.day) != (2026, 12, 31):
        raise ValueError(f"a date needs year, month and day; {_examples()}")


def _examples() -> str:
    return 'write for example "%m/%d/%Y", "%d.%m.%Y %H:%M", "epoch" or "epoch-ms"'


def _iso(value: Any) -> datetime:
    if _DIGITS.fullmatch(value):  # `fromisoformat` would take some of them for a date
        raise ValueError
    return datetime.fromisoformat(value)


def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _formatted(value: Any, date_format: str) -> datetime:
    if date_format not in _FACTORS:
        return datetime.strptime(value, date_format)
    return datetime.fromtimestamp(float(value) / _FACTORS[date_format], UTC)


def _seems(value: Any) -> str:
    """Describe a value that can't be read as a date, and the setting that may help."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return json_type(value)
    if not isinstance(value, str) or _DIGITS.fullmatch(value):
        number = abs(float(value))
        if 1e8 <= number < 1e11:
            return f'what seems to be seconds since 1970 (set {_SETTING} = "{EPOCH}")'
        if 1e11 <= number < 1e14:
            return f'what seems to be milliseconds since 1970 (set {_SETTING} = "{EPOCH_MS}")'
        return "a number that is no date"
    slashed = _SLASHED.fullmatch(value)
    if slashed is None:
        if _is_iso(value):
            return f"a date in ISO 8601 (leave {_SETTING} out where all are written so)"
        return f"text that is none (set {_SETTING} to how it is written, as strptime has it)"
    return _said_of_slashed(*slashed.groups())


def _said_of_slashed(one: str, sign: str, two: str, year: str, rest: str) -> str:
    shape = {
        order: sign.join([*order, "%Y" if len(year) == 4 else "%y"])
        for order in (("%m", "%d"), ("%d", "%m"))
    }
    month_first, day_first = (f'"{text}{_time_of_day(rest)}"' for text in shape.values())
    first, second = int(one), int(two)
    if first > 12 >= second:
        return f"a date that begins with the day (set {_SETTING} = {day_first})"
    if second > 12 >= first:
        return f"a date that begins with the month (set {_SETTING} = {month_first})"
    return (
        "a date of which nothing says whether month or day comes first "
        f"(set {_SETTING} = {month_first} or {day_first})"
    )


def _time_of_day(rest: str) -> str:
    """The time of day in the words of `strptime`, for what follows a date."""
    found = re.fullmatch(r"(,?\s+|T)\d{1,2}:\d{2}(:\d{2})?(\s?[AaPp][Mm])?\s*", rest)
    if found is None:
        return " …" if rest.strip() else ""
    hours = "%I:%M" if found[3] else "%H:%M"
    noon = re.sub(r"\S+", "%p", found[3]) if found[3] else ""
    return f"{found[1]}{hours}{':%S' if found[2] else ''}{noon}"
