"""Where a PDF's bookmarks cut its text.

A bookmark says the page, and where on it in a way that text extraction knows nothing of: so its
title is looked for among the lines of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.intake.sources.documents.plain_text import paragraphs
from sync.intake.sources.documents.sections import Part

_TITLE_LINES = 3


@dataclass(frozen=True)
class Bookmark:
    """One entry of an outline.

    Attributes:
        level: 1 to 6.
        page: from 0.
    """

    level: int
    title: str
    page: int


def cut_pages(pages: Sequence[str], bookmarks: Sequence[Bookmark]) -> list[Part]:
    """The text of the pages in order, each line once, a part for each bookmark.

    Args:
        bookmarks: by page.
    """
    lines = [
        (number, line) for number, text in enumerate(pages) for line in text.strip().split("\n")
    ]
    starts = _starts(lines, bookmarks)
    found = [Part(0, "", _text(lines[: starts[0][0]]), "page 1")]
    ends = [*(start for start, _ in starts), len(lines)][1:]
    for bookmark, (_, body), end in zip(bookmarks, starts, ends, strict=True):
        place = f"page {bookmark.page + 1}"
        found.append(Part(bookmark.level, bookmark.title, _text(lines[body:end]), place))
    return [part for part in found if part.level or part.blocks]


def _starts(
    lines: Sequence[tuple[int, str]], bookmarks: Sequence[Bookmark]
) -> list[tuple[int, int]]:
    """(where a bookmark's part starts, where its text does), as indices of lines.

    The line with the title stands between the two. Without one, the part starts with its page,
    or where the part before it starts if that is further on.
    """
    starts: list[tuple[int, int]] = []
    first: dict[int, int] = {}
    for at, (page, _) in enumerate(lines):
        first.setdefault(page, at)
    earliest = 0
    for bookmark in bookmarks:
        start = max(earliest, first[bookmark.page])
        end = first.get(bookmark.page + 1, len(lines))
        titled = _find_title([line for _, line in lines[start:end]], bookmark.title)
        if titled is None:
            starts.append((start, start))
        else:
            starts.append((start + titled[0], start + titled[1]))
        earliest = starts[-1][1]
    return starts


def _find_title(lines: Sequence[str], title: str) -> tuple[int, int] | None:
    """First line of a title and the line after it; a title may fill several."""
    wanted = _words(title)
    for at in range(len(lines)):
        for count in range(1, _TITLE_LINES + 1):
            if _words(" ".join(lines[at : at + count])) == wanted:
                return at, min(at + count, len(lines))
    return None


def _words(text: str) -> str:
    """What is compared: letters only, since numbering and spacing differ."""
    return "".join(c for c in text.casefold() if c.isalpha()) or text.strip()


def _text(lines: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Paragraphs; a page's end is no paragraph's."""
    return paragraphs([line for _, line in lines])
