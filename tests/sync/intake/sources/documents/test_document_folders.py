"""A folder of documents: whose sections are whose, and what happens when they are edited."""

from pathlib import Path

import pytest

from sync.common.errors import SourceError
from tests.sync.intake.sources.builders import read, reader, write
from tests.sync.intake.sources.pdfs import write_pdf

ALL = {"documents": {"smallest": 0}}


def handbook(folder: Path) -> Path:
    write(folder, "guide.md", "# Fees\n\nFive.\n\n# Loans\n\nNone.\n")
    write(folder, "deep/er/page.html", "<h1>Fees</h1><p>Six.</p>")
    write(folder, "notes.txt", "One.\n\nTwo.\n")
    write(folder, ".drafts/no.md", "# No\n\nNo.")
    write_pdf(folder / "terms.pdf", [["Seven."]])
    return folder


def test_every_kind_of_document(tmp_path: Path) -> None:
    opened = reader(handbook(tmp_path / "handbook"), **ALL)
    tasks = list(opened)
    assert [task.id for task in tasks] == [
        "deep/er/page.html#Fees",
        "guide.md#Fees",
        "guide.md#Loans",
        "notes.txt",
        "terms.pdf#Page 1",
    ]
    assert [task.data["document"] for task in tasks] == [
        "deep/er/page.html",
        "guide.md",
        "guide.md",
        "notes.txt",
        "terms.pdf",
    ]
    assert [str(recognised).split(": ")[1] for recognised in opened.recognised] == [
        "HTML, 1 section",
        "Markdown, 2 sections",
        "text, 1 section",
        "PDF, 1 section",
    ]


def test_an_edited_section_keeps_its_id_and_the_others_everything(tmp_path: Path) -> None:
    folder = handbook(tmp_path / "handbook")
    before = {task.id: task.data for task in read(folder, **ALL)}
    guide = folder / "guide.md"
    guide.write_text(guide.read_text().replace("None.", "Some, from May."))
    after = {task.id: task.data for task in read(folder, **ALL)}
    assert before.keys() == after.keys()
    assert [key for key in before if before[key] != after[key]] == ["guide.md#Loans"]


def test_the_same_folder_elsewhere_has_the_same_ids(tmp_path: Path) -> None:
    here, there = handbook(tmp_path / "a"), handbook(tmp_path / "b" / "c")
    assert [task.id for task in read(here)] == [task.id for task in read(there)]


def test_two_folders_with_the_same_documents_are_refused(tmp_path: Path) -> None:
    first = write(tmp_path, "a/guide.md", "# Fees\n\nFive.\n")
    second = write(tmp_path, "b/guide.md", "# Fees\n\nSix.\n")
    assert [task.id for task in read(tmp_path)] == ["a/guide.md#Fees", "b/guide.md#Fees"]
    with pytest.raises(SourceError) as caught:
        read(first.parent, second.parent)
    assert str(caught.value) == (
        f"{second}, line 1: the id 'guide.md#Fees' was used at {first}, line 1; ids must differ"
    )


def test_documents_without_text_are_said(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{name}.md", "# Only a heading\n") for name in "ab"]
    write(tmp_path, "guide.md", "# Fees\n\nFive.\n")
    opened = reader(tmp_path)
    assert [task.id for task in opened] == ["guide.md#Fees"]
    assert opened.notes == [f"{path}: holds no text, so it was left out" for path in paths]


def test_identities_of_odd_headings_and_of_none(tmp_path: Path) -> None:
    write(tmp_path, "a.md", f"{'Before. ' * 50}\n\n# C\n\nOne.\n\n# C#\n\nTwo.\n\n# #\n\nThree.\n")
    read_whole = [task.id for task in read(tmp_path, **ALL)]
    assert read_whole == ["a.md", "a.md#C", "a.md#C#", "a.md#[2]"]
    split = read(tmp_path / "a.md", documents={"smallest": 0, "largest": 200})
    assert [task.id for task in split][:3] == ["a.md#(1)", "a.md#(2)", "a.md#C"]
    assert split[0].data["documents"][0]["title"] == "a (1/2)"
    assert split[0].data["section"] == "a"
