"""The `preference` page: two answers side by side, one scale, either answer open to editing."""

import dataclasses
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from label_configs.preference import PreferencePair, PreferenceRecord, interface
from tests.e2e.opened import Opened, OpenTask

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TASK: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "My card is lost. What now?"},
        {"role": "assistant", "content": "Have you frozen it in the app?"},
        {"role": "user", "content": "Yes. How long does a new one take, and what does it cost?"},
    ],
    "context": {"customer_tier": "Plus"},
}
DRAFT = PreferenceRecord(
    left="A new card takes **3 days**.\n\nIt costs GBP 5.00.",
    right="It is free <b>of charge</b>.",
    sources=("central sample", "distant sample"),
)
KEYS = {
    "1": "left better",
    "2": "left slightly better",
    "3": "tie",
    "4": "right slightly better",
    "5": "right better",
    "6": "both bad",
}
LONG = PreferenceRecord(left="\n\n".join(["It takes 3 days. " * 12] * 12), right="It is free.")


# Label Studio builds a task that is opened by its address twice; a key in between is lost


@pytest.fixture
def opened(open_task: OpenTask) -> Opened:
    """A task with its draft."""
    return open_task("preference", TASK, DRAFT)


def editor(opened: Opened, side: str) -> Locator:
    """Unfold a side's editor."""
    column = opened.page.locator(f".lt-{side}")
    column.get_by_text("Edit this answer").click()
    textarea = column.locator("textarea")
    expect(textarea).to_be_visible()
    return textarea


def test_both_drafts_are_shown_rendered_and_without_their_source(opened: Opened) -> None:
    left, right = (opened.page.locator(f".lt-{side} .lt-shown") for side in ("left", "right"))
    expect(left.locator("strong")).to_have_text("3 days")
    expect(right).to_have_text("It is free <b>of charge</b>.")
    for message in TASK["messages"]:
        expect(opened.page.get_by_text(message["content"], exact=True)).to_be_visible()
    expect(opened.page.locator(".lt")).not_to_contain_text("sample")
    assert opened.errors == []
    opened.refuse("Say which answer is better.")


@pytest.mark.thorough
def test_before_a_draft_both_sides_say_so(open_task: OpenTask) -> None:
    opened = open_task("preference", TASK)
    for side in ("left", "right"):
        expect(opened.page.locator(f".lt-{side} .lt-shown")).to_have_text("No draft yet")
    assert opened.errors == []


def test_two_keys_decide(opened: Opened) -> None:
    for key, preference in reversed(KEYS.items()):
        opened.page.keyboard.press(key)
        expect(opened.page.locator(f".lt-scale input[name='{preference}']")).to_be_checked()
    assert opened.submit_by_keyboard() == dataclasses.replace(DRAFT, preference="left better")


@pytest.mark.thorough
def test_an_edit_is_saved_to_the_last_keystroke_by_the_button(opened: Opened) -> None:
    opened.page.keyboard.press("6")
    written = editor(opened, "right")
    written.press("Control+End")
    written.press_sequentially(" It comes by post.")
    record = opened.submit()
    edited = f"{DRAFT.right} It comes by post."
    assert record == dataclasses.replace(DRAFT, preference="both bad", right=edited)
    data = opened.task()["data"]
    assert interface.accepted_answer(record, data) == edited
    assert interface.pair(record, data) == PreferencePair(edited, DRAFT.right, slight=False)


def test_edits_are_saved_to_the_last_keystroke_by_keys(opened: Opened) -> None:
    for side in ("right", "left"):
        written = editor(opened, side)
        written.press("Control+End")
        written.press_sequentially("!")
        written.press("Tab")
    opened.page.keyboard.press("4")
    assert opened.submit_by_keyboard() == PreferenceRecord(
        left=f"{DRAFT.left}!", right=f"{DRAFT.right}!", preference="right slightly better"
    )


def test_everything_is_saved_as_chosen_and_typed(opened: Opened) -> None:
    page = opened.page
    for key in ("2", "q", "t"):
        page.keyboard.press(key)
    page.get_by_text("billing[").click()
    reason = page.locator(".lt-reason textarea")
    reason.click()
    reason.press_sequentially("The fee schedule says so")
    reason.press("Tab")
    page.keyboard.press("w")
    assert opened.submit_by_keyboard() == dataclasses.replace(
        DRAFT,
        preference="left slightly better",
        criteria=("accuracy", "completeness", "groundedness"),
        reason="The fee schedule says so",
        category="billing",
    )
    assert opened.errors == []


@pytest.mark.thorough
def test_a_reason_is_saved_by_the_button(opened: Opened) -> None:
    opened.page.keyboard.press("1")
    reason = opened.page.locator(".lt-reason textarea")
    reason.click()
    reason.press_sequentially("Complete")
    assert opened.submit() == dataclasses.replace(
        DRAFT, preference="left better", reason="Complete"
    )


@pytest.mark.thorough
def test_own_answers_can_be_compared_before_any_draft(open_task: OpenTask) -> None:
    answers = [{"text": "It is free.", "source": "v1"}, {"text": "It costs GBP 5.00."}]
    opened = open_task("preference", {**TASK, "answers": answers})
    data = opened.task()["data"]
    for side in ("left", "right"):
        shown = opened.page.locator(f".lt-{side} .lt-shown")
        expect(shown).to_have_text(data["pair"][side]["text"])
    opened.page.keyboard.press("5")
    record = opened.submit_by_keyboard()
    assert record == PreferenceRecord(preference="right better")
    assert interface.pair(record, data) == PreferencePair(
        data["pair"]["right"]["text"], data["pair"]["left"]["text"], slight=False
    )


@pytest.mark.thorough
@pytest.mark.parametrize("folded", [True, False], ids=["reading", "editing"])
def test_the_decision_is_in_sight_on_a_small_screen(open_task: OpenTask, folded: bool) -> None:
    opened = open_task("preference", TASK, LONG)
    page = opened.page
    page.set_viewport_size({"width": 1280, "height": 720})
    if not folded:
        written = editor(opened, "left")
        expect(written).to_be_in_viewport(ratio=1)
    for value in ("left better", "both bad"):
        expect(page.locator(".lt-scale label", has_text=value)).to_be_in_viewport(ratio=1)
    expect(page.locator(".lt-right .lt-shown")).to_be_in_viewport(ratio=1)
    assert page.locator(".lt").evaluate("e => e.scrollWidth <= e.clientWidth")
