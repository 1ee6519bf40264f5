"""Take the pictures of docs/: each interface's example with a draft, in both themes.

Run `python -m tests.e2e.pictures --config DEMO/labeltune.toml` beside `labeltune up` in DEMO.
"""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from playwright.sync_api import Page, sync_playwright

import label_configs
from connectors.label_studio import LabelStudio
from sync import settings as configuration
from sync.settings.categories import STANDARD
from tests.e2e.drafts import drafted
from tests.e2e.opened import choose, open_task
from tests.running import Up

IMAGES = Path(__file__).parents[2] / "docs" / "images"
THEMES = ("light", "dark")


def _mark_steps(page: Page) -> None:
    for number, verdict in enumerate(("correct", "wrong", "doubtful")):
        choose(page.locator(".lt-step").nth(number), verdict)


# of docs/categories.md: an interface that shows all of itself at this size
WITH_CATEGORIES = "preference"
CHOSEN = {"query_type": "factual", "complexity": "straightforward", "user_expertise": "novice"}

# what makes a picture tell more than an untouched page would
TOUCH: dict[str, Callable[[Page], None]] = {"reasoning_steps": _mark_steps}


def main() -> None:
    """Write one picture an interface and theme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("labeltune.toml"))
    names = [*label_configs.INTERFACES, "categories"]
    parser.add_argument("--only", choices=names, action="append")
    asked = parser.parse_args()
    config = configuration.load(asked.config)
    client = LabelStudio(config.label_studio.url, config.api_key)
    up = cast(Up, SimpleNamespace(label_studio=client, label_studio_url=config.label_studio.url))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in THEMES:
            page = chromium.new_context(viewport={"width": 1440, "height": 860}).new_page()
            log_in(page, config.label_studio.url, config.env)
            page.add_init_script(
                f"localStorage.setItem('preferred-color-scheme', '{theme.capitalize()}')"
            )
            for name in asked.only or names:
                _take(up, page, name, IMAGES / f"{name}_{theme}.png")
        chromium.close()


def _take(up: Up, page: Page, name: str, path: Path) -> None:
    dimensions = {}
    if name == "categories":
        name, dimensions = WITH_CATEGORIES, {n: STANDARD[n]["labels"] for n in CHOSEN}
    interface = label_configs.load(name, dimensions=dimensions)
    task: dict[str, Any] = {k: v for k, v in interface.example.items() if k != "id"}
    draft = drafted(interface, interface.complete_task(task))
    if dimensions:
        draft = dataclasses.replace(draft, other=tuple(interface.encode_categories(CHOSEN)))
    opened = open_task(up, page, name, task, draft, dimensions=dimensions)
    TOUCH.get(name, lambda _: None)(page)
    page.wait_for_timeout(800)
    page.locator(".lsf-editor").screenshot(path=path)
    opened.client.delete_project(opened.project_id)


def log_in(page: Page, url: str, env: Any) -> None:
    """Log in as the stack's own user."""
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", env["LABEL_STUDIO_USERNAME"])
    page.fill("input[name=password]", env["LABEL_STUDIO_PASSWORD"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


if __name__ == "__main__":
    main()
