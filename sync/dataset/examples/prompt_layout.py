"""How a prompt reads: the system prompt, and where a task's facts and documents stand."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from label_configs import Interface
from label_configs.content import TEXT, text_of
from label_configs.context import context_text
from label_configs.task_tools import Tools, tools_of
from sync.common.errors import ConfigError
from sync.dataset.examples.category_question import CategoryQuestion, question_of
from sync.dataset.examples.clean_turns import is_learnt
from sync.dataset.examples.distractors import DocumentPool
from sync.records import LabelledRecord
from sync.settings import Config
from sync.settings.export import Context, ExportSection
from sync.training_files.example import Message

LOOK_UP_TOOL: Mapping[str, Any] = {
    "type": "function",
    "function": {
        "name": "look_up_context",
        "description": "Look up the facts and documents that an answer can rest on.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What the user asks."}},
            "required": ["query"],
            "additionalProperties": False,
        },
    },
}
_CALL_ID = "call_look_up_context"

FindTurn = Callable[[list[Message]], int | None]
PlaceText = Callable[[list[Message], str, FindTurn], list[Message]]


class PromptLayout:
    """What all examples of a release have in common; built once.

    Attributes:
        question: what the model is asked about categories; None where it is not to learn those.
    """

    def __init__(
        self,
        settings: ExportSection | None = None,
        system_prompt: str = "",
        documents: DocumentPool | None = None,
        question: CategoryQuestion | None = None,
    ) -> None:
        """What `[export]` says, with the parts of it that stand elsewhere.

        Args:
            documents: where distractors come from; needed where the settings ask for some.
        """
        settings = settings or ExportSection()
        self.teaches_answers = settings.teach != "categories"
        self.question = question
        self.reasoning = settings.reasoning
        self.learns_earlier_turns = settings.earlier_turns == "learn"
        self._prompt = system_prompt
        self._pool = documents or DocumentPool()
        self._distractors = settings.distractors
        self._placing = self._placings()[settings.context]
        # the user speaks last in a graded prompt, so no call can stand there
        graded: Context = "system" if settings.context == "tool" else settings.context
        self._placing_graded = self._placings()[graded]
        self._told = settings.context != "none"
        self._by_tool = settings.context == "tool"

    @classmethod
    def of(
        cls, config: Config, interface: Interface[Any], documents: DocumentPool | None = None
    ) -> "PromptLayout":
        """What a project's configuration asks for.

        Raises:
            ConfigError: the system prompt can't be read, or categories are to be taught where the
                project has none.
        """
        settings = config.export
        question = None
        if settings.teach != "answers":
            about = {name: section.about for name, section in config.categories.items()}
            question = question_of(interface, about)
            if question is None:
                raise ConfigError(
                    f'export.teach = "{settings.teach}", but the project has no categories; add '
                    "[categories.NAME] to labeltune.toml, or teach the answers alone"
                )
        return cls(settings, settings.system_text(config.folder), documents, question)

    def placed(
        self,
        turns: list[Message],
        record: LabelledRecord,
        split: str | None,
        find: FindTurn,
    ) -> tuple[list[Message], Tools]:
        """A conversation with the system prompt and the task's context, and its tools.

        Args:
            turns: clean ones; they stay as they are.
            split: where distractors may come from.
            find: the index of the user's message that the context belongs to: with "user" it
                stands in it, with "tool" after it; without any, in the system message.
        """
        text = self._text(record, split) if self._told else ""
        tools = tools_of(record.data)
        if text and self._by_tool:
            tools = (*tools, LOOK_UP_TOOL)
        return self._placing(turns, text, find), tools

    def placed_for_grader(
        self, turns: list[Message], record: LabelledRecord, split: str | None
    ) -> tuple[list[Message], Tools]:
        """The same where the user is to speak last: "tool" becomes "system"."""
        text = self._text(record, split) if self._told else ""
        return self._placing_graded(turns, text, last_asked), tools_of(record.data)

    def _text(self, record: LabelledRecord, split: str | None) -> str:
        """A task's facts and documents in the words that the model drafted with."""
        data = record.data
        documents = data.get("documents") or ()
        if documents and self._distractors:
            documents = self._pool.among(documents, self._distractors, record.key, split)
        context = data.get("context")
        return context_text(context or {}, documents) if context or documents else ""

    def _placings(self) -> dict[Context, PlaceText]:
        return {
            "system": self._in_system,
            "user": self._in_user,
            "tool": self._in_tool,
            "none": self._in_system,
        }

    def _in_system(
        self, turns: list[Message], text: str, find: FindTurn | None = None
    ) -> list[Message]:
        """Prompt, the system turn that the task has, then the context, all in one message."""
        prompt = self._prompt
        if not prompt and not text:
            return turns
        for at, turn in enumerate(turns):
            if turn["role"] == "system":
                own = turn["content"] if turn["content"] != prompt else ""
                told = {**turn, "content": _together(prompt, own, text)}
                return [*turns[:at], told, *turns[at + 1 :]]
        content = f"{prompt}\n\n{text}" if prompt and text else prompt or text
        return [{"role": "system", "content": content}, *turns]

    def _in_user(self, turns: list[Message], text: str, find: FindTurn) -> list[Message]:
        at = find(turns) if text else None
        if at is None:
            return self._in_system(turns, text)
        told = {**turns[at], "content": _together(text, turns[at]["content"])}
        return self._in_system([*turns[:at], told, *turns[at + 1 :]], "")

    def _in_tool(self, turns: list[Message], text: str, find: FindTurn) -> list[Message]:
        at = find(turns) if text else None
        if at is None:
            return self._in_system(turns, text)
        arguments = json.dumps({"query": text_of(turns[at]["content"])}, ensure_ascii=False)
        function = {"name": LOOK_UP_TOOL["function"]["name"], "arguments": arguments}
        call: Message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": _CALL_ID, "type": "function", "function": function}],
            "weight": 0,
        }
        found: Message = {"role": "tool", "content": text, "tool_call_id": _CALL_ID}
        return self._in_system([*turns[: at + 1], call, found, *turns[at + 1 :]], "")


def first_asked(turns: list[Message]) -> int | None:
    """Where the user speaks last before the first turn that is learnt, or else last of all."""
    before = None
    for at, turn in enumerate(turns):
        if turn["role"] == "user":
            before = at
        elif before is not None and is_learnt(turn):
            break
    return before


def last_asked(turns: list[Message]) -> int | None:
    """Where the user speaks last, or None."""
    for at in range(len(turns) - 1, -1, -1):
        if turns[at]["role"] == "user":
            return at
    return None


def _together(*contents: Any) -> Any:
    """Contents as one: text, or a list of parts where one of them is."""
    said = [content for content in contents if content]
    if all(isinstance(content, str) for content in said):
        return "\n\n".join(said)
    parts = ([{"type": TEXT, "text": c}] if isinstance(c, str) else c for c in said)
    return [part for each in parts for part in each]
