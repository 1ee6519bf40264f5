"""Lines that are right in every format, numbered so that no two are the same.

Every text in them holds SECRET, which no output may repeat.
"""

from typing import Any

SECRET = "zebra"

Line = dict[str, Any]


def user(number: int = 0) -> Line:
    return {"role": "user", "content": f"{SECRET} asks {number}"}


def answer(number: int = 0, **extra: Any) -> Line:
    return {"role": "assistant", "content": f"{SECRET} answers {number}", **extra}


SYSTEM = {"role": "system", "content": f"{SECRET} rules"}


def call(arguments: Any, id: str = "c1") -> Line:
    function = {"name": "pay", "arguments": arguments}
    calls = [{"id": id, "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def tool(id: str = "c1") -> Line:
    return {"role": "tool", "tool_call_id": id, "content": f"{SECRET} paid"}


def says(who: str, number: int = 0) -> Line:
    """A turn of ShareGPT's."""
    return {"from": who, "value": f"{SECRET} {who} {number}"}


def parts(role: str, number: int = 0) -> Line:
    """A turn of Gemini's."""
    return {"role": role, "parts": [{"text": f"{SECRET} {role} {number}"}]}


def blocks(role: str, number: int = 0, text: str = SECRET) -> Line:
    """A message of Bedrock's."""
    return {"role": role, "content": [{"text": f"{text} {role} {number}"}]}


def right(form: str, number: int, provider: str | None = None) -> Line:
    """A line that breaks no rule of a format, as a provider reads it."""
    if provider in ("together", "together-2") and form.startswith("trl-"):
        words = f"{SECRET} {number}"  # which it reads as text alone
        return {"text": words} if "language" in form else {"prompt": words, "completion": words}
    asked, said, other = user(number), answer(number), answer(-number - 1)
    pair = [says("human", number), says("gpt", number)]
    lines: dict[str, Line] = {
        "openai-chat": {"messages": [SYSTEM, asked, said]},
        "openai-preference": {
            "input": {"messages": [asked]},
            "preferred_output": [said],
            "non_preferred_output": [other],
        },
        "openai-reinforcement": {"messages": [asked], "reference_answer": SECRET},
        "trl-language-modeling": {"messages": [asked, said]},
        "trl-prompt-completion": {"prompt": [asked], "completion": [said]},
        "trl-preference": {"prompt": [asked], "chosen": [said], "rejected": [other]},
        "trl-unpaired-preference": {"prompt": [asked], "completion": [said], "label": True},
        "trl-stepwise": {
            "prompt": f"{SECRET} {number}",
            "completions": [SECRET, f"{SECRET} {number}"],
            "labels": [True, False],
        },
        "sharegpt": {"conversations": pair},
        "sharegpt-preference": {
            "conversations": pair[:1],
            "chosen": says("gpt", number),
            "rejected": says("gpt", -number - 1),
        },
        "sharegpt-kto": {"conversations": pair, "kto_tag": False},
        "alpaca": {"instruction": f"{SECRET} {number}", "input": "", "output": SECRET},
        "gemini": {"contents": [parts("user", number), parts("model", number)]},
        "bedrock-conversation": {
            "schemaVersion": "bedrock-conversation-2024",
            "messages": [blocks("user", number), blocks("assistant", number)],
        },
    }
    return lines[form]
