"""Pictures that lie in Label Studio: uploaded into a project, listed, fetched.

Its Community edition serves uploads to whoever is logged in and may see the project, without a
setting of the server. An import of files makes a task of each; and in a project whose page shows
more than one thing it refuses pictures outright. So a file of JSON, which it takes everywhere, is
imported without its task, and then replaced by the picture, which is a call of Label Studio's own.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.label_studio_http import Transport
from connectors.pictures import PictureError, too_large
from connectors.task_pages import Json

# that stands where a picture will
_PLACE = "labeltune-picture.json"
_PLACE_CONTENT = json.dumps([{"data": {"picture": ""}}]).encode()
# places that are made by one call; Label Studio takes 100 files
PLACES = 50
# under which Label Studio serves files; nothing else is fetched from it with the key
_SERVED = ("/data/upload/", "/data/local-files/", "/storage-data/uploaded/")
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class UploadedFile:
    """A file that was uploaded into a project.

    Attributes:
        path: within Label Studio's own storage, as `upload/7/1a2b3c4d-9f86….png`.
    """

    id: int
    path: str

    @property
    def is_place(self) -> bool:
        """Whether it only stands where a picture was to come."""
        return self.path.endswith(f"-{_PLACE}")


class UploadedFiles:
    """The calls about uploaded files."""

    _http: Transport

    def uploads(self, project_id: int) -> list[UploadedFile]:
        """Every file that the key's user has uploaded into a project."""
        path = f"api/projects/{project_id}/file-uploads"
        return [_uploaded(each) for each in self._http.list("GET", path, params={"all": "true"})]

    def upload_places(self, project_id: int, number: int) -> list[UploadedFile]:
        """Make room for so many pictures, at most `PLACES`; no task comes of it.

        Never retried, since a repeat would make more; what is left over serves later.
        """
        files = [(f"file{n}", (_PLACE, _PLACE_CONTENT, "application/json")) for n in range(number)]
        answer = self._http.call(
            "POST",
            f"api/projects/{project_id}/import",
            params={"commit_to_project": "false"},
            files=files,
            retry=False,
        )
        ids: Sequence[int] = answer["file_upload_ids"]
        return [UploadedFile(int(each), f"-{_PLACE}") for each in ids]

    def upload_picture(self, place: UploadedFile, name: str, content: bytes) -> UploadedFile:
        """Put a picture where room was made for it; a repeat puts the same one there."""
        path = f"api/import/file-upload/{place.id}"
        files = [("file", (name, content))]
        return _uploaded(self._http.object("PATCH", path, files=files))

    def fetch_file(self, address: str, most_bytes: int) -> bytes:
        """The bytes of a file that Label Studio serves.

        Args:
            address: of a task's data, as `/data/upload/7/1a2b3c4d-9f86….png`.

        Raises:
            PictureError: it is no such address, or the file is larger.
            LabelStudioError: not reached, or refused; 404 and 500 are said of a file that is gone.
        """
        path, params = _path_and_query(address, self._http.url)
        with _Limited(most_bytes) as file:
            self._http.download(path, file, params, TIMEOUT_S)
            return file.getvalue()


def is_served(address: str, url: str) -> bool:
    """Whether an address is one of the files that the Label Studio at `url` serves."""
    return _served_path(address, url) is not None


def upload_address(url: str, path: str) -> str:
    """Where a browser finds an upload of the Label Studio at `url`: `/data/upload/…`.

    Without its host, which may have several names; with the sub-path that it may be under.
    """
    return f"{urlsplit(url).path.rstrip('/')}/data/{path}"


def _uploaded(raw: Mapping[str, object]) -> UploadedFile:
    return UploadedFile(int(str(raw["id"])), str(raw["file"]))


def _path_and_query(address: str, url: str) -> tuple[str, Json]:
    path = _served_path(address, url)
    if path is None:
        raise PictureError("has an address that is neither of the web nor of Label Studio's files")
    return path.lstrip("/"), dict(parse_qsl(urlsplit(address).query))


def _served_path(address: str, url: str) -> str | None:
    """The path of a served file below Label Studio's own; None of any other address."""
    own = urlsplit(url)
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that are not closed, for one
        return None
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    path = parts.path.removeprefix(own.path.rstrip("/"))
    climbs = ".." in unquote(unquote(path)).replace("\\", "/").split("/")
    return path if path.startswith(_SERVED) and not climbs else None


class _Limited(io.BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most_bytes = most_bytes

    def write(self, part: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        if self.tell() + len(part) > self._most_bytes:
            raise PictureError(too_large(self.tell() + len(part), self._most_bytes))
        return super().write(part)
