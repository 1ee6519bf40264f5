"""`chat_response`: correct the drafted answer to a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from label_configs import items
from label_configs.interface import Interface, ResultItem, reply_text

OBJECT = "conversation"


@dataclass(frozen=True)
class ChatResponse:
    """An answer to the last message of a conversation, and the expert's judgement of its draft.

    Attributes:
        response: the answer as it should be.
        verdict: accept / edit / rewrite / reject, of the draft; None in a draft.
        quality: 1 (unusable) to 5 (could be sent as it is), of the draft.
        other: result items of controls that this interface does not know, kept as they came.
    """

    response: str = ""
    verdict: str | None = None
    quality: int | None = None
    category: str | None = None
    other: tuple[ResultItem, ...] = ()


class ChatResponseInterface(Interface[ChatResponse]):
    """A conversation and its context on the left, the answer in an open editor on the right."""

    name: ClassVar[str] = "chat_response"
    summary: ClassVar[str] = "correct the drafted answer to a conversation"
    required: ClassVar[Mapping[str, str]] = {
        "response": "TextArea",
        "verdict": "Choices",
        "quality": "Rating",
        "category": "Choices",
    }
    instruction: ClassVar[str] = (
        "Write the reply to the last message of the conversation. "
        "Answer with the reply's text only."
    )
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-1",
        "messages": [
            {"role": "user", "content": "My card is lost. What now?"},
            {"role": "assistant", "content": "Have you frozen it in the app?"},
            {"role": "user", "content": "Yes. What does a new one cost?"},
        ],
        "context": {"customer_tier": "Plus", "fee_schedule": "Replacement card: GBP 5.00"},
    }

    def read_reply(self, reply: str) -> ChatResponse:
        """The whole reply is the answer; an empty one is refused."""
        return ChatResponse(response=reply_text(reply))

    def answer(self, record: ChatResponse) -> str:
        return record.response

    def encode(self, record: ChatResponse) -> list[ResultItem]:
        built: list[ResultItem] = []
        if record.response:
            built.append(items.textarea("response", OBJECT, record.response))
        if record.verdict is not None:
            built.append(items.choices("verdict", OBJECT, record.verdict))
        if record.quality is not None:
            built.append(items.rating("quality", OBJECT, record.quality))
        if record.category is not None:
            built.append(items.choices("category", OBJECT, record.category))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> ChatResponse:
        mine, other = items.split(results, self.required)
        return ChatResponse(
            response=items.read_text(mine["response"]) if "response" in mine else "",
            verdict=items.read_choice(mine["verdict"]) if "verdict" in mine else None,
            quality=items.read_rating(mine["quality"]) if "quality" in mine else None,
            category=items.read_choice(mine["category"]) if "category" in mine else None,
            other=other,
        )

    def labels(self, record: ChatResponse) -> dict[str, str]:
        found = {"verdict": record.verdict, "category": record.category}
        return {control: label for control, label in found.items() if label}

    def accepted_answer(self, record: ChatResponse) -> str | None:
        return None if record.verdict == "reject" else record.response.strip() or None


interface = ChatResponseInterface()
