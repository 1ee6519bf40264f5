"""`agent_steps`: judge what an agent did, step by step, up to its first error and beyond."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from label_configs import agent_steps_items, items, rendering, trajectory_end, trajectory_rows
from label_configs.agent_example import EXAMPLE
from label_configs.agent_steps_items import OBJECT
from label_configs.content import spoken
from label_configs.control_values import GivenValue
from label_configs.errors import LabelConfigError
from label_configs.interface import DraftVerdict, Interface, ResultItem
from label_configs.lessons import JudgedAnswer, JudgedSteps, PreferencePair, TrainingTurn
from label_configs.reply import reply_answer
from label_configs.task_tools import tools_of
from label_configs.task_views import TaskView
from label_configs.trajectory import asked_before, steps_of
from label_configs.trajectory_lessons import (
    JudgedStep,
    JudgedTrajectory,
    better_faults,
    first_wrong,
)
from label_configs.visible_text import visible_text

__all__ = ["AgentSteps", "JudgedStep", "interface"]

MOST_STEPS = 1_000


@dataclass(frozen=True)
class AgentSteps:
    """What an expert said of a trajectory.

    Attributes:
        steps: of the trajectory's first steps, up to the last of which something was said.
        success: yes / partly / no.
        outcome: what came of it, in words; never exported as training text.
        note: for the team; likewise.
        unplaced: better actions that name no step, where several are marked or none is.
        other: result items of controls that this interface does not know.
    """

    steps: tuple[JudgedStep, ...] = ()
    success: str | None = None
    outcome: str = ""
    note: str = ""
    unplaced: tuple[str, ...] = ()
    other: tuple[ResultItem, ...] = ()

    @property
    def first_error(self) -> int | None:
        """Index in `steps` of the first one that is wrong, or None."""
        return first_wrong(self.steps)


class AgentStepsInterface(Interface[AgentSteps]):
    """The task on the left, one folded line a step on the right, each with its verdict.

    A trajectory is judged as it is, so no model is asked for a draft: what is filled in is what
    its source says of its end, and how it ended.
    """

    name: ClassVar[str] = "agent_steps"
    summary: ClassVar[str] = "judge what an agent did step by step and say what was better"
    required: ClassVar[Mapping[str, str]] = {"judged": "Choices", "success": "Choices"}
    optional: ClassVar[Mapping[str, str]] = {
        "better": "TextArea",
        "outcome": "TextArea",
        "note": "TextArea",
        # of tasks that an older LabelTune pushed
        "judged_{{idx}}": "Choices",
        "better_{{idx}}": "TextArea",
        # never shown: by it Label Studio knows rows whose controls describe no row of their own
        "judged_conversation": "Choices",
    }
    page_fields: ClassVar[Sequence[str]] = (trajectory_rows.ROWS_OF_BEFORE,)
    judges_turns: ClassVar[bool] = True
    answers_compare: ClassVar[bool] = False  # of several runs of one task, each ends as it does
    label_controls: ClassVar[Sequence[str]] = ("success",)
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {
        "success": ("yes", "partly", "no"),
        "judged_{{idx}}": ("correct", "wasteful", "wrong"),
    }
    task_views: ClassVar[Sequence[TaskView]] = (
        TaskView("failed", "Failed", "success", "no"),
        TaskView("with_error", "With an error", "judged_{{idx}}", "wrong", of_rows=True),
    )
    example: ClassVar[Mapping[str, Any]] = EXAMPLE

    def check_task(self, data: Mapping[str, Any], where: str = "task") -> None:
        super().check_task(data, where)
        trajectory_end.check_end(data, where)

    def check_conversation(self, messages: Sequence[Mapping[str, Any]], where: str) -> None:
        """Check that somebody asks and the agent does something; it may end anywhere.

        Raises:
            LabelConfigError: one of them never speaks, or the page can't number the steps.
        """
        for role, remedy in (("user", "add the task that it was given"), ("assistant", "")):
            if not any(message["role"] == role for message in messages):
                raise LabelConfigError(
                    f"{where}: no message is the {role}'s, so there is no trajectory to judge; "
                    + (remedy or "add what the agent did, or use the interface chat_response")
                )
        steps = len(steps_of({"messages": messages}))
        if steps > MOST_STEPS:
            raise LabelConfigError(
                f"{where}: {steps:,} turns of the assistant's, and the page numbers at most "
                f"{MOST_STEPS:,} steps; divide the trajectory"
            )

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The task, the tools, and what may be chosen of each step."""
        return {
            "conversation_html": rendering.conversation_html(asked_before(data), tools_of(data)),
            "context_html": rendering.context_html(data["context"], data["documents"]),
            **trajectory_rows.page_fields(data),
        }

    def inputs(self, data: Mapping[str, Any]) -> dict[str, Any]:
        told = (trajectory_end.SUCCESS, trajectory_end.OUTCOME)
        return super().inputs(data) | {name: data[name] for name in told if name in data}

    def prompt_messages(self, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """What stands before the first step: the task that the agent was given."""
        return asked_before(data)

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> AgentSteps:
        """The reply as the outcome; no model is asked for one."""
        return AgentSteps(outcome=reply_answer(reply))

    def own_draft(self, data: Mapping[str, Any]) -> AgentSteps:
        """What the source says of success and outcome, else how the trajectory ended."""
        told, outcome = trajectory_end.success_word(data), trajectory_end.outcome_text(data)
        return AgentSteps(success=told, outcome=outcome)

    def own_score(self, data: Mapping[str, Any]) -> float:
        """How far the source says that it succeeded: what failed comes first."""
        share = trajectory_end.success_share(data)
        return trajectory_end.UNKNOWN if share is None else share

    def answer(self, record: AgentSteps) -> str:
        """What came of it: no other words of a record are about the whole."""
        return record.outcome

    def written(self, record: AgentSteps) -> str:
        """The better actions; nothing of a trajectory is drafted, so nothing is edited."""
        placed = (step.corrected for step in record.steps)
        return "\n\n".join(filter(None, (*placed, *record.unplaced)))

    def encode(self, record: AgentSteps) -> list[ResultItem]:
        built = agent_steps_items.encode(record.steps, record.unplaced)
        if record.success is not None:
            built.append(items.choices("success", OBJECT, record.success))
        for control, text in (("outcome", record.outcome), ("note", record.note)):
            if text:
                built.append(items.textarea(control, OBJECT, text))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> AgentSteps:
        told = agent_steps_items.names(results) | {"success", "outcome", "note"}
        found = items.find(results, told)
        steps, unplaced = agent_steps_items.decode(found)
        success, outcome, note = found.choice("success"), found.text("outcome"), found.text("note")
        return AgentSteps(steps, success, outcome, note, unplaced, found.other)

    def given_values(
        self, results: Sequence[Mapping[str, Any]], data: Mapping[str, Any]
    ) -> dict[str, GivenValue]:
        """As they stand on the page, and a verdict a step by the name that a row's would have."""
        given = super().given_values(results, data)
        del given[agent_steps_items.JUDGED]
        return agent_steps_items.values_by_row(results) | given

    def accepted_answer(self, record: AgentSteps, data: Mapping[str, Any]) -> str | None:
        """The last turn that is learnt: a correct step, or the better action at the first error."""
        turns = self.training_turns(record, data)
        return spoken(turns[-1]).strip() if turns else None

    def example_reply(self, record: AgentSteps, data: Mapping[str, Any]) -> str | None:
        """None: no model is asked for anything."""
        return None

    def training_turns(
        self, record: AgentSteps, data: Mapping[str, Any]
    ) -> list[TrainingTurn] | None:
        return _judged(record, data).training_turns()

    def preference_pairs(
        self, record: AgentSteps, data: Mapping[str, Any], draft: AgentSteps | None
    ) -> list[PreferencePair]:
        return list(_judged(record, data).pairs())

    def judged_answers(
        self, record: AgentSteps, data: Mapping[str, Any], draft: AgentSteps | None
    ) -> list[JudgedAnswer]:
        return list(_judged(record, data).answers())

    def judged_steps(self, record: AgentSteps, data: Mapping[str, Any]) -> list[JudgedSteps]:
        return _judged(record, data).chains()

    def with_answer(self, record: AgentSteps, text: str) -> AgentSteps | None:
        """The record with another better action at its first error; None without an error."""
        at = record.first_error
        if at is None or not visible_text(text):
            return None
        steps = (*record.steps[:at], JudgedStep("wrong", text), *record.steps[at + 1 :])
        return replace(record, steps=steps)

    def draft_verdict(self, record: AgentSteps, data: Mapping[str, Any]) -> DraftVerdict | None:
        """Nothing was drafted; a trajectory of which nothing can be learnt counts as rejected."""
        ended = record.success is not None
        return "reject" if ended and self.training_turns(record, data) is None else None

    def call_faults(self, record: AgentSteps, data: Mapping[str, Any]) -> list[str]:
        """What is wrong with the calls of better actions, which are not learnt then."""
        return [
            f"better action of step {number}: {fault}"
            for number, step in enumerate(record.steps, start=1)
            for fault in better_faults(step, tools_of(data))
        ]

    def call_doubts(self, record: AgentSteps, data: Mapping[str, Any]) -> list[str]:
        """Better actions of steps that ask for none, which are not learnt."""
        return agent_steps_items.idle_actions(record.steps)

    def missing(self, record: AgentSteps, data: Mapping[str, Any]) -> str | None:
        faults = self.call_faults(record, data)
        if record.unplaced:
            faults.append("a better action names no step; begin it with the step's number, as 12:")
        if record.success is None:
            faults.append("nobody said whether it succeeded")
        return faults[0] if faults else None


def _judged(record: AgentSteps, data: Mapping[str, Any]) -> JudgedTrajectory:
    return JudgedTrajectory(data, record.steps, record.success)


interface = AgentStepsInterface()
