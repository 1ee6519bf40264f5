"""Conversations in the forms of other APIs: one model of them, whatever the source calls things."""

import copy
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from label_configs import LabelConfigError
from label_configs.message_forms import call_fault
from label_configs.task_tools import tools_of
from sync.common.errors import SourceError
from sync.intake.cleaning.normalised_text import normalised_task
from sync.intake.cleaning.steps import usable
from sync.intake.cleaning.task_identity import made_id
from sync.intake.sources.row import Row
from sync.intake.sources.row_to_task import task_of
from sync.settings import SourcesSection
from tests.sync.intake.sources.builders import lines, reader, refused, write

Json = dict[str, Any]

URL = "https://x.example/meter.png"
ASKED = {
    "role": "user",
    "content": [
        {"type": "text", "text": "What does it cost?"},
        {"type": "image_url", "image_url": {"url": URL}},
    ],
}
PNG = "data:image/png;base64,iVBORw0KGgo="


def called(own_id: str = "c1", thought: str = "I look.", words: str = "One moment.") -> Json:
    function = {"name": "fee", "arguments": '{"of": "card"}'}
    call = {"id": own_id, "type": "function", "function": function}
    turn = {"role": "assistant", "content": words, "tool_calls": [call]}
    return turn | ({"reasoning_content": thought} if thought else {})


def conversation(own_id: str = "c1", **keys: Any) -> list[Json]:
    return [
        {"role": "system", "content": "Be brief."},
        ASKED,
        called(own_id, **keys),
        {"role": "tool", "content": "GBP 5", "tool_call_id": own_id},
        {"role": "assistant", "content": "GBP 5."},
    ]


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "fee",
            "description": "A fee.",
            "parameters": {"type": "object", "properties": {"type": {"type": "string"}}},
        },
    }
]
SCHEMA = {"type": "object", "properties": {"type": {"type": "string"}}}
ANTHROPIC: Json = {
    "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What does it cost?"},
                {"type": "image", "source": {"type": "url", "url": URL}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "I look.", "signature": "x"},
                {"type": "text", "text": "One moment."},
                {"type": "tool_use", "id": "c1", "name": "fee", "input": {"of": "card"}},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "GBP 5"}],
        },
        {"role": "assistant", "content": "GBP 5."},
    ],
    "tools": [{"name": "fee", "description": "A fee.", "input_schema": SCHEMA}],
}
BEDROCK: Json = {
    "schemaVersion": "bedrock-conversation-2024",
    "system": [{"text": "Be brief."}],
    "messages": [
        {
            "role": "user",
            "content": [
                {"text": "What does it cost?"},
                {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
                {"cachePoint": {"type": "default"}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"reasoningContent": {"reasoningText": {"text": "I look.", "signature": "x"}}},
                {"text": "One moment."},
                {"toolUse": {"toolUseId": "c1", "name": "fee", "input": {"of": "card"}}},
            ],
        },
        {
            "role": "user",
            "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "GBP 5"}]}}],
        },
        {"role": "assistant", "content": [{"text": "GBP 5."}]},
    ],
    "toolConfig": {
        "tools": [
            {
                "toolSpec": {
                    "name": "fee",
                    "description": "A fee.",
                    "inputSchema": {"json": SCHEMA},
                }
            }
        ]
    },
}
GEMINI: Json = {
    "systemInstruction": {"role": "system", "parts": [{"text": "Be brief."}]},
    "contents": [
        {
            "role": "user",
            "parts": [
                {"text": "What does it cost?"},
                {"fileData": {"mimeType": "image/png", "fileUri": URL}},
            ],
        },
        {
            "role": "model",
            "parts": [
                {"text": "I look.", "thought": True},
                {"text": "One moment."},
                {"functionCall": {"name": "fee", "args": {"of": "card"}}},
            ],
        },
        {
            "role": "user",
            "parts": [{"functionResponse": {"name": "fee", "response": {"fee": "GBP 5"}}}],
        },
        {"role": "model", "parts": [{"text": "GBP 5."}]},
    ],
    "tools": [
        {
            "functionDeclarations": [
                {
                    "name": "fee",
                    "description": "A fee.",
                    "parameters": {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}},
                }
            ]
        }
    ],
}
RESPONSES: Json = {
    "instructions": "Be brief.",
    "input": [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What does it cost?"},
                {"type": "input_image", "image_url": URL},
            ],
        },
        {"type": "reasoning", "id": "r1", "summary": [{"type": "summary_text", "text": "I look."}]},
        {
            "type": "message",
            "role": "assistant",
            "id": "m1",
            "status": "completed",
            "content": [{"type": "output_text", "text": "One moment.", "annotations": []}],
        },
        {"type": "function_call", "call_id": "c1", "name": "fee", "arguments": '{"of": "card"}'},
        {"type": "function_call_output", "call_id": "c1", "output": "GBP 5"},
    ],
    "output": [
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "GBP 5."}],
        }
    ],
    "tools": [{"type": "function", "name": "fee", "description": "A fee.", "parameters": SCHEMA}],
}
SHAREGPT: Json = {
    "conversations": [
        {"from": "system", "value": "Be brief."},
        {
            "from": "human",
            "value": [
                {"type": "text", "text": "What does it cost?"},
                {"type": "image_url", "image_url": {"url": URL}},
            ],
        },
        {"from": "gpt", "value": "<think>I look.</think>One moment."},
        {"from": "function_call", "value": '{"name": "fee", "arguments": {"of": "card"}}'},
        {"from": "observation", "value": "GBP 5"},
        {"from": "gpt", "value": "GBP 5."},
    ],
    "tools": json.dumps([TOOLS[0]["function"]]),
}
OTHERS = {
    "Anthropic": (ANTHROPIC, {}),
    "Bedrock": (BEDROCK, {"picture": PNG}),
    "Gemini": (GEMINI, {"own_id": "call_3_1", "result": '{"fee": "GBP 5"}'}),
    "Responses": (RESPONSES, {}),
    "ShareGPT": (SHAREGPT, {"own_id": "call_3_1"}),
}


def data_of(folder: Path, row: Json) -> tuple[str, Json]:
    """What a row was taken for, and its task's data."""
    opened = reader(write(folder, "a.jsonl", lines(row)), last_assistant="keep")
    (task,) = opened
    return next(iter(opened.recognised[0].tasks)), dict(task.data)


@pytest.mark.parametrize("name", OTHERS)
def test_one_conversation_in_the_form_of_every_api(tmp_path: Path, name: str) -> None:
    row, differs = OTHERS[name]
    shape, data = data_of(tmp_path, row)
    wanted = conversation(differs.get("own_id", "c1"))
    if "picture" in differs:
        wanted[1] = json.loads(json.dumps(ASKED).replace(URL, differs["picture"]))
    if "result" in differs:
        wanted[3] |= {"content": differs["result"], "name": "fee"}
    if name == "ShareGPT":
        calls = wanted[2]["tool_calls"]
        calls[0]["function"]["arguments"] = {"of": "card"}
    assert shape == name
    assert data["messages"] == wanted
    assert list(tools_of(data)) == TOOLS
    assert call_fault(data["messages"]) is None
    assert data.keys() == {"messages", "tools"}


def test_results_come_before_what_the_user_says_with_them(tmp_path: Path) -> None:
    """Two calls in a turn, of which one failed; nothing of the provider's own form is lost."""
    calls = [{"type": "tool_use", "id": f"c{n}", "name": "fee", "input": {}} for n in (1, 2)]
    results = [
        {"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "5"}]},
        {"type": "tool_result", "tool_use_id": "c2", "is_error": True},
    ]
    row = {
        "messages": [
            {"role": "user", "content": "Fees?"},
            {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "x"}, *calls]},
            {"role": "user", "content": [results[0], {"type": "text", "text": "And?"}, results[1]]},
        ]
    }
    _, data = data_of(tmp_path, row)
    assert [m["role"] for m in data["messages"]] == ["user", "assistant", "tool", "tool", "user"]
    _, said, one, other, asked = data["messages"]
    assert said["redacted_reasoning"] == [{"type": "redacted_thinking", "data": "x"}]
    assert one == {"role": "tool", "content": "5", "tool_call_id": "c1"}
    assert other == {"role": "tool", "content": "", "tool_call_id": "c2", "is_error": True}
    assert asked == {"role": "user", "content": "And?"}


def test_turns_of_responses_are_what_stands_between_others(tmp_path: Path) -> None:
    items = [
        {"role": "user", "content": "Fees?"},
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "Both."}]},
        {"type": "function_call", "call_id": "c1", "name": "fee", "arguments": "{}"},
        {"type": "custom_tool_call", "call_id": "c2", "name": "sql", "input": "SELECT 1"},
        {"type": "function_call_output", "call_id": "c1", "output": "5"},
        {"type": "custom_tool_call_output", "call_id": "c2", "output": [{"text": "1"}]},
        {"type": "reasoning", "summary": [], "encrypted_content": "x"},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "refusal", "refusal": "No."}],
        },
    ]
    shape, data = data_of(tmp_path, {"input": items, "model": "m"})
    _, said, _, other, last = data["messages"]
    assert (shape, data["model"], len(data["messages"])) == ("Responses", "m", 5)
    assert [call["function"]["name"] for call in said["tool_calls"]] == ["fee", "sql"]
    assert said["tool_calls"][1]["function"]["arguments"] == '{"input": "SELECT 1"}'
    assert (said["content"], said["reasoning_content"]) == ("", "Both.")
    assert other == {"role": "tool", "content": "1", "tool_call_id": "c2"}
    assert last == {"role": "assistant", "content": "No.", "redacted_reasoning": ["x"]}


def test_words_alone_are_read_too(tmp_path: Path) -> None:
    """As text, in snake case, and in chat of another API that nothing else marks."""
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]
    for row in (
        {"input": "Hi", "output": [{"type": "message", "role": "assistant", "content": "Yes?"}]},
        {"contents": [{"parts": "Hi"}, {"role": "model", "parts": [{"text": "Yes?"}]}]},
        {"messages": [{"role": "user", "content": [{"text": "Hi"}]}, turns[1]]},
        {"messages": [{"role": "user", "content": ["Hi"]}, turns[1]]},
        {"messages": [{"role": "user", "content": [{"type": "text", "value": "Hi"}]}, turns[1]]},
    ):
        try:
            assert data_of(tmp_path, row)[1]["messages"] == turns
        except AssertionError as error:
            raise AssertionError(row) from error


def test_tools_of_the_providers_own_keep_their_names(tmp_path: Path) -> None:
    asked = {"role": "user", "content": "Hi"}
    for row in (
        {"input": [asked], "tools": [{"type": "web_search_preview"}]},
        {"contents": [{"parts": [{"text": "Hi"}]}], "tools": [{"web_search_preview": {}}]},
    ):
        (tool,) = data_of(tmp_path, row)[1]["tools"]
        assert tool == {"type": "function", "function": {"name": "web_search_preview"}}


def test_preferences_keep_both_answers(tmp_path: Path) -> None:
    asked = {"role": "user", "content": "Hi"}
    one, other = ({"role": "assistant", "content": words} for words in ("Yes?", "No."))
    shape, data = data_of(
        tmp_path, {"chosen_messages": [asked, one], "rejected_messages": [asked, other]}
    )
    assert shape == "preference"
    assert data == {"messages": [asked], "chosen": [one], "rejected": [other]}
    row = {"input": {"messages": [asked]}, "preferred_output": [one]}
    shape, data = data_of(tmp_path, row)
    assert (shape, data) == ("OpenAI preference", {"messages": [asked], "preferred_output": [one]})


BAD: dict[str, tuple[Json, str]] = {
    "a content of a robot's": (
        {"contents": [{"role": "bot", "parts": []}]},
        "content 1 has role 'bot'; use one of user, model",
    ),
    "a content without parts": ({"contents": [{"role": "user"}]}, "content 1 must hold 'role' and"),
    "a sound in data": (
        {"contents": [{"parts": [{"inlineData": {"mimeType": "audio/wav", "data": "x"}}]}]},
        "content 1 holds a sound ('audio/wav'), which no page can show",
    ),
    "a picture in a bucket": (
        {
            "contents": [
                {"parts": [{"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}}]}
            ]
        },
        "content 1 holds a picture in Google's storage (gs://…), from where no page can load it",
    ),
    "an item that is text": (
        {"input": [{"role": "user", "content": "a"}, "b"]},
        "item 2 of 'input'",
    ),
    "two beginnings": (
        {
            "chosen_messages": [{"role": "user", "content": "a"}],
            "rejected_messages": [{"role": "user", "content": "b"}],
        },
        "'chosen_messages' and 'rejected_messages' begin differently",
    ),
    "half a preference": ({"chosen_messages": []}, "has 'chosen_messages' and no"),
    "tools that are none": (
        {"contents": [{"parts": [{"text": "a"}]}], "tools": 7},
        "'tools' must be a list of tools, found a number",
    ),
}


@pytest.mark.parametrize(("row", "sentence"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_by_its_name(tmp_path: Path, row: Json, sentence: str) -> None:
    assert refused(write(tmp_path, "a.jsonl", lines(row)), 1).startswith(sentence)


def test_a_table_adds_no_fields_to_calls_and_schemas(tmp_path: Path) -> None:
    """Arrow gives every object the fields of all; what a row lacks is null there."""
    path = tmp_path / "a.parquet"

    def row(argument: str) -> Json:
        call = {"id": "c1", "function": {"name": argument, "arguments": {argument: "x"}}}
        properties = {argument: {"type": "string"}}
        turn = {"role": "assistant", "content": None, "tool_calls": [call]}
        function = {"name": argument, "parameters": {"properties": properties}}
        asked = {"role": "user", "content": "Hi"}
        return {
            "messages": [asked, turn, {"role": "tool", "content": "", "tool_call_id": "c1"}],
            "tools": [{"type": "function", "function": function}],
        }

    pq.write_table(pa.Table.from_pylist([row("town"), row("day")]), path)
    for task, name in zip(reader(path), ("town", "day"), strict=True):
        assert task.data["messages"] == [
            {"role": "user", "content": "Hi"},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": name, "arguments": {name: "x"}},
                    }
                ],
            },
            {"role": "tool", "content": "", "tool_call_id": "c1"},
        ]
        (tool,) = tools_of(task.data)
        assert tool["function"]["parameters"] == {"properties": {name: {"type": "string"}}}


junk = st.sampled_from([None, 7, "", "x", "<image>", [], {}, ["x"], [[]], {"type": []}, {"a": {}}])


@given(row=st.sampled_from([row for row, _ in OTHERS.values()]), data=st.data())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_row_that_is_wrong_anywhere_is_a_task_or_refused_in_a_sentence(
    row: Json, data: st.DataObject
) -> None:
    broken = copy.deepcopy(row)
    for _ in range(data.draw(st.integers(1, 3))):
        held: Any = broken
        while True:
            places = range(len(held)) if isinstance(held, list) else list(held)
            place = data.draw(st.sampled_from(places))
            inner = held[place]
            if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
                held[place] = copy.deepcopy(data.draw(junk))
                break
            held = inner
        if not broken:
            return
    try:
        _, task = task_of(Row("row 1", broken), SourcesSection(), "draft", Path())
    except SourceError as error:
        assert str(error).startswith("row 1: ")
        assert "\n" not in str(error)
        return
    made_id(normalised_task(dict(task.data)))
    for interface in label_configs.INTERFACES.values():
        try:
            usable.check(interface, task.data, task.where)
        except LabelConfigError:
            continue
        interface.complete_task(task.data)
