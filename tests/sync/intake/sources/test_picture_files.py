"""Pictures beside sources and in their rows: checked where they are read, then known by content."""

from pathlib import Path
from typing import Any

import pytest

from connectors.pictures import data_uri
from sync.common.errors import SourceError
from sync.common.picture_names import name_in, names_in, picture_name, with_names
from sync.common.source_task import SourceTask
from sync.intake.sources.discovery import SourceFile
from sync.intake.sources.file_kinds import JSONL
from sync.intake.sources.picture_files import PictureFiles
from sync.settings.sources import PicturesSection
from tests import small_pictures as made
from tests.sync.intake.sources.builders import write

CARD = picture_name(made.png())


def task(*addresses: str, where: str = "chats.jsonl, line 3") -> SourceTask:
    parts = [{"type": "image_url", "image_url": {"url": each}} for each in addresses]
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, *parts]}]
    return SourceTask("t-1", {"messages": messages}, where)


def taken(
    folder: Path, *addresses: str, given: Path | None = None, **settings: Any
) -> list[dict[str, Any]]:
    path = folder / "chats.jsonl"
    source = SourceFile(path, JSONL, given or path, path.name)
    found = PictureFiles(PicturesSection(**settings)).taken(task(*addresses), source)
    return [dict(part) for part in found.data["messages"][0]["content"][1:]]


def refused(folder: Path, address: str, **settings: Any) -> str:
    with pytest.raises(Exception, match=r"^chats.jsonl, line 3: picture 1") as error:
        taken(folder, address, **settings)
    assert type(error.value).__name__ == "SourceError"
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix("chats.jsonl, line 3: picture 1")


def test_a_file_is_known_by_content_and_by_its_name_within_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "img/my card.png", made.png())
    ways = ["img/my card.png", "./img/../img/my card.png", path.as_uri(), str(path)]
    expected = {
        "type": "image_url",
        "image_url": {"url": f"picture:{CARD}"},
        "name": "img/my card.png",
    }
    assert taken(tmp_path, *ways) == [expected] * len(ways)
    assert str(tmp_path) not in str(taken(tmp_path, *ways))


def test_a_picture_in_a_row_needs_no_name_and_addresses_stay(tmp_path: Path) -> None:
    stays = ("https://example.org/a.png", "HTTP://example.org/a.png", "/data/upload/7/a.png")
    parts = taken(tmp_path, data_uri(made.png()), *stays)
    assert [part["image_url"]["url"] for part in parts] == [f"picture:{CARD}", *stays]
    assert not any("name" in part for part in parts)


def test_what_is_no_picture_here_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "%PDF-1.7")
    write(tmp_path, "large.png", made.png() + b"\0" * 2_000_000)
    write(tmp_path, "wide.png", made.png(width=700))
    write(tmp_path, "folder/x.txt", "x")
    assert "is not there; put it beside" in refused(tmp_path, "b.png")
    assert "must be a picture (PNG, JPEG, GIF or WebP), found something" in refused(
        tmp_path, "a.png"
    )
    assert "has 2 MB, and at most 1 are taken" in refused(tmp_path, "large.png", largest_mb=1)
    assert "has 700 x 30 pixels" in refused(tmp_path, "wide.png", longest_side=600)
    assert "is no file" in refused(tmp_path, "folder")
    assert "can't be read" in refused(tmp_path, "a\0b.png")
    assert "is not there" in refused(tmp_path, "/data/upload/../../user/logout")
    assert "base64 is broken" in refused(tmp_path, "data:image/png;base64,???")
    assert ", 'a%20b.png', is not there" in refused(tmp_path, "a%20b.png")
    for other in (
        "ftp://x/a.png",
        "//host/a.png",
        "http://[x/a.png",
        "sandbox:/mnt/a.png",
        "data:text/html;base64,AA",
        f"picture:{CARD}",
        "file://host/a",
        " ",
    ):
        assert "must be a file, https://…, or data:image/…" in refused(tmp_path, other)


def test_files_outside_of_the_folder_are_taken_by_setting_only(tmp_path: Path) -> None:
    folder = tmp_path / "pushed"
    outside = write(tmp_path, "secret/card.png", made.png())
    folder.mkdir()
    (folder / "link.png").symlink_to(outside)
    for address in ("../secret/card.png", str(outside), outside.as_uri(), "link.png"):
        assert "lies outside of the source's folder" in refused(folder, address)
        (part,) = taken(folder, address, outside=True)
        assert part["name"] == "card.png"  # nothing of where it lies
    # of a folder that is pushed as a whole, all of it is inside
    write(folder, "card.png", made.png())
    write(folder, "rows/chats.jsonl", "")
    assert taken(folder / "rows", "../card.png", given=folder)[0]["name"] == "card.png"


def test_bytes_are_given_back_unless_they_changed_meanwhile(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jpg", made.JPEG)
    source = SourceFile(tmp_path / "chats.jsonl", JSONL, tmp_path / "chats.jsonl", "chats.jsonl")
    pictures = PictureFiles(PicturesSection())
    assert not pictures.any
    rows = ("a.jpg", data_uri(made.png()), data_uri(made.GIF), data_uri(made.png()))
    names = list(names_in(pictures.taken(task(*rows, "https://example.org/a.png"), source).data))
    assert len(names) == 4 and len(set(names)) == 3
    contents = [made.JPEG, made.png(), made.GIF, made.png()]
    assert [pictures.content(name) for name in names] == contents
    path.write_bytes(made.GIF)
    with pytest.raises(Exception, match="changed while it was pushed; push again"):
        pictures.content(names[0])
    assert "pictures at addresses of the web: 1" in "".join(pictures.notes())
    pictures.close()


def test_text_stays_the_same_object(tmp_path: Path) -> None:
    plain = SourceTask("t", {"messages": [{"role": "user", "content": "Hi"}]}, "a, line 1")
    source = SourceFile(tmp_path / "a", JSONL, tmp_path / "a", "a")
    pictures = PictureFiles(PicturesSection())
    assert pictures.taken(plain, source) is plain
    assert with_names(plain.data) is plain.data
    assert not list(pictures.notes())


def test_a_picture_has_one_name_before_and_after_its_upload() -> None:
    for address in (
        f"picture:{CARD}",
        f"/data/upload/7/1a2b3c4d-{CARD}",
        f"/a/b/data/upload/1/00000000-{CARD}",
    ):
        assert name_in(address) == CARD
        assert with_names(task(address).data) == task(f"picture:{CARD}").data
    for other in ("/data/upload/7/cat.png", f"https://x/data/upload/7/1a2b3c4d-{CARD}", CARD):
        assert name_in(other) is None


def test_a_link_to_itself_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to("a.png")
    assert "can't be read" in refused(tmp_path, "a.png")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://tools.example/ls/"])
def test_of_ones_own_label_studio_only_files_are_pictures(tmp_path: Path, url: str) -> None:
    """The browser asks there in its user's name, so that one address logs out."""
    source = SourceFile(tmp_path / "a", JSONL, tmp_path / "a", "a")
    pictures = PictureFiles(PicturesSection(), url)
    base = url.rstrip("/")
    for stays in (f"{base}/data/upload/7/a.png", "https://example.org/a.png"):
        pictures.taken(task(stays), source)
    for other in ("/user/logout", "", "/data/upload/../../user/logout", "/data/%2e%2e/user/logout"):
        for address in (base + other, base.upper() + other):
            with pytest.raises(SourceError, match="where no pictures are"):
                pictures.taken(task(address), source)
