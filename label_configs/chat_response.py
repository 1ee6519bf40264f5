"""`chat_response`: correct the drafted answer to a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from label_configs import items
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import with_answer_verdict
from label_configs.reply import reply_answer
from label_configs.task_views import ACCEPTED, FLAGGED, TaskView

OBJECT = "conversation"
CRITERIA = ("accuracy", "completeness", "tone", "safety", "groundedness")


@dataclass(frozen=True)
class ChatResponse:
    """An answer to the last message of a conversation, and the expert's judgement of its draft.

    Attributes:
        response: the answer as it should be.
        verdict: accept / edit / rewrite / reject, of the draft; None in a draft.
        quality: of the draft, by criterion (`CRITERIA`): 1 (unusable) to 5 (nothing to better).
        flags: escalate, sensitive, hand over to a human.
        certainty: whether what the answer says is established or speculative.
        note: for the team; never exported as training text.
        instruction: what the expert had the model change, a line each time, in order; provenance,
            never exported as training text.
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
    other: tuple[ResultItem, ...] = ()


class ChatResponseInterface(Interface[ChatResponse]):
    """A conversation and its context on the left, the answer in an open editor on the right."""

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
    }
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

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> ChatResponse:
        """The whole reply is the answer; an empty one is refused."""
        return ChatResponse(response=reply_answer(reply))

    def answer(self, record: ChatResponse) -> str:
        return record.response

    def encode(self, record: ChatResponse) -> list[ResultItem]:
        built: list[ResultItem] = []
        if record.response:
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
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> ChatResponse:
        found = items.find(results, {**self.required, **self.optional})
        stars = {name: found.rating(name) for name in CRITERIA}
        return ChatResponse(
            response=found.text("response"),
            verdict=found.choice("verdict"),
            quality={name: given for name, given in stars.items() if given is not None},
            category=found.choice("category"),
            flags=found.choices("flags"),
            certainty=found.choice("certainty"),
            note=found.text("note"),
            instruction=found.text("instruction"),
            other=found.other,
        )

    def accepted_answer(self, record: ChatResponse, data: Mapping[str, Any]) -> str | None:
        return None if record.verdict == "reject" else record.response.strip() or None

    def with_answer(self, record: ChatResponse, text: str) -> ChatResponse | None:
        if not text.strip():
            return None
        return replace(record, response=text, verdict=with_answer_verdict(record.verdict))


interface = ChatResponseInterface()
