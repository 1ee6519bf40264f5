"""Markdown: headings as a parser finds them, so a `#` in a code block is not one."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sync.intake.sources.documents.sections import Part
from sync.intake.sources.text import read_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# YAML between two lines of dashes, at a file's very beginning; the parser would see a heading
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def parts(path: Path, notes: list[str], encoding: str | None = None) -> list[Part]:
    """A file's parts; front matter is left out."""
    return parts_of(read_text(path, encoding, notes))


def parts_of(text: str) -> list[Part]:
    """The parts of a Markdown text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # as many lines as before, so that places stay true
    text = _FRONT_MATTER.sub(lambda matched: "\n" * matched[0].count("\n"), text, count=1)
    found: list[Part] = []
    level, title, place, blocks = 0, "", "line 1", list[str]()
    for block in _blocks(text):
        if block.level:
            found.append(Part(level, title, tuple(blocks), place))
            level, title, place, blocks = block.level, block.title, f"line {block.line}", []
        if block.text:
            blocks.append(block.text)
    found.append(Part(level, title, tuple(blocks), place))
    return [part for part in found if part.level or part.blocks]


class _Block:
    """A stretch of lines: a block of text, or a heading with what no block claims after it."""

    def __init__(self, line: int, text: str, level: int = 0, title: str = "") -> None:
        self.line, self.text, self.level, self.title = line, text, level, title


def _blocks(text: str) -> Iterator[_Block]:
    """Every line of a text, in order, in one block: each reaches up to the next one's start.

    So what makes no token of its own, as the address of a link, stays with the block before.
    """
    lines = text.split("\n")
    tokens = _parser().parse(text)
    tops = [at for at, token in enumerate(tokens) if _opens_block(token)]
    starts = [tokens[at].map[0] for at in tops]  # type: ignore[index]  # _opens_block saw the map
    yield _Block(1, _lines(lines, 0, starts[0] if starts else len(lines)))
    for at, start, end in zip(tops, starts, [*starts, len(lines)][1:], strict=True):
        token = tokens[at]
        if token.type != "heading_open":
            yield _Block(start + 1, _lines(lines, start, end))
            continue
        after = token.map[1] if token.map else start
        yield _Block(
            start + 1, _lines(lines, after, end), int(token.tag[1:]), _plain(tokens[at + 1])
        )


def _opens_block(token: "Token") -> bool:
    return token.level == 0 and token.map is not None and token.nesting >= 0


def _lines(lines: list[str], start: int, end: int) -> str:
    text = "\n".join(lines[start:end]).rstrip()
    return text.lstrip("\n") if text.strip() else ""


def _plain(inline: "Token") -> str:
    """A heading's words without their markup."""
    words = "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in inline.children or ()
    )
    return " ".join(words.split())


@functools.cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")
