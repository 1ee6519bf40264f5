"""Pictures of sources into Label Studio, each once, before the tasks that show them.

A picture's name is its content, and Label Studio lists what was uploaded by name: what an earlier
push has brought there, one that was killed too, is found and used.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from rich.progress import Progress

from connectors.label_studio_files import PLACES, UploadedFile, upload_address
from label_configs.task_pictures import PicturePart, address_of, at_address, with_pictures
from sync.common.chunks import chunked
from sync.common.picture_names import SCHEME, name_in, names_in
from sync.common.source_task import SourceTask


class PictureShelf(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that holds pictures."""

    url: str

    def uploads(self, project_id: int) -> list[UploadedFile]: ...
    def upload_places(self, project_id: int, number: int) -> list[UploadedFile]: ...
    def upload_picture(self, place: UploadedFile, name: str, content: bytes) -> UploadedFile: ...


class NamedPictures(Protocol):
    """The part of `sync.intake.sources.picture_files.PictureFiles` that gives bytes."""

    @property
    def any(self) -> bool: ...
    def content(self, name: str) -> bytes: ...


class PictureUploads:
    """The pictures of one project."""

    def __init__(self, client: PictureShelf, project_id: int, pictures: NamedPictures) -> None:
        """Nothing is asked yet."""
        self._client = client
        self._project_id = project_id
        self._pictures = pictures
        self._addresses: dict[str, str] = {}

    def bring(self, tasks: Iterable[SourceTask], progress: Progress) -> int:
        """Have the pictures of tasks in Label Studio; how many were not there before.

        Args:
            tasks: read only where the sources have pictures.
            progress: gets a bar, where there are some to upload.

        Raises:
            LabelStudioError: Label Studio failed; another push goes on from there.
            SourceError: a file was changed meanwhile.
        """
        if not self._pictures.any or not (names := _wanted(tasks)):
            return 0
        found = sorted(self._client.uploads(self._project_id), key=lambda each: each.id)
        for upload in found:
            address = upload_address(self._client.url, upload.path)
            if (name := name_in(address)) is not None:
                self._addresses.setdefault(name, address)
        missing = [name for name in names if name not in self._addresses]
        bar = progress.add_task("uploading pictures", total=len(missing))
        left_over = [upload for upload in found if upload.is_place]
        for some in chunked(missing, PLACES):
            places, left_over = left_over[: len(some)], left_over[len(some) :]
            if lacking := len(some) - len(places):
                places += self._client.upload_places(self._project_id, lacking)
            for name, place in zip(some, places, strict=True):
                upload = self._client.upload_picture(place, name, self._pictures.content(name))
                self._addresses[name] = upload_address(self._client.url, upload.path)
                progress.advance(bar)
        return len(missing)

    def addressed(self, tasks: Iterable[SourceTask]) -> Iterator[SourceTask]:
        """Tasks with the addresses of the pictures that were brought."""
        if not self._addresses:
            yield from tasks
            return
        for task in tasks:
            messages = task.data["messages"]
            shown = with_pictures(messages, self._addressed)
            yield (
                task if shown is messages else replace(task, data={**task.data, "messages": shown})
            )

    def _addressed(self, part: PicturePart) -> PicturePart:
        address = address_of(part)
        if not address.startswith(SCHEME):
            return part
        return at_address(part, self._addresses.get(address.removeprefix(SCHEME), address))


def _wanted(tasks: Iterable[SourceTask]) -> list[str]:
    """The names of the pictures that tasks need in Label Studio, each once, in order."""
    return list(dict.fromkeys(name for task in tasks for name in names_in(task.data)))
