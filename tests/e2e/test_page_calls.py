"""`chat_response` in the real page where the answer calls tools: corrected, added, taken out."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.content import ToolCall, calls_of
from label_configs.edited_calls import TAKEN_OUT
from tests.e2e.opened import OpenTask, choose, choose_from
from tests.running import Up

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {
                "type": "object",
                "properties": {argument: {"type": "string"}},
                "required": [argument],
            },
        },
    }
    for name, argument in (("account_of", "customer"), ("freeze_card", "card"), ("fee_of", "plan"))
]
CALLED = {
    "role": "assistant",
    "content": "I look at your account.",
    "reasoning_content": "The plan decides the fee.",
    "tool_calls": [
        {
            "id": "c1",
            "type": "function",
            "function": {
                "name": "account_of",
                "arguments": '{"customer": "C-17", "of": ["cards"]}',
            },
        }
    ],
}
AGAIN = {"id": "c2", "type": "function", "function": {"name": "fee_of", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": '{"cards": [{"id": "K-1"}]}'}
DRAFT = ChatResponse(calls=(ToolCall("freeze_card", '{"card": "K-2"}'),), reasoning="K-2 is lost.")


def seen(address: str) -> dict[str, Any]:
    """The user's turn with a picture."""
    picture = {"type": "image_url", "image_url": {"url": address}}
    return {"role": "user", "content": [{"type": "text", "text": "Freeze this card."}, picture]}


def task(up: Up) -> dict[str, Any]:
    picture = f"{up.label_studio_url}/static/images/opossum_looking.png"
    return {"messages": [seen(picture), CALLED, RESULT], "tools": TOOLS}


def row(page: Page, number: int) -> Locator:
    """One row of calls, from 1."""
    return page.locator(".lt-call-row").nth(number - 1)


def choose_tool(page: Page, number: int, name: str) -> None:
    choose_from(row(page, number).get_by_role("button"), name)


def show_in(theme: str, page: Page) -> None:
    """The next page that is opened is light or dark, and 1280 pixels wide."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("theme => localStorage.setItem('preferred-color-scheme', theme)", theme)


def check_cards_and_picture(page: Page, theme: str) -> None:
    """What is read: a picture where it was sent, a card with its result folded, in this theme."""
    picture = page.locator(".lt-conversation img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_in_viewport()
    page.wait_for_function("document.querySelector('.lt-conversation img').naturalWidth > 0")
    box = picture.bounding_box()
    assert box is not None
    assert 40 < box["width"] < 640
    card = page.locator(".lt-conversation .lt-call").last
    expect(card.get_by_role("cell", name="C-17")).to_be_visible()
    answer = card.locator(".lt-result").get_by_text("K-1")
    expect(answer).to_be_hidden()
    card.get_by_text("Result").click()
    expect(answer).to_be_visible()
    thought = page.locator(".lt-conversation").get_by_text("The plan decides the fee.")
    expect(thought).to_be_hidden()
    shades = page.evaluate(
        """() => ['.lt-call-name', '.lt-arguments td', '.lt-call-row textarea'].map(e =>
            getComputedStyle(document.querySelector('.lt ' + e)).color.match(/[0-9.]+/g)
                .slice(0, 3).reduce((sum, each) => sum + Number(each), 0))"""
    )
    assert all((shade > 380) == (theme == "Dark") for shade in shades), shades
    expect(page.get_by_text("accept[1]")).to_be_in_viewport()


def test_a_call_is_corrected_another_added_and_reasoning_put_right(
    open_task: OpenTask, page: Page, up: Up
) -> None:
    show_in("Light", page)
    opened = open_task("chat_response", task(up), DRAFT)
    check_cards_and_picture(page, "Light")
    first = row(page, 1).locator("textarea")
    expect(first).to_have_value('{\n  "card": "K-2"\n}')
    first.fill('{"card": "K-1"}')
    expect(row(page, 2)).to_be_visible()
    expect(row(page, 3)).to_be_hidden()
    choose_tool(page, 2, "fee_of")
    expect(row(page, 3)).to_be_visible()
    row(page, 2).locator("textarea").fill('{"plan": "Plus"}')
    thought = page.locator(".lt-thought")
    expect(thought.locator("textarea")).to_be_hidden()
    thought.get_by_text("Reasoning").click()
    expect(thought.locator("textarea")).to_have_value("K-2 is lost.")
    thought.locator("textarea").fill("K-1 is lost.")
    choose(page.locator(".lt-write"), "edit")
    record = opened.submit()
    assert record == ChatResponse(
        verdict="edit",
        calls=(
            ToolCall("freeze_card", '{"card": "K-1"}'),
            ToolCall("fee_of", '{"plan": "Plus"}'),
        ),
        reasoning="K-1 is lost.",
    )
    assert opened.interface.missing(record, task(up)) is None
    assert opened.errors == []


@pytest.mark.thorough
def test_a_call_is_taken_out_and_words_put_in_its_place(
    open_task: OpenTask, page: Page, up: Up
) -> None:
    show_in("Dark", page)
    opened = open_task("chat_response", task(up), DRAFT)
    check_cards_and_picture(page, "Dark")
    choose_tool(page, 1, "no call")
    editor = page.locator(".lt-answer textarea")
    editor.fill("Your card K-1 is frozen.")
    choose(page.locator(".lt-write"), "rewrite")
    assert opened.submit() == ChatResponse("Your card K-1 is frozen.", verdict="rewrite")


@pytest.mark.thorough
def test_words_are_asked_for_only_where_nothing_is_called(
    open_task: OpenTask, page: Page, up: Up
) -> None:
    opened = open_task("chat_response", task(up))
    choose(page.locator(".lt-write"), "rewrite")
    page.get_by_test_id("bottombar-submit-button").click()
    asked = page.get_by_text("Write the reply, or reject the draft")
    expect(asked).to_be_visible()
    page.get_by_role("button", name="OK").click()
    expect(asked).to_be_hidden()
    choose_tool(page, 1, "fee_of")
    row(page, 1).locator("textarea").fill('{"plan": "Plus"}')
    expect(page.locator(".lt-answer textarea")).to_be_visible()
    call = ToolCall("fee_of", '{"plan": "Plus"}')
    assert opened.submit() == ChatResponse(verdict="rewrite", calls=(call,))


def test_calls_of_a_whole_conversation_are_corrected_beside_it(
    open_task: OpenTask, page: Page, up: Up
) -> None:
    asked, called, answered = task(up)["messages"]
    twice = {**called, "content": "", "tool_calls": [*called["tool_calls"], AGAIN]}
    said = {"role": "assistant", "content": "It is frozen."}
    data = {"messages": [asked, twice, answered, said], "tools": TOOLS}
    turns = label_configs.load("multi_turn")
    opened = open_task("multi_turn", data, turns.own_draft(turns.complete_task(data)))
    cards = page.locator(".lt-write .lt-call")
    expect(cards).to_have_count(2)
    expect(cards.first.get_by_text("Result")).to_be_visible()
    listed = page.locator(".lt-call-list .lt-call-row")
    expect(listed).to_have_count(5)
    expect(listed.nth(4).get_by_text("add beside call 1")).to_be_visible()
    expect(listed.nth(0).locator("textarea")).to_have_value(re.compile("C-17"))
    listed.nth(0).locator("textarea").fill('{"customer": "C-18"}')
    choose_from(listed.nth(1).get_by_role("button"), "no call")
    choose_from(listed.nth(2).get_by_role("button"), "freeze_card")
    listed.nth(2).locator("textarea").fill('{"card": "K-1"}')
    (thought,) = page.locator(".lt-thought-row").all()
    expect(thought.get_by_text("call 1")).to_be_visible()
    expect(thought.locator("textarea")).to_be_hidden()
    thought.get_by_text("correct").click()
    expect(thought.locator("textarea")).to_have_value("The plan decides the fee.")
    thought.locator("textarea").fill("The customer decides the fee.")
    choose(page.locator(".lt-judge"), "edit")
    record = opened.submit()
    added = ToolCall("freeze_card", '{"card": "K-1"}')
    assert record.calls == (ToolCall("account_of", '{"customer": "C-18"}'), TAKEN_OUT, added)
    learnt = opened.interface.training_turns(record, data)
    assert [turn.get("weight") for turn in learnt] == [None, 1, None, 1]
    assert [call.id for call in calls_of(learnt[1])] == ["c1"]
    assert record.reasoning == ("The customer decides the fee.",)
    assert learnt[1]["reasoning_content"] == "The customer decides the fee."
    assert [call.name for call in calls_of(learnt[-1])] == ["freeze_card"]
    assert opened.errors == []


@pytest.mark.thorough
def test_a_conversation_that_ends_with_a_call_has_its_card_and_its_marks(
    open_task: OpenTask, page: Page, up: Up
) -> None:
    asked, called, answered = task(up)["messages"]
    again = {"role": "assistant", "content": "", "tool_calls": [AGAIN]}
    data = {"messages": [asked, called, answered, again], "tools": TOOLS}
    turns = label_configs.load("multi_turn")
    opened = open_task("multi_turn", data, turns.own_draft(turns.complete_task(data)))
    last = page.locator(".lt-exchange").last
    expect(last.locator(".lt-only-calls .lt-call")).to_be_visible()
    heading = last.locator(".lt-said h4")
    expect(heading).to_have_text("assistant, turn 2 of 2, calls of tools")
    told = "h => getComputedStyle(h, '::after').content"
    assert heading.evaluate(told) == '""'
    listed = page.locator(".lt-call-list .lt-call-row")
    expect(listed.nth(4).get_by_text("add to turn 1")).to_be_visible()
    expect(listed.nth(4).locator("textarea")).to_be_hidden()
    listed.nth(1).locator("textarea").fill('{"plan": "Plus"}')
    choose(page.locator(".lt-judge"), "edit")
    record = opened.submit()
    learnt = opened.interface.training_turns(record, data)
    assert [call.written() for call in calls_of(learnt[-1])] == ['fee_of({"plan": "Plus"})']
    assert [turn.get("weight") for turn in learnt] == [None, 1, None, 1]
    assert opened.errors == []
