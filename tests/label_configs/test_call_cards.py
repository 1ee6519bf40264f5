"""Calls, results, reasoning, pictures and tools in the page: all shown, nothing of it markup."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from label_configs import Interface
from label_configs.call_cards import call_html, tools_html
from label_configs.content import ToolCall
from label_configs.edited_calls import with_calls
from label_configs.rendering import conversation_html
from tests.label_configs.records import task_of
from tests.label_configs.test_rendering import Read, texts

TAGS = {"div", "details", "summary", "table", "tbody", "tr", "th", "td"}


class Attributes(HTMLParser):
    """The tags of some HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def call(name: str, arguments: str, id_: str = "c1") -> dict[str, Any]:
    return {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}}


def calling(*calls: dict[str, Any], content: str = "", **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, "tool_calls": list(calls), **more}


def result(content: Any, id_: str = "c1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id_, "content": content}


def seen(address: str) -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": address}}
    return {"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40)
@given(name=texts, arguments=st.dictionaries(texts, values, max_size=4), answer=texts)
def test_names_arguments_and_results_are_shown_as_they_are(
    name: str, arguments: dict[str, Any], answer: str
) -> None:
    read = Read(call_html(ToolCall(name, json.dumps(arguments)), answer))
    assert read.tags <= TAGS
    assert read.text.startswith(name)
    shown = [k + v for k, v in arguments.items() if isinstance(v, str)]
    assert all(text in read.text for text in shown)


@given(typed=texts)
def test_arguments_that_are_no_object_are_shown_as_they_were_typed(typed: str) -> None:
    read = Read(call_html(ToolCall("f", f"no object: {typed}")))
    assert read.text == f"fno object: {typed}"
    assert read.tags == {"div"}


def test_a_nested_argument_is_a_table_in_a_table() -> None:
    html = call_html(ToolCall("book", '{"who": {"name": "<Ada>", "seats": [1, 2]}, "now": true}'))
    assert html.count("<table") == 3
    assert Read(html).text == "bookwhoname<Ada>seats1122nowtrue"


def test_what_lies_deeper_than_anybody_reads_is_json() -> None:
    deep: Any = "end"
    for _ in range(20):
        deep = {"in": deep}
    html = call_html(ToolCall("f", json.dumps(deep)))
    assert html.count("<table") == 4
    assert "end" in html


def test_a_result_is_folded_in_the_card_of_its_call() -> None:
    messages = [
        calling(call("f", '{"a": 1}', "c1"), call("g", "{}", "c2"), content="I look."),
        result("of g", "c2"),
        result('{"price": 5}', "c1"),
    ]
    html = conversation_html(messages)
    assert html.count('<div class="lt-turn') == 1
    assert "lt-turn lt-tool" not in html
    cards = html.split('<div class="lt-call">')[1:]
    assert [Read(card).text for card in cards] == ["fa1Resultprice5", "gno argumentsResultof g"]
    assert html.index("I look.") < html.index("lt-call")


def test_results_of_no_call_stand_by_themselves() -> None:
    messages = [
        result("before it"),
        calling(call("f", "{}")),
        result("mine"),
        result("once more"),
        result("of another", "c9"),
    ]
    html = conversation_html(messages)
    alone = re.findall(r'lt-turn lt-tool">.*?<div class="lt-verbatim">(.*?)</div>', html)
    assert alone == ["before it", "once more", "of another"]


@pytest.mark.parametrize("calls", ["f", ["f"], [{}], [{"function": "f"}], {"f": 1}, None])
def test_calls_of_no_usable_kind_are_no_reason_to_fail(calls: Any) -> None:
    message = {"role": "assistant", "content": "I look.", "tool_calls": calls}
    assert "lt-call" not in conversation_html([message])


def test_a_call_that_repeats_an_id_has_the_next_result() -> None:
    html = conversation_html(
        [calling(call("f", "{}")), result("one"), calling(call("g", "{}")), result("two")]
    )
    assert html.index("one") < html.index("g</div>") < html.index("two")
    assert "lt-turn lt-tool" not in html


def test_reasoning_is_folded_before_what_is_said() -> None:
    html = conversation_html(
        [{"role": "assistant", "content": "Five.", "reasoning_content": "**Fees** <b>first</b>"}]
    )
    assert html == (
        '<div class="lt-turn lt-assistant"><div class="lt-role">assistant</div>'
        '<details class="lt-reasoning"><summary>Reasoning</summary><div class="lt-markdown">'
        "<p><strong>Fees</strong> &lt;b&gt;first&lt;/b&gt;</p>\n</div></details>"
        '<div class="lt-markdown"><p>Five.</p>\n</div></div>'
    )


@pytest.mark.parametrize("role", ["system", "developer"])
def test_what_instructs_the_model_is_folded(role: str) -> None:
    html = conversation_html([{"role": role, "content": "Be <kind>."}])
    assert html == (
        f'<details class="lt-turn lt-system"><summary class="lt-role">{role}</summary>'
        '<div class="lt-verbatim">Be &lt;kind&gt;.</div></details>'
    )


@pytest.mark.parametrize(
    "address", ["https://example.org/a.png?x=1&y=2", "HTTP://example.org/a", "/data/upload/3/a.png"]
)
def test_a_picture_stands_in_its_place(address: str) -> None:
    html = conversation_html([seen(address)])
    found = Attributes(html).found
    (image,) = (attributes for tag, attributes in found if tag == "img")
    assert image["src"] == address
    assert image["alt"] == "picture"
    assert html.index("What is this?") < html.index("<img")


def test_a_picture_in_its_own_address_is_a_poster() -> None:
    address = "data:image/png;base64,iVBORw0KGgo="
    found = Attributes(conversation_html([seen(address)])).found
    (poster,) = (attributes for tag, attributes in found if tag == "video")
    assert poster["poster"] == address
    assert "src" not in poster


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html;base64,PHA+",
        "//example.org/a.png",
        "/api/users",
        ' https://example.org/a.png" onerror="alert(1)',
    ],
)
def test_no_other_address_is_asked(address: str) -> None:
    html = conversation_html([seen(address)])
    assert {tag for tag, _ in Attributes(html).found} == {"div"}
    assert f"[picture: {address}]" in Read(html).text


@given(address=texts)
def test_an_address_is_never_markup(address: str) -> None:
    found = Attributes(conversation_html([seen("https://" + address)])).found
    assert [tag for tag, _ in found] == ["div", "div", "div", "a", "img"]
    assert found[-1][1]["src"] == "https://" + address


def test_pictures_of_a_result_are_in_its_card() -> None:
    shot = [{"type": "image_url", "image_url": {"url": "https://example.org/shot.png"}}]
    html = conversation_html([calling(call("screenshot", "{}")), result(shot)])
    assert '<details class="lt-result">' in html
    assert html.index("lt-result") < html.index("<img")


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "fee_of",
            "description": "Looks a <fee> up.",
            "parameters": {
                "type": "object",
                "properties": {
                    "plan": {"type": "string", "enum": ["Plus"], "description": "Of whom"},
                    "year": {"type": ["integer", "null"]},
                },
                "required": ["plan"],
            },
        },
    }
]


def test_the_tools_that_the_model_may_call_are_folded() -> None:
    html = conversation_html([{"role": "user", "content": "?"}], TOOLS)
    assert html.startswith('<details class="lt-turn lt-system lt-tools">')
    assert Read(tools_html(TOOLS)).text == (
        'Tools (1)fee_ofLooks a <fee> up.planstring: one of "Plus": Of whom'
        "year (optional)integer or null"
    )
    assert tools_html([]) == ""


@pytest.mark.parametrize(
    "function", [None, "f", {}, {"name": 1}, {"parameters": "?"}, {"parameters": {"properties": 1}}]
)
def test_a_schema_of_another_kind_is_no_reason_to_fail(function: Any) -> None:
    assert Read(tools_html([{"type": "function", "function": function}])).tags <= TAGS


def test_every_page_shows_the_tools(interface: Interface[Any]) -> None:
    task = task_of(interface.name)
    shown = interface.complete_task({**task, "tools": TOOLS})
    html = "".join(str(value) for value in shown.values())
    if interface.name != "review":  # about answers, not about what the model may call
        assert "Looks a &lt;fee&gt; up." in html


def test_half_a_character_is_shown_as_it_was_escaped() -> None:
    """A page is sent as UTF-8, which has none."""
    escaped = '{"x": "\\ud800"}'
    html = call_html(ToolCall("f", escaped), escaped)
    html.encode()
    assert html.count("ud800") == 2
    whole = call_html(ToolCall("f", '{"x": "\\ud83d\\ude00"}'))
    assert "\N{GRINNING FACE}" in whole


def test_a_result_with_an_id_that_is_no_text_stands_by_itself() -> None:
    """As tasks hold it that an earlier version pushed."""
    messages = [calling(call("f", "{}")), {"role": "tool", "content": "r", "tool_call_id": ["c1"]}]
    assert conversation_html(messages).count("lt-tool") == 1
    assert with_calls(messages, ()) == messages
