"""Markdown that a page would show as signs: half of a bold word, an open fence, a torn table.

An answer is read as CommonMark with tables; what should be a mark and was left as text is broken.
Stars and brackets are words in many a field, so a single one, a power or a footnote is none.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.quality.text_checks.checked_text import CheckedText, TextFault

_BOLD = re.compile(r"(?<![*\w])\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?!\*)|(?<![_\w])__(?=[^\s_])")
_POWER = re.compile(
    r"\w\*\*[-\d(]|\*{3,}|\*\*/|/\*\*|\*\*kwargs|\bp ?[<=]|[A-Za-z]\*\*(?=[\s.,;)]|$)"
)
_SPACED_BOLD = re.compile(
    r"(?<![*\w])\*\* \S[^*\n]{0,80}\S ?\*\*(?![*\w])|\*\*\S[^*\n]{0,80} \*\*(?!\*)"
)
_DUNDER = re.compile(r"\b__\w+__\b|__init__")
# signs of scripts in which CommonMark closes no bold after a bracket or a full stop
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_LINK = re.compile(
    r"!?\[[^\[\]\n]{1,200}\]\((?=\S)[^)\n]*|\[[^\[\]\n]{1,200}\] \((?:https?:|www\.|/)"
)
_EMPTY = re.compile(r"(?<!\\)\[[^\[\]\n]{1,200}\]\(\s*\)")
_ROW = re.compile(r"^ {0,3}\|.*\|\s*$")
_DELIMITER = re.compile(r"^ {0,3}\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\s*$")
_FENCE = re.compile(r"^ {0,3}(?:[-*+>]\s+|\d+\.\s+)*(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r"^#{2,6}[^\s#!\d]", re.MULTILINE)
_INDENT = re.compile(r"^(?: {4}|\t)")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class BrokenMarkdown:
    """Answers whose Markdown is open or torn.

    Attributes:
        tables: whether rows with more or fewer cells than their heading count, too.
    """

    tables: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = text.answer
        fence = _open_fence(answer)
        if fence is not None:
            yield _fault(f"a code fence that line {fence} opens is never closed", "close it", 0.0)
            return
        if not any(sign in answer for sign in ("**", "__", "`", "](", "] (", "|", "##")):
            return
        tokens = _parser().parse(answer)
        said = [_said(token) for token in tokens if token.type == "inline"]
        for found in (_bold(said), _ticks(said), _link(said), _heading(said), self._table(answer)):
            if found is not None:
                yield _fault(*found, 0.3)

    def _table(self, answer: str) -> tuple[str, str] | None:
        lines = _without_code(answer)
        return _headless(lines) or (_ragged(lines) if self.tables else None)


def _fault(what: str, remedy: str, score: float) -> TextFault:
    return TextFault(f"broken Markdown: {what}; {remedy}", score, "warning" if score else "error")


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _said(token: Token) -> str:
    """The words of a paragraph as a page would show them; code and links as a blank."""
    parts: list[str] = []
    depth = 0
    for child in token.children or ():
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "link_open" and not child.attrGet("href"):
            parts.append("[…]()")
        if child.type == "text" and not depth:
            parts.append(child.content)
        elif child.type in ("code_inline", "html_inline", "image"):
            parts.append(" ")
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)


def _open_fence(answer: str) -> int | None:
    """The line of a fence that is open at the end; None where all are closed."""
    opened, line_of = "", 0
    for at, line in enumerate(answer.splitlines(), 1):
        found = _FENCE.match(line)
        if found is None:
            continue
        marks, rest = found[1], found[2].strip()
        if not opened:
            if "`" not in rest:
                opened, line_of = marks, at
        elif marks[0] == opened[0] and len(marks) >= len(opened) and not rest:
            opened = ""
    return line_of if opened else None


def _bold(said: list[str]) -> tuple[str, str] | None:
    for words in said:
        plain = _DUNDER.sub(" ", words)
        left = [
            m
            for m in _BOLD.finditer(plain)
            if not _POWER.search(plain[max(m.start() - 8, 0) : m.end() + 8])
        ]
        stars = sum(m[0] == "**" for m in left)
        if stars and _CJK.search(plain) and stars % 2 == 0:
            continue
        spaced = None if _POWER.search(plain) else _SPACED_BOLD.search(plain)
        found = left[0] if left and (stars % 2 or len(left) - stars) else spaced
        if found is not None:
            around = " ".join(plain[max(found.start() - 10, 0) : found.start() + 30].split())
            return f"bold that is not closed at “{around}”", "close it, or take the marks out"
    return None


def _ticks(said: list[str]) -> tuple[str, str] | None:
    for words in said:
        # two of them are quotes of LaTeX, one before a letter may be one of a dialect
        if words.count("`") % 2 and not re.search(r"``|\w`\w", words):
            at = words.index("`")
            return f"code that is not closed at “{words[at : at + 30]}”", "close it"
    return None


def _link(said: list[str]) -> tuple[str, str] | None:
    for words in said:
        found = _EMPTY.search(words) or _LINK.search(words)
        if found is not None:
            return f"a link that leads nowhere, “{found[0][:60]}”", "give its address, or unlink it"
    return None


def _heading(said: list[str]) -> tuple[str, str] | None:
    for words in said:
        found = _HEADING.search(words)
        if found is not None:
            line = words[found.start() :].split("\n", 1)[0][:40]
            return f"a heading without a blank after its marks, “{line}”", "add the blank"
    return None


def _without_code(answer: str) -> list[str]:
    lines, opened = [], ""
    for line in answer.splitlines():
        found = _FENCE.match(line)
        if found is not None:
            opened = "" if opened and found[1].startswith(opened) else opened or found[1]
            lines.append("")
        else:
            lines.append("" if opened or _INDENT.match(line) else line)
    return lines


def _headless(lines: list[str]) -> tuple[str, str] | None:
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


def _ragged(lines: list[str]) -> tuple[str, str] | None:
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
