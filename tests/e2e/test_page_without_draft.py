"""A page that is opened before its draft is there: what it says, and whose words it then holds."""

import pytest
from playwright.sync_api import Page, Request, expect

from label_configs.chat_response import ChatResponse
from tests.e2e.opened import SETTLED, Opened, OpenTask
from tests.e2e.test_page_chat_response import DRAFT, EDITOR, TASK

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

WORDS = "Three days, and it costs GBP 5.00."


def says(page: Page) -> str:
    """What stands above the editor."""
    said: str = page.locator(".lt-write").evaluate("e => getComputedStyle(e, '::before').content")
    return said


def push_draft(opened: Opened) -> None:
    """Store the draft as the worker does, while the page is open."""
    stored = {"task": opened.task()["id"], "project": opened.project_id, "model_version": "v1"}
    result = opened.interface.encode(DRAFT)
    opened.client.create_prediction({**stored, "result": result, "score": 0.5})
    opened.client.update_project(opened.project_id, {"model_version": "v1"})


def reload(page: Page) -> None:
    page.reload()
    page.wait_for_function(SETTLED, timeout=60_000)


def _keeps_words(request: Request) -> bool:
    return request.method == "POST" and "/drafts" in request.url


def test_a_draft_that_came_meanwhile_is_there_after_a_reload(
    open_task: OpenTask, page: Page
) -> None:
    opened = open_task("chat_response", TASK)
    assert says(page).startswith(
        '"No draft yet. Write the answer yourself, or reload the page (F5)'
    )
    push_draft(opened)
    reload(page)
    expect(page.locator(EDITOR)).to_have_value(DRAFT.response)
    assert says(page) == "none"
    page.keyboard.press("1")
    assert opened.submit_by_keyboard() == ChatResponse(DRAFT.response, verdict="accept")
    assert opened.errors == []


def test_no_draft_replaces_what_was_typed(open_task: OpenTask, page: Page) -> None:
    opened = open_task("chat_response", TASK)
    box = page.get_by_placeholder("Tell the model what to change")
    editor = page.locator(EDITOR)
    editor.click()
    editor.press_sequentially(WORDS)
    assert says(page).startswith('"Shift+Enter keeps what you have typed')
    # its reply would hide the words
    expect(box).to_be_hidden()
    with page.expect_response(lambda answer: _keeps_words(answer.request)):
        editor.press("Shift+Enter")
        push_draft(opened)
    expect(box).to_be_visible()
    expect(editor).to_have_value(WORDS)
    assert says(page) == "none"
    reload(page)
    expect(editor).to_have_value(WORDS)
    page.get_by_text("rewrite[3]").click()
    assert opened.submit() == ChatResponse(WORDS, verdict="rewrite")
    assert [p["model_version"] for p in opened.task()["predictions"]] == ["v1"]
    assert opened.errors == []
