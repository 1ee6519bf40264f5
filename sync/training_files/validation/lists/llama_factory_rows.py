"""Rows of LLaMA-Factory's data sets in the names of our formats, as its converters take them.

`alpaca` stays what it is; with a pair of answers or a verdict it has ShareGPT's form. `sharegpt`
and `openai` are ShareGPT's conversations: of the latter, tools' answers in a row are one turn, and
a message with calls is one, whatever it says besides. A row that only has a prompt is a text.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from sync.common.json_text import Json
from sync.training_files.validation.lists.llama_factory_columns import Columns

_NO_TAG = "a name that the entry's tags do not have"


def form_of(columns: Columns) -> str:
    """The format that rows are of once they have its names."""
    if columns.ranking:
        return "sharegpt-preference"
    if columns.kto_tag:
        return "sharegpt-kto"
    if columns.formatting != "alpaca":
        return "sharegpt"
    return "alpaca" if columns.response else "trl-language-modeling"


def row_in_form(columns: Columns) -> Callable[[Json], Json]:
    """A row of a data set in the names of its format."""
    if columns.formatting == "sharegpt":
        return _Conversations(columns).row
    if columns.formatting == "openai":
        return _ChatMessages(columns).row
    return _Instructions(columns).row


class _Instructions:
    """Rows of the formatting `alpaca`."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._form = form_of(columns)

    def row(self, row: Json) -> Json:
        columns = self._columns
        if self._form == "alpaca":
            names = {
                "instruction": columns.prompt,
                "input": columns.query,
                "output": columns.response,
                "system": columns.system,
                "history": columns.history,
            }
            return {own: row.get(name) for own, name in names.items() if name is not None}
        asked = _joined(row, columns.prompt, columns.query)
        if self._form == "trl-language-modeling":
            return {"text": asked}
        turns = list(_earlier(row.get(columns.history or "")))
        turns.append({"from": "human", "value": asked})
        held: Json = {"conversations": turns}
        if columns.system:
            held["system"] = row.get(columns.system)
        if columns.ranking:
            for key, name in (("chosen", columns.chosen), ("rejected", columns.rejected)):
                held[key] = {"from": "gpt", "value": row.get(name or "")}
        else:
            turns.append({"from": "gpt", "value": row.get(columns.response or "")})
            held["kto_tag"] = row.get(columns.kto_tag or "")
        return held


def _joined(row: Json, *names: str | None) -> Any:
    """The texts of columns with a line break between; the first that is no text as it is."""
    found = [value for name in names if name and (value := row.get(name))]
    wrong = [value for value in found if not isinstance(value, str)]
    return wrong[0] if wrong else "\n".join(found)


def _earlier(history: Any) -> Any:
    for pair in history if isinstance(history, list) else ():
        for who, said in zip(
            ("human", "gpt"), pair if isinstance(pair, list) else (), strict=False
        ):
            yield {"from": who, "value": said}


class _Conversations:
    """Rows of the formatting `sharegpt`."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._roles = columns.roles()
        self._role, self._content = columns.role_tag or "", columns.content_tag or ""
        plain = all(name == role for name, role in self._roles.items()) and len(self._roles) == 5
        self._as_they_are = plain and (self._role, self._content) == ("from", "value")

    def row(self, row: Json) -> Json:
        columns = self._columns
        turns = row.get(columns.messages or "")
        if not self._as_they_are and isinstance(turns, list):
            turns = self.turns(turns)
        held: Json = {"conversations": turns}
        for own in ("system", "tools", "kto_tag"):
            if (name := getattr(columns, own)) is not None:
                held[own] = row.get(name)
        if columns.ranking:
            for own in ("chosen", "rejected"):
                held[own] = self.turn(row.get(getattr(columns, own)))
        return held

    def turns(self, turns: list[Any]) -> list[Any]:
        """Turns by from and value."""
        return [self.turn(turn) for turn in turns]

    def turn(self, turn: Any) -> Any:
        """One turn by from and value; what is none stays as it is."""
        if type(turn) is not dict:
            return turn
        left = {key: value for key, value in turn.items() if key not in (self._role, self._content)}
        said = turn.get(self._role)
        role = self._roles.get(said, _NO_TAG) if isinstance(said, str) else said
        return {**left, "from": role, "value": turn.get(self._content)}


class _ChatMessages(_Conversations):
    """Rows of the formatting `openai`."""

    def turns(self, turns: list[Any]) -> list[Any]:
        """Messages with calls as one turn each, and tools' answers in a row as one."""
        joined: list[Any] = []
        for turn in map(self.turn, turns):
            if type(turn) is dict:
                calls = turn.pop("tool_calls", None)
                if calls and turn["from"] in ("gpt", "function_call"):
                    turn |= {"from": "function_call", "value": _called(calls)}
                before = joined[-1] if joined else None
                if turn["from"] == "observation" and type(before) is dict and _is_answer(before):
                    joined[-1] = {**before, "value": _both(before["value"], turn["value"])}
                    continue
            joined.append(turn)
        return joined


def _is_answer(turn: Json) -> bool:
    return turn.get("from") == "observation"


def _both(one: Any, other: Any) -> Any:
    return f"{one}\n{other}" if isinstance(one, str) and isinstance(other, str) else other


def _called(calls: Any) -> Any:
    """Calls as JSON text of a list, arguments as the object that their text holds."""
    if not isinstance(calls, list):
        return calls
    functions = []
    for call in calls:
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping) and isinstance(function.get("arguments"), str):
            with suppress(ValueError, RecursionError):  # the rules say what it must be
                function = {**function, "arguments": json.loads(function["arguments"])}
        functions.append(function)
    return json.dumps(functions)
