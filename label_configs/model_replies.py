"""What the model is asked to write for an interface, and its replies as drafts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic

from label_configs.lessons import Record, TrainingTurn


class ModelReplies(ABC, Generic[Record]):
    """The part of an interface that knows what a model is asked for and how its reply is read.

    Attributes:
        instruction: what the model is asked to write, after guidelines and context.
        reply_schema: JSON schema of the model's reply, or None for plain text.
        samples_for_a_draft: the fewest replies of the model that a draft is made of.
        takes_calls: a draft may call tools; it is read by `read_turn`.
    """

    instruction: ClassVar[str] = (
        "Write the reply to the last message of the conversation. "
        "Answer with the reply's text only."
    )
    reply_schema: ClassVar[Mapping[str, Any] | None] = None
    samples_for_a_draft: ClassVar[int] = 1
    takes_calls: ClassVar[bool] = False

    def asked(self) -> str:
        """What the model is asked to write, for this project's categories."""
        return self.instruction

    def schema(self) -> Mapping[str, Any] | None:
        """JSON schema of the model's reply, for this project's categories."""
        return self.reply_schema

    def prompt_messages(self, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The turns that the model answers; the last is the user's, or a tool's result."""
        messages: Sequence[Mapping[str, Any]] = data.get("messages") or []
        return messages

    @abstractmethod
    def read_reply(self, reply: str, data: Mapping[str, Any]) -> Record:
        """A model's reply to this task as a draft.

        Raises:
            ReplyError: the reply lacks what the interface needs.
        """

    def read_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> Record:
        """A model's whole turn as a draft: its content alone, where no calls are taken.

        Raises:
            ReplyError: the turn lacks what the interface needs.
        """
        return self.read_reply(turn["content"], data)

    def is_drafted_plainly(self, reasoned: bool) -> bool:
        """Whether what a model learns of finished tasks holds all that a draft needs.

        Args:
            reasoned: it learns what leads to an answer, too.
        """
        return self.schema() is None

    def read_plain_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> Record:
        """A tuned model's turn, as finished tasks teach it, as a draft.

        Raises:
            ReplyError: the turn lacks what the interface needs.
        """
        return self.read_turn(turn, data)

    def attributed(self, record: Record, source: str) -> Record:
        """A reply's record with the model that it comes from, where the interface records it."""
        return record

    def assemble(self, drafts: Sequence[Record], data: Mapping[str, Any]) -> Record:
        """The draft to show, of at least one sample that fits; the most central comes first.

        Raises:
            ReplyError: they make no draft together.
        """
        return drafts[0]
