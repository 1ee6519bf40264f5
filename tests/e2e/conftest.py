"""Opening tasks in the browser; their projects go when the test ends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

from label_configs.dimensions import Dimensions
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
