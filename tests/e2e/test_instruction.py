"""The instruction box in the real page: the answer is rewritten in place, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

import label_configs
from connectors.llm_tools import OfferedTools
from drafting.rewrite_request import Instructed, page_answer, read_context, rewritten_record
from label_configs.chat_response import ChatResponse
from label_configs.content import ToolCall
from label_configs.provenance import provenance
from ml_backend.service.wire import PredictRequest
from tests.drafting.calling import FEE, WEATHER, call, calls
from tests.e2e.opened import Opened, OpenTask
from tests.e2e.test_page_chat_response import DRAFT, EDITOR, TASK
from tests.ml_backend.http_double import Reply, Request, http_double

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

CHAT = label_configs.load("chat_response")
ASKED = "shorter, cite the fee table"
REWRITTEN = "GBP 5.00; see the fee table."
NOTE = "Note for the team"


def rewrite(text: str = REWRITTEN) -> Reply:
    """The backend's answer with a rewritten text."""
    record = CHAT.read_reply(text, TASK)
    return Reply({"results": [page_answer(CHAT, record, 0.5, "v1")]})


@dataclass
class Backend:
    """A backend on loopback that answers an instruction with `answer`, and all else with nothing.

    Attributes:
        asked: what it was asked to change, in order.
    """

    url: str = ""
    asked: list[Instructed] = field(default_factory=list)
    answer: Callable[[], Reply] = rewrite

    def __call__(self, request: Request) -> Reply:
        if request.path == "/health":
            return Reply({"status": "UP"})
        if request.path == "/setup":
            return Reply({"model_version": "v1"})
        if request.path != "/predict":
            return Reply({})
        instructed = read_context(CHAT, PredictRequest.model_validate(request.body).context)
        if instructed is None:
            return Reply({"results": [[]]})
        self.asked.append(instructed)
        return self.answer()


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    with http_double(made) as double:
        made.url = double.url
        yield made


@pytest.fixture
def opened(open_task: OpenTask, backend: Backend) -> Opened:
    return open_task("chat_response", TASK, DRAFT, backend.url)


def instruct(page: Page, text: str = ASKED) -> None:
    """Type into the box and press Enter; returns when the page knows the answer."""
    box = page.get_by_placeholder("Tell the model what to change")
    box.click()
    box.press_sequentially(text)
    with page.expect_response("**/interactive-annotating"):
        box.press("Enter")


def given(page: Page) -> list[str]:
    """The instructions that the page lists."""
    return page.locator(".lt-instruct").get_by_test_id("htx-textbox-content").all_inner_texts()


def test_the_answer_is_rewritten_in_place(opened: Opened, backend: Backend) -> None:
    page = opened.page
    editor = page.locator(EDITOR)
    editor.press("Control+End")
    editor.press_sequentially(" By post.")
    instruct(page)
    expect(editor).to_have_value(REWRITTEN)
    assert backend.asked == [Instructed((ASKED,), DRAFT.response + " By post.")]
    page.get_by_text("edit[2]").click()
    assert opened.submit() == ChatResponse(REWRITTEN, verdict="edit", instruction=ASKED)
    saved = opened.annotation()
    origins = {item["from_name"]: item["origin"] for item in saved["result"]}
    assert len(origins) == len(saved["result"]) == 3
    assert origins["response"] == "prediction-changed"
    assert saved["parent_prediction"] is not None
    made = provenance(CHAT, saved["result"], CHAT.encode(DRAFT))
    assert made.change in ("edited", "rewritten")
    assert opened.errors == []


def test_calls_are_changed_and_words_stay(
    open_task: OpenTask, backend: Backend, page: Page
) -> None:
    """Where the model calls one tool in place of two, the other row becomes no call."""
    tools = OfferedTools((FEE, WEATHER))
    data = {**TASK, "tools": [FEE, WEATHER]}
    before = ToolCall("get_fee", '{"card": "gold"}'), ToolCall("weather")
    sample = calls(call(card="blue"))

    def changed() -> Reply:
        record = rewritten_record(CHAT, backend.asked[-1], sample, data, tools)
        return Reply({"results": [page_answer(CHAT, record, 0.5, "v1")]})

    backend.answer = changed
    draft = ChatResponse("One moment.", calls=before)
    opened = open_task("chat_response", data, draft, backend.url)
    row = page.locator(".lt-call-row").first.locator("textarea")
    expect(row).to_have_value('{\n  "card": "gold"\n}')
    instruct(page)
    expect(row).to_have_value('{\n  "card": "blue"\n}')
    assert backend.asked == [Instructed((ASKED,), "One moment.", before)]
    page.get_by_text("edit[2]").click()
    saved = opened.submit()
    assert (saved.response, saved.calls) == (
        "One moment.", (ToolCall("get_fee", '{"card": "blue"}'),),
    )  # fmt: skip
    assert opened.errors == []


@pytest.mark.thorough
def test_one_instruction_after_the_other(opened: Opened, backend: Backend) -> None:
    page = opened.page
    editor = page.locator(EDITOR)
    instruct(page, "shorter")
    expect(editor).to_have_value(REWRITTEN)
    backend.answer = lambda: rewrite("GBP 5.00, it says in the fee table.")
    instruct(page, "name the table")
    expect(editor).to_have_value("GBP 5.00, it says in the fee table.")
    assert backend.asked[1] == Instructed(("shorter", "name the table"), REWRITTEN)
    page.keyboard.press("Tab")  # leaves the box: keys work again
    page.keyboard.press("2")
    record = opened.submit_by_keyboard()
    assert record.response == "GBP 5.00, it says in the fee table."
    assert record.instruction == "shorter\nname the table"


@pytest.mark.thorough
def test_undo_takes_back_the_change_and_the_instruction(opened: Opened) -> None:
    page = opened.page
    instruct(page)
    expect(page.locator(EDITOR)).to_have_value(REWRITTEN)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator(EDITOR)).to_have_value(DRAFT.response)
    assert given(page) == []
    page.keyboard.press("1")
    assert opened.submit() == ChatResponse(DRAFT.response, verdict="accept")


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"results": [[]]}),
        Reply({"error": "the model's server is gone"}, 503),
        pytest.param(Reply("no JSON"), marks=pytest.mark.thorough),
    ],
    ids=["nothing", "failure", "garbage"],
)
def test_what_was_typed_is_kept_without_a_rewrite(
    opened: Opened, backend: Backend, reply: Reply
) -> None:
    backend.answer = lambda: reply
    page = opened.page
    instruct(page)
    assert given(page) == [ASKED]
    expect(page.locator(EDITOR)).to_have_value(DRAFT.response)
    page.get_by_text("edit[2]").click()
    assert opened.submit() == ChatResponse(DRAFT.response, verdict="edit", instruction=ASKED)
    assert len(backend.asked) == 1
    assert opened.errors == []


@pytest.fixture
def slow(backend: Backend) -> Iterator[threading.Event]:
    """The backend answers when this is set."""
    ready = threading.Event()

    def wait() -> Reply:
        ready.wait(60)
        return rewrite()

    backend.answer = wait
    yield ready
    ready.set()


@pytest.mark.thorough
def test_work_goes_on_while_the_model_writes(opened: Opened, slow: threading.Event) -> None:
    page = opened.page
    box = page.get_by_placeholder("Tell the model what to change")
    box.click()
    box.press_sequentially(ASKED)
    with page.expect_request("**/interactive-annotating"):
        box.press("Enter")
    note = page.get_by_placeholder(NOTE)
    note.click()
    note.press_sequentially("Fee checked.")
    box.click()
    box.press_sequentially("and then")
    with page.expect_response("**/interactive-annotating"):
        slow.set()
    expect(page.locator(EDITOR)).to_have_value(REWRITTEN)
    expect(box).to_be_focused()
    expect(box).to_have_value("and then")
    expect(note).to_have_value("Fee checked.")


@pytest.mark.thorough
def test_an_answer_that_comes_after_submit_changes_nothing(
    opened: Opened, slow: threading.Event
) -> None:
    page = opened.page
    box = page.get_by_placeholder("Tell the model what to change")
    box.click()
    box.press_sequentially(ASKED)
    page.get_by_text("edit[2]").click()
    with page.expect_request("**/interactive-annotating"):
        saved = opened.submit()  # what stood in the box counts as given
    assert saved == ChatResponse(DRAFT.response, verdict="edit", instruction=ASKED)
    expect(page.get_by_test_id("bottombar-update-button")).to_be_visible()
    with page.expect_response("**/interactive-annotating"):
        slow.set()
    page.wait_for_load_state("networkidle")
    assert opened.saved() == saved
    assert opened.task()["drafts"] == []


@pytest.mark.thorough
def test_a_draft_is_accepted_with_two_keys(opened: Opened, backend: Backend) -> None:
    assert opened.page.evaluate("document.activeElement.tagName") == "BODY"
    opened.page.keyboard.press("1")
    assert opened.submit_by_keyboard() == ChatResponse(DRAFT.response, verdict="accept")
    assert backend.asked == []


@pytest.mark.thorough
def test_only_the_box_asks_the_model(opened: Opened, backend: Backend) -> None:
    """Not even with Auto-Annotation, which adds nothing but a sign that the model is at work."""
    page = opened.page
    instruct(page)
    expect(page.locator(EDITOR)).to_have_value(REWRITTEN)
    page.get_by_text("Auto-Annotation").click()
    page.locator(EDITOR).press("Control+End")
    page.locator(EDITOR).press_sequentially(" Soon.")
    note = page.get_by_placeholder(NOTE)
    note.click()
    note.press_sequentially("Fee checked.")
    note.press("Shift+Enter")
    page.get_by_text("edit[2]").click()
    record = opened.submit()
    assert record.response == REWRITTEN + " Soon."
    opened.show(page.url)
    expect(page.locator(EDITOR)).to_have_value(record.response)
    assert len(backend.asked) == 1


def test_an_answer_is_written_where_there_was_none(open_task: OpenTask, backend: Backend) -> None:
    opened = open_task("chat_response", TASK, None, backend.url)
    page = opened.page
    instruct(page, "in one sentence")
    expect(page.locator(EDITOR)).to_have_value(REWRITTEN)
    assert backend.asked == [Instructed(("in one sentence",), "")]
    page.get_by_text("rewrite[3]").click()
    assert opened.submit() == ChatResponse(
        REWRITTEN, verdict="rewrite", instruction="in one sentence"
    )


@pytest.mark.thorough
def test_in_the_stream_of_tasks(opened: Opened) -> None:
    page = opened.page
    opened.show(f"{page.url.split('?')[0]}?labeling=1")
    expect(page.locator(EDITOR)).to_have_value(DRAFT.response)
    instruct(page)
    expect(page.locator(EDITOR)).to_have_value(REWRITTEN)
    page.get_by_text("edit[2]").click()
    assert opened.submit() == ChatResponse(REWRITTEN, verdict="edit", instruction=ASKED)
