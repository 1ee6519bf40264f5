"""Tools and pictures at a model server: sent as it takes them, or worked around, found out once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import LLMError, PicturesRefused
from connectors.llm import LLM, Capabilities
from connectors.llm_replies import read_completion
from connectors.llm_tools import OfferedTools
from tests.connectors.chat_server import KEY, ChatServer, choice, client, completion, refusal
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double

WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}
TOOLS = OfferedTools((WEATHER,))
ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Rain in Ulm?"}]
CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"a": 1}'}}
CALLED = [
    *ASKED,
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "wet"},
    {"role": "tool", "tool_call_id": "c2", "content": "cold"},
    {"role": "user", "content": "And tomorrow?"},
]
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
SHOWN = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, PICTURE]}]
PLAIN = [{"role": "user", "content": "What is it?"}]


def ask(llm: LLM, messages: Any = ASKED, tools: OfferedTools | None = TOOLS, **more: Any) -> Any:
    asked = {"model": "m", "n": 1, "temperature": 0.7, "max_tokens": 50, **more}
    return llm.sample(messages, tools=tools, **asked)


def said_by(message: dict[str, Any], **more: Any) -> Any:
    """The one sample of a reply with this message."""
    body = json.dumps({"choices": [choice(message=message, **more)]})
    (sample,) = read_completion(body.encode(), "m", ASKED).samples
    return sample


# --- what is sent


def test_a_request_holds_the_tools_and_what_was_asked_of_them() -> None:
    with http_double(ChatServer()) as double:
        llm = client(double)
        for tools in (
            TOOLS,
            OfferedTools((WEATHER,), "required", False),
            OfferedTools((WEATHER,), "none", True),
            None,
        ):
            ask(llm, tools=tools)
        names = ("tools", "tool_choice", "parallel_tool_calls")
        assert [[body.get(name) for name in names] for body in double.bodies()] == [
            [[WEATHER], None, None],
            [[WEATHER], "required", False],
            [[WEATHER], "none", True],
            [None, None, None],
        ]
        assert llm.capabilities("m") == Capabilities()


def test_turns_with_calls_and_results_are_sent_as_they_are() -> None:
    with http_double(ChatServer()) as double:
        ask(client(double), CALLED)
        assert double.bodies()[0]["messages"] == CALLED


# --- what comes back


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ({"content": None, "tool_calls": [CALL]}, [("c1", "weather", '{"a": 1}')]),
        ({"content": "Wait.", "tool_calls": [CALL, CALL]}, [("c1", "weather", '{"a": 1}')] * 2),
        (
            {"tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Köln"}}}]},
            [(None, "weather", '{"city": "Köln"}')],
        ),
        ({"tool_calls": {"function": {"name": "w"}}}, [(None, "w", "{}")]),
        ({"tool_calls": [{"id": "x", "name": "w", "parameters": {}}]}, [("x", "w", "{}")]),
        ({"function_call": {"name": "w", "arguments": ""}}, [(None, "w", "{}")]),
        ({"function_call": {"name": "w", "arguments": "null"}}, [(None, "w", "{}")]),
        (
            {"tool_calls": [{"function": {"name": "w", "arguments": '"{\\"a\\": 1}"'}}]},
            [(None, "w", '{"a": 1}')],
        ),
        (
            {"tool_calls": [{"function": {"name": "w", "arguments": '{"a": '}}]},
            [(None, "w", '{"a": ')],
        ),
        (
            {"content": [{"type": "tool_use", "id": "t", "name": "w", "input": {"a": 1}}]},
            [("t", "w", '{"a": 1}')],
        ),
        ({"content": "x", "tool_calls": [{"id": "c"}, None, {"function": {"name": " "}}]}, []),
        ({"content": "x", "tool_calls": []}, []),
    ],
)
def test_calls_are_read_however_a_server_writes_them(
    message: dict[str, Any], calls: list[tuple[str | None, str, str]]
) -> None:
    found = said_by(message).tool_calls
    assert [
        (c.get("id"), c["function"]["name"], c["function"]["arguments"]) for c in found
    ] == calls
    assert all(c["type"] == "function" for c in found)


def test_a_reply_of_calls_alone_says_so_and_one_with_words_does_not() -> None:
    assert said_by({"content": None, "tool_calls": [CALL]}).withheld == "only calls a tool"
    beside = said_by({"content": "Wait.", "tool_calls": [CALL], "reasoning": "Rain?"})
    assert (beside.text, beside.withheld, beside.reasoning) == ("Wait.", "", "Rain?")


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["function", "name", "arguments", "id", "input", "type"]), x
            )
        ),
        max_leaves=8,
    )
)
def test_no_calls_break_a_reply(calls: Any) -> None:  # fmt: skip
    body = json.dumps({"choices": [{"message": {"content": "x", "tool_calls": calls}}]}).encode()
    try:
        (sample,) = read_completion(body, "m", ASKED).samples
    except ValueError:
        return  # no completion: said so, and asked for again
    for call in sample.tool_calls:
        assert call["function"]["name"].strip()
        call["function"]["arguments"].encode()


def test_calls_without_probabilities_prove_nothing_of_texts() -> None:
    def answer(request: Request) -> Reply:
        return completion(choice("Wait.", message={"content": "Wait.", "tool_calls": [CALL]}))

    with http_double(answer) as double:
        llm = client(double)
        ask(llm)
        assert llm.capabilities("m").logprobs


def test_tools_calls_and_pictures_are_counted_where_the_server_does_not() -> None:
    body = json.dumps({"choices": [choice(message={"content": "", "tool_calls": [CALL]})]}).encode()
    bare = read_completion(body, "m", PLAIN).usage
    assert bare.estimated
    assert bare.completion_tokens > 20
    assert read_completion(body, "m", PLAIN, TOOLS).usage.prompt_tokens > bare.prompt_tokens + 30
    seen = read_completion(body, "m", SHOWN).usage
    assert 1_000 < seen.prompt_tokens - bare.prompt_tokens < 2_000


# --- what a server can't do

NO_TOOLS = {
    "llama.cpp": (500, "tools param requires --jinja flag"),
    "vLLM": (
        400,
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    ),
    "Ollama": (400, "registry.ollama.ai/library/gemma:2b does not support tools"),
    "OpenRouter": (404, "No endpoints found that support tool use."),
    "nothing told": (400, "Bad request"),
    "a framework": (500, ""),
}


def without_tools(status: int, said: str) -> ChatServer:
    return ChatServer(refuse=lambda body: refusal(status, said) if "tools" in body else None)


@pytest.mark.parametrize("name", NO_TOOLS)
def test_a_server_without_tools_is_told_of_them_in_the_prompt(name: str) -> None:
    with http_double(without_tools(*NO_TOOLS[name])) as double:
        llm = client(double, max_retries=0)
        assert ask(llm).samples[0].text == "reply 1"
        refused = len(double.requests) - 1
        assert ask(llm).samples[0].text == "reply 2"
        assert len(double.requests) == refused + 2  # found out once
        assert refused <= 3
        assert llm.capabilities("m") == Capabilities(tools=False)
        assert llm.capabilities("m").lacking() == ["no tools: they are described in the prompt"]
        told = double.bodies()[-1]["messages"]
        assert [message["role"] for message in told] == ["system", "user"]
        assert told[0]["content"].startswith("Be brief.\n\nYou may call tools.")
        assert json.dumps(WEATHER) in told[0]["content"]
        assert told[1] == ASKED[1]


@pytest.mark.parametrize("shows", [True, False])
def test_a_template_that_passes_over_tools_in_silence(shows: bool) -> None:
    """As llama.cpp does; it tells so beside its API."""

    def answer(request: Request) -> Reply:
        if request.path == "/props":
            return Reply({"chat_template_caps": {"supports_tools": shows}})
        told = "weather" in request.body["messages"][0]["content"]
        return completion(choice("written" if told else "apart"), timings={"prompt_n": 1})

    with http_double(answer) as double:
        llm = client(double)
        first, second = ask(llm), ask(llm)
        assert [request.path for request in double.requests].count("/props") == 1
        assert [s.text for s in first.samples] == ["apart" if shows else "written"]
        assert [s.text for s in second.samples] == [s.text for s in first.samples]
        assert (first.calls, second.calls) == (1 if shows else 2, 1)
        assert llm.capabilities("m").tools is shows
        assert double.requests[1].headers["authorization"].endswith(KEY)


def test_calls_and_results_are_written_where_the_server_takes_none() -> None:
    with http_double(ChatServer()) as double:
        llm = client(double)
        llm.restore("m", Capabilities(tools=False))
        ask(llm, CALLED)
        told = double.bodies()[0]["messages"]
    assert [message["role"] for message in told] == ["system", "user", "assistant", "user"]
    assert told[2] == {
        "role": "assistant",
        "content": '<tool_call>\n{"name": "weather", "arguments": {"a": 1}}\n</tool_call>',
    }
    assert told[3]["content"] == (
        "<tool_response>\nwet\n</tool_response>\n\n<tool_response>\ncold\n</tool_response>"
        "\n\nAnd tomorrow?"
    )


@pytest.mark.parametrize(
    ("tools", "said"),
    [
        (OfferedTools((WEATHER,), "required"), "Call at least one of them."),
        (OfferedTools((WEATHER,), "auto", False), "Call one of them at most."),
        (OfferedTools((WEATHER,), "none"), ""),
    ],
)
def test_what_is_asked_of_tools_is_written_too(tools: OfferedTools, said: str) -> None:
    with http_double(ChatServer()) as double:
        llm = client(double)
        llm.restore("m", Capabilities(tools=False))
        ask(llm, tools=tools)
        told = double.bodies()[0]["messages"][0]["content"]
    assert said in told
    assert ("weather" in told) is bool(said)


def test_a_template_that_takes_no_result_of_a_tool() -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        strict = any(message["role"] == "tool" for message in body["messages"])
        return refusal(500, "Conversation roles must alternate user/assistant") if strict else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        ask(llm, CALLED, None)
        assert [m["role"] for m in double.bodies()[-1]["messages"]] == [
            "system", "user", "assistant", "user",
        ]  # fmt: skip
        asked = len(double.requests)
        ask(llm, ASKED, TOOLS)  # the tools themselves it takes
        assert "tools" in double.bodies()[-1]
        assert len(double.requests) == asked + 1
        assert llm.capabilities("m").tools


@pytest.mark.parametrize("name", ["tool_choice", "parallel_tool_calls"])
def test_an_option_of_tools_that_a_server_does_not_know(name: str) -> None:
    refuse = lambda body: refusal(400, f"Unsupported parameter: {name}") if name in body else None  # noqa: E731
    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        tools = OfferedTools((WEATHER,), "required", False)
        ask(llm, tools=tools)
        ask(llm, tools=tools)
        assert [name in body for body in double.bodies()] == [True, False, False]
        assert all("tools" in body for body in double.bodies())
        assert llm.capabilities("m") == Capabilities(**{name: False})


def test_a_schema_that_a_server_refuses_is_written_for_its_task_alone() -> None:
    broken = {"type": "function", "function": {"name": "PRIVATEtool", "parameters": {"type": "?"}}}

    def refuse(body: dict[str, Any]) -> Reply | None:
        bad = broken in body.get("tools", ())
        return refusal(400, "Invalid schema for function 'PRIVATEtool'") if bad else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        ask(llm, tools=OfferedTools((broken,)))
        ask(llm)
        assert ["tools" in body for body in double.bodies()] == [True, False, True]
        assert llm.capabilities("m") == Capabilities()


def test_what_is_said_of_a_refusal_holds_no_word_of_the_tools() -> None:
    tool = {"type": "function", "function": {"name": "w", "description": "Nowak's secret"}}
    server = ChatServer(refuse=lambda body: refusal(400, "blocked: Nowak's secret"))
    with http_double(server) as double, pytest.raises(LLMError, match="refused the") as caught:
        ask(client(double), tools=OfferedTools((tool,)))
    assert "Nowak" not in str(caught.value)


# --- pictures

NO_PICTURES = {
    "llama.cpp": (500, "image input is not supported - hint: you may need to provide the mmproj"),
    "OpenAI": (400, "Invalid content type. image_url is only supported by certain models."),
    "vLLM": (400, "At most 0 image(s) may be provided in one request."),
    "DeepSeek": (422, "messages[0]: unknown variant `image_url`, expected `text` at line 1"),
    "OpenRouter": (404, "No endpoints found that support image input"),
    "Groq": (400, "messages[0].content must be a string"),
}


def has_parts(body: dict[str, Any]) -> bool:
    return any(isinstance(message["content"], list) for message in body["messages"])


def draws(double: HTTPDouble, *asked: Any, **options: Any) -> list[str]:
    llm, said = client(double, **options), []
    for messages in asked:
        try:
            said.append(ask(llm, messages, None).samples[0].text)
        except PicturesRefused as error:
            said.append(str(error))
    said.append("; ".join(llm.capabilities("m").lacking()))
    return said


@pytest.mark.parametrize("name", NO_PICTURES)
def test_a_model_without_eyes_is_asked_once(name: str) -> None:
    server = ChatServer(refuse=lambda b: refusal(*NO_PICTURES[name]) if has_parts(b) else None)
    with http_double(server) as double:
        first, again, plain, lacks = draws(double, SHOWN, SHOWN, PLAIN)
        assert len(double.requests) == 2
    assert first == again
    assert "sees no pictures" in first
    assert plain == "reply 1"
    assert lacks == "no pictures: tasks with some get no draft"


def test_a_picture_that_a_model_can_not_read_is_one_task_s_matter() -> None:
    seen = [{"role": "user", "content": [PICTURE]}]

    def refuse(body: dict[str, Any]) -> Reply | None:
        bad = body["messages"] == SHOWN
        return refusal(400, "Image format image/tiff is not supported") if bad else None

    with http_double(ChatServer(refuse=refuse)) as double:
        refused, taken, lacks = draws(double, SHOWN, seen)
    assert 'refused the request (400): "Image format' in refused
    assert taken.startswith("reply")
    assert lacks == ""


def test_pictures_that_were_seen_are_believed() -> None:
    answers = iter([None, refusal(400, "this model does not support images"), None])
    with http_double(ChatServer(refuse=lambda body: next(answers, None))) as double:
        first, refused, third, lacks = draws(double, SHOWN, SHOWN, SHOWN)
    assert (first, third, lacks) == ("reply 1", "reply 2", "")
    assert "refused the request" in refused
