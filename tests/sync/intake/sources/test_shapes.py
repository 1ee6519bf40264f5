"""Chat, ShareGPT, Alpaca and prompt rows as conversations, and what no page can show."""

import json
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.message_forms import call_fault
from sync.common.errors import SourceError
from sync.intake.sources import SourceReader, SourceTask
from tests.sync.intake.sources.builders import lines, read, reader, refused, said, said_of, write

USER, REPLY = ("user", "My card is lost."), ("assistant", "I am sorry. Is it frozen?")


def of(folder: Path, row: dict[str, Any], **settings: Any) -> Any:
    """The one task of a row."""
    (task,) = read(write(folder, "a.jsonl", lines(row)), **{"last_assistant": "keep", **settings})
    return task


def one_refused(folder: Path, row: dict[str, Any], **settings: Any) -> str:
    return refused(write(folder, "a.jsonl", lines(row)), 1, **settings)


def test_chat_keeps_what_openai_says_of_a_message(tmp_path: Path) -> None:
    calls = [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    messages = [
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "One"}, {"type": "text", "text": "2"}],
        },
        {"role": "assistant", "content": "I look it up.", "tool_calls": calls, "refusal": None},
        {"role": "tool", "content": "GBP 5", "tool_call_id": "c1"},
        {"role": "assistant", "content": "GBP 5.", "weight": 0},
    ]
    task = of(tmp_path, {"messages": messages, "tools": [{"type": "function"}]})
    assert task.data == {
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": "One\n2"},
            {"role": "assistant", "content": "I look it up.", "tool_calls": calls},
            {"role": "tool", "content": "GBP 5", "tool_call_id": "c1"},
            {"role": "assistant", "content": "GBP 5.", "weight": 0},
        ],
        "tools": [{"type": "function"}],
    }


def test_sharegpt(tmp_path: Path) -> None:
    row = {
        "id": "identity_0",
        "system": "Be brief.",
        "conversations": [
            {"from": "human", "value": "What does a card cost?"},
            {"from": "gpt", "value": "I look it up.", "weight": 0},
            {"from": "observation", "value": "GBP 5"},
            {"from": "GPT", "value": "GBP 5."},
        ],
        "tools": "[]",
    }
    task = of(tmp_path, row)
    assert task.id == "identity_0"
    assert said_of(task) == [
        ("system", "Be brief."),
        ("user", "What does a card cost?"),
        ("assistant", "I look it up."),
        ("tool", "GBP 5"),
        ("assistant", "GBP 5."),
    ]
    assert task.data["messages"][2]["weight"] == 0
    assert task.data["tools"] == "[]"
    assert said(tmp_path / "a.jsonl", last_assistant="keep") == [
        f"{tmp_path}/a.jsonl: JSONL, 1 row (ShareGPT)"
    ]


def test_sharegpt_with_openai_s_names(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Yes."}]
    assert said_of(of(tmp_path, {"conversations": turns})) == [
        ("user", "Hello?"),
        ("assistant", "Yes."),
    ]


def test_alpaca(tmp_path: Path) -> None:
    row = {
        "instruction": "Translate.",
        "input": "Guten Tag",
        "output": "Good day",
        "system": "You translate.",
        "history": [["Hello", "Hallo"], ["Bye", "Tschüss"]],
    }
    task = of(tmp_path, row)
    assert said_of(task) == [
        ("system", "You translate."),
        ("user", "Hello"),
        ("assistant", "Hallo"),
        ("user", "Bye"),
        ("assistant", "Tschüss"),
        ("user", "Translate.\n\nGuten Tag"),
        ("assistant", "Good day"),
    ]
    assert task.data.keys() == {"messages"}


def test_alpaca_without_its_optional_fields(tmp_path: Path) -> None:
    row = {"instruction": "Tell a joke.", "input": "", "output": "", "system": " ", "history": []}
    assert said_of(of(tmp_path, row)) == [("user", "Tell a joke.")]


def test_a_prompt_with_system_and_answer(tmp_path: Path) -> None:
    task = of(tmp_path, {"system": "Be brief.", "prompt": "Hello?", "answer": "Yes."})
    assert said_of(task) == [("system", "Be brief."), ("user", "Hello?"), ("assistant", "Yes.")]


def test_a_prompt_of_messages_as_trl_has_it(tmp_path: Path) -> None:
    asked, yes = {"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Yes."}
    task = of(tmp_path, {"prompt": [asked], "completion": [yes], "label": True})
    assert task.data == {"messages": [asked, yes], "label": True}
    # text beside a prompt stays one more field, and answers stay for who compares them
    row = {"prompt": "Hello?", "completion": "Yes."}
    assert of(tmp_path, row).data == {"messages": [asked], "completion": "Yes."}
    compared = {"prompt": [asked], "chosen": [yes], "rejected": [asked]}
    assert of(tmp_path, compared).data == {
        "messages": [asked],
        "chosen": [yes],
        "rejected": [asked],
    }


def test_a_prompt_beside_messages_is_one_more_field(tmp_path: Path) -> None:
    """As in published datasets, which repeat the first turn; so is chat's own `system`."""
    row = {"messages": [{"role": "user", "content": "a"}], "prompt": "a", "system": "x"}
    assert of(tmp_path, row).data == row


BAD_ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "two shapes": (
        {"messages": [], "conversations": []},
        "could be chat ('messages') or ShareGPT ('conversations'); say which in labeltune.toml: "
        '[sources.columns] messages = "messages"',
    ),
    "messages of another type": ({"messages": 1}, "'messages' must be a list of {role, content}"),
    "no messages": ({"messages": []}, "'messages' must be a non-empty list"),
    "a message of another type": (
        {"messages": ["a"]},
        "message 1 must hold 'role' and 'content', found text",
    ),
    "a role nobody knows": (
        {"messages": [{"role": "bot", "content": "a"}]},
        "message 1 has role 'bot'; use one of system, developer, user",
    ),
    "a blank message": (
        {"messages": [{"role": "user", "content": " "}]},
        "message 1 needs text as its content, found nothing",
    ),
    "a message of null": (
        {"messages": [{"role": "user", "content": None}]},
        "message 1 needs text as its content, found nothing: the message is empty, so say what",
    ),
    "a message without parts": (
        {"messages": [{"role": "user", "content": []}]},
        "message 1 needs text as its content, found nothing: the message is empty",
    ),
    "a turn of null": (
        {"conversations": [{"from": "human", "value": None}]},
        "message 1 needs text as its content, found nothing: the message is empty",
    ),
    "messages of null": ({"messages": None}, "'messages' is empty; say what was asked, or remove"),
    "a turn without value": (
        {"conversations": [{"from": "human"}]},
        "turn 1 must hold 'from' and 'value', both text",
    ),
    "a turn from nobody known": (
        {"conversations": [{"from": "alien", "value": "a"}]},
        "turn 1 is from 'alien'; known are human, user, gpt",
    ),
    "conversations of another type": (
        {"conversations": {"from": "human"}},
        "'conversations' must be a list of {from, value}, found an object",
    ),
    "two system prompts": (
        {
            "system": "a",
            "conversations": [{"from": "system", "value": "b"}, {"from": "human", "value": "c"}],
        },
        "'system' and the conversation's own system turn differ; remove one",
    ),
    "a blank instruction": ({"instruction": ""}, "'instruction' needs text, found nothing"),
    "a history of single words": (
        {"instruction": "a", "history": ["b"]},
        "'history' must be a list of pairs of texts",
    ),
    "nobody asks": (
        {"messages": [{"role": "assistant", "content": "a"}]},
        "no turn is the user's, so nothing is answered; add one",
    ),
}


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row(tmp_path: Path, row: dict[str, Any], sentence: str) -> None:
    assert one_refused(tmp_path, row).startswith(sentence)


def test_the_settings_say_which_of_two_shapes_is_meant(tmp_path: Path) -> None:
    row = {"instruction": "Be kind.", "messages": [{"role": "user", "content": "Hello?"}]}
    chat = of(tmp_path, row, columns={"messages": "messages"})
    assert chat.data == {"messages": row["messages"], "instruction": "Be kind."}
    alpaca = of(tmp_path, row, columns={"instruction": "instruction"}, other_fields="drop")
    assert said_of(alpaca) == [("user", "Be kind.")]


# --- what no page can show


def asked(part: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"type": "text", "text": "?"}, part]}]}


REMEDY = "which no page can show: say in words what is in it, or remove the conversation"
UNSHOWABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a sound": (
        asked({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}),
        f"message 1 holds a sound ('input_audio'), {REMEDY}",
    ),
    "a video": (
        asked({"type": "video_url", "video_url": {"url": "https://x.example/a.mp4"}}),
        f"message 1 holds a video ('video_url'), {REMEDY}",
    ),
    "a file": (
        asked({"type": "file", "file": {"file_id": "f1"}}),
        f"message 1 holds a file ('file'), {REMEDY}",
    ),
    "a document": (
        asked({"type": "document", "source": {"type": "base64", "data": "JVBERi0="}}),
        f"message 1 holds a file ('document'), {REMEDY}",
    ),
    "a sound that was said": (
        {
            "messages": [
                {"role": "user", "content": "Hello?"},
                {"role": "assistant", "content": None, "audio": {"id": "a1"}},
            ]
        },
        f"message 2 holds a sound ('audio'), {REMEDY}",
    ),
    "a part that nobody knows": (
        asked({"type": "hologram"}),
        "message 1 holds a part of type 'hologram', which nothing here reads; replace it",
    ),
    "a picture that the row lacks": (
        asked({"type": "image_url", "image_url": {}}),
        "the conversation has a place for a picture that the row does not hold; add its address",
    ),
    "a picture of an upload": (
        asked({"type": "input_image", "file_id": "f1"}),
        "message 1 holds a picture by the number of an upload ('file_id')",
    ),
    "a search of the provider's": (
        {"input": [{"role": "user", "content": "?"}, {"type": "web_search_call", "id": "w1"}]},
        "item 2 of 'input' is of type 'web_search_call', a step that no page can show",
    ),
    "an answer of several turns": (
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "system", "content": "b"},
                {"role": "assistant", "content": "c"},
            ]
        },
        "after the last question come the turns system, assistant, which are no one answer; "
        'use the interface multi_turn, or sources.last_assistant = "drop"',
    ),
}


@pytest.mark.parametrize(("row", "sentence"), UNSHOWABLE.values(), ids=UNSHOWABLE)
def test_what_no_page_can_show_is_refused_or_skipped(
    tmp_path: Path, row: dict[str, Any], sentence: str
) -> None:
    assert one_refused(tmp_path, row).startswith(sentence)
    path = write(tmp_path, "a.jsonl", lines({"prompt": "a"}, row, {"prompt": "b"}))
    skipping = reader(path, unshowable="skip")
    assert [said_of(task) for task in skipping] == [[("user", "a")], [("user", "b")]]
    assert str(skipping.recognised[0]) == (
        f"{path}: JSONL, 2 rows (prompt), 1 skipped that no page can show"
    )
    assert skipping.recognised[0].to_json() == {
        "source": str(path),
        "kind": "JSONL",
        "files": 1,
        "tasks": {"prompt": 2},
        "skipped": 1,
    }


# --- the answer at the end


def finished(folder: Path) -> Path:
    messages = [{"role": role, "content": content} for role, content in (USER, REPLY)]
    return write(folder, "finished.jsonl", lines({"messages": messages}))


@pytest.mark.parametrize(
    ("rule", "turns", "reference"),
    [
        ("keep", [USER, REPLY], None),
        ("drop", [USER], None),
        ("reference", [USER], REPLY[1]),
        ("auto", [USER], REPLY[1]),
        ("draft", [USER], None),
    ],
)
def test_what_becomes_of_the_last_answer(
    tmp_path: Path, rule: str, turns: list[tuple[str, str]], reference: str | None
) -> None:
    (task,) = read(finished(tmp_path), last_assistant=rule)
    assert said_of(task) == turns
    assert task.data.get("reference") == reference


@pytest.mark.parametrize("name", label_configs.INTERFACES)
def test_every_interface_can_take_a_finished_conversation(tmp_path: Path, name: str) -> None:
    """As a source has it: nobody has to cut anything first."""
    from sync.settings import SourcesSection

    interface = label_configs.load(name)
    (task,) = SourceReader([finished(tmp_path)], SourcesSection(), interface)
    interface.check_conversation(task.data["messages"], task.where)
    takes_it_whole = name in ("multi_turn", "agent_steps")
    assert (len(task.data["messages"]) == 2) == takes_it_whole
    assert ("reference" in task.data) == (not takes_it_whole)


def test_an_answer_in_several_turns_is_one_reference(tmp_path: Path) -> None:
    turns = [USER, REPLY, ("assistant", "I can do it for you.")]
    row = {"messages": [{"role": role, "content": content} for role, content in turns]}
    task = of(tmp_path, row, last_assistant="reference")
    assert task.data["reference"] == f"{REPLY[1]}\n\nI can do it for you."


def test_an_answer_can_be_the_draft(tmp_path: Path) -> None:
    from sync.settings import SourcesSection

    settings = SourcesSection(last_assistant="draft")

    def of_interface(name: str) -> SourceTask:
        (task,) = SourceReader([finished(tmp_path)], settings, label_configs.load(name))
        return task

    chat, turns = of_interface("chat_response"), of_interface("multi_turn")
    assert said_of(chat) == [USER]
    assert chat.data["labeltune_draft"] == REPLY[1]
    assert "reference" not in chat.data
    assert (said_of(turns), turns.data.get("labeltune_draft")) == ([USER, REPLY], None)
    for name in ("preference", "multi_intent", "reasoning_steps"):
        with pytest.raises(SourceError, match=f"a draft of {name} is more than one answer"):
            of_interface(name)
    asked = of(tmp_path, {"prompt": "a"}, last_assistant="draft")
    assert asked.data.keys() == {"messages"}


def test_a_reference_is_never_overwritten(tmp_path: Path) -> None:
    row = {"prompt": "a", "answer": "b", "reference": "c"}
    assert one_refused(tmp_path, row).startswith("holds 'reference' already")
    assert of(tmp_path, {"prompt": "a", "reference": "c"}).data["reference"] == "c"


# --- columns


def test_a_mapping_names_the_fields(tmp_path: Path) -> None:
    row = {
        "ticket": 17,
        "question": "How much?",
        "reply": "GBP 5.",
        "product_name": "Plus",
        "tone": "Be brief.",
        "passages": ["One.", "Two."],
        "channel": "mail",
    }
    columns = {
        "id": "ticket",
        "prompt": "question",
        "answer": "reply",
        "system": "tone",
        "context.product": "product_name",
        "documents.Fees": "passages",
    }
    task = of(tmp_path, row, columns=columns)
    assert task.id == "17"
    assert task.data == {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "How much?"},
            {"role": "assistant", "content": "GBP 5."},
        ],
        "context": {"product": "Plus"},
        "documents": [{"title": "Fees", "text": "One.\n\nTwo."}],
        "channel": "mail",
    }
    assert "channel" not in of(tmp_path, row, columns=columns, other_fields="drop").data


def test_dropping_other_fields_keeps_what_interfaces_read(tmp_path: Path) -> None:
    row = {"prompt": "a", "context": {"b": "c"}, "context.d": "e", "answers": [], "note": "f"}
    assert of(tmp_path, row, other_fields="drop").data == {
        "messages": [{"role": "user", "content": "a"}],
        "context": {"b": "c", "d": "e"},
        "answers": [],
    }


def test_a_mapping_adds_to_chat(tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": "a"}], "s": "be brief", "gold": "b"}
    task = of(tmp_path, row, columns={"system": "s", "answer": "gold"})
    assert said_of(task) == [("system", "be brief"), ("user", "a"), ("assistant", "b")]
    row["messages"] = [
        *json.loads(json.dumps(row["messages"])),
        {"role": "assistant", "content": "x"},
    ]
    assert one_refused(tmp_path, row, columns={"answer": "gold"}).startswith(
        "'gold' answers nothing, since the conversation does not end with the user's turn"
    )


BAD_MAPPINGS: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "two prompts": (
        {"prompt": "a", "question": "b"},
        {"prompt": "question"},
        "both 'question' and 'prompt' would be 'prompt'; rename one",
    ),
    "two contexts": (
        {"prompt": "a", "context": {"tier": "x"}, "t": "b"},
        {"context.tier": "t"},
        "'context' and 'context.tier' can't be joined; rename one",
    ),
    "a category twice": (
        {"prompt": "a", "categories": {"topic": "x"}, "categories.topic": "y"},
        {},
        "'categories' and 'categories.topic' can't be joined; rename one",
    ),
    "a document that is a number": (
        {"prompt": "a", "d": 1},
        {"documents.Fees": "d"},
        "the document 'd' must be text or a list of texts, found a number",
    ),
}


@pytest.mark.parametrize(("row", "columns", "sentence"), BAD_MAPPINGS.values(), ids=BAD_MAPPINGS)
def test_a_bad_mapping(
    tmp_path: Path, row: dict[str, Any], columns: dict[str, str], sentence: str
) -> None:
    assert one_refused(tmp_path, row, columns=columns).startswith(sentence)


def test_a_column_that_a_table_lacks(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "question,id\na,1\n")
    assert refused(path, 1, columns={"prompt": "question", "context.tier": "teir"}) == (
        "no column 'teir' (found question, id); correct [sources.columns] in labeltune.toml"
    )


def test_a_field_that_no_row_of_a_file_has(tmp_path: Path) -> None:
    """A misspelt optional field would be lost without a word."""
    path = write(tmp_path, "a.jsonl", lines({"prompt": "a"}, {"prompt": "b", "tier": "x"}))
    assert len(read(path, columns={"context.tier": "tier"})) == 2
    assert refused(path, columns={"context.tier": "teir"}) == (
        "no row holds the field 'teir'; correct [sources.columns] in labeltune.toml"
    )


@pytest.mark.parametrize("target", ["id", "prompt", "system"])
def test_a_mapped_field_that_a_row_lacks(tmp_path: Path, target: str) -> None:
    """Nothing is said of a field that isn't there, as of another file's column."""
    first = {"own": "x"} if target == "prompt" else {"prompt": "a", "own": "x"}
    path = write(tmp_path, "a.jsonl", lines(first, {"prompt": "b", target: "y"}))
    assert refused(path, 2, columns={target: "own"}) == (
        f"has {target!r}, which [sources.columns] takes from 'own', and no 'own'; rename it, "
        "or push this source with a configuration of its own (--config)"
    )


# --- calls of tools in other forms

LOST, MOMENT = {"role": "user", "content": "My card is lost."}, "One moment."


def test_old_calls_of_chat_are_converted(tmp_path: Path) -> None:
    said = {"role": "assistant", "content": MOMENT}
    messages = [
        LOST,
        said | {"function_call": {"name": "cards"}, "tool_calls": []},
        {"role": "function", "name": "cards", "content": None},
        said | {"tool_calls": []},
    ]
    task = of(tmp_path, {"messages": messages, "functions": [{"name": "cards"}]})
    function = {"name": "cards", "arguments": "{}"}
    call = {"id": "call_2_1", "type": "function", "function": function}
    assert task.data["messages"] == [
        LOST,
        said | {"tool_calls": [call]},
        {"role": "tool", "name": "cards", "content": "", "tool_call_id": "call_2_1"},
        said,
    ]
    assert task.data["functions"] == [{"name": "cards"}]
    assert of(tmp_path, {"messages": messages, "tools": [call]}, other_fields="drop").data["tools"]


def test_a_call_of_sharegpt_joins_the_words_before_it(tmp_path: Path) -> None:
    turns = [
        {"from": "human", "value": "My card is lost."},
        {"from": "gpt", "value": MOMENT},
        {"from": "function_call", "value": '{"name": "cards", "arguments": {"of": "me"}}'},
        {"from": "observation", "value": None},
        {"from": "gpt", "value": "It is frozen."},
    ]
    task = of(tmp_path, {"conversations": turns})
    function = {"name": "cards", "arguments": {"of": "me"}}
    assert task.data["messages"] == [
        LOST,
        {
            "role": "assistant",
            "content": MOMENT,
            "tool_calls": [{"id": "call_2_1", "type": "function", "function": function}],
        },
        {"role": "tool", "content": "", "tool_call_id": "call_2_1"},
        {"role": "assistant", "content": "It is frozen."},
    ]


def test_calls_of_sharegpt_in_a_row_are_one_turn(tmp_path: Path) -> None:
    """Without words before them, with reasoning, each a turn of its own or all in a list."""

    def call(of: str) -> dict[str, Any]:
        return {"name": "cards", "arguments": {"of": of}}

    results = [{"from": "observation", "value": value} for value in ("1", "2")]
    asked = {"from": "human", "value": "My card is lost."}
    each = [{"from": "function_call", "value": json.dumps(call(of))} for of in "ab"]
    thought = "<think>Both.</think>"
    each[0]["value"] = thought + each[0]["value"]
    both = {"from": "function_call", "value": thought + json.dumps([call("a"), call("b")])}
    for called in (each, [both]):
        task = of(tmp_path, {"conversations": [asked, *called, *results]})
        _, turn, one, other = task.data["messages"]
        assert (turn["content"], turn["reasoning_content"]) == ("", "Both.")
        assert [c["function"] for c in turn["tool_calls"]] == [call("a"), call("b")]
        assert [c["id"] for c in turn["tool_calls"]] == [
            one["tool_call_id"],
            other["tool_call_id"],
        ]
    broken = {"conversations": [asked, {"from": "function_call", "value": "cards()"}, asked]}
    (task,) = read(write(tmp_path, "a.jsonl", lines(broken)))
    assert call_fault(task.data["messages"]) == (
        "message 2 has tool_calls that are no list of calls: correct them"
    )


def test_an_answer_that_calls_a_tool_keeps_its_calls(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "cards", "arguments": "{}"}}
    turn = {"role": "assistant", "content": "", "tool_calls": [call], "reasoning_content": "Hm."}
    row = {"messages": [LOST, turn]}
    draft = of(tmp_path, row, last_assistant="draft").data
    assert draft == {
        "messages": [LOST],
        "labeltune_draft": "",
        "labeltune_draft_calls": [call],
        "labeltune_draft_reasoning": "Hm.",
    }
    reference = of(tmp_path, row, last_assistant="reference").data
    assert (reference["reference"], reference["reference_calls"]) == ("", [call])
    assert of(tmp_path, row).data == row
    nameless = {"messages": [LOST, {**turn, "tool_calls": [{"id": "c1", "function": {}}]}]}
    said = one_refused(tmp_path, nameless, last_assistant="draft")
    assert said == "message 2 calls a tool without a name: add the name, or remove the call"


def test_what_follows_a_tools_result_is_the_answer(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "cards", "arguments": "{}"}}
    before = [
        LOST,
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "{}", "tool_call_id": "c1"},
    ]
    row = {"messages": [*before, {"role": "assistant", "content": "It is frozen."}]}
    task = of(tmp_path, row, last_assistant="auto")
    assert task.data == {"messages": before, "reference": "It is frozen."}
    assert of(tmp_path, row, last_assistant="drop").data == {"messages": [LOST]}
    assert of(tmp_path, {"messages": before}, last_assistant="draft").data == {"messages": before}


def test_a_call_that_nobody_answers_is_said(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "cards"}}
    said = {"role": "assistant", "content": MOMENT, "tool_calls": [call]}
    rows = [{"messages": [LOST, said, LOST]}, {"messages": [LOST, said | {"tool_calls": []}, LOST]}]
    opened = reader(write(tmp_path, "a.jsonl", lines(*rows)))
    assert len(list(opened)) == 2
    (note,) = opened.notes
    assert note.startswith("conversations with a tool's call without answer, or an answer to")
    assert "text alone: 1; OpenAI's formats" in note
