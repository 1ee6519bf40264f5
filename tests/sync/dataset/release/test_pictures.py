"""Pictures of a release: each format gets the address that its readers look for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from connectors.errors import LabelStudioError
from connectors.pictures import data_uri
from sync.common.picture_names import picture_name
from sync.dataset.release.data_files import DataFiles
from sync.dataset.release.picture_store import GONE, PictureStore
from sync.dataset.release.pictures import ReleasePictures
from sync.dataset.release.places import FolderRelease, empty
from sync.settings.export import ExportPictures
from sync.training_files.example import Completion, Conversation, Judgement, PreferenceExample
from sync.training_files.formats.format import Format, PictureForm, Unsuitable
from sync.training_files.manifest.stored_release import read_release
from tests import small_pictures as made
from tests.sync.dataset.release.written import Row, write_release

CARD, CAT = made.png(1), made.JPEG
CARD_AT = f"/data/upload/7/1a2b3c4d-{picture_name(CARD)}"
CAT_AT = f"/ls/data/upload/7/99999999-{picture_name(CAT)}"
WEB = "https://example.org/dog.png"


class Files(dict[str, bytes]):
    """A data folder."""

    def read(self, name: str) -> bytes | None:
        return self.get(name)

    def put(self, name: str, content: Any) -> None:
        self[name] = content.read()


class Served:
    """Label Studio and the web; every address is counted."""

    def __init__(self, **more: bytes) -> None:
        self.held: dict[str, bytes] = {CARD_AT: CARD, CAT_AT: CAT, WEB: made.GIF, **more}
        self.asked: list[str] = []

    def __call__(self, address: str) -> bytes:
        self.asked.append(address)
        if address not in self.held:
            raise LabelStudioError("refused GET (404)", 404)
        return self.held[address]


def seen(*addresses: str) -> dict[str, Any]:
    parts = [{"type": "image_url", "image_url": {"url": a}, "name": "a.png"} for a in addresses]
    return {"role": "user", "content": [{"type": "text", "text": "What is it?"}, *parts]}


ANSWER = {"role": "assistant", "content": "A card."}


def placed(
    tmp_path: Path, served: Served, form: PictureForm, *at: str, how: ExportPictures = "link"
) -> list[str]:
    pictures = ReleasePictures(tmp_path, PictureStore(Files(), served), how)
    example = pictures.placed(Conversation([seen(*at), ANSWER]), form)
    assert isinstance(example, Conversation)
    return [part["image_url"]["url"] for part in example.messages[0]["content"][1:]]


def test_each_form_has_its_address(tmp_path: Path) -> None:
    served = Served()
    uri = data_uri(made.GIF)
    assert placed(tmp_path, served, "address", CARD_AT, WEB, uri) == [data_uri(CARD), WEB, uri]
    assert placed(tmp_path, served, "data", CAT_AT, uri) == [data_uri(CAT), uri]
    names = placed(tmp_path, served, "file", CARD_AT, CAT_AT, uri, CARD_AT)
    assert names == [f"images/{picture_name(c)}" for c in (CARD, CAT, made.GIF, CARD)]
    assert [(tmp_path / name).read_bytes() for name in names[:3]] == [CARD, CAT, made.GIF]
    assert WEB not in served.asked


def test_pictures_of_the_web_are_fetched_only_where_that_is_asked_for(tmp_path: Path) -> None:
    for form in ("data", "file"):
        with pytest.raises(Unsuitable, match="embed"):
            placed(tmp_path, Served(), form, WEB)
    for form in ("address", "data"):
        assert placed(tmp_path, Served(), form, WEB, how="embed") == [data_uri(made.GIF)]


def test_text_and_turns_without_pictures_stay_the_same_objects(tmp_path: Path) -> None:
    pictures = ReleasePictures(tmp_path, PictureStore(Files(), Served()), "link")
    plain = Conversation([{"role": "user", "content": "Hi"}, ANSWER])
    assert pictures.placed(plain, "file") is plain
    calling = Conversation([seen(CARD_AT), {"role": "assistant", "content": None}])
    changed = pictures.placed(calling, "data")
    assert isinstance(changed, Conversation)
    assert changed.messages[1] is calling.messages[1]
    assert calling.messages[0]["content"][1]["image_url"]["url"] == CARD_AT


def test_every_kind_of_example_is_reached(tmp_path: Path) -> None:
    pictures = ReleasePictures(tmp_path, PictureStore(Files(), Served()), "link")
    turn, uri = seen(CARD_AT), data_uri(CARD)
    answer = {**turn, "role": "assistant"}
    examples = (
        Completion([turn], answer),
        PreferenceExample([turn], [answer], "No."),
        Judgement([turn], [answer], True),
    )
    for example in examples:
        found = json.dumps(
            [getattr(pictures.placed(example, "data"), f) for f in example.__slots__]
        )
        assert found.count(uri) == 2
        assert CARD_AT not in found


def test_a_picture_is_fetched_once_and_kept(tmp_path: Path) -> None:
    served, files = Served(), Files()
    for _ in range(2):
        store = PictureStore(files, served, most_held=1)
        assert [store.content(a) for a in (CARD_AT, CAT_AT, CARD_AT)] == [CARD, CAT, CARD]
    assert served.asked == [CARD_AT, CAT_AT]
    assert files[f"pictures/{picture_name(CARD)}"] == CARD
    files[f"pictures/{picture_name(CARD)}"] = CARD[:-5]  # cut off, so fetched anew
    assert PictureStore(files, served).content(CARD_AT) == CARD


def test_what_is_gone_or_no_longer_the_same_leaves_its_example_out(tmp_path: Path) -> None:
    gone = "/data/upload/7/00000000-" + picture_name(made.GIF)
    other = "/data/upload/7/00000001-" + picture_name(made.GIF)
    served = Served(**{other: CARD})
    store = PictureStore(Files(), served)
    for _ in range(2):
        with pytest.raises(Unsuitable) as reason:
            store.content(gone)
        assert str(reason.value) == GONE
    assert served.asked == [gone]
    with pytest.raises(Unsuitable, match="no longer the one that was pushed"):
        store.content(other)
    unreachable = PictureStore(Files(), lambda _: _raise(LabelStudioError("can't be reached")))
    with pytest.raises(LabelStudioError, match="can't be reached"):
        unreachable.content(CARD_AT)


def _raise(error: Exception) -> bytes:
    raise error


class _Line(Format):
    """Writes what it is given."""

    name: ClassVar[str] = "as-file"
    takes = Conversation
    pictures: ClassVar[PictureForm] = "file"

    def encode(self, example: Any) -> dict[str, Any]:
        return {"messages": list(example.messages)}

    def check(self, line: Mapping[str, Any]) -> Any:
        return iter(())


def test_a_release_has_its_pictures_in_a_folder_and_its_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    store = PictureStore(Files(), Served())

    def fill(draft: Path, at: str) -> list[Any]:
        pictures = ReleasePictures(draft, store, "link")
        with DataFiles(draft, [_Line()], pictures=pictures) as data:
            data.add(Conversation, Conversation([seen(at), ANSWER]), None, {})
            data.add(Conversation, Conversation([seen(WEB), ANSWER]), None, {})
        assert data.left_out()["as-file"]
        return pictures.written()

    place = FolderRelease(folder)
    with place.building() as draft:
        fill(draft, CAT_AT)
        empty(draft)
        assert not list(draft.iterdir())
        held = fill(draft, CARD_AT)
        write_release(draft, [Row(1)], pictures=held)
        assert place.publish(draft)
    stored = read_release(folder)
    assert [each["file"] for each in held] == [f"images/{picture_name(CARD)}"]
    assert stored.manifest["pictures"] == held
    assert stored.intact
    (folder / held[0]["file"]).write_bytes(CAT)
    assert stored.damage() == [held[0]["file"]]
