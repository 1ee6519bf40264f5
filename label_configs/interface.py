"""The contract that every interface keeps: what the annotator sees ⇄ a typed record."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, get_args

from label_configs import validation
from label_configs.control_values import GivenValue, control_values
from label_configs.items import ResultItem
from label_configs.lessons import Lessons, Record, TrainingTurn
from label_configs.model_replies import ModelReplies
from label_configs.shown_task import ShownTask
from label_configs.source_reasoning import DRAFT_CALLS, DRAFT_FIELD
from label_configs.task_tools import tools_of
from label_configs.task_views import ACCEPTED, TaskView
from label_configs.visible_text import visible_text

__all__ = ["DRAFT_FIELD", "DraftVerdict", "Interface", "Record", "ResultItem", "TrainingTurn"]

# what an expert says of a draft, in the words of the pages
DraftVerdict = Literal["accept", "edit", "rewrite", "reject"]
DRAFT_VERDICTS: tuple[DraftVerdict, ...] = get_args(DraftVerdict)


class Interface(ShownTask, ModelReplies[Record], Lessons[Record]):
    """One way to label: an XML file, and the record that its controls stand for.

    The XML is `Configured`'s part, a task's data `ShownTask`'s, what the model writes
    `ModelReplies`', what training learns `Lessons`', the record this one's.

    A draft is a record too, with only those fields set that the model can fill.

    Attributes:
        summary: one line for `--help` and docs.
        label_controls: controls of one choice that is a decision of the expert's; fields of the
            record have the same names.
        ordered_controls: controls whose choices have an order, and that order: two annotators who
            chose neighbours are nearer to each other than two who chose its ends.
        instruction_control: the TextArea in which annotators tell the model what to change, if any.
        example: task data as a source file holds it, for documentation and trials.
        newer_controls: controls that the page of a project lacks which an older LabelTune pushed.
        draft_is_text: a draft is one answer, so that one which the source brings can be it.
        task_views: tabs of finished tasks for Label Studio's table, where the page has the control.
    """

    summary: ClassVar[str]
    label_controls: ClassVar[Sequence[str]] = ("verdict",)
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {"verdict": DRAFT_VERDICTS}
    instruction_control: ClassVar[str | None] = None
    example: ClassVar[Mapping[str, Any]]
    newer_controls: ClassVar[Sequence[str]] = ()
    draft_is_text: ClassVar[bool] = False
    task_views: ClassVar[Sequence[TaskView]] = (ACCEPTED,)

    def check_task(self, data: Mapping[str, Any], where: str = "task") -> None:
        """Check task data before it is imported.

        Raises:
            LabelConfigError: what is missing or wrong, and where.
        """
        validation.check_messages(data.get("messages"), where)
        validation.check_documents(data.get("documents"), where)
        validation.check_context(data.get("context"), where)
        validation.check_guidelines(data.get("guidelines"), where)
        self.check_conversation(data["messages"], where)

    def check_conversation(self, messages: Sequence[Mapping[str, Any]], where: str) -> None:
        """Check what this interface asks of a conversation: to end with a turn to be answered.

        Raises:
            LabelConfigError: it ends otherwise.
        """
        validation.check_awaits_answer(messages, where)

    def inputs(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The part of task data that shapes a draft, for prompts and cache keys."""
        inputs = {
            "messages": data.get("messages") or [],
            "context": data.get("context") or {},
            "documents": data.get("documents") or [],
            "guidelines": data.get("guidelines") or "",
        }
        brought = {"draft": DRAFT_FIELD, "draft_calls": DRAFT_CALLS} if self.draft_is_text else {}
        inputs |= {name: data[field] for name, field in brought.items() if data.get(field)}
        inputs |= {"tools": tools} if (tools := self.takes_calls and tools_of(data)) else {}
        return inputs | ({"categories": held} if (held := self.task_categories(data)) else {})

    def own_draft(self, data: Mapping[str, Any]) -> Record | None:
        """The draft that the task brings along, such as a finished conversation; usually none.

        Where there is one, the model's samples are not shown; they only tell, by how far they
        agree with it, how soon an expert should look.

        Raises:
            ReplyError: it lacks what the interface needs.
        """
        brought = data.get(DRAFT_FIELD) if self.draft_is_text else None
        return self.read_reply(brought, data) if isinstance(brought, str) and brought else None

    def own_score(self, data: Mapping[str, Any]) -> float | None:
        """The score in [0, 1] of the task's own draft, where no model is asked for one."""
        return None

    def written(self, record: Record) -> str:
        """Every text of a record that an expert can edit, for the distance from its draft."""
        return self.answer(record)

    def separate_answers(self, record: Record) -> Sequence[str]:
        """The texts of a record that each answer something of their own; usually its one answer."""
        return (self.answer(record),)

    def answers_by_intent(self, record: Record) -> Sequence[tuple[str, str]]:
        """Each thing that the user asks for with its part of the answer, which may be "".

        Usually nobody said what answers what.
        """
        return ()

    def task_patch(self, record: Record) -> dict[str, Any]:
        """Task data that must be written before this draft can be shown; usually none."""
        return {}

    @abstractmethod
    def encode(self, record: Record) -> list[ResultItem]:
        """A record as the result items that the page shows."""

    @abstractmethod
    def decode(self, results: Sequence[Mapping[str, Any]]) -> Record:
        """A saved annotation's result items as a record; unknown items are kept in `other`.

        Raises:
            LabelConfigError: an item of a known control with a value that can't be read.
        """

    def given_values(
        self, results: Sequence[Mapping[str, Any]], data: Mapping[str, Any]
    ) -> dict[str, GivenValue]:
        """What an annotation says in each control that chooses, rates, counts or marks.

        Raises:
            LabelConfigError: an item with a value that can't be read.
        """
        return control_values(self.config, results, data)

    def labels(self, record: Record) -> dict[str, str]:
        """The categorical decisions of a record, by control; empty ones are left out.

        So are those of an earlier list of categories in a project that does without one now.
        """
        gone = () if self.lists_categories else self.category_controls
        found = {name: getattr(record, name) for name in self.label_controls if name not in gone}
        return {control: label for control, label in found.items() if label}

    def task_labels(self, record: Record) -> Mapping[str, str | Sequence[str]]:
        """The project's own categories that an expert gave the whole task, by control.

        Several labels of one control are a sequence, in order of weight.
        """
        chosen = self.labels(record)
        return {name: chosen[name] for name in self.category_controls if name in chosen}

    def example_reply(self, record: Record, data: Mapping[str, Any]) -> str | None:
        """A finished record as the reply that the model would have had to write for it.

        `read_reply` makes the same accepted answer of it, so it can be shown to the model.

        Returns:
            None when nothing was accepted, or when it can't be told in the form asked for.
        """
        return self.accepted_answer(record, data) if self.schema() is None else None

    def draft_verdict(self, record: Record, data: Mapping[str, Any]) -> DraftVerdict | None:
        """What the expert said of the draft; None where nobody was asked, or nothing was said.

        It decides what became of the draft. Without it, only the texts can be compared.
        """
        said = getattr(record, "verdict", None)
        return said if said in DRAFT_VERDICTS else None

    def call_faults(self, record: Record, data: Mapping[str, Any]) -> list[str]:
        """What is wrong with the calls of tools that would be learnt: which call, where, what."""
        return []

    def call_doubts(self, record: Record, data: Mapping[str, Any]) -> list[str]:
        """As `call_faults`, of what no schema forbids and which may yet be a slip."""
        return []

    def missing(self, record: Record, data: Mapping[str, Any]) -> str | None:
        """What a finished annotation lacks, so that it can't be used; or None.

        The page asks for required fields, but takes an editor that was emptied for an answer.
        """
        if self.draft_verdict(record, data) == "reject" or visible_text(self.written(record)):
            return None
        return "the answer is empty, though the draft was not rejected"
