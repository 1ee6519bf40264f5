"""Pictures of a source, pushed into a real Label Studio and seen in its page."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from connectors.pictures import data_uri
from connectors.task_pictures import TaskPictures
from sync.common.picture_names import name_in, picture_name
from tests.e2e.opened import SETTLED
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.running import Up, labeltune
from tests.small_pictures import GIF, png
from tests.sync.stack.living import eventually

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

CARD = png(width=400, height=250)


def question(own_id: str, *addresses: str) -> str:
    pictures = [{"type": "image_url", "image_url": {"url": each}} for each in addresses]
    parts = [{"type": "text", "text": "What is wrong with my card?"}, *pictures]
    return json.dumps({"id": own_id, "messages": [{"role": "user", "content": parts}]})


def push(folder: Path) -> dict[str, Any]:
    done = labeltune(folder, "push", "chats.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def shown(up: Up, project_id: int) -> dict[str, tuple[int, list[str]]]:
    """By the tasks' own ids: Label Studio's, and the addresses of its pictures."""
    tasks = [task for page in up.label_studio.task_pages(project_id) for task in page.tasks]
    return {
        task["data"]["labeltune_id"]: (
            int(task["id"]),
            [p["image_url"]["url"] for p in task["data"]["messages"][0]["content"][1:]],
        )
        for task in tasks
    }


def test_a_picture_is_uploaded_once_seen_in_the_page_and_left_by_a_blind_model(
    folder: Path, up: Up, page: Page
) -> None:
    config = (folder / "labeltune.toml").read_text()
    (folder / "labeltune.toml").write_text(config.replace('"Failures"', '"Pictures"'))
    (folder / "photos").mkdir()
    (folder / "photos/my card.png").write_bytes(CARD)
    rows = [question("file", "photos/my card.png"), question("row", data_uri(GIF), data_uri(CARD))]
    (folder / "chats.jsonl").write_text("\n".join(rows) + "\n")
    first = push(folder)
    assert (first["created"], first["pictures"]) == (2, 2)
    client, project_id = up.label_studio, first["project_id"]
    tasks = shown(up, project_id)
    (card,) = tasks["file"][1]
    assert tasks["row"][1][1] == card
    assert name_in(card) == picture_name(CARD)
    assert not [each for each in client.uploads(project_id) if each.is_place]
    everything = str([t.tasks for t in client.task_pages(project_id)])
    assert str(folder) not in everything and "base64" not in everything
    _only_those_who_are_logged_in_see_it(up, card)

    _is_seen(page, f"{up.label_studio_url}/projects/{project_id}/data?task={tasks['file'][0]}")

    (folder / "photos/my card.png").write_bytes(png(7))
    changed = push(folder)
    counts = [changed[name] for name in ("created", "updated", "unchanged", "pictures")]
    assert counts == [0, 1, 1, 1], "the picture of the unchanged task is not uploaded again"
    assert name_in(shown(up, project_id)["file"][1][0]) == picture_name(png(7))
    assert len(client.uploads(project_id)) == 3
    _is_left_undrafted(folder)


def _only_those_who_are_logged_in_see_it(up: Up, address: str) -> None:
    assert httpx.get(up.label_studio_url + address).status_code == 401
    assert TaskPictures(up.label_studio).for_model(address) == data_uri(CARD)


def _is_left_undrafted(folder: Path) -> None:
    """By llama.cpp with a model that reads text alone; status says how many tasks, and why."""

    def reasons() -> list[str]:
        done = labeltune(folder, "status", "--json")
        found = json.loads(done.stdout)["project"]["undrafted"]
        return [each["reason"] for each in found["reasons"] for _ in range(each["tasks"])]

    def are_told() -> bool:
        told = reasons()
        return len(told) == 2 and all("sees no pictures" in each for each in told)

    assert eventually(are_told, limit_s=60), reasons()


def _is_seen(page: Page, address: str) -> None:
    """The picture has its pixels and is inside of a window that is 1280 wide."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address, wait_until="commit")
    page.wait_for_function(SETTLED, timeout=60_000)
    # asked in one go, since the page builds itself anew when a draft comes
    loaded = page.wait_for_function(
        """() => {
            const picture = document.querySelector("img.lt-picture");
            if (!picture || !picture.complete || picture.naturalWidth !== 400) return null;
            picture.scrollIntoView();
            const {left, right, top, bottom} = picture.getBoundingClientRect();
            return right - left > 100 && bottom > top && {left, right};
        }"""
    )
    box = loaded.json_value()
    assert 0 <= box["left"] < box["right"] <= 1280
