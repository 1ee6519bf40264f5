"""Lines that break one rule of their format each: (format, rule, line).

Every text in them is SECRET, which no message may repeat.
"""

from typing import Any

SECRET = "zebra"
USER = {"role": "user", "content": SECRET}
ANSWER = {"role": "assistant", "content": f"{SECRET}!"}
OTHER = {"role": "assistant", "content": f"not {SECRET}"}
TOOL = {"role": "tool", "tool_call_id": "c1", "content": SECRET}
HALF = f"{SECRET} \ud800"


def calls(arguments: Any, **changes: Any) -> dict[str, Any]:
    call = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call | changes]}


def chat(*messages: Any, **extra: Any) -> dict[str, Any]:
    return {"messages": list(messages), **extra}


def pair(**changes: Any) -> dict[str, Any]:
    """An `openai-preference` line."""
    return {"input": chat(USER), "preferred_output": [ANSWER], "non_preferred_output": [OTHER]} | (
        changes
    )


def graded(*messages: Any, **extra: Any) -> dict[str, Any]:
    return chat(*messages, **({"reference_answer": SECRET} | extra))


def trl(*without: str, **changes: Any) -> dict[str, Any]:
    """A line of TRL's with a prompt and every kind of answer."""
    line = {"prompt": [USER], "completion": [ANSWER], "chosen": [ANSWER], "rejected": [OTHER]}
    return {k: v for k, v in (line | {"label": True} | changes).items() if k not in without}


def steps(**changes: Any) -> dict[str, Any]:
    return {"prompt": SECRET, "completions": [SECRET, SECRET], "labels": [True, False]} | changes


Faulty = tuple[str, str, Any]

# rules of messages, wherever a format has them: (rule, messages that may stand before an answer)
MESSAGES: list[tuple[str, list[Any]]] = [
    ("message", [SECRET]),
    ("message", [None]),
    ("role", [{"content": SECRET}]),
    ("role", [{"role": "human", "content": SECRET}]),
    ("role", [{"role": SECRET, "content": SECRET}]),
    ("role", [{"role": ["user"], "content": SECRET}]),
    ("content", [{"role": "user"}]),
    ("content", [{"role": "user", "content": None}]),
    ("content", [{"role": "user", "content": 7}]),
    ("content", [{"role": "user", "content": {"text": SECRET}}]),
    ("content", [{"role": "user", "content": []}]),
    ("content", [{"role": "user", "content": [{"text": SECRET}]}]),
    ("content", [{"role": "user", "content": [{"type": "text", "text": None}]}]),
    ("content", [{"role": "user", "content": ""}]),
    ("content", [{"role": "user", "content": " \n"}]),
    ("content", [{"role": "user", "content": HALF}]),
    ("name", [USER | {"name": 1}]),
    ("tool_calls", [ANSWER | {"tool_calls": []}]),
    ("tool_calls", [ANSWER | {"tool_calls": SECRET}]),
    ("tool_calls", [calls("{}", function=None)]),
    ("tool_calls", [calls("{}", function={"arguments": "{}"})]),
]
# and those that only OpenAI's formats have
OPENAI_MESSAGES: list[tuple[str, list[Any]]] = [
    ("tool_calls", [USER | {"tool_calls": calls("{}")["tool_calls"]}]),
    ("weight", [USER | {"weight": 1}]),
    ("weight", [ANSWER | {"weight": 0.5}]),
    ("weight", [ANSWER | {"weight": True}]),
    ("weight", [ANSWER | {"weight": 2}]),
    ("weight", [ANSWER | {"weight": "1"}]),
    ("name", [USER | {"name": None}]),
    ("tool_calls", [calls("{}", id=None)]),
    ("tool_arguments", [calls({})]),
    ("tool_arguments", [calls(None)]),
    ("tool_call_id", [TOOL]),
    ("tool_call_id", [calls("{}"), TOOL | {"tool_call_id": "c2"}]),
    ("tool_call_id", [calls("{}"), TOOL | {"tool_call_id": []}]),
    ("tool_call_id", [TOOL, calls("{}")]),
]
PNG = "data:image/png;base64,iVBORw0KGgo="


def shown(picture: Any, times: int = 1) -> dict[str, Any]:
    """A question with pictures."""
    return {"role": "user", "content": [{"type": "image_url", "image_url": picture}] * times}


# of OpenAI's formats that have pictures
OPENAI_PICTURES: list[tuple[str, list[Any]]] = [
    ("images", [shown(None)]),
    ("images", [shown(PNG)]),
    ("images", [shown({})]),
    ("images", [shown({"url": f"file:///{SECRET}.png"})]),
    ("images", [shown({"url": f"{SECRET}.png"})]),
    ("images", [shown({"url": f"data:image/gif;base64,{SECRET}"})]),
    ("images", [shown({"url": "data:image/png;base64," + "A" * (14 * 1024 * 1024)})]),
    ("images", [shown({"url": PNG, "detail": SECRET})]),
    ("images", [shown({"url": PNG}, 65)]),
    ("parts", [ANSWER | {"content": shown({"url": PNG})["content"]}]),
]
DEVELOPER = {"role": "developer", "content": SECRET}


def marked(number: int) -> dict[str, Any]:
    """A question with marks for pictures, as TRL reads them."""
    return {
        "role": "user",
        "content": [*[{"type": "image"}] * number, {"type": "text", "text": SECRET}],
    }


TRL_MESSAGES: list[tuple[str, list[Any]]] = [
    ("tool_calls", [USER | {"tool_calls": calls({})["tool_calls"]}]),
    ("reasoning", [ANSWER | {"reasoning_content": [SECRET]}]),
    ("reasoning", [ANSWER | {"reasoning_content": HALF}]),
    ("tool_arguments", [calls("{}")]),
    ("tool_arguments", [calls(None)]),
    ("tool_call_id", [calls({}), TOOL | {"tool_call_id": "c2"}]),
]
TOOLS_FAULTS: list[Any] = [{}, SECRET, [SECRET], [{"type": "function"}], [{"function": {}}]]

OPENAI: list[Faulty] = [
    *(("openai-chat", rule, chat(*m, USER, ANSWER)) for rule, m in MESSAGES + OPENAI_MESSAGES),
    *(("openai-chat", rule, chat(*m, USER, ANSWER)) for rule, m in OPENAI_PICTURES),
    *(("openai-chat", "tools", chat(USER, ANSWER, tools=t)) for t in (*TOOLS_FAULTS, None)),
    ("openai-chat", "object", [1]),
    ("openai-chat", "messages", {}),
    ("openai-chat", "messages", {"messages": []}),
    ("openai-chat", "messages", {"messages": USER}),
    ("openai-chat", "assistant", chat(USER)),
    ("openai-chat", "last", chat(ANSWER, USER)),
    ("openai-chat", "weight", chat(USER, ANSWER | {"weight": 0})),
    ("openai-chat", "parallel_tool_calls", chat(USER, ANSWER, parallel_tool_calls="no")),
    *(
        ("openai-preference", rule, pair(input=chat(*m, USER)))
        for rule, m in MESSAGES + OPENAI_MESSAGES
    ),
    *(("openai-preference", "tools", pair(input=chat(USER, tools=t))) for t in TOOLS_FAULTS),
    ("openai-preference", "parallel_tool_calls", pair(input=chat(USER, parallel_tool_calls=1))),
    ("openai-preference", "object", SECRET),
    ("openai-preference", "input", pair(input=[USER])),
    ("openai-preference", "messages", pair(input={})),
    ("openai-preference", "output", pair(preferred_output=None)),
    ("openai-preference", "output", pair(non_preferred_output=[])),
    ("openai-preference", "output", pair(preferred_output=ANSWER)),
    ("openai-preference", "role", pair(preferred_output=[USER, ANSWER])),
    ("openai-preference", "assistant", pair(preferred_output=[TOOL])),
    (
        "openai-preference",
        "tool_call_id",
        pair(preferred_output=[TOOL | {"tool_call_id": 1}, ANSWER]),
    ),
    ("openai-preference", "same", pair(non_preferred_output=[ANSWER])),
    (
        "openai-preference",
        "text",
        pair(input=chat({"role": "user", "content": [{"type": "image_url", "image_url": {}}]})),
    ),
    *(("openai-reinforcement", rule, graded(*m, USER)) for rule, m in MESSAGES + OPENAI_MESSAGES),
    *(("openai-reinforcement", "tools", graded(USER, tools=t)) for t in TOOLS_FAULTS),
    ("openai-reinforcement", "object", None),
    ("openai-reinforcement", "messages", graded()),
    ("openai-reinforcement", "last", graded(USER, ANSWER)),
]

TRL: list[Faulty] = [
    *(("trl-language-modeling", r, chat(*m, USER, ANSWER)) for r, m in MESSAGES + TRL_MESSAGES),
    *(("trl-prompt-completion", r, trl(prompt=[*m, USER])) for r, m in MESSAGES + TRL_MESSAGES),
    *(("trl-preference", r, trl(prompt=[*m, USER])) for r, m in MESSAGES + TRL_MESSAGES),
    *(("trl-unpaired-preference", r, trl(prompt=[*m, USER])) for r, m in MESSAGES + TRL_MESSAGES),
    *(("trl-language-modeling", "tools", chat(USER, ANSWER, tools=t)) for t in TOOLS_FAULTS),
    *(("trl-preference", "tools", trl(tools=t)) for t in TOOLS_FAULTS),
    ("trl-language-modeling", "object", 1),
    ("trl-language-modeling", "messages", {}),
    ("trl-language-modeling", "messages", {"messages": []}),
    ("trl-language-modeling", "text", {"text": " "}),
    ("trl-language-modeling", "assistant", chat(USER)),
    ("trl-language-modeling", "weight", chat(ANSWER | {"weight": 0}, USER, ANSWER)),
    ("trl-language-modeling", "images", chat(marked(1), ANSWER)),
    ("trl-language-modeling", "images", chat(marked(1), ANSWER, images=[SECRET, SECRET])),
    ("trl-language-modeling", "images", chat(marked(1), ANSWER, images=SECRET)),
    ("trl-language-modeling", "images", chat(marked(1), USER, ANSWER, images=[SECRET])),
    ("trl-language-modeling", "images", chat(DEVELOPER, USER, ANSWER, images=[SECRET])),
    ("trl-prompt-completion", "images", trl(prompt=[marked(2)], images=[SECRET])),
    ("trl-preference", "images", trl(chosen=[ANSWER | {"content": marked(1)["content"]}])),
    (
        "trl-preference",
        "prompt",
        {"chosen": [USER, ANSWER], "rejected": [USER | {"content": "Hi"}, ANSWER]},
    ),
    ("trl-prompt-completion", "object", []),
    ("trl-prompt-completion", "prompt", trl("prompt")),
    ("trl-prompt-completion", "completion", trl("completion")),
    ("trl-prompt-completion", "completion", trl(prompt=SECRET, completion="")),
    ("trl-prompt-completion", "messages", trl(prompt=SECRET)),
    ("trl-prompt-completion", "messages", trl(completion=SECRET)),
    ("trl-prompt-completion", "last", trl(prompt=[{"role": "system", "content": SECRET}])),
    ("trl-prompt-completion", "role", trl(completion=[USER, ANSWER])),
    ("trl-prompt-completion", "assistant", trl(completion=[{"role": "tool", "content": SECRET}])),
    ("trl-prompt-completion", "weight", trl(completion=[ANSWER | {"weight": 0}])),
    ("trl-preference", "chosen", trl("chosen")),
    ("trl-preference", "rejected", trl("rejected")),
    ("trl-preference", "messages", trl(rejected=[])),
    ("trl-preference", "same", trl(rejected=[ANSWER])),
    ("trl-preference", "same", trl(prompt=SECRET, chosen=SECRET, rejected=SECRET)),
    ("trl-unpaired-preference", "label", trl("label")),
    ("trl-unpaired-preference", "label", trl(label=1)),
    ("trl-unpaired-preference", "label", trl(label="true")),
    ("trl-unpaired-preference", "completion", trl("completion")),
    ("trl-stepwise", "object", 0),
    ("trl-stepwise", "prompt", steps(prompt=[USER])),
    ("trl-stepwise", "prompt", steps(prompt="")),
    ("trl-stepwise", "completions", steps(completions=SECRET)),
    ("trl-stepwise", "completions", steps(completions=[], labels=[])),
    ("trl-stepwise", "completions", steps(completions=[SECRET, 7])),
    ("trl-stepwise", "completions", steps(completions=[SECRET, HALF])),
    ("trl-stepwise", "labels", steps(labels=None)),
    ("trl-stepwise", "labels", steps(labels=[1, False])),
    ("trl-stepwise", "lengths", steps(labels=[True])),
]

WARNED: list[Faulty] = [
    ("openai-chat", "keys", chat(USER | {"time": SECRET}, ANSWER)),
    ("openai-chat", "keys", chat(USER, ANSWER | {"reasoning_content": SECRET})),
    ("openai-preference", "keys", pair(preferred_output=[ANSWER | {SECRET: 1}])),
    ("openai-reinforcement", "system", graded({"role": "system", "content": SECRET}, USER)),
    ("openai-reinforcement", "grader", chat(USER)),
    ("trl-language-modeling", "weight", chat(USER, ANSWER | {"weight": 1})),
    ("trl-language-modeling", "last", chat(ANSWER, USER)),
    ("trl-prompt-completion", "weight", trl(prompt=[ANSWER | {"weight": 0}, USER])),
    ("trl-preference", "prompt", {"chosen": [USER, ANSWER], "rejected": [USER, OTHER]}),
]

# what looks odd and is right
RIGHT: list[tuple[str, Any]] = [
    ("openai-chat", chat(USER, ANSWER | {"weight": 0}, USER, ANSWER | {"weight": 1})),
    ("openai-chat", chat(USER | {"name": "ann"}, ANSWER)),
    ("openai-chat", chat({"role": "user", "content": [{"type": "text", "text": "Hi"}]}, ANSWER)),
    ("openai-chat", chat(USER, calls("{}"))),
    (
        "openai-chat",
        chat(shown({"url": PNG, "detail": "low"}), shown({"url": "https://a.org"}), ANSWER),
    ),
    (
        "openai-chat",
        chat(
            USER,
            calls("{}"),
            TOOL | {"content": ""},
            ANSWER,
            tools=[{"type": "function", "function": {"name": "pay", "parameters": {}}}],
            parallel_tool_calls=False,
        ),
    ),
    ("openai-preference", pair(preferred_output=[calls("{}"), TOOL, ANSWER])),
    ("openai-preference", pair(input=chat(USER, calls("{}")), preferred_output=[TOOL, ANSWER])),
    ("openai-reinforcement", graded({"role": "developer", "content": SECRET}, USER)),
    ("trl-language-modeling", {"text": SECRET}),
    ("trl-language-modeling", chat(USER, ANSWER, tools=None)),
    ("trl-language-modeling", chat(marked(2), ANSWER, images=[SECRET, SECRET])),
    ("trl-language-modeling", chat(USER, ANSWER, images=[SECRET])),
    ("trl-prompt-completion", trl(prompt=[marked(1)], images=[SECRET])),
    ("trl-language-modeling", chat(USER, ANSWER | {"tool_calls": None, "name": None})),
    ("trl-language-modeling", chat(USER, calls({}), {"role": "tool", "content": ""}, ANSWER)),
    ("trl-language-modeling", chat(USER, ANSWER | {"reasoning_content": SECRET})),
    ("trl-prompt-completion", {"prompt": SECRET, "completion": SECRET}),
    ("trl-prompt-completion", trl(tools="[]")),
    ("trl-prompt-completion", trl(prompt=[USER, calls({})], completion=[TOOL, ANSWER])),
    ("trl-preference", {"prompt": SECRET, "chosen": SECRET, "rejected": "no"}),
    ("trl-unpaired-preference", {"prompt": SECRET, "completion": SECRET, "label": False}),
    ("trl-stepwise", steps()),
]
