"""A Label Studio that fails in the middle of a pull: resumed, or a sentence and no half table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from connectors import retries
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from sync.settings import Config, LabelStudioSection
from sync.table.pull import fetch, pull
from tests.ml_backend.http_double import Reply, Request, http_double
from tests.sync.desk import Desk
from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import KEY, served

AT_ONCE = {"Retry-After": "0"}


class Hangup(Exception):  # noqa: N818
    """The connection is closed without an answer."""


class Outage:
    """Stands before a Label Studio and fails as it is told, one entry a request; None passes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.faults: list[Reply | Hangup | None] = []
        self.failed = 0

    def answer(self, request: Request) -> Reply:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            self.failed += 1
        if isinstance(fault, Hangup):
            raise fault
        if fault is not None:
            return fault
        sent = {"Authorization": request.headers["authorization"]}
        real = httpx.get(f"{self._url}{request.path}", params=dict(request.query), headers=sent)
        return Reply(real.text, real.status_code)


class Server:
    """Twelve tasks behind an outage, and the folder that they are pulled into."""

    def __init__(self, folder: Path, fake: FakeLabelStudio, outage: Outage, url: str) -> None:
        self.fake = fake
        self.outage = outage
        section = LabelStudioSection(url=url)
        self.config = Config(folder=folder, api_key=KEY, label_studio=section)
        self.desk = Desk(fake, self.config)

    def pull(self, timeout_s: float = 5.0) -> None:
        url = self.config.label_studio.url
        with LabelStudio(url, KEY, timeout_s=timeout_s, patience_s=0.5) as client:
            pull(self.config, client)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    fake = FakeLabelStudio()
    for _ in range(12):
        task = fake.add()
        fake.annotate(task)
        fake.predict(task)
    with served(fake) as url:
        outage = Outage(url)
        with http_double(outage.answer) as double:
            yield Server(folder, fake, outage, double.url)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 4)
    monkeypatch.setattr(retries, "_backoff", lambda _: 0.01)
    with running(tmp_path) as found:
        yield found


FAULTS = {
    "500": Reply("oops", 500, headers=AT_ONCE),
    "502": Reply("<html>bad gateway</html>", 502),
    "429": Reply("slowly", 429, headers=AT_ONCE),
    "hangs up": Hangup(),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("place", range(5))
def test_a_fault_at_any_request_is_survived(
    server: Server, fault: Reply | Hangup, place: int
) -> None:
    """The project, three pages of tasks, all predictions."""
    server.outage.faults = [*[None] * place, fault]
    server.pull()
    assert server.outage.failed == 1
    assert server.desk.rows() == server.desk.truth()


@pytest.mark.parametrize("place", range(1, 5))
def test_a_lasting_fault_is_one_sentence_and_no_table(server: Server, place: int) -> None:
    server.outage.faults = [*[None] * place, *[Reply("oops", 500, headers=AT_ONCE)] * 99]
    with pytest.raises(LabelStudioError, match=r"refused GET api/\S+ \(500\): oops"):
        server.pull()
    assert not (server.config.data_dir / "tasks").exists()
    server.outage.faults = []
    server.pull()
    assert server.desk.rows() == server.desk.truth()


def test_a_lasting_fault_leaves_the_last_version(server: Server) -> None:
    server.pull()
    before = server.desk.rows()
    server.fake.touch(*server.fake.tasks)
    server.fake.delete(min(server.fake.tasks))
    for place in range(1, 4):
        server.outage.faults = [*[None] * place, *[Reply("oops", 500, headers=AT_ONCE)] * 99]
        with pytest.raises(LabelStudioError):
            server.pull()
        assert server.desk.rows() == before
    server.outage.faults = []
    server.pull()
    assert server.desk.rows() == server.desk.truth()


def test_a_server_that_stays_away_is_one_sentence(server: Server) -> None:
    server.outage.faults = [None, *[Reply("<html>starting</html>", 503)] * 999]
    with pytest.raises(LabelStudioError, match=r"\(503\)"):
        server.pull()
    assert server.outage.failed > 3  # for half a second
