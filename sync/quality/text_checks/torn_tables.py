"""Tables of Markdown whose rows do not fit together; for `broken_markdown`."""

import re

FENCE = re.compile(r"^ {0,3}(?:[-*+>]\s+|\d+\.\s+)*(`{3,}|~{3,})(.*)$")
_ROW = re.compile(r"^ {0,3}\|.*\|\s*$")
_DELIMITER = re.compile(r"^ {0,3}\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\s*$")
_INDENT = re.compile(r"^(?: {4}|\t)")
_CELL = re.compile(r"(?<!\\)\|")


def without_code(answer: str) -> list[str]:
    """An answer's lines; those of code are empty."""
    lines, opened = [], ""
    for line in answer.splitlines():
        found = FENCE.match(line)
        if found is not None:
            opened = "" if opened and found[1].startswith(opened) else opened or found[1]
            lines.append("")
        else:
            lines.append("" if opened or _INDENT.match(line) else line)
    return lines


def headless(lines: list[str]) -> tuple[str, str] | None:
    """Rows of a table without the line below its heading."""
    for at, line in enumerate(lines):
        first = _ROW.match(line) and not (at and _ROW.match(lines[at - 1]))
        rows = next(
            (n for n, each in enumerate(lines[at:]) if not _ROW.match(each)), len(lines) - at
        )
        if (
            first
            and rows >= 2
            and not any(_DELIMITER.match(each) for each in lines[at : at + rows])
        ):
            return f"a table without a line of dashes at “{line.strip()[:40]}”", "add the line"
    return None


def ragged(lines: list[str]) -> tuple[str, str] | None:
    """A row with another number of cells than its heading, which a page cuts or fills."""
    for at, line in enumerate(lines):
        if not at or not _DELIMITER.match(line) or "|" not in lines[at - 1]:
            continue
        wanted = _cells(lines[at - 1])
        for row in (line, *lines[at + 1 :]):
            if "|" not in row:
                break
            if _cells(row) != wanted:
                said = f"{_cells(row)} cells under a heading of {wanted}, “{row.strip()[:40]}”"
                return f"a row of a table has {said}", "make them as many"
    return None


def _cells(row: str) -> int:
    return len(_CELL.split(row.strip().strip("|")))
