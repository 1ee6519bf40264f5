"""How long tasks of a fresh stack take to open in a real browser."""

import functools
import statistics
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.starting.watching import Watched
from tests.e2e.pictures import log_in
from tests.running import Up

OPENINGS = 3


def opened(up: Up, watched: Watched) -> dict[str, Any]:
    """Seconds that tasks take to open in the browser, right after "ready"."""
    project = up.ready["project_id"]
    page_of = f"{up.label_studio_url}/projects/{project}/data"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
        log_in(page, up.label_studio_url, up.env)
        page.goto(page_of)
        button = page.get_by_role("button", name="Label All Tasks").first
        button.wait_for(timeout=120_000)
        label_all = _seconds(button.click, lambda: _draft_is_there(page))
        undrafted = []
        for task in _without_draft(up, watched)[-OPENINGS:]:
            page.goto("about:blank")
            undrafted.append(
                _seconds(
                    functools.partial(page.goto, f"{page_of}?task={task}", wait_until="commit"),
                    lambda: _can_be_submitted(page),
                )
            )
        chromium.close()
    return {
        "label_all_opens_s": label_all,
        "undrafted_opens_s": statistics.median(undrafted) if undrafted else None,
        "undrafted_opened": len(undrafted),
    }


def _without_draft(up: Up, watched: Watched) -> list[int]:
    drafted = watched.drafts()
    pages = up.label_studio.task_pages(up.ready["project_id"])
    return [int(t["id"]) for page in pages for t in page.tasks if int(t["id"]) not in drafted]


def _seconds(begin: Callable[[], Any], wait: Callable[[], Any]) -> float:
    started = time.monotonic()
    begin()
    wait()
    return time.monotonic() - started


def _can_be_submitted(page: Page) -> None:
    page.wait_for_selector(".lt textarea", state="attached", timeout=120_000)
    page.get_by_test_id("bottombar-submit-button").wait_for(timeout=120_000)


def _draft_is_there(page: Page) -> None:
    _can_be_submitted(page)
    page.wait_for_function(
        "[...document.querySelectorAll('.lt-answer textarea')].some(one => one.value.trim())",
        timeout=120_000,
    )
