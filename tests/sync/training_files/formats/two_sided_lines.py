"""Lines of LLaMA-Factory's, Gemini's and Bedrock's formats: each breaks one rule, or none.

Every text in them is SECRET, which no message may repeat.
"""

import json
from typing import Any

from tests.sync.training_files.formats.fault_lines import HALF, SECRET

Faulty = tuple[str, str, Any]

H = {"from": "human", "value": SECRET}
G = {"from": "gpt", "value": f"{SECRET}!"}
S = {"from": "system", "value": SECRET}
SHOWN = {"from": "human", "value": f"<image>{SECRET}"}
OBSERVED = {"from": "observation", "value": SECRET}
TOOLS = json.dumps([{"name": SECRET, "parameters": {}}])


def called(value: Any) -> dict[str, Any]:
    return {"from": "function_call", "value": value if type(value) is str else json.dumps(value)}


CALL = called({"name": SECRET, "arguments": {"of": SECRET}})


def talk(*turns: Any, **extra: Any) -> dict[str, Any]:
    return {"conversations": list(turns), **extra}


def pair(*turns: Any, **changes: Any) -> dict[str, Any]:
    return talk(*(turns or (H,)), **({"chosen": G, "rejected": G | {"value": "worse"}} | changes))


def judged(*turns: Any, **changes: Any) -> dict[str, Any]:
    return talk(*(turns or (H, G)), **({"kto_tag": True} | changes))


# rules of turns: (rule, turns that stand where a right line has a human's and an answer)
_TURNS: list[tuple[str, list[Any]]] = [
    ("turn", [SECRET, G]),
    ("from", [{"value": SECRET}, G]),
    ("from", [H | {"from": "user"}, G]),
    ("from", [H | {"from": SECRET}, G]),
    ("from", [H | {"from": ["human"]}, G]),
    ("value", [{"from": "human"}, G]),
    ("value", [H | {"value": 7}, G]),
    ("value", [H | {"value": " \n"}, G]),
    ("value", [H | {"value": HALF}, G]),
    ("value", [S | {"value": ""}, H, G]),
    ("system", [H, S]),
    ("order", [G, H]),
    ("order", [H, H]),
    ("order", [S, G, H]),
    ("order", [H, OBSERVED]),
    ("function_call", [H, called(SECRET)]),
    ("function_call", [H, called({"name": SECRET})]),
    ("function_call", [H, called({"name": SECRET, "arguments": "{}"})]),
    ("function_call", [H, called([])]),
    ("function_call", [H, called("")]),
    ("function_call", [H, called("[" * 10_000)]),
]
_TOOLS: list[Any] = [[{"name": SECRET}], SECRET, "{}", json.dumps([{"parameters": {}}]), 7]

SHAREGPT: list[Faulty] = [
    *(("sharegpt", rule, talk(*turns)) for rule, turns in _TURNS),
    *(("sharegpt", "tools", talk(H, G, tools=tools)) for tools in _TOOLS),
    ("sharegpt", "object", [SECRET]),
    ("sharegpt", "conversations", {"messages": []}),
    ("sharegpt", "conversations", talk()),
    ("sharegpt", "conversations", {"conversations": SECRET}),
    ("sharegpt", "count", talk(H)),
    ("sharegpt", "count", talk(H, G, H)),
    ("sharegpt", "count", talk(S)),
    ("sharegpt", "system", talk(S, H, G, system=SECRET)),
    ("sharegpt", "system", talk(H, G, system=7)),
    ("sharegpt", "weight", talk(H, G | {"weight": 0}, H, G)),
    ("sharegpt", "images", talk(H, G, images=[SECRET])),
    ("sharegpt", "images", talk(SHOWN, G, images=[SECRET, SECRET])),
    ("sharegpt-preference", "images", pair(SHOWN, images=[SECRET, SECRET])),
    ("sharegpt-preference", "function_call", pair(chosen=called(SECRET))),
    ("sharegpt-kto", "images", judged(SHOWN, G, images=[SECRET, SECRET])),
    *(("sharegpt-preference", rule, pair(*turns, H)) for rule, turns in _TURNS),
    *(("sharegpt-preference", "tools", pair(tools=tools)) for tools in _TOOLS),
    ("sharegpt-preference", "object", SECRET),
    ("sharegpt-preference", "conversations", pair(conversations=[])),
    ("sharegpt-preference", "count", pair(H, G)),
    ("sharegpt-preference", "chosen", pair(chosen=SECRET)),
    ("sharegpt-preference", "chosen", pair(chosen=[G])),
    ("sharegpt-preference", "chosen", pair(chosen=H)),
    ("sharegpt-preference", "chosen", pair(chosen=G | {"value": ""})),
    ("sharegpt-preference", "rejected", pair(rejected=None)),
    ("sharegpt-preference", "rejected", pair(rejected={"from": "assistant", "value": "worse"})),
    ("sharegpt-preference", "same", pair(rejected=G | {"value": f" {SECRET}! "})),
    *(("sharegpt-kto", rule, judged(*turns)) for rule, turns in _TURNS),
    ("sharegpt-kto", "object", None),
    ("sharegpt-kto", "conversations", judged(conversations=None)),
    ("sharegpt-kto", "count", judged(H)),
    ("sharegpt-kto", "tools", judged(tools=SECRET)),
    ("sharegpt-kto", "kto_tag", talk(H, G)),
    ("sharegpt-kto", "kto_tag", judged(kto_tag="true")),
    ("sharegpt-kto", "kto_tag", judged(kto_tag=1)),
]


def told(**changes: Any) -> dict[str, Any]:
    return {"instruction": SECRET, "input": "", "output": f"{SECRET}!"} | changes


ALPACA: list[Faulty] = [
    ("alpaca", "object", [SECRET]),
    ("alpaca", "instruction", {"output": SECRET}),
    ("alpaca", "instruction", told(instruction=" ")),
    ("alpaca", "instruction", told(instruction=[SECRET])),
    ("alpaca", "input", told(input={})),
    ("alpaca", "output", told(output=None)),
    ("alpaca", "output", told(output="")),
    ("alpaca", "output", told(output=HALF)),
    ("alpaca", "system", told(system=[SECRET])),
    ("alpaca", "history", told(history=SECRET)),
    ("alpaca", "history", told(history=[SECRET])),
    ("alpaca", "history", told(history=[[SECRET]])),
    ("alpaca", "history", told(history=[[SECRET, SECRET, SECRET]])),
    ("alpaca", "history", told(history=[[SECRET, None]])),
    ("alpaca", "images", told(images=[SECRET])),
]


def said(role: Any, *texts: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text} for text in texts or (SECRET,)]}


U, M = said("user"), said("model")


def content(*turns: Any, **extra: Any) -> dict[str, Any]:
    return {"contents": list(turns), **extra}


GEMINI: list[Faulty] = [
    ("gemini", "object", SECRET),
    ("gemini", "contents", {}),
    ("gemini", "contents", content()),
    ("gemini", "turn", content(SECRET, M)),
    ("gemini", "role", content(U, said("assistant"))),
    ("gemini", "role", content(said("system"), U, M)),
    ("gemini", "role", content(said(SECRET), M)),
    ("gemini", "role", content({"parts": [{"text": SECRET}]}, M)),
    ("gemini", "parts", content({"role": "user", "content": SECRET}, M)),
    ("gemini", "parts", content({"role": "user", "parts": []}, M)),
    ("gemini", "parts", content({"role": "user", "parts": [SECRET]}, M)),
    ("gemini", "parts", content({"role": "user", "parts": [{"words": SECRET}]}, M)),
    ("gemini", "content", content(said("user", 7), M)),
    ("gemini", "content", content(said("user", ""), M)),
    ("gemini", "functionCall", content(U, {"role": "model", "parts": [{"functionCall": {}}]})),
    (
        "gemini",
        "functionResponse",
        content(
            U,
            M,
            {"role": "user", "parts": [{"functionResponse": {"name": "x", "response": SECRET}}]},
            M,
        ),
    ),
    ("gemini", "model", content(U)),
    ("gemini", "first", content(M, U, M)),
    ("gemini", "last", content(U, M, U)),
    ("gemini", "systemInstruction", content(U, M, systemInstruction=SECRET)),
    ("gemini", "systemInstruction", content(U, M, systemInstruction={"parts": []})),
    ("gemini", "systemInstruction", content(U, M, systemInstruction=said("system", ""))),
    ("gemini", "tools", content(U, M, tools=[{"type": "function"}])),
    ("gemini", "tools", content(U, M, tools={})),
]


def spoke(role: Any, *texts: Any) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text} for text in texts or (SECRET,)]}


B, A = spoke("user"), spoke("assistant")


def bedrock(*messages: Any, **extra: Any) -> dict[str, Any]:
    return {"schemaVersion": "bedrock-conversation-2024", "messages": list(messages), **extra}


_NAME = "bedrock-conversation"
# words that AWS names
RESERVED = ("User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]")
BEDROCK: list[Faulty] = [
    (_NAME, "object", 7),
    (_NAME, "schemaVersion", {"messages": [B, A]}),
    *((_NAME, "schemaVersion", bedrock(B, A, schemaVersion=v)) for v in (None, 2024, [SECRET])),
    (_NAME, "messages", bedrock()),
    (_NAME, "messages", bedrock(messages=SECRET)),
    (_NAME, "message", bedrock(SECRET, A)),
    (_NAME, "role", bedrock(B, spoke("model"))),
    (_NAME, "role", bedrock(spoke("system"), B, A)),
    (_NAME, "role", bedrock(spoke(SECRET), A)),
    (_NAME, "role", bedrock(spoke(None), A)),
    (_NAME, "content", bedrock({"role": "user", "content": SECRET}, A)),
    (_NAME, "content", bedrock({"role": "user", "content": []}, A)),
    (_NAME, "content", bedrock({"role": "user", "content": [SECRET]}, A)),
    (_NAME, "content", bedrock(spoke("user", " "), A)),
    (_NAME, "assistant", bedrock(B)),
    (_NAME, "first", bedrock(A, B, A)),
    (_NAME, "last", bedrock(B, A, B)),
    (_NAME, "order", bedrock(B, B, A)),
    (_NAME, "system", bedrock(B, A, system=SECRET)),
    (_NAME, "system", bedrock(B, A, system=[{"text": ""}])),
    (_NAME, "tools", bedrock(B, A, toolConfig={})),
    *((_NAME, "reserved", bedrock(spoke("user", f"{SECRET} {w} {SECRET}"), A)) for w in RESERVED),
    (_NAME, "reserved", bedrock(B, A, system=[{"text": f"{SECRET} [EOS]"}])),
]

FAULTY = SHAREGPT + ALPACA + GEMINI + BEDROCK

WARNED: list[Faulty] = [("gemini", "order", content(U, U, M))]

RIGHT: list[tuple[str, Any]] = [
    ("sharegpt", talk(H, G)),
    ("sharegpt", talk(S, H, G, H, G, tools=None)),
    ("sharegpt", talk(H, G, system=SECRET, tools="")),
    ("sharegpt", talk(H, CALL, OBSERVED, G, tools=TOOLS)),
    ("sharegpt", talk(H, CALL, OBSERVED | {"value": ""}, called([{"name": "a", "arguments": {}}]))),
    ("sharegpt", talk(H | {"weight": None}, G | {"weight": 1}, id=SECRET)),
    ("sharegpt-preference", pair()),
    ("sharegpt-preference", pair(S, H, G, H, rejected=CALL)),
    ("sharegpt-kto", judged()),
    ("sharegpt-kto", judged(S, H, G, H, G, kto_tag=False)),
    ("alpaca", told()),
    ("alpaca", told(instruction="", input=SECRET, system=None, history=None)),
    ("alpaca", told(system=SECRET, history=[[SECRET, SECRET]])),
    ("gemini", content(U, M, systemInstruction={"parts": [{"text": SECRET}]})),
    (
        "gemini",
        content(said("user", SECRET, SECRET), M, U, M, tools=[{"functionDeclarations": []}]),
    ),
    ("gemini", content({"role": "user", "parts": [{"fileData": {"fileUri": "gs://x"}}]}, M)),
    (_NAME, bedrock(B, A, system=[{"text": SECRET}])),
    (_NAME, bedrock(spoke("user", "Users: a <p> of [1], the user: b"), A)),
    (_NAME, bedrock(spoke("user", SECRET, SECRET), spoke("assistant", f"User: {SECRET}"), B, A)),
    (_NAME, bedrock({"role": "user", "content": [{"image": {}}, {"text": SECRET}]}, A)),
]
