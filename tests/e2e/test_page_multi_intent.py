"""`multi_intent` in the real page: what an annotator marks, types, orders and saves."""

import dataclasses
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from label_configs.multi_intent import MultiIntent, assembled
from label_configs.multi_intent_items import Intent, QuerySpan
from tests.e2e.opened import Opened, OpenTask, choose_from

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

# emoji before and between the words: offsets must count characters, not UTF-16 units
QUERY = (
    "Hi 🎉🎉, how do I freeze my card & what is the fee?\n"
    "Nobody 😡 answered <b>twice</b>.\r\nCan the limit be raised?"
)
TASK: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "Is anybody there?"},
        {"role": "assistant", "content": "Hi! How can I **help**?"},
        {"role": "user", "content": QUERY},
    ],
    "context": {"customer_tier": "Plus"},
}


def span(words: str, intent: str) -> QuerySpan:
    start = QUERY.index(words)
    return QuerySpan(start, start + len(words), words, intent)


HOW_TO = span("how do I freeze my card", "how-to")
FEE = span("what is the fee?", "billing")
DRAFT = MultiIntent(
    intents=(
        Intent("how-to", 1, "", "Open Cards and choose Freeze.\n\n1. Open it.\n2. Choose."),
        Intent("billing", 2, "As for the fee:", "It is GBP 5.00."),
    ),
    spans=(HOW_TO, FEE),
    opening="Thank you for writing.",
    plan="We send the card today.",
)
# left and right edge and middle of some words of the query on the screen
PLACE = """(root, words) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = new Range();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    const box = range.getBoundingClientRect();
    return [box.left + 1, box.right - 1, (box.top + box.bottom) / 2];
  }
}"""


@pytest.fixture
def opened(open_task: OpenTask) -> Opened:
    return open_task("multi_intent", TASK, DRAFT)


def rows(page: Page) -> Locator:
    return page.locator(".lt-intent")


def marks(page: Page) -> Locator:
    return page.locator(".lt-query .htx-highlight")


def mark(page: Page, key: str, first: str, last: str) -> None:
    """Press an intent's letter and drag from one word to another."""
    page.keyboard.press(key)
    text = page.locator(".lt-query-text")
    left, _, top = text.evaluate(PLACE, first)
    _, right, bottom = text.evaluate(PLACE, last)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=4)
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def choose_place(row: Locator, place: int) -> None:
    row.locator(".lt-place label").nth(place - 1).click()


def choose_intent(row: Locator, intent: str) -> None:
    choose_from(row.locator(".lt-intent-head button"), intent)


def test_a_good_draft_is_accepted_with_two_keys(opened: Opened) -> None:
    expect(rows(opened.page)).to_have_count(len(DRAFT.intents) + 2)
    expect(rows(opened.page).nth(1).locator(".lt-segment textarea")).to_have_value(
        DRAFT.intents[1].segment
    )
    opened.page.keyboard.press("1")
    assert opened.submit_by_keyboard() == dataclasses.replace(DRAFT, verdict="accept")
    assert opened.annotation()["parent_prediction"] is not None
    assert opened.errors == []


@pytest.mark.thorough
def test_query_and_what_led_to_it_are_shown_on_a_small_screen_too(opened: Opened) -> None:
    read = opened.page.locator(".lt-read")
    expect(read.locator(".lt-turn")).to_have_count(2)
    expect(read.locator(".lt-turn strong")).to_have_text("help")
    shown = read.locator(".lt-query-text .lsf-richtext__line")
    expect(shown).to_have_text(QUERY.replace("\r", "\n").split("\n"))
    expect(marks(opened.page)).to_have_text([HOW_TO.text, FEE.text])
    page = opened.page
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.get_by_text("reject[4]")).to_be_in_viewport()
    expect(marks(page).last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".lt").evaluate("lt => lt.scrollWidth <= lt.clientWidth")
    opened.refuse("Say what became of the draft.")


def test_a_part_of_the_query_is_marked_with_the_mouse(opened: Opened) -> None:
    page = opened.page
    expect(marks(page)).to_have_count(2)
    mark(page, "t", "Nobody", "answered")
    expect(marks(page)).to_have_count(3)
    mark(page, "w", "twice", "limit")  # over line ends
    page.keyboard.press("2")
    record = opened.submit()
    end = QUERY.index("limit") + len("limit")
    complaint, account = record.spans[2:]
    assert record.spans[:2] == DRAFT.spans
    assert complaint == span("Nobody 😡 answered", "complaint")
    assert (account.start, account.end) == (QUERY.index("twice"), end)
    assert account.intent == "account"
    assert opened.errors == []


@pytest.mark.thorough
def test_a_mark_is_taken_away_or_named_otherwise(opened: Opened) -> None:
    page = opened.page
    marks(page).first.click()
    page.keyboard.press("Backspace")
    expect(marks(page)).to_have_count(1)
    marks(page).first.click()
    page.keyboard.press("y")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    record = opened.submit_by_keyboard()
    other = dataclasses.replace(FEE, intent="other")
    assert record == dataclasses.replace(DRAFT, spans=(other,), verdict="edit")


@pytest.mark.thorough
def test_the_same_words_can_ask_for_two_things(open_task: OpenTask, page: Page) -> None:
    both = dataclasses.replace(DRAFT, spans=(FEE, dataclasses.replace(FEE, intent="complaint")))
    opened = open_task("multi_intent", TASK, both)
    expect(rows(page)).to_have_count(4)
    page.keyboard.press("1")
    assert opened.submit_by_keyboard() == dataclasses.replace(both, verdict="accept")


def test_everything_is_saved_as_it_was_entered(opened: Opened) -> None:
    page = opened.page
    page.get_by_text("rewrite[3]").click()
    page.locator(".lt-opening textarea").fill("Hello.")
    first, second, third = (rows(page).nth(i) for i in range(3))
    first.locator(".lt-lead textarea").fill("First,\nyour card:")
    editor = second.locator(".lt-segment textarea")
    editor.press("Control+End")
    editor.press_sequentially(" تحقق")
    choose_intent(second, "account")
    third.locator(".lt-segment textarea").fill("Sorry.")
    choose_intent(third, "complaint")
    choose_place(third, 1)
    choose_place(first, 1)  # once more takes it away
    page.locator(".lt-plan textarea").fill("")
    page.get_by_text("Note for the team").click()
    note = page.get_by_placeholder("Not part of the answer")
    note.click()
    note.press_sequentially("The fee is new.")
    record = opened.submit()
    assert record == MultiIntent(
        intents=(
            dataclasses.replace(DRAFT.intents[0], priority=None, lead="First,\nyour card:"),
            dataclasses.replace(DRAFT.intents[1], intent="account", segment="It is GBP 5.00. تحقق"),
            Intent("complaint", 1, "", "Sorry."),
        ),
        spans=DRAFT.spans,
        opening="Hello.",
        verdict="rewrite",
        note="The fee is new.",
    )
    assert assembled(record).startswith("Hello.\n\nSorry.\n\nAs for the fee:\nIt is GBP 5.00.")
    assert opened.errors == []


@pytest.mark.thorough
def test_rows_stand_in_the_order_of_the_answer(opened: Opened) -> None:
    page = opened.page
    tops = [rows(page).nth(i).locator(".lt-segment textarea") for i in range(2)]

    def top(editor: Locator) -> float:
        box = editor.bounding_box()
        assert box is not None
        return box["y"]

    assert top(tops[0]) < top(tops[1])
    choose_place(rows(page).nth(0), 3)
    expect(rows(page).nth(0).locator(".ant-checkbox-wrapper-checked")).to_have_text("3[f19]")
    assert top(tops[0]) > top(tops[1])


@pytest.mark.thorough
def test_a_row_that_nobody_needs_is_one_line_until_it_is_entered(opened: Opened) -> None:
    page = opened.page
    spare = rows(page).nth(2)
    expect(spare.locator(".lt-lead")).to_be_hidden()
    rows(page).nth(1).locator(".lt-segment textarea").click()
    page.keyboard.press("Tab")
    expect(spare.locator(".lt-lead")).to_be_visible()
    page.locator(".lt-opening textarea").click()
    expect(spare.locator(".lt-lead")).to_be_hidden()
    spare.locator("textarea").last.fill("It can be raised.")
    page.locator(".lt-opening textarea").click()
    expect(spare.locator(".lt-lead")).to_be_visible()


@pytest.mark.thorough
def test_the_drafted_words_are_at_hand_while_they_are_edited(opened: Opened) -> None:
    row = rows(opened.page).nth(1)
    drafted = row.locator(".lt-drafted")
    expect(row.get_by_text("As drafted")).to_be_hidden()
    row.locator(".lt-segment textarea").fill("Free.")
    expect(drafted).to_be_hidden()
    row.get_by_text("As drafted").click()
    expect(drafted).to_have_text(DRAFT.intents[1].segment)
    expect(drafted).to_be_visible()


def test_the_last_keystrokes_are_kept_when_submitted_by_keyboard(opened: Opened) -> None:
    page = opened.page
    second = rows(page).nth(1)
    for inside, where in ((second, "lead"), (page, "opening"), (page, "plan"), (second, "segment")):
        editor = inside.locator(f".lt-{where} textarea")
        editor.click()
        editor.press("Control+End")
        editor.press_sequentially(" Yes.")
        page.keyboard.press("Tab")
    page.keyboard.press("2")
    first, drafted = DRAFT.intents
    written = dataclasses.replace(
        drafted, lead=f"{drafted.lead} Yes.", segment=f"{drafted.segment} Yes."
    )
    assert opened.submit_by_keyboard() == dataclasses.replace(
        DRAFT,
        opening=f"{DRAFT.opening} Yes.",
        plan=f"{DRAFT.plan} Yes.",
        intents=(first, written),
        verdict="edit",
    )


def test_a_task_without_a_draft_can_be_answered(open_task: OpenTask, page: Page) -> None:
    opened = open_task("multi_intent", {"messages": [{"role": "user", "content": QUERY}]})
    expect(page.locator(".lt").get_by_text("The query opens the")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    mark(page, "e", "what", "fee?")
    editor = rows(page).nth(0).locator("textarea").last
    editor.click()
    editor.press_sequentially("GBP 5.00.")
    page.get_by_text("rewrite[3]").click()
    assert opened.submit() == MultiIntent(
        intents=(Intent(segment="GBP 5.00."),), spans=(FEE,), verdict="rewrite"
    )
    assert opened.errors == []


@pytest.mark.thorough
def test_an_annotation_is_changed_again(opened: Opened) -> None:
    page = opened.page
    expect(marks(page)).to_have_count(2)
    page.keyboard.press("1")
    opened.submit_by_keyboard()
    opened.show(page.url)
    expect(marks(page)).to_have_count(2)
    choose_place(rows(page).nth(1), 1)
    page.get_by_text("edit[2]").click()
    page.get_by_test_id("bottombar-update-button").click()
    second = dataclasses.replace(DRAFT.intents[1], priority=1)
    opened.wait_for(dataclasses.replace(DRAFT, intents=(DRAFT.intents[0], second), verdict="edit"))
