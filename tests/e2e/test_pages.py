"""Every interface in the real page, with tasks that are short, long, in two scripts, and wide."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.queue_fields import QUEUE_NOTE
from tests.e2e.drafts import drafted
from tests.e2e.opened import Opened, OpenTask

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

SIZES: list[ViewportSize] = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
TURNS, LETTERS = 40, 30_000
ARABIC = "فقدت بطاقتي ولا أعرف ماذا أفعل الآن، هل يمكنكم مساعدتي؟"
WIDE = "```\n" + "x" * 400 + "\n```\n\n" + "https://example.org/" + "y" * 300


def long_conversation() -> list[dict[str, str]]:
    """`TURNS` turns of `LETTERS` letters that end with the user's, some of them awkward."""
    said = "A sentence about the card, its fee and what the app showed when it was tried. "
    each = (said * (LETTERS // TURNS // len(said) + 1))[: LETTERS // TURNS]
    turns = [
        {"role": "assistant" if i % 2 else "user", "content": f"{i + 1}. {each}"}
        for i in range(TURNS)
    ]
    turns[0]["content"] = ARABIC
    turns[1]["content"] = WIDE
    # an even number of turns would end with the assistant's
    return [*turns, {"role": "user", "content": "And what does a new card cost?"}]


# interfaces that lay out a conversation each in its own way; the others do as the first one
CONVERSATIONS = ("chat_response", "multi_turn")


def open_example(open_task: OpenTask, name: str, **data: Any) -> Opened:
    """The interface's own example with a draft, other data on request."""
    interface = label_configs.load(name)
    task = {**{k: v for k, v in interface.example.items() if k != "id"}, **data}
    return open_task(name, task, drafted(interface, interface.complete_task(task)))


def overflowing(page: Page) -> list[str]:
    """Elements of ours that are wider than what shows them."""
    found: list[str] = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('.lt, .lt [class^=lt-]')]
            .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
            .map(e => e.className)"""
    )
    return found


@pytest.mark.parametrize("name", label_configs.INTERFACES)
def test_at_first_sight(open_task: OpenTask, page: Page, name: str) -> None:
    """What must be filled is in sight, on a small screen and on a large one; no key is swallowed.

    Label Studio focuses its last open editor, which would swallow the verdict's key.
    """
    page.set_viewport_size(SIZES[0])
    opened = open_example(open_task, name)
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    config = opened.interface.check_config(opened.interface.label_config())
    required = [c for c in config.controls if c.required and c.tag == "Choices"]
    assert required
    for size in SIZES:
        page.set_viewport_size(size)
        for control in required:
            for value in control.choices:
                expect(page.locator(f"label:has(input[name='{value}'])").first).to_be_in_viewport()
        assert overflowing(page) == [], size
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    why = page.locator(".lt-why")  # a task that nobody has ranked lacks the field
    assert why.evaluate("each => each.getBoundingClientRect().height") == 0
    assert opened.errors == []


@pytest.mark.parametrize(
    "name",
    [
        name if name in CONVERSATIONS else pytest.param(name, marks=pytest.mark.thorough)
        for name in label_configs.INTERFACES
    ],
)
def test_a_long_conversation(open_task: OpenTask, page: Page, name: str) -> None:
    """Forty turns, code and addresses that nothing breaks, and two directions of writing."""
    page.set_viewport_size({"width": 1280, "height": 720})
    note = {QUEUE_NOTE: f"Few answers about *{WIDE[4:70]}* <b>so far</b>"}
    opened = open_example(open_task, name, messages=long_conversation(), **note)
    assert overflowing(page) == []
    expect(page.locator(".lt-why")).to_have_text(note[QUEUE_NOTE])  # nothing of it is markup
    expect(page.locator(".lt-why")).to_be_in_viewport(ratio=1)
    arabic = page.locator(".lt").get_by_text(ARABIC).first
    expect(arabic).to_be_attached()
    edges = arabic.evaluate(
        """e => {
            const range = document.createRange();
            range.selectNodeContents(e);
            const text = range.getBoundingClientRect(), box = e.getBoundingClientRect();
            return [text.left - box.left, box.right - text.right];
        }"""
    )
    assert edges[1] < edges[0], "Arabic starts at the right"
    assert opened.errors == []


def test_the_last_question_is_in_sight(open_task: OpenTask, page: Page) -> None:
    open_example(open_task, "chat_response", messages=long_conversation())
    question = page.locator(".lt-read").get_by_text("And what does a new card cost?")
    expect(question).to_be_in_viewport()


MANY_FACTS = {f"fact_{n}": f"Value {n}, as the account system has it" for n in range(40)}
LONG_ANSWER = "A replacement card costs GBP 5.00 on your plan and takes 3 to 5 days.\n\n" * 20


def test_reading_and_writing_use_the_height_of_the_window(open_task: OpenTask, page: Page) -> None:
    """A long context and a long draft each scroll by themselves, and the judgement is in sight."""
    short = [{"role": "user", "content": "And what does a new card cost?"}]
    task = {"messages": short, "context": MANY_FACTS}
    opened = open_task("chat_response", task, ChatResponse(response=LONG_ANSWER.strip()))
    bar = page.locator(".lsf-bottombar")
    for width, height in ((1280, 800), (1440, 900), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        context, shown = page.locator(".lt-context").bounding_box(), bar.bounding_box()
        assert context is not None
        assert shown is not None
        left = shown["y"] - context["y"] - context["height"]
        assert 0 <= left <= 20, f"{left} px below the context at {width}x{height}"
        assert context["height"] > height / 2
        for sight in (".lt-answer textarea", ".lt-conversation"):
            expect(page.locator(sight)).to_be_in_viewport()
        expect(page.get_by_text("accept[1]")).to_be_in_viewport(ratio=1)
        last = page.locator(".lt-facts tr").last
        last.scroll_into_view_if_needed()
        expect(last).to_be_in_viewport()
        assert overflowing(page) == []
    assert opened.errors == []
