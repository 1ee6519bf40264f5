"""Any conversation, written in the form of any API by hand, is read as what it was."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.intake.sources import SourceReader
from sync.settings import SourcesSection

Json = dict[str, Any]

words = st.sampled_from(["Hi", "What does it cost?", "Zażółć", "你好", "a\nb", "{}", "<b>"])
urls = st.sampled_from(["https://x.example/1.png", "data:image/png;base64,iVBORw0KGgo="])
arguments = st.dictionaries(
    st.sampled_from(["of", "to", "type"]), st.sampled_from(["card", 5, None, True, [1], {"a": "b"}])
)


def text(said: str) -> Json:
    return {"type": "text", "text": said}


def picture(url: str) -> Json:
    return {"type": "image_url", "image_url": {"url": url}}


@st.composite
def conversations(draw: st.DrawFn) -> list[Json]:
    """Of the one model: system, users with pictures, answers with reasoning, calls, results."""
    told: list[Json] = []
    if draw(st.booleans()):
        told.append({"role": "system", "content": draw(words)})
    for number in range(draw(st.integers(1, 3))):
        parts = [text(draw(words)), *map(picture, draw(st.lists(urls, max_size=2)))]
        told.append({"role": "user", "content": parts if len(parts) > 1 else parts[0]["text"]})
        for again in range(draw(st.integers(0, 2))):
            told += draw(_called(f"{number}_{again}"))
        told.append(draw(_turn(calls=[])))
    return told


@st.composite
def _turn(draw: st.DrawFn, calls: list[Json]) -> Json:
    said = draw(st.one_of(words, st.just("")) if calls else words)
    turn: Json = {"role": "assistant", "content": said}
    if calls:
        turn["tool_calls"] = calls
    if draw(st.booleans()):
        turn["reasoning_content"] = draw(words)
    return turn


@st.composite
def _called(draw: st.DrawFn, place: str) -> list[Json]:
    calls = [
        {
            "id": f"c{place}_{at}",
            "type": "function",
            "function": {"name": f"tool_{at}", "arguments": json.dumps(given)},
        }
        for at, given in enumerate(draw(st.lists(arguments, min_size=1, max_size=3)))
    ]
    results = [
        {"role": "tool", "content": draw(words), "tool_call_id": call["id"]} for call in calls
    ]
    return [draw(_turn(calls=calls)), *results]


def parts_of(message: Json) -> list[Json]:
    content = message["content"]
    return content if isinstance(content, list) else [text(content)] if content else []


def calls_of(message: Json) -> Iterator[tuple[str, str, Any]]:
    for call in message.get("tool_calls", ()):
        function = call["function"]
        yield call["id"], function["name"], json.loads(function["arguments"])


def by_turn(messages: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    """The messages, in which tools' results in a row stand together."""
    results: list[Json] = []
    for message in messages:
        if message["role"] == "tool":
            results.append(message)
            continue
        if results:
            yield "results", results
            results = []
        yield message["role"], [message]
    assert not results


def _address(part: Json) -> str:
    address: str = part["image_url"]["url"]
    return address


def _split_system(messages: list[Json]) -> tuple[str | None, list[Json]]:
    if messages[0]["role"] == "system":
        return messages[0]["content"], messages[1:]
    return None, messages


def anthropic(messages: list[Json]) -> Json:
    def block(part: Json) -> Json:
        if part["type"] == "text":
            return part
        url = _address(part)
        if not url.startswith("data:"):
            return {"type": "image", "source": {"type": "url", "url": url}}
        sort, data = url.removeprefix("data:").split(";base64,")
        return {"type": "image", "source": {"type": "base64", "media_type": sort, "data": data}}

    def blocks(role: str, found: list[Json]) -> list[Json]:
        if role == "results":
            return [
                {"type": "tool_result", "tool_use_id": m["tool_call_id"], "content": m["content"]}
                for m in found
            ]
        (m,) = found
        thought = m.get("reasoning_content")
        return [
            *([{"type": "thinking", "thinking": thought, "signature": ""}] if thought else []),
            *map(block, parts_of(m)),
            *(
                {"type": "tool_use", "id": own, "name": name, "input": given}
                for own, name, given in calls_of(m)
            ),
        ]

    system, rest = _split_system(messages)
    turns = [
        {"role": "assistant" if role == "assistant" else "user", "content": blocks(role, found)}
        for role, found in by_turn(rest)
    ]
    return {"messages": turns, **({"system": system} if system else {"system": []})}


def bedrock(messages: list[Json]) -> Json:
    def block(part: Json) -> Json:
        if part["type"] == "text":
            return {"text": part["text"]}
        sort, data = _address(part).removeprefix("data:image/").split(";base64,")
        return {"image": {"format": sort, "source": {"bytes": data}}}

    def blocks(role: str, found: list[Json]) -> list[Json]:
        if role == "results":
            return [
                {
                    "toolResult": {
                        "toolUseId": m["tool_call_id"],
                        "content": [{"text": m["content"]}],
                    }
                }
                for m in found
            ]
        (m,) = found
        thought = m.get("reasoning_content")
        told = {"reasoningContent": {"reasoningText": {"text": thought}}}
        return [
            *([told] if thought else []),
            *map(block, parts_of(m)),
            *(
                {"toolUse": {"toolUseId": own, "name": name, "input": given}}
                for own, name, given in calls_of(m)
            ),
        ]

    system, rest = _split_system(messages)
    turns = [
        {"role": "assistant" if role == "assistant" else "user", "content": blocks(role, found)}
        for role, found in by_turn(rest)
    ]
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "messages": turns,
        **({"system": [{"text": system}]} if system else {}),
    }


def gemini(messages: list[Json]) -> Json:
    def part_of(part: Json) -> Json:
        if part["type"] == "text":
            return {"text": part["text"]}
        url = _address(part)
        if not url.startswith("data:"):
            return {"fileData": {"mimeType": "image/png", "fileUri": url}}
        sort, data = url.removeprefix("data:").split(";base64,")
        return {"inlineData": {"mimeType": sort, "data": data}}

    def parts(role: str, found: list[Json]) -> list[Json]:
        if role == "results":
            return [
                {"functionResponse": {"id": m["tool_call_id"], "response": m["content"]}}
                for m in found
            ]
        (m,) = found
        thought = m.get("reasoning_content")
        return [
            *([{"text": thought, "thought": True}] if thought else []),
            *map(part_of, parts_of(m)),
            *(
                {"functionCall": {"id": own, "name": name, "args": given}}
                for own, name, given in calls_of(m)
            ),
        ]

    system, rest = _split_system(messages)
    contents = [
        {"role": "model" if role == "assistant" else "user", "parts": parts(role, found)}
        for role, found in by_turn(rest)
    ]
    told = {"systemInstruction": {"parts": [{"text": system}]}} if system else {}
    return {"contents": contents, **told}


def responses(messages: list[Json]) -> Json:
    items: list[Json] = []
    system, rest = _split_system(messages)
    for m in rest:
        if m["role"] == "tool":
            items.append(
                {
                    "type": "function_call_output",
                    "call_id": m["tool_call_id"],
                    "output": m["content"],
                }
            )
            continue
        if thought := m.get("reasoning_content"):
            summary = [{"type": "summary_text", "text": thought}]
            items.append({"type": "reasoning", "summary": summary})
        kind = "output_text" if m["role"] == "assistant" else "input_text"
        content = [
            {"type": kind, "text": part["text"]}
            if part["type"] == "text"
            else {"type": "input_image", "image_url": _address(part)}
            for part in parts_of(m)
        ]
        if content:
            items.append({"type": "message", "role": m["role"], "content": content})
        items += (
            {"type": "function_call", "call_id": own, "name": name, "arguments": json.dumps(given)}
            for own, name, given in calls_of(m)
        )
    return {"input": items, **({"instructions": system} if system else {})}


def chat(messages: list[Json]) -> Json:
    return {"messages": messages}


WRITERS: dict[str, Callable[[list[Json]], Json]] = {
    "chat": chat,
    "Anthropic": anthropic,
    "Bedrock": bedrock,
    "Gemini": gemini,
    "Responses": responses,
}


def fits(name: str, messages: list[Json]) -> bool:
    """Whether an API's form can hold a conversation: Bedrock's has no addresses of pictures."""
    urls = [_address(p) for m in messages for p in parts_of(m) if p["type"] != "text"]
    return name != "Bedrock" or all(url.startswith("data:") for url in urls)


@pytest.mark.parametrize("name", WRITERS)
@given(told=conversations())
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_conversation_is_read_as_what_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, told: list[Json]
) -> None:
    if not fits(name, told):
        return
    path = tmp_path_factory.getbasetemp() / "told.jsonl"
    path.write_text(json.dumps(WRITERS[name](told)) + "\n", encoding="utf-8")
    (task,) = SourceReader([Path(path)], SourcesSection(last_assistant="keep"))
    assert _plain(task.data["messages"]) == _plain(told)


def _plain(messages: list[Json]) -> list[Json]:
    """Messages with the arguments of their calls as data, however their JSON is spelled."""
    plain = json.loads(json.dumps(messages))
    for message in plain:
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    found: list[Json] = plain
    return found
