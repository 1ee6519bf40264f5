"""`agent_steps` in the real page: a hundred folded steps, the first error, a better action."""

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import label_configs
from label_configs.agent_steps import AgentSteps, JudgedStep
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.training_files.example import PreferenceExample
from sync.training_files.formats import FORMATS
from tests.e2e.opened import Opened, OpenTask
from tests.e2e.test_pages import SIZES, overflowing
from tests.sync import builders

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

INTERFACE = label_configs.load("agent_steps")
STEPS = 100


def trajectory(steps: int) -> dict[str, Any]:
    """A search of so many steps, each a few words, a call and its result; the last says so."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You look things up."},
        {"role": "user", "content": "Find me a flight to Lisbon below 100 euros."},
    ]
    for number in range(1, steps):
        arguments = {"from": "BER", "to": "LIS", "day": number, "flexible": number % 2 == 0}
        function = {"name": "search_flights", "arguments": json.dumps(arguments)}
        found = [{"flight": f"TP {number}{i}", "price": 90 + i} for i in range(number % 4)]
        call = {"id": f"c{number}", "type": "function", "function": function}
        messages += [
            {
                "role": "assistant",
                "content": f"I look at day {number}.",
                "reasoning_content": f"Day {number - 1} was too dear, so the next one.",
                "tool_calls": [call],
            },
            {"role": "tool", "tool_call_id": f"c{number}", "content": json.dumps(found)},
        ]
    messages.append({"role": "assistant", "content": "There is none below 100 euros."})
    properties = {"from": {"type": "string"}, "to": {"type": "string"}, "day": {"type": "integer"}}
    parameters = {"type": "object", "properties": properties, "required": ["from", "to", "day"]}
    tool = {"type": "function", "function": {"name": "search_flights", "parameters": parameters}}
    return {"messages": messages, "tools": [tool], "context": {"home": "Berlin"}}


TASK = trajectory(STEPS)
BETTER = 'Day 12 is the one.\nsearch_flights({"from": "HAM", "to": "LIS", "day": 12})'


@pytest.fixture
def opened(open_task: OpenTask, page: Page) -> Opened:
    opened = open_task("agent_steps", TASK, INTERFACE.own_draft(TASK))
    expect(row(page, STEPS)).to_be_attached()
    return opened


def row(page: Page, number: int) -> Locator:
    """The line of a step, from 1, with what it unfolds."""
    return page.locator(".lt-act-step").nth(number - 1)


def chosen(page: Page, number: int, verdict: str) -> Locator:
    """The box of a verdict on a step."""
    return page.locator(f".lt-trail input[name='{number} {verdict}']")


def choose(page: Page, number: int, verdict: str) -> None:
    """Click a verdict on a step; a second click takes it back."""
    page.locator(f".lt-trail label:has(input[name='{number} {verdict}']) .lt-mark").click()


def mark(page: Page, number: int) -> str:
    """What the style adds to a step's line."""
    line = row(page, number).locator(".lt-act-line")
    content: str = line.evaluate("line => getComputedStyle(line, '::after').content")
    return content


@pytest.mark.thorough
def test_a_hundred_steps_are_a_line_each(opened: Opened) -> None:
    page = opened.page
    expect(page.locator(".lt-act-step")).to_have_count(STEPS)
    for size in SIZES:
        page.set_viewport_size(size)
        heights = page.locator(".lt-trail .lsf-choice").evaluate_all(
            "rows => rows.map(row => row.getBoundingClientRect().height)"
        )
        assert max(heights) < 40, "a line, and no more"
        tops = page.locator(".lt-trail .lt-mark").evaluate_all(
            "marks => marks.map(mark => Math.round(mark.getBoundingClientRect().top))"
        )
        assert tops[::3] == tops[1::3] == tops[2::3], "three verdicts in each line"
        assert overflowing(page) == []
        for sight in ("yes", "no"):
            expect(page.locator(f"label:has(input[name={sight}])").first).to_be_in_viewport()
    line = row(page, 3).locator(".lt-act-line")
    expect(line).to_contain_text('I look at day 3. · search_flights(from="BER", to="LIS", day=3')
    expect(line).to_contain_text("→ 3 results")
    expect(row(page, 3).locator(".lt-call")).to_be_hidden()
    expect(page.locator(".lt-betters textarea")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    line.click()
    expect(row(page, 3).locator(".lt-call")).to_be_visible()
    expect(row(page, 3).get_by_text("TP 30")).to_be_visible()
    row(page, 3).get_by_text("Reasoning").click()
    reasoning = row(page, 3).get_by_text("Day 2 was too dear, so the next one.")
    expect(reasoning).to_be_visible()
    reasoning.click()
    assert page.locator(".lt-trail input:checked").count() == 0, "reading judges nothing"
    expect(page.locator(".lt-read").get_by_text("Find me a flight to Lisbon")).to_be_visible()
    assert overflowing(page) == []
    assert opened.errors == []
    opened.refuse("Say whether it did what it was asked.")


def test_the_first_wrong_step_and_a_better_action(opened: Opened) -> None:
    """From the page to the pair that a trainer gets."""
    page = opened.page
    choose(page, 40, "wrong")
    assert mark(page, 40) == '"first error"'
    choose(page, 12, "correct")
    choose(page, 12, "wrong")  # the worst counts
    expect(chosen(page, 12, "correct")).to_be_checked()
    expect(page.locator("label:has(input[name='12 correct']) .lt-mark")).to_be_hidden()
    expect(page.locator("label:has(input[name='12 wasteful']) .lt-mark")).to_be_hidden()
    assert (mark(page, 12), mark(page, 40)) == ('"first error"', "none")
    choose(page, 5, "wasteful")
    choose(page, 7, "wrong")
    assert (mark(page, 7), mark(page, 12)) == ('"first error"', "none")
    choose(page, 7, "wrong")  # taken back
    expect(chosen(page, 7, "wrong")).not_to_be_checked()
    assert mark(page, 7) == "none"
    better = page.locator(".lt-betters [data-testid=textarea-form] textarea")
    better.fill("5: I know that day.")
    better.press("Shift+Enter")
    expect(better).to_have_value("")
    better.fill(f"12: {BETTER}")  # submitted as it stands
    page.keyboard.press("Tab")
    expect(page.locator(".lt-betters [data-testid=textarea-regions] textarea")).to_be_focused()
    page.keyboard.press("Tab")  # no editor, so that keys work
    page.keyboard.press("3")
    record = opened.submit_by_keyboard()
    steps = [JudgedStep()] * 40
    steps[4], steps[11], steps[39] = (
        JudgedStep("wasteful", "I know that day."),
        JudgedStep("wrong", BETTER),
        JudgedStep("wrong"),
    )
    outcome = "There is none below 100 euros."
    assert record == AgentSteps(tuple(steps), success="no", outcome=outcome)
    assert record.first_error == 11
    data = opened.task()["data"]
    pulled = replace(builders.record(1), record=record, data=data)
    made = examples(PreferenceExample, pulled, opened.interface, PromptLayout())
    _, pair = [FORMATS["trl-preference"].encode(example) for example in made]
    assert [turn["role"] for turn in pair["prompt"]] == [t["role"] for t in TASK["messages"][:24]]
    (better_turn,), (rejected,) = pair["chosen"], pair["rejected"]
    turns = (better_turn, rejected)
    origins = [t["tool_calls"][0]["function"]["arguments"]["from"] for t in turns]
    assert (better_turn["content"], origins) == ("Day 12 is the one.", ["HAM", "BER"])
    weights = [
        turn["weight"]
        for turn in opened.interface.training_turns(record, data) or []
        if turn["role"] == "assistant"
    ]
    assert weights == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1]
    assert opened.errors == []


def test_what_was_judged_is_there_again(opened: Opened) -> None:
    """Reopened and submitted once more, nothing is lost."""
    page = opened.page
    choose(page, 3, "wrong")
    page.locator(".lt-betters [data-testid=textarea-form] textarea").fill(BETTER)
    page.keyboard.press("Tab")
    page.keyboard.press("3")
    record = opened.submit_by_keyboard()
    assert record.steps == (JudgedStep(), JudgedStep(), JudgedStep("wrong", BETTER))
    opened.show(page.url)
    expect(chosen(page, 3, "wrong")).to_be_checked()
    assert mark(page, 3) == '"first error"'
    better = page.locator(".lt-betters [data-testid=textarea-regions] textarea")
    expect(better).to_have_value(BETTER)
    page.locator(".lt-context").click()
    choose(page, 2, "wasteful")
    page.get_by_test_id("bottombar-update-button").click()
    # which of the two is meant, somebody must say
    opened.wait_for(
        replace(
            record,
            steps=(JudgedStep(), JudgedStep("wasteful"), JudgedStep("wrong")),
            unplaced=(BETTER,),
        )
    )
    assert opened.errors == []


def test_rows_of_an_older_labeltune_keep_their_controls(open_task: OpenTask, page: Page) -> None:
    step = (
        '<div class="lt-act-step"><details class="lt-act"><summary>Line.</summary></details></div>'
    )
    short = trajectory(2)
    opened = open_task("agent_steps", {**short, "steps": [{"html": step}] * 2}, AgentSteps())
    rows = page.locator(".lt-act-row")
    expect(rows).to_have_count(2)
    expect(page.locator(".lt-mark")).to_have_count(0)
    rows.first.locator("label:has(input[name=wrong])").click()
    rows.first.locator(".lt-better textarea").fill("No.")
    page.keyboard.press("Tab")
    page.keyboard.press("3")
    record = opened.submit_by_keyboard()
    assert record == AgentSteps((JudgedStep("wrong", "No."),), success="no")
    assert opened.errors == []


def test_a_trajectory_that_went_well_takes_two_keys(opened: Opened) -> None:
    opened.page.keyboard.press("1")
    record = opened.submit_by_keyboard()
    assert record == AgentSteps(success="yes", outcome="There is none below 100 euros.")
    (chain,) = opened.interface.judged_steps(record, opened.task()["data"])
    assert chain.labels == (True,) * STEPS
    assert opened.errors == []


def test_nothing_that_a_tool_returned_is_markup(open_task: OpenTask, page: Page) -> None:
    returned = "<b>no</b>\n\n![no](http://127.0.0.1:9/no.png)\n\n    **no** &lt;"
    messages = [*trajectory(2)["messages"][:3], {"role": "tool", "content": returned}]
    messages[3] |= {"tool_call_id": "c1"}
    task = {"messages": messages}
    opened = open_task("agent_steps", task, INTERFACE.own_draft(task))
    row(page, 1).locator(".lt-act-line").click()
    shown = row(page, 1).locator(".lt-result .lt-verbatim")
    expect(shown).to_have_text(returned, use_inner_text=True)
    assert row(page, 1).locator("img, b b, strong").count() == 0
    assert opened.errors == []
