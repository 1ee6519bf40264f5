"""How long a task takes to open in the browser: short, long, and beside Label Studio's own page.

Run it beside `labeltune up`. The limit beside it is a task of one word with Label Studio's plainest
label config, opened in the same run: the page's own load. A long task has 40 turns and 30,000
letters; one chain has 30 steps, one trajectory 100.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

import label_configs
from connectors.label_studio import LabelStudio
from label_configs import Interface
from sync import settings as configuration
from tests.e2e.drafts import drafted
from tests.e2e.opened import store_task
from tests.e2e.pictures import log_in
from tests.e2e.test_page_agent_steps import trajectory
from tests.e2e.test_pages import long_conversation

PLAIN = (
    '<View className="lt"><Text name="t" value="$t"/>'
    '<TextArea name="a" toName="t" rows="3"/></View>'
)
STEPS, TRAJECTORY = 30, 100


def main() -> int:
    """Print the table; one row an interface, milliseconds, medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("labeltune.toml"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="one opening each")
    parser.add_argument("--only", default="", help="tasks whose names hold this")
    asked = parser.parse_args()
    config = configuration.load(asked.config)
    client = LabelStudio(config.label_studio.url, config.api_key)
    times = 1 if asked.quick else 5
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        log_in(page, config.label_studio.url, config.env)
        stored = _store(client, asked.only)
        opened: dict[str, list[float]] = {name: [] for name in stored}
        for _ in range(times):
            for name, place in stored.items():  # in turn, so that a busy moment hits all alike
                opened[name].append(_open(page, config.label_studio.url, *place))
        chromium.close()
    for project_id, _ in stored.values():
        client.delete_project(project_id)
    median = {name: round(statistics.median(taken) * 1000) for name, taken in opened.items()}
    figures = {
        name: {"ms": ms, "over_plain_ms": ms - median["plain"]} for name, ms in median.items()
    }
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return 0
    table = Table("task", "opens, ms", "beyond the page's own load, ms")
    for name, figure in figures.items():
        table.add_row(name, f"{figure['ms']:,}", f"{figure['over_plain_ms']:,}")
    Console().print(table)
    return 0


def _store(client: LabelStudio, only: str) -> dict[str, tuple[int, int]]:
    """A project each: the plain one, and each interface with a short and with a long task."""

    def store(name: str, interface: Interface[Any], data: dict[str, Any], draft: Any) -> None:
        if only in name:
            stored[name] = store_task(client, interface, data, draft)

    project = client.create_project({"title": "Opening, plain", "label_config": PLAIN})
    client.import_tasks(project["id"], [{"data": {"t": "word"}}])
    (task,) = (t for p in client.task_pages(project["id"]) for t in p.tasks)
    stored = {"plain": (int(project["id"]), int(task["id"]))}
    for name, interface in label_configs.INTERFACES.items():
        short: dict[str, Any] = {k: v for k, v in interface.example.items() if k != "id"}
        long = {**short, "messages": long_conversation()}
        for label, data in (("short", short), ("long", long)):
            draft = drafted(interface, interface.complete_task(data))
            store(f"{name}, {label}", interface, data, draft)
    chain = label_configs.load("reasoning_steps")
    data = {k: v for k, v in chain.example.items() if k != "id"}
    draft = drafted(chain, chain.complete_task(data), STEPS)
    store(f"{chain.name}, {STEPS} steps", chain, data, draft)
    agent, data = label_configs.load("agent_steps"), trajectory(TRAJECTORY)
    store(f"{agent.name}, {TRAJECTORY} steps", agent, data, agent.own_draft(data))
    return stored


def _open(page: Page, url: str, project_id: int, task_id: int) -> float:
    """Seconds until the task is there and can be submitted."""
    page.goto("about:blank")
    started = time.perf_counter()
    page.goto(f"{url}/projects/{project_id}/data?task={task_id}", wait_until="commit")
    page.wait_for_selector(".lt textarea", state="attached", timeout=120_000)
    page.get_by_test_id("bottombar-submit-button").wait_for(timeout=120_000)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
