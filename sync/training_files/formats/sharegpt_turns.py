"""Messages as ShareGPT's turns, the way that LLaMA-Factory reads them.

A call of tools is a turn `function_call` whose text is JSON, `{"name", "arguments"}` or a list of
them; what the tool said is one turn `observation`. The tools themselves are JSON as text, too.
"""

from label_configs.task_tools import Tools
from sync.common.json_text import Json, to_json
from sync.training_files.example import Message, Messages
from sync.training_files.formats.format import Unsuitable
from sync.training_files.formats.two_sides import call_of, calls_of, system_and_turns, text_of

ASKING = ("human", "observation")
ANSWERING = ("gpt", "function_call")

_FROM = {"user": "human", "assistant": "gpt", "tool": "observation"}


def turns(messages: Messages) -> list[Json]:
    """The turns: optionally a system's, then asking and answering by turns.

    Raises:
        Unsuitable: they don't take turns, or something can't be said.
    """
    system, rest = system_and_turns(messages)
    said = [{"from": "system", "value": system}] if system else []
    for number, message in enumerate(rest):
        role = message["role"]
        if (role == "assistant") != (number % 2 == 1):
            raise Unsuitable(_why(rest, number))
        if message.get("tool_calls"):
            said.append({"from": "function_call", "value": _calls(message)})
        elif role == "tool":
            said.append({"from": "observation", "value": _answer(message)})
        else:
            said.append({"from": _FROM[role], "value": text_of(message)})
    return said


def tools_text(tools: Tools) -> str:
    """The tools as JSON text, `[]` for none.

    It stands in every line, since LLaMA-Factory wants each column that `dataset_info.json` names.
    """
    return to_json(list(tools)) if tools else "[]"


def _why(messages: Messages, number: int) -> str:
    if number == 0:
        return "a conversation that the user does not begin"
    if messages[number]["role"] == messages[number - 1]["role"] == "tool":
        return "several tools' answers in a row"
    return "two turns of one side in a row"


def _calls(message: Message) -> str:
    if message.get("content") or message.get("reasoning_content"):
        raise Unsuitable("words beside a call of tools")
    told = [dict(zip(("name", "arguments"), call_of(c), strict=True)) for c in calls_of(message)]
    return to_json(told[0] if len(told) == 1 else told)


def _answer(message: Message) -> str:
    content = message.get("content")
    if not isinstance(content, str):
        raise Unsuitable("a message that is not text alone")
    return content
