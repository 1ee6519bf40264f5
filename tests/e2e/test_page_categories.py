"""Categories in the real page of every interface: filled in, out of the way, and editable."""

import dataclasses
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import label_configs
from tests.e2e.drafts import drafted
from tests.e2e.opened import Opened, OpenTask, choose_from
from tests.e2e.test_pages import overflowing
from tests.ml_backend.workers import wait_until

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

DIMENSIONS = {
    "query_type": ("factual", "analytical", "creative", "how-to", "multi-intent"),
    "complexity": ("straightforward", "moderate", "nuanced"),
    "user_expertise": ("novice", "intermediate", "expert"),
    "topic": tuple(f"topic {i}" for i in range(30)),
}
DRAFTED = {"query_type": "how-to", "complexity": "straightforward", "user_expertise": "novice"}


# whose lists stand in a panel of their own, in a row of each intent, under two answers
EACH_COMMIT = ("chat_response", "multi_intent", "review")


@pytest.fixture(
    params=[
        name if name in EACH_COMMIT else pytest.param(name, marks=pytest.mark.thorough)
        for name in label_configs.INTERFACES
    ]
)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def opened(open_task: OpenTask, page: Page, name: str) -> Opened:
    """An interface's own example, whose draft carries all categories but one."""
    page.set_viewport_size({"width": 1280, "height": 720})
    interface = label_configs.load(name, dimensions=DIMENSIONS)
    task: dict[str, Any] = {k: v for k, v in interface.example.items() if k != "id"}
    draft = drafted(interface, interface.complete_task(task))
    items = tuple(interface.encode_categories(DRAFTED))
    draft = dataclasses.replace(draft, other=(*draft.other, *items))
    return open_task(name, task, draft, dimensions=DIMENSIONS)


def shown(page: Page, number: int) -> Locator:
    """The list of a category, by its place."""
    return page.locator(".lt-categories button").nth(number)


def decide(opened: Opened) -> None:
    """Accept the draft; a review also says which answer it approves."""
    opened.page.keyboard.press("1")
    if opened.interface.name == "review":
        expect(opened.page.locator(".lt-review-best")).to_be_visible()
        opened.page.keyboard.press("a")


def chosen(opened: Opened) -> dict[str, str]:
    """The categories of the saved annotation."""
    return opened.interface.decode_categories(opened.annotation()["result"])


def test_two_keys_accept_them_with_the_draft_and_each_can_be_corrected(opened: Opened) -> None:
    page = opened.page
    expect(page.locator(".lt-categories button")).to_have_count(len(DIMENSIONS))
    for number, label in enumerate(DRAFTED.values()):
        expect(shown(page, number)).to_contain_text(label)
    tops = {shown(page, n).evaluate("e => e.getBoundingClientRect().top") for n in range(4)}
    assert len(tops) == 1, "they stand in one line"
    cut = "spans => spans.filter(s => s.scrollWidth > s.clientWidth + 1).length"
    assert page.locator(".lt-categories button span").evaluate_all(cut) == 0
    assert overflowing(page) == []
    first = opened.interface.check_config(opened.interface.label_config())
    required = [c for c in first.controls if c.required and c.tag == "Choices"]
    for control in required:
        for value in control.choices:
            radio = page.locator(f"label:has(input[name='{value}'])").first
            expect(radio).to_be_in_viewport()
    decide(opened)
    record = opened.submit_by_keyboard()
    assert chosen(opened) == DRAFTED
    answer = opened.interface.answer
    assert answer(record) == answer(opened.draft)

    expect(page.get_by_test_id("bottombar-update-button")).to_be_visible()
    for number, label in ((1, "nuanced"), (3, "topic 29")):
        choose_from(shown(page, number), label)
        expect(shown(page, number)).to_contain_text(label)
    page.locator(".lt-read").click(position={"x": 2, "y": 2})
    page.get_by_test_id("bottombar-update-button").click()
    corrected = {**DRAFTED, "complexity": "nuanced", "topic": "topic 29"}
    wait_until(lambda: chosen(opened) == corrected, 30)
    assert answer(opened.saved()) == answer(opened.draft)
    assert opened.errors == []
