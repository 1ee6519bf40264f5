"""PDF: the text of its pages, cut at its bookmarks where it has any, else by page."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.errors import SourceError
from sync.intake.sources.documents.pdf_outline import Bookmark, cut_pages
from sync.intake.sources.documents.plain_text import paragraphs
from sync.intake.sources.documents.sections import Part

if TYPE_CHECKING:
    from pypdf import PdfReader

# what pypdf lets through of a file that is not as it should be, apart from errors of its own
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError)


def parts(path: Path, notes: list[str], encoding: str | None = None) -> list[Part]:
    """A file's parts; pages without any text are left out and noted.

    Raises:
        SourceError: broken, or encrypted with a password.
    """
    from pypdf.errors import PyPdfError

    # what it says of faults that it could mend would stand among our notes
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with path.open("rb") as file:
            reader = _open(path, file)
            pages = [page.extract_text() or "" for page in reader.pages]
            bookmarks = _bookmarks(reader)
    except (PyPdfError, *_BROKEN) as error:
        raise SourceError(
            f"{path}: the PDF is broken ({type(error).__name__}); save it again, or remove it"
        ) from error
    empty = [number for number, text in enumerate(pages, start=1) if not text.strip()]
    if empty and len(empty) == len(pages):
        none = (
            "its only page holds no" if len(pages) == 1 else f"none of its {len(pages)} pages holds"
        )
        notes.append(f"{path}: {none} text, so it was left out; a scan needs OCR first")
        return []
    if empty:
        listed = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
        notes.append(f"{path}: without text and left out: page {listed}")
    if bookmarks:
        return cut_pages(pages, bookmarks)
    return [
        Part(1, f"Page {number}", paragraphs(text.split("\n")), f"page {number}")
        for number, text in enumerate(pages, start=1)
        if text.strip()
    ]


def _open(path: Path, file: Any) -> "PdfReader":
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(file)
        # many are encrypted with no password, only against changes
        opened = not reader.is_encrypted or bool(reader.decrypt(""))
    # what pypdf says of a kind of encryption that it doesn't know, such as by certificate
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise SourceError(f"{path}: encrypted; save it without a password, or remove it")
    return reader


def _bookmarks(reader: "PdfReader") -> list[Bookmark]:
    """The outline in reading order; bookmarks that lead nowhere are left out."""
    found: list[Bookmark] = []

    def add(entries: list[Any], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                add(entry, level + 1)
                continue
            page = reader.get_destination_page_number(entry)
            title = " ".join(str(entry.title or "").split())
            if title and page is not None and page >= 0:
                found.append(Bookmark(min(level, 6), title, page))

    add(reader.outline, 1)
    return sorted(found, key=lambda bookmark: bookmark.page)
