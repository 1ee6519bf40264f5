"""Together AI, by what its package `together` checks of a file before the upload.

Sources, as of November 2026: `check_file` of together 1.6.0, the last of 1.x, and of 2.14.0, the
last one that looks into lines (newer ones leave that to the server), which the tests hold these
rules against; docs.together.ai/docs/fine-tuning/data-preparation (roles, turns, weights, one format
in a file), …/preference-tuning (one assistant message an output), …/function-calling (`tools`,
`tool_calls` and messages of tools, which 1.6.0 does not take).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FaultSeverity, FileRules
from sync.training_files.trainers.provider import GB, Provider
from sync.training_files.trainers.together_parts import TogetherContents
from sync.training_files.trainers.turns import alternating, chat_of, roles_of, system_first

_FILE = FileRules(max_bytes=501 * GB // 10)
_TAKES = {
    "openai-chat": _FILE,
    "openai-preference": _FILE,
    "trl-prompt-completion": _FILE,
    "trl-language-modeling": _FILE,
}
_OUTPUTS = ("preferred_output", "non_preferred_output")
# the columns of its four kinds of line, by the format that we call them
_COLUMNS = {
    "openai-chat": ("messages",),
    "openai-preference": ("input", *_OUTPUTS),
    "trl-prompt-completion": ("prompt", "completion"),
    "trl-language-modeling": ("text",),
}
_ROLES = ("system", "user", "assistant")
_KINDS = ("messages", "prompt", "text", "preferred_output")  # one column of each kind
# faults of the formats' that its package passes over
_TAKEN = (
    *("last", "same", "name", "tool_name"),
    *("weight: role", "weight: all 0", "weight: true or false"),
    *(
        "content: empty",
        "text: empty",
        "prompt: empty",
        "completion: empty",
        "text: part",
        "images: detail",
    ),
)
_SEVERITIES: Mapping[str, FaultSeverity] = {
    **dict.fromkeys(_TAKEN, "warning"),
    "blank-line": "error",
}


@dataclass(frozen=True, slots=True)
class TogetherRules:
    """What a version of the package asks of a line.

    Attributes:
        tools: whether it knows tools: a column of them, calls without content, a role of theirs.
    """

    tools: bool

    def check(self, form: str, line: Json) -> Iterator[Fault]:
        """What the package refuses, and what its documentation asks beyond that."""
        if form in ("trl-prompt-completion", "trl-language-modeling"):
            wrong = _row_fault(form, line)
            yield from self._columns(form, line) if wrong is None else (wrong,)
            return
        yield from self._columns(form, line)
        pair = form == "openai-preference"
        messages = chat_of(form, line)
        roles = roles_of(messages)
        yield from self._turns(roles, pair)
        contents = TogetherContents(silent=self.tools, text_only_format=pair)
        if roles:
            yield from contents.faults(messages, "input message" if pair else "message")
        if pair and roles and roles[-1] == "assistant":
            yield Fault(
                "input-last",
                "the input's last message is the assistant's, which Together refuses; end it with "
                "what both outputs answer",
            )
        for key in _OUTPUTS if pair else ():
            yield from _one_answer(key, line.get(key), contents)

    def _columns(self, form: str, line: Json) -> Iterator[Fault]:
        known = _COLUMNS[form]
        others = [key for key in line if key not in known]
        if self.tools and form == "openai-chat":
            others = [key for key in others if key != "tools"]
        if not others:
            return
        kinds = [key for key in _KINDS if key in line]
        if len(kinds) > 1:
            names = " and ".join(f"'{key}'" for key in kinds)
            yield Fault(
                "one-format",
                f"the line has {names}, which are of different formats; leave out what is not "
                "trained on",
            )
            return
        beside = "', '".join(known)
        newer = "; its package from 2 on takes tools (--provider together-2)"
        yield Fault(
            "columns",
            f"the line has a key beside '{beside}', which Together's package refuses before the "
            f"upload; take it away{newer * ('tools' in others and form == 'openai-chat')}",
        )

    def _turns(self, roles: list[Any], pair: bool) -> Iterator[Fault]:
        for number, role in enumerate(roles, 1):
            if role == "tool" and not self.tools:
                yield Fault(
                    "role",
                    f"message {number} is of a tool, which Together's package 1.6 does not know; "
                    "its package from 2 on does (--provider together-2)",
                )
                return
            doubled = number > 1 and role == roles[number - 2] and role in _ROLES
            if doubled and not self.tools:
                yield Fault(
                    "alternation",
                    f"messages {number - 1} and {number} are both of {role}; user and assistant "
                    "must take turns: join the two",
                )
                return
        yield from system_first(roles, "warning")
        if "system" not in roles[1:]:
            yield from alternating(roles, ("user", "assistant") if pair else ("user",), "warning")


def _row_fault(form: str, line: Json) -> Fault | None:
    """Why a line is not text: a prompt and its completion, or text alone."""
    for key in _COLUMNS[form]:
        if not isinstance(line.get(key), str):
            told = "Together reads it as text; as messages it is openai-chat to Together"
            return Fault("rows", f"{key} is no text: {told}")
    return None


def _one_answer(key: str, output: Any, contents: TogetherContents) -> Iterator[Fault]:
    if type(output) is not list or not output:
        return  # the format's matter
    if roles_of(output) != ["assistant"]:
        yield Fault(
            "one-answer",
            f"{key} must be exactly one message, of the assistant; found {len(output)} "
            "messages or another role",
        )
    elif (fault := contents.answer_fault(output[0], key)) is not None:
        yield fault
    else:
        yield from contents.faults(output, f"{key} message")


TOGETHER = Provider(
    name="together",
    summary="Together AI, by its package 1.6: user and assistant in strict turns, no tools",
    takes=_TAKES,
    line_rules=partial(TogetherRules.check, TogetherRules(tools=False)),
    severities=_SEVERITIES,
)
TOGETHER_2 = Provider(
    name="together-2",
    summary="Together AI, by its package from 2 on: tools, calls without content",
    takes=_TAKES,
    line_rules=partial(TogetherRules.check, TogetherRules(tools=True)),
    severities=_SEVERITIES,
)
