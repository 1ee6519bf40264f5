"""The `review` page: answers side by side, one decision, and nothing that tells who wrote what."""

import dataclasses
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from label_configs.review import Review, interface
from label_configs.review_task import review_task, shown_answers
from tests.e2e.opened import Opened, OpenTask

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

QUESTION: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "My card is lost. What now?"},
        {"role": "assistant", "content": "Have you frozen it in the app?"},
        {"role": "user", "content": "Yes. How long does a new one take, and what does it cost?"},
    ],
    "context": {"customer_tier": "Plus"},
}
ANA = {
    "text": "A new card takes **3 days**.\n\nIt costs GBP 5.00.",
    "annotator": "ana@example.org",
    "verdict": "edit",
    "written_at": "2026-11-20T09:14:00Z",
}
BO = {
    "text": "It is free <b>of charge</b>.",
    "annotator": "bo@example.org",
    "verdict": "accept",
    "written_at": "2026-11-20T11:02:00Z",
}
FINDINGS = [{"check": "contradictions", "message": "bo@example.org names no fee.", "score": 0.18}]
ONE = review_task(QUESTION, [ANA], [], "a random sample")
TWO = review_task(QUESTION, [ANA, BO], FINDINGS, "two annotators disagree")
BLIND = review_task(QUESTION, [ANA, BO], FINDINGS, "two annotators disagree", blind=True)
LONG = review_task(
    QUESTION,
    [{**ANA, "text": "It takes 3 days. " * 400}, BO, ANA, BO],
    FINDINGS * 12,
    "two annotators disagree",
)
CARD = ".lt-review-card"
EDITOR = ".lt-review-amended textarea"
REASON = ".lt-review-reason textarea"


def open_review(open_task: OpenTask, data: dict[str, Any], drafted: bool = True) -> Opened:
    """Open a review, usually with its own draft as the backend delivers it."""
    return open_task("review", data, interface.own_draft(data) if drafted else None)


def type_in(page: Page, editor: str, text: str) -> None:
    """Add to what stands in an editor."""
    page.locator(editor).click()
    page.keyboard.press("Control+End")
    page.locator(editor).press_sequentially(text)


def test_the_only_answer_is_approved_with_two_keys(open_task: OpenTask) -> None:
    opened = open_review(open_task, ONE)
    expect(opened.page.locator(EDITOR)).to_be_hidden()
    expect(opened.page.locator(REASON)).to_be_hidden()
    opened.page.keyboard.press("1")
    expect(opened.page.locator(".lt-review-best")).to_be_hidden()
    record = opened.submit_by_keyboard()
    assert record == Review("approve", best=0, amended=ANA["text"])
    assert interface.accepted_answer(record, opened.task()["data"]) == ANA["text"]
    assert opened.errors == []


@pytest.mark.thorough
def test_the_only_answer_is_approved_without_a_draft_too(open_task: OpenTask) -> None:
    opened = open_review(open_task, ONE, drafted=False)
    opened.page.keyboard.press("1")
    assert opened.submit_by_keyboard() == Review("approve", best=0)


def test_everything_to_judge_by_is_shown(open_task: OpenTask) -> None:
    opened = open_review(open_task, TWO)
    page = opened.page
    for message in QUESTION["messages"]:
        expect(page.locator(".lt-read").get_by_text(message["content"])).to_be_visible()
    found = page.locator(".lt-review-found")
    expect(found).to_contain_text("two annotators disagree")
    expect(found).to_contain_text("bo@example.org names no fee. score 0.18")
    cards = page.locator(CARD)
    expect(cards).to_have_count(2)
    for told in ("A", "ana@example.org", "edit", "2026-11-20 09:14"):
        expect(cards.nth(0).get_by_text(told, exact=True)).to_be_visible()
    expect(cards.nth(0).locator("strong")).to_have_text("3 days")
    expect(cards.nth(1)).to_contain_text("It is free <b>of charge</b>.")
    left, right = (cards.nth(i).bounding_box() for i in (0, 1))
    assert left and right
    assert left["y"] == right["y"]
    assert left["width"] == right["width"]
    assert opened.errors == []
    opened.refuse("Approve, amend or reject.")


def test_a_blind_page_names_nobody(open_task: OpenTask) -> None:
    opened = open_review(open_task, BLIND)
    page = opened.page
    shown = shown_answers(BLIND)
    expect(page.locator(CARD)).to_have_count(2)
    for choose, answer in zip(("a", "b"), shown, strict=True):
        card = page.locator(f"{CARD}-{choose}")
        expect(card).to_contain_text(answer["verdict"])
    seen = page.locator(".lt").inner_html()
    for told in ("ana@", "bo@", "2026-11-20", "09:14"):
        assert told not in seen
    bos = "ab"[shown.index(BO)]
    expect(page.locator(".lt-review-found")).to_contain_text(f"[{bos.upper()}] names no fee.")
    page.keyboard.press("1")
    page.keyboard.press(bos)
    record = opened.submit_by_keyboard()
    data = opened.task()["data"]
    assert interface.chosen_answer(record, data) == BO
    assert interface.accepted_answer(record, data) == BO["text"]


def test_which_answer_is_approved_must_be_said(open_task: OpenTask) -> None:
    opened = open_review(open_task, TWO)
    page = opened.page
    page.keyboard.press("1")
    opened.refuse("Say which answer you approve.")


def test_an_answer_of_several_is_approved_with_three_keys(open_task: OpenTask) -> None:
    opened = open_review(open_task, TWO)
    for key in ("1", "a", "b"):
        opened.page.keyboard.press(key)
    assert opened.submit_by_keyboard() == Review("approve", best=1, amended=BO["text"])


@pytest.mark.thorough
def test_the_letter_can_come_before_the_decision(open_task: OpenTask) -> None:
    opened = open_review(open_task, TWO)
    for key in ("a", "1"):
        opened.page.keyboard.press(key)
    assert opened.submit_by_keyboard() == Review("approve", best=0, amended=BO["text"])


@pytest.mark.parametrize("key", ["2", pytest.param("3", marks=pytest.mark.thorough)])
def test_a_reason_is_required_to_amend_or_reject(open_task: OpenTask, key: str) -> None:
    opened = open_review(open_task, TWO)
    opened.page.keyboard.press(key)
    opened.refuse("Say why you amend or reject it.")


@pytest.mark.thorough
def test_an_amended_answer_is_saved_to_the_last_keystroke_by_the_button(
    open_task: OpenTask,
) -> None:
    opened = open_review(open_task, TWO)
    page = opened.page
    page.get_by_text("amend[2]").click()
    # the newest answer stands there to begin with
    expect(page.locator(EDITOR)).to_have_value(BO["text"])
    type_in(page, REASON, "Wrong fee")
    type_in(page, EDITOR, " No!")
    record = opened.submit()
    assert record == Review("amend", amended=BO["text"] + " No!", reason="Wrong fee")
    assert interface.accepted_answer(record, opened.task()["data"]) == BO["text"] + " No!"


def test_an_amended_answer_is_saved_to_the_last_keystroke_by_keys(open_task: OpenTask) -> None:
    opened = open_review(open_task, ONE)
    page = opened.page
    page.keyboard.press("2")
    type_in(page, REASON, "Too short")
    page.keyboard.press("Tab")
    expect(page.locator(EDITOR)).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" It comes by post.")
    page.keyboard.press("Tab")
    page.keyboard.press("w")
    assert opened.submit_by_keyboard() == Review(
        "amend",
        amended=ANA["text"] + " It comes by post.",
        reason="Too short",
        error_kinds=("incomplete",),
    )


def test_everything_is_saved_as_chosen_and_typed(open_task: OpenTask) -> None:
    opened = open_review(open_task, TWO)
    page = opened.page
    page.keyboard.press("3")
    for key in ("q", "y"):
        page.keyboard.press(key)
    type_in(page, REASON, "Neither gives\nthe fee")
    note = page.get_by_placeholder("Note for the team")
    note.click()
    note.press_sequentially("Tell both. تحقق")
    record = opened.submit()
    assert record == Review(
        "reject",
        amended=BO["text"],
        reason="Neither gives\nthe fee",
        error_kinds=("factual", "guideline not followed"),
        note="Tell both. تحقق",
    )
    assert interface.accepted_answer(record, opened.task()["data"]) is None
    assert opened.errors == []


@pytest.mark.thorough
def test_a_reason_that_no_longer_applies_is_not_saved(open_task: OpenTask) -> None:
    opened = open_review(open_task, ONE)
    page = opened.page
    page.keyboard.press("3")
    page.keyboard.press("q")
    type_in(page, REASON, "Wrong fee")
    page.keyboard.press("Tab")
    page.keyboard.press("1")
    assert opened.submit_by_keyboard() == Review("approve", best=0, amended=ANA["text"])


@pytest.mark.thorough
def test_an_approval_is_changed_into_an_amendment(open_task: OpenTask) -> None:
    opened = open_review(open_task, ONE)
    page = opened.page
    page.keyboard.press("1")
    approved = opened.submit_by_keyboard()
    opened.show(page.url)
    expect(page.locator(CARD)).to_be_visible(timeout=60_000)
    page.get_by_text("amend[2]").click()
    expect(page.locator(EDITOR)).to_have_value(ANA["text"])
    type_in(page, EDITOR, " Soon.")
    type_in(page, REASON, "Too short")
    page.get_by_test_id("bottombar-update-button").click()
    amended = dataclasses.replace(approved, decision="amend", best=None, reason="Too short")
    opened.wait_for(dataclasses.replace(amended, amended=ANA["text"] + " Soon."))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ONE, id="one", marks=pytest.mark.thorough),
        pytest.param(TWO, id="two", marks=pytest.mark.thorough),
        pytest.param(LONG, id="long"),
    ],
)
def test_the_decision_is_in_sight_on_a_small_screen(
    open_task: OpenTask, data: dict[str, Any]
) -> None:
    opened = open_review(open_task, data)
    page = opened.page
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator(f"{CARD}-a")).to_be_in_viewport(ratio=0.9)
    for value in ("approve[1]", "amend[2]", "reject[3]"):
        expect(page.get_by_text(value)).to_be_in_viewport(ratio=1)
    page.keyboard.press("2")
    expect(page.locator(REASON)).to_be_in_viewport(ratio=1)
    expect(page.locator(EDITOR)).to_be_in_viewport(ratio=0.3)
    assert page.locator(".lt").evaluate("e => e.scrollWidth <= e.clientWidth")
