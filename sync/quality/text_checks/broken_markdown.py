"""Markdown that a page would show as signs: half of a bold word, an open fence, a torn table.

An answer is read as CommonMark with tables; what should be a mark and was left as text is broken.
Stars and brackets are words in many a field, so a single one, a power or a footnote is none.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.torn_tables import FENCE, headless, ragged, without_code

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
_TAGS = "b|strong|i|em|u|code|pre|table|ul|ol|sub|sup"
_OPEN_TAG = re.compile(rf"<({_TAGS})\b[^<>]*(?<!/)>", re.IGNORECASE)
_CLOSE_TAG = re.compile(rf"</({_TAGS})\s*>", re.IGNORECASE)
# without any of these an answer has no Markdown that could be torn
_SIGN = re.compile(r"\*\*|__|`|\] ?\(|\||##|<[/a-z]|\\(?:begin|end)")
_HEADING = re.compile(r"^#{2,6}[^\s#!\d]", re.MULTILINE)


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
        if not _SIGN.search(answer):
            return
        tokens = _parser().parse(answer)
        said = [_said(token) for token in tokens if token.type == "inline"]
        of_words = (_bold(said), _ticks(said), _link(said), _heading(said), _formula(said))
        for found in (*of_words, _open_tag(tokens), self._table(answer)):
            if found is not None:
                yield _fault(*found, 0.3)

    def _table(self, answer: str) -> tuple[str, str] | None:
        lines = without_code(answer)
        return headless(lines) or (ragged(lines) if self.tables else None)


def _fault(what: str, remedy: str, score: float) -> TextFault:
    """In one line, whatever is quoted."""
    said = f"broken Markdown: {' '.join(what.split())}; {remedy}"
    return TextFault(said, score, "warning" if score else "error")


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
        found = FENCE.match(line)
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
            around = plain[max(found.start() - 10, 0) : found.start() + 30].strip()
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


def _open_tag(tokens: list[Token]) -> tuple[str, str] | None:
    """HTML for a word that is opened more often than closed."""
    html = [t.content for t in tokens if t.type == "html_block"]
    html += [c.content for t in tokens for c in t.children or () if c.type == "html_inline"]
    opened = Counter(tag.lower() for part in html for tag in _OPEN_TAG.findall(part))
    opened.subtract(tag.lower() for part in html for tag in _CLOSE_TAG.findall(part))
    left = [tag for tag, many in opened.items() if many > 0]
    return (f"the tag <{left[0]}> is never closed", "close it") if left else None


def _formula(said: list[str]) -> tuple[str, str] | None:
    whole = "\n".join(said)
    begun = Counter(re.findall(r"\\begin\{(\w+)\*?\}", whole))
    ended = Counter(re.findall(r"\\end\{(\w+)\*?\}", whole))
    half = [*(begun - ended), *(ended - begun)]
    return (f"{half[0]!r} of a formula is begun or ended alone", "close it") if half else None


def _heading(said: list[str]) -> tuple[str, str] | None:
    for words in said:
        found = _HEADING.search(words)
        if found is not None:
            line = words[found.start() :].split("\n", 1)[0][:40]
            return f"a heading without a blank after its marks, “{line}”", "add the blank"
    return None
