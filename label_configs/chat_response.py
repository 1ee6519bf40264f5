"""`chat_response`: correct the drafted answer to a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from label_configs import call_rows, drafted_turn, items
from label_configs.answer_turns import TextOrTurns, answer_text
from label_configs.call_faults import call_faults, unlisted_arguments
from label_configs.content import ToolCall, calls_of
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import TrainingTurn, with_answer_verdict
from label_configs.reply import reply_answer
from label_configs.source_reasoning import reasoning_of, without_reasoning
from label_configs.task_tools import tools_of
from label_configs.task_views import ACCEPTED, FLAGGED, TaskView
from label_configs.visible_text import visible_text

OBJECT = "conversation"
CRITERIA = ("accuracy", "completeness", "tone", "safety", "groundedness")


@dataclass(frozen=True)
class ChatResponse:
    """An answer to the last message of a conversation, and the expert's judgement of its draft.

    Attributes:
        response: the words of the answer as it should be; "" where it only calls tools.
        verdict: accept / edit / rewrite / reject, of the draft; None in a draft.
        quality: of the draft, by criterion (`CRITERIA`): 1 (unusable) to 5 (nothing to better).
        flags: escalate, sensitive, hand over to a human.
        certainty: whether what the answer says is established or speculative.
        note: for the team; never exported as training text.
        instruction: what the expert had the model change, a line each time, in order; provenance,
            never exported as training text.
        calls: of tools, in order, after the words; without ids, which training turns get.
        reasoning: what led to the answer; "" where nothing is told.
        unreasoned: the expert took out the reasoning that was drafted.
        other: result items of controls that this interface does not know, kept as they came.
    """

    response: str = ""
    verdict: str | None = None
    quality: Mapping[str, int] = field(default_factory=dict)
    category: str | None = None
    flags: tuple[str, ...] = ()
    certainty: str | None = None
    note: str = ""
    instruction: str = ""
    calls: tuple[ToolCall, ...] = ()
    reasoning: str = ""
    unreasoned: bool = False
    other: tuple[ResultItem, ...] = ()


class ChatResponseInterface(Interface[ChatResponse]):
    """A conversation and its context on the left, the answer in an open editor on the right.

    Where the task knows of tools, the answer may call some, with or without words before it.
    """

    name: ClassVar[str] = "chat_response"
    summary: ClassVar[str] = "correct the drafted answer to a conversation"
    required: ClassVar[Mapping[str, str]] = {"response": "TextArea", "verdict": "Choices"}
    optional: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(CRITERIA, "Rating"),
        "category": "Choices",
        "flags": "Choices",
        "certainty": "Choices",
        "note": "TextArea",
        "instruction": "TextArea",
        "reasoning": "TextArea",
        "tool_{{idx}}": "Choices",
        "arguments_{{idx}}": "TextArea",
        # never shown: by it Label Studio knows rows whose controls describe no row of their own
        "tool_conversation": "Choices",
    }
    page_fields: ClassVar[Sequence[str]] = (call_rows.ROWS, call_rows.CHOICES)
    takes_calls: ClassVar[bool] = True
    newer_controls: ClassVar[Sequence[str]] = ("reasoning",)
    instruction_control: ClassVar[str | None] = "instruction"
    draft_is_text: ClassVar[bool] = True
    category_controls: ClassVar[Sequence[str]] = ("category",)
    label_controls: ClassVar[Sequence[str]] = ("verdict", "category", "certainty")
    task_views: ClassVar[Sequence[TaskView]] = (ACCEPTED, FLAGGED)
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-1",
        "messages": [
            {"role": "user", "content": "My card is lost. What now?"},
            {"role": "assistant", "content": "Have you frozen it in the app?"},
            {"role": "user", "content": "Yes. What does a new one cost?"},
        ],
        "context": {"customer_tier": "Plus"},
        "documents": [
            {"title": "Fee schedule, April", "text": "Replacement card: GBP 5.00, free on Premium."}
        ],
    }

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().shown_fields(data), **call_rows.page_fields(data)}

    def task_patch(self, record: ChatResponse) -> dict[str, Any]:
        return call_rows.patch(record.calls)

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> ChatResponse:
        """The whole reply is the answer; an empty one is refused."""
        return ChatResponse(response=reply_answer(reply))

    def read_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> ChatResponse:
        """A turn with its calls and its reasoning; calls that no tool could take are refused."""
        return self._read(turn, drafted_turn.read_calls(turn, data), data)

    def own_draft(self, data: Mapping[str, Any]) -> ChatResponse | None:
        turn = drafted_turn.brought_along(data)
        if turn is None:
            return None
        return self._read(turn, drafted_turn.in_record(calls_of(turn)), data)

    def _read(
        self, turn: Mapping[str, Any], calls: tuple[ToolCall, ...], data: Mapping[str, Any]
    ) -> ChatResponse:
        content = str(turn.get("content") or "")
        says = bool(content.strip()) or not calls
        record = self.read_reply(content, data) if says else ChatResponse()
        return replace(record, calls=calls, reasoning=reasoning_of(turn))

    def answer(self, record: ChatResponse) -> str:
        if not record.calls:
            return record.response
        return answer_text([drafted_turn.as_turn(record.response, record.calls)])

    def written(self, record: ChatResponse) -> str:
        return "\n\n".join(filter(None, (self.answer(record), record.reasoning)))

    def encode(self, record: ChatResponse) -> list[ResultItem]:
        built: list[ResultItem] = []
        if record.response or record.calls:
            # without words, too: the page asks for them only where it holds none
            built.append(items.textarea("response", OBJECT, record.response))
        if record.verdict is not None:
            built.append(items.choices("verdict", OBJECT, record.verdict))
        built += (items.rating(name, OBJECT, stars) for name, stars in record.quality.items())
        if record.category is not None:
            built.append(items.choices("category", OBJECT, record.category))
        if record.flags:
            built.append(items.choices("flags", OBJECT, *record.flags))
        if record.certainty is not None:
            built.append(items.choices("certainty", OBJECT, record.certainty))
        if record.note:
            built.append(items.textarea("note", OBJECT, record.note))
        if record.instruction:
            built.append(items.textarea("instruction", OBJECT, record.instruction))
        built += call_rows.encode(record.calls, OBJECT)
        if record.reasoning or record.unreasoned:
            built.append(items.textarea("reasoning", OBJECT, record.reasoning))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> ChatResponse:
        count = items.row_count(results, call_rows.PARTS)
        known = {*self.required, *self.optional, *call_rows.controls(count)}
        found = items.find(results, known)
        stars = {name: found.rating(name) for name in CRITERIA}
        reasoning = found.text("reasoning")
        if found.untouched(["reasoning"]) and not found.untouched(
            ["response", *sorted(call_rows.controls(count))]
        ):
            reasoning = ""  # it led to what the draft said
        return ChatResponse(
            response=found.text("response"),
            verdict=found.choice("verdict"),
            quality={name: given for name, given in stars.items() if given is not None},
            category=found.choice("category"),
            flags=found.choices("flags"),
            certainty=found.choice("certainty"),
            note=found.text("note"),
            instruction=found.text("instruction"),
            calls=call_rows.decode(found, count),
            reasoning=reasoning,
            unreasoned="reasoning" in found.mine and not found.text("reasoning"),
            other=found.other,
        )

    def accepted_answer(self, record: ChatResponse, data: Mapping[str, Any]) -> str | None:
        return None if record.verdict == "reject" else visible_text(self.answer(record)) or None

    def accepted_turn(self, record: ChatResponse, data: Mapping[str, Any]) -> TrainingTurn | None:
        if self.accepted_answer(record, data) is None:
            return None
        turn = drafted_turn.as_turn(record.response, record.calls)
        return drafted_turn.learnt_turn(turn, data, record.reasoning, unreasoned=record.unreasoned)

    def _accepted(self, record: ChatResponse, data: Mapping[str, Any]) -> TextOrTurns | None:
        turn = self.accepted_turn(record, data) if record.calls else None
        if turn is None:
            return self.accepted_answer(record, data)
        return [without_reasoning(turn)]

    def _drafted(self, draft: ChatResponse | None) -> TextOrTurns:
        if draft is None or not draft.calls:
            return super()._drafted(draft)
        return [drafted_turn.as_turn(draft.response, draft.calls)]

    def example_reply(self, record: ChatResponse, data: Mapping[str, Any]) -> str | None:
        """The answer; None where it calls tools, which no reply of text can show."""
        return None if record.calls else super().example_reply(record, data)

    def with_answer(self, record: ChatResponse, text: str) -> ChatResponse | None:
        """The record with another answer, its calls read from their lines where it has some.

        The reasoning led to the old answer. None where a line was a call and can't be read as one.
        """
        read = drafted_turn.amended(text, record.calls)
        if not visible_text(text) or read is None:
            return None
        response, calls = read
        verdict = with_answer_verdict(record.verdict)
        return replace(record, response=response, calls=calls, reasoning="", verdict=verdict)

    def call_faults(self, record: ChatResponse, data: Mapping[str, Any]) -> list[str]:
        return [] if record.verdict == "reject" else call_faults(record.calls, tools_of(data))

    def call_doubts(self, record: ChatResponse, data: Mapping[str, Any]) -> list[str]:
        learnt = () if record.verdict == "reject" else record.calls
        return unlisted_arguments(learnt, tools_of(data))

    def missing(self, record: ChatResponse, data: Mapping[str, Any]) -> str | None:
        if record.verdict == "reject":
            return None
        faults = self.call_faults(record, data)
        if faults or visible_text(self.answer(record)):
            return faults[0] if faults else None
        return "the answer is empty, though the draft was not rejected"


interface = ChatResponseInterface()
