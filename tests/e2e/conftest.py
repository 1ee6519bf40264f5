"""Open tasks, people and a backend beside the stack; all of it goes when its tests end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

from benchmarks.standin import running
from label_configs.dimensions import Dimensions
from tests.e2e.annotators import Annotator, sign_up
from tests.e2e.backend_processes import BackendProcesses, backend_processes
from tests.e2e.opened import Opened, OpenTask
from tests.e2e.opened import open_task as opening
from tests.running import Up


@pytest.fixture
def open_task(up: Up, page: Page) -> Iterator[OpenTask]:
    """Open a task of an interface: `open_task("chat_response", data, draft)`."""
    made: list[Opened] = []

    def open_one(
        name: str,
        data: Mapping[str, Any],
        draft: Any = None,
        backend_url: str | None = None,
        dimensions: Dimensions | None = None,
        categories: Sequence[str] | None = (),
    ) -> Opened:
        made.append(opening(up, page, name, data, draft, backend_url, dimensions, categories))
        return made[-1]

    yield open_one
    for opened in made:
        opened.forget()


@pytest.fixture(scope="module")
def backend(up: Up, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcesses]:
    """A backend without a worker: it answers, and drafts nothing."""
    folder = tmp_path_factory.mktemp("backend")
    with running() as model, backend_processes(folder, up, model) as processes:
        processes.start("web")
        yield processes


@pytest.fixture(scope="module")
def signed_up(up: Up) -> Iterator[Callable[[str], Annotator]]:
    """Makes accounts, whose connections are closed in the end."""
    people: list[Annotator] = []

    def make(name: str) -> Annotator:
        people.append(sign_up(up, name))
        return people[-1]

    yield make
    for person in people:
        person.http.close()
