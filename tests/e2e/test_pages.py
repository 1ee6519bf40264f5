"""Every shipped interface in a real browser: opens, shows the draft, saves what was typed."""

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import label_configs
from connectors.label_studio import LabelStudio
from label_configs import Interface, validation
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import KINDS, ReasoningSteps, Step
from tests.running import Up

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TASK = {
    "messages": [
        {"role": "user", "content": "My card is lost. What now?"},
        {"role": "assistant", "content": "Have you frozen it in the app?"},
        {"role": "user", "content": "Yes. How long does a new one take, and what does it cost?"},
    ],
    "context": {"customer_tier": "Plus", "fee_schedule": "Replacement card: GBP 5.00"},
}
DRAFTS: dict[str, Any] = {
    "chat_response": ChatResponse(response="A new card takes 3 days.\n\nIt costs GBP 5.00."),
    "reasoning_steps": ReasoningSteps(
        steps=tuple(Step(f"Step {i}: what follows.", KINDS[i % len(KINDS)]) for i in range(12)),
        answer="Three days, GBP 5.00.",
    ),
}


@dataclasses.dataclass
class Opened:
    """A task with a draft, open in the browser."""

    interface: Interface[Any]
    draft: Any
    page: Page
    client: LabelStudio
    project_id: int
    page_errors: list[str]

    def submit(self) -> Any:
        """Press Submit; returns the saved annotation's record and its task's data."""
        self.page.get_by_test_id("bottombar-submit-button").click()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            (task,) = (t for p in self.client.task_pages(self.project_id) for t in p.tasks)
            if task["annotations"]:
                (annotation,) = task["annotations"]
                return self.interface.decode(annotation["result"])
            time.sleep(0.3)
        pytest.fail("nothing was saved within 30 s")


@pytest.fixture
def opened(request: pytest.FixtureRequest, up: Up, page: Page) -> Iterator[Opened]:
    interface = label_configs.load(request.param)
    draft = DRAFTS[request.param]
    client = up.label_studio
    xml = interface.label_config()
    data = interface.complete_task(TASK, "# Guidelines\n\nBe exact.") | interface.task_patch(draft)
    project = client.create_project(
        {"title": f"page of {request.param}", "label_config": xml, "show_collab_predictions": True}
    )
    client.import_tasks(project["id"], [{"data": data}])
    (task,) = (t for p in client.task_pages(project["id"]) for t in p.tasks)
    result = interface.encode(draft)
    validation.check_results(interface.check_config(xml), data, result)
    client.create_prediction(
        {
            "task": task["id"],
            "project": project["id"],
            "result": result,
            "score": 0.5,
            "model_version": "v1",
        }
    )
    client.update_project(project["id"], {"model_version": "v1"})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{up.label_studio_url}/projects/{project['id']}/data?task={task['id']}")
    expect(page.locator(".lt-columns")).to_be_visible(timeout=60_000)
    yield Opened(interface, draft, page, client, project["id"], errors)
    client.delete_project(project["id"])


@pytest.mark.parametrize("opened", list(DRAFTS), indirect=True)
def test_a_good_draft_is_accepted_with_one_choice_and_submit(opened: Opened) -> None:
    opened.page.get_by_text("accept[1]").click()
    record = opened.submit()
    assert record == dataclasses.replace(opened.draft, verdict="accept")
    assert opened.page_errors == []


@pytest.mark.parametrize("opened", list(DRAFTS), indirect=True)
def test_conversation_and_context_are_shown(opened: Opened) -> None:
    left = opened.page.locator(".lt-read")
    for message in TASK["messages"]:
        expect(left.get_by_text(message["content"], exact=True)).to_be_visible()
    expect(left.get_by_text("Replacement card: GBP 5.00")).to_be_attached()
    # Label Studio's dialogue has time stamps, which the style hides
    stamps = left.get_by_text("00:00:00 - 00:00:00")
    expect(stamps).to_have_count(len(TASK["messages"]))
    assert not any(stamp.is_visible() for stamp in stamps.all())


@pytest.mark.parametrize("opened", ["chat_response"], indirect=True)
def test_chat_response_saves_what_was_typed(opened: Opened) -> None:
    page = opened.page
    editor = page.locator(".lt-write textarea")
    expect(editor).to_have_value(opened.draft.response)
    editor.press("Control+End")
    editor.press_sequentially(" It comes by post.")
    page.get_by_text("edit[2]").click()
    page.locator(".lt-write .ant-rate-star").nth(3).click()
    page.get_by_text("billing[").click()
    assert opened.submit() == ChatResponse(
        response=opened.draft.response + " It comes by post.",
        verdict="edit",
        quality=4,
        category="billing",
    )


@pytest.mark.parametrize("opened", ["chat_response"], indirect=True)
def test_chat_response_asks_for_a_verdict(opened: Opened) -> None:
    opened.page.get_by_test_id("bottombar-submit-button").click()
    expect(opened.page.get_by_text("Say what became of the draft.")).to_be_visible()
    (task,) = (t for p in opened.client.task_pages(opened.project_id) for t in p.tasks)
    assert task["annotations"] == []


@pytest.mark.parametrize("opened", ["reasoning_steps"], indirect=True)
def test_reasoning_steps_saves_every_row(opened: Opened) -> None:
    page = opened.page
    editors = page.locator(".lt-step textarea")
    expect(editors).to_have_count(len(opened.draft.steps))
    editors.nth(4).fill("Corrected: the fee is GBP 5.00.")
    page.locator(".lt-step").nth(4).get_by_text("wrong").click()
    page.get_by_text("edit[2]").click()
    record = opened.submit()
    expected = list(opened.draft.steps)
    expected[4] = dataclasses.replace(
        expected[4], text="Corrected: the fee is GBP 5.00.", verdict="wrong"
    )
    assert record.steps == tuple(expected)
    assert record.answer == opened.draft.answer
    assert record.verdict == "edit"
