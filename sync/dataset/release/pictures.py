"""The pictures of a release's lines: in each format where its readers look for them.

A format says by `Format.pictures` what the address of a picture is to be when `encode` gets it:

    "address"   https://… stays; what Label Studio holds, and a data URI, is a data URI
    "data"      a data URI, always
    "file"      images/9f86….png, a file of the release, named by its content

With `export.pictures = "link"` nothing is fetched from the web, so that an https address stays in
"address" and is `Unsuitable` in the others; with "embed" it is fetched and becomes a data URI, too.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.pictures import data_uri, is_data_uri
from label_configs.task_pictures import (
    PicturePart,
    address_of,
    at_address,
    picture_parts,
    with_pictures,
)
from sync.common.files import unwritable
from sync.common.json_text import Json
from sync.common.picture_names import picture_name
from sync.dataset.release.picture_store import PictureStore, of_the_web
from sync.settings.export import ExportPictures
from sync.training_files.example import Example
from sync.training_files.formats.format import PictureForm, Unsuitable

FOLDER = "images"
# what an example may hold messages in
_MESSAGES = ("messages", "prompt", "completion", "chosen", "rejected")


class ReleasePictures:
    """Gives the examples of one release their pictures, and writes files of them where asked.

    A release is built once more where readers refuse a line: begin anew then.
    """

    def __init__(self, folder: Path, store: PictureStore, how: ExportPictures) -> None:
        """Nothing is fetched yet.

        Args:
            folder: of the release that is built.
        """
        self._folder = folder
        self._store = store
        self._how = how
        self._files: dict[str, Json] = {}

    def placed(self, example: Example, form: PictureForm) -> Example:
        """An example with the addresses that a format wants; the same object without pictures.

        Raises:
            Unsuitable: a picture is gone, or the format can't hold its address.
            LabelStudioError: Label Studio can't be asked for one.
            SyncError: a file can't be written.
        """

        def change(part: PicturePart) -> PicturePart:
            return at_address(part, self._placed(address_of(part), form))

        told: dict[str, Any] = {}
        for field in _fields_with_pictures(example):
            held = getattr(example, field)
            turns = [held] if isinstance(held, Mapping) else held
            changed = with_pictures(turns, change)
            told[field] = changed[0] if isinstance(held, Mapping) else changed
        return replace(example, **told) if told else example

    def written(self) -> list[Json]:
        """Every file of pictures, by name, as a manifest tells it."""
        return [self._files[name] for name in sorted(self._files)]

    def _placed(self, address: str, form: PictureForm) -> str:
        if of_the_web(address) and self._how == "link":
            if form == "address":
                return address
            raise Unsuitable(
                "a picture at an address of the web, where this format holds the picture itself; "
                'export.pictures = "embed" fetches it'
            )
        if is_data_uri(address) and form != "file":
            return address
        content = self._store.content(address)
        return self._file(content) if form == "file" else data_uri(content)

    def _file(self, content: bytes) -> str:
        """The name of a picture's file in the release; written when it is first asked for."""
        name = f"{FOLDER}/{picture_name(content)}"
        if name not in self._files:
            path = self._folder / name
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                raise unwritable(path, error) from error
            digest = hashlib.sha256(content).hexdigest()
            self._files[name] = {"file": name, "bytes": len(content), "sha256": digest}
        return name


def _fields_with_pictures(example: Example) -> list[str]:
    return [name for name in _MESSAGES if _holds_pictures(getattr(example, name, ()))]


def _holds_pictures(held: Any) -> bool:
    """Whether messages, or one of them, hold a picture; most are text, and cost next to nothing."""
    if isinstance(held, str):
        return False
    turns = (held,) if isinstance(held, Mapping) else held
    if all(type(turn.get("content")) is str for turn in turns):
        return False
    return next(picture_parts(turns), None) is not None
