"""`chat_response` in the real page: what an annotator sees, types and saves."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from label_configs.chat_response import ChatResponse
from tests.e2e.opened import Opened, OpenTask

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TASK: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You work for a bank."},
        {"role": "user", "content": "My card is lost. What now?\nIt says <b>blocked</b> & 2 < 3."},
        {"role": "assistant", "content": "Have you **frozen** it in the app?"},
        {"role": "user", "content": "Yes. How long does a new one take, and what does it cost?"},
    ],
    "context": {"customer_tier": "Plus", "balances": {"GBP": 12}},
    "documents": [{"title": "Fee schedule", "text": "| Card | Fee |\n|---|---|\n| New | GBP 5 |"}],
}
DRAFT = ChatResponse(response="A new card takes 3 days.\n\nIt costs GBP 5.00.")
EDITOR = ".lt-answer textarea"


@pytest.fixture
def opened(open_task: OpenTask) -> Opened:
    return open_task("chat_response", TASK, DRAFT)


def test_a_good_draft_is_accepted_with_two_keys(opened: Opened) -> None:
    expect(opened.page.locator(EDITOR)).to_have_value(DRAFT.response)
    opened.page.keyboard.press("1")
    record = opened.submit_by_keyboard()
    assert record == ChatResponse(DRAFT.response, verdict="accept")
    assert opened.annotation()["parent_prediction"] is not None
    assert opened.errors == []


def test_what_is_read_is_shown_as_it_was_written(opened: Opened) -> None:
    read = opened.page.locator(".lt-read")
    said = read.locator(".lt-turn")
    expect(said).to_have_count(4)
    expect(said.nth(1).locator(".lt-verbatim")).to_have_text(
        "My card is lost. What now?\nIt says <b>blocked</b> & 2 < 3.", use_inner_text=True
    )
    expect(said.nth(2).locator("strong")).to_have_text("frozen")
    system = said.nth(0).locator(".lt-verbatim")
    expect(system).to_be_hidden()
    said.nth(0).locator("summary").click()
    expect(system).to_have_text("You work for a bank.")
    expect(read.get_by_text("customer tier")).to_be_visible()
    expect(read.get_by_text('{"GBP": 12}')).to_be_visible()
    fee = read.get_by_role("cell", name="GBP 5", exact=True)
    expect(fee).to_be_visible()
    read.get_by_text("Fee schedule").click()
    expect(fee).to_be_hidden()
    rule = opened.page.get_by_text("Be exact.")
    expect(rule).to_be_hidden()
    opened.page.get_by_text("Guidelines", exact=True).first.click()
    expect(rule).to_be_visible()
    opened.refuse("Say what became of the draft.")


def test_everything_is_saved_as_it_was_entered(opened: Opened) -> None:
    page = opened.page
    editor = page.locator(EDITOR)
    editor.press("Control+End")
    editor.press_sequentially(" It comes by post.")
    page.get_by_text("edit[2]").click()
    for criterion, stars in (("Accuracy", 4), ("Tone", 2)):
        rating = page.locator(".lt-criteria div", has_text=criterion).locator(".ant-rate-star")
        rating.nth(stars - 1).click()
    page.get_by_text("billing[").click()
    page.get_by_text("sensitive[").click()
    page.get_by_text("hand over to a human[").click()
    page.get_by_text("speculative[").click()
    note = page.get_by_placeholder("Note for the team")
    note.click()
    note.press_sequentially("The fee is new.\nتحقق")
    assert opened.submit() == ChatResponse(
        response=DRAFT.response + " It comes by post.",
        verdict="edit",
        quality={"accuracy": 4, "tone": 2},
        category="billing",
        flags=("sensitive", "hand over to a human"),
        certainty="speculative",
        note="The fee is new.\nتحقق",
    )
    assert opened.errors == []


def test_the_last_keystroke_is_kept_when_submitted_by_keyboard(opened: Opened) -> None:
    editor = opened.page.locator(EDITOR)
    editor.click()
    editor.press("Control+End")
    editor.press_sequentially(" By post.")
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("2")
    assert opened.submit_by_keyboard() == ChatResponse(DRAFT.response + " By post.", verdict="edit")


@pytest.mark.thorough
def test_an_answer_is_asked_for(open_task: OpenTask, page: Page) -> None:
    opened = open_task("chat_response", TASK)
    page.get_by_text("rewrite[3]").click()
    page.get_by_test_id("bottombar-submit-button").click()
    expect(page.get_by_text("Write the reply, or reject the draft")).to_be_visible()
    assert opened.task()["annotations"] == []


def test_a_task_without_a_draft_can_be_answered(open_task: OpenTask, page: Page) -> None:
    opened = open_task("chat_response", TASK)
    editor = page.locator(EDITOR)
    editor.click()
    editor.press_sequentially("Three days.")
    page.get_by_text("rewrite[3]").click()
    assert opened.submit() == ChatResponse("Three days.", verdict="rewrite")
    assert opened.errors == []


def test_an_annotation_is_changed_again(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("1")
    opened.submit_by_keyboard()
    opened.show(page.url)
    editor = page.locator(EDITOR)
    expect(editor).to_have_value(DRAFT.response)
    editor.press("Control+End")
    editor.press_sequentially(" Soon.")
    page.get_by_text("edit[2]").click()
    page.get_by_test_id("bottombar-update-button").click()
    opened.wait_for(ChatResponse(DRAFT.response + " Soon.", verdict="edit"))


@pytest.mark.thorough
def test_many_documents_are_folded(open_task: OpenTask) -> None:
    three = [{"title": f"Schedule {i}", "text": f"Fee {i}"} for i in range(3)]
    read = open_task("chat_response", {**TASK, "documents": three}, DRAFT).page.locator(".lt-read")
    expect(read.locator(".lt-document")).to_have_count(3)
    expect(read.get_by_text("Fee 1")).to_be_hidden()
    read.get_by_text("Schedule 1").click()
    expect(read.get_by_text("Fee 1")).to_be_visible()
    expect(read.get_by_text("Fee 2")).to_be_hidden()


@pytest.mark.thorough
def test_a_page_without_the_list_of_categories(open_task: OpenTask) -> None:
    opened = open_task("chat_response", TASK, DRAFT, categories=None)
    page = opened.page
    expect(page.get_by_text("This case")).to_be_visible()
    expect(page.get_by_text("Question", exact=True)).to_have_count(0)
    expect(page.locator("input[name='how-to']")).to_have_count(0)
    page.keyboard.press("1")
    assert opened.submit_by_keyboard() == ChatResponse(DRAFT.response, verdict="accept")
    assert opened.errors == []
