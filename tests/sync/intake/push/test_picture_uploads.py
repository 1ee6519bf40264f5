"""Pictures into Label Studio once, whatever kills a push, and tasks that follow what they show."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from rich.progress import Progress

import label_configs
from connectors.label_studio_files import UploadedFile
from sync.common.picture_names import name_in, picture_name
from sync.common.source_task import SourceTask
from sync.intake.cleaning.task_identity import circumstances_digest, inputs_digest
from sync.intake.push.picture_uploads import PictureUploads
from sync.intake.push.project_tasks import SourceFields
from tests.small_pictures import png

PROJECT = 7
CONTENTS = [png(red) for red in range(5)]
NAMES = [picture_name(content) for content in CONTENTS]


class Killed(BaseException):
    """kill -9, as far as the rest of the code can tell."""


class Shelf:
    """A Label Studio that keeps what was sent, whatever becomes of the sender.

    Attributes:
        kill_at: the number of the call that nobody sees answered; None: none.
    """

    url = "http://127.0.0.1:8080"

    def __init__(self) -> None:
        self.files: dict[int, str] = {}
        self.contents: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.kill_at: int | None = None
        self._letters = itertools.count(1)

    def uploads(self, project_id: int) -> list[UploadedFile]:
        self._called("uploads")
        return [UploadedFile(i, path) for i, path in reversed(self.files.items())]

    def upload_places(self, project_id: int, number: int) -> list[UploadedFile]:
        made = [self._store("labeltune-picture.json") for _ in range(number)]
        self._called("places")
        return [UploadedFile(each, self.files[each]) for each in made]

    def upload_picture(self, place: UploadedFile, name: str, content: bytes) -> UploadedFile:
        assert place.is_place
        self._store(name, place.id)
        self.contents[self.files[place.id]] = content
        self._called("picture")
        return UploadedFile(place.id, self.files[place.id])

    def _store(self, name: str, own_id: int | None = None) -> int:
        own_id = len(self.files) + 1 if own_id is None else own_id
        self.files[own_id] = f"upload/{PROJECT}/{next(self._letters):08x}-{name}"
        return own_id

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self.kill_at == len(self.calls):
            raise Killed

    def names(self) -> list[str]:
        return sorted(name for p in self.files.values() if (name := name_in(f"/data/{p}")))


class Pictures:
    """What was read of the sources."""

    any = True

    def content(self, name: str) -> bytes:
        return CONTENTS[NAMES.index(name)]


def tasks(*shown: int) -> list[SourceTask]:
    """A task a number, each of which shows that picture twice."""
    return [
        SourceTask(f"t-{i}", {"messages": [turn(f"picture:{NAMES[i]}")]}, f"line {i}")
        for i in shown
    ]


def turn(address: str, name: str = "a.png") -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": address}, "name": name}
    return {"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture, picture]}


def push(shelf: Shelf, sources: list[SourceTask]) -> tuple[int, list[str]]:
    """How many pictures were uploaded, and the addresses that tasks have."""
    uploads = PictureUploads(shelf, PROJECT, Pictures())
    uploaded = uploads.bring(sources, Progress(disable=True))
    return uploaded, list(_addresses(uploads.addressed(sources)))


def _addresses(sent: Iterator[SourceTask]) -> Iterator[str]:
    for task in sent:
        for part in task.data["messages"][0]["content"][1:]:
            yield part["image_url"]["url"]


def test_each_picture_is_uploaded_once_and_found_by_later_pushes() -> None:
    shelf = Shelf()
    uploaded, addresses = push(shelf, tasks(0, 1, 2, 1))
    assert (uploaded, shelf.calls) == (3, ["uploads", "places", *["picture"] * 3])
    assert len(addresses) == 8 and len(set(addresses)) == 3
    held = {f"/data/{path}": content for path, content in shelf.contents.items()}
    assert [held[at] for at in addresses[::2]] == [CONTENTS[i] for i in (0, 1, 2, 1)]
    before = len(shelf.calls)
    assert push(shelf, tasks(0, 1, 2, 1)) == (0, addresses)
    assert shelf.calls[before:] == ["uploads"]
    again, more = push(shelf, tasks(2, 3))
    assert (again, more[0]) == (1, addresses[4])


def test_killed_at_any_moment_the_next_push_goes_on_and_doubles_nothing() -> None:
    whole = Shelf()
    push(whole, tasks(0, 1, 2, 3))
    for moment in range(1, len(whole.calls) + 1):
        shelf = Shelf()
        shelf.kill_at = moment
        with pytest.raises(Killed):
            push(shelf, tasks(0, 1, 2, 3))
        _, addresses = push(shelf, tasks(0, 1, 2, 3))
        assert shelf.names() == sorted(NAMES[:4])
        assert len(shelf.files) == 4, "places that a killed push has made are used"
        assert {name_in(at) for at in addresses} == set(NAMES[:4])
        assert all(at.removeprefix("/data/") in shelf.contents for at in addresses)


def test_two_pushes_at_once_agree_on_the_older_upload() -> None:
    shelf = Shelf()
    for _ in range(2):  # both have looked before either has uploaded
        place = shelf.upload_places(PROJECT, 1)[0]
        shelf.upload_picture(place, NAMES[0], CONTENTS[0])
    uploaded, addresses = push(shelf, tasks(0))
    assert (uploaded, set(addresses)) == (0, {f"/data/{shelf.files[1]}"})


def test_without_pictures_nothing_is_asked() -> None:
    shelf = Shelf()
    plain = SourceTask("t", {"messages": [{"role": "user", "content": "Hi"}]}, "line 1")
    uploads = PictureUploads(shelf, PROJECT, Pictures())
    assert uploads.bring([plain], Progress(disable=True)) == 0
    assert next(iter(uploads.addressed([plain]))) is plain
    assert not shelf.calls


def test_an_upload_changes_no_digest_and_another_picture_does() -> None:
    digest = SourceFields(label_configs.load("chat_response")).digest
    sent = {"messages": [turn(f"picture:{NAMES[0]}")]}
    held = {"messages": [turn(f"/data/upload/7/1a2b3c4d-{NAMES[0]}")]}
    moved = {"messages": [turn(f"picture:{NAMES[0]}", "b.png")]}
    other = {"messages": [turn(f"picture:{NAMES[1]}")]}
    assert digest(sent) == digest(held)
    assert len({digest(each) for each in (sent, moved, other)}) == 3
    # the same question about the same picture, whatever it is called; and about another one
    assert inputs_digest(sent) == inputs_digest(held) == inputs_digest(moved)
    assert inputs_digest(sent) != inputs_digest(other)
    near = circumstances_digest(sent, context=False)
    assert near == circumstances_digest(held, context=False)
    assert near != circumstances_digest(other, context=False)
