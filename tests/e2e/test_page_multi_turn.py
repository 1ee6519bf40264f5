"""`multi_turn` in the real page: a whole conversation, read, edited and marked."""

import dataclasses
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import label_configs
from label_configs.multi_turn import LEAVE_OUT, TRAIN, MultiTurn, Turn
from tests.e2e.opened import Opened, OpenTask, choose

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TASK: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You work for a bank."},
        {"role": "user", "content": "My card is lost. What now?\nIt says <b>blocked</b> & 2 < 3."},
        {"role": "assistant", "content": "Have you **frozen** it in the app?"},
        {"role": "user", "content": "Just did. What does a new one cost?"},
        {"role": "assistant", "content": "A new card is free.\n\nIt takes 3 days."},
        {"role": "user", "content": "Thanks. Can I collect it?"},
        {"role": "assistant", "content": "Yes, at any branch."},
    ],
    "context": {"customer_tier": "Plus"},
    "documents": [{"title": "Fee schedule", "text": "New card: GBP 5."}],
}
TEXTS = ("Have you **frozen** it in the app?", "A new card is free.\n\nIt takes 3 days.")
LAST = "Yes, at any branch."
DRAFT = MultiTurn(turns=tuple(Turn(text) for text in (*TEXTS, LAST)))
OPEN_TASK = {**TASK, "messages": TASK["messages"][:-1]}


@pytest.fixture
def opened(open_task: OpenTask, page: Page) -> Opened:
    opened = open_task("multi_turn", TASK, DRAFT)
    expect(turn(page, 3).locator("textarea")).to_have_value(LAST)
    return opened


def turn(page: Page, number: int) -> Locator:
    """One row's assistant turn with its marks, from 1."""
    return page.locator(".lt-said").nth(number - 1)


def add(page: Page, number: int, text: str) -> None:
    """Type at the end of a turn."""
    editor = turn(page, number).locator("textarea")
    editor.click()
    editor.press("Control+End")
    editor.press_sequentially(text)


def told(page: Page, number: int) -> str:
    """What the style adds to a turn's heading."""
    heading = turn(page, number).locator("h4")
    content: str = heading.evaluate("h => getComputedStyle(h, '::after').content")
    return content


def saved_turns(*, verdict: str, **changed: Turn) -> MultiTurn:
    """The draft with turns changed: `t2=Turn(...)`."""
    turns = [changed.get(f"t{i}", old) for i, old in enumerate(DRAFT.turns, start=1)]
    return MultiTurn(turns=tuple(turns), verdict=verdict)


def test_a_good_conversation_is_accepted_with_two_keys(opened: Opened) -> None:
    opened.page.keyboard.press("1")
    assert opened.submit_by_keyboard() == dataclasses.replace(DRAFT, verdict="accept")
    assert opened.annotation()["parent_prediction"] is not None
    assert opened.errors == []


@pytest.mark.thorough
def test_the_conversation_reads_from_top_to_bottom_and_the_verdict_stays_in_sight(
    opened: Opened,
) -> None:
    page = opened.page
    parts = page.locator(".lt-write .lt-turn, .lt-said textarea")
    expect(parts).to_have_count(7)
    for i, message in enumerate(TASK["messages"]):
        part = parts.nth(i)
        if message["role"] == "assistant":
            expect(part).to_have_value(message["content"])
        elif message["role"] == "user":
            expect(part.locator(".lt-verbatim")).to_have_text(
                message["content"], use_inner_text=True
            )
        else:
            expect(part.locator(".lt-verbatim")).to_be_hidden()
    tops = parts.evaluate_all("parts => parts.map(p => p.getBoundingClientRect().top)")
    assert tops == sorted(tops)
    left = page.locator(".lt-read")
    expect(left.get_by_text("customer tier")).to_be_visible()
    expect(left.get_by_text("Be exact.")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
    page.set_viewport_size({"width": 1280, "height": 720})
    verdict = page.get_by_text("accept[1]")
    expect(verdict).to_be_in_viewport()
    page.get_by_placeholder("Note for the team").scroll_into_view_if_needed()
    expect(turn(page, 1).locator("textarea")).not_to_be_in_viewport()
    expect(verdict).to_be_in_viewport()
    assert page.locator(".lt").evaluate("lt => lt.scrollWidth <= lt.clientWidth")
    opened.refuse("Say what became of the conversation.")


def test_everything_is_saved_as_it_was_entered(opened: Opened) -> None:
    page = opened.page
    add(page, 1, " Do it now.")
    turn(page, 2).locator("textarea").fill("A new card is GBP 5.\n\nتحقق")
    choose(turn(page, 1), "good")
    choose(turn(page, 2), "poor")
    choose(turn(page, 2), TRAIN)
    choose(turn(page, 3), LEAVE_OUT)
    choose(page.locator(".lt-judge"), "edit")
    choose(page.locator(".lt-write"), "billing")
    note = page.get_by_placeholder("Note for the team")
    note.click()
    note.press_sequentially("The fee is new.")
    record = opened.submit()
    assert record == MultiTurn(
        turns=(
            Turn(f"{TEXTS[0]} Do it now.", "good"),
            Turn("A new card is GBP 5.\n\nتحقق", "poor", TRAIN),
            Turn(LAST, train=LEAVE_OUT),
        ),
        verdict="edit",
        category="billing",
        note="The fee is new.",
    )
    built = opened.interface.training_turns(record, TASK)
    assert [m["weight"] for m in built if m["role"] == "assistant"] == [1, 1, 0]
    assert opened.errors == []


def test_the_last_keystroke_is_kept_when_submitted_by_keyboard(opened: Opened) -> None:
    add(opened.page, 2, " By post.")
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("2")
    assert opened.submit_by_keyboard() == saved_turns(
        verdict="edit", t2=Turn(f"{TEXTS[1]} By post.")
    )


@pytest.mark.thorough
def test_the_last_keystroke_is_kept_when_submitted_by_the_button(opened: Opened) -> None:
    opened.page.keyboard.press("2")
    add(opened.page, 3, " Today.")
    assert opened.submit() == saved_turns(verdict="edit", t3=Turn(f"{LAST} Today."))


@pytest.mark.thorough
def test_a_turn_shows_whether_it_is_trained_on(opened: Opened) -> None:
    page = opened.page
    trained_on, left_out = '""', '" · not trained on"'
    assert [told(page, number) for number in (1, 2, 3)] == [trained_on] * 3
    choose(turn(page, 2), "poor")
    assert [told(page, number) for number in (1, 2, 3)] == [trained_on, left_out, trained_on]
    choose(turn(page, 2), TRAIN)
    assert told(page, 2) == trained_on
    choose(turn(page, 2), LEAVE_OUT)
    assert told(page, 2) == left_out
    choose(page.locator(".lt-judge"), "reject")
    assert [told(page, number) for number in (1, 2, 3)] == [left_out] * 3


@pytest.mark.thorough
def test_a_mark_can_be_taken_back(opened: Opened) -> None:
    page = opened.page
    choose(turn(page, 1), "poor")
    choose(turn(page, 1), "acceptable")
    choose(turn(page, 2), LEAVE_OUT)
    choose(turn(page, 2), LEAVE_OUT)
    page.keyboard.press("1")
    assert opened.submit_by_keyboard() == saved_turns(
        verdict="accept", t1=Turn(TEXTS[0], "acceptable")
    )


@pytest.mark.thorough
def test_an_edited_turn_can_be_compared_with_what_it_was(opened: Opened) -> None:
    row = turn(opened.page, 1)
    row.locator("textarea").fill("Freeze it first.")
    was = row.locator(".lt-was")
    expect(was).to_be_hidden()
    row.get_by_text("as it was").click()
    expect(was).to_be_visible()
    expect(was.locator("strong")).to_have_text("frozen")


@pytest.mark.thorough
def test_an_emptied_turn_keeps_its_place(opened: Opened) -> None:
    turn(opened.page, 2).locator("textarea").fill("")
    choose(opened.page.locator(".lt-judge"), "edit")
    record = opened.submit()
    assert record == saved_turns(verdict="edit", t2=Turn())
    assert opened.interface.training_turns(record, TASK)[4] == {**TASK["messages"][4], "weight": 0}


def test_a_missing_reply_is_drafted(open_task: OpenTask, page: Page) -> None:
    draft = label_configs.load("multi_turn").read_reply("At any branch.", OPEN_TASK)
    opened = open_task("multi_turn", OPEN_TASK, draft)
    expect(turn(page, 3).locator("h4")).to_have_text("assistant, turn 3 of 3, a new reply")
    add(page, 3, " Bring your passport.")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    record = opened.submit_by_keyboard()
    assert record == saved_turns(verdict="edit", t3=Turn("At any branch. Bring your passport."))
    assert opened.errors == []


def test_without_a_draft_everything_is_readable_and_writable(
    open_task: OpenTask, page: Page
) -> None:
    opened = open_task("multi_turn", OPEN_TASK)
    expect(turn(page, 1).locator(".lt-was")).to_be_visible()
    expect(turn(page, 1).locator("strong")).to_have_text("frozen")
    assert told(page, 3) == '" · not trained on"'
    editor = turn(page, 3).locator("textarea")
    editor.click()
    editor.press_sequentially("At any branch.")
    assert told(page, 3) == '""'
    choose(page.locator(".lt-judge"), "rewrite")
    record = opened.submit()
    assert record == MultiTurn((Turn(), Turn(), Turn("At any branch.")), verdict="rewrite")
    built = opened.interface.training_turns(record, OPEN_TASK)
    assert [m["content"] for m in built if m.get("weight")] == ["At any branch."]
    assert opened.errors == []


@pytest.mark.thorough
def test_a_long_conversation_opens_at_its_beginning(open_task: OpenTask, page: Page) -> None:
    messages = [
        {"role": role, "content": f"{role.capitalize()}, turn {i}. " + "A line of it. " * 53}
        for i in range(20)
        for role in ("user", "assistant")
    ]
    assert sum(len(message["content"]) for message in messages) > 30_000
    task = {"messages": messages}
    draft = label_configs.load("multi_turn").own_draft(task)
    opened = open_task("multi_turn", task, draft)
    expect(page.get_by_text("User, turn 0.")).to_be_in_viewport()
    expect(turn(page, 20).locator("textarea")).not_to_be_in_viewport()
    add(page, 20, "!")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    record = opened.submit_by_keyboard()
    last = Turn(draft.turns[-1].text + "!")
    assert record == MultiTurn(turns=(*draft.turns[:-1], last), verdict="edit")
    assert opened.errors == []
