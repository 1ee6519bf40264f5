"""The addresses of a task's pictures as what a model is asked with.

A model server can't log in to Label Studio, so that what lies there is sent as a data URI. Pictures
of the web stay addresses: the model's server fetches them, and we ask nothing of hosts that a data
set names.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from connectors.label_studio_files import is_served
from connectors.pictures import PictureError, data_uri, held_in, is_data_uri, too_large

# what vision models take of one picture is 5 to 20 MB, and base64 makes a third more of it
LARGEST_BYTES = 20_000_000
# pictures that are kept in memory: samples, second passes and earlier turns ask for the same ones
CACHED_BYTES = 64_000_000
_OF_THE_WEB = ("https://", "http://")


class FileFetcher(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that fetches files."""

    url: str

    def fetch_file(self, address: str, most_bytes: int) -> bytes: ...


class TaskPictures:
    """Pictures of one Label Studio's tasks; threads may share it."""

    def __init__(
        self,
        client: FileFetcher,
        largest_bytes: int = LARGEST_BYTES,
        cached_bytes: int = CACHED_BYTES,
    ) -> None:
        """Nothing is fetched yet."""
        self._client = client
        self._largest_bytes = largest_bytes
        self._cached_bytes = cached_bytes
        self._cached: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def in_messages(self, messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """A prompt with its pictures as a model takes them; turns of text stay the same objects.

        What a picture's part says beside `type` and `image_url`, such as its name at the source,
        goes.

        Raises:
            PictureError: one is gone, too large, or no picture.
            LabelStudioError: Label Studio can't be asked.
        """
        return [self._turn(message) for message in messages]

    def for_model(self, address: str) -> str:
        """An address that a model can use: a data URI, or one of the web as it is.

        Raises:
            PictureError: the picture is gone, too large, or none.
            LabelStudioError: Label Studio can't be asked.
        """
        if is_data_uri(address):
            content = held_in(address)
            if len(content) > self._largest_bytes:
                said = too_large(len(content), self._largest_bytes)
                raise PictureError(f"a picture of the task {said}")
            return data_uri(content)
        if address.startswith(_OF_THE_WEB) and not is_served(address, self._client.url):
            return address
        with self._lock:
            if address in self._cached:
                self._cached.move_to_end(address)
                return self._cached[address]
        uri = data_uri(self._fetched(address))
        self._keep(address, uri)
        return uri

    def _fetched(self, address: str) -> bytes:
        try:
            return self._client.fetch_file(address, self._largest_bytes)
        except PictureError as error:
            raise PictureError(f"a picture of the task {error}") from error
        except LabelStudioError as error:
            if error.status in (404, 500):  # it answers so where it doesn't know a file
                raise PictureError(
                    "a picture of the task is no longer in Label Studio; delete the task there, "
                    "and push its source again"
                ) from error
            raise

    def _keep(self, address: str, uri: str) -> None:
        with self._lock:
            self._cached[address] = uri
            while sum(map(len, self._cached.values())) > self._cached_bytes:
                self._cached.popitem(last=False)

    def _turn(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        content = message.get("content")
        if not isinstance(content, list):
            return message
        return {**message, "content": [self._part(part) for part in content]}

    def _part(self, part: Any) -> Any:
        if not isinstance(part, Mapping) or part.get("type") != "image_url":
            return part
        image = part["image_url"]
        kept = {key: value for key, value in image.items() if key in ("url", "detail")}
        return {"type": "image_url", "image_url": {**kept, "url": self.for_model(image["url"])}}
