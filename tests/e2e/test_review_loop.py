"""The loop of a review: an answer, a finding, a second person who amends it, and what is learnt."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from label_configs.review import Review, interface
from tests.e2e.annotators import Annotator
from tests.e2e.backend_processes import BackendProcesses
from tests.e2e.test_push_survives import in_label_studio, project_folder, write
from tests.running import Up, labeltune
from tests.sync.builders import result

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TITLE = "Reviewed answers"
QUEUE = f"{TITLE} review: peer"
DOUBTFUL = "Please ask [YOUR NAME HERE] at the branch for the fee."
REJECTED = "Please write to [EMAIL ADDRESS HERE] and hope."
FINE = "You can freeze the card yourself: Cards, then Freeze."
AMENDED = "A new card costs GBP 5.00; the branch orders it for you."
ANSWERS = {"fee": DOUBTFUL, "hope": REJECTED, "freeze": FINE}


@pytest.fixture
def reviewing(up: Up, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a window in which somebody with an account is logged in."""
    contexts = []

    def open_window(name: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{up.label_studio_url}/user/login/")
        page.fill("input[name=email]", f"{name}@example.org")
        page.fill("input[name=password]", f"{name}-knows-it-2026")
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/user/login" not in url)
        return page

    yield open_window
    for context in contexts:
        context.close()


def said(folder: Path, *arguments: str) -> dict[str, Any]:
    done = labeltune(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def decided(up: Up) -> dict[str, Review]:
    """What the queue's reviews say, by the task that they are about."""
    return {
        task["data"]["reviewed_id"]: interface.decode(each["result"])
        for task in in_label_studio(up, QUEUE)
        for each in task["annotations"]
        if not each["was_cancelled"]
    }


def decide(up: Up, page: Page, project_id: int) -> None:
    """Amend the doubtful answer or reject the hopeless one, whichever the stream gives."""
    before = decided(up)
    page.goto(f"{up.label_studio_url}/projects/{project_id}/data?labeling=1")
    expect(page.get_by_test_id("bottombar-submit-button")).to_be_visible(timeout=60_000)
    card = page.locator(".lt-review-card-a")
    expect(card).to_be_visible()
    time.sleep(2)  # a page that is opened by its address is built twice
    # the reviewer sees what the check found, and not who wrote it
    expect(page.locator(".lt-review-found")).to_contain_text("placeholder")
    assert "example.org" not in page.locator(".lt").inner_html()
    amends = DOUBTFUL in card.inner_text()
    page.keyboard.press("2" if amends else "3")
    page.locator(".lt-review-reason textarea").fill("It names nobody.")
    if amends:
        page.locator(".lt-review-amended textarea").fill(AMENDED)
    page.keyboard.press("Tab")
    page.get_by_test_id("bottombar-submit-button").click()
    until = time.monotonic() + 30
    while len(decided(up)) == len(before):
        assert time.monotonic() < until, "nothing was saved within 30 s"
        time.sleep(0.2)


def test_an_answer_that_a_second_person_amends(
    tmp_path: Path,
    up: Up,
    backend: BackendProcesses,
    signed_up: Callable[[str], Annotator],
    reviewing: Callable[[str], Page],
) -> None:
    author, _ = signed_up("loop-author"), signed_up("loop-reviewer")
    project_folder(tmp_path, up, backend, TITLE)
    with (tmp_path / "labeltune.toml").open("a") as file:
        file.write("[review]\nrandom = 0.0\nrisk = 0.0\nfirst_tasks = 0\ngold = 0.0\n")
    write(tmp_path, {name: f"What about my card: {name}?" for name in ANSWERS})
    said(tmp_path, "push", "tasks.jsonl")
    for task in in_label_studio(up, TITLE):
        author.submit(task["id"], result(ANSWERS[task["data"]["labeltune_id"]], verdict="edit"))
    said(tmp_path, "pull")
    assert said(tmp_path, "check")["by_kind"]["placeholder"] == 2

    sent = said(tmp_path, "review")
    assert (sent["reasons"], sent["queues"][0]["new"]) == ({"finding": 2}, 2)
    (queue,) = [p for p in up.label_studio.projects() if p["title"] == QUEUE]
    assert author.following(int(queue["id"])) is None  # it is all their own
    page = reviewing("loop-reviewer")
    for _ in range(2):
        decide(up, page, int(queue["id"]))
    verdicts = decided(up)
    assert (verdicts["fee"].decision, verdicts["fee"].amended) == ("amend", AMENDED)
    assert (verdicts["hope"].decision, verdicts["hope"].reason) == ("reject", "It names nobody.")

    said(tmp_path, "pull")
    again = said(tmp_path, "review")
    assert (again["passed"], again["rejected"], again["queues"][0]["new"]) == (1, 1, 0)
    assert said(tmp_path, "check")["by_kind"]["placeholder"] == 0
    _is_learnt(tmp_path)


def _is_learnt(folder: Path) -> None:
    """The amended text with its history and its pair; nothing of what was rejected."""
    out = folder / "release"
    formats = ("--format", "openai-chat", "--format", "trl-preference")
    said(folder, "export", *formats, "--out", str(out))
    written = "".join(path.read_text() for path in out.rglob("*.jsonl"))
    assert AMENDED in written and FINE in written
    assert REJECTED not in written
    (pair,) = _lines(out, "trl-preference")
    assert pair["chosen"][-1]["content"] == AMENDED
    assert pair["rejected"][-1]["content"] == DOUBTFUL
    chats = _lines(out, "openai-chat")
    assert {chat["messages"][-1]["content"] for chat in chats} == {AMENDED, FINE}
    (amended,) = [line for line in _lines(out, "lineage") if line.get("history")]
    steps = [(each["by"], each.get("tier"), each.get("decision")) for each in amended["history"]]
    assert steps == [("annotator", None, None), ("reviewer", "peer", "amend")]


def _lines(folder: Path, name: str) -> list[dict[str, Any]]:
    (path,) = folder.rglob(f"{name}*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]
