"""A task with its draft, open in the browser as an annotator has it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Error, Locator, Page, TimeoutError, expect

import label_configs
from connectors.label_studio import LabelStudio
from label_configs import Interface, validation
from label_configs.dimensions import Dimensions
from label_configs.draft_meta import with_acceptance
from tests.running import Up

# Label Studio's own: pictures and fonts that it looks for elsewhere
NOT_OURS = "Failed to load resource"

# Label Studio builds a task that is opened by its address twice, and a key pressed in between is
# lost. For the build that stays it asks for links, lets two frames pass and takes the first away
SETTLED = """() => {
    const asked = performance.getEntriesByType("resource");
    const linked = asked.some(one => one.name.includes("/api/label_links") && one.responseEnd);
    const shown = linked && document.querySelector(".lt");
    if (shown !== window.shown)
        Object.assign(window, {shown, since: performance.now(), looks: 0});
    return shown && ++window.looks > 8 && performance.now() - window.since > 100;
}"""

# what the backend tells with each draft
SIGNALS = {"token_confidence": 0.25, "agreement": 0.75}

OpenTask = Callable[..., "Opened"]


@dataclass
class Opened:
    """An open task.

    Attributes:
        errors: what the page threw or wrote to its console as an error.
    """

    interface: Interface[Any]
    draft: Any
    page: Page
    client: LabelStudio
    project_id: int
    errors: list[str] = field(default_factory=list)

    def submit(self) -> Any:
        """Press Submit; returns the saved annotation's record."""
        self.page.get_by_test_id("bottombar-submit-button").click()
        return self.saved()

    def submit_by_keyboard(self) -> Any:
        """Press Ctrl+Enter; returns the saved annotation's record."""
        self.page.keyboard.press("Control+Enter")
        return self.saved()

    def refuse(self, why: str) -> None:
        """Press Submit; the page must say why not, and save nothing."""
        self.page.get_by_test_id("bottombar-submit-button").click()
        expect(self.page.get_by_text(why)).to_be_visible()
        assert self.task()["annotations"] == []

    def saved(self) -> Any:
        """The record of the one annotation, waited for."""
        return self.interface.decode(self.annotation()["result"])

    def wait_for(self, record: Any) -> None:
        """Wait until the one annotation stands for this record."""
        until = time.monotonic() + 30
        while self.saved() != record:
            assert time.monotonic() < until, f"still {self.saved()}"
            time.sleep(0.1)

    def annotation(self) -> Mapping[str, Any]:
        """The one annotation, waited for."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            annotations = self.task()["annotations"]
            if annotations:
                (annotation,) = annotations
                found: Mapping[str, Any] = annotation
                return found
            time.sleep(0.1)
        pytest.fail("nothing was saved within 30 s")

    def task(self) -> Mapping[str, Any]:
        """The project's one task as Label Studio lists it."""
        (task,) = (t for p in self.client.task_pages(self.project_id) for t in p.tasks)
        return task

    def show(self, address: str) -> None:
        """Load a page of the task; returns when its keys and editors work."""
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_function(SETTLED, timeout=60_000)

    def listen(self) -> None:
        """Keep what goes wrong in the page from now on."""
        self.page.on("pageerror", self._note_exception)
        self.page.on("console", self._note_message)

    def forget(self) -> None:
        """Listen no more, and delete the project."""
        self.page.remove_listener("pageerror", self._note_exception)
        self.page.remove_listener("console", self._note_message)
        self.client.delete_project(self.project_id)

    def _note_exception(self, error: Error) -> None:
        self.errors.append(str(error))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NOT_OURS not in message.text:
            self.errors.append(message.text)


def choose(place: Locator, value: str) -> None:
    """Click a choice by its value, whatever key is shown beside it."""
    place.locator(f"label:has(input[name='{value}'])").click()


def choose_from(closed: Locator, option: str) -> None:
    """Take an option of a list; Label Studio closes it when it draws the page anew meanwhile."""
    named = closed.page.get_by_role("option", name=option, exact=True)
    closed.click()
    try:
        named.click(timeout=5_000)
    except TimeoutError:
        expect(named).to_have_count(0)
        closed.click()
        named.click()


def store_task(
    client: LabelStudio, interface: Interface[Any], data: Mapping[str, Any], draft: Any = None
) -> tuple[int, int]:
    """Make a project of one task with its draft, as the backend leaves it.

    Args:
        data: of the task, as a source file holds it.
        draft: a record, or None for a task without a draft.

    Returns:
        Ids of project and task.
    """
    xml = interface.label_config()
    completed = interface.complete_task(data, "# Guidelines\n\nBe exact.")
    if draft is not None:
        completed |= interface.task_patch(draft)
    project = client.create_project(
        {
            "title": f"page of {interface.name}",
            "label_config": xml,
            "show_collab_predictions": True,
        }
    )
    project_id = int(project["id"])
    client.import_tasks(project_id, [{"data": completed}])
    (task,) = (t for p in client.task_pages(project_id) for t in p.tasks)
    if draft is not None:
        result = with_acceptance(interface.encode(draft), 0.5, SIGNALS)
        validation.check_results(interface.check_config(xml), completed, result)
        client.create_prediction(
            {
                "task": task["id"],
                "project": project_id,
                "result": result,
                "score": 0.5,
                "model_version": "v1",
            }
        )
        client.update_project(project_id, {"model_version": "v1"})
    return project_id, int(task["id"])


def open_task(
    up: Up,
    page: Page,
    name: str,
    data: Mapping[str, Any],
    draft: Any = None,
    backend_url: str | None = None,
    dimensions: Dimensions | None = None,
    categories: Sequence[str] | None = (),
) -> Opened:
    """Open a task of an interface in the browser; see `store_task`.

    Args:
        backend_url: of a backend that the page asks while somebody annotates, or None.
        dimensions: the project's labels by kind of category.
        categories: the project's own; None: the page has no list of them.
    """
    interface = label_configs.load(name, categories, dimensions)
    project_id, task_id = store_task(up.label_studio, interface, data, draft)
    if backend_url is not None:
        backend = {"project": project_id, "url": backend_url, "title": "v1"}
        up.label_studio.add_backend({**backend, "is_interactive": True})
    opened = Opened(interface, draft, page, up.label_studio, project_id)
    opened.listen()
    opened.show(f"{up.label_studio_url}/projects/{project_id}/data?task={task_id}")
    # the page puts the draft into a new annotation
    expect(page.get_by_test_id("bottombar-submit-button")).to_be_visible()
    return opened
