"""Lines with calls of tools, and what their readers' rules say of them: (format, verdict, line).

The verdict is (rule, severity) of every fault. Every text is SECRET, which no message may repeat.
"""

from typing import Any

from tests.sync.training_files.formats.fault_lines import (
    ANSWER,
    SECRET,
    TOOL,
    USER,
    calls,
    chat,
    graded,
    pair,
    trl,
)
from tests.sync.training_files.formats.two_sided_lines import (
    CALL,
    OBSERVED,
    G,
    H,
    M,
    U,
    content,
    talk,
)

Verdict = tuple[tuple[str, str], ...]
Ruled = tuple[str, Verdict, Any]

ERROR, WARNING = "error", "warning"


def function(name: str = "pay", arguments: Any = "{}") -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


def two(first: str = "c1", second: str = "c2") -> dict[str, Any]:
    """Two calls in one message."""
    both = [{"id": i, "type": "function", "function": function()} for i in (first, second)]
    return {"role": "assistant", "content": None, "tool_calls": both}


def declared(schema: Any, name: str = "pay") -> list[Any]:
    return [{"type": "function", "function": {"name": name, "parameters": schema}}]


def schema(kind: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"of": {"type": kind}}}


PARALLEL = TOOL | {"tool_call_id": "c2"}
PICTURE = {"type": "image_url", "image_url": {"url": f"https://{SECRET}.org/a.png"}}
WORDS = {"type": "text", "text": SECRET}
_PAIRS = (USER, calls("{}"), TOOL, ANSWER)

# (verdict, messages) in every format of OpenAI's, before the end that each wants
_OPENAI: list[tuple[Verdict, list[Any]]] = [
    ((("unanswered", ERROR),), [USER, calls("{}"), ANSWER]),
    ((("unanswered", ERROR),), [USER, calls("{}"), USER, TOOL, ANSWER]),
    ((("unanswered", ERROR),), [USER, two(), TOOL, ANSWER]),
    ((("unanswered", ERROR),), [USER, two(), PARALLEL, USER, TOOL, ANSWER]),
    ((), [USER, two(), PARALLEL, TOOL, ANSWER]),
    ((), list(_PAIRS)),
    ((("tool_ids", ERROR),), [USER, two("c1", "c1"), TOOL, TOOL, ANSWER]),
    ((("tool_ids", WARNING),), [*_PAIRS, *_PAIRS]),
    *(
        ((("tool_name", ERROR),), [USER, calls("{}", function=function(name)), TOOL, ANSWER])
        for name in (f"get.{SECRET}", f"get {SECRET}", "", "é", "a" * 65)
    ),
    *(
        ((("tool_arguments", ERROR),), [USER, calls(arguments), TOOL, ANSWER])
        for arguments in (
            '{"city": "Ul',
            "[]",
            '"text"',
            "7",
            "null",
            "{'a': 1}",
            '{"a": NaN}',
            "[" * 9_999,
        )
    ),
    *(
        ((("tool_arguments", WARNING),), [USER, calls(arguments), TOOL, ANSWER])
        for arguments in ("", " \n")
    ),
    *(
        ((("name", ERROR),), [USER | {"name": name}, ANSWER])
        for name in (f"Ana {SECRET}", "", "José", "a" * 65, "<a>")
    ),
    *(
        ((("parts", ERROR),), [message | {"content": [WORDS, PICTURE]}, USER, ANSWER])
        for message in ({"role": "system"}, {"role": "assistant"})
    ),
    ((("parts", ERROR),), [USER, calls("{}"), TOOL | {"content": [PICTURE]}, ANSWER]),
    ((), [USER, calls("{}"), TOOL | {"content": [WORDS]}, ANSWER]),
    ((), [USER | {"content": [WORDS, PICTURE]}, ANSWER]),
    ((("parts", WARNING),), [USER | {"content": [{"type": SECRET}]}, ANSWER]),
]
# (verdict, tools) beside one call of `pay`
_TOOLS: list[tuple[Verdict, list[Any]]] = [
    ((("undeclared", WARNING),), declared({}, SECRET)),
    ((("tool_name", ERROR),), [*declared({}), *declared({}, f"get.{SECRET}")]),
    ((("tools", WARNING),), [*declared({}), *declared({})]),
    *(
        ((("tool_schema", WARNING),), declared(found))
        for found in (
            *({"type": "dict"}, {"type": "array"}, SECRET, []),
            *(schema("str"), schema(["string", SECRET]), schema("OBJECT")),
            {"type": "object", "properties": {"of": {"type": "array", "items": {"type": "int"}}}},
            {"anyOf": [{"type": "float"}]},
        )
    ),
    *(((), declared(found)) for found in (None, {}, schema("string"), schema(["null", "integer"]))),
]
BEFORE = {"role": "assistant", "content": None, "function_call": function()}
OPENAI: list[Ruled] = [
    ("openai-chat", (("function_call", WARNING),), chat(USER, BEFORE)),
    ("openai-chat", (("function_call", WARNING),), chat(USER, BEFORE | {"content": SECRET})),
    ("trl-language-modeling", (("function_call", ERROR),), chat(USER, BEFORE)),
    ("openai-chat", (), chat(USER, calls("{}"))),
    *(("openai-chat", verdict, chat(*messages)) for verdict, messages in _OPENAI),
    *(
        ("openai-preference", verdict, pair(input=chat(*messages, USER)))
        for verdict, messages in _OPENAI
        if not any(isinstance(m["content"], list) for m in messages)
    ),
    *(
        ("openai-reinforcement", v, graded(*messages, USER))
        for v, messages in _OPENAI
        if messages[0]["role"] != "system"  # a warning of its own
    ),
    *(("openai-chat", v, chat(*_PAIRS, tools=tools)) for v, tools in _TOOLS),
    *(("openai-preference", v, pair(input=chat(*_PAIRS, USER, tools=t))) for v, t in _TOOLS),
    (
        "openai-preference",
        (("undeclared", WARNING),),
        pair(input=chat(USER, tools=declared({}, SECRET)), preferred_output=[calls("{}")]),
    ),
]

_TRL_PAIRS = (USER, calls({}), TOOL, ANSWER)
TRL: list[Ruled] = [
    ("trl-language-modeling", (("unanswered", WARNING),), chat(USER, calls({}), ANSWER)),
    ("trl-language-modeling", (("tool_ids", WARNING),), chat(*_TRL_PAIRS, *_TRL_PAIRS)),
    ("trl-language-modeling", (), chat(*_TRL_PAIRS, tools=declared({}))),
    (
        "trl-language-modeling",
        (("undeclared", WARNING),),
        chat(*_TRL_PAIRS, tools=declared({}, SECRET)),
    ),
    ("trl-preference", (("unanswered", WARNING),), trl(prompt=[USER, calls({}), USER])),
    ("trl-prompt-completion", (("tool_schema", WARNING),), trl(tools=declared({"type": "dict"}))),
]


def part(role: str, kind: str, name: str = "pay", **holds: Any) -> dict[str, Any]:
    key = "args" if kind == "functionCall" else "response"
    return {"role": role, "parts": [{kind: {"name": name, key: {}} | holds}]}


F, R = part("model", "functionCall"), part("user", "functionResponse")
_BOTH = {"role": "model", "parts": [*F["parts"], *F["parts"]]}


def google(name: str, kind: str = "OBJECT") -> list[Any]:
    return [{"functionDeclarations": [{"name": name, "parameters": {"type": kind}}]}]


GEMINI: list[Ruled] = [
    ("gemini", (), content(U, F, R, M, tools=google("pay"))),
    ("gemini", (), content(U, F)),
    ("gemini", (("function_pairs", ERROR),), content(U, F, U, M)),
    ("gemini", (("function_pairs", ERROR),), content(U, _BOTH, R, M)),
    ("gemini", (("function_pairs", ERROR),), content(U, M, R, M)),
    ("gemini", (("function_pairs", ERROR),), content(R, M)),
    (
        "gemini",
        (("function_pairs", WARNING),),
        content(U, F, part("user", "functionResponse", SECRET), M),
    ),
    ("gemini", (("functionCall", ERROR),), content(part("user", "functionCall"), M)),
    ("gemini", (("functionResponse", ERROR),), content(U, part("model", "functionResponse"))),
    *(
        ("gemini", (("functionCall", ERROR),), content(U, part("model", "functionCall", name)))
        for name in (f"1{SECRET}", f"a {SECRET}", "", "é", "a" * 129)
    ),
    ("gemini", (), content(U, part("model", "functionCall", "get.rate:v-1"))),
    ("gemini", (("undeclared", WARNING),), content(U, F, tools=google(SECRET))),
    ("gemini", (("tools", ERROR),), content(U, M, tools=google(f"a {SECRET}"))),
    ("gemini", (("tools", WARNING),), content(U, M, tools=google("pay") * 2)),
    ("gemini", (("tool_schema", WARNING),), content(U, M, tools=google("pay", "dict"))),
    ("gemini", (), content(U, M, tools=google("pay", "object"))),
]

_USE = {"toolUse": {"toolUseId": "t1", "name": "pay", "input": {}}}
_RESULT = {"toolResult": {"toolUseId": "t1", "content": [{"text": SECRET}]}}
_SAID = {"text": SECRET}


def converse(*turns: list[Any], **extra: Any) -> dict[str, Any]:
    """Blocks of the user's and of the assistant's by turns."""
    roles = ("user", "assistant") * len(turns)
    messages = [{"role": r, "content": c} for r, c in zip(roles, turns, strict=False)]
    return {"schemaVersion": "any", "messages": messages, **extra}


def config(name: str = "pay", of: Any = None) -> dict[str, Any]:
    spec = {"name": name, "inputSchema": {"json": {"type": "object"} if of is None else of}}
    return {"tools": [{"toolSpec": spec}]}


_NAME = "bedrock-conversation"
_TAKEN = ("tools", WARNING)
_PAIRED = converse([_SAID], [_USE], [_RESULT], [_SAID])
BEDROCK: list[Ruled] = [
    *((_NAME, (), converse([_SAID], [_SAID]) | {"schemaVersion": v}) for v in ("2023", SECRET, "")),
    (_NAME, (), _PAIRED),
    (_NAME, (_TAKEN,), _PAIRED | {"toolConfig": config()}),
    (_NAME, (), converse([_SAID], [_SAID, _USE])),
    (_NAME, (("undeclared", ERROR),), _PAIRED | {"toolConfig": config(SECRET)}),
    (_NAME, (("tool_schema", WARNING),), _PAIRED | {"toolConfig": config(of={"type": "dict"})}),
    *((_NAME, (("tools", ERROR),), _PAIRED | {"toolConfig": c}) for c in ([], {"tools": []}, 1)),
    (_NAME, (("tool_pairs", ERROR),), converse([_SAID], [_USE], [_SAID], [_SAID])),
    (_NAME, (("tool_pairs", ERROR),), converse([_RESULT], [_SAID])),
    (_NAME, (("tool_pairs", ERROR),), converse([_SAID], [_USE, _USE], [_RESULT, _RESULT], [_SAID])),
    (
        _NAME,
        (("tool_pairs", ERROR),),
        converse([_SAID], [_USE], [_RESULT], [_USE], [_RESULT], [_SAID]),
    ),
    (_NAME, (("block", ERROR),), converse([_USE], [_SAID])),
    (_NAME, (("block", ERROR),), converse([_SAID], [_SAID, {"image": {}}])),
    (_NAME, (("block", ERROR),), converse([_SAID, {"reasoningContent": {}}], [_SAID])),
    (_NAME, (), converse([_SAID, {"document": {}}], [{"reasoningContent": {}}, _SAID])),
    (_NAME, (("toolUse", ERROR),), converse([_SAID], [{"toolUse": {"toolUseId": "t", "name": 1}}])),
    (
        _NAME,
        (("toolResult", ERROR),),
        converse([_SAID], [_USE], [{"toolResult": {"toolUseId": "t1"}}], [_SAID]),
    ),
]

_LISTED = '[{"name": "other"}]'
SHAREGPT: list[Ruled] = [
    ("sharegpt", (), talk(H, CALL, OBSERVED, G)),
    ("sharegpt", (), talk(H, CALL)),
    ("sharegpt", (), talk(H, CALL, H, G)),
    ("sharegpt", (), talk(H, G, OBSERVED, G)),
    ("sharegpt", (("undeclared", WARNING),), talk(H, CALL, OBSERVED, G, tools=_LISTED)),
]

LINES = [*OPENAI, *TRL, *GEMINI, *BEDROCK, *SHAREGPT]
