"""`reasoning_steps` in the real page: rows to correct, insert and drop."""

import dataclasses

import pytest
from playwright.sync_api import Locator, Page, expect

from label_configs.reasoning_steps import KINDS, ReasoningSteps, Step
from tests.e2e.opened import Opened, OpenTask, choose, choose_from

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TASK = {
    "messages": [{"role": "user", "content": "I was billed after I froze my card. Who pays?"}],
    "context": {"fee_schedule": "Replacement card: GBP 5.00"},
}
ROWS = 30


def chain(rows: int) -> ReasoningSteps:
    """A drafted chain of so many steps."""
    steps = tuple(Step(f"Step {i}: what follows.", KINDS[i % len(KINDS)]) for i in range(rows))
    return ReasoningSteps(steps=steps, answer="The bank pays.")


@pytest.fixture
def opened(open_task: OpenTask) -> Opened:
    return open_task("reasoning_steps", TASK, chain(4))


def row(page: Page, number: int) -> Locator:
    """The row of a step, from 0."""
    return page.locator(".lt-step").nth(number)


def insert(place: Locator, slot: int, text: str, kind: str | None = None) -> None:
    """Write a step into a slot of an opened place."""
    added = place.locator(".lt-added").nth(slot)
    added.locator("textarea").click()
    added.locator("textarea").press_sequentially(text)
    if kind is not None:
        choose_from(added.locator("button"), kind)


def test_a_good_draft_is_accepted_with_two_keys(opened: Opened) -> None:
    expect(opened.page.locator(".lt-step")).to_have_count(4)
    opened.page.keyboard.press("1")
    record = opened.submit_by_keyboard()
    assert record == dataclasses.replace(opened.draft, verdict="accept")
    assert opened.errors == []


def test_a_list_of_kinds_says_what_it_is_until_one_is_chosen(open_task: OpenTask) -> None:
    """A model that learned its reasoning as text tells no kinds."""
    steps = (Step("It was frozen."), Step("So the bank pays.", KINDS[1]))
    opened = open_task("reasoning_steps", TASK, ReasoningSteps(steps=steps, answer="The bank."))
    read = "e => getComputedStyle(e, '::before').content"
    kinds = opened.page.locator(".lt-marks [data-testid^=select-trigger]")
    expect(kinds).to_have_count(2)
    assert [kinds.nth(i).evaluate(read) for i in range(2)] == ['"kind of step"', "none"]
    choose_from(kinds.nth(0), KINDS[0])
    assert kinds.nth(0).evaluate(read) == "none"
    opened.page.keyboard.press("1")
    assert opened.submit().steps == (Step("It was frozen.", KINDS[0]), steps[1])


def test_steps_are_corrected_judged_dropped_and_inserted(opened: Opened) -> None:
    page = opened.page
    row(page, 1).locator("textarea").first.fill("The fee is GBP 5.00.")
    choose(row(page, 1), "wrong")
    choose(row(page, 0), "correct")
    choose(row(page, 2), "drop")
    page.get_by_text("Insert a step before the first").click()
    insert(page.locator(".lt-write"), 0, "It was frozen on Friday.", "observation")
    row(page, 1).get_by_text("Insert a step after this one").click()
    insert(row(page, 1), 0, "It was billed on Saturday.")
    insert(row(page, 1), 1, "So it was frozen.", "intermediate conclusion")
    page.get_by_text("edit[2]").click()
    drafted = opened.draft.steps
    assert opened.submit() == ReasoningSteps(
        steps=(
            Step("It was frozen on Friday.", "observation", inserted=True),
            dataclasses.replace(drafted[0], verdict="correct"),
            dataclasses.replace(drafted[1], text="The fee is GBP 5.00.", verdict="wrong"),
            Step("It was billed on Saturday.", inserted=True),
            Step("So it was frozen.", "intermediate conclusion", inserted=True),
            dataclasses.replace(drafted[2], dropped=True),
            drafted[3],
        ),
        answer="The bank pays.",
        verdict="edit",
    )
    assert opened.errors == []


@pytest.mark.thorough
def test_the_first_error_is_marked_and_no_other(opened: Opened) -> None:
    page = opened.page
    for number in (3, 1):
        choose(row(page, number), "wrong")

    def mark(number: int) -> str:
        content: str = row(page, number).evaluate("e => getComputedStyle(e, '::after').content")
        return content

    assert [mark(i) for i in range(4)] == ["none", '"first error"', "none", "none"]


@pytest.mark.thorough
def test_the_drafted_words_are_at_hand(opened: Opened) -> None:
    drafted = row(opened.page, 2).locator(".lt-drafted")
    expect(drafted).to_be_hidden()
    row(opened.page, 2).locator("textarea").first.fill("Changed.")
    row(opened.page, 2).get_by_text("As drafted").click()
    expect(drafted).to_be_visible()
    expect(drafted).to_have_text("Step 2: what follows.")
    opened.refuse("Say what became of the draft.")


def test_the_last_keystroke_is_kept_when_submitted_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.get_by_text("edit[2]").click()
    editor = page.locator(".lt-final textarea")
    editor.click()
    editor.press("Control+End")
    editor.press_sequentially(" All of it.")
    page.keyboard.press("Tab")
    assert opened.submit_by_keyboard() == dataclasses.replace(
        opened.draft, answer="The bank pays. All of it.", verdict="edit"
    )


@pytest.mark.thorough
def test_no_stray_key_judges_a_step(opened: Opened) -> None:
    """Label Studio gives every choice a key of its own, seen or not."""
    for key in "567890qwertyuiopasdfghjklzxcvbnm":
        opened.page.keyboard.press(key)
    opened.page.keyboard.press("1")
    assert opened.submit_by_keyboard() == dataclasses.replace(opened.draft, verdict="accept")


@pytest.mark.thorough
def test_thirty_steps_are_usable(open_task: OpenTask) -> None:
    opened = open_task("reasoning_steps", TASK, chain(ROWS))
    expect(opened.page.locator(".lt-step")).to_have_count(ROWS)
    last = row(opened.page, ROWS - 1)
    last.locator("textarea").first.press("Control+End")
    last.locator("textarea").first.press_sequentially(" Done.")
    # the verdict stays in sight
    expect(opened.page.get_by_text("edit[2]")).to_be_in_viewport()
    opened.page.get_by_text("edit[2]").click()
    record = opened.submit()
    changed = dataclasses.replace(
        opened.draft.steps[-1], text=opened.draft.steps[-1].text + " Done."
    )
    assert record.steps == (*opened.draft.steps[:-1], changed)
    assert opened.errors == []
