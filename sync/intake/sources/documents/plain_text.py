"""Plain text: paragraphs between blank lines, headings underlined by a row of one character."""

import re
from pathlib import Path

from sync.intake.sources.documents.sections import Part
from sync.intake.sources.text import read_text

_UNDERLINE = re.compile(r"([=\-~^*+#\"'`:.])\1{2,}\s*")


def parts(path: Path, notes: list[str], encoding: str | None = None) -> list[Part]:
    """A file's parts; one without a heading where nothing is underlined."""
    return parts_of(read_text(path, encoding, notes))


def parts_of(text: str) -> list[Part]:
    """The parts of a text; the first underline that is used is level 1, the next level 2, …"""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headings = _headings(lines)
    levels: dict[str, int] = {}
    found = [Part(0, "", paragraphs(lines[: headings[0][0] if headings else None]), "line 1")]
    ends = [*(start for start, _ in headings), len(lines)][1:]
    for (_, at), end in zip(headings, ends, strict=True):
        level = levels.setdefault(lines[at + 1][0], min(len(levels) + 1, 6))
        title = " ".join(lines[at].split())
        found.append(Part(level, title, paragraphs(lines[at + 2 : end]), f"line {at + 1}"))
    return [part for part in found if part.level or part.blocks]


def _headings(lines: list[str]) -> list[tuple[int, int]]:
    """(first line of the heading, line of its title), from 0; a row above it belongs to it."""
    found: list[tuple[int, int]] = []
    at = 0
    while at + 1 < len(lines):
        if not _is_heading(lines, at):
            at += 1
            continue
        overlined = at > 0 and lines[at - 1].rstrip() == lines[at + 1].rstrip()
        found.append((at - overlined, at))
        at += 2
    return found


def _is_heading(lines: list[str], at: int) -> bool:
    title, under = lines[at].strip(), lines[at + 1]
    if not title or not _UNDERLINE.fullmatch(under) or _UNDERLINE.fullmatch(lines[at]):
        return False
    before = lines[at - 1].rstrip() if at else ""
    stands_apart = not before or before == under.rstrip()
    # a shorter row is the line of a table or a signature
    return stands_apart and len(under.rstrip()) >= len(title) - 2


def paragraphs(lines: list[str]) -> tuple[str, ...]:
    """The texts between blank lines."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        else:
            paragraphs.append([])
    return tuple("\n".join(paragraph) for paragraph in paragraphs if paragraph)
