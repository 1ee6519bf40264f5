"""Tables of amounts: rows that multiply a number by a price, and a row that adds up a column."""

import re
from collections.abc import Iterator, Sequence

from sync.quality.facts.number_patterns import SaidNumber, said_numbers

_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$")
_TOTAL = re.compile(
    r"^(?:(?:the|grand|in)\s+)?(?:total|sum|altogether|summe|gesamt|insgesamt)\b", re.IGNORECASE
)
_PART = re.compile(r"^(?:sub-?\s?total|zwischensumme|net\b)", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?:qty|quantity|pieces|pcs|units|count|number|hours|nights|days|months|seats|anzahl"
    r"|menge)\b",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(?:price|rate|each|per|einzelpreis|preis|unit cost|unit price)\b", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"\b(?:total|amount|sum|cost|subtotal|line total|betrag|gesamt|summe)\b", re.IGNORECASE
)
# columns that nobody adds up
_NOT_ADDED = re.compile(
    r"\b(?:price|rate|each|per|average|avg|mean|age|year|date|no|nr|id|version|min|max|score"
    r"|ratio)\b|[%#]",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:discount|less|minus|rebate|credit|deduct\w*|refund\w*|rabatt)\b", re.IGNORECASE
)
_LEAST_ROWS = 2
_CENT = 0.011


def table_totals(text: str) -> Iterator[tuple[str, float, float]]:
    """Of every wrong row and total: the line, its number and what it should be."""
    if "|" not in text:
        return
    heading: list[str] = []
    rows: list[list[str]] = []
    before = ""
    for line in (*text.splitlines(), ""):
        if _RULE.match(line):
            heading, rows = _cells(before), []
        elif "|" not in line:
            heading, rows = [], []
        elif line.strip() and not _RULE.match(line):
            cells = _cells(line)
            if _TOTAL.match(cells[0]):
                yield from _columns(line, heading, rows, cells)
            else:
                yield from _row(line, heading, cells)
                rows.append(cells)
        before = line


def _cells(line: str) -> list[str]:
    return [cell.strip(" *_") for cell in line.strip().strip("|").split("|")]


def _number(cell: str) -> SaidNumber | None:
    """The number of a cell that is one, with its currency or unit."""
    found = [number for _, number in said_numbers(cell)]
    if len(found) != 1 or len(cell) > len(found[0].text) + 8:
        return None
    return found[0]


def _row(
    line: str, heading: Sequence[str], cells: Sequence[str]
) -> Iterator[tuple[str, float, float]]:
    if len(heading) != len(cells):
        return
    columns = []
    for pattern in (_COUNT, _PRICE, _AMOUNT):
        at = [i for i, name in enumerate(heading) if pattern.search(name) and i not in columns]
        at = [i for i in at if pattern is not _AMOUNT or not _PRICE.search(heading[i])]
        if not at:
            return
        columns.append(at[-1] if pattern is _AMOUNT else at[0])
    if any(_TAKEN.search(name) for name in heading):
        return
    count, price, amount = (_number(cells[i]) for i in columns)
    if count is None or price is None or amount is None:
        return
    makes = count.value * price.value
    if all(
        abs(reading.value - makes) > max(_CENT, 0.51 * 10.0**-reading.decimals)
        for reading in amount.readings
    ):
        yield " | ".join(cells), amount.value, makes


def _columns(
    line: str, heading: Sequence[str], rows: Sequence[Sequence[str]], total: Sequence[str]
) -> Iterator[tuple[str, float, float]]:
    for i, cell in enumerate(total):
        name = heading[i] if i < len(heading) else ""
        said = _number(cell) if i else None
        if said is None or (_NOT_ADDED.search(name) and not _AMOUNT.search(name)):
            continue
        values: list[float] = []
        for row in rows:
            number = _number(row[i]) if i < len(row) else None
            if (
                number is None
                or len(number.readings) > 1
                or bool(number.currency) != bool(said.currency)
            ):
                break
            if _PART.match(row[0]):
                values = []
            values.append(-number.value if _TAKEN.search(row[0]) else number.value)
        else:
            makes = sum(values)
            if len(values) >= _LEAST_ROWS and all(
                abs(reading.value - makes) > _CENT for reading in said.readings
            ):
                yield " | ".join(total), said.value, makes
