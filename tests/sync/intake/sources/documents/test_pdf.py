"""PDF: bookmarks or pages, and files that can't be opened or hold no text."""

from pathlib import Path

import pytest

from sync.common.errors import SourceError
from tests.sync.intake.sources.builders import read, reader, refused, write
from tests.sync.intake.sources.pdfs import write_pdf

ALL = {"documents": {"smallest": 0}}
PAGES = [
    ["Handbook", "For customers."],
    ["1  Fees", "In pounds.", "1.1 Cards", "Five a month.", "Free on Plus."],
    ["Six abroad.", "2 A very long heading that", "fills two lines", "None."],
]
BOOKMARKS = [
    (1, "Fees", 1),
    (2, "Cards", 1),
    (1, "A very long heading that fills two lines", 2),
]


def titled(folder: Path, **settings: object) -> list[tuple[str, str]]:
    tasks = read(folder, **{**ALL, **settings})
    return [(d["title"], d["text"]) for task in tasks for d in task.data["documents"]]


def test_bookmarks_cut_within_pages_and_across_them(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "handbook.pdf", PAGES, BOOKMARKS)
    assert titled(path) == [
        ("handbook", "Handbook\nFor customers."),
        ("Fees", "In pounds."),
        ("Fees > Cards", "Five a month.\nFree on Plus.\nSix abroad."),
        ("A very long heading that fills two lines", "None."),
    ]
    assert [task.where for task in read(path, **ALL)][1:] == [
        f"{path}, page 2",
        f"{path}, page 2",
        f"{path}, page 3",
    ]


def test_a_bookmark_whose_title_the_page_does_not_say_begins_with_the_page(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["One."], ["Two."]], [(1, "Start", 0), (1, "Next", 1)])
    assert titled(path) == [("Start", "One."), ("Next", "Two.")]


def test_pages_where_there_are_no_bookmarks(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["One (1)."], ["Two."]])
    assert titled(path) == [("Page 1", "One (1)."), ("Page 2", "Two.")]
    assert titled(path, documents={}) == [
        ("Page 1 … Page 2", "# Page 1\n\nOne (1).\n\n# Page 2\n\nTwo.")
    ]


def test_a_scan_is_left_out_by_name_and_pages_without_text_are_said(tmp_path: Path) -> None:
    write_pdf(tmp_path / "docs" / "scan.pdf", [[], []])
    write_pdf(tmp_path / "docs" / "text.pdf", [["One."], []])
    opened = reader(tmp_path / "docs", **ALL)
    assert [task.id for task in opened] == ["text.pdf#Page 1"]
    assert opened.notes == [
        f"{tmp_path}/docs/scan.pdf: none of its 2 pages holds text, so it was left out; "
        "a scan needs OCR first",
        f"{tmp_path}/docs/text.pdf: without text and left out: page 2",
    ]
    assert [str(recognised) for recognised in opened.recognised] == [
        f"{tmp_path}/docs: 2 PDF files, 1 section"
    ]


def test_encryption(tmp_path: Path) -> None:
    """Many PDFs are encrypted against changes only, and open without a password."""
    locked = write_pdf(tmp_path / "locked.pdf", [["One."]], password="secret")
    assert refused(locked) == "encrypted; save it without a password, or remove it"
    assert titled(write_pdf(tmp_path / "open.pdf", [["One."]], password="")) == [("Page 1", "One.")]


@pytest.mark.parametrize(("known", "unknown"), [(b"/Standard", b"/Adobe.PK"), (b"/V 5", b"/V 9")])
def test_encryption_of_another_kind(tmp_path: Path, known: bytes, unknown: bytes) -> None:
    """Such as by certificate, which no password opens."""
    content = write_pdf(tmp_path / "a.pdf", [["One."]], password="").read_bytes()
    assert known in content
    path = write(tmp_path, "a.pdf", content.replace(known, unknown))
    assert refused(path) == "encrypted; save it without a password, or remove it"


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\nno more"])
def test_a_broken_file(tmp_path: Path, content: bytes) -> None:
    assert refused(write(tmp_path, "a.pdf", content)).startswith("the PDF is broken (")


def test_a_page_that_is_packed_in_an_unknown_way(tmp_path: Path) -> None:
    content = write_pdf(tmp_path / "a.pdf", [["One."]]).read_bytes()
    assert b"/Length 44" in content
    path = write(tmp_path, "a.pdf", content.replace(b"/Length", b"/Filter /Foo /Length"))
    assert refused(path).startswith("the PDF is broken (NotImplementedError)")


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    whole = write_pdf(tmp_path / "a.pdf", PAGES, BOOKMARKS).read_bytes()
    for end in range(0, len(whole), 97):
        path = write(tmp_path, "cut.pdf", whole[:end])
        try:
            read(path)
        except SourceError as error:
            assert str(error).startswith(f"{path}: the PDF is broken (")
